import Bytes

/// A meeting that passed the rules before, once it is known who is a lead in this run.
package final class MeetingStandings {
  /// What was found out about it alone.
  package let match: MeetingMatch
  /// Those who are leads, in the order of the participants.
  package private(set) var leads: [MeetingHit] = []
  // Of each kind the first.
  fileprivate private(set) var known: MeetingHit?
  fileprivate private(set) var captured: MeetingHit?
  fileprivate private(set) var created: MeetingHit?

  /// - Parameter standing: Is asked about the keys of ``MeetingMatch/hits`` that have no id.
  package init(
    _ match: MeetingMatch, _ standing: ([UInt8]) throws -> LeadStanding
  ) rethrows {
    self.match = match
    guard match.way == .meeting, match.hasExternal else { return }
    for hit in match.hits {
      if hit.id != nil {
        known = known ?? hit
      } else {
        let found = try standing(hit.key)
        if found == .captured || (found == .created && !hit.isCreated) {
          captured = captured ?? hit
        } else if hit.isCreated {
          created = created ?? hit
        } else {
          continue
        }
      }
      leads.append(hit)
    }
  }
}

/// Step 11 for meetings: what ``MeetingMatching`` found, once the leads of the whole run are known.
/// The last rule that is asked, and the only one that keeps a meeting.
package enum MeetingLeadMatchRule {
  package static let book = RuleBook([rule])

  private static let rule = Rule<MeetingStandings, MeetingPlan>(
    step: 11, name: "lead match",
    reasons: [
      .matched, .captured, .contactCreated, .noLeadTask, .blockedSlot, .conflictCalendar,
      .ambiguousLead, .noLead, .notBusy,
    ],
    settings: [
      "leads", "leads.searchBy", "leads.onMultiple", "sources.calendar", "calendar.guests",
      "calendar.unknownAttendees", "calendar.contactCreation", "ledger",
    ],
    ask: { finding($0) },
    looksAt: { s in
      switch s.match.way {
      case .conflict: "a conflict calendar: whether the time is busy"
      case .busyOnly: "guests is busy-only: whether the time is busy"
      case .meeting: "the participants from outside; leads among them: \(s.leads.count)"
      }
    },
    opposite: { _, f in opposite(of: f) })

  private static func finding(_ s: MeetingStandings) -> Finding {
    let m = s.match
    switch m.way {
    case .conflict: return slot(.conflictCalendar, "sources.calendar", m)
    case .busyOnly: return slot(.blockedSlot, m.guestsRule, m)
    case .meeting: break
    }
    if !m.hasExternal { return .keep(.noLeadTask, by: "no external participant") }
    if let hit = s.known { return task(.matched, "leads.searchBy", hit, m) }
    // A guest of its own that another item captured, too, is a lead already.
    if let hit = s.captured { return task(.captured, "captureLeads", hit, m) }
    if let hit = s.created { return task(.contactCreated, m.unknownRule, hit, m) }
    if !m.ambiguous.isEmpty {
      let ids = m.ambiguous.map { $0.withByteView(\.string) }.joined(separator: ",")
      return .drop(.ambiguousLead, by: "leads.onMultiple", m.hidesContent ? "" : ids)
    }
    switch m.unknown {
    case .task, .create: return .keep(.noLeadTask, by: m.unknownRule)
    case .block: return slot(.blockedSlot, m.unknownRule, m)
    case .skip: return .drop(.noLead, by: m.unknownRule)
    }
  }

  private static func slot(_ reason: Reason, _ rule: String, _ m: MeetingMatch) -> Finding {
    m.isBusy ? .keep(reason, by: rule) : .drop(.notBusy, by: rule)
  }

  private static func task(
    _ reason: Reason, _ rule: String, _ hit: MeetingHit, _ m: MeetingMatch
  ) -> Finding {
    .keep(reason, by: rule, m.hidesContent ? "" : hit.key.withByteView(\.string))
  }

  /// What would have to change for another verdict, in words.
  package static func opposite(of f: Finding) -> String {
    switch f.reason {
    case .matched, .captured: "take the participants out of the leads"
    case .contactCreated: "set calendar.contactCreation to never, or unknownAttendees to skip"
    case .noLeadTask where f.rule == "no external participant":
      "invite somebody from outside who is a lead"
    case .noLeadTask, .noLead:
      "put a participant into the leads list, or set calendar.unknownAttendees (\(f.rule) decided)"
    case .blockedSlot where f.rule.hasSuffix("guests"):
      "set \(f.rule) to match or create to have a task, or free the time in the calendar"
    case .blockedSlot: "put a participant into the leads list, or set \(f.rule) to task"
    case .conflictCalendar: "declare the source with `calendar`: primary, or show the time as free"
    case .notBusy: "show the time as busy, and have the event neither cancelled nor declined"
    case .ambiguousLead: "set leads.onMultiple to all or first"
    default: "see the rule that dropped it"
    }
  }
}

extension MeetingOutcome {
  /// What ``MeetingLeadMatchRule`` makes of a meeting, and what is written of it then.
  package init(_ s: MeetingStandings) {
    let f = MeetingLeadMatchRule.book.decide(s)
    let reason = f.reason ?? .noLead
    self.init(reason: reason, rule: f.rule, matched: f.matched, record: .nothing)
    switch reason {
    case .matched, .captured, .contactCreated, .noLeadTask: record = .task(s.match.task(s.leads))
    case .blockedSlot, .conflictCalendar: record = .block(s.match.role)
    default: break
    }
  }
}

extension MeetingMatch {
  /// The outcome. `standing` is asked about the keys of ``hits`` that have no id.
  public func settle(
    _ standing: ([UInt8]) throws -> LeadStanding
  ) rethrows -> MeetingOutcome {
    MeetingOutcome(try MeetingStandings(self, standing))
  }

  fileprivate func task(_ leads: [MeetingHit]) -> MeetingTask {
    var task = task
    task.leads = leads
    task.isInternal = leads.isEmpty
    func isNamed(_ i: Int) -> Bool {
      switch naming[i] {
      case .always: true
      case .asLead: leads.contains { $0.person == i }
      case .never: false
      }
    }
    task.participants = naming.indices.filter(isNamed)
    if case .asPerson(let i) = organizer { task.namesOrganizer = isNamed(i) }
    return task
  }
}
