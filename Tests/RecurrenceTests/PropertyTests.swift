import Bytes
import CivilTime
import Glibc
import Recurrence
import TestSupport
import Testing

@Suite(.seeded) struct RecurrenceProperties {
  /// WINNOW_RANDOM_RULES=20000 in the environment asks for more than a quick run needs.
  private static let amount =
    getenv("WINNOW_RANDOM_RULES").flatMap { Int(String(cString: $0)) } ?? 60

  /// The last moment of a span of whole periods after `start`.
  private func end(_ f: Frequency, _ start: CivilDateTime, _ interval: Int) -> CivilDateTime {
    let d = start.date
    switch f {
    case .yearly: return CivilDateTime(CivilDate(year: d.year + 4, month: 12, day: 20))
    case .monthly:
      return CivilDateTime(CivilDate(year: d.year + 3, month: 1, day: 1)).adding(seconds: -1)
    case .weekly:
      return start.startOfDay.adding(days: 7 * 80 - start.weekday.number).adding(seconds: -1)
    case .daily: return start.startOfDay.adding(days: 500).adding(seconds: -1)
    case .hourly: return start.startOfDay.adding(days: 6).adding(seconds: -1)
    case .minutely: return start.startOfDay.adding(days: 1).adding(seconds: -1)
    case .secondly: return start.startOfDay.adding(days: 1).adding(seconds: -1)
    }
  }

  @Test(arguments: Frequency.allCases)
  func theEngineGivesWhatTestingEveryMomentGives(f: Frequency) {
    var random = RandomRules(numbers: SeededNumbers(UInt64(f.rawValue) &* 7919 &+ 1))
    var compared = 0
    for _ in 0..<(f == .secondly ? Self.amount / 3 : Self.amount) {
      let start = random.start()
      let r = random.rule(f, start: start)
      var until = end(f, start, r.interval)
      if f == .weekly {
        // Whole weeks with any first day.
        while until.adding(seconds: 1).weekday != r.weekStart { until = until.adding(days: 1) }
      }
      // The last year of weeks is not whole at its end, so BYSETPOS could not be judged.
      if !r.byWeekNumber.isEmpty, !r.bySetPosition.isEmpty {
        let y = start.date.year + 4
        until = CivilDateTime(
          daysSince1970: CivilDate.firstWeek(of: y, startingOn: r.weekStart)
        ).adding(seconds: -1)
      } else if f == .yearly, !r.bySetPosition.isEmpty {
        until = CivilDateTime(CivilDate(year: start.date.year + 4, month: 1, day: 1))
          .adding(seconds: -1)
      }
      var expected = BruteForce(r, start).instances(through: until)
      if let n = r.count { expected = Array(expected.prefix(n)) }
      let own = instances(
        r, start, limit: .max, startAlwaysCounts: false, through: until, steps: .max
      ).times
      compared += expected.count
      let first = zip(own, expected).first { $0 != $1 }
      #expect(
        own == expected,
        """
        \(r.text) from \(text(start, isDate: false)): \(own.count) against \(expected.count), \
        first difference \(first.map { text($0, isDate: false) + " " + text($1, isDate: false) } ?? "-")
        """)
      let all = instances(r, start, limit: .max, through: until, steps: .max).times
      if expected.first == start {
        #expect(all == expected)
      } else {
        #expect(all == [start] + expected.prefix(r.count.map { $0 - 1 } ?? expected.count))
      }
      // Windows: any beginning gives the same as cutting the whole.
      for _ in 0..<4 {
        let span = until.seconds(since: start)
        let from = start.adding(
          seconds: Int64.random(in: -5...max(span, 1), using: &random.numbers))
        let part = instances(r, start, limit: .max, from: from, through: until, steps: .max).times
        #expect(part == all.filter { $0 >= from }, "\(r.text) from \(start) window \(from)")
      }
    }
    print("\(f): \(compared) instances compared")
  }

  @Test func rulesAreReadAsTheyAreWritten() throws {
    var random = RandomRules(numbers: SeededNumbers(42))
    for i in 0..<2000 {
      let start = random.start()
      var r = random.rule(Frequency.allCases[i % 7], start: start)
      if r.count == nil, random.numbers.chance(50) { r.until = .utc(start) }
      #expect(try rule(r.text) == r)
    }
  }

  @Test func noBytesTrap() {
    var numbers = SeededNumbers(5)
    let seeds = [
      "FREQ=YEARLY;BYMONTH=1;BYDAY=+1SU,-1MO;UNTIL=19971224T000000Z;WKST=SU;BYSETPOS=-1",
      "RRULE:freq=monthly;COUNT=10;BYMONTHDAY=-1,15;INTERVAL=2;BYHOUR=9;BYMINUTE=0;BYSECOND=60",
    ].map { Array($0.utf8) }
    for i in 0..<5_000 {
      var b = seeds[i % 2]
      for _ in 0..<Int.random(in: 1...4, using: &numbers) {
        let at = Int.random(in: 0..<b.count, using: &numbers)
        switch Int.random(in: 0..<3, using: &numbers) {
        case 0: b[at] = UInt8.random(in: 0...255, using: &numbers)
        case 1: b.remove(at: at)
        default: b.insert(b[Int.random(in: 0..<b.count, using: &numbers)], at: at)
        }
      }
      var defects: RecurrenceDefects = []
      let r = b.withByteView { try? RecurrenceRule(parsing: $0, defects: &defects) }
      if let r {
        // What is accepted is written so that it reads the same.
        #expect((try? rule(r.text)) == r)
        _ = instances(r, moment("20200229T235959"), limit: 20, steps: 500)
      }
    }
    for seed in seeds {
      for n in 0...seed.count {
        var defects: RecurrenceDefects = []
        _ = Array(seed.prefix(n)).withByteView {
          try? RecurrenceRule(parsing: $0, defects: &defects)
        }
      }
    }
  }
}
