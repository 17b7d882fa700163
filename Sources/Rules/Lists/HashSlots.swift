import Bytes

/// Open addressing from a hash to a number; the caller compares what the number stands for.
/// Eight bytes a slot, at most half of them used.
struct HashSlots: Sendable {
  private struct Slot {
    var tag: UInt32 = 0
    /// Number + 1; 0 is an empty slot.
    var number: UInt32 = 0
  }
  private var slots: [Slot] = []
  private var used = 0

  /// The hash of the same bytes in another field.
  static func mix(_ h: UInt64, _ field: Int) -> UInt64 {
    h ^ UInt64(truncatingIfNeeded: field) &* 0x9E37_79B9_7F4A_7C15
  }

  /// The number under the hash that `isSame` accepts, or nil.
  func find(_ hash: UInt64, _ isSame: (Int) -> Bool) -> Int? {
    if used == 0 { return nil }
    let mask = slots.count - 1
    let tag = UInt32(truncatingIfNeeded: hash)
    var i = Int(tag) & mask
    while slots[i].number != 0 {
      if slots[i].tag == tag, isSame(Int(slots[i].number) - 1) { return Int(slots[i].number) - 1 }
      i = (i + 1) & mask
    }
    return nil
  }

  /// Adds a number that is not there.
  mutating func insert(_ hash: UInt64, _ number: Int) {
    if (used + 1) * 2 > slots.count { grow() }
    put(
      Slot(
        tag: UInt32(truncatingIfNeeded: hash), number: UInt32(truncatingIfNeeded: number &+ 1)))
    used += 1
  }

  private mutating func put(_ s: Slot) {
    let mask = slots.count - 1
    var i = Int(s.tag) & mask
    while slots[i].number != 0 { i = (i + 1) & mask }
    slots[i] = s
  }

  private mutating func grow() {
    let old = slots
    slots = [Slot](repeating: Slot(), count: max(16, old.count * 2))
    for s in old where s.number != 0 { put(s) }
  }
}
