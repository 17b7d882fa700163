public import Bytes

/// The CRM's leads, found by address. Values and keys lie in one blob, the tables are flat arrays
/// of 32-bit numbers: a million leads take some 100 MB. Written while it is built, only read after.
public final class LeadIndex: @unchecked Sendable {
  /// The names of the fields that addresses are looked up in, in their order.
  public let searchFields: [String]

  /// A value of a lead.
  public enum Value: Int, CaseIterable, Sendable {
    case id, name, owner, company, phone
  }

  private let blob: ByteBuffer
  /// Where a lead's values begin in the blob.
  @exclusivity(unchecked) private var leads: [UInt32] = []

  private struct Entry {
    var key: UInt32
    var keyCount: UInt16
    var field: UInt16
    var first: UInt32
    var last: UInt32
  }
  @exclusivity(unchecked) private var entries: [Entry] = []
  private struct Posting {
    var lead: UInt32
    var next: UInt32
  }
  @exclusivity(unchecked) private var postings: [Posting] = []
  @exclusivity(unchecked) private var table = HashSlots()
  @exclusivity(unchecked) private var ids = HashSlots()
  private static let none = UInt32.max

  /// An index without leads, for lists with these search fields.
  public init(searchFields: [String], expectedBytes: Int = 0) {
    self.searchFields = searchFields
    blob = ByteBuffer(capacity: max(4096, min(expectedBytes, 1 << 30)))
  }

  /// The number of leads.
  public var count: Int { leads.count }
  /// The number of different addresses in all fields.
  public var addressCount: Int { entries.count }

  // MARK: looking up

  /// The leads that an address key belongs to in the first search field that knows it, or nil.
  /// Allocates nothing.
  public func lookup(addressKey key: ByteView) -> LeadMatches? {
    if entries.isEmpty || key.isEmpty { return nil }
    let h = ByteHash.hash(key)
    for field in 0..<searchFields.count {
      if let e = find(key, field, h) {
        return LeadMatches(field: field, place: entries[e].first)
      }
    }
    return nil
  }

  /// The numbers of all leads that matched.
  public func leads(_ matches: LeadMatches) -> [Int] {
    var rest = matches
    var all: [Int] = []
    while let lead = rest.next(in: self) { all.append(lead) }
    return all
  }

  /// Calls `body` with the key of each address; one in several fields comes as many times.
  public func forEachAddress(_ body: (ByteView) -> Void) {
    for e in entries { body(blob.view.slice(Int(e.key), Int(e.key) + Int(e.keyCount))) }
  }

  /// The lead with that id, or nil.
  public func lead(id: ByteView) -> Int? {
    ids.find(ByteHash.hash(id)) { self.value(.id, of: $0).equals(id) }
  }

  /// A value of a lead; empty when it has none.
  public func value(_ v: Value, of lead: Int) -> ByteView {
    guard lead >= 0, lead < leads.count else { return .empty }
    let bytes = blob.view
    var at = Int(leads[lead])
    var rest = v.rawValue
    while true {
      let length = Int(bytes[at]) | Int(bytes[at + 1]) << 8 | Int(bytes[at + 2]) << 16
      at += 3
      if rest == 0 { return bytes.slice(at, at + length) }
      at += length
      rest -= 1
    }
  }

  private func find(_ key: ByteView, _ field: Int, _ hash: UInt64) -> Int? {
    table.find(HashSlots.mix(hash, field)) { i in
      let e = entries[i]
      return Int(e.field) == field && Int(e.keyCount) == key.count
        && blob.view.slice(Int(e.key), Int(e.key) + key.count).equals(key)
    }
  }

  fileprivate func posting(_ i: UInt32) -> (lead: Int, next: UInt32)? {
    guard i != Self.none, Int(i) < postings.count else { return nil }
    return (Int(postings[Int(i)].lead), postings[Int(i)].next)
  }

  // MARK: building

  /// Adds a lead; values are cut at 1 MiB. Nil when its id is there already or the index is full
  /// (4 GiB of text): see ``lead(id:)``.
  public func add(
    id: ByteView, name: ByteView, owner: ByteView, company: ByteView, phone: ByteView
  ) -> Int? {
    let h = ByteHash.hash(id)
    let lead = leads.count
    guard blob.count < Int(UInt32.max) - (8 << 20),
      ids.find(h, { self.value(.id, of: $0).equals(id) }) == nil
    else { return nil }
    leads.append(UInt32(truncatingIfNeeded: blob.count))
    for v in [id, name, owner, company, phone] {
      let n = min(v.count, 1 << 20)
      blob.append(UInt8(truncatingIfNeeded: n))
      blob.append(UInt8(truncatingIfNeeded: n >> 8))
      blob.append(UInt8(truncatingIfNeeded: n >> 16))
      blob.append(v.prefix(n))
    }
    ids.insert(h, lead)
    return lead
  }

  /// Adds an address key of a lead in a search field. Leads of one address keep the order of calls.
  public func add(addressKey key: ByteView, field: Int, lead: Int) {
    guard key.count > 0, key.count <= 2000, blob.count < Int(UInt32.max) - (1 << 20),
      field >= 0, field < searchFields.count, lead >= 0, lead < leads.count
    else { return }
    let h = ByteHash.hash(key)
    let posting = UInt32(truncatingIfNeeded: postings.count)
    if let e = find(key, field, h) {
      let last = Int(entries[e].last)
      if last < postings.count, Int(postings[last].lead) == lead { return }
      if last < postings.count { postings[last].next = posting }
      entries[e].last = posting
    } else {
      table.insert(HashSlots.mix(h, field), entries.count)
      entries.append(
        Entry(
          key: UInt32(truncatingIfNeeded: blob.count), keyCount: UInt16(clamping: key.count),
          field: UInt16(clamping: field), first: posting, last: posting))
      blob.append(key)
    }
    postings.append(Posting(lead: UInt32(truncatingIfNeeded: lead), next: Self.none))
  }
}

/// The leads of one address in list order: a place in the index that found them, which is asked for
/// one after the other.
public struct LeadMatches: Sendable {
  /// The search field that hit, as an index into ``LeadIndex/searchFields``.
  public let field: Int
  fileprivate var place: UInt32

  /// The next lead's number in the index that found them.
  ///
  /// The index is handed in and not held: threads that count references in one wait for each other.
  public mutating func next(in index: LeadIndex) -> Int? {
    guard let p = index.posting(place) else { return nil }
    place = p.next
    return p.lead
  }
}
