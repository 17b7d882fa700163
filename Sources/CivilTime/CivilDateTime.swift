public import Bytes

/// A nominal date and time of day to the second: what a clock on the wall shows, without a zone.
///
/// One number, so that comparing and adding is cheap; the parts are computed where they are asked
/// for. Nominal arithmetic knows no daylight saving time: every day has 86,400 seconds. Everything
/// is total; results beyond the number's range stop at its ends.
public struct CivilDateTime: Hashable, Comparable, Sendable {
  /// Seconds from 1970-01-01T00:00:00 as this clock would count them.
  public var nominalSeconds: Int64

  /// A moment by its seconds from 1970-01-01T00:00:00 on the same clock.
  @inlinable public init(nominalSeconds: Int64) { self.nominalSeconds = nominalSeconds }

  /// A date and a time of day, which are not checked: hour 25 is one o'clock of the next day.
  @inlinable
  public init(_ date: CivilDate, hour: Int = 0, minute: Int = 0, second: Int = 0) {
    self.init(
      daysSince1970: date.daysSince1970, secondOfDay: hour &* 3600 &+ minute &* 60 &+ second)
  }

  /// A day counted from 1970-01-01 and the seconds since its midnight.
  @inlinable
  public init(daysSince1970 days: Int, secondOfDay: Int = 0) {
    nominalSeconds = Int64(days) &* 86_400 &+ Int64(secondOfDay)
  }

  /// 0001-01-01T00:00:00, the first moment RFC 5545 can write and most tools can read.
  public static let first = CivilDateTime(CivilDate(year: 1, month: 1, day: 1))
  /// 9999-12-31T23:59:59, the last moment RFC 5545 can write.
  public static let last = CivilDateTime(
    CivilDate(year: 9999, month: 12, day: 31), hour: 23, minute: 59, second: 59)

  /// Calendar order.
  @inlinable
  public static func < (a: CivilDateTime, b: CivilDateTime) -> Bool {
    a.nominalSeconds < b.nominalSeconds
  }

  /// The day, counted from 1970-01-01.
  @inlinable
  public var daysSince1970: Int {
    let q = nominalSeconds / 86_400
    return Int(nominalSeconds % 86_400 < 0 ? q &- 1 : q)
  }

  /// Seconds since midnight, 0–86,399.
  @inlinable
  public var secondOfDay: Int {
    let r = Int(nominalSeconds % 86_400)
    return r < 0 ? r &+ 86_400 : r
  }

  /// The date.
  @inlinable public var date: CivilDate { CivilDate(daysSince1970: daysSince1970) }
  /// The hour, 0–23.
  @inlinable public var hour: Int { secondOfDay / 3600 }
  /// The minute, 0–59.
  @inlinable public var minute: Int { secondOfDay / 60 % 60 }
  /// The second, 0–59.
  @inlinable public var second: Int { secondOfDay % 60 }
  /// The weekday.
  @inlinable public var weekday: Weekday { Weekday(daysSince1970: daysSince1970) }
  /// Midnight of the same day.
  @inlinable
  public var startOfDay: CivilDateTime { CivilDateTime(daysSince1970: daysSince1970) }
  /// True in the years 1–9999.
  public var isValid: Bool { self >= .first && self <= .last }

  /// The moment a number of seconds later (or earlier); stops at the ends of the number's range.
  @inlinable
  public func adding(seconds: Int64) -> CivilDateTime {
    let (sum, overflow) = nominalSeconds.addingReportingOverflow(seconds)
    return CivilDateTime(nominalSeconds: overflow ? (seconds < 0 ? .min : .max) : sum)
  }

  /// The same time of day a number of days later (or earlier).
  @inlinable
  public func adding(days: Int) -> CivilDateTime {
    let (s, overflow) = Int64(days).multipliedReportingOverflow(by: 86_400)
    return adding(seconds: overflow ? (days < 0 ? .min : .max) : s)
  }

  /// Seconds from `other` to this moment on the same clock.
  @inlinable
  public func seconds(since other: CivilDateTime) -> Int64 {
    let (d, overflow) = nominalSeconds.subtractingReportingOverflow(other.nominalSeconds)
    return overflow ? (self < other ? .min : .max) : d
  }

  /// Appends the basic form of RFC 5545 3.3.5: `20260303T091500`; of years outside 0–9999 the
  /// nearest moment inside.
  public func appendBasic(to out: ByteBuffer) {
    let t = min(max(self, CivilDateTime(CivilDate(year: 0, month: 1, day: 1))), .last)
    t.date.appendBasic(to: out)
    out.append(UInt8(ascii: "T"))
    out.append(decimal: t.hour, width: 2)
    out.append(decimal: t.minute, width: 2)
    out.append(decimal: t.second, width: 2)
  }
}

extension CivilDate {
  /// Appends the basic form of RFC 5545 3.3.4: `20260303`.
  public func appendBasic(to out: ByteBuffer) {
    out.append(decimal: year, width: 4)
    out.append(decimal: month, width: 2)
    out.append(decimal: day, width: 2)
  }
}
