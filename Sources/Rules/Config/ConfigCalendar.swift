import JSONText

extension Config {
  /// `calendar`
  public struct Calendar: Sendable {
    /// False drops all events.
    public var enabled = true
    /// The provider.
    public var provider = Provider.any
    /// Which way records flow.
    public var direction = Flow.inbound
    /// What happens to guests.
    public var guests = Guests.match
    /// What a meeting without a lead becomes; nil: ``guests`` decides.
    public var unknownAttendees: UnknownAttendees?
    /// The task type of imported meetings.
    public var inboundTaskType = "Meeting"
    /// The task types that go out.
    public var outboundTaskTypes = ["Meeting"]
    /// Whose addresses outbound events name.
    public var outboundAttendees = OutboundAttendees.invited
    /// True keeps meetings of colleagues only.
    public var allowInternal = false
    /// Which domains are internal.
    public var internalDomainsFrom = InternalDomains.organization
    /// True drops events of other calendars than the primary.
    public var primaryOnly = true
    /// Private events.
    public var `private` = KeepOrSkip.skip
    /// All-day events.
    public var allDay = AllDay.skip
    /// Meetings that the owner declined.
    public var declined = KeepOrSkip.keep
    /// True drops events without participants.
    public var requireParticipants = false
    /// Events created before this are dropped; nil keeps all.
    public var connectedAt: ConfigTime?
    /// The span of time.
    public var window = Window()
    /// How a series is written.
    public var recurrence = Recurrence.occurrences
    /// What a meeting of several owners becomes.
    public var sharedMeetings = SharedMeetings.perOwner
    /// What makes an outbound task an online meeting.
    public var online = Online()
    /// The task of a cancelled event.
    public var onCancel = OnGone.mark
    /// The task of an event that is gone from the export.
    public var onMissing = OnGone.keep
    /// True keeps start and end of past tasks.
    public var freezePast = false
    /// Who wins when both sides changed.
    public var conflict = Conflict.newest
    /// True ignores users' own calendar settings.
    public var lockUserConfig = false
    /// Whether meetings may make leads.
    public var contactCreation = ContactCreation.auto
    /// The calendar that imported events go to, for the CRM.
    public var defaultCalendar: String?
    /// True lets automations run.
    public var allowTrigger = false
    /// Who is notified.
    public var notifications = Notifications.none
    /// Also reads events in mail.
    public var invitesInMail = false

    /// What a meeting without a lead becomes, with ``guests`` and ``contactCreation`` taken into
    /// account.
    public var unknownAttendeesDecided: UnknownAttendees {
      let decided: UnknownAttendees =
        switch (unknownAttendees, guests) {
        case (let said?, _): said
        case (nil, .match): .task
        case (nil, .busyOnly), (nil, .knownOnly): .block
        case (nil, .create), (nil, .createQuiet): .create
        }
      return decided == .create && contactCreation == .never ? .task : decided
    }

    /// True where ``guests`` or ``allowTrigger`` says that automations run.
    public var runsAutomations: Bool { allowTrigger || guests == .create || guests == .knownOnly }
  }

  /// `calendar.window`
  public struct Window: Sendable {
    /// Where it begins; nil: at `connectedAt`, without that at the present time.
    public var from: ConfigTime?
    /// How many calendar months it reaches; nil without end.
    public var months: Int?
    /// True counts the months from now, false from its beginning.
    public var rolling = true
    /// True when the window is on.
    public var isOn: Bool { from != nil || months != nil }
  }

  /// `calendar.online`
  public struct Online: Sendable {
    /// Words in Location that ask for an online meeting.
    public var keywords: [String] = []
    /// True takes an empty Location as one.
    public var emptyLocationIsOnline = false
  }

  /// `tasks.columns`
  public struct TaskColumns: Sendable {
    /// The names of the columns, by ``names``; nil looks for the setting's own name.
    var columns = [String?](repeating: nil, count: Self.names.count)

    /// The settings, in the order of ``TaskRow/values``.
    static let names = [
      "id", "type", "subject", "description", "start", "end", "owner", "location", "participants",
      "invite", "status", "createdOn", "modifiedOn",
    ]
  }
}

extension Config.Calendar: ConfigSection {
  mutating func visit<V: ConfigVisitor>(_ v: inout V) {
    v.flag("enabled", &enabled, "False drops all events.")
    v.choice("provider", &provider, "Where the calendars were exported from.")
    v.choice("direction", &direction, "Which way records flow.")
    v.choice("guests", &guests, "What happens to guests.")
    v.alias(
      "mode", of: "guests", &guests,
      schema: #"{"enum":["matched","one-way","two-way","smart","disable-trigger"]}"#,
      allowed: Self.modes.map(\.0)
    ) { value in
      Self.modes.first { $0.0 == value.string }?.1
    }
    v.choice("unknownAttendees", &unknownAttendees, "A meeting without a lead; null: as guests.")
    v.text("inboundTaskType", &inboundTaskType, .plain, "The task type of imported meetings.")
    v.texts("outboundTaskTypes", &outboundTaskTypes, .plain, "The task types that go out.")
    v.choice("outboundAttendees", &outboundAttendees, "Whose addresses outbound events name.")
    v.flag("allowInternal", &allowInternal, "True keeps meetings of colleagues only.")
    v.choice("internalDomainsFrom", &internalDomainsFrom, "Which domains are internal.")
    v.flag("primaryOnly", &primaryOnly, "True drops events of other calendars.")
    v.choice("private", &`private`, "Private events.")
    v.choice("allDay", &allDay, "All-day events.")
    v.choice("declined", &declined, "Meetings that the owner declined.")
    v.flag("requireParticipants", &requireParticipants, "True drops events without participants.")
    v.time("connectedAt", &connectedAt, "Events created before this are dropped.")
    v.section("window", &window, "The span of time.")
    v.choice("recurrence", &recurrence, "How a series is written.")
    v.choice("sharedMeetings", &sharedMeetings, "What a meeting of several owners becomes.")
    v.section("online", &online, "What makes an outbound task an online meeting.")
    v.choice("onCancel", &onCancel, "The task of a cancelled event.")
    v.choice("onMissing", &onMissing, "The task of an event that is gone from the export.")
    v.flag("freezePast", &freezePast, "True keeps start and end of past tasks.")
    v.choice("conflict", &conflict, "Who wins when both sides changed.")
    v.flag("lockUserConfig", &lockUserConfig, "True ignores users' own calendar settings.")
    v.choice("contactCreation", &contactCreation, "Whether meetings may make leads.")
    v.alias(
      "allowContactCreation", of: "contactCreation", &contactCreation,
      schema: #"{"type":["boolean","null"]}"#, allowed: ["true", "false", "null"]
    ) { value in
      switch value.kind {
      case .null, .true: .auto
      case .false: .never
      default: nil
      }
    }
    v.text("defaultCalendar", &defaultCalendar, .plain, "The CRM's calendar for imported events.")
    v.flag("allowTrigger", &allowTrigger, "True lets automations run.")
    v.choice("notifications", &notifications, "Who is told.")
    v.flag("invitesInMail", &invitesInMail, "Also reads text/calendar parts of mail.")
  }

  private static let modes: [(String, Config.Guests)] = [
    ("matched", .match), ("one-way", .busyOnly), ("two-way", .create), ("smart", .knownOnly),
    ("disable-trigger", .createQuiet),
  ]
}

extension Config.Window: ConfigSection {
  mutating func visit<V: ConfigVisitor>(_ v: inout V) {
    v.time("from", &from, "Where it begins.")
    v.whole("months", &months, 1...1200, "How many months it reaches.")
    v.flag("rolling", &rolling, "Counts the months from now, not from its beginning.")
  }
}

extension Config.Online: ConfigSection {
  mutating func visit<V: ConfigVisitor>(_ v: inout V) {
    v.texts("keywords", &keywords, .keyword, "Words in Location that ask for one.")
    v.flag("emptyLocationIsOnline", &emptyLocationIsOnline, "Takes an empty Location as one.")
  }
}

extension Config.TaskColumns: ConfigSection {
  mutating func visit<V: ConfigVisitor>(_ v: inout V) {
    let keys: [StaticString] = [
      "id", "type", "subject", "description", "start", "end", "owner", "location",
      "participants", "invite", "status", "createdOn", "modifiedOn",
    ]
    for (i, key) in keys.enumerated() where i < columns.count {
      v.text(key, &columns[i], .plain, "Name of the column.")
    }
  }
}
