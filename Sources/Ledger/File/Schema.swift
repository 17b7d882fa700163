import GRDB

/// The tables, by version. `Ledger.docc/Ledger.md` says what each column means.
enum Schema {
  /// "wnow" in the file's header: this database is a ledger.
  static let applicationID: Int64 = 0x776E_6F77

  /// The steps from an empty file to today's tables: step i makes version i + 1. A step that was
  /// released never changes; a new version is a new step.
  static let steps: [String] = [version1, version2]

  /// Today's version.
  static var current: Int { steps.count }

  static let version1 = """
    CREATE TABLE word (
      id INTEGER PRIMARY KEY,
      text TEXT NOT NULL UNIQUE
    );
    CREATE TABLE run (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      state INTEGER NOT NULL,
      started INTEGER NOT NULL,
      staging BLOB NOT NULL,
      destination BLOB NOT NULL,
      program TEXT NOT NULL,
      config BLOB,
      users BLOB,
      lists BLOB,
      manifest BLOB,
      first_decision INTEGER,
      last_decision INTEGER,
      items INTEGER NOT NULL DEFAULT 0,
      kept INTEGER NOT NULL DEFAULT 0,
      dropped INTEGER NOT NULL DEFAULT 0,
      quarantined INTEGER NOT NULL DEFAULT 0,
      unread INTEGER NOT NULL DEFAULT 0,
      new_records INTEGER NOT NULL DEFAULT 0,
      changed_records INTEGER NOT NULL DEFAULT 0,
      next_source INTEGER NOT NULL DEFAULT 1,
      pruned INTEGER
    );
    CREATE TABLE record (
      key BLOB PRIMARY KEY,
      kind INTEGER NOT NULL,
      run INTEGER NOT NULL REFERENCES run(id),
      digest INTEGER,
      first_run INTEGER
    ) WITHOUT ROWID;
    CREATE TABLE total (
      kind INTEGER PRIMARY KEY,
      count INTEGER NOT NULL,
      sum INTEGER NOT NULL
    );
    CREATE TABLE decision (
      id INTEGER PRIMARY KEY,
      run INTEGER NOT NULL REFERENCES run(id),
      shape INTEGER NOT NULL,
      user INTEGER REFERENCES word(id),
      reason INTEGER NOT NULL REFERENCES word(id),
      date INTEGER,
      item BLOB,
      subject TEXT,
      leads TEXT,
      records BLOB
    );
    CREATE TABLE source (
      id INTEGER PRIMARY KEY,
      path BLOB NOT NULL,
      path_hash INTEGER NOT NULL,
      owner INTEGER REFERENCES word(id),
      run INTEGER NOT NULL REFERENCES run(id),
      device INTEGER NOT NULL,
      inode INTEGER NOT NULL,
      size INTEGER NOT NULL,
      modified INTEGER NOT NULL,
      changed INTEGER NOT NULL,
      offset INTEGER NOT NULL,
      items INTEGER NOT NULL,
      fingerprint BLOB,
      marks BLOB,
      digest BLOB,
      note BLOB
    );
    CREATE INDEX source_path ON source (path_hash);
    CREATE TABLE counterpart (
      address INTEGER NOT NULL,
      source INTEGER NOT NULL,
      offset INTEGER NOT NULL,
      length INTEGER NOT NULL,
      item INTEGER NOT NULL,
      PRIMARY KEY (address, source, offset)
    ) WITHOUT ROWID;
    CREATE TABLE lead (
      address TEXT PRIMARY KEY,
      key BLOB NOT NULL,
      name TEXT,
      owner INTEGER REFERENCES word(id),
      first_seen INTEGER,
      first_message TEXT,
      run INTEGER NOT NULL REFERENCES run(id)
    ) WITHOUT ROWID;
    CREATE TABLE event (
      uid BLOB NOT NULL,
      owner INTEGER NOT NULL REFERENCES word(id),
      recurrence BLOB NOT NULL,
      record BLOB,
      source INTEGER,
      state INTEGER NOT NULL,
      sequence INTEGER,
      modified INTEGER,
      starts INTEGER,
      ends INTEGER,
      run INTEGER NOT NULL REFERENCES run(id),
      PRIMARY KEY (uid, owner, recurrence)
    ) WITHOUT ROWID;
    CREATE TABLE frozen (
      uid BLOB NOT NULL,
      owner INTEGER NOT NULL REFERENCES word(id),
      run INTEGER NOT NULL REFERENCES run(id),
      PRIMARY KEY (uid, owner)
    ) WITHOUT ROWID;
    CREATE TABLE quarantine (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      item BLOB NOT NULL UNIQUE,
      path BLOB NOT NULL,
      offset INTEGER NOT NULL,
      length INTEGER NOT NULL,
      number INTEGER NOT NULL,
      owner INTEGER REFERENCES word(id),
      error TEXT NOT NULL,
      program TEXT NOT NULL,
      first_run INTEGER NOT NULL REFERENCES run(id),
      last_run INTEGER NOT NULL REFERENCES run(id),
      attempts INTEGER NOT NULL,
      resolved INTEGER REFERENCES run(id)
    );
    CREATE TABLE user (
      id TEXT PRIMARY KEY,
      state INTEGER NOT NULL,
      since INTEGER NOT NULL,
      connected INTEGER,
      provider TEXT,
      last_event INTEGER,
      last_run INTEGER
    ) WITHOUT ROWID;
    INSERT INTO total VALUES (0, 0, 0), (1, 0, 0), (2, 0, 0), (3, 0, 0);
    """

  static let version2 = """
    CREATE TABLE list (
      address INTEGER PRIMARY KEY,
      run INTEGER NOT NULL REFERENCES run(id)
    );
    """

  /// Brings a database from its version to the last of `steps`, in one transaction.
  static func upgrade(_ db: Database, steps: [String] = steps) throws {
    try db.inTransaction(.immediate) {
      // Asked again inside the transaction: another process may have been faster.
      let version = Int(clamping: try db.number("PRAGMA user_version"))
      if version == 0 { try db.execute(sql: "PRAGMA application_id = \(applicationID)") }
      for step in steps.dropFirst(max(version, 0)) { try db.execute(sql: step) }
      if version < steps.count { try db.execute(sql: "PRAGMA user_version = \(steps.count)") }
      return .commit
    }
  }
}
