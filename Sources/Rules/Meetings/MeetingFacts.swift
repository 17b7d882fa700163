/// What kind of component an item is.
public enum MeetingKind: UInt8, Sendable {
  /// VEVENT, the only one that is an appointment (CS-1-appointment-only).
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

/// Where the time came from that stands for an event's creation (CS-F-history).
public enum CreationBasis: UInt8, Sendable {
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
public struct MeetingParty: Hashable, Sendable {
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

/// One component of a calendar in the words of the rules: what it says itself, nothing of the
/// file's form, of a plan, or of what else a run reads. One value can be judged by several plans.
package struct MeetingFacts: Hashable, Sendable {
  /// See ``MeetingKind``.
  package var kind = MeetingKind.event
  /// UID
  package var uid = ""
  /// What its calendar is to its owner.
  package var role = Config.CalendarRole.primary
  /// The owner's position in the plan's users, or -1.
  package var user = -1
  /// METHOD of its calendar, where that makes it somebody's word about a meeting and no meeting
  /// (RFC 5546: a reply, a counter-proposal, a request for a copy); empty otherwise.
  package var answer = ""
  /// CLASS is PRIVATE or CONFIDENTIAL.
  package var isPrivate = false
  /// It has dates and no times, or says so itself (CS-F-allday).
  package var isAllDay = false
  /// A series' master or one of its overrides.
  package var isRecurring = false
  /// STATUS is CANCELLED, or METHOD is CANCEL.
  package var isCancelled = false
  /// It takes no time of its owner (TRANSP, or Outlook's busy status).
  package var isFree = false
  /// The owner declined; also found out from the owner's own entry among the ``parties``.
  package var ownerDeclined = false
  /// It carries our own mark of a CRM task, or a task is known by its UID (CS-6.2-two-way).
  package var isFromTask = false
  /// Seconds since 1970 when it was made, or nil when nothing tells.
  package var created: Int64?
  /// What ``created`` was taken from.
  package var createdSource = CreationBasis.created
  /// Seconds since 1970 of DTSTART; of a date its 00:00 in the organisation's zone. Nil without.
  package var start: Int64?
  /// When it takes place. Nil: ``start`` is all that is known.
  package var occurrences: MeetingOccurrences?
  /// Organiser and attendees in the order of the file.
  package var parties: [MeetingParty] = []

  /// An event without anything.
  package init() {}
}
