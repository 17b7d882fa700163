import Bytes

/// Searches for classes of bytes, eight bytes a step.
///
/// The arithmetic marks a byte by its top bit. A borrow may mark bytes above the first true mark
/// too, so that only the lowest mark says something; it is exact. Every search stays inside the
/// view, whatever the offsets.
enum WideScan {
  private static var ones: UInt64 { 0x0101_0101_0101_0101 }
  private static var tops: UInt64 { 0x8080_8080_8080_8080 }

  /// The eight bytes at `p`, the first in the lowest place.
  @inline(__always)
  static func load(_ p: UnsafePointer<UInt8>) -> UInt64 {
    UInt64(littleEndian: UnsafeRawPointer(p).loadUnaligned(as: UInt64.self))
  }

  /// The first and the last four of `n` bytes, at least four and at most eight.
  @inline(__always)
  static func halves(_ p: UnsafePointer<UInt8>, _ n: Int) -> UInt64 {
    let raw = UnsafeRawPointer(p)
    let first = UInt32(littleEndian: raw.loadUnaligned(as: UInt32.self))
    let last = UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: n &- 4, as: UInt32.self))
    return UInt64(last) &<< 32 | UInt64(first)
  }

  /// Eight bytes with ASCII letters in lower case, every other byte unchanged.
  @inline(__always)
  static func lower(_ x: UInt64) -> UInt64 {
    let low = x & ~tops
    let fromA = low &+ ones &* (128 - 65)
    let pastZ = low &+ ones &* (128 - 91)
    return x | (fromA & ~pastZ & ~x & tops) >> 2
  }

  // Marks bytes below `n`, which is at most 128.
  @inline(__always)
  private static func below(_ n: UInt64, _ x: UInt64) -> UInt64 {
    (x &- ones &* n) & ~x & tops
  }

  @inline(__always)
  private static func equal(_ c: UInt64, _ x: UInt64) -> UInt64 { below(1, x ^ ones &* c) }

  // Offset of the first byte in `start..<end` that `wide` marks; `end` when there is none.
  @inline(__always)
  private static func first(
    _ v: ByteView, from start: Int, to end: Int, _ wide: (UInt64) -> UInt64
  ) -> Int {
    var i = max(start, 0)
    let end = min(end, v.count)
    while i &+ 8 <= end {
      let marks = wide(load(v.base + i))
      if marks != 0 { return i &+ marks.trailingZeroBitCount >> 3 }
      i &+= 8
    }
    while i < end {
      if wide(UInt64(v.base[i]) | 0x4141_4141_4141_4100) & 0x80 != 0 { return i }
      i &+= 1
    }
    return i
  }

  /// The first byte that is not printable ASCII or space, or is `=`.
  static func plainTextEnd(_ v: ByteView) -> Int {
    first(v, from: 0, to: v.count) {
      below(32, $0) | equal(61, $0) | equal(127, $0) | ($0 & tops)
    }
  }

  /// The first byte at or after `start` that is not visible ASCII.
  static func visibleEnd(_ v: ByteView, from start: Int = 0) -> Int {
    first(v, from: start, to: v.count) { below(33, $0) | equal(127, $0) | ($0 & tops) }
  }

  /// The first control character, DEL, 0xC2 or 0xE2 at or after `start`: bytes with which
  /// characters begin that one line of text may not hold.
  static func lineTextEnd(_ v: ByteView, from start: Int) -> Int {
    first(v, from: start, to: v.count) {
      below(32, $0) | equal(127, $0) | equal(0xC2, $0) | equal(0xE2, $0)
    }
  }

  /// The first `<` or `>` at or after `start`.
  static func bracket(_ v: ByteView, from start: Int) -> Int {
    // They differ in one bit, and no other byte does without it.
    first(v, from: start, to: v.count) { equal(62, $0 | ones &* 2) }
  }

  /// The first `"`, `(`, `)`, `;` or `\` at or after `start`.
  static func mark(_ v: ByteView, from start: Int) -> Int {
    first(v, from: start, to: v.count) {
      equal(34, $0) | equal(41, $0 | ones) | equal(59, $0) | equal(92, $0)
    }
  }
}

extension ByteView {
  /// Equality with a literal in lower case, without regard to ASCII case; the literal's length is
  /// known where this is compiled, so that nothing but a few wide comparisons is left.
  @inline(__always)
  func isWord(_ literal: StaticString) -> Bool {
    let n = literal.utf8CodeUnitCount
    guard count == n else { return false }
    let word = literal.utf8Start
    if n >= 8 {
      var i = 0
      while i < n {
        let at = min(i, n &- 8)
        if WideScan.lower(WideScan.load(base + at)) != WideScan.load(word + at) { return false }
        i &+= 8
      }
      return true
    }
    if n >= 4 {
      return WideScan.lower(WideScan.halves(base, n)) == WideScan.halves(word, n)
    }
    for i in 0..<n where ASCII.lower(base[i]) != word[i] { return false }
    return true
  }
}
