/// Why an item was kept, dropped or quarantined: one code per decision, in the order in which the
/// rules are asked. The raw value is what files and reports show.
public enum Reason: String, CaseIterable, Sendable {
  // 1 parse
  case quarantined
  // 2 owner, access, state
  case userUnknown = "user-unknown"
  case userNoAccess = "user-no-access"
  case userPaused = "user-paused"
  case userRemoved = "user-removed"
  // 3 switches
  case syncDisabledAll = "sync-disabled-all"
  case syncDisabled = "sync-disabled"
  case directionDisabled = "direction-disabled"
  // 4 folder or calendar
  case folderNotSynced = "folder-not-synced"
  case deletedInMailbox = "deleted-in-mailbox"
  case notPrimaryCalendar = "not-primary-calendar"
  // 5 time
  case outsideWindow = "outside-window"
  case beforeConnected = "before-connected"
  // 6 class
  case notAppointment = "not-appointment"
  case `private`
  case privateFrozen = "private-frozen"
  case allDay = "all-day"
  case allDayRecurring = "all-day-recurring"
  case cancelled
  case noParticipants = "no-participants"
  case bulk
  case automatic
  case noReply = "no-reply"
  case unauthenticated
  // 7, 8, 9
  case `internal`
  case excludedAdmin = "excluded-admin"
  case excludedUser = "excluded-user"
  case noKeyword = "no-keyword"
  // 10
  case duplicate
  case unchanged
  case pastFrozen = "past-frozen"
  // 11 lead match
  case matched
  case captured
  case ambiguousLead = "ambiguous-lead"
  case noLead = "no-lead"
  case noLeadTask = "no-lead-task"
  case blockedSlot = "blocked-slot"
  case contactCreated = "contact-created"
  case conflictCalendar = "conflict-calendar"
  case notBusy = "not-busy"
  // CRM tasks on their way out
  case written
  case taskTypeNotSelected = "task-type-not-selected"
  case noOwner = "no-owner"
}

extension Reason {
  private static let all = Array(allCases)

  /// Its position in ``allCases``, for counting and for facts.
  ///
  /// An enumeration without payloads is its case's number (a test holds this): a search by raw
  /// value would compare texts at every mail.
  public var position: Int { withUnsafeBytes(of: self) { Int($0[0]) } }

  /// The reason at a position, or nil.
  public init?(position: Int) {
    guard position >= 0, position < Self.all.count else { return nil }
    self = Self.all[position]
  }
}

/// What became of an item.
public enum Outcome: UInt8, CaseIterable, Sendable {
  /// It has at least one record.
  case kept
  /// It has none.
  case dropped
  /// It could not be read.
  case quarantined

  /// The name in files.
  public var name: StaticString {
    switch self {
    case .kept: "kept"
    case .dropped: "dropped"
    case .quarantined: "quarantined"
    }
  }
}

extension Reason {
  /// What becomes of an item with this reason.
  public var outcome: Outcome {
    switch self {
    case .quarantined: .quarantined
    case .matched, .captured, .noLeadTask, .blockedSlot, .contactCreated, .conflictCalendar,
      .written:
      .kept
    default: .dropped
    }
  }
}
