import Testing

@testable import Rules

/// The rules for mail as a list, and one mail under several plans.
@Suite struct MailRuleTable {
  @Test("One mail gets the right verdict from two plans, in both orders")
  func twoPlans() {
    let facts = mail(from: "eve@rival.example", cc: ["kim@own.example"]) { $0.date = 100 }
    let strict = MailPlan(
      inbound: DirectionPlan(
        exclude: AddressEntry.set(of: ["rival.example"]), excludeFields: .from), users: [sam()])
    // Here Eve is the owner, so the mail is outbound, into another folder, and has no exclusion.
    let eve = MailUserPlan(id: "sam", addressKeys: [Array("eve@rival.example".utf8)])
    let other = MailPlan(
      folders: FolderPlan([.sent]),
      outbound: DirectionPlan(
        exclude: AddressEntry.set(of: ["kim@own.example"]), excludeFields: .cc,
        excludeScope: .recipient, counterpartFields: [.to, .cc]), users: [eve])
    let a = context(facts, strict)
    let b = context(facts, other)
    for _ in 0..<2 {
      for c in [a, b, b, a] {
        c.begin()
        let finding = MailRules.book.decide(c)
        if c === a {
          #expect(finding.reason == .excludedAdmin && finding.matched == "rival.example in from")
          #expect(c.direction == .inbound && c.folder.name == "inbox")
        } else {
          #expect(finding.reason == nil && c.isExcluded(2) && !c.isExcluded(1))
          #expect(c.direction == .outbound && c.folder.name == "sent")
        }
      }
    }
    #expect(MailRules.decide(facts, under: other).reason == nil)
    #expect(MailRules.decide(facts, under: strict).reason == .excludedAdmin)
  }

  @Test("What one mail found is forgotten with the next, its owner too")
  func forgotten() {
    let facts = mail(from: "s@own.example", cc: ["x@rival.example"])
    let c = context(
      facts,
      MailPlan(
        guards: .init(),
        outbound: DirectionPlan(
          exclude: AddressEntry.set(of: ["rival.example"]), excludeFields: .cc,
          excludeScope: .recipient, counterpartFields: [.to, .cc]), users: [sam()]))
    #expect(MailRules.book.decide(c).reason == nil && c.isExcluded(2))
    facts.owner = "nobody"
    c.begin()
    #expect(c.owner == nil && c.direction == .inbound && !c.isExcluded(2))
    #expect(MailRules.book.decide(c).reason == .userUnknown)
  }

  @Test("Every rule explains itself on an empty mail")
  func emptyMail() {
    #expect(decide(MailFacts(), MailPlan()).reason == .userUnknown)
  }
}
