import Bytes
import GRDB
import Glibc

/// The facts of a run before its commit: a second SQLite file, `<ledger>.staged`, that grows while
/// the run works and is merged into the ledger in one transaction.
///
/// It needs no durability, since a run that dies is repeated: no journal, no sync. It lies beside
/// the ledger because that is where its content goes; the run lock makes sure there is only one.
/// The output's staging folder would be the wrong place: it is renamed as it is.
final class Stage {
  let path: String
  private let queue: DatabaseQueue
  private var inserts: [Table: Query] = [:]
  private var isOpen = true

  /// The tables; their columns have the names and order of the ledger's own.
  enum Table: String, CaseIterable {
    case word, newRecord = "new_record", changedRecord = "changed_record", decision, source
    case droppedSource = "dropped_source", counterpart
    case droppedCounterpart = "dropped_counterpart", list, lead, event, frozen, quarantine, resolved
    case user

    var columns: [String] {
      switch self {
      case .word: ["id INTEGER PRIMARY KEY", "text"]
      case .newRecord, .changedRecord: ["key", "kind", "digest"]
      case .decision:
        ["shape", "user", "reason", "date", "item", "subject", "leads", "records"]
      case .source: ["id INTEGER PRIMARY KEY"] + Self.sourceColumns
      case .droppedSource: ["id INTEGER PRIMARY KEY"]
      case .counterpart: ["address", "source", "offset", "length", "item"]
      case .droppedCounterpart: ["address"]
      case .list: ["address PRIMARY KEY"]
      case .lead:
        ["address PRIMARY KEY", "key", "name", "owner", "first_seen", "first_message"]
      case .event: ["uid", "owner", "recurrence"] + Self.eventColumns
      case .frozen: ["uid", "owner", "is_frozen"]
      case .quarantine:
        ["item PRIMARY KEY", "path", "offset", "length", "number", "owner", "error"]
      case .resolved: ["item"]
      case .user: ["id PRIMARY KEY", "last_event"]
      }
    }

    static let sourceColumns = [
      "path", "path_hash", "owner", "device", "inode", "size", "modified", "changed", "offset",
      "items", "fingerprint", "marks", "digest", "note",
    ]
    static let eventColumns = [
      "record", "source", "state", "sequence", "modified", "starts", "ends",
    ]
  }

  /// Removes what a dead run left and begins anew. Only with the run lock held.
  init(ledger: String) throws {
    path = Self.path(ledger: ledger)
    Self.remove(ledger: ledger)
    let fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard fd >= 0 else {
      throw LedgerError.posix(
        errno, path, "the run's facts cannot be stored",
        mend: "check that the ledger's folder may be written and has room")
    }
    Glibc.close(fd)
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    configuration.allowsUnsafeTransactions = true
    queue = try DatabaseQueue(path: path, configuration: configuration)
    inserts = try queue.inDatabase { db in
      for pragma in [
        "journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE",
        "cache_size = -4096",
      ] { try db.execute(sql: "PRAGMA \(pragma)") }
      try db.execute(sql: "BEGIN")
      var inserts: [Table: Query] = [:]
      for table in Table.allCases {
        let columns = table.columns
        try db.execute(
          sql: "CREATE TABLE \(table.rawValue) (\(columns.joined(separator: ", ")))")
        let values = Array(repeating: "?", count: columns.count).joined(separator: ", ")
        inserts[table] = try Query(
          db, "INSERT OR REPLACE INTO \(table.rawValue) VALUES (\(values))")
      }
      return inserts
    }
  }

  deinit { discard() }

  static func path(ledger: String) -> String { ledger + ".staged" }

  /// Removes the file of a run that died.
  static func remove(ledger: String) {
    for suffix in ["", "-journal"] { unlink(path(ledger: ledger) + suffix) }
  }

  /// Appends a row; `bind` binds its columns, counting from 1.
  func append(_ table: Table, _ bind: (Query) -> Void) throws {
    try queue.inDatabase { _ in
      guard isOpen, let query = inserts[table] else {
        throw DatabaseError(resultCode: .SQLITE_MISUSE, message: "the run is over")
      }
      bind(query)
      try query.run()
    }
  }

  /// Ends the writing, so that the ledger can attach the file. However it fails, the file is
  /// closed.
  func close() throws {
    guard isOpen else { return }
    isOpen = false
    defer { try? queue.close() }
    try queue.inDatabase { db in
      inserts = [:]
      try db.execute(sql: "COMMIT")
    }
  }

  /// Closes and removes the file.
  func discard() {
    try? close()
    unlink(path)
  }
}
