import Import

/// A span of time in UTC seconds since 1970: its start is in it, its end is not.
struct TimeSpan: Hashable, Sendable {
  var start: Int64
  var end: Int64

  /// True when no second is in it.
  var isEmpty: Bool { end <= start }

  /// Its length in seconds, never negative.
  var seconds: Int64 {
    if isEmpty { return 0 }
    let (length, overflow) = end.subtractingReportingOverflow(start)
    return overflow ? .max : length
  }

  /// What two spans have in common; empty when that is nothing.
  func clipped(to other: TimeSpan) -> TimeSpan {
    TimeSpan(start: max(start, other.start), end: min(end, other.end))
  }
}

/// A set of seconds, as the fewest spans that cover it: in order, none empty, none touching.
///
/// The algebra that free and busy times need. Making one of n spans takes O(n log n) steps,
/// everything else O(n + m).
struct TimeSpans: Hashable, Sendable {
  /// The spans.
  let list: [TimeSpan]

  /// The seconds that are in at least one of the spans, which may be in any order, overlap, touch
  /// and be empty.
  init(_ spans: [TimeSpan]) {
    let sorted = spans.filter { !$0.isEmpty }.sorted { $0.start < $1.start }
    var merged: [TimeSpan] = []
    for s in sorted {
      if let last = merged.last, s.start <= last.end {
        merged[merged.count - 1].end = max(last.end, s.end)
      } else {
        merged.append(s)
      }
    }
    list = merged
  }

  private init(disjoint list: [TimeSpan]) { self.list = list }

  /// How many seconds are in it; stops at the number's end.
  var seconds: Int64 {
    list.reduce(0) { sum, s in
      let (total, overflow) = sum.addingReportingOverflow(s.seconds)
      return overflow ? .max : total
    }
  }

  /// What is in both sets.
  func intersecting(_ other: TimeSpans) -> TimeSpans {
    var common: [TimeSpan] = []
    var i = 0
    var j = 0
    while i < list.count, j < other.list.count {
      let both = list[i].clipped(to: other.list[j])
      if !both.isEmpty { common.append(both) }
      // The one that ends first meets nothing of the other set any more.
      if list[i].end <= other.list[j].end { i += 1 } else { j += 1 }
    }
    return TimeSpans(disjoint: common)
  }

  /// What is in this set and not in the other.
  func subtracting(_ other: TimeSpans) -> TimeSpans {
    var rest: [TimeSpan] = []
    var j = 0
    for s in list {
      var start = s.start
      while j < other.list.count, other.list[j].end <= start { j += 1 }
      // Not `j` itself: what reaches beyond this span may reach into the next one.
      var k = j
      while k < other.list.count, other.list[k].start < s.end {
        let gap = TimeSpan(start: start, end: other.list[k].start)
        if !gap.isEmpty { rest.append(gap) }
        start = max(start, other.list[k].end)
        k += 1
      }
      let gap = TimeSpan(start: start, end: s.end)
      if !gap.isEmpty { rest.append(gap) }
      j = max(j, k - 1)
    }
    return TimeSpans(disjoint: rest)
  }

  /// The spans that last at least so many seconds.
  func lasting(_ seconds: Int64) -> TimeSpans {
    TimeSpans(disjoint: list.filter { $0.seconds >= seconds })
  }

  /// True when a second of the span is in the set. O(log n).
  func meets(_ span: TimeSpan) -> Bool {
    var low = 0
    var high = list.count
    while low < high {
      let middle = (low + high) / 2
      if list[middle].end <= span.start { low = middle + 1 } else { high = middle }
    }
    return low < list.count && !list[low].clipped(to: span).isEmpty
  }

  /// A span during which the same number of spans run at once.
  struct Overlap: Hashable, Sendable {
    var span: TimeSpan
    /// At least 2.
    var count: Int
  }

  /// Where at least two of the spans run at once, in order, a new entry where their number changes.
  /// O(n log n), however many overlap.
  static func overlaps(_ spans: [TimeSpan]) -> [Overlap] {
    let real = spans.filter { !$0.isEmpty }
    let starts = real.map(\.start).sorted()
    let ends = real.map(\.end).sorted()
    var found: [Overlap] = []
    var count = 0
    var since = Int64.min
    var i = 0
    var j = 0
    while j < ends.count {
      let now = i < starts.count ? min(starts[i], ends[j]) : ends[j]
      let before = count
      while i < starts.count, starts[i] == now {
        count += 1
        i += 1
      }
      while j < ends.count, ends[j] == now {
        count -= 1
        j += 1
      }
      // One that ends where another begins changes nothing.
      if count == before { continue }
      if before >= 2 {
        found.append(Overlap(span: TimeSpan(start: since, end: now), count: before))
      }
      since = now
    }
    return found
  }
}
