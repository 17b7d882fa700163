import Bytes
import Rules
import Testing

/// The worked example of Sources/Rules/Rules.docc, so that it stays true.
struct RulesGuideTests {
  @Test func theGuidesExampleDropsTheRivalsMail() {
    let plan = MailPlan()
    plan.inbound.exclude = AddressEntry.set(of: ["rival.example"])
    plan.inbound.excludeFields = .from
    plan.users = [
      MailUserPlan(
        id: "sam", standing: nil, standingRule: "", addressKeys: [Array("sam@example.com".utf8)])
    ]

    let text = ByteBuffer()
    let address = text.place { text.append("Ann@Rival.example") }
    let context = MailContext(plan: plan)
    context.user = 0
    context.text = text.view
    let key = context.keys.place { _ = AddressEntry.appendAddress(text[address], to: context.keys) }
    context.parties.append(
      MailParty(field: .from, key: key, address: address, name: .empty, isTrusted: true))
    context.resolveDirection()

    let finding = MailRules.book.decide(context)
    #expect(finding.reason == .excludedAdmin)
    #expect(finding.rule == "email.inbound.exclude.admin")
  }
}
