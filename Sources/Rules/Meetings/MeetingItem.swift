/// What kind of component an item is.
public enum MeetingKind: UInt8, Sendable {
  /// VEVENT, the only one that is an appointment (features.md CS-1-appointment-only).
  case event
  /// VTODO
  case todo
  /// VJOURNAL
  case journal

  /// The name for people.
  public var name: StaticString {
    switch self {
    case .event: "event"
    case .todo: "to-do"
    case .journal: "journal entry"
    }
  }
}

/// Where the time came from that stands for an event's creation (features.md CS-F-history).
public enum CreationSource: UInt8, Sendable {
  /// CREATED itself.
  case created
  /// DTSTAMP: the last revision, where there is no METHOD.
  case stamp
  /// LAST-MODIFIED
  case lastModified

  /// The property's name.
  public var name: StaticString {
    switch self {
    case .created: "CREATED"
    case .stamp: "DTSTAMP"
    case .lastModified: "LAST-MODIFIED"
    }
  }
}

/// The organiser or an attendee as the rules see them.
public struct MeetingParty: Sendable {
  /// The address's comparison key, as ``AddressEntry`` makes it; empty when it is no address.
  public var key: [UInt8]
  /// The address as written, or what stands in its place.
  public var email: String
  /// The display name, or empty.
  public var name: String
  /// ROLE for records.
  public var role: String?
  /// PARTSTAT for records and for ``MeetingPeople/ownerStatus``.
  public var status: String?
  /// CUTYPE for records.
  public var kind: String?
  /// True for rooms and things.
  public var isResource: Bool
  /// True for the address of a calendar, which is nobody.
  public var isCalendar: Bool
  /// True for ORGANIZER.
  public var isOrganizer: Bool

  /// A party.
  public init(
    key: [UInt8], email: String, name: String = "", role: String? = nil, status: String? = nil,
    kind: String? = nil, isResource: Bool = false, isCalendar: Bool = false,
    isOrganizer: Bool = false
  ) {
    self.key = key
    self.email = email
    self.name = name
    self.role = role
    self.status = status
    self.kind = kind
    self.isResource = isResource
    self.isCalendar = isCalendar
    self.isOrganizer = isOrganizer
  }
}

/// One component of a calendar in the words of the rules: facts, nothing of the file's form.
public struct MeetingItem {
  /// See ``MeetingKind``.
  public var kind = MeetingKind.event
  /// UID
  public var uid = ""
  /// What its calendar is to its owner.
  public var role = Config.CalendarRole.primary
  /// The owner's position in the plan's users, or -1.
  public var user = -1
  /// CLASS is PRIVATE or CONFIDENTIAL.
  public var isPrivate = false
  /// It has dates and no times, or says so itself (features.md CS-F-allday).
  public var isAllDay = false
  /// A series' master or one of its overrides.
  public var isRecurring = false
  /// STATUS is CANCELLED, or METHOD is CANCEL.
  public var isCancelled = false
  /// It takes no time of its owner (TRANSP, or Outlook's busy status).
  public var isFree = false
  /// A newer version of the same component was seen.
  public var isSuperseded = false
  /// Where that stands, for people.
  public var newerVersion = ""
  /// The owner declined; also found out from the owner's own entry among the ``parties``.
  public var ownerDeclined = false
  /// It carries our own mark of a CRM task, or a task is known by its UID (features.md CS-6.2-two-way).
  public var isFromTask = false
  /// An earlier run published its task (ledger).
  public var isKnown = false
  /// Seconds since 1970 when it was made, or nil when nothing tells.
  public var created: Int64?
  /// What ``created`` was taken from.
  public var createdSource = CreationSource.created
  /// Seconds since 1970 of DTSTART; of a date its 00:00 in the organisation's zone. Nil without.
  public var start: Int64?
  /// Tells whether at least one occurrence begins in the window (``MeetingWindow/contains(_:)``);
  /// asked only when it matters. Nil: ``start`` is the only one.
  public var occurs: ((MeetingWindow) -> Bool)?
  /// Organiser and attendees in the order of the file.
  public var parties: [MeetingParty] = []

  /// An event without anything.
  public init() {}
}
