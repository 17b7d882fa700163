import Bytes
import CivilTime

// The fast path beside the correct one: nearly every Date field has the very form of RFC 5322
// section 3.3. Whatever has not goes to the full reader, which gives the same for these (a test
// holds both against each other).
extension MailDate {
  /// Reads `[Day, ]D Mon YYYY HH:MM:SS ±ZZZZ`, perhaps with a plain comment after it; nil when the
  /// value is anything else.
  static func parsePlain(_ v: ByteView) -> MailDate? {
    var i = skip(v, 0)
    if ASCII.isLetter(v[i]) {
      guard DateNames.english(v.slice(i, i + 3)) == 0, v[i + 3] == 44, ASCII.isSpace(v[i + 4])
      else { return nil }
      i = skip(v, i + 4)
    }
    var day = Int(v[i] &- 48)
    guard day < 10 else { return nil }
    i += 1
    if ASCII.isDigit(v[i]) {
      day = day * 10 + Int(v[i] &- 48)
      i += 1
    }
    guard ASCII.isSpace(v[i]) else { return nil }
    i = skip(v, i)
    guard let month = DateNames.english(v.slice(i, i + 3)), month > 0, ASCII.isSpace(v[i + 3])
    else { return nil }
    i = skip(v, i + 3)
    guard let century = two(v, i), let yearOfCentury = two(v, i + 2), ASCII.isSpace(v[i + 4])
    else { return nil }
    i = skip(v, i + 4)
    guard let hour = two(v, i), v[i + 2] == 58, let minute = two(v, i + 3), v[i + 5] == 58,
      let second = two(v, i + 6), ASCII.isSpace(v[i + 8])
    else { return nil }
    i = skip(v, i + 8)
    let sign = v[i]
    guard sign == 43 || sign == 45, let zoneHour = two(v, i + 1), let zoneMinute = two(v, i + 3),
      isEnd(v, i + 5)
    else { return nil }

    let date = CivilDate(year: century * 100 + yearOfCentury, month: month, day: day)
    guard years.contains(date.year), date.isValid, hour < 24, minute < 60, second <= 60 else {
      return nil
    }
    var flags: Flags = []
    if second == 60 { flags.insert(.leapSecond) }
    var zone = zoneHour * 60 + zoneMinute
    if zoneMinute >= 60 || zoneHour >= 24 || (zone == 0 && sign == 45) {
      flags.insert(.zoneUnknown)
      zone = 0
    }
    if sign == 45 { zone = -zone }
    let clock = hour * 3600 + minute * 60 + min(second, 59)
    return MailDate(
      seconds: Int64(date.daysSince1970 * 86_400 + clock - zone * 60),
      zoneMinutes: Int16(truncatingIfNeeded: zone), flags: flags)
  }

  @inline(__always)
  private static func skip(_ v: ByteView, _ start: Int) -> Int {
    var i = start
    while ASCII.isSpace(v[i]) { i &+= 1 }
    return i
  }

  @inline(__always)
  private static func two(_ v: ByteView, _ i: Int) -> Int? {
    let tens = v[i] &- 48
    let units = v[i + 1] &- 48
    return tens < 10 && units < 10 ? Int(tens) * 10 + Int(units) : nil
  }

  // Nothing follows but white space and one comment of letters, digits and spaces.
  private static func isEnd(_ v: ByteView, _ start: Int) -> Bool {
    var i = skip(v, start)
    if v[i] == 40 {
      i += 1
      while ASCII.isAlphanumeric(v[i]) || v[i] == 32 { i += 1 }
      guard v[i] == 41 else { return false }
      i = skip(v, i + 1)
    }
    return i >= v.count
  }
}
