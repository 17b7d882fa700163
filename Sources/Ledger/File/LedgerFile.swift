import Bytes
import GRDB
import GRDBSQLite
import Glibc

/// What earlier runs published, and what the next one needs of it: one SQLite file.
///
/// The file's tables are described in the article <doc:Ledger>. An object of this class is for one
/// thread at a time. Opening takes a few milliseconds however large the file is; ``check()`` looks
/// at all of it.
public final class LedgerFile: @unchecked Sendable {
  /// What a ledger is opened for.
  public enum Mode: Sendable, Equatable {
    /// Reads and writes; makes the file when it is missing (its folder must exist).
    case create
    /// Reads and writes an existing file.
    case readWrite
    /// Reads an existing file; creates and changes nothing (`log`, `--dry-run`).
    case readOnly
  }

  /// The ledger's path as given.
  public let path: String
  /// What it was opened for.
  public let mode: Mode
  let queue: DatabaseQueue
  // Of a reader that must create nothing: how the file looked when it was opened.
  let witness: FileWitness?
  private var closed = false

  private init(path: String, mode: Mode, queue: DatabaseQueue, witness: FileWitness?) {
    self.path = path
    self.mode = mode
    self.queue = queue
    self.witness = witness
  }

  deinit { close() }

  /// Opens a ledger.
  ///
  /// Refused, each with a ``LedgerError`` of its own kind: a file that is no ledger, a damaged one,
  /// one of a newer schema version, a missing one where the mode does not create.
  ///
  /// - Parameters:
  ///   - path: The file; `<path>-wal`, `<path>-shm`, `<path>.lock` and, during a run,
  ///     `<path>.staged` lie beside it.
  ///   - mode: What for.
  ///   - busyTimeout: How long to wait for another process that is writing, in seconds.
  public static func open(
    _ path: String, mode: Mode, busyTimeout: Double = 5
  ) throws(LedgerError) -> LedgerFile {
    do {
      return try open(path, mode: mode, busyTimeout: busyTimeout, steps: Schema.steps)
    } catch {
      throw .from(error, path: path)
    }
  }

  static func open(
    _ path: String, mode: Mode, busyTimeout: Double, steps: [String]
  ) throws -> LedgerFile {
    // SQLite would take "file:x" for a URI.
    let path = path.hasPrefix("/") || path.hasPrefix("./") ? path : "./" + path
    if POSIXFile.status(path) == nil {
      let code = errno
      guard code == ENOENT else {
        throw LedgerError.posix(
          code, path, "the ledger cannot be opened", mend: "check the rights of its folder")
      }
      guard mode == .create else {
        throw LedgerError(
          .missing, path, "there is no ledger", mend: "run an import first, or check --ledger")
      }
      try LedgerCreation.create(path, steps: steps)
    }
    let version = try LedgerHeader.version(path)
    if let version { try checkVersion(version, path, mode, steps) }
    let file = try connect(path, mode, busyTimeout)
    do {
      try file.verify(steps)
    } catch {
      file.close()
      throw error
    }
    return file
  }

  /// A ledger in memory that no run has written to: what a run would find that makes the file.
  ///
  /// - Parameter path: The place of that file, for messages; nothing is made there.
  public static func empty(at path: String) throws(LedgerError) -> LedgerFile {
    do {
      var configuration = Configuration()
      configuration.allowsUnsafeTransactions = true
      let queue = try DatabaseQueue(configuration: configuration)
      try queue.inDatabase { db in try Schema.upgrade(db, steps: Schema.steps) }
      return LedgerFile(path: path, mode: .readOnly, queue: queue, witness: nil)
    } catch {
      throw .from(error, path: path)
    }
  }

  private static func connect(
    _ path: String, _ mode: Mode, _ busyTimeout: Double
  ) throws -> LedgerFile {
    var configuration = Configuration()
    configuration.label = "winnow.ledger"
    configuration.busyMode = .timeout(busyTimeout)
    // Checked by `ledger check`; enforcing them would cost a lookup for each inserted row.
    configuration.foreignKeysEnabled = false
    // A session keeps one read transaction open over its lookups.
    configuration.allowsUnsafeTransactions = true
    configuration.readonly = mode == .readOnly
    guard mode == .readOnly else {
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      try queue.inDatabase { db in
        // Not through GRDB's `.wal` setting: it sets synchronous to NORMAL and writes a table.
        let journal = try Query(db, "PRAGMA journal_mode = WAL").first { $0.text(0) }
        guard journal == "wal" else {
          throw LedgerError(
            .inputOutput, path, "the ledger's file system does not allow a write-ahead log",
            mend: "put the ledger on a local disk")
        }
        try db.execute(sql: "PRAGMA synchronous = FULL")
        try db.execute(sql: "PRAGMA cache_size = -32768")
        try db.execute(sql: "PRAGMA journal_size_limit = 16777216")
        guard try db.number("PRAGMA synchronous") == 2 else {
          throw LedgerError(
            .inputOutput, path, "SQLite refuses to write durably",
            mend: "use another build of libsqlite3")
        }
      }
      return LedgerFile(path: path, mode: mode, queue: queue, witness: nil)
    }
    // SQLite's reader of a WAL database makes -wal and -shm beside it when they are missing. They
    // are missing when no writer is alive and the last one ended in order; then the file is all
    // there is and can be read as immutable. Should a writer begin meanwhile, the witness tells.
    let witness = FileWitness(path)
    guard witness.walSize == nil, sqlite3_compileoption_used("USE_URI") != 0 else {
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      return LedgerFile(path: path, mode: mode, queue: queue, witness: nil)
    }
    let queue = try DatabaseQueue(path: immutableURI(path), configuration: configuration)
    return LedgerFile(path: path, mode: mode, queue: queue, witness: witness)
  }

  private static func immutableURI(_ path: String) -> String {
    var uri = "file:"
    for byte in path.utf8 {
      switch byte {
      case 0x2D...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A: uri.unicodeScalars.append(.init(byte))
      default:
        let hex = String(byte, radix: 16)
        uri += hex.utf8.count == 1 ? "%0\(hex)" : "%\(hex)"
      }
    }
    return uri + "?immutable=1"
  }

  private static func checkVersion(
    _ version: Int, _ path: String, _ mode: Mode, _ steps: [String]
  ) throws {
    if version > steps.count {
      throw LedgerError(
        .newer(version), path,
        "the ledger has version \(version), this program knows \(steps.count)",
        mend: "use the program that wrote it, or a newer one")
    }
    if version < steps.count, mode == .readOnly {
      throw LedgerError(
        .older(version), path,
        "the ledger has version \(version) and must be upgraded to \(steps.count) first",
        mend: "run `winnow ledger check` once")
    }
  }

  // The header said it before, but a write-ahead log may know better.
  private func verify(_ steps: [String]) throws {
    try queue.inDatabase { db in
      guard try db.number("PRAGMA application_id") == Schema.applicationID else {
        throw LedgerHeader.foreign(path)
      }
      let version = Int(clamping: try db.number("PRAGMA user_version"))
      try Self.checkVersion(version, path, mode, steps)
      if version < steps.count { try Schema.upgrade(db, steps: steps) }
      // A cheap probe of every table: its root page can be read.
      for table in [
        "word", "run", "record", "decision", "source", "counterpart", "list", "lead", "event",
        "frozen", "quarantine", "user",
      ] {
        _ = try db.number("SELECT 1 FROM \(table) LIMIT 1")
      }
      guard try db.number("SELECT count(*) FROM total") == Int64(RecordKind.allCases.count) else {
        throw LedgerError(
          .damaged, path, "the ledger is damaged (its totals are gone)",
          mend: LedgerError.mendDamage)
      }
    }
  }

  /// Closes the file; the last writer to close it folds the write-ahead log into it. Closing twice
  /// does no harm.
  public func close() {
    guard !closed else { return }
    closed = true
    try? queue.close()
  }

  /// Fails with `.busy` when the file changed under a reader, so that what was read may not fit
  /// together; to be called after the last read of a ledger opened with `.readOnly`.
  public func assertUnchanged() throws(LedgerError) {
    guard let witness, FileWitness(path) != witness else { return }
    throw LedgerError(
      .busy, path, "the ledger changed while it was read", mend: "run the command again")
  }

  // MARK: Access

  /// Runs `body` on the connection, with errors mapped.
  func access<T>(_ body: (Database) throws -> T) throws(LedgerError) -> T {
    do {
      return try queue.inDatabase(body)
    } catch {
      throw .from(error, path: path)
    }
  }

  /// Runs `body` in one immediate transaction, with errors mapped.
  func transaction<T>(_ body: (Database) throws -> T) throws(LedgerError) -> T {
    guard mode != .readOnly else {
      throw LedgerError(
        .misuse, path, "the ledger was opened for reading only", mend: "report this as a bug")
    }
    return try access { db in
      guard !db.isInsideTransaction else {
        throw LedgerError(
          .misuse, path, "the ledger was written while a view of it was open",
          mend: "report this as a bug")
      }
      var result: T?
      try db.inTransaction(.immediate) {
        result = try body(db)
        return .commit
      }
      guard let result else { throw DatabaseError(resultCode: .SQLITE_INTERNAL) }
      return result
    }
  }
}

/// How a ledger's file looks from outside.
struct FileWitness: Equatable {
  private let inode: UInt
  private let size: Int
  private let modified: [Int]
  /// nil when there is no write-ahead log.
  let walSize: Int?

  init(_ path: String) {
    let s = POSIXFile.status(path)
    inode = UInt(s?.st_ino ?? 0)
    size = Int(s?.st_size ?? 0)
    modified = [s?.st_mtim.tv_sec ?? 0, s?.st_mtim.tv_nsec ?? 0]
    walSize = POSIXFile.status(path + "-wal").map { Int($0.st_size) }
  }
}
