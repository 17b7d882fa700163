import CivilTime
import Recurrence
import TestSupport

/// The rule's parts as tests on a single moment, straight from the table of RFC 5545 3.3.10; slow,
/// and sharing nothing with the engine but the calendar.
struct BruteForce {
  var rule: RecurrenceRule
  let start: CivilDateTime

  /// Fills in what DTSTART says where the rule does not.
  init(_ r: RecurrenceRule, _ start: CivilDateTime) {
    rule = r
    self.start = start
    ordinalsInMonth = r.frequency == .monthly || !r.byMonth.isEmpty
    let d = start.date
    if r.frequency >= .daily {
      if r.byHour.isEmpty { rule.byHour = [start.hour] }
    }
    if r.frequency >= .hourly, r.byMinute.isEmpty { rule.byMinute = [start.minute] }
    if r.frequency >= .minutely, r.bySecond.isEmpty { rule.bySecond = [start.second] }
    let noDays = r.byDay.isEmpty && r.byMonthDay.isEmpty && r.byYearDay.isEmpty
    switch r.frequency {
    case .weekly: if r.byDay.isEmpty { rule.byDay = [WeekdayOrdinal(0, start.weekday)] }
    case .monthly: if noDays { rule.byMonthDay = [d.day] }
    case .yearly:
      if noDays, !r.byWeekNumber.isEmpty { rule.byDay = [WeekdayOrdinal(0, start.weekday)] }
      if noDays, r.byWeekNumber.isEmpty {
        rule.byMonthDay = [d.day]
        if r.byMonth.isEmpty { rule.byMonth = [d.month] }
      }
      if !r.byMonthDay.isEmpty, r.byMonth.isEmpty, r.byYearDay.isEmpty, r.byWeekNumber.isEmpty,
        r.byDay.isEmpty || admits(date: d)
      {
        rule.byMonth = [d.month]
      }
    default: break
    }
  }

  private let ordinalsInMonth: Bool

  /// The number of the period a moment is in.
  func period(_ t: CivilDateTime) -> Int {
    let d = t.date
    switch rule.frequency {
    case .yearly:
      return rule.byWeekNumber.isEmpty ? d.year : d.week(startingOn: rule.weekStart).year
    case .monthly: return d.year * 12 + d.month
    case .weekly:
      // 1970-01-05 was a Monday.
      let monday = t.daysSince1970 - 4 - rule.weekStart.number
      return Int((Double(monday) / 7).rounded(.down))
    case .daily: return t.daysSince1970
    case .hourly: return Int((Double(t.nominalSeconds) / 3600).rounded(.down))
    case .minutely: return Int((Double(t.nominalSeconds) / 60).rounded(.down))
    case .secondly: return Int(t.nominalSeconds)
    }
  }

  func admits(date d: CivilDate) -> Bool {
    if !rule.byMonth.isEmpty, !rule.byMonth.contains(d.month) { return false }
    if !rule.byWeekNumber.isEmpty {
      let (year, n) = d.week(startingOn: rule.weekStart)
      let count = CivilDate.weeks(inYear: year, startingOn: rule.weekStart)
      if !rule.byWeekNumber.contains(n), !rule.byWeekNumber.contains(n - count - 1) { return false }
    }
    if !rule.byYearDay.isEmpty {
      let n = d.dayOfYear
      let count = CivilDate.days(inYear: d.year)
      if !rule.byYearDay.contains(n), !rule.byYearDay.contains(n - count - 1) { return false }
    }
    let length = CivilDate.days(inMonth: d.month, of: d.year)
    if !rule.byMonthDay.isEmpty, !rule.byMonthDay.contains(d.day),
      !rule.byMonthDay.contains(d.day - length - 1)
    {
      return false
    }
    if rule.byDay.isEmpty { return true }
    let (n, count) =
      ordinalsInMonth ? (d.day, length) : (d.dayOfYear, CivilDate.days(inYear: d.year))
    return rule.byDay.contains { e in
      e.weekday == d.weekday
        && (e.ordinal == 0 || e.ordinal == (n - 1) / 7 + 1 || e.ordinal == -((count - n) / 7 + 1))
    }
  }

  /// All instances from DTSTART's period to `end`, a moment every period of which is whole.
  func instances(through end: CivilDateTime) -> [CivilDateTime] {
    let own = instances(through: end, first: period(start))
    if own.first == start || rule.byWeekNumber.isEmpty { return own }
    return instances(through: end, first: start.date.year)
  }

  private func instances(through end: CivilDateTime, first: Int) -> [CivilDateTime] {
    var out: [CivilDateTime] = []
    var group: [CivilDateTime] = []
    var groupPeriod = Int.min
    func close() {
      if rule.bySetPosition.isEmpty {
        out += group
      } else {
        for (i, t) in group.enumerated()
        where rule.bySetPosition.contains(i + 1) || rule.bySetPosition.contains(i - group.count) {
          out.append(t)
        }
      }
      group.removeAll(keepingCapacity: true)
    }
    // A year of weeks may begin eight days before its calendar year; whole days from there.
    let before =
      rule.frequency == .yearly
      ? 380 : rule.frequency == .monthly ? 31 : rule.frequency == .weekly ? 7 : 0
    for day in (start.daysSince1970 - before)...end.daysSince1970 {
      guard admits(date: CivilDate(daysSince1970: day)) else { continue }
      let midnight = CivilDateTime(daysSince1970: day)
      for h in 0..<24 where rule.byHour.isEmpty || rule.byHour.contains(h) {
        for m in 0..<60 where rule.byMinute.isEmpty || rule.byMinute.contains(m) {
          for s in 0..<60
          where rule.bySecond.isEmpty || rule.bySecond.contains(s)
            || (s == 59 && rule.bySecond.contains(60))
          {
            let t = midnight.adding(seconds: Int64(h * 3600 + m * 60 + s))
            let p = period(t)
            guard p >= first, (p - first) % rule.interval == 0, t <= end else { continue }
            if p != groupPeriod { close() }
            groupPeriod = p
            group.append(t)
          }
        }
      }
    }
    close()
    return out.filter { $0 >= start }
  }
}

/// Rules that RFC 5545 allows, at random.
struct RandomRules {
  var numbers: SeededNumbers

  mutating func start() -> CivilDateTime {
    let day = Int.random(in: 9000..<21_000, using: &numbers)
    let quarters = Int.random(in: 0..<96, using: &numbers)
    return CivilDateTime(daysSince1970: day, secondOfDay: quarters * 900)
  }

  mutating func rule(_ f: Frequency, start: CivilDateTime) -> RecurrenceRule {
    var r = RecurrenceRule(f)
    let d = start.date
    if numbers.chance(50) {
      r.interval = Int.random(in: 1...(f < .daily ? 40 : 5), using: &numbers)
    }
    if numbers.chance(40) { r.weekStart = Weekday(number: Int.random(in: 0..<7, using: &numbers)) }
    if numbers.chance(f == .yearly ? 50 : 20) { r.byMonth = numbers.some(1...12, 4) }
    if f == .yearly, numbers.chance(25) {
      r.byWeekNumber = numbers.some(1...53, 5).map { numbers.chance(30) ? -$0 : $0 }.sorted()
    }
    if f == .yearly || f < .daily, numbers.chance(f == .yearly ? 20 : 4) {
      r.byYearDay = numbers.some(1...366, 30).map { numbers.chance(30) ? -$0 : $0 }.sorted()
    }
    if f != .weekly, numbers.chance(30) {
      r.byMonthDay = numbers.some(1...31, 8).map { numbers.chance(30) ? -$0 : $0 }.sorted()
      if numbers.chance(40) { r.byMonthDay = Array(Set(r.byMonthDay + [d.day])).sorted() }
    }
    if numbers.chance(45) {
      let most = f == .yearly && r.byMonth.isEmpty ? 53 : 5
      let numbered = f == .monthly || (f == .yearly && r.byWeekNumber.isEmpty)
      r.byDay = numbers.some(0...6, 4).map { n in
        var ordinal = 0
        if numbered, numbers.chance(50) {
          ordinal = Int.random(in: 1...most, using: &numbers) * (numbers.chance(40) ? -1 : 1)
        }
        return WeekdayOrdinal(ordinal, Weekday(number: n))
      }.sorted()
    }
    if numbers.chance(f < .daily ? 30 : 15) { r.byHour = numbers.some(0...23, 3) }
    if numbers.chance(f < .daily ? 30 : 15) { r.byMinute = numbers.some(0...59, 3) }
    if numbers.chance(f < .daily ? 30 : 10) { r.bySecond = numbers.some(0...60, 3) }
    let hasPart =
      !(r.byMonth.isEmpty && r.byDay.isEmpty && r.byMonthDay.isEmpty && r.byHour.isEmpty
      && r.byMinute.isEmpty && r.bySecond.isEmpty && r.byYearDay.isEmpty
      && r.byWeekNumber.isEmpty)
    if hasPart, numbers.chance(25) {
      r.bySetPosition = numbers.some(1...8, 3).map { numbers.chance(40) ? -$0 : $0 }.sorted()
    }
    if numbers.chance(30) { r.count = Int.random(in: 1...40, using: &numbers) }
    return r
  }
}
