public import Bytes

/// What a run knows about itself when it begins.
public struct RunRow: Sendable, Equatable {
  /// When it began, by the clock; shown in the log and used for retention, never for order.
  public var started: UnixTime
  /// The program's version.
  public var program: String
  /// Digests of what decides besides the input: configuration, users list, leads and tasks lists.
  public var config, users, lists: [UInt8]?

  /// Facts of a run.
  public init(
    started: UnixTime, program: String, config: [UInt8]? = nil, users: [UInt8]? = nil,
    lists: [UInt8]? = nil
  ) {
    self.started = started
    self.program = program
    self.config = config
    self.users = users
    self.lists = lists
  }
}

/// Where a run builds its output and where it puts it: paths as the file system has them.
public struct RunPlaces: Sendable, Equatable {
  /// The folder that is built.
  public var staging: [UInt8]
  /// What it is renamed to.
  public var destination: [UInt8]

  /// Two places.
  public init(staging: [UInt8], destination: [UInt8]) {
    self.staging = staging
    self.destination = destination
  }
}

/// How many items a run met, as run.json says; `items` is the sum of the next three.
public struct RunCounts: Sendable, Equatable {
  /// All items, and what became of them.
  public var items, kept, dropped, quarantined: Int64
  /// Items known from earlier runs and not read again.
  public var unread: Int64

  /// Counts.
  public init(
    items: Int64 = 0, kept: Int64 = 0, dropped: Int64 = 0, quarantined: Int64 = 0,
    unread: Int64 = 0
  ) {
    self.items = items
    self.kept = kept
    self.dropped = dropped
    self.quarantined = quarantined
    self.unread = unread
  }
}

/// A short text that is kept once: a user's id, a reason. Valid in the ledger that gave it.
public struct WordID: Hashable, Sendable {
  let value: Int64
}

/// A source's number in the ledger.
public struct SourceID: Hashable, Sendable {
  let value: Int64
}

/// The kinds of items. The raw values are in the file.
public enum ItemKind: UInt8, Sendable { case mail = 0, event, task }

/// What became of an item. The raw values are in the file.
public enum ItemOutcome: UInt8, Sendable { case kept = 0, dropped, quarantined }

/// Which way an item went. The raw values are in the file.
public enum ItemDirection: UInt8, Sendable { case none = 0, inbound, outbound }

/// A lead as the log shows it.
public struct LeadNote {
  /// The CRM's id, the name, the address; empty where unknown.
  public var id, name, address: ByteView

  /// A lead.
  public init(id: ByteView = .empty, name: ByteView = .empty, address: ByteView = .empty) {
    self.id = id
    self.name = name
    self.address = address
  }
}

/// A decision as the log shows it. Views need to live during the call only.
///
/// Of a private event nothing may be given but `item` (its UID's hash), user and reason.
public struct DecisionRow {
  /// The item's kind.
  public var kind: ItemKind
  /// What became of it.
  public var outcome: ItemOutcome
  /// Which way it went.
  public var direction: ItemDirection
  /// True when a lead was captured from it (the log's view `captures`).
  public var isCapture: Bool
  /// Whose mailbox or calendar.
  public var user: WordID?
  /// The reason code.
  public var reason: WordID
  /// The item's own date.
  public var date: UnixTime?
  /// The item's identity: a mail's, or the hash of a UID.
  public var item: RecordKey?
  /// The subject, one line.
  public var subject: ByteView
  /// The leads found.
  public var leads: [LeadNote]
  /// The records written for it.
  public var records: [RecordKey]

  /// A decision.
  public init(
    kind: ItemKind, outcome: ItemOutcome, direction: ItemDirection = .none,
    isCapture: Bool = false, user: WordID? = nil, reason: WordID, date: UnixTime? = nil,
    item: RecordKey? = nil, subject: ByteView = .empty, leads: [LeadNote] = [],
    records: [RecordKey] = []
  ) {
    self.kind = kind
    self.outcome = outcome
    self.direction = direction
    self.isCapture = isCapture
    self.user = user
    self.reason = reason
    self.date = date
    self.item = item
    self.subject = subject
    self.leads = leads
    self.records = records
  }

  /// Kind, outcome, direction and capture in one small number: 2, 2, 2 and 1 bits.
  var shape: Int64 {
    Int64(kind.rawValue) | Int64(outcome.rawValue) << 2 | Int64(direction.rawValue) << 4
      | (isCapture ? 64 : 0)
  }
}

/// How far a source was read, and how to recognise that part.
public struct SourceState: Sendable, Equatable {
  /// The path, relative to the configuration, as the file system has it.
  public var path: [UInt8]
  /// Whose it is.
  public var owner: WordID?
  /// From fstat(2); modified and changed in nanoseconds since 1970.
  public var device, inode, size, modified, changed: Int64
  /// Where reading ended, in bytes.
  public var offset: Int64
  /// Items before that offset.
  public var items: Int64
  /// Fingerprint of the blocks before the offset.
  public var fingerprint: [UInt8]?
  /// The separators of the last known messages at their offsets, in the caller's own form.
  public var marks: [UInt8]?
  /// A digest over the file's beginning, in the caller's own form, for `ledger check --deep`.
  public var digest: [UInt8]?
  /// Anything else that the reader needs to go on (a dialect).
  public var note: [UInt8]?

  /// A source's state.
  public init(
    path: [UInt8], owner: WordID? = nil, device: Int64 = 0, inode: Int64 = 0, size: Int64 = 0,
    modified: Int64 = 0, changed: Int64 = 0, offset: Int64 = 0, items: Int64 = 0,
    fingerprint: [UInt8]? = nil, marks: [UInt8]? = nil, digest: [UInt8]? = nil,
    note: [UInt8]? = nil
  ) {
    self.path = path
    self.owner = owner
    self.device = device
    self.inode = inode
    self.size = size
    self.modified = modified
    self.changed = changed
    self.offset = offset
    self.items = items
    self.fingerprint = fingerprint
    self.marks = marks
    self.digest = digest
    self.note = note
  }
}

/// A mail that was dropped because nobody in it was a lead: where to find it again.
public struct StoredPlace: Sendable, Equatable {
  /// The file.
  public var source: SourceID
  /// Where in it, in bytes, and the item's number in it.
  public var offset, length, item: Int64

  /// A place.
  public init(source: SourceID, offset: Int64, length: Int64, item: Int64) {
    self.source = source
    self.offset = offset
    self.length = length
    self.item = item
  }
}

/// A lead that some run captured.
public struct CapturedLead: Sendable, Equatable {
  /// The normalised address.
  public var address: String
  /// The lead record's key.
  public var key: RecordKey
  /// Name and owner as captured.
  public var name: String?
  /// Whose mail it came from.
  public var owner: WordID?
  /// Date and Message-ID of the earliest mail.
  public var firstSeen: UnixTime?
  /// The Message-ID of that mail.
  public var firstMessageID: String?

  /// A lead.
  public init(
    address: String, key: RecordKey, name: String? = nil, owner: WordID? = nil,
    firstSeen: UnixTime? = nil, firstMessageID: String? = nil
  ) {
    self.address = address
    self.key = key
    self.name = name
    self.owner = owner
    self.firstSeen = firstSeen
    self.firstMessageID = firstMessageID
  }
}

/// Which occurrence of which event in whose calendar.
public struct EventID: Hashable, Sendable {
  /// Hash of the UID.
  public var uid: RecordKey
  /// Whose calendar.
  public var owner: WordID
  /// RECURRENCE-ID as in the record's key; empty for a single event or a series as a whole.
  public var recurrence: [UInt8]

  /// An occurrence.
  public init(uid: RecordKey, owner: WordID, recurrence: [UInt8] = []) {
    self.uid = uid
    self.owner = owner
    self.recurrence = recurrence
  }
}

/// The state of a published event.
public struct EventVersion: Sendable, Equatable {
  /// What the task says of itself now. The raw values are in the file.
  public enum State: UInt8, Sendable { case active = 0, cancelled, missing }
  /// Active, cancelled, or gone from the export.
  public var state: State
  /// The task's key.
  public var record: RecordKey?
  /// The calendar it came from.
  public var source: SourceID?
  /// SEQUENCE and LAST-MODIFIED (RFC 5545 sections 3.8.7.4 and 3.8.7.3).
  public var sequence: Int64?
  /// LAST-MODIFIED, else DTSTAMP.
  public var modified: UnixTime?
  /// Start and end as published (past tasks keep them).
  public var starts, ends: UnixTime?

  /// A version.
  public init(
    state: State = .active, record: RecordKey? = nil, source: SourceID? = nil,
    sequence: Int64? = nil, modified: UnixTime? = nil, starts: UnixTime? = nil,
    ends: UnixTime? = nil
  ) {
    self.state = state
    self.record = record
    self.source = source
    self.sequence = sequence
    self.modified = modified
    self.starts = starts
    self.ends = ends
  }
}

/// An item that could not be read.
public struct QuarantinedItem: Sendable, Equatable {
  /// Digest of its bytes: the same bytes are one item.
  public var item: RecordKey
  /// The file, where in it, and the item's number in it.
  public var path: [UInt8]
  /// Bytes.
  public var offset, length: Int64
  /// The item's number in its file.
  public var number: Int64
  /// Whose it is.
  public var owner: WordID?
  /// What went wrong, one line.
  public var error: String

  /// An item.
  public init(
    item: RecordKey, path: [UInt8], offset: Int64, length: Int64, number: Int64,
    owner: WordID? = nil, error: String
  ) {
    self.item = item
    self.path = path
    self.offset = offset
    self.length = length
    self.number = number
    self.owner = owner
    self.error = error
  }
}
