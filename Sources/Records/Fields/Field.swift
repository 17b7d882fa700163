package import Bytes
internal import CSVText
internal import JSONText

/// One field of a kind of record: its name, its columns, what it holds and what of it may be shown.
/// A line in the record's table; JSON, CSV, schema, the manual's table and the reader of earlier
/// results come from it.
package struct Field: Sendable {
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
  package let content: FieldContent?
  /// Its JSON Schema.
  package let schema: String
  /// The fields of the object that it is, or of its objects.
  package let parts: [FieldLine]
  let access: any FieldAccess

  /// A field whose value lies at `path`, a stored property.
  ///
  /// - Parameters:
  ///   - columns: nil for one column named as the field.
  ///   - schema: Stands in for the value's own schema.
  // Inlined, so that the compiler knows the property and no key path is made when the command
  // starts.
  @inline(__always)
  package init<Record, Value: FieldValue>(
    _ name: StaticString, _ path: WritableKeyPath<Record, Value>,
    columns: [StaticString]? = nil, holds: Holdings = .kept, required: Bool = false,
    content: FieldContent? = nil, schema: String? = nil, _ about: StaticString
  ) {
    self.init(
      name: name, access: ValueAccess<Value>(offset: FieldOffset.of(path)), columns: columns,
      holds: holds, isRequired: required, content: content, schema: schema, about: about)
  }

  /// A field that is an object, each of whose fields has its columns; `columns` is nil, or none.
  @inline(__always)
  package init<Record, Part: RecordPart>(
    object name: StaticString, _ path: WritableKeyPath<Record, Part>,
    columns: [StaticString]? = nil, holds: Holdings = .kept, required: Bool = false,
    content: FieldContent? = nil,
    _ about: StaticString
  ) {
    self.init(
      name: name, access: PartAccess<Part>(offset: FieldOffset.of(path)), columns: columns,
      holds: holds, isRequired: required, content: content, schema: nil, about: about)
  }

  private init(
    name: StaticString, access: any FieldAccess, columns: [StaticString]?, holds: Holdings,
    isRequired: Bool, content: FieldContent?, schema: String?, about: StaticString
  ) {
    self.name = name
    self.about = about
    self.columns = columns ?? access.columns ?? [name]
    self.holds = holds
    self.isRequired = isRequired
    self.content = content
    self.schema = schema ?? access.schema
    parts = access.parts
    self.access = access
  }

  /// What the field holds under a privacy setting.
  package func holding(_ disclosure: Disclosure) -> Holding { holds.holding(disclosure) }
}

/// A field's place in the digest over what a record says. Places never change: the digests that a
/// ledger keeps would tell every record as new.
package struct FieldContent: Sendable, ExpressibleByIntegerLiteral {
  /// Counted from 1.
  package let place: Int
  // Where it is not the field's own value that counts.
  let other: (any FieldAccess)?

  /// The field's value, at a place.
  package init(integerLiteral place: Int) {
    self.init(place, nil)
  }

  private init(_ place: Int, _ other: (any FieldAccess)?) {
    self.place = place
    self.other = other
  }

  /// Another value of the record, at a place.
  @inline(__always)
  package static func at<Record, Value: FieldValue>(
    _ place: Int, of path: WritableKeyPath<Record, Value>
  ) -> FieldContent {
    FieldContent(place, ValueAccess<Value>(offset: FieldOffset.of(path)))
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

  /// A row of which `out` ends in what comes before the next cell.
  init(continuing out: ByteBuffer, guarded: Bool) {
    self.out = out
    self.guarded = guarded
    begun = -1
  }

  /// Appends cells as they were written, with the commas between them.
  func append(cells: ByteView) {
    if out.count > begun { out.append(44) }
    out.append(cells)
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
