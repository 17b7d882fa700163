/// One meeting while it is settled: what the rules before and the lead match made of it, and what
/// became of its records.
package final class MeetingSettlement {
  /// The item under its plan.
  package let context: MeetingContext
  /// True in a run that knows what earlier runs published.
  package let hasLedger: Bool
  /// What is to be written of it; nothing before the lead match.
  package var record = MeetingRecord.nothing
  /// Records that were written.
  package var written = 0
  /// Where the copy stands that keeps a task of it, for people (`calendar.sharedMeetings`).
  package var keeper: String?
  /// Tasks of an earlier run that are over and stay where they were.
  package var frozen = 0
  /// Records that an earlier run published as they are.
  package var unchanged = 0

  /// An item that is about to be settled.
  package init(_ context: MeetingContext, hasLedger: Bool = false) {
    self.context = context
    self.hasLedger = hasLedger
  }

  /// The plan in force.
  package var plan: MeetingPlan { context.plan }

  fileprivate var isTask: Bool { if case .task = record { true } else { false } }
}

/// What drops or quarantines a meeting beside ``MeetingRules``: what it is no meeting for at all,
/// and what only turns out where its records are written.
package enum MeetingSettleRules {
  /// Asked before ``MeetingRules/book``.
  package static let first = RuleBook([answer])
  /// Asked of what passed that.
  package static let expansion = RuleBook([recurrence])
  /// Asked once its records were written, or were not.
  package static let last = RuleBook([sharedMeeting, past, published])
  /// All of them.
  package static let all = first.rules + expansion.rules + last.rules

  /// Somebody's answer to an invitation is no meeting.
  private static let answer = MeetingSettleRule(
    step: 1, name: "answer", reasons: [.notAppointment], settings: [],
    ask: { s in
      let facts = s.context.facts
      guard facts.kind == .event, !facts.answer.isEmpty else { return .pass }
      return .drop(.notAppointment, by: "METHOD", facts.answer)
    },
    looksAt: { s in
      let method = s.context.facts.answer
      return method.isEmpty ? "METHOD: it is no answer" : "METHOD: \(method)"
    },
    opposite: { _, f in
      f.reason == nil ? "send it as a reply" : "nothing: the meeting itself is another event"
    })

  /// A part of a series would look like the whole of it.
  private static let recurrence = MeetingSettleRule(
    step: 1, name: "recurrence", reasons: [.quarantined],
    settings: ["calendar.window", "--from", "--to"],
    ask: { s in
      guard let fault = s.context.occurrenceFault else { return .pass }
      return .drop(.quarantined, by: "recurrence", s.context.hidesContent ? "" : fault)
    },
    looksAt: { s in
      s.context.hidesContent
        ? "the rules of the series of a private event, of which nothing is shown"
        : "the rules of its series: \(s.context.occurrenceFault ?? "all of its occurrences are told")"
    },
    opposite: { _, f in
      f.reason == nil
        ? "give it more occurrences than can be told" : "shorten the window, or mend the rule"
    })

  private static let sharedMeeting = MeetingSettleRule(
    step: 10, name: "shared", reasons: [.duplicate], settings: ["calendar.sharedMeetings"],
    ask: { s in
      guard s.isTask, s.written == 0, let keeper = s.keeper else { return .pass }
      return .drop(.duplicate, by: "calendar.sharedMeetings", keeper)
    },
    looksAt: { s in
      "other owners' copies of the meeting; its task is kept by \(s.keeper ?? "this one")"
    },
    opposite: { _, f in
      f.reason == nil
        ? "set calendar.sharedMeetings to once, and have the organiser's calendar among the sources"
        : "set calendar.sharedMeetings to perOwner"
    })

  /// UP-9-past: what is over stays where it was.
  private static let past = MeetingSettleRule(
    step: 10, name: "past", reasons: [.pastFrozen], settings: ["calendar.freezePast", "ledger"],
    ask: { s in
      guard s.isTask, s.written == 0, s.frozen > 0 else { return .pass }
      return .drop(.pastFrozen, by: "calendar.freezePast")
    },
    looksAt: { s in
      "what an earlier run published of it; over, and left where it was: \(s.frozen)"
    },
    opposite: { _, f in
      f.reason == nil
        ? "set calendar.freezePast to true, and move a meeting that is over"
        : "set calendar.freezePast to false"
    })

  /// A cancelled meeting of which nothing is left to cancel is no news either.
  private static let published = MeetingSettleRule(
    step: 10, name: "ledger", reasons: [.unchanged], settings: ["ledger"],
    ask: { s in
      guard s.written == 0 else { return .pass }
      switch s.record {
      case .nothing: return .pass
      case .block: return s.hasLedger ? .drop(.unchanged, by: "ledger") : .pass
      case .task(let task):
        return s.unchanged > 0 || task.isCancelled ? .drop(.unchanged, by: "ledger") : .pass
      }
    },
    looksAt: { s in
      "what earlier runs published of it; as it is already: \(s.unchanged)"
    },
    opposite: { _, f in
      f.reason == nil ? "publish it, and import it again" : "change the meeting"
    })
}

extension MeetingOutcome {
  /// What the first rule that gives a reason makes of a meeting; nil where all let it pass.
  package init?(_ s: MeetingSettlement, by book: MeetingSettleRuleBook) {
    let f = book.decide(s)
    guard let reason = f.reason else { return nil }
    self.init(reason: reason, rule: f.rule, matched: f.matched, record: .nothing)
  }
}
