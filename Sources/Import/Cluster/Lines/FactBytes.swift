import Bytes

/// Writes the fields of facts as bytes: see ``FactWriter``.
struct FactBytesWriter: FactCoder {
  static var reads: Bool { false }
  let w: FactWriter

  func text(_ name: StaticString, _ value: inout ByteView) { w.bytes(value) }

  func text(_ name: StaticString, _ value: inout ByteView?) {
    w.u8(value == nil ? 0 : 1)
    if let value { w.bytes(value) }
  }

  func text(_ name: StaticString, _ value: inout String) { w.string(value) }
  func text(_ name: StaticString, _ value: inout String?) { w.string(orNil: value) }
  func text(_ name: StaticString, _ value: inout [UInt8]) { value.withByteView { w.bytes($0) } }
  func data(_ name: StaticString, _ value: inout ByteView?) { text(name, &value) }
  func number(_ name: StaticString, _ value: inout Int) { w.i64(Int64(value)) }
  func number(_ name: StaticString, _ value: inout Int64?) { w.i64(orNil: value) }
  func flag(_ name: StaticString, _ value: inout Bool) { w.u8(value ? 1 : 0) }

  func digest(_ name: StaticString, _ value: inout Digest?) {
    w.u8(value == nil ? 0 : 1)
    if let value { w.digest(value) }
  }

  mutating func list(_ name: StaticString, _ count: Int, _ body: (inout Self, Int) -> Void) {
    w.u32(count)
    var i = 0
    while i < count {
      body(&self, i)
      i += 1
    }
  }

  mutating func group(
    _ name: StaticString, _ isThere: inout Bool, _ body: (inout Self) -> Void
  ) {
    w.u8(isThere ? 1 : 0)
    if isThere { body(&self) }
  }

  func damage() {}
}

/// Reads what ``FactBytesWriter`` wrote.
struct FactBytesReader: FactCoder {
  static var reads: Bool { true }
  private var r: FactReader
  /// True when something in it cannot be.
  private(set) var isDamaged = false

  init(_ view: ByteView) { r = FactReader(view) }

  /// True when the bytes were one whole fact, and nothing else.
  var isWhole: Bool { !isDamaged && r.isAtEnd && !r.isCut }

  mutating func text(_ name: StaticString, _ value: inout ByteView) { value = r.bytes() }

  mutating func text(_ name: StaticString, _ value: inout ByteView?) {
    value = r.u8() == 0 ? nil : r.bytes()
  }

  mutating func text(_ name: StaticString, _ value: inout String) { value = r.string() }
  mutating func text(_ name: StaticString, _ value: inout String?) { value = r.stringOrNil() }
  mutating func text(_ name: StaticString, _ value: inout [UInt8]) { value = r.bytes().array }
  mutating func data(_ name: StaticString, _ value: inout ByteView?) { text(name, &value) }
  mutating func number(_ name: StaticString, _ value: inout Int) { value = Int(r.i64()) }
  mutating func number(_ name: StaticString, _ value: inout Int64?) { value = r.i64OrNil() }
  mutating func flag(_ name: StaticString, _ value: inout Bool) { value = r.u8() != 0 }

  mutating func digest(_ name: StaticString, _ value: inout Digest?) {
    value = r.u8() == 0 ? nil : r.digest()
  }

  mutating func list(_ name: StaticString, _ count: Int, _ body: (inout Self, Int) -> Void) {
    let n = r.u32()
    var i = 0
    // A number that is no number of these ends with the bytes.
    while i < n, !r.isAtEnd {
      body(&self, i)
      i += 1
    }
    if i < n { isDamaged = true }
  }

  mutating func group(
    _ name: StaticString, _ isThere: inout Bool, _ body: (inout Self) -> Void
  ) {
    isThere = r.u8() != 0
    if isThere { body(&self) }
  }

  mutating func damage() { isDamaged = true }
}
