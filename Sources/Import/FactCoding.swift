import Bytes

/// Writes facts as bytes: fixed-width little-endian numbers and counted strings.
struct FactWriter {
  let out: ByteBuffer

  func u8(_ v: UInt8) { out.append(v) }

  func u32(_ v: Int) {
    var x = UInt32(clamping: v).littleEndian
    withUnsafeBytes(of: &x) { out.append(ByteView($0)) }
  }

  func u64(_ v: UInt64) {
    var x = v.littleEndian
    withUnsafeBytes(of: &x) { out.append(ByteView($0)) }
  }

  func bytes(_ v: ByteView) {
    u32(v.count)
    out.append(v)
  }

  func string(_ s: String) {
    s.withByteView { bytes($0) }
  }

  /// Writes a counted string whose contents `body` appends.
  func counted(_ body: () -> Void) {
    let at = out.count
    u32(0)
    body()
    patch(at, out.count - at - 4)
  }

  /// Overwrites the number at `offset`.
  func patch(_ offset: Int, _ value: Int) {
    var x = UInt32(clamping: value).littleEndian
    withUnsafeBytes(of: &x) { out.overwrite(at: offset, with: ByteView($0)) }
  }
}

/// Reads what ``FactWriter`` wrote. Total: past the end everything is 0 or empty.
struct FactReader {
  let view: ByteView
  private(set) var position = 0

  init(_ view: ByteView) { self.view = view }

  /// True when everything was read.
  var isAtEnd: Bool { position >= view.count }

  mutating func u8() -> UInt8 {
    defer { position += 1 }
    return view[position]
  }

  mutating func u32() -> Int {
    var v: UInt32 = 0
    for i in 0..<4 { v |= UInt32(view[position + i]) << UInt32(8 * i) }
    position += 4
    return Int(v)
  }

  mutating func u64() -> UInt64 {
    var v: UInt64 = 0
    for i in 0..<8 { v |= UInt64(view[position + i]) << UInt64(8 * i) }
    position += 8
    return v
  }

  mutating func bytes() -> ByteView {
    let n = u32()
    defer { position += n }
    return view.slice(position, position + n)
  }
}
