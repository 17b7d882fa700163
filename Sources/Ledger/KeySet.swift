/// A set of keys by 64 of their bits: says "never seen" for certain and "seen" with a doubt that the
/// caller resolves. Open addressing, at most 3/4 full; one array, no pointers.
struct KeySet {
  private var slots: [UInt64]
  private let mask: Int
  private var hasZero = false

  /// Room for `capacity` keys.
  init(capacity: Int) {
    var size = 16
    while size / 4 * 3 < capacity { size &*= 2 }
    slots = Array(repeating: 0, count: size)
    mask = size &- 1
  }

  mutating func insert(_ key: RecordKey) {
    let bits = key.words.0
    guard bits != 0 else {
      hasZero = true
      return
    }
    var i = Int(truncatingIfNeeded: bits >> 20) & mask
    while slots[i] != 0, slots[i] != bits { i = (i &+ 1) & mask }
    slots[i] = bits
  }

  func contains(_ key: RecordKey) -> Bool {
    let bits = key.words.0
    guard bits != 0 else { return hasZero }
    var i = Int(truncatingIfNeeded: bits >> 20) & mask
    while slots[i] != 0 {
      if slots[i] == bits { return true }
      i = (i &+ 1) & mask
    }
    return false
  }
}
