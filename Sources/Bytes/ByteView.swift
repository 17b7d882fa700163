import CPlatform
import Glibc

/// A read-only window over bytes that somebody else owns.
///
/// Every access is total: reading outside the window gives 0, slices are clamped to it. So no
/// offset that comes from a file can trap or read foreign memory, whatever it says; a parser that
/// walks off the end sees NUL bytes and stops. The view must not outlive the storage it looks at.
/// Offsets are in bytes, 0-based, relative to the window's start.
public struct ByteView: @unchecked Sendable, BitwiseCopyable {
  /// The first byte; only valid while the owner of the storage is alive.
  public let base: UnsafePointer<UInt8>
  /// Number of bytes in the window, never negative.
  public let count: Int

  // Somewhere to point to when there is nothing: the literal's terminating NUL.
  @inlinable static var nothing: UnsafePointer<UInt8> { ("" as StaticString).utf8Start }

  /// A window of `count` bytes (negative counts as 0) from `base`.
  @inlinable
  public init(base: UnsafePointer<UInt8>, count: Int) {
    self.base = base
    self.count = count < 0 ? 0 : count
  }

  /// A window over a whole buffer; nil buffers give an empty window.
  @inlinable
  public init(_ buffer: UnsafeRawBufferPointer) {
    if let p = buffer.baseAddress {
      base = p.assumingMemoryBound(to: UInt8.self)
      count = buffer.count
    } else {
      base = Self.nothing
      count = 0
    }
  }

  /// A window over a string literal's UTF-8 bytes (valid for ever).
  @inlinable
  public init(_ literal: StaticString) {
    if literal.hasPointerRepresentation {
      base = literal.utf8Start
      count = literal.utf8CodeUnitCount
    } else {
      base = Self.nothing
      count = 0
    }
  }

  /// The empty window.
  @inlinable public static var empty: ByteView { ByteView(base: nothing, count: 0) }

  /// True when there are no bytes.
  @inlinable public var isEmpty: Bool { count == 0 }

  /// The byte at `i`, or 0 outside the window.
  @inlinable @inline(__always)
  public subscript(_ i: Int) -> UInt8 {
    UInt(bitPattern: i) < UInt(bitPattern: count) ? base[i] : 0
  }

  /// The part from `start` up to `end`, both clamped to the window; empty when they cross.
  @inlinable @inline(__always)
  public func slice(_ start: Int, _ end: Int) -> ByteView {
    let s = start < 0 ? 0 : (start > count ? count : start)
    let e = end > count ? count : end
    return e > s ? ByteView(base: base + s, count: e - s) : ByteView(base: base + s, count: 0)
  }

  /// The part from `start` to the end.
  @inlinable @inline(__always)
  public func from(_ start: Int) -> ByteView { slice(start, count) }
  /// The first `n` bytes, or fewer.
  @inlinable @inline(__always)
  public func prefix(_ n: Int) -> ByteView { slice(0, n) }

  /// Offset of the first `byte` at or after `start`, or nil. One memchr(3).
  @inlinable
  public func firstIndex(of byte: UInt8, from start: Int = 0) -> Int? {
    firstIndex(of: byte, from: start, to: count)
  }

  /// Offset of the first `byte` in `start..<end`, or nil.
  @inlinable
  public func firstIndex(of byte: UInt8, from start: Int, to end: Int) -> Int? {
    let s = start < 0 ? 0 : start
    let e = end > count ? count : end
    guard s < e, let hit = memchr(base + s, Int32(byte), e - s) else { return nil }
    return UnsafeRawPointer(hit) - UnsafeRawPointer(base)
  }

  /// Offset of the last `byte`, or nil. One memrchr(3).
  @inlinable
  public func lastIndex(of byte: UInt8) -> Int? {
    guard count > 0, let hit = cplatform_memrchr(base, byte, count) else { return nil }
    return hit - base
  }

  /// Offset of the first occurrence of `needle` at or after `start`, or nil. Empty needles:
  /// `start`.
  @inlinable
  public func firstRange(of needle: ByteView, from start: Int = 0) -> Int? {
    let s = start < 0 ? 0 : start
    guard s <= count else { return nil }
    guard needle.count > 0 else { return s }
    guard let hit = cplatform_memmem(base + s, count - s, needle.base, needle.count) else {
      return nil
    }
    return hit - base
  }

  /// True when the window begins with `other`.
  @inlinable
  public func hasPrefix(_ other: ByteView) -> Bool {
    other.count <= count && memcmp(base, other.base, other.count) == 0
  }

  /// True when the window begins with the literal's bytes.
  @inlinable public func hasPrefix(_ s: StaticString) -> Bool { hasPrefix(ByteView(s)) }

  /// True when the window ends with `other`.
  @inlinable
  public func hasSuffix(_ other: ByteView) -> Bool {
    other.count <= count && memcmp(base + (count - other.count), other.base, other.count) == 0
  }

  /// Byte equality.
  @inlinable
  public func equals(_ other: ByteView) -> Bool {
    count == other.count && memcmp(base, other.base, count) == 0
  }

  /// Byte equality with a literal.
  @inlinable public func equals(_ s: StaticString) -> Bool { equals(ByteView(s)) }

  /// Equality where ASCII letters compare without case.
  @inlinable
  public func equalsIgnoringCase(_ other: ByteView) -> Bool {
    count == other.count && hasPrefixIgnoringCase(other)
  }

  /// Equality with a literal where ASCII letters compare without case.
  @inlinable
  public func equalsIgnoringCase(_ s: StaticString) -> Bool { equalsIgnoringCase(ByteView(s)) }

  /// Prefix test where ASCII letters compare without case.
  @inlinable
  public func hasPrefixIgnoringCase(_ other: ByteView) -> Bool {
    guard other.count <= count else { return false }
    var i = 0
    while i < other.count {
      if ASCII.lower(base[i]) != ASCII.lower(other.base[i]) { return false }
      i += 1
    }
    return true
  }

  /// Prefix test with a literal where ASCII letters compare without case.
  @inlinable
  public func hasPrefixIgnoringCase(_ s: StaticString) -> Bool {
    hasPrefixIgnoringCase(ByteView(s))
  }

  /// Offset of the first occurrence of `needle` without regard to ASCII case, or nil.
  /// Tries every offset, at worst `count` times `needle.count` steps: for short needles.
  @inlinable
  public func firstRangeIgnoringCase(of needle: ByteView, from start: Int = 0) -> Int? {
    var i = start < 0 ? 0 : start
    let last = count - needle.count
    while i <= last {
      if slice(i, i + needle.count).hasPrefixIgnoringCase(needle) { return i }
      i += 1
    }
    return nil
  }

  /// Without leading and trailing space, TAB, CR and LF.
  @inlinable
  public func trimmed() -> ByteView {
    var s = 0
    var e = count
    while s < e, ASCII.isSpace(base[s]) { s += 1 }
    while e > s, ASCII.isSpace(base[e - 1]) { e -= 1 }
    return ByteView(base: base + s, count: e - s)
  }

  /// True when there is nothing but space, TAB, CR and LF.
  @inlinable
  public var isBlank: Bool {
    var i = 0
    while i < count, ASCII.isSpace(base[i]) { i &+= 1 }
    return i == count
  }

  /// Offset of the first LF at or after `start` that neither a space nor a TAB follows, or
  /// ``count``: where a folded line ends.
  @inlinable @inline(__always)
  public func unfoldedLineEnd(from start: Int) -> Int {
    guard start >= 0, start < count else { return count }
    return start &+ cplatform_unfolded_lf(base + start, count &- start)
  }

  /// Offset of the first colon, control character, space or DEL at or after `start`, or ``count``.
  @inlinable @inline(__always)
  public func fieldNameEnd(from start: Int) -> Int {
    guard start >= 0, start < count else { return count }
    return start &+ cplatform_name_end(base + start, count &- start)
  }

  /// Offset of the first LF with a space, TAB or CR before it, that one at or after `start`;
  /// ``count`` when there is none.
  @inlinable
  public func blankBeforeLineEnd(from start: Int) -> Int {
    guard start >= 0, start < count else { return count }
    return start &+ cplatform_blank_before_lf(base + start, count &- start)
  }

  /// True when every byte is below 0x80. Reads eight bytes a step.
  @inlinable
  public var isASCII: Bool { ASCII.isAll(self) }

  /// The bytes read as UTF-8, invalid sequences replaced by U+FFFD.
  public var string: String {
    String(decoding: UnsafeBufferPointer(start: base, count: count), as: UTF8.self)
  }

  /// A copy of the bytes.
  public var array: [UInt8] { Array(UnsafeBufferPointer(start: base, count: count)) }

  /// The bytes as a buffer pointer, for calls into C and the standard library.
  @inlinable
  public var buffer: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base, count: count) }
}

extension Array where Element == UInt8 {
  /// Calls `body` with a view over the array's bytes, valid during the call only.
  @inlinable
  public func withByteView<R>(_ body: (ByteView) throws -> R) rethrows -> R {
    try withUnsafeBytes { try body(ByteView($0)) }
  }
}

extension String {
  /// Calls `body` with a view over the string's UTF-8 bytes, valid during the call only.
  public func withByteView<R>(_ body: (ByteView) throws -> R) rethrows -> R {
    var copy = self
    return try copy.withUTF8 { try body(ByteView(UnsafeRawBufferPointer($0))) }
  }
}
