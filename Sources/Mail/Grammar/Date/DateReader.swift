import Bytes
import CivilTime

/// Reads one date: cuts it into numbers, words and marks and gives each a meaning by its
/// neighbours, since no order and no separator can be relied on.
struct DateReader {
  enum Kind { case number, word, mark }
  struct Token {
    var kind: Kind
    /// White space or a comment stands before it.
    var spaced: Bool
    var start: Int
    var end: Int
  }

  private let v: ByteView
  private var i = 0
  private var comment = 0..<0
  private var flags: MailDate.Flags = []

  private var day: Int?
  private var month: Int?
  private var year: Int?
  private var yearDigits = 0
  private var hour: Int?
  private var minute = 0
  private var second = 0
  private var offset: Int?
  private var zoneSeen = false
  // Numbers before the meaning of the date is known: value, digits.
  private var numbers: (Int, Int, Int) = (0, 0, 0)
  private var digits: (Int, Int, Int) = (0, 0, 0)
  private var numberCount = 0
  private var monthPosition = 0
  private var separator: UInt8 = 0
  private var spelled: Int?
  private var isPM: Bool?

  init(_ value: ByteView) { v = value }

  mutating func read() -> MailDate? {
    var left = 48
    while left > 0, let t = next() {
      left -= 1
      guard take(t) else { return nil }
    }
    return result()
  }

  private mutating func next() -> Token? {
    let before = i
    while i < v.count {
      if ASCII.isSpace(v[i]) {
        i += 1
      } else if v[i] == UInt8(ascii: "(") {
        skipComment()
      } else {
        break
      }
    }
    guard i < v.count else { return nil }
    let start = i
    let c = v[i]
    var kind = Kind.mark
    i += 1
    if ASCII.isDigit(c) {
      kind = .number
      while ASCII.isDigit(v[i]) { i += 1 }
    } else if Self.isLetter(c) {
      kind = .word
      while Self.isLetter(v[i]) { i += 1 }
    }
    return Token(kind: kind, spaced: start > before || start == 0, start: start, end: i)
  }

  private static func isLetter(_ c: UInt8) -> Bool { ASCII.isLetter(c) || c >= 0x80 }

  private mutating func skipComment() {
    let start = i + 1
    var depth = 0
    while i < v.count {
      switch v[i] {
      case UInt8(ascii: "("): depth += 1
      case UInt8(ascii: ")"): depth -= 1
      case UInt8(ascii: "\\"): i += 1
      default: break
      }
      i += 1
      if depth == 0 { break }
    }
    comment = start..<max(start, i - 1)
  }

  private mutating func peek() -> Token? {
    let saved = i
    defer { i = saved }
    return next()
  }

  private func byte(_ t: Token) -> UInt8 { v[t.start] }

  // False: this can be no date.
  private mutating func take(_ t: Token) -> Bool {
    switch t.kind {
    case .word: return takeWord(v.slice(t.start, t.end))
    case .number: return takeNumber(t)
    case .mark:
      let c = byte(t)
      guard hour != nil, offset == nil, c == UInt8(ascii: "+") || c == UInt8(ascii: "-") else {
        return true
      }
      // `+-0500`: the sign next to the digits counts.
      if let n = peek(), n.kind == .number { return takeOffset(sign: c) }
      flags.insert(.foreignForm)
      return true
    }
  }

  private mutating func takeWord(_ w: ByteView) -> Bool {
    if hour != nil {
      if w.equalsIgnoringCase("am") || w.equalsIgnoringCase("pm") {
        isPM = ASCII.lower(w[0]) == UInt8(ascii: "p")
        flags.insert(.foreignForm)
        return true
      }
      if let spelled, offset == nil {
        if w.equalsIgnoringCase("daylight") { offset = spelled == 0 ? 0 : spelled + 60 }
        if w.equalsIgnoringCase("standard") { offset = spelled }
        if offset != nil { return true }
      }
      if offset == nil, month != nil || numberCount == 3 {
        if takeZoneName(w) { return true }
        spelled = DateNames.spelledZone(w)
        zoneSeen = zoneSeen || month != nil
      }
    }
    // A later month overrules one that stood first: `mar` is also mardi, martes, martedì.
    if let m = DateNames.month(w), month == nil || (monthPosition == 0 && numberCount <= 1) {
      monthPosition = numberCount
      month = m
      if DateNames.english(w) == nil { flags.insert(.foreignForm) }
    }
    return true
  }

  private mutating func takeZoneName(_ w: ByteView) -> Bool {
    if let minutes = DateNames.zone(w) {
      // `GMT+0200`, `UTC+2`: the name is only the origin.
      let isOrigin = minutes == 0 && w.count > 1
      if isOrigin, let n = peek(), n.kind == .mark, !n.spaced,
        byte(n) == UInt8(ascii: "+") || byte(n) == UInt8(ascii: "-")
      {
        flags.insert(.foreignForm)
        return true
      }
      offset = minutes
      return true
    }
    // RFC 5322 section 4.3: the military letters were used with both signs.
    if w.count == 1, ASCII.isLetter(w[0]) {
      offset = 0
      flags.insert(.zoneUnknown)
      return true
    }
    return false
  }

  private mutating func takeNumber(_ t: Token) -> Bool {
    let count = t.end - t.start
    // A number that no field of a date can hold is kept from overflowing.
    let n = count <= 9 ? ASCII.decimal(v.slice(t.start, t.end)) ?? 0 : Int(Int32.max)
    if hour == nil, let mark = peek(), mark.kind == .mark {
      let c = byte(mark)
      let isDotted = c == UInt8(ascii: ".") && month != nil && numberCount >= 2 && count <= 2
      if c == UInt8(ascii: ":") || isDotted { return takeTime(n, count, c) }
    }
    // RFC 733 wrote `2002 0726`.
    if hour == nil, month != nil, count == 4, numberCount == 2, digits.0 == 4 || digits.1 == 4 {
      hour = n / 100
      minute = n % 100
      flags.insert(.foreignForm)
      return true
    }
    if hour != nil, offset == nil, numberCount >= (month == nil ? 3 : 2) {
      // `12:31:00 0200`: a zone without its sign is east.
      zoneSeen = true
      if count == 4, n % 100 < 60 {
        offset = n / 100 * 60 + n % 100
        if n != 0 { flags.insert(.foreignForm) }
      }
      return true
    }
    switch numberCount {
    case 0: (numbers.0, digits.0) = (n, count)
    case 1: (numbers.1, digits.1) = (n, count)
    case 2: (numbers.2, digits.2) = (n, count)
    default: return true
    }
    numberCount += 1
    let c = v[t.end]
    if c == UInt8(ascii: "/") || c == UInt8(ascii: "-") || c == UInt8(ascii: ".") {
      separator = c
    }
    return true
  }

  // After the hour; takes `:mm`, `:ss` and a fraction.
  private mutating func takeTime(_ h: Int, _ count: Int, _ mark: UInt8) -> Bool {
    guard count <= 2 else { return false }
    hour = h
    var field = 0
    while field < 2 {
      let saved = i
      guard let m = next(), m.kind == .mark, byte(m) == mark, let t = next(), t.kind == .number,
        t.end - t.start <= 2
      else {
        i = saved
        break
      }
      let n = ASCII.decimal(v.slice(t.start, t.end)) ?? 99
      if field == 0 { minute = n } else { second = n }
      field += 1
    }
    if v[i] == UInt8(ascii: ".") || v[i] == UInt8(ascii: ","), ASCII.isDigit(v[i + 1]) {
      i += 1
      while ASCII.isDigit(v[i]) { i += 1 }
    }
    return field > 0
  }

  private mutating func takeOffset(sign: UInt8) -> Bool {
    guard let t = next() else { return true }
    var count = t.end - t.start
    var n = count <= 9 ? ASCII.decimal(v.slice(t.start, t.end)) ?? 0 : Int(Int32.max)
    zoneSeen = true
    if count <= 2 {
      n *= 100
      count = 4
      if let m = peek(), m.kind == .mark, byte(m) == UInt8(ascii: ":"), !m.spaced {
        _ = next()
        if let s = next(), s.kind == .number, s.end - s.start == 2 {
          n += ASCII.decimal(v.slice(s.start, s.end)) ?? 0
        }
      }
    } else if count == 3 {
      count = 4
    }
    let minutes = n / 100 * 60 + n % 100
    let isWest = sign == UInt8(ascii: "-") || v[t.start - 1] == UInt8(ascii: "-")
    // RFC 5322 section 3.3 bounds only the minutes of a zone: `-1600` is read as written, a day and
    // more is no zone.
    if count != 4 || n % 100 >= 60 || minutes >= 24 * 60 || (isWest && minutes == 0) {
      offset = 0
      flags.insert(.zoneUnknown)
    } else {
      offset = isWest ? -minutes : minutes
    }
    return true
  }

  private mutating func result() -> MailDate? {
    guard assignNumbers(), let day, let month, var year else { return nil }
    if yearDigits < 4 {
      guard yearDigits >= 2 else { return nil }
      flags.insert(.shortYear)
      year += yearDigits == 2 && year < 50 ? 2000 : 1900
    }
    let date = CivilDate(year: year, month: month, day: day)
    guard MailDate.years.contains(year), date.isValid else { return nil }
    if hour == nil { flags.insert(.timeMissing) }
    var h = hour ?? 0
    if let isPM {
      guard h >= 1, h <= 12 else { return nil }
      h = h % 12 + (isPM ? 12 : 0)
    }
    guard h < 24, minute < 60, second <= 60 else { return nil }
    if second == 60 {
      second = 59
      flags.insert(.leapSecond)
    }
    let minutes = zone()
    let local = date.daysSince1970 * 86_400 + h * 3600 + minute * 60 + second
    return MailDate(
      seconds: Int64(local - minutes * 60), zoneMinutes: Int16(minutes), flags: flags)
  }

  private mutating func zone() -> Int {
    if offset == nil, let named = DateNames.zone(v.slice(comment.lowerBound, comment.upperBound)) {
      offset = named
      flags.insert(.foreignForm)
    }
    guard let offset, abs(offset) < 24 * 60 else {
      flags.insert(zoneSeen ? .zoneUnknown : .zoneMissing)
      return 0
    }
    return offset
  }

  private mutating func assignNumbers() -> Bool {
    let (a, b, c) = numbers
    if month != nil {
      guard numberCount >= 2 else { return false }
      if digits.0 >= 3 {
        (year, yearDigits, day) = (a, digits.0, b)
        flags.insert(.foreignForm)
      } else {
        (day, year, yearDigits) = (a, b, digits.1)
        if monthPosition == 0 { flags.insert(.foreignForm) }
      }
      return yearDigits <= 4
    }
    guard numberCount == 3 else { return false }
    flags.insert(.foreignForm)
    if digits.0 == 4 {
      (year, yearDigits, month, day) = (a, 4, b, c)
      return true
    }
    guard digits.2 == 4 else { return false }
    (year, yearDigits) = (c, 4)
    if b > 12 {
      (month, day) = (a, b)
    } else {
      // Up to 12 both: with slashes Americans and Europeans mean different days.
      if a <= 12, a != b {
        guard separator != UInt8(ascii: "/") else { return false }
        flags.insert(.guessed)
      }
      (day, month) = (a, b)
    }
    return true
  }
}
