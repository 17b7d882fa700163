import Bytes
import Testing

@testable import Rules

@Suite struct MailInternalRule {
  private func plan(skips: Bool) -> MailPlan {
    MailPlan(
      skipsInternal: skips, domains: AddressEntry.set(of: ["own.example"]),
      users: [sam(), MailUserPlan(id: "kim", addressKeys: [Array("kim@home.example".utf8)])])
  }

  @Test("Mail is internal when From and all of To, Cc, Bcc are: own domains and listed users")
  func internalMail() {
    let inside = mail(from: "kim@home.example", cc: ["lea@own.example"])
    #expect(
      decide(inside, plan(skips: true)) == Finding(reason: .internal, rule: "email.internal.skip"))
    #expect(decide(inside, plan(skips: false)).reason == nil)
    let one = mail(from: "kim@home.example", bcc: ["eve@else.example"])
    #expect(decide(one, plan(skips: true)).reason == nil)
    let c = context(one, plan(skips: true))
    #expect(InternalRule.rule.looksAt(c).contains("an outsider: eve@else.example"))
  }

  @Test("Mail without From, or with something that is no address, is never internal")
  func unknown() {
    #expect(decide(mail { $0.parties.removeAll() }, plan(skips: true)).reason == nil)
    #expect(decide(mail(from: "kim@home.example", cc: ["nobody"]), plan(skips: true)).reason == nil)
  }
}
