import CivilTime

/// Walks from period to period and fills a ``PeriodSet`` with the next that is not empty.
struct PeriodSearch: Sendable {
  let plan: RulePlan
  /// The period: year, month counted from year 0, first day of the week, day, or hour, minute or
  /// second counted from 1970.
  private var period: Int
  private var firstPeriod: Int
  /// The last period that can hold an instance.
  private let lastPeriod: Int
  private var stepsLeft: Int
  private let stepLimit: Int
  private(set) var failure: RecurrenceStop?
  // The limits of a day are the same for its 86,400 seconds.
  private var knownDay = Int.min
  private var knownDayIsAllowed = false

  init(_ plan: RulePlan, start: CivilDateTime, last: Int64, steps: Int) {
    self.plan = plan
    stepLimit = steps
    stepsLeft = steps
    let first = Self.period(of: start.nominalSeconds, plan)
    firstPeriod =
      plan.frequency == .weekly ? first &- start.weekday.days(after: plan.weekStart) : first
    period = firstPeriod
    lastPeriod = Self.period(of: last, plan)
  }

  private static func floor(_ a: Int, _ b: Int) -> Int {
    a % b < 0 ? a / b &- 1 : a / b
  }

  /// The period a nominal second lies in; of weeks, its day.
  private static func period(of second: Int64, _ plan: RulePlan) -> Int {
    let t = CivilDateTime(nominalSeconds: second)
    switch plan.frequency {
    case .yearly:
      return plan.countsWeeks ? t.date.week(startingOn: plan.weekStart).year : t.date.year
    case .monthly:
      let d = t.date
      return d.year &* 12 &+ d.month &- 1
    case .weekly, .daily: return t.daysSince1970
    case .hourly: return floor(Int(second), 3600)
    case .minutely: return floor(Int(second), 60)
    case .secondly: return Int(second)
    }
  }

  var stepsUsed: Int { stepLimit &- stepsLeft }
  /// True as long as the period is DTSTART's.
  var isFirst: Bool { period == firstPeriod }

  /// Counts INTERVAL from the calendar year of a DTSTART that the rule does not give, instead of
  /// from the year its week belongs to: nothing says that it stands for that week. False where
  /// this changes nothing.
  mutating func countFromCalendarYear(of start: CivilDateTime) -> Bool {
    let year = start.date.year
    guard plan.countsWeeks, plan.stride > 1, firstPeriod != year else { return false }
    firstPeriod = year
    period = year
    return true
  }

  /// Takes a step, or fails.
  mutating func spend() -> Bool {
    guard stepsLeft > 0 else {
      failure = .tooManySteps
      return false
    }
    stepsLeft &-= 1
    return true
  }

  /// True when the period could hold an instance at or after `second`.
  func reaches(_ second: Int64) -> Bool {
    let p = Self.period(of: second, plan)
    return plan.frequency == .weekly ? period &+ 6 >= p : period >= p
  }

  /// How many periods there are after this one that end before `second`.
  func periods(before second: Int64) -> Int {
    let distance = Self.period(of: second, plan) &- period
    return distance <= 0 ? 0 : distance / plan.stride &- 1
  }

  /// Passes over `n` periods, as counted by ``periods(before:)``.
  mutating func skip(_ n: Int) {
    let (d, overflow) = n.multipliedReportingOverflow(by: plan.stride)
    if !overflow, n > 0 { period &+= d }
  }

  /// The number of instances of every period, where nothing makes them differ.
  func constantSize(_ set: PeriodSet) -> Int? {
    switch plan.frequency {
    case .yearly, .monthly: return nil
    case .weekly: return plan.months == RulePlan.allMonths ? set.count : nil
    case .daily: return plan.allowsEveryDay ? set.count : nil
    case .hourly, .minutely, .secondly:
      let isLimited =
        plan.limitsHours || (plan.frequency <= .minutely && plan.limitsMinutes)
        || (plan.frequency == .secondly && plan.limitsSeconds)
      return plan.isDate || isLimited || !plan.allowsEveryDay ? nil : set.count
    }
  }

  /// Goes to the next period that has instances.
  mutating func advance(_ set: inout PeriodSet) -> Bool {
    guard step() else { return false }
    return find(&set)
  }

  private mutating func step() -> Bool {
    if plan.isDate, plan.frequency < .daily {
      // One instance a day is enough: times play no part.
      return align(seconds: (day(of: period) &+ 1) &* 86_400)
    }
    return move(to: period.addingReportingOverflow(plan.stride))
  }

  private mutating func move(to next: (partialValue: Int, overflow: Bool)) -> Bool {
    guard !next.overflow, next.partialValue <= lastPeriod else { return false }
    period = next.partialValue
    return true
  }

  /// Goes to the first period of the rule at or after `target`, which is ahead.
  private mutating func align(_ target: Int) -> Bool {
    let distance = target &- period
    guard distance > 0, target <= lastPeriod else { return false }
    let n = (distance &- 1) / plan.stride &+ 1
    let (d, overflow) = n.multipliedReportingOverflow(by: plan.stride)
    return !overflow && move(to: period.addingReportingOverflow(d))
  }

  private mutating func align(seconds: Int) -> Bool {
    let unit = unitSeconds
    return align(Self.floor(seconds &+ unit &- 1, unit))
  }

  private var unitSeconds: Int {
    switch plan.frequency {
    case .hourly: 3600
    case .minutely: 60
    default: 1
    }
  }

  private func day(of period: Int) -> Int { Self.floor(period, 86_400 / unitSeconds) }

  /// Fills the set from the first period with instances, this one included.
  mutating func find(_ set: inout PeriodSet) -> Bool {
    while spend() {
      var isFilled = false
      switch plan.frequency {
      case .yearly:
        let days = plan.countsWeeks ? plan.weekYear(period) : plan.year(period)
        isFilled = !days.isEmpty
        if isFilled { set.setDays(days, firstDay: firstDay(ofYear: period)) }
      case .monthly:
        let y = Self.floor(period, 12)
        let m = period &- y &* 12 &+ 1
        let days = plan.hasMonth(m) ? plan.month(y, m) : 0
        isFilled = days != 0
        if isFilled {
          set.setDays(days, firstDay: CivilDate(year: y, month: m, day: 1).daysSince1970)
        }
      case .weekly:
        let days = week()
        isFilled = days != 0
        if isFilled { set.setDays(days, firstDay: period) }
      case .daily:
        guard let passed = passDays() else { return false }
        if passed { continue }
        isFilled = true
        set.setDays(1, firstDay: period)
      case .hourly, .minutely, .secondly:
        guard let passed = passTimes() else { return false }
        if passed { continue }
        isFilled = true
        setTime(&set)
      }
      if isFilled {
        if plan.frequency >= .daily { set.setTimes(plan.hours, plan.minutes, plan.seconds) }
        set.rewind(plan.setPositions)
        if plan.setPositions.isEmpty || set.count > 0 { return true }
      }
      guard step() else { return false }
    }
    return false
  }

  private func firstDay(ofYear year: Int) -> Int {
    plan.countsWeeks
      ? CivilDate.firstWeek(of: year, startingOn: plan.weekStart)
      : CivilDate(year: year, month: 1, day: 1).daysSince1970
  }

  private func week() -> UInt64 {
    var days = DayBits.pattern(plan.weekdays, first: plan.weekStart.number) & 0x7F
    if plan.months != RulePlan.allMonths {
      for i in 0..<7 {
        let date = CivilDate(daysSince1970: period &+ i)
        if !plan.hasMonth(date.month) { days &= ~(1 << UInt64(i)) }
      }
    }
    return days
  }

  /// False when this day may stand; true after a move towards one that may; nil where none is left.
  private mutating func passDays() -> Bool? {
    if plan.allowsEveryDay || plan.allows(day: period) { return false }
    let month = CivilDate(daysSince1970: period).month
    if plan.hasMonth(month) { return step() ? true : nil }
    guard let next = plan.nextMonthStart(after: period) else { return nil }
    return align(next) ? true : nil
  }

  /// The same for periods shorter than a day, by the largest unit that does not fit.
  private mutating func passTimes() -> Bool? {
    let d = day(of: period)
    if d != knownDay {
      knownDay = d
      knownDayIsAllowed = plan.allowsEveryDay || plan.allows(day: d)
    }
    if !knownDayIsAllowed {
      var next = d &+ 1
      if !plan.hasMonth(CivilDate(daysSince1970: d).month) {
        guard let start = plan.nextMonthStart(after: d) else { return nil }
        next = start
      }
      return align(seconds: next &* 86_400) ? true : nil
    }
    let second = period &* unitSeconds &- d &* 86_400
    let hour = second / 3600
    if plan.limitsHours, plan.hours >> UInt32(hour) & 1 == 0 {
      let next = Self.next(after: hour, in: UInt64(plan.hours)) ?? 24
      return align(seconds: d &* 86_400 &+ next &* 3600) ? true : nil
    }
    guard plan.frequency <= .minutely else { return false }
    let minute = second / 60 % 60
    if plan.limitsMinutes, plan.minutes >> UInt64(minute) & 1 == 0 {
      let next = Self.next(after: minute, in: plan.minutes) ?? 60
      return align(seconds: d &* 86_400 &+ hour &* 3600 &+ next &* 60) ? true : nil
    }
    guard plan.frequency == .secondly, plan.limitsSeconds,
      plan.seconds >> UInt64(second % 60) & 1 == 0
    else { return false }
    let next = Self.next(after: second % 60, in: plan.seconds) ?? 60
    return align(seconds: d &* 86_400 &+ second / 60 &* 60 &+ next) ? true : nil
  }

  /// The first bit above `i` that is set.
  private static func next(after i: Int, in bits: UInt64) -> Int? {
    let rest = bits & ~DayBits.low(i &+ 1)
    return rest == 0 ? nil : rest.trailingZeroBitCount
  }

  private func setTime(_ set: inout PeriodSet) {
    let d = day(of: period)
    let second = period &* unitSeconds &- d &* 86_400
    set.setDays(1, firstDay: d)
    guard !plan.isDate else { return set.setTimes(1, 1, 1) }
    let minute = UInt64(second / 60 % 60)
    set.setTimes(
      1 << UInt32(second / 3600), plan.frequency == .hourly ? plan.minutes : 1 << minute,
      plan.frequency == .secondly ? 1 << UInt64(second % 60) : plan.seconds)
  }
}
