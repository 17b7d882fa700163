public import Bytes

/// A DURATION (RFC 5545 3.3.6): days, which are nominal, and seconds, which are exact.
///
/// Over a change of daylight saving time `P1D` ends at the same time of day, `PT24H` 24 hours
/// later. Days are added first, then seconds. Both parts have the sign of the whole.
public struct CivilDuration: Hashable, Sendable {
  /// Nominal days; weeks count as seven.
  public var days: Int
  /// Exact seconds on top of the days.
  public var seconds: Int64

  /// A duration of so many days and seconds.
  @inlinable
  public init(days: Int = 0, seconds: Int64 = 0) {
    self.days = days
    self.seconds = seconds
  }

  /// The largest size of either part that is read: a little over 10,000 years.
  public static let limit: Int64 = 316_000_000_000

  /// Reads a value, or gives nil: not a duration, or a part too large. Taken with a defect: blanks,
  /// lower case, weeks beside other parts, parts out of order, hours without `T`, a `T` at the end.
  public init?(_ text: ByteView, defects: inout ValueDefects) {
    let v = text.trimmed()
    var found: ValueDefects = v.count == text.count ? [] : .blanks
    var p = DigitReader(v)
    let negative = p.skip(UInt8(ascii: "-"))
    if !negative { _ = p.skip(UInt8(ascii: "+")) }
    guard p.skipLetter(UInt8(ascii: "p"), &found) else { return nil }
    var reading = Reading()
    while !p.isAtEnd {
      guard reading.step(&p, &found) else { return nil }
    }
    guard reading.parts > 0, reading.days <= Self.limit / 86_400, reading.seconds <= Self.limit
    else { return nil }
    if reading.endsInT || (reading.hasWeeks && reading.parts > 1) { found.insert(.durationForm) }
    days = Int(negative ? 0 &- reading.days : reading.days)
    seconds = negative ? 0 &- reading.seconds : reading.seconds
    defects.formUnion(found)
  }

  private struct Reading {
    var days: Int64 = 0
    var seconds: Int64 = 0
    var parts = 0
    var hasWeeks = false
    var inTime = false
    var endsInT = false
    var rank = 0

    mutating func step(_ p: inout DigitReader, _ found: inout ValueDefects) -> Bool {
      if p.skipLetter(UInt8(ascii: "t"), &found) {
        if inTime { found.insert(.durationForm) }
        inTime = true
        endsInT = true
        return true
      }
      let start = p.i
      while ASCII.isDigit(p.v[p.i]) { p.i &+= 1 }
      // Twelve digits are more than `limit`; nothing below can overflow.
      guard p.i &- start <= 12, let n = ASCII.decimal(p.v.slice(start, p.i)) else { return false }
      let unit = ASCII.lower(p.v[p.i])
      if unit == p.v[p.i] { found.insert(.lowerCase) }
      p.i &+= 1
      let order: Int
      switch unit {
      case UInt8(ascii: "w"): (order, hasWeeks) = (1, true)
      case UInt8(ascii: "d"): order = 2
      case UInt8(ascii: "h"): order = 3
      case UInt8(ascii: "m"): order = 4
      case UInt8(ascii: "s"): order = 5
      default: return false
      }
      // Without its T an M could be months as well.
      if order == 4, !inTime { return false }
      if order <= rank || (order > 2) != inTime { found.insert(.durationForm) }
      (rank, endsInT) = (order, false)
      parts &+= 1
      switch order {
      case 1: days &+= Int64(n) &* 7
      case 2: days &+= Int64(n)
      case 3: seconds &+= Int64(n) &* 3600
      case 4: seconds &+= Int64(n) &* 60
      default: seconds &+= Int64(n)
      }
      return parts <= 16
    }
  }

  /// Appends the canonical form: `P1D`, `-PT15M`, `P1DT12H`, `P2W` where only whole weeks.
  public func append(to out: ByteBuffer) {
    let d = days.magnitude
    let s = seconds.magnitude
    if days < 0 || seconds < 0 { out.append(UInt8(ascii: "-")) }
    out.append(UInt8(ascii: "P"))
    if d > 0, s == 0, d % 7 == 0 {
      out.append(decimal: Int(clamping: d / 7))
      return out.append(UInt8(ascii: "W"))
    }
    if d > 0 {
      out.append(decimal: Int(clamping: d))
      out.append(UInt8(ascii: "D"))
      if s == 0 { return }
    }
    out.append(UInt8(ascii: "T"))
    let seconds = UInt8(ascii: "S")
    let parts = [
      (s / 3600, UInt8(ascii: "H")), (s / 60 % 60, UInt8(ascii: "M")), (s % 60, seconds),
    ]
    for (n, unit) in parts where n > 0 || (s == 0 && unit == seconds) {
      out.append(decimal: Int(clamping: n))
      out.append(unit)
    }
  }
}
