/// A set of keys by 64 of their bits: says "never seen" for certain and "seen" with a doubt that
/// the caller resolves. Open addressing, at most 3/4 full; one array, no pointers.
struct KeySet {
  private var slots: [UInt64]
  private var hasZero = false
  private(set) var count = 0

  /// Room for `capacity` keys; it grows when there are more.
  init(capacity: Int) {
    var size = 16
    while size / 4 * 3 < capacity { size &*= 2 }
    slots = Array(repeating: 0, count: size)
  }

  mutating func insert(_ key: RecordKey) {
    let bits = key.words.0
    guard bits != 0 else {
      hasZero = true
      return
    }
    if count >= slots.count / 4 * 3 { grow() }
    if place(bits) { count += 1 }
  }

  private mutating func place(_ bits: UInt64) -> Bool {
    var i = Self.slot(bits, slots.count)
    while slots[i] != 0 {
      if slots[i] == bits { return false }
      i = (i &+ 1) & (slots.count &- 1)
    }
    slots[i] = bits
    return true
  }

  private mutating func grow() {
    let old = slots
    slots = Array(repeating: 0, count: old.count * 2)
    for bits in old where bits != 0 { _ = place(bits) }
  }

  func contains(_ key: RecordKey) -> Bool {
    let bits = key.words.0
    guard bits != 0 else { return hasZero }
    var i = Self.slot(bits, slots.count)
    while slots[i] != 0 {
      if slots[i] == bits { return true }
      i = (i &+ 1) & (slots.count &- 1)
    }
    return false
  }

  private static func slot(_ bits: UInt64, _ size: Int) -> Int {
    Int(truncatingIfNeeded: bits >> 20) & (size &- 1)
  }
}
