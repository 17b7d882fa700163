import TestSupport
import Testing

@testable import Import
@testable import Workbench

/// The interval algebra against counting second by second.
@Suite(.seeded) struct AvailabilitySpans {
  private static func spans(_ count: Int, _ random: inout SeededNumbers) -> [TimeSpan] {
    (0..<count).map { _ in
      let start = Int64.random(in: 0..<60, using: &random)
      // Also empty and backward ones.
      return TimeSpan(start: start, end: start + Int64.random(in: -2..<15, using: &random))
    }
  }

  private static func seconds(_ spans: [TimeSpan]) -> Set<Int64> {
    Set(spans.flatMap { $0.isEmpty ? [] : Array($0.start..<$0.end) })
  }

  private static func isNormal(_ s: TimeSpans) -> Bool {
    s.list.allSatisfy { !$0.isEmpty }
      && zip(s.list, s.list.dropFirst()).allSatisfy { $0.end < $1.start }
  }

  @Test("merge, intersect, subtract, meet and overlaps say what counting seconds says")
  func againstCounting() {
    var random = SeededNumbers(7)
    for round in 0..<2000 {
      let a = Self.spans(round % 9, &random)
      let b = Self.spans(round % 7, &random)
      let (x, y) = (TimeSpans(a), TimeSpans(b))
      let (p, q) = (Self.seconds(a), Self.seconds(b))
      #expect(Self.seconds(x.list) == p && Self.isNormal(x))
      #expect(x.seconds == Int64(p.count))
      let both = x.intersecting(y)
      #expect(Self.seconds(both.list) == p.intersection(q) && Self.isNormal(both))
      let rest = x.subtracting(y)
      #expect(Self.seconds(rest.list) == p.subtracting(q) && Self.isNormal(rest))
      for probe in b { #expect(x.meets(probe) == !p.isDisjoint(with: Self.seconds([probe]))) }
      var counts: [Int64: Int] = [:]
      for s in a where !s.isEmpty { for t in s.start..<s.end { counts[t, default: 0] += 1 } }
      var told: [Int64: Int] = [:]
      let overlaps = TimeSpans.overlaps(a)
      for o in overlaps { for t in o.span.start..<o.span.end { told[t] = o.count } }
      #expect(told == counts.filter { $0.value >= 2 })
      for (m, n) in zip(overlaps, overlaps.dropFirst()) {
        #expect(m.span.end < n.span.start || (m.span.end == n.span.start && m.count != n.count))
      }
    }
  }

  @Test("what touches is one span, and no overlap")
  func touching() {
    let list = [TimeSpan(start: 10, end: 20), TimeSpan(start: 20, end: 30)]
    #expect(TimeSpans(list).list == [TimeSpan(start: 10, end: 30)])
    #expect(TimeSpans.overlaps(list).isEmpty)
    #expect(TimeSpans(list).lasting(20).list.count == 1)
    #expect(TimeSpans(list).lasting(21).list.isEmpty)
  }

  @Test("the ends of the number's range do no harm")
  func extremes() {
    let all = TimeSpan(start: .min, end: .max)
    let s = TimeSpans([all, all, TimeSpan(start: .max, end: .min)])
    #expect(s.seconds == .max && s.list == [all])
    #expect(TimeSpans.overlaps([all, all]) == [TimeSpans.Overlap(span: all, count: 2)])
    #expect(s.subtracting(s).list.isEmpty && s.meets(TimeSpan(start: 0, end: 1)))
    #expect(!s.meets(TimeSpan(start: 1, end: 1)))
  }

  @Test("200,000 spans that all overlap take no square time", .slow)
  func many() {
    expectLinear(
      25_000,
      make: { n in
        (0..<n).map { TimeSpan(start: Int64($0), end: Int64($0) + 1_000_000) }
      }
    ) { list in
      let overlaps = TimeSpans.overlaps(list)
      #expect(overlaps.count == 2 * list.count - 3)
      #expect(overlaps.map(\.count).max() == list.count)
      #expect(TimeSpans(list).list == [TimeSpan(start: 0, end: Int64(list.count) + 999_999)])
    }
  }

  @Test("--slot: minutes and hours from five minutes to a day, everything else is 64 and named")
  func slots() throws {
    for (text, seconds) in [
      ("5m", 300), ("30m", 1800), ("1h", 3600), ("24h", 86_400), ("90M", 5400),
    ] {
      #expect(try SlotLength(text).seconds == Int64(seconds))
    }
    for text in [
      "", "m", "h", "4m", "25h", "1441m", "30", "30s", "-5m", "1.5h", "99999999999h", "٣٠m", "30m ",
    ] {
      let error = #expect(throws: RunError.self) { try SlotLength(text) }
      #expect(error?.status == .usage && error?.message.contains("5m to 24h") == true)
    }
  }

  @Test("--hours: two times of one day, everything else is 64 and named")
  func dayHours() throws {
    for (text, start, end) in [("09:00-17:00", 32_400, 61_200), ("00:00-24:00", 0, 86_400)] {
      let h = try DayHours(text)
      #expect(h.start == start && h.end == end && h.text == text)
    }
    for text in [
      "", "-", "9-17", "09:00", "09:00-17:00-18:00", "24:00-24:00", "09:60-10:00", "09:00-24:01",
      "17:00-09:00", "09:00-09:00", "0x:00-10:00", "09:00–17:00",
    ] {
      let error = #expect(throws: RunError.self) { try DayHours(text) }
      #expect(error?.status == .usage && error?.message.contains("--hours") == true)
    }
  }
}
