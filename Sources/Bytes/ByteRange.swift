/// A place in a buffer: offset and length in bytes. Eight bytes, so that messages can hold many.
public struct ByteRange: Hashable, Sendable, BitwiseCopyable {
  /// Offset of the first byte, 0-based.
  public var start: UInt32
  /// Number of bytes.
  public var count: UInt32

  /// A place from Int values; negative values count as 0, values above 2^32-1 are cut to it.
  @inlinable
  public init(start: Int, count: Int) {
    self.start = UInt32(clamping: start)
    self.count = UInt32(clamping: count)
  }

  /// The empty place.
  public static let empty = ByteRange(start: 0, count: 0)
  /// True when it holds no bytes.
  @inlinable public var isEmpty: Bool { count == 0 }
  /// One past the last byte.
  @inlinable public var end: Int { Int(start) + Int(count) }
}

extension ByteView {
  /// The bytes at a place, clamped to the window.
  @inlinable @inline(__always)
  public subscript(_ r: ByteRange) -> ByteView { slice(Int(r.start), r.end) }
}

extension ByteBuffer {
  /// The bytes at a place, clamped to what is filled; valid until the next append.
  @inlinable @inline(__always)
  public subscript(_ r: ByteRange) -> ByteView { view[r] }

  /// Runs `body`, which appends to this buffer, and returns the place of what it appended.
  @inlinable
  public func place(_ body: () -> Void) -> ByteRange {
    let start = count
    body()
    return ByteRange(start: start, count: count - start)
  }
}
