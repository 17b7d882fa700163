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
    // ` Mon YYYY HH:MM:SS ±ZZZZ`, one space between two words.
    guard i >= 0, i <= v.count - 24, isEnd(v, i + 24) else { return nil }
    let p = v.base + i
    let sign = p[19]
    guard p[0] == 32, p[4] == 32, p[9] == 32, p[12] == 58, p[15] == 58, p[18] == 32,
      sign == 43 || sign == 45, let month = DateNames.english(p[1], p[2], p[3]), month > 0,
      let century = two(p + 5), let yearOfCentury = two(p + 7), let hour = two(p + 10),
      let minute = two(p + 13), let second = two(p + 16), let zoneHour = two(p + 20),
      let zoneMinute = two(p + 22)
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
  private static func two(_ p: UnsafePointer<UInt8>) -> Int? {
    let tens = p[0] &- 48
    let units = p[1] &- 48
    return tens < 10 && units < 10 ? Int(tens) &* 10 &+ Int(units) : nil
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
