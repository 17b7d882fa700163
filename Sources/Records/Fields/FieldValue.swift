package import Bytes
package import JSONText

/// What a field of a record can hold: how it is written, read back, hidden and hashed.
package protocol FieldValue: Sendable, Equatable {
  /// What stands in `winnow schema` for it, where the field says nothing else.
  static var schema: String { get }
  /// True where a cell never needs quotes nor a guard.
  static var isPlain: Bool { get }
  /// False leaves the member out of the object.
  var isPresent: Bool { get }

  /// The fields of the object that it is, or of the objects in it; none of other values.
  static var parts: [FieldLine] { get }

  /// Appends the JSON value.
  func write(to w: JSONWriter)
  /// Appends the text of the value's only cell.
  func appendCell(to out: ByteBuffer)
  /// Appends what a digest over the record's content takes of it, ended by a zero byte.
  func appendContent(to out: ByteBuffer)

  /// From JSON; nil where a value of another kind stands there.
  init?(json: JSONValue)
  /// From a cell, the guard's apostrophe taken off; nil where the cell says nothing that fits.
  init?(cell: ByteView)

  /// Becomes what stands for a value that may not be shown.
  mutating func withhold()
  /// Puts pseudonyms for what is personal.
  mutating func hide(_ kind: Pseudonym, _ pseudonyms: Pseudonyms)
}

extension FieldValue {
  package static var parts: [FieldLine] { [] }
  package static var isPlain: Bool { false }
  package var isPresent: Bool { true }
  package func appendContent(to out: ByteBuffer) {
    appendCell(to: out)
    out.append(0)
  }
  package mutating func hide(_ kind: Pseudonym, _ pseudonyms: Pseudonyms) {}
}

extension String: FieldValue {
  package static var schema: String { #"{"type":"string"}"# }
  package func write(to w: JSONWriter) { w.string(self) }
  package func appendCell(to out: ByteBuffer) { out.append(string: self) }
  package init?(json: JSONValue) {
    guard let text = json.string else { return nil }
    self = text
  }
  package init?(cell: ByteView) { self = cell.string }
  package mutating func withhold() { self = "" }
  package mutating func hide(_ kind: Pseudonym, _ pseudonyms: Pseudonyms) {
    self = pseudonyms.hidden(self, kind)
  }
}

extension Int: FieldValue {
  package static var schema: String { ##"{"$ref":"#/$defs/count"}"## }
  package static var isPlain: Bool { true }
  package func write(to w: JSONWriter) { w.number(self) }
  package func appendCell(to out: ByteBuffer) { out.append(decimal: self) }
  package init?(json: JSONValue) {
    guard let number = json.int else { return nil }
    self = number
  }
  package init?(cell: ByteView) {
    let digits = cell[0] == 45 ? cell.from(1) : cell
    guard let number = ASCII.decimal(digits) else { return nil }
    self = cell[0] == 45 ? 0 - number : number
  }
  package mutating func withhold() { self = 0 }
}

extension Bool: FieldValue {
  package static var schema: String { #"{"type":"boolean"}"# }
  package static var isPlain: Bool { true }
  package func write(to w: JSONWriter) { w.bool(self) }
  package func appendCell(to out: ByteBuffer) {
    out.append(self ? "true" as StaticString : "false")
  }
  package func appendContent(to out: ByteBuffer) {
    out.append(self ? "1\0" as StaticString : "0\0")
  }
  package init?(json: JSONValue) {
    guard let value = json.bool else { return nil }
    self = value
  }
  package init?(cell: ByteView) {
    guard cell.equals("true") || cell.equals("false") else { return nil }
    self = cell.equals("true")
  }
  package mutating func withhold() { self = false }
}

/// A record's key: the first half of the digest, as 32 hexadecimal digits.
extension Digest: FieldValue {
  package static var schema: String { ##"{"$ref":"#/$defs/key"}"## }
  package static var isPlain: Bool { true }
  package func write(to w: JSONWriter) { w.string(hex(bytes: 16)) }
  package func appendCell(to out: ByteBuffer) { appendHex(to: out, bytes: 16) }
  package init?(json: JSONValue) { self.init(cell: json.bytes) }
  package init?(cell: ByteView) {
    guard cell.count == 32, let words = Self.words(hex: cell) else { return nil }
    self.init(words: (words[0], words[1], 0, 0))
  }
  package mutating func withhold() { self = Digest(words: (0, 0, 0, 0)) }

  /// The words, in memory order, of as many hexadecimal digits; nil where one is not.
  static func words(hex: ByteView) -> [UInt64]? {
    var words = [UInt64](repeating: 0, count: hex.count / 16)
    for i in 0..<words.count * 8 {
      guard let a = digit(hex[2 * i]), let b = digit(hex[2 * i + 1]) else { return nil }
      let byte = UInt64(a << 4 | b)
      words[i / 8] |= UInt64(littleEndian: byte << (8 * UInt64(i % 8)))
    }
    return words
  }

  private static func digit(_ c: UInt8) -> UInt8? {
    switch c {
    case 48...57: c &- 48
    case 97...102: c &- 87
    default: nil
    }
  }
}

/// The digest of an attachment's bytes, as 64 hexadecimal digits.
package struct ContentHash: FieldValue {
  /// It.
  package var digest: Digest

  /// Wraps it.
  package init(_ digest: Digest) { self.digest = digest }

  package static var schema: String { ##"{"$ref":"#/$defs/sha256"}"## }
  package static var isPlain: Bool { true }
  package func write(to w: JSONWriter) { w.string(digest.hex()) }
  package func appendCell(to out: ByteBuffer) { digest.appendHex(to: out) }
  package init?(json: JSONValue) { self.init(cell: json.bytes) }
  package init?(cell: ByteView) {
    guard cell.count == 64, let w = Digest.words(hex: cell) else { return nil }
    digest = Digest(words: (w[0], w[1], w[2], w[3]))
  }
  package mutating func withhold() { digest = Digest(words: (0, 0, 0, 0)) }
}

/// null in JSON and an empty cell where there is none.
extension Optional: FieldValue where Wrapped: FieldValue {
  package static var parts: [FieldLine] { Wrapped.parts }
  package static var schema: String { #"{"anyOf":[\#(Wrapped.schema),{"type":"null"}]}"# }
  package static var isPlain: Bool { Wrapped.isPlain }
  package func write(to w: JSONWriter) {
    if let self { self.write(to: w) } else { w.null() }
  }
  package func appendCell(to out: ByteBuffer) { self?.appendCell(to: out) }
  package func appendContent(to out: ByteBuffer) {
    if let self { self.appendContent(to: out) } else { out.append("\u{1}\0" as StaticString) }
  }
  package init?(json: JSONValue) {
    if json.kind == .null {
      self = .none
    } else if let value = Wrapped(json: json) {
      self = .some(value)
    } else {
      return nil
    }
  }
  package init?(cell: ByteView) { self = cell.isEmpty ? .none : Wrapped(cell: cell) }
  package mutating func withhold() { self = nil }
  package mutating func hide(_ kind: Pseudonym, _ pseudonyms: Pseudonyms) {
    self?.hide(kind, pseudonyms)
  }
}

/// An array in JSON; in CSV its elements' cells joined by semicolons.
extension Array: FieldValue where Element: FieldValue {
  package static var parts: [FieldLine] { Element.parts }
  package static var schema: String { #"{"type":"array","items":\#(Element.schema)}"# }
  package func write(to w: JSONWriter) {
    w.beginArray()
    for element in self { element.write(to: w) }
    w.endArray()
  }
  package func appendCell(to out: ByteBuffer) {
    for (i, element) in enumerated() {
      if i > 0 { out.append(59) }
      element.appendCell(to: out)
    }
  }
  package func appendContent(to out: ByteBuffer) {
    for element in self { element.appendContent(to: out) }
  }
  package init?(json: JSONValue) {
    guard json.kind == .array else { return nil }
    self = json.elements.compactMap { Element(json: $0) }
  }
  package init?(cell: ByteView) {
    self = []
    var start = 0
    while start < cell.count {
      let end = cell.firstIndex(of: 59, from: start) ?? cell.count
      if let element = Element(cell: cell.slice(start, end)) { append(element) }
      start = end + 1
    }
  }
  package mutating func withhold() { self = [] }
  package mutating func hide(_ kind: Pseudonym, _ pseudonyms: Pseudonyms) {
    for i in indices { self[i].hide(kind, pseudonyms) }
  }
}

/// A value that the configuration may not capture: then its member is absent, not empty.
package struct Captured<Value: FieldValue>: FieldValue {
  /// nil where it is not captured.
  package var value: Value?

  /// Wraps it.
  package init(_ value: Value?) { self.value = value }

  package static var parts: [FieldLine] { Value.parts }
  package static var schema: String { Value.schema }
  package static var isPlain: Bool { Value.isPlain }
  package var isPresent: Bool { value != nil }
  package func write(to w: JSONWriter) { value?.write(to: w) }
  package func appendCell(to out: ByteBuffer) { value?.appendCell(to: out) }
  package init?(json: JSONValue) { value = Value(json: json) }
  package init?(cell: ByteView) { value = cell.isEmpty ? nil : Value(cell: cell) }
  package mutating func withhold() { value = nil }
  package mutating func hide(_ kind: Pseudonym, _ pseudonyms: Pseudonyms) {
    value?.hide(kind, pseudonyms)
  }
}

/// A text of a meeting, which the calendar may lack or `output.privacy` leave out.
package enum MeetingText: FieldValue {
  /// Left out: the member is absent.
  case withheld
  /// The calendar has none: an empty text.
  case none
  /// It.
  case text(String)

  /// A text, or ``none``.
  package init(_ text: String?) { self = text.map { .text($0) } ?? .none }

  /// The text, if there is one.
  package var text: String? {
    if case .text(let text) = self { text } else { nil }
  }

  package static var schema: String { #"{"type":["string","null"]}"# }
  package var isPresent: Bool { self != .withheld }
  package func write(to w: JSONWriter) { w.string(text ?? "") }
  package func appendCell(to out: ByteBuffer) { out.append(string: text ?? "") }
  package func appendContent(to out: ByteBuffer) { text.appendContent(to: out) }
  package init?(json: JSONValue) {
    self = json.bytes.isEmpty ? .none : .text(json.bytes.string)
  }
  package init?(cell: ByteView) { self = cell.isEmpty ? .none : .text(cell.string) }
  package mutating func withhold() { self = .withheld }
  package mutating func hide(_ kind: Pseudonym, _ pseudonyms: Pseudonyms) {
    if case .text(var text) = self {
      text.hide(kind, pseudonyms)
      self = .text(text)
    }
  }
}

/// A link of a meeting: like ``MeetingText``, but null where there is none.
package struct MeetingLink: FieldValue {
  /// It.
  package var value: MeetingText

  /// A link.
  package init(_ value: MeetingText) { self.value = value }
  /// A link, or none.
  package init(_ link: String?) { value = MeetingText(link) }

  package static var schema: String { MeetingText.schema }
  package var isPresent: Bool { value.isPresent }
  package func write(to w: JSONWriter) { w.string(orNull: value.text) }
  package func appendCell(to out: ByteBuffer) { value.appendCell(to: out) }
  package init?(json: JSONValue) { value = MeetingText(json: json) ?? .none }
  package init?(cell: ByteView) { value = MeetingText(cell: cell) ?? .none }
  package mutating func withhold() { value = .withheld }
}
