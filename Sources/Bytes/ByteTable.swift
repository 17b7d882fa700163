/// A small hash table from byte strings to numbers: keys in one blob, open addressing.
public struct ByteTable: Sendable {
  private var blob: [UInt8] = []
  private var slots: [Slot] = []
  private var used = 0
  // A bit for each length, modulo 64, of a key: most words that are no keys need not be hashed.
  private var lengths: UInt64 = 0

  /// An empty table.
  public init() {}

  private struct Slot: Sendable {
    var start: UInt32 = 0
    var count: Int32 = -1
    var value: Int32 = 0
    var hash: UInt32 = 0
  }

  /// Number of keys.
  public var count: Int { used }

  private static func length(_ v: ByteView) -> UInt64 {
    1 &<< UInt64(truncatingIfNeeded: v.count)
  }

  /// Adds a key; the first value of a key stays.
  public mutating func insert(_ key: ByteView, _ value: Int32) {
    if (used + 1) * 2 > slots.count { grow() }
    let h = ByteHash.hash(key)
    let mask = slots.count - 1
    var i = Int(truncatingIfNeeded: h) & mask
    while slots[i].count >= 0 {
      if slots[i].hash == UInt32(truncatingIfNeeded: h >> 32), equal(slots[i], key) { return }
      i = (i + 1) & mask
    }
    slots[i] = Slot(
      start: UInt32(clamping: blob.count), count: Int32(clamping: key.count), value: value,
      hash: UInt32(truncatingIfNeeded: h >> 32))
    blob.append(contentsOf: key.buffer)
    lengths |= Self.length(key)
    used += 1
  }

  /// The value of a key, or nil.
  public func find(_ key: ByteView) -> Int32? {
    if lengths & Self.length(key) == 0 { return nil }
    let h = ByteHash.hash(key)
    let mask = slots.count - 1
    var i = Int(truncatingIfNeeded: h) & mask
    while slots[i].count >= 0 {
      if slots[i].hash == UInt32(truncatingIfNeeded: h >> 32), equal(slots[i], key) {
        return slots[i].value
      }
      i = (i + 1) & mask
    }
    return nil
  }

  private func equal(_ s: Slot, _ key: ByteView) -> Bool {
    guard Int(s.count) == key.count else { return false }
    return blob.withByteView { $0.slice(Int(s.start), Int(s.start) + key.count).equals(key) }
  }

  private mutating func grow() {
    let old = slots
    slots = [Slot](repeating: Slot(), count: max(16, old.count * 2))
    let mask = slots.count - 1
    for s in old where s.count >= 0 {
      let h = blob.withByteView {
        ByteHash.hash($0.slice(Int(s.start), Int(s.start) + Int(s.count)))
      }
      var i = Int(truncatingIfNeeded: h) & mask
      while slots[i].count >= 0 { i = (i + 1) & mask }
      slots[i] = s
    }
  }
}
