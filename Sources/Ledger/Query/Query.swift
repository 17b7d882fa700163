import Bytes
import GRDB
import GRDBSQLite

/// One prepared statement of an open connection.
///
/// GRDB prepares and owns it; values are bound and read through SQLite's own calls, because GRDB's
/// go through `Data` and `Row`, which costs more than the insertion itself. So a `Query` must never
/// hold BEGIN, COMMIT or the like: GRDB would not notice. To be used only inside the connection's
/// queue, and not after the connection is closed.
final class Query {
  private let statement: Statement
  private let handle: OpaquePointer
  private let connection: OpaquePointer?

  /// Prepares `sql`.
  init(_ db: Database, _ sql: String) throws {
    statement = try db.makeStatement(sql: sql)
    handle = statement.sqliteStatement
    connection = db.sqliteConnection
  }

  // MARK: Binding; parameters count from 1

  func bind(_ index: Int32, _ value: Int64) { sqlite3_bind_int64(handle, index, value) }

  func bind(_ index: Int32, _ value: Int64?) {
    if let value { bind(index, value) } else { sqlite3_bind_null(handle, index) }
  }

  /// Binds bytes without a copy: they must stay alive until the next ``run()`` has returned, and
  /// the parameter is bound anew before the run after it.
  func bind(_ index: Int32, blob v: ByteView) {
    sqlite3_bind_blob(handle, index, v.base, Int32(clamping: v.count), nil)
  }

  /// Binds bytes that are copied, or NULL.
  func bind(_ index: Int32, copied bytes: [UInt8]?) {
    guard let bytes else {
      sqlite3_bind_null(handle, index)
      return
    }
    bytes.withByteView {
      _ = sqlite3_bind_blob(handle, index, $0.base, Int32(clamping: $0.count), Self.transient)
    }
  }

  /// Binds text without a copy, as ``bind(_:blob:)``; an empty text is NULL.
  func bind(_ index: Int32, text v: ByteView) {
    if v.isEmpty {
      sqlite3_bind_null(handle, index)
    } else {
      v.base.withMemoryRebound(to: CChar.self, capacity: v.count) {
        _ = sqlite3_bind_text(handle, index, $0, Int32(clamping: v.count), nil)
      }
    }
  }

  /// Binds text that is copied, or NULL.
  func bind(_ index: Int32, text: String?) {
    guard let text else {
      sqlite3_bind_null(handle, index)
      return
    }
    text.withByteView { v in
      v.base.withMemoryRebound(to: CChar.self, capacity: v.count) {
        _ = sqlite3_bind_text(handle, index, $0, Int32(clamping: v.count), Self.transient)
      }
    }
  }

  func bind(_ index: Int32, _ key: RecordKey) {
    withUnsafeBytes(of: key.words) {
      _ = sqlite3_bind_blob(handle, index, $0.baseAddress, 16, Self.transient)
    }
  }

  func bind(_ index: Int32, _ key: RecordKey?) {
    if let key { bind(index, key) } else { sqlite3_bind_null(handle, index) }
  }

  // MARK: Stepping

  /// Runs a statement that gives no rows.
  func run() throws {
    let code = sqlite3_step(handle)
    guard code == SQLITE_DONE || code == SQLITE_ROW else { throw failure(code) }
    sqlite3_reset(handle)
  }

  /// Steps to the next row; false after the last, and then the statement is ready again.
  func next() throws -> Bool {
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE:
      sqlite3_reset(handle)
      return false
    case let code: throw failure(code)
    }
  }

  /// Ends a walk over rows before its end.
  func reset() { sqlite3_reset(handle) }

  /// Calls `body` for each row.
  func forEach(_ body: (Query) throws -> Void) throws {
    defer { reset() }
    while try next() { try body(self) }
  }

  /// Calls `body` for each row until it returns false.
  func walk(_ body: (Query) throws -> Bool) throws {
    defer { reset() }
    while try next(), try body(self) {}
  }

  /// The first row's value as `body` reads it; nil without a row.
  func first<T>(_ body: (Query) throws -> T) throws -> T? {
    defer { reset() }
    return try next() ? body(self) : nil
  }

  /// Rows that the last run changed.
  var changes: Int64 { sqlite3_changes64(connection) }

  // MARK: Reading; columns count from 0

  func int(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

  func optionalInt(_ column: Int32) -> Int64? {
    sqlite3_column_type(handle, column) == SQLITE_NULL ? nil : int(column)
  }

  /// The bytes of a blob or text, valid until the next step; empty for NULL.
  func view(_ column: Int32) -> ByteView {
    guard let p = sqlite3_column_blob(handle, column) else { return .empty }
    let count = Int(sqlite3_column_bytes(handle, column))
    return ByteView(UnsafeRawBufferPointer(start: p, count: count))
  }

  func bytes(_ column: Int32) -> [UInt8] { Array(view(column).buffer) }

  func optionalBytes(_ column: Int32) -> [UInt8]? {
    sqlite3_column_type(handle, column) == SQLITE_NULL ? nil : bytes(column)
  }

  func text(_ column: Int32) -> String { String(decoding: view(column).buffer, as: UTF8.self) }

  func optionalText(_ column: Int32) -> String? {
    sqlite3_column_type(handle, column) == SQLITE_NULL ? nil : text(column)
  }

  func key(_ column: Int32) -> RecordKey? {
    RecordKey(bytes: UnsafeRawBufferPointer(view(column).buffer))
  }

  // MARK: Failures

  private func failure(_ code: Int32) -> DatabaseError {
    let text = sqlite3_errmsg(connection).map { String(cString: $0) }
    let extended = sqlite3_extended_errcode(connection)
    sqlite3_reset(handle)
    return DatabaseError(
      resultCode: ResultCode(rawValue: extended & 0xFF == code & 0xFF ? extended : code),
      message: text)
  }

  // SQLITE_TRANSIENT: SQLite makes its own copy. A cast macro, which Swift does not import.
  private static var transient: sqlite3_destructor_type {
    unsafeBitCast(-1, to: sqlite3_destructor_type.self)
  }
}

extension Database {
  /// The first column of the first row of a query, 0 without one.
  func number(_ sql: String) throws -> Int64 {
    try Query(self, sql).first { $0.int(0) } ?? 0
  }
}
