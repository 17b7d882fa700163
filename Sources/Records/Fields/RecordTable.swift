package import Bytes
package import JSONText

/// The fields of a kind of record, in the order of its members and columns.
///
/// Everything that knows a record's shape asks this one table: the writers of JSON and CSV, the
/// schema, the manual, the reader of earlier results, and whoever must know what may be shown.
package struct RecordTable<Record: Sendable>: Sendable {
  /// The fields.
  package let fields: [Field]
  /// The columns of CSV.
  package let columns: [StaticString]
  // What is written of a record, as writers need it: a field is large, and copied when it is asked.
  private let names: [StaticString]
  private let accesses: [any FieldAccess]
  private let hasCells: [Bool]
  // What a digest takes, in the order of places.
  let content: [any FieldAccess]

  /// A table.
  package init(_ fields: [Field]) {
    self.fields = fields
    columns = fields.flatMap(\.columns)
    names = fields.map(\.name)
    accesses = fields.map(\.access)
    hasCells = fields.map { !$0.columns.isEmpty }
    let digested = fields.filter { $0.content != nil }
      .sorted { ($0.content?.place ?? 0) < ($1.content?.place ?? 0) }
    content = digested.map { $0.content?.other ?? $0.access }
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
    withUnsafePointer(to: record) { record in
      for i in range { accesses[i].write(record, names[i], to: w) }
    }
  }

  /// Appends the cells of the record.
  package func appendCells(_ record: Record, to row: CSVRow) {
    appendCells(record, to: row, 0..<fields.count)
  }

  /// Appends the cells of some fields.
  package func appendCells(_ record: Record, to row: CSVRow, _ range: Range<Int>) {
    withUnsafePointer(to: record) { record in
      for i in range where hasCells[i] { accesses[i].appendCells(record, to: row) }
    }
  }

  /// The position of a field; the number of fields where there is none of that name.
  package func position(of name: StaticString) -> Int {
    let name = ByteView(name)
    return fields.firstIndex { ByteView($0.name).equals(name) } ?? fields.count
  }

  /// The name of the field that lies at a path, and its columns; nil where the table has none.
  package func field(_ path: PartialKeyPath<Record>) -> Field? {
    fields.first { $0.access.offset == FieldOffset.of(path) }
  }

  /// Appends what the record says, for a digest: where two records give the same, nothing is
  /// published again.
  package func appendContent(_ record: Record, to out: ByteBuffer) {
    appendContent(record, to: out, content.indices)
  }

  /// Appends some of it, counted in the order of places.
  func appendContent(_ record: Record, to out: ByteBuffer, _ range: Range<Int>) {
    withUnsafePointer(to: record) { record in
      for i in range { content[i].appendContent(record, to: out) }
    }
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
      guard withUnsafeMutablePointer(to: &record, { accesses[i].read(value, into: $0) }) else {
        return false
      }
    }
    return true
  }

  private func index(of name: ByteView, from start: Int) -> Int? {
    for i in names.indices {
      let at = (start + i) % names.count
      if name.equals(names[at]) { return at }
    }
    return nil
  }

  /// Takes the cells of the table's columns, nil for a column that a file does not have.
  package func read(_ cells: [ByteView?], into record: inout Record) {
    var next = 0
    for field in fields where !field.columns.isEmpty {
      let end = min(next + field.columns.count, cells.count)
      guard next < end else { return }
      withUnsafeMutablePointer(to: &record) {
        field.access.read(Array(cells[next..<end]), into: $0)
      }
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
    withUnsafeMutablePointer(to: &record) { record in
      for field in fields {
        switch field.holding(disclosure) {
        case .kept: break
        case .withheld: field.access.withhold(record)
        case .pseudonym(let kind):
          if let pseudonyms {
            field.access.hide(record, kind, pseudonyms)
          } else {
            field.access.withhold(record)
          }
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
