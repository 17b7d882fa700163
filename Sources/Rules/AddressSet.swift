public import Bytes

/// A set of addresses and domains, as exclusion lists and organisation domains give them.
///
/// An entry with a local part is that address, one without (or with a leading `@`) is that domain
/// exactly, `*.example.com` is every domain below example.com and not example.com itself
/// (ES-8.2-admin, UP-S2). Entries and what is looked up are comparison keys: trimmed,
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
