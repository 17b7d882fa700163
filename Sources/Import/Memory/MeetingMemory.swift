import Bytes
import Ledger
import Rules

/// What the ledger knows of meetings, asked and told while a run settles.
final class MeetingMemory {
  private let book: LedgerBook
  private let mail: MailMemory
  private let showsText: Bool

  /// `mail` keeps the words.
  init(book: LedgerBook, mail: MailMemory, showsText: Bool) {
    self.book = book
    self.mail = mail
    self.showsText = showsText
  }

  /// What is to be done with a record.
  enum Step: Equatable {
    /// It is written for the first time.
    case new
    /// It was published and says something else now.
    case changed
    /// It was published as it is.
    case unchanged
  }

  private static func uid(_ uid: String) -> RecordKey {
    RecordKey(uid.withByteView { SHA256.digest($0) })
  }

  private func id(_ uid: String, _ owner: String, _ recurrence: [UInt8]) throws -> EventID {
    EventID(uid: Self.uid(uid), owner: try mail.word(owner), recurrence: recurrence)
  }

  // MARK: What was published

  /// True when an earlier run captured a lead with this address.
  func isLead(_ address: ByteView) throws -> Bool { try mail.isLead(address) }

  /// True when a task of the meeting was published and not cancelled since.
  func isKnown(_ uid: String, owner: String) throws -> Bool {
    guard let word = try book.reader.word(owner) else { return false }
    return try book.reader.events(uid: Self.uid(uid), owner: word).contains {
      $0.version.state == .active
    }
  }

  /// What was published of a meeting and not cancelled since: the original starts, as keys show
  /// them, and the times.
  func active(_ uid: String, owner: String) throws -> [(
    recurrence: [UInt8], starts: Int64, ends: Int64, record: RecordKey?
  )] {
    guard let word = try book.reader.word(owner) else { return [] }
    return try book.reader.events(uid: Self.uid(uid), owner: word).compactMap { id, v in
      guard v.state == .active, let starts = v.starts, let ends = v.ends else { return nil }
      return (id.recurrence, starts, ends, v.record)
    }
  }

  /// When the published task of an occurrence begins and ends, or nil.
  func times(_ uid: String, owner: String, _ recurrence: [UInt8]) throws -> (Int64, Int64)? {
    guard let word = try book.reader.word(owner) else { return nil }
    let id = EventID(uid: Self.uid(uid), owner: word, recurrence: recurrence)
    guard let v = try book.reader.event(id), let starts = v.starts, let ends = v.ends else {
      return nil
    }
    return (starts, ends)
  }

  /// What is to be done with a record of this content.
  func step(_ key: Digest, _ content: Digest) throws -> Step {
    guard let known = try book.reader.published(RecordKey(key)) else { return .new }
    return known.digest == ContentDigest(content) ? .unchanged : .changed
  }

  /// The published occurrence of a meeting that has not been cancelled since.
  struct Known {
    var uid: RecordKey
    var owner: WordID
    var recurrence: [UInt8]
    var starts: Int64
    var ends: Int64
    var record: RecordKey
  }

  /// All of them that are wanted.
  func allActive(where isWanted: (Known) -> Bool) throws -> [Known] {
    var list: [Known] = []
    try book.reader.forEachEvent { id, v in
      if v.state == .active, let starts = v.starts, let ends = v.ends, let record = v.record {
        let known = Known(
          uid: id.uid, owner: id.owner, recurrence: id.recurrence, starts: starts, ends: ends,
          record: record)
        if isWanted(known) { list.append(known) }
      }
      return true
    }
    return list
  }

  /// The number of a user's id, or nil when no run knew them.
  func word(of owner: String) throws -> WordID? { try book.reader.word(owner) }

  /// The digest that names a meeting.
  static func key(of uid: String) -> RecordKey { Self.uid(uid) }

  /// The last records of these keys that earlier runs published, from their files.
  func records(_ keys: Set<RecordKey>) throws -> [RecordKey: ResultRecords.Record] {
    var found: [RecordKey: ResultRecords.Record] = [:]
    for folder in try book.results().reversed() where found.count < keys.count {
      guard let result = ResultFolder(folder) else { continue }
      try ResultRecords.forEach(.task, in: result) { record in
        if keys.contains(record.key), found[record.key] == nil { found[record.key] = record }
      }
    }
    return found
  }

  /// Notes that a published meeting is in no calendar any more.
  func setMissing(_ known: Known, key: Digest, content: Digest) throws {
    try book.session.publishChanged(RecordKey(key), .task, digest: ContentDigest(content))
    try book.session.setEvent(
      EventID(uid: known.uid, owner: known.owner, recurrence: known.recurrence),
      EventVersion(
        state: .missing, record: known.record, starts: known.starts, ends: known.ends))
  }

  // MARK: What could not be read

  /// Notes that a component could not be read.
  func quarantine(
    _ item: LedgerItem, length: Int, index: Int, owner: String, error: String
  ) throws {
    let word = owner.isEmpty ? nil : try mail.word(owner)
    try item.path.withByteView {
      try mail.quarantine(
        path: $0, offset: item.offset, isInvitation: item.isInvitation, length: length,
        index: index, owner: word, error: error)
    }
  }

  /// True when earlier runs could not read something, mail or component.
  var hasQuarantined: Bool { mail.hasQuarantined }

  /// Notes that a component could be read, if an earlier run could not.
  func resolve(_ item: LedgerItem) throws {
    try item.path.withByteView {
      try mail.resolve(path: $0, offset: item.offset, isInvitation: item.isInvitation)
    }
  }

  // MARK: What this run publishes

  /// Notes a record that this run writes.
  func publish(_ key: Digest, _ kind: RecordKind, _ content: Digest, _ step: Step) throws {
    switch step {
    case .new:
      try book.session.publishNew(RecordKey(key), kind, digest: ContentDigest(content))
    case .changed:
      try book.session.publishChanged(RecordKey(key), kind, digest: ContentDigest(content))
    case .unchanged: break
    }
  }

  /// Notes the version of an occurrence whose task this run writes.
  func setVersion(
    _ uid: String, owner: String, recurrence: [UInt8], key: Digest, isCancelled: Bool,
    sequence: Int, modified: Int64?, starts: Int64, ends: Int64
  ) throws {
    try book.session.setEvent(
      id(uid, owner, recurrence),
      EventVersion(
        state: isCancelled ? .cancelled : .active, record: RecordKey(key),
        sequence: Int64(sequence), modified: modified, starts: starts, ends: ends))
  }

  /// Freezes a meeting that became private, or lets it go on.
  func setFrozen(_ uid: String, owner: String, _ isFrozen: Bool) throws {
    let key = Self.uid(uid)
    let word = try mail.word(owner)
    guard try book.reader.isFrozen(key, owner: word) != isFrozen else { return }
    try book.session.setFrozen(key, owner: word, isFrozen)
  }

  /// Notes when an owner's calendar was last changed.
  func setLastEvent(_ owner: String, _ time: Int64) throws {
    try book.session.setLastEvent(user: owner, time)
  }

  /// Writes down a decision for the log: of a private event no more than its UID's digest and the
  /// reason.
  func decide(
    _ outcome: Outcome, _ o: MeetingOutcome, _ c: MeetingContext, owner: String, subject: String?,
    records: [Digest]
  ) throws {
    var d = DecisionRow(
      kind: .event, outcome: MailMemory.outcome(outcome), direction: .inbound,
      reason: try mail.word(o.reason.rawValue))
    d.item = Self.uid(c.facts.uid)
    if !owner.isEmpty { d.user = try mail.word(owner) }
    guard !c.hidesContent else { return try book.session.decide(d) }
    d.date = c.facts.start
    d.records = records.map { RecordKey($0) }
    var leads: [MeetingHit] = []
    if case .task(let task) = o.record { leads = task.leads }
    d.isCapture = leads.contains { $0.id == nil }
    // Views end with their closures, so the texts are put into one buffer first.
    let text = ByteBuffer(capacity: 256)
    var ranges: [(ByteRange, ByteRange, ByteRange)] = []
    for lead in leads where showsText {
      ranges.append(
        (
          text.place { (lead.id ?? []).withByteView { text.append($0) } },
          text.place { text.append(string: lead.name) },
          text.place { lead.key.withByteView { text.append($0) } }
        ))
    }
    let subjectRange = text.place {
      if showsText { text.append(string: String((subject ?? "").prefix(200))) }
    }
    d.leads = ranges.map { LeadNote(id: text[$0.0], name: text[$0.1], address: text[$0.2]) }
    d.subject = text[subjectRange]
    try book.session.decide(d)
  }
}
