import Bytes
import Testing

@testable import Rules

@Suite struct MailParseRule {
  @Test("What is no message is quarantined whoever's it is, and says why")
  func noMessage() {
    let facts = MailFacts()
    facts.fault = "empty message"
    let f = decide(facts, MailPlan(isDisabledForAll: true))
    #expect(f == Finding(reason: .quarantined, rule: "parse", matched: "empty message"))
    facts.reset()
    #expect(decide(facts, MailPlan()).reason == .userUnknown)
  }
}

@Suite struct MailOwnerRule {
  @Test("Only mail of a listed user who is active and may use the inbox goes on")
  func owners() {
    #expect(decide(mail(), MailPlan(users: [sam()])).reason == nil)
    #expect(
      decide(mail(owner: "kim"), MailPlan(users: [sam()]))
        == Finding(reason: .userUnknown, rule: "sources.owner"))
    for reason in [Reason.userNoAccess, .userPaused, .userRemoved] {
      let plan = MailPlan(users: [sam(standing: reason, rule: "users.status")])
      #expect(decide(mail(), plan) == Finding(reason: reason, rule: "users.status"))
    }
  }

  @Test("Access comes before status")
  func standing() {
    var user = UserRecord()
    user.id = "sam"
    user.status = .paused
    let open = AccessPolicy(read("{}").config)
    #expect(MailUserPlan.standing(of: user, open)?.reason == .userPaused)
    user.status = .removed
    #expect(MailUserPlan.standing(of: user, open)?.reason == .userRemoved)
    user.status = .active
    #expect(MailUserPlan.standing(of: user, open) == nil)
  }
}

@Suite struct MailSwitchRule {
  @Test("The switch for everybody comes before that of mail, and that before the direction's")
  func switches() {
    let off = DirectionPlan(isEnabled: false)
    func finding(_ all: Bool, _ enabled: Bool, from: String = "ann@client.example") -> Finding {
      decide(
        mail(from: from),
        MailPlan(
          isDisabledForAll: all, isEnabled: enabled, inbound: off, users: [sam()]))
    }
    #expect(finding(true, false).rule == "email.disableForAllUsers")
    #expect(finding(false, false).rule == "email.enabled")
    #expect(finding(false, true).rule == "email.inbound.enabled")
    #expect(finding(false, true, from: "S@own.example").reason == nil, "outbound is on")
  }

  @Test("Mail is outbound when From or Sender is an address of the owner that every parser reads")
  func direction() {
    let plan = MailPlan(users: [sam()])
    func direction(_ facts: MailFacts) -> Direction { context(facts, plan).direction }
    #expect(direction(mail()) == .inbound)
    #expect(direction(mail(from: "s@own.example")) == .outbound)
    #expect(direction(mail(from: "s@own.example", owner: "kim")) == .inbound)
    #expect(direction(mail(from: "s@own.example") { $0.parties[0].isTrusted = false }) == .inbound)
    #expect(
      direction(
        mail { facts in
          facts.senderKey = facts.keys.place { facts.keys.append("sam@own.example") }
        }) == .outbound)
  }
}

@Suite struct MailTimeRule {
  @Test("Both ends of the window are inside; the user's connection is asked before everybody's")
  func times() {
    func rule(_ date: Int64?, _ plan: MailPlan) -> String {
      decide(mail { $0.date = date }, plan).rule
    }
    let window = MailPlan(from: 10, to: 20, users: [sam()])
    #expect([9, 10, 20, 21].map { rule($0, window) } == ["--from", "", "", "--to"])
    #expect(rule(nil, window) == "", "mail without a date passes")
    let connected = MailPlan(connectedAt: 50, users: [sam(connectedAt: 40)])
    #expect(
      [39, 40, 49, 50].map { rule($0, connected) }
        == ["users.connectedAt", "email.connectedAt", "email.connectedAt", ""])
  }
}
