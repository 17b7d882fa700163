public import Bytes
public import CivilTime

/// How often a rule repeats (RFC 5545 3.3.10, FREQ), from the shortest period to the longest.
public enum Frequency: UInt8, Hashable, Comparable, Sendable, CaseIterable {
  case secondly, minutely, hourly, daily, weekly, monthly, yearly

  /// By length of the period.
  public static func < (a: Frequency, b: Frequency) -> Bool { a.rawValue < b.rawValue }

  /// The name in RFC 5545: `SECONDLY` … `YEARLY`.
  public var name: StaticString {
    switch self {
    case .secondly: "SECONDLY"
    case .minutely: "MINUTELY"
    case .hourly: "HOURLY"
    case .daily: "DAILY"
    case .weekly: "WEEKLY"
    case .monthly: "MONTHLY"
    case .yearly: "YEARLY"
    }
  }
}

/// An element of BYDAY: a weekday, or the n-th one of the month or year.
public struct WeekdayOrdinal: Hashable, Comparable, Sendable {
  /// 0 for every one; 1 the first, -1 the last, within ±53.
  public var ordinal: Int
  /// The weekday.
  public var weekday: Weekday

  /// The n-th (from the end where negative) weekday, or each where `ordinal` is 0.
  public init(_ ordinal: Int = 0, _ weekday: Weekday) {
    self.ordinal = ordinal
    self.weekday = weekday
  }

  /// By weekday from Monday, then by ordinal.
  public static func < (a: WeekdayOrdinal, b: WeekdayOrdinal) -> Bool {
    (a.weekday.rawValue, a.ordinal) < (b.weekday.rawValue, b.ordinal)
  }
}

/// A recurrence rule (RFC 5545 3.3.10).
///
/// The lists are sorted and without doubles, so that rules which say the same are mostly equal and
/// are written alike. A rule read from text keeps to all limits of the RFC; one built in code
/// should, and what does not (a month 13) never matches.
public struct RecurrenceRule: Hashable, Sendable {
  /// FREQ.
  public var frequency: Frequency
  /// INTERVAL, at least 1.
  public var interval = 1
  /// COUNT, at least 1; never together with ``until``.
  public var count: Int?
  /// UNTIL, inclusive; what it means in a zone is decided where the zone is known.
  public var until: DateTimeValue?
  /// WKST, Monday when not given.
  public var weekStart = Weekday.monday
  /// BYMONTH, 1–12.
  public var byMonth: [Int] = []
  /// BYWEEKNO, ±1–53.
  public var byWeekNumber: [Int] = []
  /// BYYEARDAY, ±1–366.
  public var byYearDay: [Int] = []
  /// BYMONTHDAY, ±1–31.
  public var byMonthDay: [Int] = []
  /// BYDAY.
  public var byDay: [WeekdayOrdinal] = []
  /// BYHOUR, 0–23.
  public var byHour: [Int] = []
  /// BYMINUTE, 0–59.
  public var byMinute: [Int] = []
  /// BYSECOND, 0–60; 60 counts as 59 (RFC 5545 3.3.12).
  public var bySecond: [Int] = []
  /// BYSETPOS, ±1–366.
  public var bySetPosition: [Int] = []

  /// A rule that repeats once a period.
  public init(_ frequency: Frequency) { self.frequency = frequency }

  /// Appends the rule in canonical form: FREQ first, UNTIL or COUNT, INTERVAL where it is not 1,
  /// WKST where it is not Monday, then the BY parts from the largest unit to the smallest.
  public func append(to out: ByteBuffer) {
    out.append("FREQ=")
    out.append(ByteView(frequency.name))
    if let until {
      out.append(";UNTIL=")
      until.append(to: out)
    }
    if let count {
      out.append(";COUNT=")
      out.append(decimal: count)
    }
    if interval != 1 {
      out.append(";INTERVAL=")
      out.append(decimal: interval)
    }
    if weekStart != .monday {
      out.append(";WKST=")
      out.append(ByteView(weekStart.code))
    }
    Self.append(";BYMONTH=", byMonth, to: out)
    Self.append(";BYWEEKNO=", byWeekNumber, to: out)
    Self.append(";BYYEARDAY=", byYearDay, to: out)
    Self.append(";BYMONTHDAY=", byMonthDay, to: out)
    var mark: StaticString = ";BYDAY="
    for d in byDay {
      out.append(ByteView(mark))
      if d.ordinal != 0 { out.append(decimal: d.ordinal) }
      out.append(ByteView(d.weekday.code))
      mark = ","
    }
    Self.append(";BYHOUR=", byHour, to: out)
    Self.append(";BYMINUTE=", byMinute, to: out)
    Self.append(";BYSECOND=", bySecond, to: out)
    Self.append(";BYSETPOS=", bySetPosition, to: out)
  }

  private static func append(_ name: StaticString, _ list: [Int], to out: ByteBuffer) {
    var mark = name
    for n in list {
      out.append(ByteView(mark))
      out.append(decimal: n)
      mark = ","
    }
  }

  /// The canonical form as a string.
  public var text: String {
    let out = ByteBuffer(capacity: 64)
    append(to: out)
    return out.string
  }
}
