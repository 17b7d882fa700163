public import Bytes

/// What a DATE or DATE-TIME value of iCalendar says (RFC 5545 3.3.4, 3.3.5), without the zone that
/// a TZID parameter may add.
public enum DateTimeValue: Hashable, Sendable {
  /// A day.
  case date(CivilDate)
  /// A local time; with a TZID it is in that zone, without one it is floating.
  case local(CivilDateTime)
  /// A time in UTC (form 2, with `Z`), as UTC's clock shows it.
  case utc(CivilDateTime)

  /// Reads a value, or gives nil. Beside the forms of the RFC it takes, each with a defect: blanks
  /// around it, lower-case letters, the dashes and colons of ISO 8601, a date with a `Z` (midnight
  /// in UTC), a time without seconds, 24:00:00, and second 60, which counts as 59 (RFC 5545
  /// 3.3.12). Dates that the calendar lacks and years outside 1–9999 are refused.
  public init?(_ text: ByteView, defects: inout ValueDefects) {
    let v = text.trimmed()
    var found: ValueDefects = v.count == text.count ? [] : .blanks
    var p = DigitReader(v)
    guard let year = p.number(4) else { return nil }
    let extended = p.skip(UInt8(ascii: "-"))
    guard let month = p.number(2), p.skip(UInt8(ascii: "-")) == extended, let day = p.number(2)
    else { return nil }
    if extended { found.insert(.extendedForm) }
    let date = CivilDate(year: year, month: month, day: day)
    guard date.isValid else { return nil }
    if p.isAtEnd {
      self = .date(date)
    } else if p.skipLetter(UInt8(ascii: "z"), &found) {
      guard p.isAtEnd else { return nil }
      found.insert(.dateWithZ)
      self = .utc(CivilDateTime(date))
    } else {
      if p.skip(ASCII.space) {
        found.insert(.extendedForm)
      } else if !p.skipLetter(UInt8(ascii: "t"), &found) {
        return nil
      }
      guard let time = p.time(&found) else { return nil }
      let moment = CivilDateTime(
        daysSince1970: date.daysSince1970, secondOfDay: time)
      guard moment.isValid else { return nil }
      self = p.skipLetter(UInt8(ascii: "z"), &found) ? .utc(moment) : .local(moment)
      guard p.isAtEnd else { return nil }
    }
    defects.formUnion(found)
  }

  /// The day named, on its own clock.
  public var date: CivilDate {
    switch self {
    case .date(let d): d
    case .local(let t), .utc(let t): t.date
    }
  }

  /// The time on its own clock, midnight for a date.
  public var nominal: CivilDateTime {
    switch self {
    case .date(let d): CivilDateTime(d)
    case .local(let t), .utc(let t): t
    }
  }

  /// Appends the basic form: `20260303`, `20260303T091500` or `20260303T091500Z`.
  public func append(to out: ByteBuffer) {
    switch self {
    case .date(let d): d.appendBasic(to: out)
    case .local(let t): t.appendBasic(to: out)
    case .utc(let t):
      t.appendBasic(to: out)
      out.append(UInt8(ascii: "Z"))
    }
  }
}

/// What was odd about a value that was understood all the same.
public struct ValueDefects: OptionSet, Hashable, Sendable {
  /// One bit a defect.
  public var rawValue: UInt16
  /// A set from its bits.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Blanks around the value.
  public static let blanks = ValueDefects(rawValue: 1)
  /// Lower-case letters where the RFC writes capitals.
  public static let lowerCase = ValueDefects(rawValue: 2)
  /// `2026-03-03T09:15:00` or `+01:00`: the extended form of ISO 8601.
  public static let extendedForm = ValueDefects(rawValue: 4)
  /// `20260303Z`, read as midnight in UTC.
  public static let dateWithZ = ValueDefects(rawValue: 8)
  /// A time without seconds.
  public static let noSeconds = ValueDefects(rawValue: 16)
  /// Second 60 (read as 59) or 24:00:00 (midnight of the next day).
  public static let overlongTime = ValueDefects(rawValue: 32)
  /// A duration whose parts stand in an order or mixture RFC 5545 3.3.6 does not have, or with a
  /// `T` that nothing follows.
  public static let durationForm = ValueDefects(rawValue: 64)
  /// A UTC offset without sign or with one digit of hours, or `-0000`, which RFC 5545 3.3.14 bars.
  public static let offsetForm = ValueDefects(rawValue: 128)
  /// A period that ends before it begins (read as of no length).
  public static let periodBackwards = ValueDefects(rawValue: 256)
}

/// Walks over digits and single marks; total.
struct DigitReader {
  let v: ByteView
  var i = 0

  init(_ v: ByteView) { self.v = v }

  var isAtEnd: Bool { i >= v.count }

  /// Exactly `count` digits, or nil.
  mutating func number(_ count: Int) -> Int? {
    guard let n = ASCII.decimal(v.slice(i, i &+ count)), i &+ count <= v.count else { return nil }
    i &+= count
    return n
  }

  mutating func skip(_ c: UInt8) -> Bool {
    guard i < v.count, v[i] == c else { return false }
    i &+= 1
    return true
  }

  /// A letter, given in lower case, in either case.
  mutating func skipLetter(_ c: UInt8, _ defects: inout ValueDefects) -> Bool {
    guard i < v.count, ASCII.lower(v[i]) == c else { return false }
    if v[i] == c { defects.insert(.lowerCase) }
    i &+= 1
    return true
  }

  /// Seconds since midnight, 0–86,400.
  mutating func time(_ defects: inout ValueDefects) -> Int? {
    guard let hour = number(2) else { return nil }
    let extended = skip(UInt8(ascii: ":"))
    guard let minute = number(2), minute < 60 else { return nil }
    var second = 0
    if extended ? skip(UInt8(ascii: ":")) : ASCII.isDigit(v[i]) {
      guard let s = number(2), s <= 60 else { return nil }
      second = s
    } else {
      defects.insert(.noSeconds)
    }
    if extended { defects.insert(.extendedForm) }
    if second == 60 {
      second = 59
      defects.insert(.overlongTime)
    }
    if hour == 24, minute == 0, second == 0 {
      defects.insert(.overlongTime)
      return 86_400
    }
    return hour < 24 ? hour &* 3600 &+ minute &* 60 &+ second : nil
  }
}
