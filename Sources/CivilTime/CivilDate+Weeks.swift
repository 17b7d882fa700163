extension CivilDate: Comparable {
  /// Calendar order.
  @inlinable
  public static func < (a: CivilDate, b: CivilDate) -> Bool {
    (a.year, a.month, a.day) < (b.year, b.month, b.day)
  }
}

extension CivilDate {
  /// The weekday of a valid date.
  @inlinable public var weekday: Weekday { Weekday(daysSince1970: daysSince1970) }

  /// The number of the day within its year, from 1.
  @inlinable
  public var dayOfYear: Int {
    daysSince1970 &- CivilDate(year: year, month: 1, day: 1).daysSince1970 &+ 1
  }

  /// Number of days of a year, 365 or 366.
  @inlinable
  public static func days(inYear year: Int) -> Int { isLeap(year) ? 366 : 365 }

  /// The first day of a year's week 1, in days since 1970-01-01.
  ///
  /// Week 1 is the first one with at least four days in the year (RFC 5545 3.3.10, BYWEEKNO), so
  /// it is the one that holds 4 January, and it may begin in the year before.
  @inlinable
  public static func firstWeek(of year: Int, startingOn first: Weekday) -> Int {
    let fourth = CivilDate(year: year, month: 1, day: 4).daysSince1970
    return fourth &- Weekday(daysSince1970: fourth).days(after: first)
  }

  /// How many weeks a year has, 52 or 53, when weeks begin on `first`.
  @inlinable
  public static func weeks(inYear year: Int, startingOn first: Weekday) -> Int {
    (firstWeek(of: year &+ 1, startingOn: first) &- firstWeek(of: year, startingOn: first)) / 7
  }

  /// The week a date is in, and the year that week belongs to: ISO 8601 with any first day.
  @inlinable
  public func week(startingOn first: Weekday) -> (year: Int, number: Int) {
    let days = daysSince1970
    // The fourth day of a week decides its year.
    let fourth = days &- Weekday(daysSince1970: days).days(after: first) &+ 3
    let date = CivilDate(daysSince1970: fourth)
    return (date.year, (date.dayOfYear &- 1) / 7 &+ 1)
  }

  /// The date `days` later, or earlier where negative.
  @inlinable
  public func adding(days: Int) -> CivilDate {
    CivilDate(daysSince1970: daysSince1970 &+ days)
  }
}
