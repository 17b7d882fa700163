import Bytes
import JSONText

/// Writes the fields of facts as members of a JSON object. What is empty, zero, false or not there is
/// left out.
struct FactJSONWriter: FactCoder {
  static var reads: Bool { false }
  private let out: ByteBuffer
  private let json: JSONWriter
  private static let hexBytes = 32

  init(_ out: ByteBuffer) {
    self.out = out
    json = JSONWriter(out)
  }

  private static func isElement(_ name: StaticString) -> Bool { name.utf8CodeUnitCount == 0 }

  @inline(__always)
  private func key(_ name: StaticString) {
    if !Self.isElement(name) { json.key(name) }
  }

  func text(_ name: StaticString, _ value: inout ByteView) {
    if value.isEmpty, !Self.isElement(name) { return }
    key(name)
    json.string(value)
  }

  func text(_ name: StaticString, _ value: inout ByteView?) {
    guard let value else { return }
    key(name)
    json.string(value)
  }

  func text(_ name: StaticString, _ value: inout String) {
    value.withByteView {
      var view = $0
      text(name, &view)
    }
  }

  func text(_ name: StaticString, _ value: inout String?) {
    guard let value else { return }
    key(name)
    json.string(value)
  }

  func text(_ name: StaticString, _ value: inout [UInt8]) {
    var text = value.withByteView(\.string)
    self.text(name, &text)
  }

  func data(_ name: StaticString, _ value: inout ByteView?) {
    guard let value else { return }
    key(name)
    json.raw { out in
      out.append(34)
      Base64.encode(value, into: out)
      out.append(34)
    }
  }

  func number(_ name: StaticString, _ value: inout Int) {
    if value == 0, !Self.isElement(name) { return }
    key(name)
    json.number(value)
  }

  func number(_ name: StaticString, _ value: inout Int64?) {
    guard let value else { return }
    key(name)
    json.number(Int(value))
  }

  func flag(_ name: StaticString, _ value: inout Bool) {
    if !value { return }
    key(name)
    json.bool(true)
  }

  func digest(_ name: StaticString, _ value: inout Digest?) {
    guard let value else { return }
    key(name)
    json.raw { out in
      out.append(34)
      value.appendHex(to: out, bytes: Self.hexBytes)
      out.append(34)
    }
  }

  mutating func list(_ name: StaticString, _ count: Int, _ body: (inout Self, Int) -> Void) {
    if count == 0, !Self.isElement(name) { return }
    key(name)
    json.beginArray()
    var i = 0
    while i < count {
      body(&self, i)
      i += 1
    }
    json.endArray()
  }

  mutating func group(
    _ name: StaticString, _ isThere: inout Bool, _ body: (inout Self) -> Void
  ) {
    guard isThere else { return }
    key(name)
    json.beginObject()
    body(&self)
    json.endObject()
  }

  func damage() {}
}

/// Reads the fields of facts out of a JSON object, whatever the order of its members; those that it
/// does not know it passes over.
struct FactJSONReader: FactCoder {
  static var reads: Bool { true }
  /// Where it reads: the members of an object, or an element of a list.
  private enum Place {
    case object(JSONValue, next: JSONValue.Members)
    case element(JSONValue)
  }
  private var place: Place
  private let scratch: ByteBuffer
  /// True when something in it cannot be.
  private(set) var isDamaged = false

  /// A reader over an object's members.
  ///
  /// - Parameter scratch: Takes decoded bytes; views of them hold until it is emptied.
  init(_ object: JSONValue, scratch: ByteBuffer) {
    place = .object(object, next: object.members)
    self.scratch = scratch
    if object.kind != .object { isDamaged = true }
  }

  // Facts are mostly read in the order in which they were written: the next member is tried first.
  private mutating func find(_ name: StaticString) -> JSONValue? {
    switch place {
    case .element(let value): return value
    case .object(let object, var next):
      let found = next.next()
      if let found, found.key.bytes.equals(name) {
        place = .object(object, next: next)
        return found.value.kind == .null ? nil : found.value
      }
      if found == nil, object.count < 2 { return nil }
      guard let value = object.member(name), value.kind != .null else { return nil }
      return value
    }
  }

  private mutating func find(_ name: StaticString, _ kind: JSONKind) -> JSONValue? {
    guard let value = find(name) else { return nil }
    if value.kind == kind { return value }
    isDamaged = true
    return nil
  }

  mutating func text(_ name: StaticString, _ value: inout ByteView) {
    value = find(name, .string)?.bytes ?? .empty
  }

  mutating func text(_ name: StaticString, _ value: inout ByteView?) {
    value = find(name, .string)?.bytes
  }

  mutating func text(_ name: StaticString, _ value: inout String) {
    value = find(name, .string)?.bytes.string ?? ""
  }

  mutating func text(_ name: StaticString, _ value: inout String?) {
    value = find(name, .string)?.bytes.string
  }

  mutating func text(_ name: StaticString, _ value: inout [UInt8]) {
    value = find(name, .string)?.bytes.array ?? []
  }

  mutating func data(_ name: StaticString, _ value: inout ByteView?) {
    value = nil
    guard let text = find(name, .string)?.bytes else { return }
    let start = scratch.count
    if !Base64Decoder.decode(text, into: scratch) { isDamaged = true }
    value = scratch.view.from(start)
  }

  mutating func number(_ name: StaticString, _ value: inout Int) {
    value = 0
    guard let found = find(name, .number) else { return }
    if let number = Self.whole(found) { value = number } else { isDamaged = true }
  }

  mutating func number(_ name: StaticString, _ value: inout Int64?) {
    value = nil
    guard let found = find(name, .number) else { return }
    if let number = Self.whole(found) { value = Int64(number) } else { isDamaged = true }
  }

  // All of 64 bits: the ends of a span may be the last that there are.
  private static func whole(_ value: JSONValue) -> Int? {
    value.int ?? Int(value.literal.string)
  }

  mutating func flag(_ name: StaticString, _ value: inout Bool) {
    value = false
    guard let found = find(name) else { return }
    if let flag = found.bool { value = flag } else { isDamaged = true }
  }

  mutating func digest(_ name: StaticString, _ value: inout Digest?) {
    value = nil
    guard let text = find(name, .string)?.bytes else { return }
    value = Digest(hex: text)
    if value == nil { isDamaged = true }
  }

  mutating func list(_ name: StaticString, _ count: Int, _ body: (inout Self, Int) -> Void) {
    guard let list = find(name, .array) else { return }
    let outside = place
    var i = 0
    for element in list.elements {
      place = .element(element)
      body(&self, i)
      i += 1
    }
    place = outside
  }

  mutating func group(
    _ name: StaticString, _ isThere: inout Bool, _ body: (inout Self) -> Void
  ) {
    let found = find(name, .object)
    isThere = found != nil
    guard let found else { return }
    let outside = place
    place = .object(found, next: found.members)
    body(&self)
    place = outside
  }

  mutating func damage() { isDamaged = true }
}
