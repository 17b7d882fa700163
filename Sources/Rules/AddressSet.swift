public import Bytes

/// A set of addresses and domains, as exclusion lists and organisation domains give them.
///
/// An entry with a local part is that address, one without (or with a leading `@`) is that domain
/// exactly, `*.example.com` is every domain below example.com and not example.com itself
/// (features.md ES-8.2-admin, UP-S2). Entries and what is looked up are comparison keys: trimmed,
/// lower case, domains as A-labels.
public struct AddressSet: Sendable {
  private var table = ByteTable()
  private var hasSuffixes = false
  /// The entries as the configuration wrote them; the index is what a lookup returns.
  public private(set) var entries: [String] = []

  /// The empty set.
  public init() {}

  /// True when nothing is in it.
  public var isEmpty: Bool { entries.isEmpty }

  /// Adds an entry under its normalised key; `entry` is what reports show.
  public mutating func insert(key: ByteView, entry: String) {
    let id = Int32(truncatingIfNeeded: entries.count)
    entries.append(entry)
    var k = key
    if k[0] == 64 { k = k.from(1) }
    if k[0] == 42, k[1] == 46 {
      hasSuffixes = true
      // Stored with its leading dot, which no address or domain has.
      table.insert(k.from(1), id)
    } else {
      table.insert(k, id)
    }
  }

  /// The entry that an address key falls under, or nil: the address itself, its domain, then the
  /// domains above it.
  public func match(_ address: ByteView) -> Int? {
    if entries.isEmpty { return nil }
    if let id = table.find(address) { return Int(id) }
    guard let at = address.lastIndex(of: 64) else { return nil }
    return matchDomain(address.from(at + 1))
  }

  /// The entry that a domain key falls under, or nil.
  public func matchDomain(_ domain: ByteView) -> Int? {
    if entries.isEmpty || domain.isEmpty { return nil }
    if let id = table.find(domain) { return Int(id) }
    guard hasSuffixes else { return nil }
    var dot = domain.firstIndex(of: 46)
    while let d = dot {
      if let id = table.find(domain.from(d)) { return Int(id) }
      dot = domain.firstIndex(of: 46, from: d + 1)
    }
    return nil
  }
}

/// A small hash table from byte strings to numbers: keys in one blob, open addressing.
struct ByteTable: Sendable {
  private var blob: [UInt8] = []
  private var slots: [Slot] = []
  private var used = 0

  private struct Slot: Sendable {
    var start: UInt32 = 0
    var count: Int32 = -1
    var value: Int32 = 0
    var hash: UInt32 = 0
  }

  /// Number of keys.
  var count: Int { used }

  private static func hash(_ v: ByteView) -> UInt64 {
    var h = Hasher()
    h.combine(bytes: UnsafeRawBufferPointer(v.buffer))
    return UInt64(bitPattern: Int64(h.finalize()))
  }

  /// Adds a key; the first value of a key stays.
  mutating func insert(_ key: ByteView, _ value: Int32) {
    if (used + 1) * 2 > slots.count { grow() }
    let h = Self.hash(key)
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
    used += 1
  }

  /// The value of a key, or nil.
  func find(_ key: ByteView) -> Int32? {
    if used == 0 { return nil }
    let h = Self.hash(key)
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
      let h = blob.withByteView { Self.hash($0.slice(Int(s.start), Int(s.start) + Int(s.count))) }
      var i = Int(truncatingIfNeeded: h) & mask
      while slots[i].count >= 0 { i = (i + 1) & mask }
      slots[i] = s
    }
  }
}
