import GRDB

extension RunSession {
  /// Merges everything the run found out into the ledger, in one durable transaction: the only
  /// commit point. Call it when the staging folder is whole and synced.
  ///
  /// After it, rename the folder and call ``LedgerFile/markPublished(_:)``; a kill in between is
  /// settled by ``LedgerFile/recoveryActions()``. When it fails nothing counts as published, but
  /// leave the staging folder in place: after a failed fsync nobody knows what reached the disk,
  /// and the next start's recovery does the right thing in both cases.
  ///
  /// - Parameters:
  ///   - counts: For the log and `check`.
  ///   - manifest: The caller's digest over the staged files, kept for recovery.
  public func commit(counts: RunCounts, manifest: [UInt8]? = nil) throws(LedgerError) {
    guard !isOver, let lock, lock.isHeld, let stage else {
      throw LedgerError(
        .misuse, ledger.path, "a run was committed twice or without the run lock",
        mend: "report this as a bug")
    }
    end()
    defer { stage.discard() }
    do {
      try stage.close()
      try ledger.queue.inDatabase { db in
        try Query(db, "ATTACH ? AS staged").runBound { $0.bind(1, text: stage.path) }
      }
      defer {
        _ = try? ledger.queue.inDatabase { db in try db.execute(sql: "DETACH staged") }
      }
      try ledger.queue.inDatabase { db in
        try db.inTransaction(.immediate) {
          try StageMerge(db, self, counts, manifest).merge()
          return .commit
        }
      }
    } catch {
      throw .from(error, path: ledger.path)
    }
  }
}

extension Query {
  /// Binds and runs.
  func runBound(_ bind: (Query) -> Void) throws {
    bind(self)
    try run()
  }
}

/// The merge of the staged facts into the ledger's tables.
private struct StageMerge {
  let db: Database
  let session: RunSession
  let counts: RunCounts
  let manifest: [UInt8]?
  var run: RunID { session.run }

  init(_ db: Database, _ session: RunSession, _ counts: RunCounts, _ manifest: [UInt8]?) {
    self.db = db
    self.session = session
    self.counts = counts
    self.manifest = manifest
  }

  func merge() throws {
    guard try db.number("SELECT count(*) FROM run WHERE id = \(run) AND state = 0") == 1 else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "the run's row is gone")
    }
    try execute("INSERT INTO word SELECT id, text FROM staged.word")
    try mergeRecords()
    try mergeSources()
    try mergeCounterparts()
    try mergeLeadsAndEvents()
    try mergeQuarantine()
    try execute(
      """
      INSERT INTO user (id, state, since, last_event, last_run)
      SELECT id, 0, (SELECT started FROM run WHERE id = \(run)), last_event, \(run)
      FROM staged.user WHERE true
      ON CONFLICT (id) DO UPDATE SET last_run = excluded.last_run,
        last_event = max(coalesce(last_event, excluded.last_event), excluded.last_event)
      """)
    let decisions = try mergeDecisions()
    try finish(decisions)
  }

  // Sorted by key: each page of the tree is touched once, and a first run fills its pages.
  private func mergeRecords() throws {
    do {
      try execute(
        """
        INSERT INTO record (key, kind, run, digest)
        SELECT key, kind, \(run), digest FROM staged.new_record ORDER BY key
        """)
    } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
      throw try doubled() ?? error
    }
    var sums = session.sums
    let find = try Query(db, "SELECT kind, digest FROM record WHERE key = ?")
    let update = try Query(
      db,
      """
      UPDATE record SET digest = ?, first_run = coalesce(first_run, run), run = ?
      WHERE key = ?
      """)
    let changed = try Query(db, "SELECT key, kind, digest FROM staged.changed_record ORDER BY key")
    try changed.forEach { q in
      guard let key = q.key(0), let kind = RecordKind(rawValue: UInt8(clamping: q.int(1))) else {
        return
      }
      let digest = q.optionalInt(2)
      find.bind(1, key)
      let old = try find.first { ($0.int(0), $0.optionalInt(1)) }
      guard let old, old.0 == Int64(kind.rawValue) else {
        throw LedgerError(
          .neverPublished(key), session.ledger.path,
          "record \(key) was to be written as changed but was never published",
          mend: "report this as a bug; nothing was published")
      }
      sums.remove(key, kind, ContentDigest(stored: old.1))
      sums.add(key, kind, ContentDigest(stored: digest))
      update.bind(1, digest)
      update.bind(2, run)
      update.bind(3, key)
      try update.run()
    }
    try sums.addToTotals(db)
  }

  private func doubled() throws -> LedgerError? {
    let key =
      try Query(
        db,
        "SELECT key FROM staged.new_record n WHERE EXISTS (SELECT 1 FROM record r WHERE r.key = n.key AND r.run <> \(run)) LIMIT 1"
      ).first { $0.key(0) }
      ?? Query(
        db, "SELECT key FROM staged.new_record GROUP BY key HAVING count(*) > 1 LIMIT 1"
      ).first { $0.key(0) }
    guard let found = key, let found else { return nil }
    return LedgerError(
      .publishedTwice(found), session.ledger.path,
      "record \(found) was to be published a second time",
      mend: "report this as a bug; nothing was published")
  }

  private func mergeSources() throws {
    try execute("DELETE FROM source WHERE id IN (SELECT id FROM staged.dropped_source)")
    let columns = Stage.Table.sourceColumns
    let names = columns.joined(separator: ", ")
    let updates = columns.map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
    try execute(
      """
      INSERT INTO source (id, run, \(names)) SELECT id, \(run), \(names) FROM staged.source
      WHERE true ORDER BY id ON CONFLICT (id) DO UPDATE SET run = excluded.run, \(updates)
      """)
  }

  private func mergeCounterparts() throws {
    try execute(
      "DELETE FROM counterpart WHERE address IN (SELECT address FROM staged.dropped_counterpart)")
    try execute(
      """
      INSERT OR REPLACE INTO counterpart (address, source, offset, length, item)
      SELECT address, source, offset, length, item FROM staged.counterpart
      ORDER BY address, source, offset
      """)
  }

  private func mergeLeadsAndEvents() throws {
    try execute("INSERT OR IGNORE INTO list (address, run) SELECT address, \(run) FROM staged.list")
    try execute(
      """
      INSERT INTO lead (address, key, name, owner, first_seen, first_message, run)
      SELECT address, key, name, owner, first_seen, first_message, \(run) FROM staged.lead
      WHERE true ORDER BY address
      ON CONFLICT (address) DO UPDATE SET key = excluded.key, name = excluded.name,
        owner = excluded.owner, first_seen = excluded.first_seen,
        first_message = excluded.first_message
      """)
    let columns = Stage.Table.eventColumns
    let names = columns.joined(separator: ", ")
    let updates = columns.map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
    try execute(
      """
      INSERT INTO event (uid, owner, recurrence, \(names), run)
      SELECT uid, owner, recurrence, \(names), \(run) FROM staged.event
      WHERE true ORDER BY uid, owner, recurrence, rowid
      ON CONFLICT (uid, owner, recurrence) DO UPDATE SET run = excluded.run, \(updates)
      """)
    let add = try Query(db, "INSERT OR IGNORE INTO frozen (uid, owner, run) VALUES (?, ?, ?)")
    let remove = try Query(db, "DELETE FROM frozen WHERE uid = ? AND owner = ?")
    try Query(db, "SELECT uid, owner, is_frozen FROM staged.frozen ORDER BY rowid").forEach { q in
      let change = q.int(2) == 1 ? add : remove
      change.bind(1, q.key(0))
      change.bind(2, q.int(1))
      if q.int(2) == 1 { change.bind(3, run) }
      try change.run()
    }
  }

  private func mergeQuarantine() throws {
    try execute(
      """
      INSERT INTO quarantine
        (item, path, offset, length, number, owner, error, program, first_run, last_run, attempts)
      SELECT item, path, offset, length, number, owner, error,
        (SELECT program FROM run WHERE id = \(run)), \(run), \(run), 1
      FROM staged.quarantine WHERE true ORDER BY rowid
      ON CONFLICT (item) DO UPDATE SET path = excluded.path, offset = excluded.offset,
        length = excluded.length, number = excluded.number, owner = excluded.owner,
        error = excluded.error, program = excluded.program, last_run = excluded.last_run,
        attempts = attempts + 1, resolved = NULL
      """)
    try execute(
      """
      UPDATE quarantine SET resolved = \(run), last_run = \(run), attempts = attempts + 1
      WHERE item IN (SELECT item FROM staged.resolved)
      """)
  }

  private func mergeDecisions() throws -> ClosedRange<Int64>? {
    let last = try db.number("SELECT coalesce(max(id), 0) FROM decision")
    // Numbers of pruned or forgotten runs are not used again, either.
    let seen = try db.number("SELECT coalesce(max(last_decision), 0) FROM run")
    let base = max(last, seen)
    let names = Stage.Table.decision.columns.joined(separator: ", ")
    try execute(
      """
      INSERT INTO decision (id, run, \(names))
      SELECT rowid + \(base), \(run), \(names) FROM staged.decision ORDER BY rowid
      """)
    let count = try db.number("SELECT count(*) FROM staged.decision")
    return count > 0 ? base &+ 1...base &+ count : nil
  }

  private func finish(_ decisions: ClosedRange<Int64>?) throws {
    let changed = try db.number("SELECT count(*) FROM staged.changed_record")
    let update = try Query(
      db,
      """
      UPDATE run SET state = 1, manifest = ?, first_decision = ?, last_decision = ?, items = ?,
        kept = ?, dropped = ?, quarantined = ?, unread = ?, new_records = ?, changed_records = ?,
        next_source = ?, config = ?, users = ?, lists = ?
      WHERE id = ?
      """)
    update.bind(1, copied: manifest)
    update.bind(2, decisions?.lowerBound)
    update.bind(3, decisions?.upperBound)
    let numbers = [
      counts.items, counts.kept, counts.dropped, counts.quarantined, counts.unread,
      session.sums.total, changed, session.sourceCeiling,
    ]
    for (i, n) in numbers.enumerated() { update.bind(Int32(4 + i), n) }
    let facts = session.facts
    for (i, digest) in [facts.config, facts.users, facts.lists].enumerated() {
      update.bind(Int32(12 + i), copied: digest)
    }
    update.bind(15, run)
    try update.run()
  }

  private func execute(_ sql: String) throws { try Query(db, sql).run() }
}

extension ContentDigest {
  /// The digest as it stands in the file.
  init?(stored: Int64?) {
    guard let stored else { return nil }
    self.init(bits: UInt64(bitPattern: stored))
  }
}

extension RecordSums {
  /// Adds to the ledger's totals.
  func addToTotals(_ db: Database) throws {
    let read = try Query(db, "SELECT count, sum FROM total WHERE kind = ?")
    let write = try Query(db, "UPDATE total SET count = ?, sum = ? WHERE kind = ?")
    for kind in 0..<counts.count where counts[kind] != 0 || sums[kind] != 0 {
      read.bind(1, Int64(kind))
      guard let (count, sum) = try read.first({ ($0.int(0), $0.int(1)) }) else {
        throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "the totals are gone")
      }
      write.bind(1, count &+ counts[kind])
      // In Swift, since SQLite's addition turns into floating point when it overflows.
      write.bind(2, sum &+ Int64(bitPattern: sums[kind]))
      write.bind(3, Int64(kind))
      try write.run()
    }
  }
}
