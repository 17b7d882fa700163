/// The rules for calendars.
///
/// Steps 8 and 9 (exclusions, keywords) are settings of `email` and say nothing of meetings. A
/// conflict calendar passes the rules of steps 2 and 3, the window and ``Reason/notAppointment``
/// only, and versions that were superseded: two versions of an event are not two times of day.
/// `busy-only` passes all but `private`, `cancelled`, `no-participants`, `internal` and `declined`.
public enum MeetingRules {
  /// The rules of steps 2 to 10 and of declined meetings. What goes on is looked up by
  /// ``MeetingMatching``.
  public static let book = RuleBook(
    MeetingOwnerRules.all + MeetingTimeRules.all + MeetingClassRules.all + MeetingLastRules.all)

  /// Step 1: the verdict on a component that cannot be read; no other rule can look at one.
  ///
  /// - Parameter fault: What is wrong with it, in a sentence.
  package static func unreadable(_ fault: String) -> Finding {
    .drop(.quarantined, by: "parse", fault)
  }
}

/// Steps 2 to 4: whose calendar it is, whether it is synced at all, and which of theirs it is.
enum MeetingOwnerRules {
  static let all = [owner, switches, role]

  private static let owner = MeetingRule(
    step: 2, name: "owner", reasons: [.userUnknown, .userNoAccess, .userPaused, .userRemoved],
    settings: ["sources.owner", "users", "access.calendar"],
    ask: { c in
      guard c.hasOwner else { return .drop(.userUnknown, by: "sources.owner") }
      guard let reason = c.owner.standing else { return .pass }
      return .drop(reason, by: c.owner.standingRule)
    },
    looksAt: { c in
      "the calendar's owner: \(c.hasOwner ? c.owner.id : "unknown")"
    },
    opposite: { _, f in
      switch f.reason {
      case .userUnknown: "give the source an `owner` that is in the users list"
      case .userNoAccess: "let the user in under access.calendar (their role, or the field)"
      case .userPaused: "set the user's status to active (`winnow users resume`)"
      case .userRemoved: "add the user again with status active"
      default: "pause or remove the user, or take away access.calendar"
      }
    })

  private static let switches = MeetingRule(
    step: 3, name: "switches", reasons: [.syncDisabled, .directionDisabled],
    settings: ["calendar.enabled", "calendar.direction"],
    ask: { c in
      if !c.calendar.enabled {
        return .drop(.syncDisabled, by: c.path("enabled", \.enabled))
      }
      if c.calendar.direction == .outbound {
        return .drop(.directionDisabled, by: c.path("direction", \.direction))
      }
      return .pass
    },
    looksAt: { c in
      "calendar.enabled, which is \(c.calendar.enabled), and calendar.direction, "
        + "which is \(c.calendar.direction.rawValue)"
    },
    opposite: { _, f in
      switch f.reason {
      case .syncDisabled: "set \(f.rule) to true"
      case .directionDisabled: "set \(f.rule) to inbound or two-way"
      default: "set calendar.enabled to false, or calendar.direction to outbound"
      }
    },
    matters: { plan in plan.anybody { !$0.enabled || $0.direction == .outbound } })

  private static let role = MeetingRule(
    step: 4, name: "calendar", reasons: [.notPrimaryCalendar],
    settings: ["sources.calendar", "calendar.primaryOnly"],
    ask: { c in
      guard c.facts.role == .other, c.calendar.primaryOnly else { return .pass }
      return .drop(.notPrimaryCalendar, by: c.path("primaryOnly", \.primaryOnly), "other")
    },
    looksAt: { c in
      let role = "what the calendar is to its owner: \(c.facts.role.rawValue)"
      return c.way == .conflict ? role + "; only its busy times count" : role
    },
    opposite: { c, f in
      if f.reason != nil {
        return "declare the source with `calendar`: primary, or set \(f.rule) to false"
      }
      return c.facts.role == .other
        ? "set calendar.primaryOnly to true" : "declare the source with `calendar`: other"
    },
    matters: { $0.anybody(\.primaryOnly) })
}

/// Step 5: the window on the start of each occurrence, `connectedAt` on the creation.
enum MeetingTimeRules {
  static let all = [time]

  private static let time = MeetingRule(
    step: 5, name: "time", reasons: [.outsideWindow, .beforeConnected],
    settings: ["--now", "--from", "--to", "calendar.window", "calendar.connectedAt", "users"],
    ask: { c in
      if !isInside(c) {
        let rule = leftOutBy(c)
        return .drop(.outsideWindow, by: rule)
      }
      if c.way != .conflict, let since = c.owner.createdSince, let made = c.facts.created,
        made < since.time
      {
        return .drop(.beforeConnected, by: since.rule, "\(c.facts.createdSource.name)")
      }
      return .pass
    },
    looksAt: { c in
      var text = c.facts.isRecurring ? "the start of every occurrence" : "its start"
      text += c.owner.window.isBounded ? " and the window" : "; there is no window"
      guard c.way != .conflict, let since = c.owner.createdSince else { return text }
      text += "; when it was made: "
      guard let made = c.facts.created else { return text + "nothing tells, so it is kept" }
      return text + "by \(c.facts.createdSource.name) "
        + (made < since.time ? "before \(since.rule)" : "not before \(since.rule)")
    },
    opposite: { c, f in
      switch f.reason {
      case .outsideWindow where f.rule == noOccurrence:
        "give it an occurrence that begins before then"
      case .outsideWindow: "widen the window (\(f.rule)) so that an occurrence begins in it"
      case .beforeConnected: "set \(f.rule) to an earlier time, or to null"
      default:
        c.owner.window.isBounded
          ? "narrow the window until no occurrence begins in it"
          : "set --from and --to, or calendar.window, around other times"
      }
    })

  private static let noOccurrence = "12 months after --now"

  private static func isInside(_ c: MeetingContext) -> Bool {
    let window = c.owner.window
    // A single event without a window has its one start, whenever that is.
    if !c.facts.isRecurring, !window.isBounded { return true }
    guard let found = c.facts.occurrences else {
      return c.facts.start.map(window.contains) ?? true
    }
    // What was expanded over too short a span is reported as that, not as left out.
    return found.mayBegin(in: window) ?? (!c.occurrences.isEmpty || !c.isExpanded)
  }

  // For a series the first start tells on which side it lies, as far as one bound can be blamed.
  private static func leftOutBy(_ c: MeetingContext) -> String {
    let window = c.owner.window
    if let start = c.facts.start, let rule = window.rule(leavingOut: start) { return rule }
    return window.first?.rule ?? window.last?.rule ?? noOccurrence
  }
}
