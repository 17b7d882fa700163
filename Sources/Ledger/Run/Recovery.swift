import GRDB

/// A run as the ledger knows it.
public struct RunInfo: Sendable, Equatable {
  /// How far it came. The raw values are in the file.
  public enum State: UInt8, Sendable { case staged = 0, committed, published }
  /// Its number.
  public var id: RunID
  /// How far it came.
  public var state: State
  /// What it knew of itself.
  public var facts: RunRow
  /// Where it built and where it put its output.
  public var places: RunPlaces
  /// What it met.
  public var counts: RunCounts
  /// Records it wrote for the first time, and again.
  public var newRecords, changedRecords: Int64
  /// The caller's digest over the staged files.
  public var manifest: [UInt8]?
  /// When its texts were pruned, or nil.
  public var pruned: UnixTime?
}

/// What the next start has to do before its own run, in this order.
public enum RecoveryAction: Sendable, Equatable {
  /// The run was never committed: remove its staging folder if it is there, then call
  /// ``LedgerFile/markDiscarded(_:)``.
  case discard(RunInfo)
  /// The run was committed: if its staging folder is there, rename it to its destination and sync
  /// the folder they lie in; then, when the destination is there, call
  /// ``LedgerFile/markPublished(_:)``. When neither is there, somebody removed them: call
  /// ``LedgerFile/forget(_:)``, and its items are read and published again.
  case finish(RunInfo)
}

extension LedgerFile {
  static let runColumns = """
    SELECT id, state, started, staging, destination, program, config, users, lists, manifest,
      items, kept, dropped, quarantined, unread, new_records, changed_records, pruned FROM run
    """

  static func run(_ q: Query) throws -> RunInfo {
    guard let state = RunInfo.State(rawValue: UInt8(clamping: q.int(1))) else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a run of unknown state")
    }
    return RunInfo(
      id: q.int(0), state: state,
      facts: RunRow(
        started: q.int(2), program: q.text(5), config: q.optionalBytes(6),
        users: q.optionalBytes(7), lists: q.optionalBytes(8)),
      places: RunPlaces(staging: q.bytes(3), destination: q.bytes(4)),
      counts: RunCounts(
        items: q.int(10), kept: q.int(11), dropped: q.int(12), quarantined: q.int(13),
        unread: q.int(14)),
      newRecords: q.int(15), changedRecords: q.int(16), manifest: q.optionalBytes(9),
      pruned: q.optionalInt(17))
  }

  func runs(where condition: String) throws(LedgerError) -> [RunInfo] {
    try access { db in
      var runs: [RunInfo] = []
      try Query(db, "\(Self.runColumns) WHERE \(condition) ORDER BY id").forEach {
        runs.append(try Self.run($0))
      }
      return runs
    }
  }

  /// What interrupted runs left to do; empty when everything is settled. Call it with the run lock
  /// held, since a live run looks the same from here.
  public func recoveryActions() throws(LedgerError) -> [RecoveryAction] {
    try runs(where: "state < 2").map { $0.state == .staged ? .discard($0) : .finish($0) }
  }

  /// The last run that was published, or nil.
  public func lastPublishedRun() throws(LedgerError) -> RunInfo? {
    try runs(where: "id = (SELECT max(id) FROM run WHERE state = 2)").first
  }

  /// Every run that was committed, oldest first.
  public func allRuns() throws(LedgerError) -> [RunInfo] { try runs(where: "state > 0") }

  /// The output of a committed run is in its place. Marking twice does no harm; `.misuse` for a run
  /// that was never committed.
  public func markPublished(_ run: RunID) throws(LedgerError) {
    try transaction { db in
      let mark = try Query(db, "UPDATE run SET state = 2 WHERE id = ? AND state > 0")
      mark.bind(1, run)
      try mark.run()
      guard mark.changes == 1 else {
        throw LedgerError(
          .misuse, path, "run \(run) was marked as published but never committed",
          mend: "report this as a bug")
      }
    }
  }

  /// The staging folder of a run that was never committed is gone. Its number is not used again.
  public func markDiscarded(_ run: RunID) throws(LedgerError) {
    Stage.remove(ledger: path)
    try transaction { db in
      try Query(db, "DELETE FROM run WHERE id = ? AND state = 0").runBound { $0.bind(1, run) }
    }
  }

  /// The output of a committed run is lost: takes back what the run put into the ledger, so that
  /// the next one reads all sources again and publishes its records. All, since the run may have
  /// had mail from sources that it did not read anew (back-fill). Records that it had written again
  /// stay known, and are written as changed once more. `.misuse` for a run that was published
  /// or never committed: a record that a CRM has taken must stay known.
  public func forget(_ run: RunID) throws(LedgerError) {
    try transaction { db in
      guard try db.number("SELECT count(*) FROM run WHERE id = \(run) AND state = 1") == 1 else {
        throw LedgerError(
          .misuse, path, "run \(run) is not one that was committed and not published",
          mend: "report this as a bug")
      }
      var sums = RecordSums()
      try Query(db, "SELECT key, kind, digest, first_run FROM record WHERE run = \(run)").forEach {
        q in
        guard let key = q.key(0), let kind = RecordKind(rawValue: UInt8(clamping: q.int(1))) else {
          return
        }
        sums.remove(key, kind, ContentDigest(stored: q.optionalInt(2)))
        if q.optionalInt(3) != nil { sums.add(key, kind, nil) }
      }
      try sums.addToTotals(db)
      for sql in [
        "DELETE FROM record WHERE run = \(run) AND first_run IS NULL",
        "UPDATE record SET digest = NULL, run = first_run, first_run = NULL WHERE run = \(run)",
        "DELETE FROM source",
        "DELETE FROM counterpart",
        "DELETE FROM list WHERE run = \(run)",
        "DELETE FROM lead WHERE run = \(run)",
        "DELETE FROM event WHERE run = \(run) AND (record IS NULL OR record NOT IN (SELECT key FROM record))",
        // Known to the CRM as it was before: whatever it is now is a change to be written.
        "UPDATE event SET state = 0, run = coalesce((SELECT run FROM record WHERE key = record), 0) WHERE run = \(run)",
        "DELETE FROM frozen WHERE run = \(run)",
        "DELETE FROM quarantine WHERE first_run = \(run)",
        "UPDATE quarantine SET last_run = first_run WHERE last_run = \(run)",
        "UPDATE quarantine SET resolved = NULL WHERE resolved = \(run)",
        "DELETE FROM decision WHERE run = \(run)",
        "DELETE FROM run WHERE id = \(run)",
      ] { try Query(db, sql).run() }
    }
  }
}
