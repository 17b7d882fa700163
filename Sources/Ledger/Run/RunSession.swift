import Bytes
import GRDB

/// One run: it begins, appends what it finds out, and commits all of it at once.
///
/// ```swift
/// let lock = try RunLock.acquire(ledger: path, now: now)
/// let ledger = try LedgerFile.open(path, mode: .create)
/// for action in try ledger.recoveryActions() { … }        // rename or remove, then mark
/// let session = try RunSession.begin(ledger, lock: lock, facts: facts) { run in places(run) }
/// // … build the staging folder, append facts …
/// // fsync the staging folder
/// try session.commit(counts: counts)                       // the only commit point
/// // rename staging to destination, fsync the folder they lie in
/// try ledger.markPublished(session.run)
/// ```
///
/// Facts go to a file of their own beside the ledger, so memory does not grow with the run and the
/// ledger is not locked while it works. A session is for one thread at a time, whichever it is. One
/// that ends without a commit leaves the ledger as it was, but for the run's number.
public final class RunSession: @unchecked Sendable {
  /// The run's number.
  public let run: RunID
  /// What the run knows of itself; what it learns on its way is written down by the commit.
  public var facts: RunRow
  /// Lookups in what earlier runs published, as it was when the session began.
  public let reader: LedgerReader
  let ledger: LedgerFile
  // Both nil in a rehearsal, which leaves no trace.
  let lock: RunLock?
  let stage: Stage?
  private var words: [String: Int64]
  private var nextWord: Int64
  private var nextSource: Int64
  private(set) var sums = RecordSums()
  private(set) var isOver = false
  private var noted: [UInt8] = []

  private init(
    run: RunID, facts: RunRow, ledger: LedgerFile, lock: RunLock?, stage: Stage?,
    reader: LedgerReader, words: [String: Int64], nextWord: Int64, nextSource: Int64
  ) {
    self.run = run
    self.facts = facts
    self.ledger = ledger
    self.lock = lock
    self.stage = stage
    self.reader = reader
    self.words = words
    self.nextWord = nextWord
    self.nextSource = nextSource
  }

  /// Begins a run: gives it a number and writes down where it will build, so that a kill from now
  /// on leaves nothing unknown behind. `.recoveryNeeded` when an earlier run is not settled.
  ///
  /// - Parameters:
  ///   - ledger: Open for writing.
  ///   - lock: The run lock of the same ledger, held until the session is over.
  ///   - facts: What the run knows of itself.
  ///   - places: The folders for a run's number; neither may exist yet.
  public static func begin(
    _ ledger: LedgerFile, lock: RunLock, facts: RunRow, places: (RunID) -> RunPlaces
  ) throws(LedgerError) -> RunSession {
    guard lock.isHeld else {
      throw LedgerError(
        .misuse, ledger.path, "a run began without the run lock", mend: "report this as a bug")
    }
    guard try ledger.recoveryActions().isEmpty else {
      throw LedgerError(
        .recoveryNeeded, ledger.path, "an earlier run was interrupted and is not settled",
        mend: "settle it first (recovery)")
    }
    let stage: Stage
    do { stage = try Stage(ledger: ledger.path) } catch { throw .from(error, path: ledger.path) }
    let run = try ledger.transaction { db in try insert(db, facts, places) }
    return try make(run, facts, ledger, lock, stage)
  }

  /// A run that is only gone through: it sees what earlier runs published, takes in whatever it is
  /// told and forgets it. Needs no lock, waits for nobody and changes nothing.
  ///
  /// - Parameter ledger: Open in any mode.
  public static func rehearse(
    _ ledger: LedgerFile, facts: RunRow
  ) throws(LedgerError) -> RunSession {
    let last = try ledger.access { db in try db.number("SELECT max(id) FROM run") }
    return try make(last &+ 1, facts, ledger, nil, nil)
  }

  private static func make(
    _ run: RunID, _ facts: RunRow, _ ledger: LedgerFile, _ lock: RunLock?, _ stage: Stage?
  ) throws(LedgerError) -> RunSession {
    let (words, nextSource) = try ledger.access { db in
      var words: [String: Int64] = [:]
      try Query(db, "SELECT id, text FROM word").forEach { words[$0.text(1)] = $0.int(0) }
      // Counterparts may still name the sources of old that were dropped: no number comes twice.
      let sources = try db.number("SELECT max(id) FROM source")
      let seen = try db.number("SELECT max(next_source) FROM run")
      return (words, max(sources &+ 1, seen))
    }
    return RunSession(
      run: run, facts: facts, ledger: ledger, lock: lock, stage: stage,
      reader: try ledger.reader(), words: words, nextWord: (words.values.max() ?? 0) &+ 1,
      nextSource: max(nextSource, 1))
  }

  private static func insert(
    _ db: Database, _ facts: RunRow, _ places: (RunID) -> RunPlaces
  ) throws -> RunID {
    let insert = try Query(
      db,
      """
      INSERT INTO run (state, started, staging, destination, program, config, users, lists)
      VALUES (0, ?, x'', x'', ?, ?, ?, ?)
      """)
    insert.bind(1, facts.started)
    insert.bind(2, text: facts.program)
    insert.bind(3, copied: facts.config)
    insert.bind(4, copied: facts.users)
    insert.bind(5, copied: facts.lists)
    try insert.run()
    let run = db.lastInsertedRowID
    let chosen = places(run)
    let update = try Query(db, "UPDATE run SET staging = ?, destination = ? WHERE id = ?")
    update.bind(1, copied: chosen.staging)
    update.bind(2, copied: chosen.destination)
    update.bind(3, run)
    try update.run()
    return run
  }

  deinit { end() }

  /// Gives up: removes the facts and the run's row. Call it when the staging folder is gone. After
  /// a commit, failed or not, it does nothing: then recovery decides.
  public func abandon() throws(LedgerError) {
    guard !isOver else { return }
    end()
    guard let stage else { return }
    stage.discard()
    try ledger.markDiscarded(run)
  }

  func end() {
    isOver = true
    reader.close()
  }

  /// True for a run that is only gone through.
  public var isRehearsal: Bool { stage == nil }

  /// The file that a run's facts go to until the commit: of no use once its process has ended.
  public static func draftPath(forLedger path: String) -> String { Stage.path(ledger: path) }

  var sourceCeiling: Int64 { nextSource }

  private func append(_ table: Stage.Table, _ bind: (Query) -> Void) throws(LedgerError) {
    guard let stage else { return }
    do { try stage.append(table, bind) } catch { throw .from(error, path: stage.path) }
  }

  // MARK: What the run finds out

  /// The number of a short text: a user's id, a reason. Asked once, kept by the caller.
  public func word(_ text: String) throws(LedgerError) -> WordID {
    if let id = words[text] { return WordID(value: id) }
    let id = nextWord
    try append(.word) {
      $0.bind(1, id)
      $0.bind(2, text: text)
    }
    nextWord &+= 1
    words[text] = id
    return WordID(value: id)
  }

  /// A record that was never published before. The commit fails with `.publishedTwice` if it was.
  public func publishNew(
    _ key: RecordKey, _ kind: RecordKind, digest: ContentDigest? = nil
  ) throws(LedgerError) {
    try append(.newRecord) {
      $0.bind(1, key)
      $0.bind(2, Int64(kind.rawValue))
      $0.bind(3, digest.map { Int64(bitPattern: $0.bits) })
    }
    sums.add(key, kind, digest)
  }

  /// A published record that is written again because it changed. The commit fails with
  /// `.neverPublished` if it was not.
  public func publishChanged(
    _ key: RecordKey, _ kind: RecordKind, digest: ContentDigest? = nil
  ) throws(LedgerError) {
    try append(.changedRecord) {
      $0.bind(1, key)
      $0.bind(2, Int64(kind.rawValue))
      $0.bind(3, digest.map { Int64(bitPattern: $0.bits) })
    }
  }

  /// A decision for the log, in source order.
  public func decide(_ d: DecisionRow) throws(LedgerError) {
    guard let stage else { return }
    noted.removeAll(keepingCapacity: true)
    for lead in d.leads {
      if !noted.isEmpty { noted.append(0x0A) }
      Self.appendField(lead.id, to: &noted)
      noted.append(0x09)
      Self.appendField(lead.name, to: &noted)
      noted.append(0x09)
      Self.appendField(lead.address, to: &noted)
    }
    let append = { (leads: ByteView, records: ByteView) throws in
      try stage.append(.decision) {
        $0.bind(1, d.shape)
        $0.bind(2, d.user?.value)
        $0.bind(3, d.reason.value)
        $0.bind(4, d.date)
        $0.bind(5, d.item)
        $0.bind(6, text: d.subject)
        $0.bind(7, text: leads)
        if records.isEmpty { $0.bind(8, nil as Int64?) } else { $0.bind(8, blob: records) }
      }
    }
    do {
      try noted.withByteView { leads in
        if d.records.isEmpty { return try append(leads, .empty) }
        var bytes: [UInt8] = []
        for key in d.records { withUnsafeBytes(of: key.words) { bytes.append(contentsOf: $0) } }
        try bytes.withByteView { try append(leads, $0) }
      }
    } catch {
      throw .from(error, path: stage.path)
    }
  }

  // TAB and LF part the fields and leads of the column.
  private static func appendField(_ v: ByteView, to out: inout [UInt8]) {
    for byte in v.buffer { out.append(byte == 0x09 || byte == 0x0A ? 0x20 : byte) }
  }

  /// A number for a source that is new, or that is read from its beginning: what the ledger knew of
  /// its old number (``dropSource(_:)``) is then void, without a search for it.
  public func newSource() -> SourceID {
    defer { nextSource &+= 1 }
    return SourceID(value: nextSource)
  }

  /// How far a source was read. The last state given for a number counts.
  public func setSource(_ id: SourceID, _ state: SourceState) throws(LedgerError) {
    try append(.source) {
      $0.bind(1, id.value)
      $0.bind(2, copied: state.path)
      $0.bind(3, state.path.withByteView(ShortHash.of))
      $0.bind(4, state.owner?.value)
      $0.bind(5, state.device)
      $0.bind(6, state.inode)
      $0.bind(7, state.size)
      $0.bind(8, state.modified)
      $0.bind(9, state.changed)
      $0.bind(10, state.offset)
      $0.bind(11, state.items)
      $0.bind(12, copied: state.fingerprint)
      $0.bind(13, copied: state.marks)
      $0.bind(14, copied: state.digest)
      $0.bind(15, copied: state.note)
    }
  }

  /// Forgets a source: gone, or read from its beginning under a new number. What was published from
  /// it stays published.
  public func dropSource(_ id: SourceID) throws(LedgerError) {
    try append(.droppedSource) { $0.bind(1, id.value) }
  }

  /// A mail that was dropped as `no-lead`, once for each of its counterparts.
  public func keepForBackfill(_ address: AddressHash, _ place: StoredPlace) throws(LedgerError) {
    try append(.counterpart) {
      $0.bind(1, address.bits)
      $0.bind(2, place.source.value)
      $0.bind(3, place.offset)
      $0.bind(4, place.length)
      $0.bind(5, place.item)
    }
  }

  /// The mail of an address was read again (or its source is gone and that was reported): its
  /// places from earlier runs are forgotten. Those kept in this run stay.
  public func backfilled(_ address: AddressHash) throws(LedgerError) {
    try append(.droppedCounterpart) { $0.bind(1, address.bits) }
  }

  /// An address that a mailing list says is its own: nobody behind it is a lead, in later runs
  /// neither.
  public func keepList(_ address: AddressHash) throws(LedgerError) {
    try append(.list) { $0.bind(1, address.bits) }
  }

  /// A captured lead, or a captured lead's earlier mail; the last one given for an address counts.
  public func capture(_ lead: CapturedLead) throws(LedgerError) {
    try append(.lead) {
      $0.bind(1, text: lead.address)
      $0.bind(2, lead.key)
      $0.bind(3, text: lead.name)
      $0.bind(4, lead.owner?.value)
      $0.bind(5, lead.firstSeen)
      $0.bind(6, text: lead.firstMessageID)
    }
  }

  /// The version of an event that was published; the last one given counts.
  public func setEvent(_ id: EventID, _ version: EventVersion) throws(LedgerError) {
    try append(.event) {
      $0.bind(1, id.uid)
      $0.bind(2, id.owner.value)
      $0.bind(3, copied: id.recurrence)
      $0.bind(4, version.record)
      $0.bind(5, version.source?.value)
      $0.bind(6, Int64(version.state.rawValue))
      $0.bind(7, version.sequence)
      $0.bind(8, version.modified)
      $0.bind(9, version.starts)
      $0.bind(10, version.ends)
    }
  }

  /// A published event became private (true) or public again (false).
  public func setFrozen(
    _ uid: RecordKey, owner: WordID, _ isFrozen: Bool
  ) throws(LedgerError) {
    try append(.frozen) {
      $0.bind(1, uid)
      $0.bind(2, owner.value)
      $0.bind(3, isFrozen ? 1 : 0)
    }
  }

  /// An item could not be read: quarantined, or tried once more in vain.
  public func quarantine(_ item: QuarantinedItem) throws(LedgerError) {
    try append(.quarantine) {
      $0.bind(1, item.item)
      $0.bind(2, copied: item.path)
      $0.bind(3, item.offset)
      $0.bind(4, item.length)
      $0.bind(5, item.number)
      $0.bind(6, item.owner?.value)
      $0.bind(7, text: item.error)
    }
  }

  /// A quarantined item could be read now.
  public func resolveQuarantined(_ item: RecordKey) throws(LedgerError) {
    try append(.resolved) { $0.bind(1, item) }
  }

  /// The newest event or mail seen of a user (CS-7-refresh); the last one given counts.
  public func setLastEvent(user: String, _ time: UnixTime) throws(LedgerError) {
    try append(.user) {
      $0.bind(1, text: user)
      $0.bind(2, time)
    }
  }
}
