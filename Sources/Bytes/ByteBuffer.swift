import CPlatform
import Glibc

/// A growable byte buffer that is reused from message to message.
///
/// A reference type so that it can be handed down without copies; owned by one thread at a time.
/// Reading outside the filled part is total (see ``ByteView``). Views into it are valid until the
/// next append.
public final class ByteBuffer: @unchecked Sendable {
  // Static exclusivity is enough: one thread owns a buffer, and no call into it re-enters.
  @usableFromInline @exclusivity(unchecked) var storage: UnsafeMutablePointer<UInt8>
  @usableFromInline @exclusivity(unchecked) var capacity: Int
  @usableFromInline @exclusivity(unchecked) var filled: Int
  /// Number of bytes filled.
  @inlinable public var count: Int { filled }

  /// An empty buffer with room for `capacity` bytes.
  public init(capacity: Int = 256) {
    let n = capacity < 16 ? 16 : capacity
    storage = Self.memory(malloc(n))
    self.capacity = n
    filled = 0
  }

  deinit { free(storage) }

  // Without memory nothing can go on, as for every allocation of the language itself.
  private static func memory(_ p: UnsafeMutableRawPointer?) -> UnsafeMutablePointer<UInt8> {
    guard let p else { fatalError("out of memory") }
    return p.assumingMemoryBound(to: UInt8.self)
  }

  /// True when nothing is filled.
  @inlinable public var isEmpty: Bool { count == 0 }

  /// A view over everything filled so far, valid until the next append.
  @inlinable public var view: ByteView { ByteView(base: UnsafePointer(storage), count: count) }

  /// A view over part of what is filled, clamped, valid until the next append.
  @inlinable public func view(_ range: Range<Int>) -> ByteView {
    view.slice(range.lowerBound, range.upperBound)
  }

  /// Forgets the contents and keeps the memory, unless it is above `limit` bytes.
  public func removeAll(keepingUpTo limit: Int = 4 << 20) {
    filled = 0
    if capacity > limit {
      free(storage)
      capacity = 4096
      storage = Self.memory(malloc(capacity))
    }
  }

  /// Cuts the contents to the first `n` bytes; does nothing when there are fewer.
  @inlinable public func truncate(to n: Int) {
    if n >= 0, n < count { filled = n }
  }

  /// Makes room for `n` more bytes and returns where they begin. Follow with ``advance(by:)``.
  @inlinable public func reserve(_ n: Int) -> UnsafeMutablePointer<UInt8> {
    let needed = count &+ (n < 0 ? 0 : n)
    if needed > capacity { grow(to: needed) }
    return storage + count
  }

  /// Counts `n` bytes written into the space that ``reserve(_:)`` gave.
  @inlinable public func advance(by n: Int) {
    filled = min(count &+ (n < 0 ? 0 : n), capacity)
  }

  @inline(never) @usableFromInline
  func grow(to needed: Int) {
    var n = capacity &* 2
    if n < needed { n = needed }
    // Large blocks are moved by their page tables: old and new never lie side by side in memory.
    storage = Self.memory(realloc(storage, n))
    capacity = n
  }

  /// Appends one byte.
  @inlinable public func append(_ byte: UInt8) {
    if count == capacity { grow(to: count &+ 1) }
    storage[count] = byte
    filled &+= 1
  }

  /// Appends a copy of the view's bytes. The view may not lie in this buffer.
  @inlinable public func append(_ v: ByteView) {
    guard v.count > 0 else { return }
    memcpy(reserve(v.count), v.base, v.count)
    filled &+= v.count
  }

  /// Appends a literal's UTF-8 bytes. Always inlined: where the literal is known, its length is,
  /// and the copy is a few stores.
  @inlinable @inline(__always)
  public func append(_ s: StaticString) {
    guard s.hasPointerRepresentation else { return }
    let n = s.utf8CodeUnitCount
    memcpy(reserve(n), s.utf8Start, n)
    filled &+= n
  }

  /// Appends a string's UTF-8 bytes.
  public func append(string s: String) {
    var copy = s
    copy.withUTF8 { append(ByteView(UnsafeRawBufferPointer($0))) }
  }

  /// Appends the view's bytes with ASCII letters in lower case.
  public func appendLowercased(_ v: ByteView) {
    _ = cplatform_copy_lower(v.base, v.count, reserve(v.count))
    filled &+= v.count
  }

  /// The same, provided that there is neither white space nor a control character, `"` or anything
  /// outside ASCII among the bytes; false, and nothing appended, when there is.
  public func appendLowercasedWord(_ v: ByteView) -> Bool {
    if cplatform_copy_lower(v.base, v.count, reserve(v.count)) != 0 { return false }
    filled &+= v.count
    return true
  }

  /// Appends a number in decimal.
  public func append(decimal n: Int) {
    var rest = n.magnitude
    // An Int has at most 19 digits.
    var length = 1
    var limit: UInt = 10
    while rest >= limit, length < 19 {
      limit &*= 10
      length &+= 1
    }
    if n < 0 { length &+= 1 }
    let p = reserve(length)
    p[0] = 45
    var i = length
    while rest >= 100 {
      let pair = rest % 100
      rest /= 100
      i &-= 2
      p[i] = UInt8(truncatingIfNeeded: 48 &+ pair / 10)
      p[i &+ 1] = UInt8(truncatingIfNeeded: 48 &+ pair % 10)
    }
    if rest >= 10 {
      p[i &- 2] = UInt8(truncatingIfNeeded: 48 &+ rest / 10)
      rest %= 10
    }
    p[i &- 1] = UInt8(truncatingIfNeeded: 48 &+ rest)
    filled &+= length
  }

  /// Appends a number in decimal, with leading zeros up to `width` digits (at most 20).
  public func append(decimal n: Int, width: Int) {
    var digits = 1
    var m = n.magnitude
    while m >= 10 {
      m /= 10
      digits += 1
    }
    var pad = min(width, 20) - digits
    while pad > 0 {
      append(48)
      pad -= 1
    }
    append(decimal: n < 0 ? 0 : n)
  }

  /// Appends a Unicode scalar value in UTF-8; surrogates and values above U+10FFFF as U+FFFD.
  public func append(scalar value: UInt32) {
    var v = value
    if v > 0x10FFFF || (v >= 0xD800 && v < 0xE000) { v = 0xFFFD }
    if v < 0x80 {
      append(UInt8(truncatingIfNeeded: v))
    } else if v < 0x800 {
      append(UInt8(truncatingIfNeeded: 0xC0 | v >> 6))
      append(UInt8(truncatingIfNeeded: 0x80 | v & 63))
    } else if v < 0x10000 {
      append(UInt8(truncatingIfNeeded: 0xE0 | v >> 12))
      append(UInt8(truncatingIfNeeded: 0x80 | v >> 6 & 63))
      append(UInt8(truncatingIfNeeded: 0x80 | v & 63))
    } else {
      append(UInt8(truncatingIfNeeded: 0xF0 | v >> 18))
      append(UInt8(truncatingIfNeeded: 0x80 | v >> 12 & 63))
      append(UInt8(truncatingIfNeeded: 0x80 | v >> 6 & 63))
      append(UInt8(truncatingIfNeeded: 0x80 | v & 63))
    }
  }

  /// The contents read as UTF-8, invalid sequences replaced by U+FFFD.
  public var string: String { view.string }
  /// A copy of the contents.
  public var array: [UInt8] { view.array }
}
