import GRDB
import Glibc

/// A published run, as its output folder tells it.
public struct RebuiltRun: Sendable, Equatable {
  /// Its number, if the folder says it.
  public var id: RunID?
  /// When it began.
  public var started: UnixTime
  /// The program's version.
  public var program: String
  /// The folder.
  public var destination: [UInt8]

  /// A run.
  public init(id: RunID?, started: UnixTime, program: String, destination: [UInt8]) {
    self.id = id
    self.started = started
    self.program = program
    self.destination = destination
  }
}

/// Takes in what the output folders say, folder by folder from the oldest to the newest.
public final class LedgerRebuild {
  private let db: Database
  private let path: String
  private let insertRecord, insertLead, insertEvent, insertWord, findWord: Query
  private(set) var runs: [RunID] = []

  fileprivate init(_ db: Database, path: String) throws {
    self.db = db
    self.path = path
    insertRecord = try Query(
      db,
      """
      INSERT INTO record (key, kind, run, digest) VALUES (?1, ?2, ?3, ?4)
      ON CONFLICT (key) DO UPDATE SET digest = excluded.digest,
        first_run = CASE WHEN run = ?3 THEN first_run ELSE coalesce(first_run, run) END, run = ?3
      """)
    insertLead = try Query(
      db,
      """
      INSERT INTO lead (address, key, name, owner, first_seen, first_message, run)
      VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (address) DO NOTHING
      """)
    insertEvent = try Query(
      db,
      """
      INSERT OR REPLACE INTO event
        (uid, owner, recurrence, record, source, state, sequence, modified, starts, ends, run)
      VALUES (?, ?, ?, ?, NULL, ?, ?, ?, ?, ?, ?)
      """)
    insertWord = try Query(db, "INSERT OR IGNORE INTO word (text) VALUES (?)")
    findWord = try Query(db, "SELECT id FROM word WHERE text = ?")
  }

  private func mapped<T>(_ body: () throws -> T) throws(LedgerError) -> T {
    do { return try body() } catch { throw .from(error, path: path) }
  }

  /// A folder; gives the number that its records are added with. A number that the ledger has
  /// already keeps its row.
  public func run(_ run: RebuiltRun) throws(LedgerError) -> RunID {
    try mapped {
      let insert = try Query(
        db,
        """
        INSERT OR IGNORE INTO run (id, state, started, staging, destination, program)
        VALUES (?, 2, ?, x'', ?, ?)
        """)
      insert.bind(1, run.id)
      insert.bind(2, run.started)
      insert.bind(3, copied: run.destination)
      insert.bind(4, text: run.program)
      try insert.run()
      let id = run.id ?? db.lastInsertedRowID
      runs.append(id)
      return id
    }
  }

  /// A short text's number.
  public func word(_ text: String) throws(LedgerError) -> WordID {
    try mapped {
      insertWord.bind(1, text: text)
      try insertWord.run()
      findWord.bind(1, text: text)
      return WordID(value: try findWord.first { $0.int(0) } ?? 0)
    }
  }

  /// A record in a folder. Without a digest a task counts as changed once.
  public func record(
    _ key: RecordKey, _ kind: RecordKind, digest: ContentDigest?, run: RunID
  ) throws(LedgerError) {
    try mapped {
      insertRecord.bind(1, key)
      insertRecord.bind(2, Int64(kind.rawValue))
      insertRecord.bind(3, run)
      insertRecord.bind(4, digest.map { Int64(bitPattern: $0.bits) })
      try insertRecord.run()
    }
  }

  /// A captured lead in a folder.
  public func lead(_ lead: CapturedLead, run: RunID) throws(LedgerError) {
    try mapped {
      insertLead.bind(1, text: lead.address)
      insertLead.bind(2, lead.key)
      insertLead.bind(3, text: lead.name)
      insertLead.bind(4, lead.owner?.value)
      insertLead.bind(5, lead.firstSeen)
      insertLead.bind(6, text: lead.firstMessageID)
      insertLead.bind(7, run)
      try insertLead.run()
    }
  }

  /// A task in a folder.
  public func event(_ id: EventID, _ version: EventVersion, run: RunID) throws(LedgerError) {
    try mapped {
      insertEvent.bind(1, id.uid)
      insertEvent.bind(2, id.owner.value)
      insertEvent.bind(3, copied: id.recurrence)
      insertEvent.bind(4, version.record)
      insertEvent.bind(5, Int64(version.state.rawValue))
      insertEvent.bind(6, version.sequence)
      insertEvent.bind(7, version.modified)
      insertEvent.bind(8, version.starts)
      insertEvent.bind(9, version.ends)
      insertEvent.bind(10, run)
      try insertEvent.run()
    }
  }

  // Totals and counts follow from what is there now.
  fileprivate func finish() throws {
    var first: [RunID: Int64] = [:]
    try Query(db, "SELECT coalesce(first_run, run), count(*) FROM record GROUP BY 1").forEach {
      first[$0.int(0)] = $0.int(1)
    }
    let set = try Query(db, "UPDATE run SET new_records = ? WHERE id = ?")
    for run in runs {
      set.bind(1, first[run] ?? 0)
      set.bind(2, run)
      try set.run()
    }
    try Query(db, "UPDATE total SET count = 0, sum = 0").run()
    try LedgerFile.recordSums(db).addToTotals(db)
  }
}

extension LedgerFile {
  /// Puts a damaged ledger out of the way, its log files with it, so that a new one can be made;
  /// nothing is deleted. Only with the run lock held.
  ///
  /// - Returns: Where it is now: `<path>.damaged-1` or the next free number.
  public static func setAside(_ path: String, lock: RunLock) throws(LedgerError) -> String {
    guard lock.isHeld else {
      throw LedgerError(
        .misuse, path, "a ledger was set aside without the run lock", mend: "report this as a bug")
    }
    var number = 1
    while POSIXFile.status("\(path).damaged-\(number)") != nil { number += 1 }
    let target = "\(path).damaged-\(number)"
    // The log first: without it the file beside it is only older, never half.
    for suffix in ["-wal", "-shm", ""] where POSIXFile.status(path + suffix) != nil {
      guard rename(path + suffix, target + suffix) == 0 else {
        throw .posix(errno, path, "the damaged ledger cannot be moved", mend: "move it yourself")
      }
    }
    return target
  }

  /// Adds what the output folders say to the ledger, in one transaction: for a new ledger after the
  /// old one was damaged or lost. Nothing that the ledger knows is taken away. Sources are not in
  /// the folders, so the next run reads them whole, and the keys keep it from publishing twice.
  /// `body` must not use the ledger but through what it is given; when it throws, nothing is kept.
  public func rebuild(
    lock: RunLock, _ body: (LedgerRebuild) throws(LedgerError) -> Void
  ) throws(LedgerError) {
    guard lock.isHeld else {
      throw LedgerError(
        .misuse, path, "a ledger was rebuilt without the run lock", mend: "report this as a bug")
    }
    try transaction { db in
      let rebuild = try LedgerRebuild(db, path: path)
      try body(rebuild)
      try rebuild.finish()
    }
  }
}
