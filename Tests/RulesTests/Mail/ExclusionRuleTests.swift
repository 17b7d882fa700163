import Testing

@testable import Rules

@Suite struct MailExclusionRule {
  private func plan(
    _ fields: AddressFields = .from, _ scope: ExclusionScope = .message, own: [String] = [],
    counterparts: AddressFields = .from
  ) -> MailPlan {
    MailPlan(
      inbound: DirectionPlan(
        exclude: AddressEntry.set(of: ["rival.example", "bob@client.example"]),
        excludeFields: fields, excludeScope: scope, counterpartFields: counterparts),
      users: [sam(inbound: UserDirection(exclude: AddressEntry.set(of: own)))])
  }

  @Test("Inbound mail is tested on From always; the finding names entry and field")
  func fields() {
    let rule = "email.inbound.exclude.admin"
    #expect(
      decide(mail(from: "x@rival.example"), plan(.to))
        == Finding(reason: .excludedAdmin, rule: rule, matched: "rival.example in from"))
    #expect(
      decide(mail(cc: ["bob@client.example"]), plan(.cc))
        == Finding(reason: .excludedAdmin, rule: rule, matched: "bob@client.example in cc"))
    #expect(decide(mail(cc: ["bob@client.example"]), plan(.to)).reason == nil)
  }

  @Test("The administrator's entry comes before the user's on one address")
  func users() {
    #expect(decide(mail(), plan(own: ["client.example"])).reason == .excludedUser)
    #expect(
      decide(mail(from: "x@rival.example"), plan(own: ["rival.example"])).reason == .excludedAdmin)
  }

  @Test("Scope recipient drops a mail only when no counterpart is left")
  func recipients() {
    let plan = plan(.cc, .recipient, counterparts: [.from, .cc])
    let left = context(mail(cc: ["bob@client.example"]), plan)
    #expect(MailRules.book.decide(left).reason == nil)
    #expect(!left.isExcluded(0) && !left.isExcluded(1) && left.isExcluded(2))
    #expect(
      decide(mail(from: "x@rival.example", cc: ["bob@client.example"]), plan)
        == Finding(
          reason: .excludedAdmin, rule: "email.inbound.exclude.admin", matched: "rival.example"))
  }

  @Test("The opposite names the entry")
  func opposite() {
    let c = context(mail(from: "x@rival.example"), plan())
    let words = ExclusionRule.rule.opposite(c, ExclusionRule.rule.ask(c))
    #expect(words.hasPrefix("take \"rival.example\" out of email.inbound.exclude.admin"))
  }
}
