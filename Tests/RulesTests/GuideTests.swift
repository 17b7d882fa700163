import Bytes
import Rules
import Testing

/// The worked example of Sources/Rules/Rules.docc, so that it stays true.
struct RulesGuideTests {
  @Test func theGuidesExampleDropsTheRivalsMail() {
    let plan = MailPlan(
      inbound: DirectionPlan(
        exclude: AddressEntry.set(of: ["rival.example"]), excludeFields: .from),
      users: [MailUserPlan(id: "sam", addressKeys: [Array("sam@example.com".utf8)])])

    let facts = MailFacts()
    facts.owner = "sam"
    let address = facts.text.place { facts.text.append("Ann@Rival.example") }
    let key = facts.keys.place {
      _ = AddressEntry.appendAddress(facts.text[address], to: facts.keys)
    }
    facts.parties.append(
      MailParty(field: .from, key: key, address: address, name: .empty, isTrusted: true))

    let finding = MailRules.decide(facts, under: plan)
    #expect(finding.reason == .excludedAdmin)
    #expect(finding.rule == "email.inbound.exclude.admin")
    #expect(MailRules.decide(facts, under: MailPlan(users: plan.users)).reason == nil)
  }
}
