import CivilTime

/// A rule made ready for one DTSTART: lists as bits, what the rule leaves open filled in.
struct RulePlan: Sendable {
  let frequency: Frequency
  /// INTERVAL in units of the period: years, months, days (also for weeks), hours …
  let stride: Int
  let weekStart: Weekday
  /// Bit m for month m; all of them when BYMONTH is absent.
  var months: UInt16 = Self.allMonths
  /// Bit d for day d.
  var monthDays: UInt32 = 0
  /// Bit 31-n for the n-th day from the month's end.
  var monthDaysFromEnd: UInt32 = 0
  var hasMonthDays = false
  /// Weekdays without a number, bit 0 Monday.
  var weekdays: UInt8 = 0
  /// Weekdays with a number.
  var ordinals: [WeekdayOrdinal] = []
  var hasDays = false
  /// BYDAY's numbers count within the month (else within the year).
  let ordinalsInMonth: Bool
  var yearDays: [Int]
  let weekNumbers: [Int]
  var setPositions: [Int]
  /// BYHOUR, BYMINUTE, BYSECOND as bits, of DTSTART where the part is absent.
  var hours: UInt32
  var minutes: UInt64
  var seconds: UInt64
  /// The parts that limit a frequency shorter than a day.
  var limitsHours: Bool
  var limitsMinutes: Bool
  var limitsSeconds: Bool
  /// A DTSTART of type DATE: times play no part.
  let isDate: Bool

  static let allMonths: UInt16 = 0x1FFE

  init(_ rule: RecurrenceRule, start: CivilDateTime, isDate: Bool) {
    frequency = rule.frequency
    self.isDate = isDate
    weekStart = rule.weekStart
    let interval = max(rule.interval, 1)
    let (weeks, overflow) = interval.multipliedReportingOverflow(by: 7)
    stride = frequency != .weekly ? interval : overflow ? .max : weeks
    yearDays = rule.byYearDay
    weekNumbers = rule.byWeekNumber
    setPositions = rule.bySetPosition
    ordinalsInMonth = frequency == .monthly || !rule.byMonth.isEmpty
    if !rule.byMonth.isEmpty { months = UInt16(truncatingIfNeeded: Self.bits(rule.byMonth, 12)) }
    for d in rule.byMonthDay {
      if d > 0, d <= 31 { monthDays |= 1 << UInt32(d) }
      if d < 0, d >= -31 { monthDaysFromEnd |= 1 << UInt32(31 &+ d) }
    }
    hasMonthDays = !rule.byMonthDay.isEmpty
    for d in rule.byDay {
      if d.ordinal == 0 { weekdays |= 1 << d.weekday.rawValue } else { ordinals.append(d) }
    }
    hasDays = !rule.byDay.isEmpty
    // RFC 5545 3.3.10: BYHOUR, BYMINUTE and BYSECOND must be ignored where DTSTART is a DATE.
    let useTimes = !isDate
    hours =
      useTimes && !rule.byHour.isEmpty
      ? UInt32(truncatingIfNeeded: Self.bits(rule.byHour, 23)) : 1 << UInt32(start.hour)
    minutes =
      useTimes && !rule.byMinute.isEmpty
      ? Self.bits(rule.byMinute, 59) : 1 << UInt64(start.minute)
    seconds =
      useTimes && !rule.bySecond.isEmpty
      ? Self.bits(rule.bySecond.map { $0 == 60 ? 59 : $0 }, 59) : 1 << UInt64(start.second)
    limitsHours = useTimes && !rule.byHour.isEmpty
    limitsMinutes = useTimes && !rule.byMinute.isEmpty
    limitsSeconds = useTimes && !rule.bySecond.isEmpty
    inherit(rule, from: start)
  }

  private static func bits(_ list: [Int], _ last: Int) -> UInt64 {
    var out: UInt64 = 0
    for n in list where n >= 0 && n <= last { out |= 1 << UInt64(n) }
    return out
  }

  /// "Information, not contained in the rule, necessary to determine the various recurrence
  /// instance start time and dates are derived from the Start Time (DTSTART)" (RFC 5545 3.3.10).
  private mutating func inherit(_ rule: RecurrenceRule, from start: CivilDateTime) {
    let date = start.date
    switch frequency {
    case .weekly:
      if !hasDays { weekdays = 1 << start.weekday.rawValue }
      hasDays = true
    case .monthly:
      if !hasDays, !hasMonthDays { inheritMonthDay(date) }
    case .yearly where rule.byYearDay.isEmpty:
      if !hasDays, !hasMonthDays {
        if weekNumbers.isEmpty {
          inheritMonthDay(date)
          if rule.byMonth.isEmpty { months = 1 << UInt16(date.month) }
        } else {
          hasDays = true
          weekdays = 1 << start.weekday.rawValue
        }
      } else if hasMonthDays, rule.byMonth.isEmpty, weekNumbers.isEmpty {
        // The month, too, comes from DTSTART. Where BYDAY limits the days, a DTSTART that is off
        // the rule cannot say which month is meant: then they are looked for in the whole year.
        if !hasDays || year(date.year).contains(date.dayOfYear &- 1) {
          months = 1 << UInt16(date.month)
        }
      }
    default: break
    }
  }

  private mutating func inheritMonthDay(_ date: CivilDate) {
    hasMonthDays = true
    monthDays = 1 << UInt32(date.day)
  }

  /// True when `month` is one of BYMONTH.
  func hasMonth(_ month: Int) -> Bool { months >> UInt16(month & 15) & 1 == 1 }

  /// BYMONTHDAY within a month of `length` days, bit 0 for the first.
  func monthDayBits(_ length: Int) -> UInt64 {
    guard hasMonthDays else { return DayBits.low(length) }
    let fromEnd = monthDaysFromEnd >> UInt32(max(31 &- length, 0))
    return UInt64(monthDays >> 1 | fromEnd) & DayBits.low(length)
  }

  /// The days of BYDAY within a month whose first day is a `first` (Monday 0).
  private func weekdayBits(_ length: Int, first: Int) -> UInt64 {
    var bits = DayBits.pattern(weekdays, first: first)
    for d in ordinals {
      if let i = Self.index(of: d, in: length, first: first) { bits |= 1 << UInt64(i) }
    }
    return bits & DayBits.low(length)
  }

  /// Where the n-th weekday of a span of days lies, from 0.
  private static func index(of d: WeekdayOrdinal, in length: Int, first: Int) -> Int? {
    let firstIndex = (d.weekday.number &- first &+ 7) % 7
    guard d.ordinal.magnitude <= 53, firstIndex < length else { return nil }
    let total = (length &- 1 &- firstIndex) / 7 &+ 1
    let n = d.ordinal > 0 ? d.ordinal &- 1 : total &+ d.ordinal
    return n >= 0 && n < total ? firstIndex &+ n &* 7 : nil
  }

  /// The days of a month, bit 0 for the first. BYMONTH is not looked at.
  func month(_ year: Int, _ month: Int) -> UInt64 {
    let length = CivilDate.days(inMonth: month, of: year)
    var bits = monthDayBits(length)
    if hasDays {
      let first = CivilDate(year: year, month: month, day: 1).weekday.number
      bits &= weekdayBits(length, first: first)
    }
    return bits
  }

  /// True when the years of the rule are made of whole weeks. "Week number one of the calendar
  /// year is the first week that contains at least four (4) days in that calendar year" (RFC 5545
  /// 3.3.10): so week 1 may begin in December, and with INTERVAL it goes with its own year.
  var countsWeeks: Bool { frequency == .yearly && !weekNumbers.isEmpty }

  /// The days of a year of weeks, bit 0 for the first day of week 1.
  func weekYear(_ year: Int) -> DayBits {
    let start = CivilDate.firstWeek(of: year, startingOn: weekStart)
    let count = CivilDate.weeks(inYear: year, startingOn: weekStart)
    let week = hasDays ? DayBits.pattern(weekdays, first: weekStart.number) & 0x7F : 0x7F
    var bits = DayBits()
    for n in weekNumbers {
      let k = n > 0 ? n &- 1 : count &+ n
      guard k >= 0, k < count else { continue }
      var rest = week
      while rest != 0 {
        let i = k &* 7 &+ rest.trailingZeroBitCount
        if allowsDate(start &+ i) { bits.insert(i) }
        rest &= rest &- 1
      }
    }
    return bits
  }

  /// The days of a year, bit 0 for 1 January: what every part but BYWEEKNO allows.
  func year(_ year: Int) -> DayBits {
    let newYear = CivilDate(year: year, month: 1, day: 1).daysSince1970
    let first = Weekday(daysSince1970: newYear).number
    let length = CivilDate.days(inYear: year)
    var bits = DayBits()
    if months == Self.allMonths, !hasMonthDays {
      bits = DayBits(first: length)
    } else {
      var start = 0
      for m in 1...12 {
        let n = CivilDate.days(inMonth: m, of: year)
        if hasMonth(m) { bits.insert(monthDayBits(n), at: start) }
        start &+= n
      }
    }
    if !yearDays.isEmpty {
      var days = DayBits()
      for d in yearDays {
        let i = d > 0 ? d &- 1 : length &+ d
        if d != 0, i < length { days.insert(i) }
      }
      bits.formIntersection(days)
    }
    if hasDays { bits.formIntersection(weekdays(year, length, first)) }
    return bits
  }

  private func weekdays(_ year: Int, _ length: Int, _ first: Int) -> DayBits {
    var bits = DayBits()
    if weekdays != 0 { bits.insert(weekdays: weekdays, first: first) }
    if !ordinals.isEmpty, ordinalsInMonth {
      var start = 0
      for m in 1...12 {
        let n = CivilDate.days(inMonth: m, of: year)
        for d in ordinals {
          if let i = Self.index(of: d, in: n, first: (first &+ start) % 7) {
            bits.insert(start &+ i)
          }
        }
        start &+= n
      }
    } else {
      for d in ordinals {
        if let i = Self.index(of: d, in: length, first: first) { bits.insert(i) }
      }
    }
    return bits
  }

  /// What limits a rule of days or shorter periods allows.
  func allows(day: Int) -> Bool {
    if hasDays, weekdays >> Weekday(daysSince1970: day).rawValue & 1 == 0 { return false }
    return allowsDate(day)
  }

  /// BYMONTH, BYMONTHDAY and BYYEARDAY for one day.
  private func allowsDate(_ day: Int) -> Bool {
    if months == Self.allMonths, !hasMonthDays, yearDays.isEmpty { return true }
    let date = CivilDate(daysSince1970: day)
    guard hasMonth(date.month) else { return false }
    if hasMonthDays {
      let bits = monthDayBits(CivilDate.days(inMonth: date.month, of: date.year))
      if bits >> UInt64(date.day &- 1) & 1 == 0 { return false }
    }
    guard !yearDays.isEmpty else { return true }
    let n = date.dayOfYear
    return yearDays.contains(n) || yearDays.contains(n &- CivilDate.days(inYear: date.year) &- 1)
  }

  /// True when nothing limits the days of a rule of days or shorter periods.
  var allowsEveryDay: Bool {
    months == Self.allMonths && !hasDays && !hasMonthDays && yearDays.isEmpty
  }

  /// The first day after `day` whose month BYMONTH allows; nil where it allows none.
  func nextMonthStart(after day: Int) -> Int? {
    guard months & Self.allMonths != 0 else { return nil }
    var date = CivilDate(daysSince1970: day)
    date.day = 1
    repeat {
      date.month &+= 1
      if date.month > 12 {
        date.month = 1
        date.year &+= 1
      }
    } while !hasMonth(date.month)
    return date.daysSince1970
  }
}
