public import Bytes
import GRDB

/// A record that an earlier run published.
public struct PublishedRecord: Sendable, Equatable {
  /// What it is.
  public var kind: RecordKind
  /// The last run that wrote it.
  public var run: RunID
  /// What it said then; nil when that is not known.
  public var digest: ContentDigest?
}

/// A source that an earlier run read.
public struct KnownSource: Sendable, Equatable {
  /// Its number.
  public var id: SourceID
  /// How far it was read.
  public var state: SourceState
  /// The run that read it.
  public var run: RunID
  /// That run's digests of configuration, users and lists.
  public var config, users, lists: [UInt8]?
}

/// Lookups in one unchanging view of the ledger, by prepared statements on primary keys.
///
/// Keeps one read transaction open, so that each lookup is free of file locks; writers are not
/// disturbed. For one thread at a time, whichever it is. While it is open, nothing can be written
/// through the same ``LedgerFile`` but by the session it belongs to, which closes it at its commit.
public final class LedgerReader: @unchecked Sendable {
  let ledger: LedgerFile
  private var queries: [String: Query] = [:]
  private var find: Query?
  private var isOpen = true
  private var known: KeySet?

  init(_ ledger: LedgerFile) throws {
    self.ledger = ledger
    find = try ledger.queue.inDatabase { db in
      try db.execute(sql: "BEGIN")
      return try Query(db, "SELECT kind, run, digest FROM record WHERE key = ?")
    }
  }

  deinit { close() }

  /// Ends the view; further lookups fail.
  public func close() {
    guard isOpen else { return }
    isOpen = false
    ledger.queue.inDatabase { db in
      find = nil
      queries = [:]
      if db.isInsideTransaction { try? db.execute(sql: "COMMIT") }
    }
  }

  private func ask<T>(_ sql: String, _ body: (Query) throws -> T) throws(LedgerError) -> T {
    try ledger.access { db in
      try checkOpen()
      if let query = queries[sql] { return try body(query) }
      let query = try Query(db, sql)
      queries[sql] = query
      return try body(query)
    }
  }

  private func checkOpen() throws {
    if !isOpen { throw DatabaseError(resultCode: .SQLITE_MISUSE, message: "the view is closed") }
  }

  // MARK: Records

  /// The published record of a key, or nil.
  public func published(_ key: RecordKey) throws(LedgerError) -> PublishedRecord? {
    if let known, !known.contains(key) { return nil }
    return try ledger.access { _ in try lookUp(key) }
  }

  /// The published records of many keys, in their order: one entry into the connection for all.
  public func published(_ keys: [RecordKey]) throws(LedgerError) -> [PublishedRecord?] {
    try ledger.access { _ in
      try keys.map { key in
        if let known, !known.contains(key) { return nil }
        return try lookUp(key)
      }
    }
  }

  private func lookUp(_ key: RecordKey) throws -> PublishedRecord? {
    try checkOpen()
    guard let find else { return nil }
    find.bind(1, key)
    return try find.first { q in
      guard let kind = RecordKind(rawValue: UInt8(clamping: q.int(0))) else {
        throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "unknown kind of record")
      }
      return PublishedRecord(
        kind: kind, run: q.int(1),
        digest: q.optionalInt(2).map { ContentDigest(bits: UInt64(bitPattern: $0)) })
    }
  }

  /// Reads 64 bits of every key into memory (11 to 22 bytes a record), so that a key that was never
  /// published is known without a lookup. Worth it before very many lookups; nothing changes but
  /// their speed. Does nothing when the ledger holds more than `limit` records.
  public func preload(limit: Int = 4_000_000) throws(LedgerError) {
    known = try ledger.access { db in
      try checkOpen()
      // The totals are only a hint: they come from the file.
      let count = Int(clamping: try db.number("SELECT sum(count) FROM total"))
      guard count <= limit else { return nil }
      var set = KeySet(capacity: count)
      try Query(db, "SELECT key FROM record").walk { q in
        if let key = q.key(0) { set.insert(key) }
        return set.count <= limit
      }
      return set.count <= limit ? set : nil
    }
  }

  // MARK: Words

  /// The number of a text, if the ledger has it.
  public func word(_ text: String) throws(LedgerError) -> WordID? {
    try ask("SELECT id FROM word WHERE text = ?") { q in
      q.bind(1, text: text)
      return try q.first { WordID(value: $0.int(0)) }
    }
  }

  /// The text of a number, empty when it is unknown.
  public func text(_ word: WordID) throws(LedgerError) -> String {
    try ask("SELECT text FROM word WHERE id = ?") { q in
      q.bind(1, word.value)
      return try q.first { $0.text(0) } ?? ""
    }
  }

  // MARK: Sources

  private static let sourceQuery = """
    SELECT s.id, s.path, s.owner, s.device, s.inode, s.size, s.modified, s.changed, s.offset,
      s.items, s.fingerprint, s.marks, s.digest, s.note, s.run, r.config, r.users, r.lists
    FROM source s JOIN run r ON r.id = s.run
    """

  private static func source(_ q: Query) -> KnownSource {
    KnownSource(
      id: SourceID(value: q.int(0)),
      state: SourceState(
        path: q.bytes(1), owner: q.optionalInt(2).map(WordID.init(value:)), device: q.int(3),
        inode: q.int(4), size: q.int(5), modified: q.int(6), changed: q.int(7), offset: q.int(8),
        items: q.int(9), fingerprint: q.optionalBytes(10), marks: q.optionalBytes(11),
        digest: q.optionalBytes(12), note: q.optionalBytes(13)),
      run: q.int(14), config: q.optionalBytes(15), users: q.optionalBytes(16),
      lists: q.optionalBytes(17))
  }

  /// The source of a path, or nil when it was never read.
  public func source(path: ByteView) throws(LedgerError) -> KnownSource? {
    try ask(Self.sourceQuery + " WHERE s.path_hash = ? AND s.path = ?") { q in
      q.bind(1, ShortHash.of(path))
      q.bind(2, blob: path)
      return try q.first(Self.source)
    }
  }

  /// The source of a number, or nil when it was dropped.
  public func source(_ id: SourceID) throws(LedgerError) -> KnownSource? {
    try ask(Self.sourceQuery + " WHERE s.id = ?") { q in
      q.bind(1, id.value)
      return try q.first(Self.source)
    }
  }

  /// Every known source, in the order of their numbers, until `body` returns false; it must not use
  /// the reader or the ledger.
  public func forEachSource(_ body: (KnownSource) -> Bool) throws(LedgerError) {
    try ask(Self.sourceQuery + " ORDER BY s.id") { q in try q.walk { body(Self.source($0)) } }
  }

  // MARK: Mail kept for back-fill

  /// Where mail of this address lies that was dropped because nobody was a lead; by source and
  /// offset. Places in sources that were read anew since then are left out.
  public func backfill(_ address: AddressHash) throws(LedgerError) -> [StoredPlace] {
    try ask(
      """
      SELECT c.source, c.offset, c.length, c.item FROM counterpart c JOIN source s ON s.id = c.source
      WHERE c.address = ? ORDER BY c.source, c.offset
      """
    ) { q in
      q.bind(1, address.bits)
      var places: [StoredPlace] = []
      try q.forEach {
        places.append(
          StoredPlace(
            source: SourceID(value: $0.int(0)), offset: $0.int(1), length: $0.int(2),
            item: $0.int(3)))
      }
      return places
    }
  }

  /// Which of many addresses have mail kept for back-fill: one entry into the connection for all.
  public func backfillable(_ addresses: [AddressHash]) throws(LedgerError) -> [AddressHash] {
    try ask("SELECT 1 FROM counterpart WHERE address = ? LIMIT 1") { q in
      try addresses.filter { address in
        q.bind(1, address.bits)
        return try q.first { _ in true } ?? false
      }
    }
  }

  /// True when any mailing list is known.
  public func hasLists() throws(LedgerError) -> Bool {
    try ask("SELECT 1 FROM list LIMIT 1") { q in try q.first { _ in true } ?? false }
  }

  /// True when a mailing list said that the address is its own.
  public func isList(_ address: AddressHash) throws(LedgerError) -> Bool {
    try ask("SELECT 1 FROM list WHERE address = ?") { q in
      q.bind(1, address.bits)
      return try q.first { _ in true } ?? false
    }
  }

  // MARK: Leads and events

  private static let leadColumns =
    "SELECT address, key, name, owner, first_seen, first_message FROM lead"

  private static func lead(_ q: Query) throws -> CapturedLead {
    guard let key = q.key(1) else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a lead without key")
    }
    return CapturedLead(
      address: q.text(0), key: key, name: q.optionalText(2),
      owner: q.optionalInt(3).map(WordID.init(value:)), firstSeen: q.optionalInt(4),
      firstMessageID: q.optionalText(5))
  }

  /// Every captured lead, by address, until `body` returns false; it must not use the reader or the
  /// ledger.
  public func forEachLead(_ body: (CapturedLead) -> Bool) throws(LedgerError) {
    try ask(Self.leadColumns + " ORDER BY address") { q in try q.walk { body(try Self.lead($0)) } }
  }

  /// The captured lead of an address, or nil.
  public func lead(address: String) throws(LedgerError) -> CapturedLead? {
    try ask(Self.leadColumns + " WHERE address = ?") { q in
      q.bind(1, text: address)
      return try q.first(Self.lead)
    }
  }

  private static let eventColumns = """
    SELECT uid, owner, recurrence, record, source, state, sequence, modified, starts, ends FROM event
    """

  private static func event(_ q: Query) throws -> (EventID, EventVersion) {
    guard let uid = q.key(0), let state = EventVersion.State(rawValue: UInt8(clamping: q.int(5)))
    else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "an event of unknown shape") }
    return (
      EventID(uid: uid, owner: WordID(value: q.int(1)), recurrence: q.bytes(2)),
      EventVersion(
        state: state, record: q.key(3), source: q.optionalInt(4).map(SourceID.init(value:)),
        sequence: q.optionalInt(6), modified: q.optionalInt(7), starts: q.optionalInt(8),
        ends: q.optionalInt(9))
    )
  }

  /// The published version of one occurrence, or nil.
  public func event(_ id: EventID) throws(LedgerError) -> EventVersion? {
    try ask(Self.eventColumns + " WHERE uid = ? AND owner = ? AND recurrence = ?") { q in
      q.bind(1, id.uid)
      q.bind(2, id.owner.value)
      q.bind(3, copied: id.recurrence)
      return try q.first(Self.event)?.1
    }
  }

  /// All published occurrences of an event in one calendar, by recurrence.
  public func events(
    uid: RecordKey, owner: WordID
  ) throws(LedgerError) -> [(id: EventID, version: EventVersion)] {
    try ask(Self.eventColumns + " WHERE uid = ? AND owner = ? ORDER BY recurrence") { q in
      q.bind(1, uid)
      q.bind(2, owner.value)
      var found: [(id: EventID, version: EventVersion)] = []
      try q.forEach { found.append(try Self.event($0)) }
      return found
    }
  }

  /// Every published event, by UID's hash, owner and recurrence: for those that are missing from an
  /// export. Until `body` returns false; it must not use the reader or the ledger.
  public func forEachEvent(_ body: (EventID, EventVersion) -> Bool) throws(LedgerError) {
    try ask(Self.eventColumns + " ORDER BY uid, owner, recurrence") { q in
      try q.walk {
        let (id, version) = try Self.event($0)
        return body(id, version)
      }
    }
  }

  /// True when a published event became private.
  public func isFrozen(_ uid: RecordKey, owner: WordID) throws(LedgerError) -> Bool {
    try ask("SELECT 1 FROM frozen WHERE uid = ? AND owner = ?") { q in
      q.bind(1, uid)
      q.bind(2, owner.value)
      return try q.first { _ in true } ?? false
    }
  }
}

extension LedgerFile {
  /// A view for lookups; close it before anything is written.
  public func reader() throws(LedgerError) -> LedgerReader {
    do { return try LedgerReader(self) } catch { throw .from(error, path: path) }
  }
}
