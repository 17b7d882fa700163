public import Bytes

/// Reads one scalar value of UTF-8 at `i < n`. For a sequence that is not well formed the value is
/// `UInt32.max` and the length that of its maximal subpart (Unicode 3.9, U+FFFD Substitution of
/// Maximal Subparts), which is what one U+FFFD stands for.
@inline(__always)
func scalarUTF8(
  _ p: UnsafePointer<UInt8>, _ i: Int, _ n: Int
) -> (value: UInt32, length: Int) {
  let a = p[i]
  if a < 0x80 { return (UInt32(a), 1) }
  let left = n &- i
  if a < 0xE0 {
    guard a >= 0xC2, left > 1, p[i &+ 1] & 0xC0 == 0x80 else { return (.max, 1) }
    return (UInt32(a & 31) << 6 | UInt32(p[i &+ 1] & 63), 2)
  }
  if a < 0xF0 {
    guard left > 1 else { return (.max, 1) }
    let b = p[i &+ 1]
    // The second byte decides on overlong forms and surrogates.
    guard b & 0xC0 == 0x80, !(a == 0xE0 && b < 0xA0), !(a == 0xED && b > 0x9F) else {
      return (.max, 1)
    }
    guard left > 2, p[i &+ 2] & 0xC0 == 0x80 else { return (.max, 2) }
    return (UInt32(a & 15) << 12 | UInt32(b & 63) << 6 | UInt32(p[i &+ 2] & 63), 3)
  }
  guard a < 0xF5, left > 1 else { return (.max, 1) }
  let b = p[i &+ 1]
  guard b & 0xC0 == 0x80, !(a == 0xF0 && b < 0x90), !(a == 0xF4 && b > 0x8F) else {
    return (.max, 1)
  }
  guard left > 2, p[i &+ 2] & 0xC0 == 0x80 else { return (.max, 2) }
  guard left > 3, p[i &+ 3] & 0xC0 == 0x80 else { return (.max, 3) }
  let high = UInt32(a & 7) << 18 | UInt32(b & 63) << 12
  return (high | UInt32(p[i &+ 2] & 63) << 6 | UInt32(p[i &+ 3] & 63), 4)
}

/// Offset of the first byte from 0x80 on at or after `i`, or `n`.
@inline(__always)
func endOfASCII(_ p: UnsafePointer<UInt8>, _ start: Int, _ n: Int) -> Int {
  var i = start
  let raw = UnsafeRawPointer(p)
  let mask: UInt64 = 0x8080_8080_8080_8080
  while i &+ 32 <= n {
    let a = raw.loadUnaligned(fromByteOffset: i, as: UInt64.self)
    let b = raw.loadUnaligned(fromByteOffset: i &+ 8, as: UInt64.self)
    let c = raw.loadUnaligned(fromByteOffset: i &+ 16, as: UInt64.self)
    let d = raw.loadUnaligned(fromByteOffset: i &+ 24, as: UInt64.self)
    if (a | b | c | d) & mask != 0 { break }
    i &+= 32
  }
  while i &+ 8 <= n {
    let hit = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: i, as: UInt64.self)) & mask
    if hit != 0 { return i &+ hit.trailingZeroBitCount >> 3 }
    i &+= 8
  }
  while i < n, p[i] < 0x80 { i &+= 1 }
  return i
}

/// Offset of the first byte at or after `start` that is `stop` or from 0x80 on, or the end. Looks
/// at nothing after it, so that callers who go on from there stay linear.
@inline(__always)
func endOfASCII(_ v: ByteView, _ start: Int, before stop: UInt8) -> Int {
  var i = start
  while i < v.count, v.base[i] < 0x80, v.base[i] != stop { i &+= 1 }
  return i
}

/// UTF-8 as it comes in: checked, mended, its mark taken off.
public enum UTF8Text {
  enum Look {
    case valid
    /// Valid but for an unfinished last character, and not ASCII before it.
    case cutOff
    case invalid
  }

  /// Offset of the first byte of the first sequence that is not well formed (RFC 3629: overlong
  /// forms, surrogates and values above U+10FFFF are not), or nil.
  public static func firstInvalid(_ bytes: ByteView) -> Int? {
    let end = endOfValid(bytes, from: 0)
    return end == bytes.count ? nil : end
  }

  /// True when the whole view is well formed.
  public static func isValid(_ bytes: ByteView) -> Bool {
    endOfValid(bytes, from: 0) == bytes.count
  }

  /// True when a byte from 0xC0 on is followed by one of 0x80...0xBF, as in every character of more
  /// than one byte: whatever is wrong with the bytes, they were meant as UTF-8.
  public static func hasContinuation(_ bytes: ByteView) -> Bool {
    var i = 1
    while i < bytes.count {
      if bytes[i] & 0xC0 == 0x80, bytes[i - 1] >= 0xC0 { return true }
      i += 1
    }
    return false
  }

  /// True when nothing can be seen of valid UTF-8: white space of any kind, no-break and zero-width
  /// spaces and marks.
  public static func isBlank(_ bytes: ByteView) -> Bool {
    var i = 0
    while i < bytes.count {
      if ASCII.isSpace(bytes[i]) {
        i += 1
        continue
      }
      let (value, length) = scalar(bytes, at: i)
      switch value {
      case 0xA0, 0xAD, 0x1680, 0x180E, 0x2000...0x200F, 0x2028...0x202F, 0x205F...0x2064, 0x3000,
        0xFEFF:
        i += max(length, 1)
      default: return false
      }
    }
    return true
  }

  /// The scalar at `i` and how many bytes it takes: none where no well-formed sequence begins.
  public static func scalar(_ bytes: ByteView, at i: Int) -> (value: UInt32, length: Int) {
    guard i >= 0, i < bytes.count else { return (0, 0) }
    let found = scalarUTF8(bytes.base, i, bytes.count)
    return found.value == .max ? (UInt32(bytes.base[i]), 0) : found
  }

  /// Without a byte order mark at the start.
  static func withoutMark(_ bytes: ByteView) -> ByteView {
    bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF ? bytes.from(3) : bytes
  }

  /// Offset of the first sequence that is not well formed at or after `start`, or the end.
  @inline(__always)
  private static func endOfValid(_ bytes: ByteView, from start: Int) -> Int {
    let p = bytes.base
    let n = bytes.count
    var i = start
    while true {
      i = endOfASCII(p, i, n)
      // Text that is not ASCII tends to stay so for several characters.
      while i < n, p[i] >= 0x80 {
        let (value, length) = scalarUTF8(p, i, n)
        if value == .max { return i }
        i &+= length
      }
      if i >= n { return n }
    }
  }

  /// Whether bytes without a label are UTF-8.
  static func look(at bytes: ByteView) -> Look {
    let end = endOfValid(bytes, from: 0)
    if end == bytes.count { return .valid }
    let unfinished = end &+ scalarUTF8(bytes.base, end, bytes.count).length == bytes.count
    let lead = bytes[end]
    guard unfinished, lead >= 0xC2, lead < 0xF5, !bytes.prefix(end).isASCII else {
      return .invalid
    }
    return .cutOff
  }

  /// Appends the bytes, each maximal subpart that is not well formed as U+FFFD; true when there
  /// was none.
  static func append(_ bytes: ByteView, to out: ByteBuffer) -> Bool {
    let n = bytes.count
    var start = 0
    var clean = true
    while true {
      let end = endOfValid(bytes, from: start)
      out.append(bytes.slice(start, end))
      if end >= n { return clean }
      clean = false
      out.append(scalar: 0xFFFD)
      start = end &+ scalarUTF8(bytes.base, end, n).length
    }
  }
}
