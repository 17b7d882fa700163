package import Bytes
internal import CSVText
internal import JSONText

/// One field of a kind of record: its name, its columns, what it holds and what of it may be shown.
/// A line in the record's table; JSON, CSV, schema, the manual's table and the reader of earlier
/// results come from it.
package struct Field<Record: Sendable>: Sendable {
  /// The member's name in JSON.
  package let name: StaticString
  /// What it says, in a sentence, for the manual.
  package let about: StaticString
  /// The columns of CSV, in order; none where CSV does not have it.
  package let columns: [StaticString]
  /// What of it is shown under each setting of `output.privacy` and of private events.
  package let holds: Holdings
  /// False where a record may be without it.
  package let isRequired: Bool
  /// Where it comes in the digest over what a record says; nil where a record that differs in it
  /// alone says the same.
  package let content: FieldContent<Record>?
  /// Its JSON Schema.
  package let schema: String
  /// The fields of the object that it is, or of its objects.
  package let parts: [FieldLine]
  let access: any FieldAccess<Record>

  /// A field whose value lies at `path`.
  ///
  /// - Parameters:
  ///   - columns: nil for one column named as the field.
  ///   - schema: Stands in for the value's own schema.
  package init<Value: FieldValue>(
    _ name: StaticString, _ path: any WritableKeyPath<Record, Value> & Sendable,
    columns: [StaticString]? = nil, holds: Holdings = .kept, required: Bool = false,
    content: FieldContent<Record>? = nil, schema: String? = nil, _ about: StaticString
  ) {
    self.name = name
    self.about = about
    self.columns = columns ?? [name]
    self.holds = holds
    isRequired = required
    self.content = content
    self.schema = schema ?? Value.schema
    parts = Value.parts
    access = ValueAccess(path)
  }

  /// A field that is an object, each of whose fields has its columns; `columns` is nil, or none.
  package init<Part: RecordPart>(
    object name: StaticString, _ path: any WritableKeyPath<Record, Part> & Sendable,
    columns: [StaticString]? = nil, holds: Holdings = .kept, required: Bool = false,
    content: FieldContent<Record>? = nil,
    _ about: StaticString
  ) {
    self.name = name
    self.about = about
    self.columns = columns ?? Part.table.columns
    self.holds = holds
    isRequired = required
    self.content = content
    schema = Part.schema
    parts = Part.parts
    access = PartAccess(path)
  }

  /// What the field holds under a privacy setting.
  package func holding(_ disclosure: Disclosure) -> Holding { holds.holding(disclosure) }
}

/// A field's place in the digest over what a record says. Places never change: the digests that a
/// ledger keeps would tell every record as new.
package struct FieldContent<Record: Sendable>: Sendable, ExpressibleByIntegerLiteral {
  /// Counted from 1.
  package let place: Int
  // Where it is not the field's own value that counts.
  let access: (any FieldAccess<Record>)?

  /// The field's value, at a place.
  package init(integerLiteral place: Int) {
    self.place = place
    access = nil
  }

  private init(_ place: Int, _ access: any FieldAccess<Record>) {
    self.place = place
    self.access = access
  }

  /// Another value of the record, at a place.
  package static func at<Value: FieldValue>(
    _ place: Int, of path: any WritableKeyPath<Record, Value> & Sendable
  ) -> FieldContent {
    FieldContent(place, ValueAccess(path))
  }
}

/// A way to a field's value in a record, whatever its type.
protocol FieldAccess<Record>: Sendable {
  associatedtype Record

  /// The way.
  var path: PartialKeyPath<Record> { get }

  /// Appends the member, if the record has it.
  func write(_ record: Record, _ name: StaticString, to w: JSONWriter)
  /// Appends the cells, each with a comma before it but the row's first.
  func appendCells(_ record: Record, to row: CSVRow)
  /// Appends what a digest takes of it.
  func appendContent(_ record: Record, to out: ByteBuffer)
  /// Takes a value read from JSON; false where it does not fit.
  func read(_ value: JSONValue, into record: inout Record) -> Bool
  /// Takes the cells of its columns, as far as they fit.
  func read(_ cells: [ByteView?], into record: inout Record)
  /// Takes away what may not be shown.
  func withhold(_ record: inout Record)
  /// Puts pseudonyms.
  func hide(_ record: inout Record, _ kind: Pseudonym, _ pseudonyms: Pseudonyms)
}

/// A value with one cell, or none.
private struct ValueAccess<Record: Sendable, Value: FieldValue>: FieldAccess {
  let valuePath: any WritableKeyPath<Record, Value> & Sendable
  var path: PartialKeyPath<Record> { valuePath }

  init(_ path: any WritableKeyPath<Record, Value> & Sendable) { valuePath = path }

  func write(_ record: Record, _ name: StaticString, to w: JSONWriter) {
    let value = record[keyPath: valuePath]
    guard value.isPresent else { return }
    w.key(name)
    value.write(to: w)
  }

  func appendCells(_ record: Record, to row: CSVRow) {
    row.append(record[keyPath: valuePath])
  }

  func appendContent(_ record: Record, to out: ByteBuffer) {
    record[keyPath: valuePath].appendContent(to: out)
  }

  func read(_ value: JSONValue, into record: inout Record) -> Bool {
    guard let read = Value(json: value) else { return false }
    record[keyPath: valuePath] = read
    return true
  }

  func read(_ cells: [ByteView?], into record: inout Record) {
    guard let cell = cells.first ?? nil, let value = Value(cell: cell) else { return }
    record[keyPath: valuePath] = value
  }

  func withhold(_ record: inout Record) { record[keyPath: valuePath].withhold() }

  func hide(_ record: inout Record, _ kind: Pseudonym, _ pseudonyms: Pseudonyms) {
    record[keyPath: valuePath].hide(kind, pseudonyms)
  }
}

/// An object with columns of its own.
private struct PartAccess<Record: Sendable, Part: RecordPart>: FieldAccess {
  let partPath: any WritableKeyPath<Record, Part> & Sendable
  var path: PartialKeyPath<Record> { partPath }

  init(_ path: any WritableKeyPath<Record, Part> & Sendable) { partPath = path }

  func write(_ record: Record, _ name: StaticString, to w: JSONWriter) {
    w.key(name)
    Part.table.write(record[keyPath: partPath], to: w)
  }

  func appendCells(_ record: Record, to row: CSVRow) {
    Part.table.appendCells(record[keyPath: partPath], to: row)
  }

  func appendContent(_ record: Record, to out: ByteBuffer) {
    record[keyPath: partPath].appendContent(to: out)
  }

  func read(_ value: JSONValue, into record: inout Record) -> Bool {
    guard let part = Part(json: value) else { return false }
    record[keyPath: partPath] = part
    return true
  }

  func read(_ cells: [ByteView?], into record: inout Record) {
    Part.table.read(cells, into: &record[keyPath: partPath])
  }

  func withhold(_ record: inout Record) { record[keyPath: partPath].withhold() }

  func hide(_ record: inout Record, _ kind: Pseudonym, _ pseudonyms: Pseudonyms) {
    record[keyPath: partPath].hide(kind, pseudonyms)
  }
}

/// A row of CSV being written: the comma between cells, quotes and the formula guard.
package struct CSVRow {
  /// Where it goes.
  let out: ByteBuffer
  private let scratch = ByteBuffer(capacity: 256)
  private let guarded: Bool
  private let begun: Int

  /// A row that begins at the end of `out`.
  package init(_ out: ByteBuffer, guarded: Bool) {
    self.out = out
    self.guarded = guarded
    begun = out.count
  }

  /// Appends a cell.
  func append(_ value: some FieldValue) {
    if out.count > begun { out.append(44) }
    if type(of: value).isPlain { return value.appendCell(to: out) }
    scratch.removeAll()
    value.appendCell(to: scratch)
    CSVWriter.appendCell(scratch.view, to: out, guarded: guarded)
  }
}
