import Bytes

/// Values in the form of iCalendar (basic ISO 8601) and of xCal and jCal (extended form), RFC 6321
/// 3.6 and RFC 7265 3.6. Both ways are total: a value that is not of its type's form gives false
/// and appends nothing; it is then carried as `unknown`, as it stands.
enum ValueForms {
  /// Appends the extended form of a basic value.
  static func appendExtended(_ type: ValueType, _ v: ByteView, to out: ByteBuffer) -> Bool {
    switch type {
    case .date:
      guard v.count == 8, digits(v, 0, 8) else { return false }
      appendDate(v, to: out)
    case .dateTime:
      guard v.count == 15 || (v.count == 16 && v[15] == 90), v[8] == 84, digits(v, 0, 8),
        digits(v, 9, 15)
      else { return false }
      appendDate(v, to: out)
      out.append(84)
      appendTime(v.from(9), to: out)
      out.append(v.from(15))
    case .time:
      guard v.count == 6 || (v.count == 7 && v[6] == 90), digits(v, 0, 6) else { return false }
      appendTime(v, to: out)
      out.append(v.from(6))
    case .utcOffset:
      guard v[0] == 43 || v[0] == 45, v.count == 5 || v.count == 7, digits(v, 1, v.count) else {
        return false
      }
      out.append(v.prefix(3))
      out.append(58)
      out.append(v.slice(3, 5))
      if v.count == 7 {
        out.append(58)
        out.append(v.from(5))
      }
    default: out.append(v)
    }
    return true
  }

  /// Appends the basic form of an extended value.
  static func appendBasic(_ type: ValueType, _ v: ByteView, to out: ByteBuffer) {
    switch type {
    case .date, .dateTime, .time:
      for c in v.buffer where c != 45 && c != 58 { out.append(c) }
    case .utcOffset:
      for c in v.buffer where c != 58 { out.append(c) }
    default: out.append(v)
    }
  }

  private static func digits(_ v: ByteView, _ from: Int, _ to: Int) -> Bool {
    for i in from..<to where !ASCII.isDigit(v[i]) { return false }
    return true
  }

  private static func appendDate(_ v: ByteView, to out: ByteBuffer) {
    out.append(v.prefix(4))
    out.append(45)
    out.append(v.slice(4, 6))
    out.append(45)
    out.append(v.slice(6, 8))
  }

  private static func appendTime(_ v: ByteView, to out: ByteBuffer) {
    out.append(v.prefix(2))
    out.append(58)
    out.append(v.slice(2, 4))
    out.append(58)
    out.append(v.slice(4, 6))
  }

  /// True for a number as JSON writes it (RFC 8259 6), at most 18 digits and no exponent.
  static func isJSONNumber(_ v: ByteView, whole: Bool) -> Bool {
    var i = v[0] == 45 ? 1 : 0
    let first = i
    while ASCII.isDigit(v[i]) { i += 1 }
    guard i > first, i - first == 1 || v[first] != 48, v.count <= 18 else { return false }
    if !whole, v[i] == 46 {
      let point = i
      i += 1
      while ASCII.isDigit(v[i]) { i += 1 }
      guard i > point + 1 else { return false }
    }
    return i == v.count
  }

  /// Calls `body` with name and value of each part of a RECUR value; false when it is not made of
  /// such parts.
  static func forEachRecurPart(_ v: ByteView, _ body: (ByteView, ByteView) -> Void) -> Bool {
    var start = 0
    while start < v.count {
      let end = v.firstIndex(of: 59, from: start) ?? v.count
      let part = v.slice(start, end)
      start = end + 1
      if part.isEmpty { continue }
      guard let equals = part.firstIndex(of: 61), equals > 0 else { return false }
      for c in part.prefix(equals).buffer where !NameBytes.isName(c) { return false }
      body(part.prefix(equals), part.from(equals + 1))
    }
    return true
  }

  /// The start and the end or duration of a PERIOD, in extended form.
  static func appendPeriod(
    _ v: ByteView, start: ByteBuffer, end: ByteBuffer
  ) -> (isDuration: Bool, isGood: Bool) {
    guard let slash = v.firstIndex(of: 47) else { return (false, false) }
    let second = v.from(slash + 1)
    let isDuration =
      second[0] == 80 || ((second[0] == 43 || second[0] == 45) && second[1] == 80)
    guard appendExtended(.dateTime, v.prefix(slash), to: start) else { return (false, false) }
    if isDuration {
      end.append(second)
      return (true, true)
    }
    return (false, appendExtended(.dateTime, second, to: end))
  }

  /// True when every value of a property has its type's form, so that it can be carried as that.
  static func hasForm(_ type: ValueType, _ l: ContentLine, in c: CalendarComponent) -> Bool {
    let v = c.value(l)
    let scratch = ByteBuffer()
    let other = ByteBuffer()
    func all(_ test: (ByteView) -> Bool) -> Bool {
      guard l.name.isList else { return test(v) }
      for piece in TextValue.pieces(v) where !test(piece) { return false }
      return true
    }
    switch type {
    case .date, .dateTime, .time, .utcOffset:
      return all {
        scratch.removeAll()
        return appendExtended(type, $0, to: scratch)
      }
    case .integer: return all { isJSONNumber($0, whole: true) }
    case .float:
      if l.name == .geo {
        var n = 0
        for piece in TextValue.pieces(v, separator: 59) {
          guard isJSONNumber(piece, whole: false) else { return false }
          n += 1
        }
        return n == 2
      }
      return all { isJSONNumber($0, whole: false) }
    case .boolean: return v.equals("TRUE") || v.equals("FALSE")
    case .recur:
      var good = true
      let whole = forEachRecurPart(v) { key, value in
        guard key.equalsIgnoringCase("UNTIL") else { return }
        scratch.removeAll()
        good =
          appendExtended(.dateTime, value, to: scratch)
          || appendExtended(.date, value, to: scratch)
      }
      return whole && good
    case .period:
      return all {
        scratch.removeAll()
        other.removeAll()
        return appendPeriod($0, start: scratch, end: other).isGood
      }
    default: return true
    }
  }

  /// The type under which xCal and jCal carry a property: its own, or `unknown` where the value has
  /// not that type's form.
  static func carriedType(_ l: ContentLine, in c: CalendarComponent) -> ValueType {
    let type = c.valueType(l)
    return hasForm(type, l, in: c) ? type : .unknown
  }

  /// Whether a parameter goes along: VALUE is said by the type (and only kept beside `unknown`),
  /// the ENCODING of binary values is always the same.
  static func carriesParameter(
    _ name: ByteView, type: ValueType, l: ContentLine, in c: CalendarComponent
  ) -> Bool {
    if name.equalsIgnoringCase("VALUE") {
      return type == .unknown && !c.parameterValue("VALUE", of: l).equalsIgnoringCase("UNKNOWN")
    }
    return type != .binary || !name.equalsIgnoringCase("ENCODING")
  }

  /// True for the parameters that hold lists (RFC 5545 3.2, RFC 7986 6).
  static func isListParameter(_ name: ByteView) -> Bool {
    name.equalsIgnoringCase("MEMBER") || name.equalsIgnoringCase("DELEGATED-TO")
      || name.equalsIgnoringCase("DELEGATED-FROM") || name.equalsIgnoringCase("FEATURE")
      || name.equalsIgnoringCase("DISPLAY")
  }

  /// A name that XML and JSON can carry: a letter, then letters, digits and `-`.
  static func isPlainName(_ v: ByteView) -> Bool {
    guard ASCII.isLetter(v[0]) else { return false }
    for c in v.buffer where !NameBytes.isName(c) { return false }
    return true
  }
}
