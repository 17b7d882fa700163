import GRDB

/// What `ledger check` found.
public struct CheckReport: Sendable, Equatable {
  /// What is wrong, one line each, at most 100; empty when the ledger is sound.
  public var problems: [String] = []
  /// Published records by kind, in the order of ``RecordKind/allCases``.
  public var records: [Int64] = []
  /// Runs that were published, and runs that were interrupted and wait for recovery.
  public var published: Int64 = 0
  /// Runs that wait for recovery.
  public var unsettled: Int64 = 0

  /// True when nothing is wrong.
  public var isSound: Bool { problems.isEmpty }
}

extension LedgerFile {
  /// Looks at the whole ledger: the structure of the file, references between tables, every record
  /// against the totals kept with each commit (so that a flipped bit inside a key is found, too),
  /// every run's own counts. Reads everything; changes nothing.
  ///
  /// Damage is an answer here, not an error; errors are a ledger that cannot be read at all.
  public func check() throws(LedgerError) -> CheckReport {
    try access { db in
      var report = CheckReport()
      func note(_ line: String) { if report.problems.count < 100 { report.problems.append(line) } }
      func look(_ at: String, _ body: () throws -> Void) throws {
        do {
          try body()
        } catch let error as DatabaseError
          where [.SQLITE_CORRUPT, .SQLITE_ERROR, .SQLITE_NOTADB].contains(error.resultCode)
        {
          note("\(at): \(error.message ?? "cannot be read")")
        }
      }
      try look("structure") {
        try Query(db, "PRAGMA integrity_check(50)").forEach { q in
          if q.text(0) != "ok" { note("structure: \(q.text(0))") }
        }
      }
      try look("references") {
        try Query(db, "PRAGMA foreign_key_check").forEach { q in
          note("references: a row of \(q.text(0)) names a row of \(q.text(2)) that is missing")
        }
      }
      try look("records") { try Self.checkRecords(db, note) { report.records = $0 } }
      try look("runs") {
        try Self.checkRuns(db, note)
        report.published = try db.number("SELECT count(*) FROM run WHERE state = 2")
        report.unsettled = try db.number("SELECT count(*) FROM run WHERE state < 2")
      }
      return report
    }
  }

  private static func checkRecords(
    _ db: Database, _ note: (String) -> Void, _ counts: ([Int64]) -> Void
  ) throws {
    let found = try recordSums(db)
    counts(found.counts)
    try Query(db, "SELECT kind, count, sum FROM total ORDER BY kind").forEach { q in
      guard let kind = RecordKind(rawValue: UInt8(clamping: q.int(0))) else { return }
      let i = Int(kind.rawValue)
      if q.int(1) != found.counts[i] {
        note("records: \(found.counts[i]) of kind \(kind), but \(q.int(1)) were published")
      } else if UInt64(bitPattern: q.int(2)) != found.sums[i] {
        note("records: the keys or digests of kind \(kind) are not those that were published")
      }
    }
  }

  /// Counts and sums of the record table as it is.
  static func recordSums(_ db: Database) throws -> RecordSums {
    var sums = RecordSums()
    try Query(db, "SELECT key, kind, digest FROM record").forEach { q in
      guard let key = q.key(0), let kind = RecordKind(rawValue: UInt8(clamping: q.int(1))) else {
        throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a record of unknown shape")
      }
      sums.add(key, kind, ContentDigest(stored: q.optionalInt(2)))
    }
    return sums
  }

  private static func checkRuns(_ db: Database, _ note: (String) -> Void) throws {
    var first: [RunID: Int64] = [:]
    try Query(db, "SELECT coalesce(first_run, run), count(*) FROM record GROUP BY 1").forEach {
      first[$0.int(0)] = $0.int(1)
    }
    let decisions = try Query(
      db, "SELECT count(*) FROM decision WHERE id BETWEEN ? AND ? AND run = ?")
    try Query(
      db, "SELECT id, new_records, first_decision, last_decision FROM run WHERE state > 0"
    ).forEach { q in
      let (id, found) = (q.int(0), first[q.int(0)] ?? 0)
      if found != q.int(1) {
        note("run \(id): \(found) records, but \(q.int(1)) were published")
      }
      guard let low = q.optionalInt(2), let high = q.optionalInt(3) else { return }
      decisions.bind(1, low)
      decisions.bind(2, high)
      decisions.bind(3, id)
      let count = try decisions.first { $0.int(0) } ?? 0
      if count != high &- low &+ 1 {
        note("run \(id): \(count) decisions, but \(high &- low &+ 1) were logged")
      }
    }
  }
}
