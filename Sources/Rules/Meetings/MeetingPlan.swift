/// What the rules for meetings ask of one user: their standing and their calendar settings.
public final class MeetingUserPlan: Sendable {
  /// The user's id.
  public let id: String
  /// Why nothing of this user is synced (step 2), or nil.
  public let standing: Reason?
  /// Which setting that reason comes from.
  public let standingRule: String
  /// The administrator's settings with the user's own in them, unless they are locked.
  public let calendar: Config.Calendar
  /// Which occurrences are written.
  public let window: MeetingWindow
  /// Events made before this are dropped. Nil without `connectedAt`, and where it is already the
  /// window's beginning: it is used once, on the creation or on the start.
  public let createdSince: MeetingBound?
  /// When the user was connected, for tasks of theirs on the way out; nil without `connectedAt`.
  public let connected: MeetingBound?

  init(
    _ record: UserRecord?, config: Config, access: AccessPolicy, clock: MeetingClock,
    from: MeetingBound?, to: MeetingBound?
  ) {
    id = record?.id ?? ""
    var standing: Reason?
    var standingRule = ""
    if let record {
      if !access.mayUseCalendar(record) {
        (standing, standingRule) = (.userNoAccess, "access.calendar")
      } else if record.status == .paused {
        (standing, standingRule) = (.userPaused, "users.status")
      } else if record.status == .removed {
        (standing, standingRule) = (.userRemoved, "users.status")
      }
    }
    self.standing = standing
    self.standingRule = standingRule
    let admin = config.calendar
    let calendar = admin.lockUserConfig ? admin : record?.overrides.calendar ?? admin
    self.calendar = calendar

    // Both say when somebody was connected; as with mail, the later one counts.
    var connected = calendar.connectedAt.map {
      MeetingBound(
        time: clock.seconds(of: $0),
        rule: Self.path("connectedAt", $0 != admin.connectedAt))
    }
    if let own = record?.connectedAt {
      let time = clock.seconds(of: own)
      if time >= connected?.time ?? time {
        connected = MeetingBound(time: time, rule: "users.connectedAt")
      }
    }
    self.connected = connected

    let settings = calendar.window
    var window = MeetingWindow(
      from: from, to: to, horizon: clock.adding(months: 12, to: clock.now))
    if settings.isOn {
      let begin =
        settings.from.map {
          MeetingBound(
            time: clock.seconds(of: $0),
            rule: Self.path("window.from", $0 != admin.window.from))
        } ?? connected ?? MeetingBound(time: clock.now, rule: "--now")
      window.begin = begin
      if let months = settings.months {
        window.end = MeetingBound(
          time: clock.adding(months: months, to: settings.rolling ? clock.now : begin.time),
          rule: Self.path("window.months", months != admin.window.months))
      }
    }
    self.window = window
    createdSince = settings.isOn && settings.from == nil ? nil : connected
  }

  /// The path of a calendar setting, as the user or the administrator wrote it.
  static func path(_ key: String, _ isOwn: Bool) -> String {
    (isOwn ? "users.overrides.calendar." : "calendar.") + key
  }
}

/// Everything that the rules for calendars ask, resolved once a run. Nothing in it changes.
public final class MeetingPlan: Sendable {
  /// The users, by position.
  public let users: [MeetingUserPlan]
  /// What holds for somebody who is not listed: the administrator's settings.
  public let nobody: MeetingUserPlan
  /// Users by address and id, and what is internal.
  public let index: UserIndex
  /// `leads.onMultiple`
  public let onMultiple: Config.OnMultiple
  /// `tasks.types`
  public let taskTypes: [Config.TaskType]
  /// The run's clock.
  public let clock: MeetingClock
  /// The administrator's settings.
  public let calendar: Config.Calendar

  /// A plan. `from` and `to` are `--from` and `--to` in seconds since 1970, both ends included.
  public init(
    _ config: Config, users: UserIndex, clock: MeetingClock, from: Int64? = nil, to: Int64? = nil
  ) {
    let access = AccessPolicy(config)
    let first = from.map { MeetingBound(time: $0, rule: "--from") }
    let last = to.map { MeetingBound(time: $0, rule: "--to") }
    func plan(_ record: UserRecord?) -> MeetingUserPlan {
      MeetingUserPlan(
        record, config: config, access: access, clock: clock, from: first, to: last)
    }
    self.users = users.users.map { plan($0) }
    nobody = plan(nil)
    index = users
    onMultiple = config.leads.onMultiple
    taskTypes = config.tasks.types
    self.clock = clock
    calendar = config.calendar
  }

  /// The plan of a user, or ``nobody`` for a position that no user has.
  public func user(_ i: Int) -> MeetingUserPlan {
    i >= 0 && i < users.count ? users[i] : nobody
  }

  /// True when the calendar settings of anybody pass the test.
  func anybody(_ test: (Config.Calendar) -> Bool) -> Bool {
    test(calendar) || users.contains { test($0.calendar) }
  }

  /// True when tasks of anybody go out.
  public var writesTasks: Bool { anybody(\.sendsTasks) }
  /// True when meetings of the run may make leads.
  public var createsLeads: Bool {
    anybody { $0.guests != .busyOnly && $0.unknownAttendeesDecided == .create }
  }
}

extension Config.Calendar {
  /// True when CRM tasks go out: the direction says so, or `busy-only`.
  public var sendsTasks: Bool { direction != .inbound || guests == .busyOnly }
}
