/// One meeting while it is settled: what the rules before and the lead match made of it, and what
/// became of its records.
package struct MeetingSettlement {
  /// The item under its plan.
  package let context: MeetingContext
  /// What is to be written of it; nothing before the lead match.
  package var record = MeetingRecord.nothing
  /// True in a run that knows what earlier runs published.
  package var hasLedger = false
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
}

/// What drops or quarantines a meeting beside ``MeetingRule``: what it is no meeting for at all, and
/// what only turns out where its records are written. Pure: a function of the settlement.
package struct MeetingSettleRule: Sendable {
  /// The step's number.
  package var step: Int
  /// A short name for reports.
  package var name: String
  /// The reasons that it can give.
  package var reasons: [Reason]
  /// Asks the rule.
  package var ask: @Sendable (MeetingSettlement) -> MeetingFinding
  /// What the rule looked at, in words, for `explain`.
  package var looksAt: @Sendable (MeetingSettlement) -> String
  /// What would have to change for the opposite verdict, in words, for `explain`.
  package var opposite: @Sendable (MeetingSettlement, MeetingFinding) -> String

  /// Asked before the rules of ``MeetingRule/all``.
  package static let first = [answer]
  /// Asked of what passed them.
  package static let expansion = [recurrence]
  /// Asked once its records were written, or were not.
  package static let last = [sharedMeeting, past, published]
  /// All of them.
  package static let all = first + expansion + last

  /// Somebody's word about a meeting is none.
  private static let answer = MeetingSettleRule(
    step: 1, name: "answer", reasons: [.notAppointment],
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
    ask: { s in
      guard let fault = s.context.occurrenceFault else { return .pass }
      return .drop(.quarantined, by: "recurrence", s.context.hidesContent ? "" : fault)
    },
    looksAt: { s in
      "the rules of its series: \(s.context.occurrenceFault ?? "all of its occurrences are told")"
    },
    opposite: { _, f in
      f.reason == nil
        ? "give it more occurrences than can be told" : "shorten the window, or mend the rule"
    })

  private static let sharedMeeting = MeetingSettleRule(
    step: 10, name: "shared", reasons: [.duplicate],
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
    step: 10, name: "past", reasons: [.pastFrozen],
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
    step: 10, name: "ledger", reasons: [.unchanged],
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

  /// The first of some rules that drops, as an outcome without a record; nil where all let it pass.
  package static func decide(
    _ s: MeetingSettlement, by rules: [MeetingSettleRule]
  ) -> MeetingOutcome? {
    for rule in rules {
      let f = rule.ask(s)
      if let reason = f.reason {
        return MeetingOutcome(reason: reason, rule: f.rule, matched: f.matched, record: .nothing)
      }
    }
    return nil
  }
}

extension MeetingSettlement {
  fileprivate var isTask: Bool { if case .task = record { true } else { false } }
}
