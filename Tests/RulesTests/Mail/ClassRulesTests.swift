import Bytes
import Testing

@testable import Rules

@Suite struct MailClassRules {
  private func plan(_ change: (inout MailPlan.Guards) -> Void) -> MailPlan {
    var guards = MailPlan.Guards()
    change(&guards)
    return MailPlan(
      guards: guards, inbound: DirectionPlan(capturesLeads: true), users: [sam()])
  }

  private let news: GivenTexts = {
    let texts = GivenTexts()
    texts.isBulk = true
    texts.isAutomatic = true
    return texts
  }()

  @Test("A guard drops, forbids capture or does nothing; bulk is asked before automatic")
  func guards() {
    let facts = mail(texts: news)
    #expect(
      decide(
        facts,
        plan {
          $0.bulk = .skip; $0.automatic = .skip
        })
        == Finding(reason: .bulk, rule: "email.guards.bulk"))
    #expect(decide(facts, plan { $0.automatic = .skip }).rule == "email.guards.automatic")
    for (action, forbids) in [(GuardAction.noCapture, true), (.keep, false)] {
      let plan = plan {
        $0.bulk = action; $0.automatic = .keep
      }
      let c = context(facts, plan)
      #expect(MailRules.book.decide(c).reason == nil)
      #expect(c.forbidsCapture == forbids)
    }
  }

  @Test("no-reply looks at From alone, unauthenticated at what the receiving server found")
  func senders() {
    let strict = plan {
      $0.noReply = .skip; $0.unauthenticated = .skip
    }
    #expect(decide(mail(from: "no-reply@shop.example"), strict).reason == .noReply)
    #expect(decide(mail(to: ["no-reply@shop.example"]), strict).reason == nil)
    for (auth, reason) in [
      (SenderAuth.fail, Reason.unauthenticated), (.pass, nil), (.none, nil), (.unknown, nil),
    ] {
      #expect(decide(mail { $0.senderAuth = auth }, strict).reason == reason)
    }
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
}
