/// Steps 10 and 11 for CRM tasks: what the run's calendars say about a task that goes out.
enum TaskSettling {
  /// A task that an import made of a meeting must not go back as a second event.
  static let own = TaskRule(
    step: 10, name: "duplicates", reasons: [.duplicate], settings: ["sources"],
    ask: { c in
      guard let uid = c.known.importedUID else { return .pass }
      return .drop(.duplicate, by: "the meeting's own task", uid)
    },
    looksAt: { c in
      "the meetings of the run: "
        + (c.known.importedUID == nil
          ? "none has the task's owner, times and subject" : "the task was made of one")
    },
    opposite: { _, f in
      f.reason == nil
        ? "have a meeting with the same owner, times and subject in the sources"
        : "nothing: the meeting is in the calendar already"
    })

  /// A task whose event was moved in the calendar since (CS-6.2-two-way).
  static let conflict = TaskRule(
    step: 10, name: "conflict", reasons: [.unchanged], settings: ["calendar.conflict"],
    ask: { c in
      guard let conflict = c.conflict, conflict.winner != .task else { return .pass }
      return .drop(.unchanged, by: "calendar.conflict", conflict.there.place)
    },
    looksAt: { c in
      guard let conflict = c.conflict else { return "the task's event in the calendars: not moved" }
      return "the task's event in the calendars: moved, and calendar.conflict, which is "
        + "\(c.calendar.conflict.rawValue): the time of the \(conflict.winner.rawValue) counts"
    },
    opposite: { _, f in
      f.reason == nil
        ? "move the task's event in the calendar, with calendar.conflict provider"
        : "set calendar.conflict to crm, or change the task in the CRM"
    })

  /// What gets this far goes out.
  static let written = TaskRule(
    step: 11, name: "written", reasons: [.written], settings: ["calendar.outboundTaskTypes"],
    ask: { c in .keep(.written, by: "calendar.outboundTaskTypes", c.row.type) },
    looksAt: { _ in "nothing more: every rule before it let the task go on" },
    opposite: { _, _ in "take the type out of calendar.outboundTaskTypes" })
}

/// A CRM task's event as a calendar has it now.
public struct ReturnedTask: Hashable, Sendable {
  /// Position of the owner in the plan.
  public var user: Int
  /// When it begins, seconds since 1970.
  public var start: Int64
  /// When it ends.
  public var end: Int64
  /// When it was changed last, or nil.
  public var modified: Int64?
  /// Where it stands, for people.
  public var place: String

  /// An event.
  public init(user: Int, start: Int64, end: Int64, modified: Int64?, place: String) {
    self.user = user
    self.start = start
    self.end = end
    self.modified = modified
    self.place = place
  }
}

/// A task and its event that say different times.
public struct TaskConflict: Hashable, Sendable {
  /// Whose time counts.
  public enum Winner: String, Sendable {
    /// The CRM's: it goes out.
    case task
    /// The calendar's.
    case event
    /// Nobody's, until somebody has looked at it.
    case nobody
  }

  /// The event.
  public var there: ReturnedTask
  /// When the task begins, seconds since 1970.
  public var start: Int64
  /// When it ends.
  public var end: Int64
  /// See ``Winner``.
  public var winner: Winner

  /// The conflict of a task, or nil when its event was not moved.
  init?(_ e: TaskEvent, _ there: ReturnedTask, _ c: TaskContext) {
    guard there.user == e.user, case .instant(let start) = e.span.start,
      case .instant(let end)? = e.span.end, (start, end) != (there.start, there.end)
    else { return nil }
    self.there = there
    self.start = start
    self.end = end
    let changed = ConfigTime(c.row.modifiedOn).map { c.plan.clock.seconds(of: $0) }
    let isCalendarsNewer = there.modified.map { $0 > changed ?? .min } ?? false
    winner =
      switch c.calendar.conflict {
      case .crm: .task
      case .provider: .event
      case .newest: isCalendarsNewer ? .event : .task
      case .review: .nobody
      }
  }
}
