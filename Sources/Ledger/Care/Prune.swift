import GRDB

extension LedgerFile {
  /// The published runs that began before a time and were not pruned yet, oldest first: their
  /// bodies and attachments are to be deleted (retention counts from import, ES-5.1).
  public func runsToPrune(importedBefore limit: UnixTime) throws(LedgerError) -> [RunInfo] {
    try runs(where: "state = 2 AND pruned IS NULL AND started < \(limit)")
  }

  /// Takes the texts of runs out of the ledger: subjects, leads' names and addresses in the log,
  /// names and Message-IDs of captured leads. Overwritten in the file, not only unlinked.
  ///
  /// What stays: keys of records, for ever, or the next run would publish them again; reasons,
  /// dates and users; addresses of captured leads, which later mail is matched with.
  public func prune(_ ids: [RunID], at now: UnixTime) throws(LedgerError) {
    try access { db in try db.execute(sql: "PRAGMA secure_delete = ON") }
    try transaction { db in
      let decisions = try Query(
        db,
        """
        UPDATE decision SET subject = NULL, leads = NULL
        WHERE id BETWEEN (SELECT first_decision FROM run WHERE id = ?1)
          AND (SELECT last_decision FROM run WHERE id = ?1)
          AND (subject IS NOT NULL OR leads IS NOT NULL)
        """)
      let leads = try Query(
        db,
        """
        UPDATE lead SET name = NULL, first_message = NULL
        WHERE run = ? AND (name IS NOT NULL OR first_message IS NOT NULL)
        """)
      let mark = try Query(db, "UPDATE run SET pruned = ?1 WHERE id = ?2 AND state = 2")
      for id in ids {
        decisions.bind(1, id)
        try decisions.run()
        leads.bind(1, id)
        try leads.run()
        mark.bind(1, now)
        mark.bind(2, id)
        try mark.run()
      }
      // Places in sources that were read anew since: nothing asks for them any more.
      try Query(db, "DELETE FROM counterpart WHERE source NOT IN (SELECT id FROM source)").run()
    }
    // The old pages are still in the write-ahead log. A reader may hold it; the next one to close
    // the ledger folds it in then.
    try access { db in _ = try Query(db, "PRAGMA wal_checkpoint(TRUNCATE)").first { $0.int(0) } }
  }
}
