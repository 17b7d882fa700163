/// A growing row of plain values in one piece of memory.
///
/// Array would do the same, with a uniqueness check at each write; this one belongs to one class
/// instance and is filled several times per content line.
struct Flat<Element> {
  private(set) var base: UnsafeMutablePointer<Element>
  private(set) var count = 0
  private var capacity: Int

  init(capacity: Int) {
    self.capacity = max(4, capacity)
    base = .allocate(capacity: self.capacity)
  }

  func deallocate() { base.deallocate() }

  @inline(__always)
  mutating func append(_ e: Element) {
    if count == capacity { grow(to: count &+ 1) }
    base[count] = e
    count &+= 1
  }

  /// Makes room for `n` more and returns where they begin. Follow with ``advance(by:)``.
  @inline(__always)
  mutating func reserve(_ n: Int) -> UnsafeMutablePointer<Element> {
    if n > capacity &- count { grow(to: count &+ n) }
    return base + count
  }

  @inline(__always)
  mutating func advance(by n: Int) { count &+= n }

  mutating func truncate(to n: Int) {
    if n < count, n >= 0 { count = n }
  }

  /// Forgets everything; memory above `limit` elements is given back.
  mutating func removeAll(keepingUpTo limit: Int) {
    count = 0
    if capacity > limit {
      base.deallocate()
      capacity = max(4, limit / 4)
      base = .allocate(capacity: capacity)
    }
  }

  /// The element at `i`, which must be inside.
  subscript(_ i: Int) -> Element {
    @inline(__always) get { base[i] }
    @inline(__always) nonmutating set { base[i] = newValue }
  }

  @inline(never)
  private mutating func grow(to needed: Int) {
    let n = max(capacity &* 2, needed)
    let bigger = UnsafeMutablePointer<Element>.allocate(capacity: n)
    bigger.update(from: base, count: count)
    base.deallocate()
    base = bigger
    capacity = n
  }
}
