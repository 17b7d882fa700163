package import Bytes
package import JSONText

/// The fields of a kind of record, in the order of its members and columns.
///
/// Everything that knows a record's shape asks this one table: the writers of JSON and CSV, the
/// schema, the manual, the reader of earlier results, and whoever must know what may be shown.
package struct RecordTable<Record: Sendable>: Sendable {
  /// The fields.
  package let fields: [Field<Record>]
  /// The columns of CSV.
  package let columns: [StaticString]
  private let content: [any FieldAccess<Record>]

  /// A table.
  package init(_ fields: [Field<Record>]) {
    self.fields = fields
    columns = fields.flatMap(\.columns)
    content = fields.compactMap { field in field.content.map { ($0, $0.access ?? field.access) } }
      .sorted { $0.0.place < $1.0.place }.map(\.1)
  }

  // MARK: Writing

  /// Appends the record as a JSON object.
  package func write(_ record: Record, to w: JSONWriter) {
    w.beginObject()
    write(record, to: w, 0..<fields.count)
    w.endObject()
  }

  /// Appends the members of some fields, without the object's braces.
  package func write(_ record: Record, to w: JSONWriter, _ range: Range<Int>) {
    for i in range { fields[i].access.write(record, fields[i].name, to: w) }
  }

  /// Appends the cells of the record.
  package func appendCells(_ record: Record, to row: CSVRow) {
    for field in fields where !field.columns.isEmpty { field.access.appendCells(record, to: row) }
  }

  /// Appends the cells of some fields.
  package func appendCells(_ record: Record, to row: CSVRow, _ range: Range<Int>) {
    for i in range where !fields[i].columns.isEmpty {
      fields[i].access.appendCells(record, to: row)
    }
  }

  /// The position of a field; the number of fields where there is none of that name.
  package func position(of name: StaticString) -> Int {
    let name = ByteView(name)
    return fields.firstIndex { ByteView($0.name).equals(name) } ?? fields.count
  }

  /// The name of the field that lies at a path, and its columns; nil where the table has none.
  package func field(_ path: PartialKeyPath<Record>) -> Field<Record>? {
    fields.first { $0.access.path == path }
  }

  /// Appends what the record says, for a digest: where two records give the same, nothing is
  /// published again.
  package func appendContent(_ record: Record, to out: ByteBuffer) {
    for access in content { access.appendContent(record, to: out) }
  }

  // MARK: Reading

  /// Takes what a JSON object says of the record; false where a member has a value of another kind.
  /// Members that are missing leave the record as it is: an earlier program may not have written
  /// them.
  package func read(_ object: JSONValue, into record: inout Record) -> Bool {
    guard object.kind == .object else { return false }
    var position = 0
    for (key, value) in object.members {
      // Members stand in the table's order, as a rule.
      guard let i = index(of: key.bytes, from: position) else { continue }
      position = i + 1
      guard fields[i].access.read(value, into: &record) else { return false }
    }
    return true
  }

  private func index(of name: ByteView, from start: Int) -> Int? {
    for i in fields.indices {
      let at = (start + i) % fields.count
      if name.equals(fields[at].name) { return at }
    }
    return nil
  }

  /// Takes the cells of the table's columns, nil for a column that a file does not have.
  package func read(_ cells: [ByteView?], into record: inout Record) {
    var next = 0
    for field in fields where !field.columns.isEmpty {
      let end = min(next + field.columns.count, cells.count)
      guard next < end else { return }
      field.access.read(Array(cells[next..<end]), into: &record)
      next = end
    }
  }

  // MARK: Privacy

  /// True where a field keeps its value, as it is or as a pseudonym.
  package func shows(_ path: PartialKeyPath<Record>, _ disclosure: Disclosure) -> Bool {
    if disclosure.isEverything { return true }
    return (field(path)?.holding(disclosure) ?? .withheld) != .withheld
  }

  /// Takes out of a record what may not be shown, and puts pseudonyms for what is personal.
  ///
  /// - Parameter pseudonyms: What makes them; without it whatever needs one is taken out.
  package func disclose(
    _ record: inout Record, _ disclosure: Disclosure, _ pseudonyms: Pseudonyms?
  ) {
    if disclosure.isEverything { return }
    for field in fields {
      switch field.holding(disclosure) {
      case .kept: break
      case .withheld: field.access.withhold(&record)
      case .pseudonym(let kind):
        if let pseudonyms {
          field.access.hide(&record, kind, pseudonyms)
        } else {
          field.access.withhold(&record)
        }
      }
    }
  }
}

/// An object within a record, with a table of its own.
package protocol RecordPart: FieldValue {
  /// Its fields.
  static var table: RecordTable<Self> { get }
  /// One that says nothing.
  init()
}

extension RecordPart {
  package static var schema: String { table.schema() }
  package static var parts: [FieldLine] { table.lines }
  package func write(to w: JSONWriter) { Self.table.write(self, to: w) }
  package init?(json: JSONValue) {
    self.init()
    guard Self.table.read(json, into: &self) else { return nil }
  }
  package mutating func withhold() { self = Self() }
  package mutating func hide(_ kind: Pseudonym, _ pseudonyms: Pseudonyms) {
    Self.table.disclose(&self, Disclosure(.pseudonymous), pseudonyms)
  }
}
