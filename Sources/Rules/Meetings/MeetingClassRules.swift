/// Step 6: kinds of events that are not synced.
enum MeetingClassRules {
  static let all = [appointment, privacy, allDay, cancelled, participants]

  private static let appointment = MeetingRule(
    step: 6, name: "appointment", reasons: [.notAppointment],
    settings: [],
    ask: { c in
      c.facts.kind == .event
        ? .pass : .drop(.notAppointment, by: "the component's kind", "\(c.facts.kind.name)")
    },
    looksAt: { c in "the component's kind: \(c.facts.kind.name)" },
    opposite: { _, f in
      f.reason == nil ? "make it a to-do" : "make it an event; only appointments are synced"
    })

  private static let privacy = MeetingRule(
    step: 6, name: "private", reasons: [.private, .privateFrozen],
    settings: ["calendar.private", "calendar.guests"],
    ask: { c in
      guard c.way == .meeting, c.facts.isPrivate, c.calendar.private == .skip else { return .pass }
      return .drop(
        c.standing.isKnown ? .privateFrozen : .private, by: c.path("private", \.private))
    },
    looksAt: { c in
      let text = "CLASS: it is \(c.facts.isPrivate ? "" : "not ")private"
      return c.way == .meeting
        ? text + "; calendar.private is \(c.calendar.private.rawValue)"
        : text + "; blocks show only the time, so they are made of private events too"
    },
    opposite: { c, f in
      if f.reason == .privateFrozen {
        return "make the event public again: its task stays as it is until then"
      }
      if f.reason != nil { return "make the event public, or set \(f.rule) to keep" }
      if c.way != .meeting { return "nothing: private events count as busy time here" }
      return c.facts.isPrivate ? "set calendar.private to skip" : "make the event private"
    },
    matters: { $0.anybody { $0.private == .skip } })

  private static let allDay = MeetingRule(
    step: 6, name: "all-day", reasons: [.allDay, .allDayRecurring],
    settings: ["calendar.allDay"],
    ask: { c in
      guard c.way != .conflict, c.facts.isAllDay else { return .pass }
      switch c.calendar.allDay {
      case .keep: return .pass
      case .skip: return .drop(.allDay, by: c.path("allDay", \.allDay))
      case .skipRecurring:
        return c.facts.isRecurring
          ? .drop(.allDayRecurring, by: c.path("allDay", \.allDay)) : .pass
      }
    },
    looksAt: { c in
      if !c.facts.isAllDay { return "its times: it has a time of day" }
      return "its times: it is all-day\(c.facts.isRecurring ? " and one of a series" : ""); "
        + (c.way == .conflict
          ? "in a conflict calendar that does not count"
          : "calendar.allDay is \(c.calendar.allDay.rawValue)")
    },
    opposite: { c, f in
      switch f.reason {
      case .allDayRecurring: "set \(f.rule) to keep, or make single events of the series"
      case .some: "set \(f.rule) to keep"
      case nil where c.way == .conflict: "nothing: in a conflict calendar all-day events count"
      case nil:
        c.facts.isAllDay
          ? "set calendar.allDay to skip" : "make it all-day, with calendar.allDay skip"
      }
    },
    matters: { $0.anybody { $0.allDay != .keep } })

  private static let cancelled = MeetingRule(
    step: 6, name: "cancelled", reasons: [.cancelled],
    settings: ["calendar.onCancel", "calendar.guests", "ledger"],
    ask: { c in
      guard c.way == .meeting, c.facts.isCancelled else { return .pass }
      if !c.standing.isKnown { return .drop(.cancelled, by: "the event's status") }
      // Its task is written again, unless cancelled meetings stay in the CRM as they are.
      return c.calendar.onCancel == .keep
        ? .drop(.cancelled, by: c.path("onCancel", \.onCancel)) : .pass
    },
    looksAt: { c in
      let text = "STATUS and METHOD: it is \(c.facts.isCancelled ? "" : "not ")cancelled"
      if c.way != .meeting { return text + "; what is cancelled never blocks, see step 11" }
      return c.facts.isCancelled && c.standing.isKnown
        ? text + "; its task was written by an earlier run, and calendar.onCancel is "
          + c.calendar.onCancel.rawValue
        : text
    },
    opposite: { c, f in
      if f.reason != nil {
        return c.standing.isKnown
          ? "set \(f.rule) to mark or delete-row" : "the event would have to take place"
      }
      if c.way != .meeting { return "nothing here: step 11 decides about blocks" }
      return c.facts.isCancelled ? "set calendar.onCancel to keep" : "cancel the event"
    })

  private static let participants = MeetingRule(
    step: 6, name: "participants", reasons: [.noParticipants],
    settings: ["calendar.requireParticipants", "calendar.guests", "users"],
    ask: { c in
      guard c.way == .meeting, c.calendar.requireParticipants, c.people.participants.isEmpty
      else { return .pass }
      return .drop(.noParticipants, by: c.path("requireParticipants", \.requireParticipants))
    },
    looksAt: { c in
      if c.hidesContent { return "the participants of a private event, of whom nothing is shown" }
      let n = c.people.participants.count
      let rooms = c.people.rooms.count
      return
        "the participants without the owner and \(rooms == 1 ? "one room" : "\(rooms) rooms"): "
        + (n == 0 ? "nobody" : n == 1 ? "one" : "\(n)")
    },
    opposite: { c, f in
      if f.reason != nil { return "invite somebody, or set \(f.rule) to false" }
      if c.way != .meeting { return "nothing: blocks need no participants" }
      return c.people.participants.isEmpty
        ? "set calendar.requireParticipants to true"
        : "take everybody but the owner off it, with calendar.requireParticipants true"
    },
    matters: { $0.anybody(\.requireParticipants) })
}

/// Step 7, the whole-run facts of step 10 that the caller found out, and declined meetings.
enum MeetingLastRules {
  static let all = [colleagues, versions, declined]

  private static let colleagues = MeetingRule(
    step: 7, name: "internal", reasons: [.internal],
    settings: [
      "calendar.allowInternal", "calendar.internalDomainsFrom", "calendar.guests",
      "organization.domains", "users",
    ],
    ask: { c in
      guard c.way == .meeting, !c.calendar.allowInternal, c.people.isInternal else { return .pass }
      return .drop(.internal, by: c.path("allowInternal", \.allowInternal))
    },
    looksAt: { c in
      if c.hidesContent { return "the participants of a private event, of whom nothing is shown" }
      let people = c.people
      let domains = "internal domains from \(c.calendar.internalDomainsFrom.rawValue)"
      if people.participants.isEmpty { return "the participants: nobody, so it is not internal" }
      guard let p = people.participants.first(where: { !$0.isInternal }) else {
        return "every participant; all are inside the organisation (\(domains))"
      }
      let name = p.party.email.isEmpty ? p.party.name : p.party.email
      return "every participant; an outsider: \(name) (\(domains))"
    },
    opposite: { c, f in
      if f.reason != nil {
        return
          "set \(f.rule) to true, invite an outsider, or take a domain out of the internal ones"
      }
      if c.way != .meeting { return "nothing: blocks do not ask who takes part" }
      return c.calendar.allowInternal && c.people.isInternal
        ? "set calendar.allowInternal to false"
        : "have only colleagues on it, with calendar.allowInternal false"
    },
    matters: { $0.anybody { !$0.allowInternal } })

  private static let versions = MeetingRule(
    step: 10, name: "duplicates", reasons: [.duplicate],
    settings: [],
    ask: { c in
      if let newer = c.standing.newer { return .drop(.duplicate, by: "duplicates", newer) }
      if c.facts.isFromTask, c.way != .conflict {
        return .drop(.duplicate, by: "the CRM's own task", c.hidesContent ? "" : c.facts.uid)
      }
      return .pass
    },
    looksAt: { c in
      let mark = c.facts.isFromTask ? "a CRM task it came from" : "no mark of a CRM task"
      return
        "other versions with its UID (\(c.standing.isSuperseded ? "a newer one" : "none newer")); \(mark)"
    },
    opposite: { c, f in
      if f.reason == nil { return "have a newer version of it in the sources" }
      return c.standing.isSuperseded
        ? "take the newer version out of the sources"
        : "nothing: the CRM has the task already, a second one would double it"
    })

  /// Not `cancelled`, because the meeting takes place; but the owner is not busy with it, which is
  /// what `not-busy` says of a declined event everywhere else.
  private static let declined = MeetingRule(
    step: 11, name: "declined", reasons: [.notBusy],
    settings: ["calendar.declined", "calendar.guests"],
    ask: { c in
      guard c.way == .meeting, c.calendar.declined == .skip, !c.facts.isCancelled, c.ownerDeclined
      else { return .pass }
      return .drop(.notBusy, by: c.path("declined", \.declined))
    },
    looksAt: { c in
      "the owner's own answer: \(c.ownerDeclined ? "declined" : "not declined"); "
        + (c.way == .meeting
          ? "calendar.declined is \(c.calendar.declined.rawValue)"
          : "what the owner declined never blocks")
    },
    opposite: { c, f in
      if f.reason != nil { return "set \(f.rule) to keep" }
      if c.way != .meeting { return "nothing here: what becomes of blocks is told below" }
      return c.ownerDeclined
        ? "set calendar.declined to skip" : "decline it, with calendar.declined skip"
    },
    matters: { $0.anybody { $0.declined == .skip } })
}
