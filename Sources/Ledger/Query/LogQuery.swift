import Bytes
import GRDB

/// What `winnow log` is asked for (ES-11.1 and CS-7). The parts are and-ed.
public struct LogQuery {
  /// Which of the dashboard's lists.
  public enum View: Sendable { case all, activities, captures, tasks }
  /// Which time the range is about: when an item was imported, or its own date.
  public enum Basis: Sendable { case imported, itemDate }

  /// From this second on; nil for the beginning.
  public var from: UnixTime?
  /// Up to, not including, this second; nil for the end.
  public var to: UnixTime?
  /// What the range is about.
  public var basis = Basis.imported
  /// Mail (`activities`), items that captured a lead (`captures`), events and tasks (`tasks`).
  public var view = View.all
  /// A user's id.
  public var user: String?
  /// A direction.
  public var direction: ItemDirection?
  /// A reason code.
  public var reason: String?
  /// An outcome.
  public var outcome: ItemOutcome?
  /// A text within a lead's id, a lead's name or the subject, compared as `fold` makes them.
  public var find: String?
  /// Newest first (true) or in the order of import.
  public var newestFirst = true
  /// At most so many rows.
  public var limit: Int?
  /// Go on after this row (``LogRow/id`` of the last one seen, same query).
  public var after: Int64?
  /// What makes two texts equal for `find`; nil for lower case.
  public var fold: ((String) -> [UInt8])?

  /// Everything.
  public init() {}
}

/// A lead in the log.
public struct LogLead: Sendable, Equatable {
  /// The CRM's id, the name, the address; empty where unknown.
  public var id, name, address: String
}

/// A decision in the log.
public struct LogRow: Sendable, Equatable {
  /// Its number: grows with every decision of every run.
  public var id: Int64
  /// The run, and when that began.
  public var run: RunID
  /// When it was imported.
  public var imported: UnixTime
  /// The item's kind, what became of it, which way it went.
  public var kind: ItemKind
  /// Kept, dropped or quarantined.
  public var outcome: ItemOutcome
  /// Inbound, outbound or neither.
  public var direction: ItemDirection
  /// True when a lead was captured from it.
  public var isCapture: Bool
  /// The user's id, empty when unknown.
  public var user: String
  /// The reason code.
  public var reason: String
  /// The item's own date.
  public var date: UnixTime?
  /// The item's identity.
  public var item: RecordKey?
  /// The subject; empty when there is none or it was pruned.
  public var subject: String
  /// The leads found; empty when pruned.
  public var leads: [LogLead]
  /// The records written.
  public var records: [RecordKey]
}

extension LedgerFile {
  /// The rows of a log query, all at once.
  public func log(_ query: LogQuery) throws(LedgerError) -> [LogRow] {
    var rows: [LogRow] = []
    try forEachLogRow(query) {
      rows.append($0)
      return true
    }
    return rows
  }

  /// The rows of a log query, one by one, in a stable order, until `body` returns false; it must
  /// not use the ledger.
  public func forEachLogRow(
    _ query: LogQuery, _ body: (LogRow) -> Bool
  ) throws(LedgerError) {
    try access { db in try LogStatement(db, query)?.walk(body) }
  }
}

/// A log query on its way through the runs it touches.
private struct LogStatement {
  let db: Database
  let query: LogQuery
  let needle: [UInt8]?
  let isPlainNeedle: Bool
  let rows: Query
  let words: [Int64: String]

  /// nil when nothing can match, because the ledger never saw that user or reason.
  init?(_ db: Database, _ query: LogQuery) throws {
    self.db = db
    self.query = query
    needle = query.find.map { Self.fold(query, $0) }
    isPlainNeedle = needle?.allSatisfy { $0 < 0x80 } ?? true
    var words: [Int64: String] = [:]
    try Query(db, "SELECT id, text FROM word").forEach { words[$0.int(0)] = $0.text(1) }
    self.words = words
    var conditions = ["id BETWEEN ? AND ?"]
    var values: [Int64] = []
    func demand(_ condition: String, _ value: Int64) {
      conditions.append(condition)
      values.append(value)
    }
    for (column, text) in [("user", query.user), ("reason", query.reason)] {
      guard let text else { continue }
      guard let id = words.first(where: { $0.value == text })?.key else { return nil }
      demand("\(column) = ?", id)
    }
    if let direction = query.direction { demand("shape >> 4 & 3 = ?", Int64(direction.rawValue)) }
    if let outcome = query.outcome { demand("shape >> 2 & 3 = ?", Int64(outcome.rawValue)) }
    switch query.view {
    case .all: break
    case .activities: demand("shape & 3 = ?", Int64(ItemKind.mail.rawValue))
    case .captures: demand("shape & 64 = ?", 64)
    case .tasks: demand("shape & 3 <> ?", Int64(ItemKind.mail.rawValue))
    }
    if query.basis == .itemDate {
      if let from = query.from { demand("date >= ?", from) }
      if let to = query.to { demand("date < ?", to) }
    }
    rows = try Query(
      db,
      """
      SELECT id, run, shape, user, reason, date, item, subject, leads, records FROM decision
      WHERE \(conditions.joined(separator: " AND ")) ORDER BY id \(query.newestFirst ? "DESC" : "")
      """)
    for (i, value) in values.enumerated() { rows.bind(Int32(3 + i), value) }
  }

  func walk(_ body: (LogRow) -> Bool) throws {
    var left = query.limit ?? Int.max
    // Run by run: the clock may have gone back between two, so a time range is a set of runs.
    let runs = try Query(
      db,
      """
      SELECT started, first_decision, last_decision FROM run
      WHERE state > 0 AND first_decision IS NOT NULL
        AND (?1 IS NULL OR started >= ?1) AND (?2 IS NULL OR started < ?2)
      ORDER BY id \(query.newestFirst ? "DESC" : "")
      """)
    let isImported = query.basis == .imported
    runs.bind(1, isImported ? query.from : nil)
    runs.bind(2, isImported ? query.to : nil)
    defer { runs.reset() }
    while left > 0, try runs.next() {
      var (low, high) = (runs.int(1), runs.int(2))
      if let after = query.after {
        if query.newestFirst { high = min(high, after &- 1) } else { low = max(low, after &+ 1) }
      }
      guard low <= high else { continue }
      rows.bind(1, low)
      rows.bind(2, high)
      defer { rows.reset() }
      while left > 0, try rows.next() {
        guard let row = try row(imported: runs.int(0)) else { continue }
        guard body(row) else { return }
        left -= 1
      }
    }
  }

  private func row(imported: UnixTime) throws -> LogRow? {
    let shape = UInt8(clamping: rows.int(2))
    guard let kind = ItemKind(rawValue: shape & 3),
      let outcome = ItemOutcome(rawValue: shape >> 2 & 3),
      let direction = ItemDirection(rawValue: shape >> 4 & 3)
    else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a decision of unknown shape")
    }
    guard matches() else { return nil }
    let records = rows.view(9)
    return LogRow(
      id: rows.int(0), run: rows.int(1), imported: imported, kind: kind, outcome: outcome,
      direction: direction, isCapture: shape & 64 != 0, user: words[rows.int(3)] ?? "",
      reason: words[rows.int(4)] ?? "", date: rows.optionalInt(5), item: rows.key(6),
      subject: rows.text(7), leads: Self.leads(rows.view(8)),
      records: stride(from: 0, to: records.count, by: 16).compactMap {
        RecordKey(bytes: UnsafeRawBufferPointer(records.slice($0, $0 + 16).buffer))
      })
  }

  // On the row's own bytes: most rows of a search are thrown away.
  private func matches() -> Bool {
    guard let needle, !needle.isEmpty else { return true }
    if contains(rows.view(7), needle) { return true }
    let leads = rows.view(8)
    guard !leads.isEmpty else { return false }
    return leads.buffer.split(separator: 0x0A).contains { line in
      line.split(separator: 0x09, omittingEmptySubsequences: false).prefix(2).contains { field in
        contains(ByteView(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: field))), needle)
      }
    }
  }

  private func contains(_ text: ByteView, _ needle: [UInt8]) -> Bool {
    needle.withByteView { needle in
      // The usual case without a String: lower case of ASCII letters is what folding makes of them.
      if query.fold == nil, isPlainNeedle, !text.buffer.contains(where: { $0 >= 0x80 }) {
        return text.firstRangeIgnoringCase(of: needle) != nil
      }
      return LogStatement.fold(query, String(decoding: text.buffer, as: UTF8.self)).withByteView {
        $0.firstRange(of: needle) != nil
      }
    }
  }

  private static func fold(_ query: LogQuery, _ text: String) -> [UInt8] {
    query.fold?(text) ?? Array(text.lowercased().utf8)
  }

  private static func leads(_ v: ByteView) -> [LogLead] {
    guard !v.isEmpty else { return [] }
    return v.buffer.split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
      let fields = line.split(separator: 0x09, omittingEmptySubsequences: false)
      func field(_ i: Int) -> String {
        i < fields.count ? String(decoding: fields[i], as: UTF8.self) : ""
      }
      return LogLead(id: field(0), name: field(1), address: field(2))
    }
  }
}
