import Bytes

/// One CRM task on its way into a calendar, under a plan.
public final class TaskContext {
  /// The plan in force.
  public let plan: MeetingPlan
  /// The task as its list has it.
  public let row: TaskRow
  /// The owner's position in the plan's users, or -1.
  public let user: Int
  /// The owner's plan; the administrator's settings when nobody is known.
  public let owner: MeetingUserPlan
  /// True when its location or description holds a link to join.
  public let hasLink: Bool
  /// What the run's calendars say of it, for ``TaskRules/settling``.
  public var known = Known()
  /// The event that it becomes, or why its times cannot be used.
  public private(set) lazy var event = Result { () throws(TaskSpan.Fault) in
    try TaskEvent(self, hasLink: hasLink)
  }

  /// What the run's calendars say of a task.
  public struct Known: Sendable {
    /// The UID of the meeting that an import made the task of.
    public var importedUID: String?
    /// The task's event as a calendar has it now.
    public var returned: ReturnedTask?
    /// Nothing.
    public init() {}
  }

  /// A task under a plan; its owner is found by id, else by address.
  public init(plan: MeetingPlan, row: TaskRow, hasLink: Bool = false) {
    self.plan = plan
    self.row = row
    self.hasLink = hasLink
    user = Self.owner(row.owner, plan.index)
    owner = plan.user(user)
  }

  private static func owner(_ written: String, _ index: UserIndex) -> Int {
    let text = TaskText.trimmed(written)
    if text.isEmpty { return -1 }
    if let i = index.user(id: text) { return i }
    return AddressEntry.key(of: text).flatMap { k in
      k.withByteView { index.user(addressKey: $0) }
    } ?? -1
  }

  /// The settings that hold for the owner.
  public var calendar: Config.Calendar { owner.calendar }

  /// What its event in a calendar says otherwise; nil when it was not moved there.
  public var conflict: TaskConflict? {
    guard let there = known.returned, case .success(let e) = event else { return nil }
    return TaskConflict(e, there, self)
  }

  func path<T: Equatable>(_ key: String, _ value: (Config.Calendar) -> T) -> String {
    MeetingUserPlan.path(key, value(calendar) != value(plan.calendar))
  }
}

/// A person that an outbound event names.
public struct TaskGuest: Hashable, Sendable {
  /// The comparison key.
  public var key: [UInt8]
  /// The address as written.
  public var email: String
}

/// What the rules decide about the event of a CRM task.
public struct TaskEvent: Hashable, Sendable {
  /// The owner's position in the plan's users.
  public var user: Int
  /// When it is.
  public var span: TaskSpan
  /// The participants that become attendees, each once, without the owner.
  public var guests: [TaskGuest]
  /// Why participants of the task are not among the guests, for reports; empty when all are.
  public var guestsRule: String
  /// Cells among the participants that are no address.
  public var invalidGuests: [String]
  /// Its status says that it does not take place.
  public var isCancelled: Bool
  /// It is an online meeting (CS-6.4-online-kw, CS-6.4-online-empty).
  public var isOnline: Bool
  /// It is one and holds no link yet. No link is ever made up.
  public var linkNeeded: Bool

  /// The event of a task that passed the rules.
  ///
  /// - Parameter hasLink: True when the task's location or description holds a link to join.
  public init(_ c: TaskContext, hasLink: Bool) throws(TaskSpan.Fault) {
    user = c.user
    span = try TaskSpan(start: c.row.start, end: c.row.end, clock: c.plan.clock)
    let (all, invalid) = Self.participants(c)
    guestsRule = all.isEmpty ? "" : Self.silence(c)
    guests = guestsRule.isEmpty ? all : []
    invalidGuests = invalid
    isCancelled = Self.isCancelled(c.row.status)
    isOnline = Self.isOnline(c.row.location, c.calendar.online)
    linkNeeded = isOnline && !hasLink
  }

  /// The setting for which nobody is named, or empty.
  ///
  /// `invited` names participants unless the task says that they are not invited
  /// (UP-8-no-invite); a task without that cell invites. What is neither yes nor no invites nobody.
  /// Tasks from before the connection have no attendees, also with `all` (UP-3.2-old-attendees).
  private static func silence(_ c: TaskContext) -> String {
    if c.calendar.outboundAttendees == .none {
      return c.path("outboundAttendees", \.outboundAttendees)
    }
    if let since = c.owner.connected, let made = ConfigTime(c.row.createdOn),
      c.plan.clock.seconds(of: made) < since.time
    {
      return since.rule
    }
    if c.calendar.outboundAttendees == .invited {
      let said = TaskText.trimmed(c.row.invite)
      if !said.isEmpty, YesNo(said) != .yes { return "tasks.columns.invite" }
    }
    return ""
  }

  private static func participants(_ c: TaskContext) -> ([TaskGuest], invalid: [String]) {
    var guests: [TaskGuest] = []
    var invalid: [String] = []
    var seen: Set<[UInt8]> = []
    for part in c.row.participants.utf8.split(whereSeparator: { $0 == 59 || $0 == 44 }) {
      var text = TaskText.trimmed(String(Substring(part)))
      // `Ann Example <ann@example.com>`
      if text.utf8.last == 62, let open = text.utf8.lastIndex(of: 60) {
        text = TaskText.trimmed(String(text[text.utf8.index(after: open)...].dropLast()))
      }
      if text.isEmpty { continue }
      guard let key = AddressEntry.key(of: text) else {
        invalid.append(text)
        continue
      }
      let isOwner = key.withByteView { c.plan.index.user(addressKey: $0) } == c.user
      if !isOwner, seen.insert(key).inserted { guests.append(TaskGuest(key: key, email: text)) }
    }
    return (guests, invalid)
  }

  private static func isCancelled(_ status: String) -> Bool {
    status.withByteView { v in
      let word = v.trimmed()
      return (["cancelled", "canceled", "deleted"] as [StaticString]).contains {
        word.equalsIgnoringCase($0)
      }
    }
  }

  private static func isOnline(_ location: String, _ online: Config.Online) -> Bool {
    let place = TaskText.folded(location)
    if place.isEmpty { return online.emptyLocationIsOnline }
    return place.withByteView { v in
      online.keywords.contains { word in
        let folded = TaskText.folded(word)
        return !folded.isEmpty && folded.withByteView { v.firstRange(of: $0) } != nil
      }
    }
  }
}
