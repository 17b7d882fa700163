import Bytes
import CSVText
import JSONText

/// A column that a list is asked for.
struct ListColumn {
  /// The setting that names it, for messages.
  var setting: String
  /// Its names, best first.
  var names: [String]
  /// A list without it is refused.
  var isRequired: Bool
  /// The configuration names it.
  var isExplicit: Bool

  init(_ setting: String, _ named: String?, usual: [String], isRequired: Bool = false) {
    self.setting = setting
    names = named.map { [$0] } ?? usual
    self.isRequired = isRequired
    isExplicit = named != nil
  }
}

/// What reading a row came to.
enum RowStep {
  /// There is a row.
  case row
  /// There is one that cannot be used; counted and told.
  case bad(String)
  /// There are no more.
  case end
}

/// The rows of one list, whatever its form.
protocol ListRows: AnyObject {
  /// Goes to the next row.
  func next() -> RowStep
  /// The row's value in a column of those asked for; empty when it has none.
  func value(_ column: Int) -> ByteView
  /// The row's line in its file, or 0.
  var line: Int { get }
  /// What was found about the whole list once it was read; errors refuse it.
  func finish() -> [Diagnostic]
}

extension CSVFault {
  /// The fault as one of a list's.
  func diagnostic(_ file: String) -> Diagnostic {
    Diagnostic(
      .error, file: file, line: place.line, column: place.column, byteOffset: place.offset,
      message: "\(message) (at byte \(place.offset))")
  }
}

/// What a list may hold.
public enum ListLimits {
  /// The longest value that is taken, in bytes.
  public static let cellBytes = 1 << 20
}

/// The rows of a CSV file.
final class CSVRows: ListRows {
  /// The longest value that is taken, in bytes.
  static let maximumCell = ListLimits.cellBytes

  private let reader: CSVReader
  private let file: String
  private let places: [Int?]
  private let width: Int
  private var findings: [Diagnostic]
  private var refused = false
  private var ragged = (count: 0, line: 0)
  private var stray = (count: 0, line: 0)
  private var rows = 0

  init(_ reader: CSVReader, file: String, columns: [ListColumn]) {
    self.reader = reader
    self.file = file
    findings = []
    guard reader.next() else {
      if reader.fault == nil {
        findings.append(Diagnostic(.error, file: file, message: "the file is empty"))
      }
      places = []
      width = 0
      refused = true
      return
    }
    let header = (0..<min(reader.count, 10_000)).map { reader.cell($0).trimmed().string }
    width = reader.count
    findings += Self.duplicates(header, file, reader.line)
    (places, refused) = Self.find(columns, header, file, reader.line, &findings)
    refused = refused || findings.hasErrors
  }

  /// A name may head one column only: which of two is meant cannot be told.
  static func duplicates(_ header: [String], _ file: String, _ line: Int) -> [Diagnostic] {
    var first: [String: Int] = [:]
    var told: [Diagnostic] = []
    for (i, name) in header.enumerated() where !name.isEmpty {
      if let f = first[name] {
        told.append(
          Diagnostic(
            .error, file: file, line: line,
            message: "columns \(f + 1) and \(i + 1) are both named \"\(name.prefix(60))\""))
      }
      first[name] = first[name] ?? i
    }
    return told
  }

  /// The place of each column in the header: its name exactly, else without case.
  static func find(
    _ columns: [ListColumn], _ header: [String], _ file: String, _ line: Int,
    _ findings: inout [Diagnostic]
  ) -> ([Int?], Bool) {
    let folded = header.map { $0.lowercased() }
    var isMissing = false
    let places: [Int?] = columns.map { c in
      for name in c.names { if let i = header.firstIndex(of: name) { return i } }
      for name in c.names { if let i = folded.firstIndex(of: name.lowercased()) { return i } }
      guard c.isRequired || c.isExplicit else { return nil }
      isMissing = isMissing || c.isRequired
      findings.append(
        Diagnostic(
          c.isRequired ? .error : .warning, file: file, line: line, keyPath: c.setting,
          message: "there is no column \(c.names.map { "\"\($0)\"" }.joined(separator: " or "))",
          allowed: header.prefix(20).filter { !$0.isEmpty }.map { String($0.prefix(60)) },
          suggestion: Nearest.closest(to: c.names.first ?? "", in: header.filter { !$0.isEmpty })
            .map { String($0.prefix(60)) }))
      return nil
    }
    return (places, isMissing)
  }

  var line: Int { reader.line }

  func value(_ column: Int) -> ByteView {
    guard column >= 0, column < places.count, let i = places[column] else { return .empty }
    return reader.cell(i).trimmed()
  }

  func next() -> RowStep {
    if refused { return .end }
    while reader.next() {
      if reader.isBlank { continue }
      rows += 1
      if reader.count != width {
        if ragged.count == 0 { ragged.line = reader.line }
        ragged.count += 1
      }
      if reader.hasStrayQuote {
        if stray.count == 0 { stray.line = reader.line }
        stray.count += 1
      }
      if reader.hasNUL { return .bad("the character U+0000 stands in it") }
      if reader.length > CSVRows.maximumCell {
        for case let i? in places where reader.cell(i).count > CSVRows.maximumCell {
          return .bad("a cell is longer than 1 MiB")
        }
      }
      return .row
    }
    return .end
  }

  func finish() -> [Diagnostic] {
    if let f = reader.fault {
      findings.append(f.diagnostic(file))
    }
    func tell(_ what: (count: Int, line: Int), _ message: String) {
      if what.count > 0 {
        findings.append(
          Diagnostic(.warning, file: file, line: what.line, message: "\(what.count) \(message)"))
      }
    }
    tell(ragged, "rows have more or fewer cells than the header; this is the first")
    tell(stray, "rows have a quote where none may stand, taken as text; this is the first")
    if reader.foreignRecords > 0 {
      findings.append(
        Diagnostic(
          .note, file: file, line: reader.firstForeignLine,
          message: "\(reader.foreignRecords) records are no UTF-8 and were read as windows-1252"))
    }
    if reader.isUTF16 { findings.append(Diagnostic(.note, file: file, message: "read as UTF-16")) }
    if !refused, rows == 0, reader.fault == nil {
      findings.append(
        Diagnostic(
          .warning, file: file,
          message: "there is a header and not a single row: everybody in the "
            + "mail will be a stranger"))
    }
    return findings
  }
}

/// The rows of a JSON array, from a file or written into the configuration.
final class JSONRows: ListRows {
  private var reader: JSONArrayReader?
  private let source: ByteBuffer
  private var inline: [JSONValue]
  private var counter: LineCounter
  private let file: String
  private let columns: [ListColumn]
  private var values: [ByteRange]
  private let text = ByteBuffer(capacity: 1024)
  private(set) var line = 0
  private var rows = 0
  private var seen: [Bool]
  private var firstKeys: [String] = []
  private var findings: [Diagnostic] = []

  /// The rows of a file's text.
  init(_ source: ByteBuffer, file: String, columns: [ListColumn]) {
    self.source = source
    reader = JSONArrayReader(source.view)
    inline = []
    counter = LineCounter(source.view)
    self.file = file
    self.columns = columns
    values = [ByteRange](repeating: .empty, count: columns.count)
    seen = [Bool](repeating: false, count: columns.count)
  }

  /// Records of the configuration.
  init(_ records: [JSONValue], file: String, columns: [ListColumn]) {
    source = ByteBuffer()
    inline = records.reversed()
    counter = LineCounter(source.view)
    self.file = file
    self.columns = columns
    values = [ByteRange](repeating: .empty, count: columns.count)
    seen = [Bool](repeating: false, count: columns.count)
  }

  func value(_ column: Int) -> ByteView {
    column >= 0 && column < values.count ? text[values[column]].trimmed() : .empty
  }

  func next() -> RowStep {
    guard let record = reader == nil ? inline.popLast() : reader?.next() else { return .end }
    if reader != nil { line = counter.position(of: record.offset).line }
    rows += 1
    text.removeAll()
    for i in values.indices { values[i] = .empty }
    guard record.kind == .object else {
      return .bad("expected a record, found \(record.kind.words)")
    }
    if rows == 1 { firstKeys = record.members.prefix(50).map { $0.key.bytes.prefix(60).string } }
    var fault: String?
    for (i, c) in columns.enumerated() {
      for name in c.names {
        guard let v = Self.member(record, name) else { continue }
        seen[i] = true
        fault = take(v, i) ?? fault
        break
      }
    }
    return fault.map { .bad($0) } ?? .row
  }

  private static func member(_ record: JSONValue, _ name: String) -> JSONValue? {
    name.withByteView { n in
      for (key, value) in record.members where key.bytes.equals(n) { return value }
      return nil
    }
  }

  /// Takes a value's text; gives what is wrong with it.
  private func take(_ v: JSONValue, _ column: Int) -> String? {
    let start = text.count
    var parts = [v]
    if v.kind == .array { parts = Array(v.elements.prefix(1000)) }
    for p in parts {
      if text.count > start { text.append(59) }
      switch p.kind {
      case .string:
        if p.hasNUL { return "the character U+0000 stands in it" }
        if p.bytes.count > CSVRows.maximumCell { return "a value is longer than 1 MiB" }
        text.append(p.bytes)
      case .number:
        // Larger numbers lose digits in other programs, and 1.0 and 1 are the same to some.
        let isSafe = p.int.map { abs($0) < 1 << 53 } ?? false
        if column == 0, !isSafe || p.literal[0] == 45 {
          findings.append(
            Diagnostic(
              .error, file: file, line: line, keyPath: columns[0].setting,
              message: "an id must be a string or a whole number below 2^53"))
        }
        text.append(p.literal)
      case .true: text.append("true" as StaticString)
      case .false: text.append("false" as StaticString)
      case .null, .array, .object: break
      }
    }
    values[column] = ByteRange(start: start, count: text.count - start)
    return nil
  }

  func finish() -> [Diagnostic] {
    if let reader {
      var counter = LineCounter(source.view)
      for f in reader.faults.sorted(by: { $0.offset < $1.offset }).prefix(100) {
        let place = counter.position(of: f.offset)
        findings.append(
          Diagnostic(
            .error, file: file, line: place.line, column: place.column, byteOffset: f.offset,
            message: f.message))
      }
    }
    if findings.hasErrors { return Array(findings.prefix(100)) }
    for (i, c) in columns.enumerated() where rows > 0 && !seen[i] && (c.isRequired || c.isExplicit)
    {
      findings.append(
        Diagnostic(
          c.isRequired ? .error : .warning, file: file, keyPath: c.setting,
          message: "no record has \(c.names.map { "\"\($0)\"" }.joined(separator: " or "))",
          allowed: Array(firstKeys.prefix(20)),
          suggestion: Nearest.closest(to: c.names.first ?? "", in: firstKeys)))
    }
    if rows == 0, reader != nil {
      findings.append(
        Diagnostic(
          .warning, file: file,
          message: "there is not a single record: everybody in the mail will be a stranger"))
    }
    return findings
  }
}
