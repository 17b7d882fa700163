import Bytes
import JSONText

/// Writes the fields of facts as members of a JSON object. What is empty, zero, false or not there
/// is left out.
struct FactJSONWriter: FactCoder {
  static var reads: Bool { false }
  private let out: ByteBuffer
  private let json: JSONWriter

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
      value.appendHex(to: out)
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
/// does not know it passes over. What it reads from must outlive it.
struct FactJSONReader: FactCoder {
  static var reads: Bool { true }
  private var members: JSONCursor
  // The element of a list that is read; nil among members.
  private var element: Int?
  private let scratch: ByteBuffer
  /// True when something in it cannot be.
  private(set) var isDamaged = false

  /// A reader over an object's members.
  ///
  /// - Parameter scratch: Takes decoded bytes; views of them hold until it is emptied.
  init(_ object: JSONValue, scratch: ByteBuffer) {
    members = JSONCursor(object)
    self.scratch = scratch
    if object.kind != .object { isDamaged = true }
  }

  private mutating func find(_ name: StaticString, _ kind: JSONKind) -> Int? {
    guard let value = element ?? members.find(name) else { return nil }
    if members.kind(value) == kind { return value }
    isDamaged = true
    return nil
  }

  mutating func text(_ name: StaticString, _ value: inout ByteView) {
    value = find(name, .string).map(members.bytes) ?? .empty
  }

  mutating func text(_ name: StaticString, _ value: inout ByteView?) {
    value = find(name, .string).map(members.bytes)
  }

  mutating func text(_ name: StaticString, _ value: inout String) {
    value = find(name, .string).map { members.bytes($0).string } ?? ""
  }

  mutating func text(_ name: StaticString, _ value: inout String?) {
    value = find(name, .string).map { members.bytes($0).string }
  }

  mutating func text(_ name: StaticString, _ value: inout [UInt8]) {
    value = find(name, .string).map { members.bytes($0).array } ?? []
  }

  mutating func data(_ name: StaticString, _ value: inout ByteView?) {
    value = nil
    guard let found = find(name, .string) else { return }
    let start = scratch.count
    if !Base64Decoder.decode(members.bytes(found), into: scratch) { isDamaged = true }
    value = scratch.view.from(start)
  }

  mutating func number(_ name: StaticString, _ value: inout Int) {
    value = whole(name) ?? 0
  }

  mutating func number(_ name: StaticString, _ value: inout Int64?) {
    value = whole(name).map(Int64.init)
  }

  // All of 64 bits: the ends of a span may be the last that there are.
  private mutating func whole(_ name: StaticString) -> Int? {
    guard let found = find(name, .number) else { return nil }
    let literal = members.bytes(found)
    if literal.count <= 18, literal[0] != 45, let number = ASCII.decimal(literal) { return number }
    let number = Int(literal.string)
    if number == nil { isDamaged = true }
    return number
  }

  mutating func flag(_ name: StaticString, _ value: inout Bool) {
    value = false
    guard let found = element ?? members.find(name) else { return }
    switch members.kind(found) {
    case .true: value = true
    case .false: break
    default: isDamaged = true
    }
  }

  mutating func digest(_ name: StaticString, _ value: inout Digest?) {
    value = nil
    guard let found = find(name, .string) else { return }
    value = Digest(hex: members.bytes(found))
    if value == nil { isDamaged = true }
  }

  mutating func list(_ name: StaticString, _ count: Int, _ body: (inout Self, Int) -> Void) {
    guard let list = find(name, .array) else { return }
    let outside = element
    var next = members.firstElement(of: list)
    var i = 0
    while let value = next {
      element = value
      body(&self, i)
      i += 1
      next = members.element(after: value, of: list)
    }
    element = outside
  }

  mutating func group(
    _ name: StaticString, _ isThere: inout Bool, _ body: (inout Self) -> Void
  ) {
    let found = find(name, .object)
    isThere = found != nil
    guard let found else { return }
    let (outside, outer) = (members, element)
    members = members.members(of: found)
    element = nil
    body(&self)
    (members, element) = (outside, outer)
  }

  mutating func damage() { isDamaged = true }
}
