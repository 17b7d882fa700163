/// A list of plain values that is filled anew for every message and keeps its memory.
///
/// Emptying an array and appending to it asks each time whether somebody else holds it: with some
/// fifteen arrays a message, 5 % of all instructions. A reference type like ``ByteBuffer``, owned
/// by one thread at a time: who wants to keep its values copies them with `Array(list)`.
public final class ReusedList<Element: BitwiseCopyable>: RandomAccessCollection, @unchecked Sendable
{
  @usableFromInline @exclusivity(unchecked) var storage: UnsafeMutablePointer<Element>
  @usableFromInline @exclusivity(unchecked) var capacity: Int
  @usableFromInline @exclusivity(unchecked) var filled = 0

  /// An empty list with room for `capacity` values.
  public init(capacity: Int = 8) {
    self.capacity = Swift.max(capacity, 1)
    storage = .allocate(capacity: self.capacity)
  }

  deinit { storage.deallocate() }

  /// Number of values.
  @inlinable public var count: Int { filled }
  /// True without values.
  @inlinable public var isEmpty: Bool { filled == 0 }
  /// 0
  @inlinable public var startIndex: Int { 0 }
  /// ``count``
  @inlinable public var endIndex: Int { filled }

  /// The value at a position, which must be there.
  @inlinable
  public subscript(position: Int) -> Element {
    get {
      precondition(position >= 0 && position < filled)
      return storage[position]
    }
    _modify {
      precondition(position >= 0 && position < filled)
      yield &storage[position]
    }
  }

  /// Adds a value at the end.
  @inlinable
  public func append(_ value: Element) {
    if filled == capacity { grow() }
    (storage + filled).initialize(to: value)
    filled &+= 1
  }

  /// Takes the last value off, or nothing off an empty list.
  @inlinable
  public func removeLast() {
    if filled > 0 { filled &-= 1 }
  }

  /// Cuts the list to its first `n` values; does nothing when there are fewer.
  @inlinable
  public func truncate(to n: Int) {
    if n >= 0, n < filled { filled = n }
  }

  /// Forgets all values and keeps the memory.
  @inlinable
  public func removeAll() { filled = 0 }

  @inline(never) @usableFromInline
  func grow() {
    let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity * 2)
    larger.moveInitialize(from: storage, count: filled)
    storage.deallocate()
    storage = larger
    capacity *= 2
  }
}
