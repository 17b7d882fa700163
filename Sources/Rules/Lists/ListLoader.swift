import Bytes
import CSVText
import JSONText

/// What was found while a list was read.
public struct ListReport: Sendable {
  /// Rows with data in all files.
  public internal(set) var rows = 0
  /// Rows that could not be used; the first hundred are named in ``diagnostics``.
  public internal(set) var errorRows = 0
  /// Values of search columns that are no address.
  public internal(set) var invalidAddresses = 0
  /// Everything found; with an error among them the list must not be used.
  public internal(set) var diagnostics: [Diagnostic] = []

  mutating func errorRow(_ file: String, _ line: Int, _ message: String) {
    errorRows += 1
    guard errorRows <= 100 else { return }
    diagnostics.append(
      Diagnostic(.warning, file: file, line: line, message: "row left out: \(message)"))
  }

  mutating func error(_ file: String, _ line: Int, _ message: String) {
    guard diagnostics.count < 1000 else { return }
    diagnostics.append(Diagnostic(.error, file: file, line: line, message: message))
  }

  mutating func invalidAddress(_ line: Int) {
    if invalidAddresses == firstInvalidOfFile.count { firstInvalidOfFile.line = line }
    invalidAddresses += 1
  }
  private var firstInvalidOfFile = (count: 0, line: 0)

  mutating func endOfFile(_ file: String) {
    let n = invalidAddresses - firstInvalidOfFile.count
    if n > 0 {
      diagnostics.append(
        Diagnostic(
          .warning, file: file, line: firstInvalidOfFile.line,
          message: "\(n) values of the search columns are no addresses; this is the first"))
    }
    firstInvalidOfFile = (invalidAddresses, 0)
  }
}

/// Reads the CRM's lists. Nothing is thrown: what is wrong is in the report.
public enum ListLoader {
  /// Opens a list file as rows.
  static func rows(_ path: ListPath, _ columns: [ListColumn]) -> Result<any ListRows, ListFault> {
    open(path).map { opened in
      switch opened {
      case .json(let text): JSONRows(text, file: path.shown, columns: columns)
      case .csv(let reader): CSVRows(reader, file: path.shown, columns: columns)
      }
    }
  }

  enum Opened {
    case json(ByteBuffer)
    case csv(CSVReader)
  }

  /// Opens a list file: JSON by its name, or when it begins like JSON and is not named CSV.
  static func open(_ path: ListPath) -> Result<Opened, ListFault> {
    switch ListInput.open(path.path) {
    case .failure(let f): return .failure(f)
    case .success(let input):
      let name = path.path.lowercased()
      var isJSON = name.hasSuffix(".json")
      let head = ByteBuffer(capacity: 64)
      if !isJSON, !name.hasSuffix(".csv"), !name.hasSuffix(".tsv") {
        let n = input.read(head.reserve(64), 64)
        head.advance(by: n)
        let first = head.view.trimmed()[0]
        isJSON = first == 91 || first == 123
      }
      if isJSON {
        guard let rest = input.readAll(limit: JSONDocument.maximumBytes) else {
          return .failure(ListFault("cannot be read, or is longer than 256 MiB"))
        }
        if head.isEmpty { return .success(.json(rest)) }
        head.append(rest.view)
        return .success(.json(head))
      }
      var isHeadTaken = head.isEmpty
      return .success(
        .csv(
          CSVReader { target, room in
            if !isHeadTaken {
              isHeadTaken = true
              let n = min(head.count, room)
              target.update(from: head.view.base, count: n)
              return n
            }
            return input.read(target, room)
          }))
    }
  }

  /// The columns of a leads list, in the order that ``leads(_:paths:)`` reads them.
  static func columns(_ c: Config.Leads) -> [ListColumn] {
    var columns = [
      ListColumn(
        "leads.id", c.id, usual: ["id", "ProspectID", "LeadId", "Lead ID", "ContactId"],
        isRequired: true),
      ListColumn("leads.columns.name", c.columns.name, usual: ["name", "FullName", "Full Name"]),
      ListColumn("leads.columns.owner", c.columns.owner, usual: ["owner", "OwnerId"]),
      ListColumn("leads.columns.company", c.columns.company, usual: ["company"]),
      ListColumn("leads.columns.phone", c.columns.phone, usual: ["phone"]),
    ]
    if c.searchBy.isEmpty {
      columns.append(
        ListColumn(
          "leads.searchBy", nil, usual: ["email", "EmailAddress", "Email Address", "E-mail"],
          isRequired: true))
    }
    for (i, name) in c.searchBy.enumerated() {
      columns.append(ListColumn("leads.searchBy[\(i)]", name, usual: [], isRequired: true))
    }
    return columns
  }

  /// Reads all leads: the records in the configuration, then the files in their order.
  public static func leads(_ file: ConfigFile, paths: [ListPath]) -> (LeadIndex, ListReport) {
    let config = file.config.leads
    let columns = columns(config)
    let index = LeadIndex(
      searchFields: config.searchBy.isEmpty ? ["email"] : config.searchBy)
    var report = ListReport()
    var origin = LeadOrigins()
    if !config.source.records.isEmpty {
      origin.begin(file.file, index.count)
      read(
        JSONRows(config.source.records, file: file.file, columns: columns), file.file, index,
        &report, &origin)
    }
    for path in paths {
      switch rows(path, columns) {
      case .failure(let f): report.error(path.shown, 0, f.message)
      case .success(let rows):
        origin.begin(path.shown, index.count)
        read(rows, path.shown, index, &report, &origin)
      }
    }
    return (index, report)
  }

  private static func read(
    _ rows: any ListRows, _ file: String, _ index: LeadIndex, _ report: inout ListReport,
    _ origin: inout LeadOrigins
  ) {
    let one = ByteBuffer(capacity: 256)
    let key = ByteBuffer(capacity: 256)
    reading: while true {
      switch rows.next() {
      case .end: break reading
      case .bad(let why):
        report.rows += 1
        report.errorRow(file, rows.line, why)
        continue
      case .row: report.rows += 1
      }
      let id = rows.value(0)
      if id.isEmpty {
        report.errorRow(file, rows.line, "it has no id")
        continue
      }
      one.removeAll()
      let name = one.place { appendOneLine(rows.value(1), to: one) }
      let owner = one.place { appendOneLine(rows.value(2), to: one) }
      let company = one.place { appendOneLine(rows.value(3), to: one) }
      let phone = one.place { appendOneLine(rows.value(4), to: one) }
      guard
        let lead = index.add(
          id: id, name: one[name], owner: one[owner], company: one[company], phone: one[phone])
      else {
        let other = index.lead(id: id).map { origin.place(of: $0) } ?? "the list is above 4 GiB"
        report.error(
          file, rows.line, "the lead id \"\(id.prefix(60).string)\" occurs twice: also \(other)")
        continue
      }
      origin.add(line: rows.line)
      for field in 0..<index.searchFields.count {
        addresses(rows.value(5 + field), key) { valid in
          if let valid {
            index.add(addressKey: valid, field: field, lead: lead)
          } else {
            report.invalidAddress(rows.line)
          }
        }
      }
    }
    report.endOfFile(file)
    report.diagnostics += rows.finish()
  }

  /// The addresses of a cell, joined by `;` or `,`, as keys; nil for a part that is no address.
  static func addresses(_ cell: ByteView, _ key: ByteBuffer, _ take: (ByteView?) -> Void) {
    var start = 0
    var i = 0
    while i <= cell.count {
      if i == cell.count || cell[i] == 59 || cell[i] == 44 {
        let part = cell.slice(start, i).trimmed()
        start = i + 1
        if !part.isEmpty {
          key.removeAll()
          take(AddressEntry.appendAddress(part, to: key) ? key.view : nil)
        }
      }
      i += 1
    }
  }

  /// The text on one line: line ends and other control characters become spaces.
  static func appendOneLine(_ v: ByteView, to out: ByteBuffer) {
    let target = out.reserve(v.count)
    var written = 0
    var i = 0
    while i < v.count {
      let c = v[i]
      if c == 13, v[i + 1] == 10 { i += 1 }
      target[written] = c < 32 || c == 127 ? 32 : c
      written += 1
      i += 1
    }
    out.advance(by: written)
  }
}

/// Where leads were read, to name both places of a duplicate: four bytes a lead.
struct LeadOrigins {
  private var lines: [UInt32] = []
  private var files: [(name: String, first: Int)] = []

  mutating func begin(_ file: String, _ first: Int) { files.append((file, first)) }
  mutating func add(line: Int) { lines.append(UInt32(clamping: line)) }
  func place(of lead: Int) -> String {
    guard lead >= 0, lead < lines.count else { return "above" }
    let file = files.last { $0.first <= lead }?.name ?? ""
    return lines[lead] == 0 ? "record \(lead + 1) in \(file)" : "line \(lines[lead]) of \(file)"
  }
}
