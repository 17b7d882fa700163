/// The busy times of all owners of a run, and which of them overlap (LG-1-sync).
///
/// A set: neither the order in which times were added nor that some came twice changes what
/// ``conflicts(tasks:)`` gives.
struct BusyTimes: Merge {
  /// One busy time.
  struct Row: BitwiseCopyable {
    /// Position of the owner among the run's owners.
    var owner: Int32
    /// Number of the task that it stands for, or -1 for a block.
    var task: Int32
    /// When it begins and ends, UTC seconds since 1970.
    var start: Int64
    var end: Int64
    /// The meeting: two calendars of one owner may hold the same one.
    var meeting: UInt64
    /// The record's key: the first two words of its digest, in memory order.
    var key: (UInt64, UInt64)
    // As its hexadecimal text is ordered.
    fileprivate var keyInOrder: (UInt64, UInt64) { (key.0.bigEndian, key.1.bigEndian) }

    fileprivate func precedes(_ b: Row) -> Bool {
      if owner != b.owner { return owner < b.owner }
      if start != b.start { return start < b.start }
      if keyInOrder != b.keyInOrder { return keyInOrder < b.keyInOrder }
      return (end, meeting, task) < (b.end, b.meeting, b.task)
    }
  }

  private var rows: [Row] = []

  /// Adds a time; one that lasts no time takes no other's place.
  mutating func add(_ row: Row) {
    if row.end > row.start { rows.append(row) }
  }

  /// Takes in the times of another part of the run.
  mutating func combine(_ other: BusyTimes) { rows += other.rows }

  /// Calls `body` with each time.
  func forEach(_ body: (Row) throws -> Void) rethrows { for row in rows { try body(row) } }

  // By owner and start, each once.
  private func inOrder() -> [Row] {
    let sorted = rows.sorted { $0.precedes($1) }
    var list: [Row] = []
    list.reserveCapacity(sorted.count)
    for row in sorted where list.last.map({ $0.precedes(row) }) ?? true { list.append(row) }
    return list
  }

  /// Overlapping records that one task names at most.
  static let limit = 50

  /// For each task, by number, the keys of what overlaps it, by start, then key; at most
  /// ``limit`` each.
  func conflicts(tasks: Int) -> [Int: [(UInt64, UInt64)]] {
    let sorted = inOrder()
    var result: [Int: [(UInt64, UInt64)]] = [:]
    func note(_ row: Row, _ other: Row) {
      guard row.task >= 0, row.meeting != other.meeting || row.start != other.start else { return }
      let task = Int(row.task)
      if result[task, default: []].count < Self.limit {
        result[task, default: []].append(other.key)
      }
    }
    for i in sorted.indices {
      let a = sorted[i]
      var j = i + 1
      var seen = 0
      // Sorted by start: the first that begins later than this one ends is the last to look at.
      while j < sorted.count, sorted[j].owner == a.owner, sorted[j].start < a.end {
        note(a, sorted[j])
        note(sorted[j], a)
        j += 1
        seen += 1
        // Thousands at one time are no bookings any more; the work must not grow with their square.
        if seen == 1000 { break }
      }
    }
    return result
  }
}
