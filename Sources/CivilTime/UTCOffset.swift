public import Bytes

/// UTC-OFFSET values (RFC 5545 3.3.14).
public enum UTCOffset {
  /// Seconds east of UTC, or nil. Taken with a defect: blanks, a colon, no sign, one digit of
  /// hours, hours only, and `-0000`. Hours above 23 are refused.
  public static func parse(_ text: ByteView, defects: inout ValueDefects) -> Int? {
    let v = text.trimmed()
    var found: ValueDefects = v.count == text.count ? [] : .blanks
    var p = DigitReader(v)
    let negative = p.skip(UInt8(ascii: "-"))
    if !negative, !p.skip(UInt8(ascii: "+")) { found.insert(.offsetForm) }
    var digits = 0
    while ASCII.isDigit(v[p.i &+ digits]) { digits &+= 1 }
    if digits % 2 == 1 { found.insert(.offsetForm) }
    guard let hour = p.number(digits % 2 == 1 ? 1 : 2), hour < 24 else { return nil }
    var rest = (minute: 0, second: 0)
    if p.isAtEnd {
      found.insert(.offsetForm)
    } else {
      let extended = p.skip(UInt8(ascii: ":"))
      guard let minute = p.number(2), minute < 60 else { return nil }
      rest.minute = minute
      if !p.isAtEnd {
        guard p.skip(UInt8(ascii: ":")) == extended, let s = p.number(2), s < 60, p.isAtEnd
        else { return nil }
        rest.second = s
      }
      if extended { found.insert(.extendedForm) }
    }
    let total = hour &* 3600 &+ rest.minute &* 60 &+ rest.second
    if negative, total == 0 { found.insert(.offsetForm) }
    defects.formUnion(found)
    return negative ? 0 &- total : total
  }

  /// Appends `+0100`, with seconds only where there are some; larger than a day is cut to 23:59:59.
  public static func append(_ seconds: Int, to out: ByteBuffer) {
    let n = min(Int(clamping: seconds.magnitude), 86_399)
    out.append(seconds < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+"))
    out.append(decimal: n / 3600, width: 2)
    out.append(decimal: n / 60 % 60, width: 2)
    if n % 60 != 0 { out.append(decimal: n % 60, width: 2) }
  }
}
