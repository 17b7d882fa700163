import Bytes

/// A point in time as a configuration or list writes it.
///
/// A time without an offset and a date (its first moment) are in the organisation's time zone,
/// which only the reader of zones can resolve; so the parts are kept.
public struct ConfigTime: Hashable, Sendable {
  /// Year 1970–2200.
  public var year: Int
  /// Month 1–12.
  public var month: Int
  /// Day 1–31, valid in its month.
  public var day: Int
  /// Second of the day, 0–86,399; nil for a date.
  public var second: Int?
  /// Minutes east of UTC; nil when the organisation's time zone is meant.
  public var offsetMinutes: Int?
  /// As it was written.
  public var text: String

  /// Seconds since 1970, UTC; nil when the organisation's time zone is needed to know.
  public var epochSeconds: Int64? {
    guard let offsetMinutes else { return nil }
    return localSeconds - Int64(offsetMinutes) * 60
  }

  /// Seconds from 1970-01-01 00:00 to this on a clock at its own place, without its offset.
  public var localSeconds: Int64 {
    // Days since 1970-03-01 shifted years, so that the leap day comes last.
    let y = month <= 2 ? year - 1 : year
    let m = (month + 9) % 12
    let days = 365 * y + y / 4 - y / 100 + y / 400 + (m * 306 + 5) / 10 + day - 1 - 719_468
    return Int64(days) * 86_400 + Int64(second ?? 0)
  }

  /// Reads `YYYY-MM-DD`, or that with `T` or a space and `hh:mm`, `hh:mm:ss` (fractions cut off),
  /// and `Z` or `±hh:mm` or nothing (RFC 3339); nil for everything else.
  public init?(_ written: String) {
    text = written
    let parsed: (Int, Int, Int, Int?, Int?)? = written.withByteView { v in
      Self.parse(v.trimmed())
    }
    guard let parsed else { return nil }
    (year, month, day, second, offsetMinutes) = parsed
  }

  private static func parse(_ v: ByteView) -> (Int, Int, Int, Int?, Int?)? {
    guard v[4] == 45, v[7] == 45, let y = ASCII.decimal(v.slice(0, 4)),
      let m = ASCII.decimal(v.slice(5, 7)), let d = ASCII.decimal(v.slice(8, 10)),
      v.slice(8, 10).count == 2, (1970...2200).contains(y), (1...12).contains(m), d >= 1
    else { return nil }
    let leap = y % 4 == 0 && (y % 100 != 0 || y % 400 == 0)
    let last = m == 2 ? (leap ? 29 : 28) : m == 4 || m == 6 || m == 9 || m == 11 ? 30 : 31
    guard d <= last else { return nil }
    if v.count == 10 { return (y, m, d, nil, nil) }
    guard v[10] | 0x20 == 116 || v[10] == 32, v[13] == 58, v.count >= 16,
      let hour = ASCII.decimal(v.slice(11, 13)), let minute = ASCII.decimal(v.slice(14, 16)),
      hour < 24, minute < 60
    else { return nil }
    var i = 16
    var seconds = 0
    if v[16] == 58 {
      guard let s = ASCII.decimal(v.slice(17, 19)), v.count >= 19, s <= 60 else { return nil }
      seconds = min(s, 59)
      i = 19
      if v[i] == 46 {
        i += 1
        guard ASCII.isDigit(v[i]) else { return nil }
        while ASCII.isDigit(v[i]) { i += 1 }
      }
    }
    let of = hour * 3600 + minute * 60 + seconds
    let rest = v.from(i)
    if rest.isEmpty { return (y, m, d, of, nil) }
    if rest.count == 1, rest[0] | 0x20 == 122 { return (y, m, d, of, 0) }
    guard rest.count == 6, rest[3] == 58, rest[0] == 43 || rest[0] == 45,
      let oh = ASCII.decimal(rest.slice(1, 3)), let om = ASCII.decimal(rest.slice(4, 6)),
      oh < 24, om < 60
    else { return nil }
    return (y, m, d, of, (oh * 60 + om) * (rest[0] == 45 ? -1 : 1))
  }
}
