internal import Bytes
internal import JSONText

/// A field's value within a record, found by its distance from the record's first byte.
///
/// The table knows the record's type, and that a pointer handed in points to one: it alone makes
/// and uses these. A key path says the same at several times the cost: it is projected anew for
/// every field of every record, and so are the generic types on the way (a third of the time that a
/// calendar's tasks took, measured).
protocol FieldAccess: Sendable {
  /// How many bytes after the record's first byte it begins.
  var offset: Int { get }
  /// The columns of an object; nil for a value, whose column has the field's name.
  var columns: [StaticString]? { get }
  /// The schema of such a value.
  var schema: String { get }
  /// The fields of the object that it is, or of its objects.
  var parts: [FieldLine] { get }

  /// Appends the member, if the record has it.
  func write(_ record: UnsafeRawPointer, _ name: StaticString, to w: JSONWriter)
  /// Appends the cells, each with a comma before it but the row's first.
  func appendCells(_ record: UnsafeRawPointer, to row: CSVRow)
  /// Appends what a digest takes of it.
  func appendContent(_ record: UnsafeRawPointer, to out: ByteBuffer)
  /// Takes a value read from JSON; false where it does not fit.
  func read(_ value: JSONValue, into record: UnsafeMutableRawPointer) -> Bool
  /// Takes the cells of its columns, as far as they fit.
  func read(_ cells: [ByteView?], into record: UnsafeMutableRawPointer)
  /// Takes away what may not be shown.
  func withhold(_ record: UnsafeMutableRawPointer)
  /// Puts pseudonyms.
  func hide(_ record: UnsafeMutableRawPointer, _ kind: Pseudonym, _ pseudonyms: Pseudonyms)
}

/// A value with one cell, or none.
struct ValueAccess<Value: FieldValue>: FieldAccess {
  let offset: Int
  var columns: [StaticString]? { nil }
  var schema: String { Value.schema }
  var parts: [FieldLine] { Value.parts }
  private var place: FieldPlace<Value> { FieldPlace(offset: offset) }

  func write(_ record: UnsafeRawPointer, _ name: StaticString, to w: JSONWriter) {
    let value = place[record]
    guard value.isPresent else { return }
    w.key(name)
    value.write(to: w)
  }

  func appendCells(_ record: UnsafeRawPointer, to row: CSVRow) { row.append(place[record]) }

  func appendContent(_ record: UnsafeRawPointer, to out: ByteBuffer) {
    place[record].appendContent(to: out)
  }

  func read(_ value: JSONValue, into record: UnsafeMutableRawPointer) -> Bool {
    guard let read = Value(json: value) else { return false }
    place[record] = read
    return true
  }

  func read(_ cells: [ByteView?], into record: UnsafeMutableRawPointer) {
    guard let cell = cells.first ?? nil, let value = Value(cell: cell) else { return }
    place[record] = value
  }

  func withhold(_ record: UnsafeMutableRawPointer) { place[record].withhold() }

  func hide(_ record: UnsafeMutableRawPointer, _ kind: Pseudonym, _ pseudonyms: Pseudonyms) {
    place[record].hide(kind, pseudonyms)
  }
}

/// An object with columns of its own.
struct PartAccess<Part: RecordPart>: FieldAccess {
  let offset: Int
  var columns: [StaticString]? { Part.table.columns }
  var schema: String { Part.schema }
  var parts: [FieldLine] { Part.parts }
  private var place: FieldPlace<Part> { FieldPlace(offset: offset) }

  func write(_ record: UnsafeRawPointer, _ name: StaticString, to w: JSONWriter) {
    w.key(name)
    Part.table.write(place[record], to: w)
  }

  func appendCells(_ record: UnsafeRawPointer, to row: CSVRow) {
    Part.table.appendCells(place[record], to: row)
  }

  func appendContent(_ record: UnsafeRawPointer, to out: ByteBuffer) {
    place[record].appendContent(to: out)
  }

  func read(_ value: JSONValue, into record: UnsafeMutableRawPointer) -> Bool {
    guard let part = Part(json: value) else { return false }
    place[record] = part
    return true
  }

  func read(_ cells: [ByteView?], into record: UnsafeMutableRawPointer) {
    Part.table.read(cells, into: &place[record])
  }

  func withhold(_ record: UnsafeMutableRawPointer) { place[record].withhold() }

  func hide(_ record: UnsafeMutableRawPointer, _ kind: Pseudonym, _ pseudonyms: Pseudonyms) {
    place[record].hide(kind, pseudonyms)
  }
}

/// Where a property lies in its record.
enum FieldOffset {
  /// Bytes after the record's first byte.
  @inline(__always)
  static func of<Record>(_ path: PartialKeyPath<Record>) -> Int {
    guard let offset = MemoryLayout<Record>.offset(of: path) else {
      preconditionFailure("a field of a record's table is no stored property")
    }
    return offset
  }
}

private struct FieldPlace<Value> {
  let offset: Int

  subscript(record: UnsafeRawPointer) -> Value {
    @inline(__always) get { record.load(fromByteOffset: offset, as: Value.self) }
  }

  subscript(record: UnsafeMutableRawPointer) -> Value {
    get { record.load(fromByteOffset: offset, as: Value.self) }
    nonmutating _modify {
      yield &(record + offset).assumingMemoryBound(to: Value.self).pointee
    }
  }
}
