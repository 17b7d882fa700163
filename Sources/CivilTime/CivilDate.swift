public import Bytes

/// A day of the proleptic Gregorian calendar, and the arithmetic between days and seconds.
public struct CivilDate: Hashable, Sendable {
  /// The year; 0 is 1 BC.
  public var year: Int
  /// The month, 1–12.
  public var month: Int
  /// The day of the month, from 1.
  public var day: Int

  /// A date from its parts, which are not checked; see ``isValid``.
  @inlinable
  public init(year: Int, month: Int, day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }

  /// True when the calendar has this day, in the years 1–9999.
  @inlinable
  public var isValid: Bool {
    year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1
      && day <= Self.days(inMonth: month, of: year)
  }

  /// True in years with a 29 February.
  @inlinable
  public static func isLeap(_ year: Int) -> Bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  }

  /// Number of days in a month (1–12) of a year; 0 for other months.
  @inlinable
  public static func days(inMonth month: Int, of year: Int) -> Int {
    switch month {
    case 1, 3, 5, 7, 8, 10, 12: 31
    case 4, 6, 9, 11: 30
    case 2: isLeap(year) ? 29 : 28
    default: 0
    }
  }

  /// Days since 1970-01-01, for years within ±10,000,000 and months 1–12.
  ///
  /// Counts in years that begin in March, so that the leap day is the last, and in eras of 400
  /// years, which all have 146,097 days.
  @inlinable
  public var daysSince1970: Int {
    let y = month <= 2 ? year &- 1 : year
    let era = (y >= 0 ? y : y &- 399) / 400
    let yearOfEra = y &- era &* 400
    let fromMarch = (month &+ 9) % 12
    let dayOfYear = (153 &* fromMarch &+ 2) / 5 &+ day &- 1
    let dayOfEra = yearOfEra &* 365 &+ yearOfEra / 4 &- yearOfEra / 100 &+ dayOfYear
    return era &* 146_097 &+ dayOfEra &- 719_468
  }

  /// The date a number of days after (or before) 1970-01-01.
  @inlinable
  public init(daysSince1970 days: Int) {
    let z = days &+ 719_468
    let era = (z >= 0 ? z : z &- 146_096) / 146_097
    let dayOfEra = z &- era &* 146_097
    let yearOfEra =
      (dayOfEra &- dayOfEra / 1460 &+ dayOfEra / 36_524 &- dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra &- (365 &* yearOfEra &+ yearOfEra / 4 &- yearOfEra / 100)
    let fromMarch = (5 &* dayOfYear &+ 2) / 153
    day = dayOfYear &- (153 &* fromMarch &+ 2) / 5 &+ 1
    month = fromMarch < 10 ? fromMarch &+ 3 : fromMarch &- 9
    year = yearOfEra &+ era &* 400 &+ (month <= 2 ? 1 : 0)
  }

  /// Appends `2026-03-03`; the year has at least four digits.
  public func append(to out: ByteBuffer) {
    out.append(decimal: year, width: 4)
    out.append(UInt8(ascii: "-"))
    out.append(decimal: month, width: 2)
    out.append(UInt8(ascii: "-"))
    out.append(decimal: day, width: 2)
  }

  /// Appends an instant in UTC as RFC 3339: `2026-03-03T09:15:00Z`. Instants outside the years
  /// 0–9999 take the nearest one inside.
  public static func append(utcSeconds: Int64, to out: ByteBuffer) {
    let s = Int(min(max(utcSeconds, -62_167_219_200), 253_402_300_799))
    var days = s / 86_400
    var rest = s % 86_400
    if rest < 0 {
      rest += 86_400
      days -= 1
    }
    let date = CivilDate(daysSince1970: days)
    // All that is written lies in these 20 bytes.
    let p = unsafe out.reserve(20)
    func put(_ n: Int, at i: Int) {
      unsafe p[i] = UInt8(truncatingIfNeeded: 48 &+ n / 10 % 10)
      unsafe p[i &+ 1] = UInt8(truncatingIfNeeded: 48 &+ n % 10)
    }
    put(date.year / 100, at: 0)
    put(date.year, at: 2)
    put(date.month, at: 5)
    put(date.day, at: 8)
    put(rest / 3600, at: 11)
    put(rest / 60 % 60, at: 14)
    put(rest % 60, at: 17)
    unsafe p[4] = 45
    unsafe p[7] = 45
    unsafe p[10] = 84
    unsafe p[13] = 58
    unsafe p[16] = 58
    unsafe p[19] = 90
    out.advance(by: 20)
  }
}

extension CivilDate: CustomStringConvertible {
  /// `2026-03-03`.
  public var description: String {
    let out = ByteBuffer(capacity: 16)
    append(to: out)
    return out.string
  }
}
