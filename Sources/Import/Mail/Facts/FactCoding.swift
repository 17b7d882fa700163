import Bytes

/// Writes facts as bytes: fixed-width little-endian numbers and counted strings.
struct FactWriter {
  let out: ByteBuffer

  @inline(__always)
  func u8(_ v: UInt8) { out.append(v) }

  @inline(__always)
  func u32(_ v: Int) { out.append(littleEndian: UInt32(clamping: v)) }

  @inline(__always)
  func u64(_ v: UInt64) { out.append(littleEndian: v) }

  @inline(__always)
  func bytes(_ v: ByteView) {
    u32(v.count)
    out.append(v)
  }

  func string(_ s: String) {
    s.withByteView { bytes($0) }
  }

  func i64(_ v: Int64) { u64(UInt64(bitPattern: v)) }

  func string(orNil s: String?) {
    u8(s == nil ? 0 : 1)
    if let s { string(s) }
  }

  func i64(orNil v: Int64?) {
    u8(v == nil ? 0 : 1)
    if let v { i64(v) }
  }

  func digest(_ d: Digest) {
    u64(d.words.0)
    u64(d.words.1)
    u64(d.words.2)
    u64(d.words.3)
  }

  /// Begins a counted string whose contents are appended to `out`; gives what ``close(_:)`` takes.
  @inline(__always)
  func open() -> Int {
    let at = out.count
    u32(0)
    return at
  }

  /// Ends the counted string that ``open()`` began.
  @inline(__always)
  func close(_ at: Int) { patch(at, out.count - at - 4) }

  /// Overwrites the number at `offset`.
  @inline(__always)
  func patch(_ offset: Int, _ value: Int) {
    out.overwrite(at: offset, littleEndian: UInt32(clamping: value))
  }
}

/// Reads what ``FactWriter`` wrote. Total: past the end everything is 0 or empty.
struct FactReader {
  let view: ByteView
  private(set) var position = 0

  init(_ view: ByteView) { self.view = view }

  /// True when everything was read.
  var isAtEnd: Bool { position >= view.count }

  /// True when more was asked for than there was: what was read last is not what was written.
  var isCut: Bool { position > view.count }

  /// Passes over bytes.
  mutating func skip(_ n: Int) { position += n }

  mutating func u8() -> UInt8 {
    defer { position += 1 }
    return view[position]
  }

  @inline(__always)
  mutating func u32() -> Int {
    defer { position += 4 }
    guard position <= view.count - 4 else { return 0 }
    return Int(
      UInt32(
        littleEndian: UnsafeRawPointer(view.base).loadUnaligned(
          fromByteOffset: position, as: UInt32.self)))
  }

  mutating func u64() -> UInt64 {
    defer { position += 8 }
    guard position <= view.count - 8 else { return 0 }
    return UInt64(
      littleEndian: UnsafeRawPointer(view.base).loadUnaligned(
        fromByteOffset: position, as: UInt64.self))
  }

  @inline(__always)
  mutating func bytes() -> ByteView {
    let n = u32()
    defer { position += n }
    return view.slice(position, position + n)
  }

  mutating func i64() -> Int64 { Int64(bitPattern: u64()) }

  mutating func string() -> String { bytes().string }

  mutating func stringOrNil() -> String? { u8() == 0 ? nil : string() }

  mutating func i64OrNil() -> Int64? { u8() == 0 ? nil : i64() }

  mutating func digest() -> Digest { Digest(words: (u64(), u64(), u64(), u64())) }
}
