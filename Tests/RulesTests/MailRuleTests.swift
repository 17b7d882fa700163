import Bytes
import Testing

@testable import Rules

/// The rules as a list, and the classes behind step 6.
@Suite struct MailRuleTable {
  @Test func theStepsAreInTheContractsOrder() {
    let steps = MailRules.book.rules.map(\.step)
    #expect(steps == steps.sorted() && steps.first == 2 && steps.last == 9)
    #expect(Set(MailRules.book.rules.map(\.name)).count == MailRules.book.rules.count)
  }

  @Test func reasonsStandInTheOrderOfTheRules() {
    // Files and reports sort by it; every reason belongs to one rule only.
    let given = MailRules.book.rules.flatMap(\.reasons)
    let order = given.compactMap { Reason.allCases.firstIndex(of: $0) }
    #expect(order == order.sorted() && Set(given).count == given.count)
  }

  @Test func everyRuleExplainsItselfOnAnEmptyMail() {
    let context = MailContext(plan: MailPlan())
    for rule in MailRules.book.rules {
      let finding = rule.ask(context)
      #expect(!rule.looksAt(context).isEmpty)
      #expect(!rule.opposite(context, finding).isEmpty)
    }
    #expect(MailRules.book.decide(context).reason == .userUnknown)
  }

  @Test(arguments: [
    ("noreply@a.test", true), ("no-reply@a.test", true), ("no_reply@a.test", true),
    ("do-not-reply@a.test", true), ("donotreply@a.test", true), ("noreply-account@a.test", true),
    ("service.noreply@a.test", true), ("no.reply@a.test", true), ("noreply+1@a.test", true),
    ("nonoreplying@a.test", false), ("reply@a.test", false), ("replyno@a.test", false),
    ("anna@noreply.test", false), ("@a.test", false), ("", false), ("noreply", false),
  ])
  func addressesThatTakeNoAnswers(_ address: String, _ wanted: Bool) {
    #expect(address.withByteView { NoReply.isNoReply($0) } == wanted)
  }

  @Test func setsOfAddressesMatchExactly() {
    let set = AddressEntry.set(of: ["a.test", "*.b.test", "x@c.test", "@d.test"])
    for (address, entry) in [
      ("y@a.test", 0), ("y@s.a.test", -1), ("y@b.test", -1), ("y@s.b.test", 1), ("y@s.s.b.test", 1),
      ("x@c.test", 2), ("y@c.test", -1), ("y@d.test", 3), ("y", -1), ("", -1), ("y@", -1),
      ("a.test@e.test", -1), (".b.test@e.test", -1),
    ] {
      #expect(address.withByteView { set.match($0) } == (entry < 0 ? nil : entry), "\(address)")
    }
    #expect(AddressSet().isEmpty && "y@a.test".withByteView { AddressSet().match($0) } == nil)
  }
}
