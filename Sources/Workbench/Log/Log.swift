import Bytes
import CSVText
import CivilTime
import Import
import JSONText
import Ledger
import Records
import Rules
import Text
import TimeZones

/// What `winnow log` was asked for.
public struct LogOptions: Sendable {
  /// What all commands over the ledger take.
  public var common = LedgerOptions()
  /// `--range`
  public var range = "7d"
  /// `--by message-date`: the range is about the items' own dates, not about when they were
  /// imported.
  public var isByItemDate = false
  /// `--user`
  public var user: String?
  /// `--direction`: in, inbound, out or outbound.
  public var direction: String?
  /// `--view`: activities, captures or tasks.
  public var view: String?
  /// `--find`
  public var find: String?
  /// `--reason`
  public var reason: String?
  /// `--outcome`: kept, dropped or quarantined.
  public var outcome: String?
  /// `--csv`
  public var isCSV = false
  /// `--limit`; nil for 200 rows of a table and all rows of the other forms.
  public var limit: Int?

  /// The defaults.
  public init() {}
}

/// `winnow log`: what became of mail and meetings, from the ledger (ES-11.1, CS-7).
public enum Log {
  /// Rows of a table when nothing else is said.
  static let tableLimit = 200

  /// Prints the rows, newest first.
  ///
  /// - Throws: ``RunError``: 64 for an unknown user, reason or range; the ledger's own.
  public static func execute(_ options: LogOptions) throws -> ExitStatus {
    try LedgerPlace.execute(options.common) { place in
      let range = try LogRange(
        options.range, now: place.now, zone: place.config.organization.timeZone,
        isLimited: place.config.profile == .leadsquared)
      var query = try query(options, range)
      let zone = TimePoint.zone(named: place.config.organization.timeZone)
      let output = LogOutput(options, zone: zone, guarded: place.config.output.csvFormulaGuard)
      guard let ledger = try place.openForReading() else {
        if let user = options.user, place.users.user(id: user) == nil {
          throw unknownUser(user, place.users.users.map(\.id))
        }
        output.finish(range, isQuiet: true)
        return .done
      }
      defer { ledger.close() }
      if let user = options.user { try checkUser(user, place, ledger) }
      let limit = options.limit ?? (output.isTable ? tableLimit : nil)
      // One more than shown, to know whether there is more.
      query.limit = limit.map { $0 + 1 }
      output.limit = limit
      try ledger.forEachLogRow(query) { output.add($0) }
      try ledger.assertUnchanged()
      output.finish(range, isQuiet: options.common.isQuiet)
      return .done
    }
  }

  private static func query(_ o: LogOptions, _ range: LogRange) throws -> LogQuery {
    var q = LogQuery()
    q.from = range.from
    q.to = range.to
    q.basis = o.isByItemDate ? .itemDate : .imported
    q.user = o.user
    q.direction = try o.direction.map { try choice("--direction", $0, directions) }
    q.view = try o.view.map { try choice("--view", $0, views) } ?? .all
    q.outcome = try o.outcome.map { try choice("--outcome", $0, outcomes) }
    if let reason = o.reason {
      guard Reason(rawValue: reason) != nil else {
        throw RunError(
          .usage,
          "--reason \(Plain.line(reason)): no such reason"
            + (Nearest.closest(to: reason, in: ReasonNames.all).map { "; did you mean \($0)?" }
              ?? ""),
          details: ["known are \(ReasonNames.all.joined(separator: ", "))"])
      }
      q.reason = reason
    }
    q.find = o.find
    q.fold = { text in
      let out = ByteBuffer(capacity: 128)
      text.withByteView { CaseFolding.foldAppend($0, to: out) }
      return out.array
    }
    return q
  }

  private static let directions: [(String, ItemDirection)] = [
    ("in", .inbound), ("out", .outbound), ("inbound", .inbound), ("outbound", .outbound),
  ]
  private static let views: [(String, LogQuery.View)] = [
    ("activities", .activities), ("captures", .captures), ("tasks", .tasks),
  ]
  private static let outcomes: [(String, ItemOutcome)] = [
    ("kept", .kept), ("dropped", .dropped), ("quarantined", .quarantined),
  ]

  private static func choice<T>(
    _ option: String, _ text: String, _ known: [(String, T)]
  ) throws -> T {
    if let found = known.first(where: { $0.0 == text }) { return found.1 }
    throw RunError(
      .usage,
      "\(option) \(Plain.line(text)): expected \(known.map(\.0).joined(separator: ", "))")
  }

  // A user who was taken off the list still has a past.
  private static func checkUser(
    _ id: String, _ place: LedgerPlace, _ ledger: LedgerFile
  ) throws {
    if place.users.user(id: id) != nil { return }
    let known = try ledger.users().map(\.id)
    if known.contains(id) { return }
    let reader = try ledger.reader()
    defer { reader.close() }
    if try reader.word(id) != nil { return }
    throw unknownUser(id, place.users.users.map(\.id) + known)
  }

  private static func unknownUser(_ id: String, _ known: [String]) -> RunError {
    RunError(
      .usage,
      "--user \(Plain.line(id)): neither the users list nor the ledger knows this id"
        + (Nearest.closest(to: id, in: known).map { "; did you mean \(Plain.line($0))?" } ?? ""))
  }
}

/// The rows of a log on their way out: a table, CSV or JSON.
final class LogOutput {
  private let options: LogOptions
  private let zone: Zone
  private let guarded: Bool
  private let width: Int?
  private var table: TextTable
  private let out = ByteBuffer(capacity: 64 << 10)
  /// Rows added.
  private(set) var count = 0
  /// Rows that are wanted; nil for all.
  var limit: Int?
  private var hasMore = false
  /// True for the form that people read.
  let isTable: Bool

  static let columns = [
    "imported", "run", "item", "outcome", "reason", "user", "direction", "date", "captured",
    "subject", "leadIds", "leadNames", "leadEmails", "records",
  ]

  init(_ options: LogOptions, zone: Zone, guarded: Bool) {
    self.options = options
    self.zone = zone
    self.guarded = guarded
    width = TextTable.terminalWidth
    isTable = !options.isCSV && !options.common.isJSON
    table = TextTable(
      ["TIME", "USER", "DIR", "OUTCOME", "REASON", "SUBJECT", "LEADS"], flexible: 5)
    if options.isCSV {
      out.append(string: Self.columns.joined(separator: ","))
      CSVWriter.endRow(out)
    } else if options.common.isJSON {
      out.append("{\"rows\":[\n")
    }
  }

  /// Adds a row; false when it was not wanted, or nobody reads any more.
  func add(_ row: LogRow) -> Bool {
    if let limit, count >= limit {
      hasMore = true
      return false
    }
    if options.isCSV {
      appendCSV(row)
    } else if options.common.isJSON {
      if count > 0 { out.append(",\n") }
      appendJSON(row)
    } else {
      addToTable(row)
    }
    count += 1
    return out.count < 64 << 10 || flush()
  }

  private func flush() -> Bool {
    defer { out.removeAll() }
    return Console.out(out.view)
  }

  /// Ends the output.
  func finish(_ range: LogRange, isQuiet: Bool) {
    if options.common.isJSON, !options.isCSV {
      out.append("\n],\"from\":")
      ActivityRendering.appendDate(range.from, to: out)
      out.append(",\"to\":")
      ActivityRendering.appendDate(range.to.map { $0 - 1 }, to: out)
      out.append(hasMore ? ",\"more\":true}\n" : ",\"more\":false}\n")
    }
    if isTable, count > 0 { out.append(string: table.text(width: width)) }
    _ = flush()
    guard isTable, !isQuiet else { return }
    let what = options.isByItemDate ? "dated" : "imported"
    var line = "\(count) \(count == 1 ? "row" : "rows"), \(what) in \(range.words)"
    if hasMore { line += "; there are more: --limit, or a narrower --range" }
    Console.error(Plain.line(line))
  }

  private func addToTable(_ row: LogRow) {
    let time = options.isByItemDate ? row.date : row.imported
    table.add([
      time.map(local) ?? "-", row.user.isEmpty ? "-" : row.user, Self.short(row.direction),
      Self.name(row.outcome), row.reason, row.subject,
      row.leads.map { lead in
        [lead.name, lead.id, lead.address].first { !$0.isEmpty } ?? ""
      }.joined(separator: "; "),
    ])
  }

  // Date and time to the minute on the organisation's clocks.
  private func local(_ seconds: Int64) -> String {
    let text = ByteBuffer(capacity: 24)
    let time = zone.localTime(at: seconds)
    time.date.append(to: text)
    text.append(32)
    text.append(decimal: time.hour, width: 2)
    text.append(58)
    text.append(decimal: time.minute, width: 2)
    return text.string
  }

  private static func short(_ d: ItemDirection) -> String {
    switch d {
    case .none: "-"
    case .inbound: "in"
    case .outbound: "out"
    }
  }

  private static func name(_ d: ItemDirection) -> String? {
    switch d {
    case .none: nil
    case .inbound: "inbound"
    case .outbound: "outbound"
    }
  }

  private static func name(_ o: ItemOutcome) -> String {
    switch o {
    case .kept: "kept"
    case .dropped: "dropped"
    case .quarantined: "quarantined"
    }
  }

  private static func name(_ k: ItemKind) -> String {
    switch k {
    case .mail: "mail"
    case .event: "event"
    case .task: "task"
    }
  }

  private func appendCSV(_ row: LogRow) {
    let cells = [
      TimePoint.rfc3339(row.imported), "\(row.run)", Self.name(row.kind), Self.name(row.outcome),
      row.reason, row.user, Self.name(row.direction) ?? "",
      row.date.map(TimePoint.rfc3339) ?? "", row.isCapture ? "true" : "false", row.subject,
      joined(row.leads.map(\.id)), joined(row.leads.map(\.name)), joined(row.leads.map(\.address)),
      joined(row.records.map(\.description)),
    ]
    for (i, cell) in cells.enumerated() {
      if i > 0 { out.append(44) }
      cell.withByteView { CSVWriter.appendCell($0, to: out, guarded: guarded) }
    }
    CSVWriter.endRow(out)
  }

  private func joined(_ list: [String]) -> String {
    list.filter { !$0.isEmpty }.joined(separator: ";")
  }

  private func appendJSON(_ row: LogRow) {
    let w = JSONWriter(out)
    w.beginObject()
    w.key("imported")
    w.string(TimePoint.rfc3339(row.imported))
    w.key("run")
    w.number(Int(clamping: row.run))
    for (name, text) in [
      ("item", Self.name(row.kind)), ("outcome", Self.name(row.outcome)), ("reason", row.reason),
    ] {
      w.key(text: name)
      w.string(text)
    }
    w.key("user")
    w.string(orNull: row.user.isEmpty ? nil : row.user)
    w.key("direction")
    w.string(orNull: Self.name(row.direction))
    w.key("date")
    w.string(orNull: row.date.map(TimePoint.rfc3339))
    w.key("captured")
    w.bool(row.isCapture)
    w.key("subject")
    w.string(row.subject)
    w.key("leads")
    w.beginArray()
    for lead in row.leads {
      w.beginObject()
      for (name, text) in [("id", lead.id), ("name", lead.name), ("email", lead.address)] {
        w.key(text: name)
        w.string(text)
      }
      w.endObject()
    }
    w.endArray()
    w.key("records")
    w.beginArray()
    for key in row.records { w.string(key.description) }
    w.endArray()
    w.endObject()
  }
}
