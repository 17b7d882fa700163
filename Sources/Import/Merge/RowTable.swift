import Bytes
import CPlatform

/// Rows of a fixed size, appended and never moved: they lie in segments, so that growing neither
/// copies them nor needs twice their memory for a moment.
struct RowStore<Row: BitwiseCopyable> {
  private static var shift: Int { 14 }
  private static var mask: Int { 1 << shift - 1 }

  private var segments: [[Row]] = []
  private(set) var count = 0

  /// Bytes set aside, but for the list of segments.
  var footprint: Int { segments.count * (MemoryLayout<Row>.stride << Self.shift) }

  /// The row with this number; nil when there is none.
  subscript(_ i: Int) -> Row? {
    i >= 0 && i < count ? segments[i >> Self.shift][i & Self.mask] : nil
  }

  /// Appends a row; its number is the count before.
  mutating func append(_ row: Row) {
    if count >> Self.shift == segments.count {
      var segment: [Row] = []
      segment.reserveCapacity(1 << Self.shift)
      segments.append(segment)
    }
    segments[count >> Self.shift].append(row)
    count += 1
  }

  /// Overwrites a row that is there.
  mutating func replace(_ i: Int, _ row: Row) {
    guard i >= 0, i < count else { return }
    segments[i >> Self.shift][i & Self.mask] = row
  }
}

/// Finds rows by the hash of their key: open addressing with four bytes a slot.
///
/// A slot holds a row's number and, in the bits that the number leaves free, a part of the hash, so
/// that a foreign row is hardly ever looked at. At most three quarters of the slots are in use and,
/// once there are some, more than three eighths: 5.3 to 10.7 bytes a row. Growing drops the old
/// slots before it makes the new ones out of the rows. Hashes must be spread evenly over all 64
/// bits.
struct RowIndex {
  private static var ahead: Int { 16 }

  private var slots: [UInt32] = []
  private var limit = 0
  private var numberMask: UInt32 = 0
  private(set) var count = 0

  /// Bytes set aside.
  var footprint: Int { slots.count * MemoryLayout<UInt32>.stride }

  /// True when ``grow(rows:hash:isSame:)`` must be called before this row is inserted.
  func isFull(for row: Int) -> Bool {
    count >= limit || (row >= Int(numberMask) && numberMask != .max)
  }

  private func home(_ hash: UInt64) -> Int { Self.home(hash, of: slots.count) }

  @inline(__always)
  private static func home(_ hash: UInt64, of count: Int) -> Int {
    Int(truncatingIfNeeded: ((hash >> 32) &* UInt64(count)) >> 32)
  }

  private func tag(_ hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash) & ~numberMask }

  /// The first row inserted under `hash` for which `matches` is true, or nil.
  @inline(__always)
  func find(_ hash: UInt64, where matches: (Int) -> Bool) -> Int? {
    if count == 0 { return nil }
    let tag = tag(hash)
    var i = home(hash)
    while true {
      let slot = slots[i]
      if slot == 0 { return nil }
      if slot & ~numberMask == tag {
        let row = Int(slot & numberMask) &- 1
        if matches(row) { return row }
      }
      i += 1
      if i == slots.count { i = 0 }
    }
  }

  /// Where hashes begin to be looked for.
  struct Homes {
    fileprivate let slots: UnsafeBufferPointer<UInt32>

    /// Asks for the memory that ``RowIndex/find(_:where:)`` and ``RowIndex/insert(_:_:)`` will
    /// read.
    @inline(__always)
    func expect(_ hash: UInt64) {
      let i = RowIndex.home(hash, of: slots.count)
      if let base = slots.baseAddress, i < slots.count { cplatform_prefetch(base + i) }
    }
  }

  /// Calls `body` with the places of this index; they are valid during the call only.
  func withHomes(_ body: (Homes) -> Void) {
    slots.withUnsafeBufferPointer { body(Homes(slots: $0)) }
  }

  /// Adds a row. Does nothing when the index is full or beyond four billion rows.
  mutating func insert(_ hash: UInt64, _ row: Int) {
    guard !isFull(for: row), row >= 0, row < Int(numberMask) else { return }
    var i = home(hash)
    while slots[i] != 0 {
      i += 1
      if i == slots.count { i = 0 }
    }
    slots[i] = tag(hash) | UInt32(truncatingIfNeeded: row + 1)
    count += 1
  }

  /// Makes room for row number `rows` and indexes those before it anew.
  ///
  /// - Parameters:
  ///   - hash: The hash of a row; nil leaves it out, as it does beyond the last row.
  ///   - isSame: True when two rows have the same key: only the first of them is indexed. nil when
  ///     all rows differ.
  mutating func grow(rows: Int, hash: (Int) -> UInt64?, isSame: ((Int, Int) -> Bool)? = nil) {
    if count >= limit {
      let size = slots.isEmpty ? 256 : slots.count * 2
      slots = []
      slots = [UInt32](repeating: 0, count: size)
    } else {
      for i in slots.indices { slots[i] = 0 }
    }
    limit = slots.count / 4 * 3
    // Numbers are stored plus one; there may be many more rows than are indexed.
    let most = max(slots.count, 2 * (rows + 1)) - 1
    numberMask = UInt32(clamping: (1 << (64 - most.leadingZeroBitCount)) - 1)
    count = 0
    for row in 0..<rows {
      // A large index lies in no cache: what is wanted soon is asked for now.
      if let soon = hash(row + Self.ahead) { withHomes { $0.expect(soon) } }
      guard let h = hash(row) else { continue }
      if let isSame, find(h, where: { isSame($0, row) }) != nil { continue }
      insert(h, row)
    }
  }
}
