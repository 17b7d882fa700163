public import Bytes
import CivilTime

extension RecurrenceRule {
  /// Reads a RECUR value. What real exports do is taken and noted in `defects`; what RFC 5545
  /// forbids is thrown, naming the part and the place.
  public init(
    parsing text: ByteView, defects: inout RecurrenceDefects
  ) throws(RecurrenceError) {
    var parser = RecurrenceParser(text)
    self = try parser.parse()
    defects.formUnion(parser.defects)
  }
}

/// One pass over the parts, then the checks that need them all.
struct RecurrenceParser {
  private let text: ByteView
  private var rule = RecurrenceRule(.yearly)
  private var seen: UInt32 = 0
  private var offsets = [Int](repeating: 0, count: RulePart.allCases.count)
  private(set) var defects: RecurrenceDefects = []

  init(_ text: ByteView) { self.text = text }

  mutating func parse() throws(RecurrenceError) -> RecurrenceRule {
    var start = 0
    while ASCII.isSpace(text[start]) { start += 1 }
    if text.from(start).hasPrefixIgnoringCase("RRULE:") {
      defects.insert(.propertyName)
      start += 6
    }
    while start <= text.count {
      let end = text.firstIndex(of: UInt8(ascii: ";"), from: start) ?? text.count
      try part(start, end)
      start = end + 1
    }
    try check()
    return rule
  }

  /// A slice without blanks and its offset.
  private mutating func trimmed(_ start: Int, _ end: Int) -> (ByteView, Int) {
    let v = text.slice(start, end)
    let t = v.trimmed()
    if t.count != v.count { defects.insert(.blanks) }
    return unsafe (t, t.base - text.base)
  }

  private func fail(
    _ kind: RecurrenceError.Kind, _ part: RulePart?, _ offset: Int
  ) -> RecurrenceError {
    RecurrenceError(kind: kind, part: part, offset: offset)
  }

  private mutating func part(_ start: Int, _ end: Int) throws(RecurrenceError) {
    guard text.slice(start, end).trimmed().count > 0 else {
      defects.insert(.emptyPart)
      return
    }
    guard let equals = text.firstIndex(of: UInt8(ascii: "="), from: start, to: end) else {
      throw fail(.malformedPart, nil, start)
    }
    let (name, offset) = trimmed(start, equals)
    if (0..<name.count).contains(where: { name[$0] &- 97 < 26 }) { defects.insert(.lowerCase) }
    guard let part = RulePart.allCases.first(where: { name.equalsIgnoringCase($0.name) }) else {
      guard name.hasPrefixIgnoringCase("X-") else { throw fail(.unknownPart, nil, offset) }
      defects.insert(.experimentalPart)
      return
    }
    let bit = UInt32(1) << UInt32(part.rawValue)
    guard seen & bit == 0 else { throw fail(.repeatedPart, part, offset) }
    seen |= bit
    offsets[Int(part.rawValue)] = offset
    try value(of: part, equals + 1, end)
  }

  private mutating func value(
    of part: RulePart, _ start: Int, _ end: Int
  ) throws(RecurrenceError) {
    switch part {
    case .frequency:
      let (v, at) = trimmed(start, end)
      guard let f = Frequency.allCases.first(where: { v.equalsIgnoringCase($0.name) }) else {
        throw fail(.badValue, part, at)
      }
      if v[0] &- 97 < 26 { defects.insert(.lowerCase) }
      rule.frequency = f
    case .until:
      let (v, at) = trimmed(start, end)
      var form: ValueDefects = []
      guard let until = DateTimeValue(v, defects: &form) else { throw fail(.badValue, part, at) }
      if !form.isEmpty { defects.insert(.untilForm) }
      rule.until = until
    case .count: rule.count = try number(part, start, end, 1...Int.max, signed: false)
    case .interval: rule.interval = try number(part, start, end, 1...Int.max, signed: false)
    case .weekStart:
      let (v, at) = trimmed(start, end)
      guard let d = Weekday(code: v) else { throw fail(.badValue, part, at) }
      if v[0] &- 97 < 26 { defects.insert(.lowerCase) }
      rule.weekStart = d
    case .bySecond: rule.bySecond = try list(part, start, end, 0...60, signed: false)
    case .byMinute: rule.byMinute = try list(part, start, end, 0...59, signed: false)
    case .byHour: rule.byHour = try list(part, start, end, 0...23, signed: false)
    case .byMonthDay: rule.byMonthDay = try list(part, start, end, 1...31, signed: true)
    case .byYearDay: rule.byYearDay = try list(part, start, end, 1...366, signed: true)
    case .byWeekNumber: rule.byWeekNumber = try list(part, start, end, 1...53, signed: true)
    case .byMonth: rule.byMonth = try list(part, start, end, 1...12, signed: false)
    case .bySetPosition: rule.bySetPosition = try list(part, start, end, 1...366, signed: true)
    case .byDay: try days(start, end)
    case .calendarScale, .skip: throw fail(.calendarScale, part, start)
    }
  }

  /// One number within ±`range` (only + where not signed).
  private mutating func number(
    _ part: RulePart, _ start: Int, _ end: Int, _ range: ClosedRange<Int>, signed: Bool
  ) throws(RecurrenceError) -> Int {
    let (v, at) = trimmed(start, end)
    let sign = v[0]
    let hasSign = sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+")
    var digits = hasSign ? v.from(1) : v
    if digits.count > 1, digits[0] == UInt8(ascii: "0") {
      if digits.count > 2 { defects.insert(.numberForm) }
      while digits.count > 1, digits[0] == UInt8(ascii: "0") { digits = digits.from(1) }
    }
    if hasSign, !signed {
      guard sign == UInt8(ascii: "+") else { throw fail(.badValue, part, at) }
      defects.insert(.numberForm)
    }
    var end = 0
    while ASCII.isDigit(digits[end]) { end += 1 }
    guard end == digits.count, end > 0 else { throw fail(.badValue, part, at) }
    guard let n = ASCII.decimal(digits), range.contains(n) else {
      throw fail(.outOfRange, part, at)
    }
    return sign == UInt8(ascii: "-") ? 0 &- n : n
  }

  /// Calls `body` with the bounds of each element between commas.
  private mutating func elements(
    _ part: RulePart, _ start: Int, _ end: Int,
    _ body: (inout RecurrenceParser, Int, Int) throws(RecurrenceError) -> Void
  ) throws(RecurrenceError) {
    var i = start
    var amount = 0
    while i <= end {
      let comma = text.firstIndex(of: UInt8(ascii: ","), from: i, to: end) ?? end
      if text.slice(i, comma).trimmed().isEmpty {
        defects.insert(.emptyElement)
      } else {
        amount += 1
        // The longest list with sense is BYDAY's: 7 weekdays with 107 ordinals each.
        if amount > 1000 { throw fail(.tooLong, part, i) }
        try body(&self, i, comma)
      }
      i = comma + 1
    }
  }

  private mutating func list(
    _ part: RulePart, _ start: Int, _ end: Int, _ range: ClosedRange<Int>, signed: Bool
  ) throws(RecurrenceError) -> [Int] {
    var out: [Int] = []
    try elements(part, start, end) { (p, s, e) throws(RecurrenceError) in
      out.append(try p.number(part, s, e, range, signed: signed))
    }
    return sortedUnique(out)
  }

  private mutating func days(_ start: Int, _ end: Int) throws(RecurrenceError) {
    var out: [WeekdayOrdinal] = []
    var zeros = 0
    try elements(.byDay, start, end) { (p, s, e) throws(RecurrenceError) in
      let (v, at) = p.trimmed(s, e)
      guard let d = Weekday(code: v.from(v.count - 2)) else { throw p.fail(.badValue, .byDay, at) }
      if v[v.count - 1] &- 97 < 26 { p.defects.insert(.lowerCase) }
      let n =
        v.count == 2
        ? nil : try p.number(.byDay, at, at + v.count - 2, 0...53, signed: true)
      if n == 0 { zeros += 1 } else { out.append(WeekdayOrdinal(n ?? 0, d)) }
    }
    if zeros > 0 {
      guard !out.isEmpty else { throw fail(.outOfRange, .byDay, start) }
      defects.insert(.zeroOrdinal)
    }
    rule.byDay = sortedUnique(out)
  }

  private func sortedUnique<T: Comparable>(_ list: [T]) -> [T] {
    if list.count < 2 { return list }
    let s = list.sorted()
    var out: [T] = []
    for v in s where out.last != v { out.append(v) }
    return out
  }

  /// What RFC 5545 3.3.10 forbids across parts.
  private func check() throws(RecurrenceError) {
    func at(_ p: RulePart) -> Int { offsets[Int(p.rawValue)] }
    guard seen & 1 << UInt32(RulePart.frequency.rawValue) != 0 else {
      throw fail(.noFrequency, .frequency, text.count)
    }
    if rule.count != nil, rule.until != nil {
      throw fail(.untilAndCount, .until, at(.until))
    }
    let f = rule.frequency
    if !rule.byWeekNumber.isEmpty, f != .yearly {
      throw fail(.notWithThisFrequency, .byWeekNumber, at(.byWeekNumber))
    }
    if !rule.byYearDay.isEmpty, f == .daily || f == .weekly || f == .monthly {
      throw fail(.notWithThisFrequency, .byYearDay, at(.byYearDay))
    }
    if !rule.byMonthDay.isEmpty, f == .weekly {
      throw fail(.notWithThisFrequency, .byMonthDay, at(.byMonthDay))
    }
    if rule.byDay.contains(where: { $0.ordinal != 0 }),
      f < .monthly || (f == .yearly && !rule.byWeekNumber.isEmpty)
    {
      throw fail(.ordinalNotAllowed, .byDay, at(.byDay))
    }
    if !rule.bySetPosition.isEmpty, rule.byMonth.isEmpty, rule.byWeekNumber.isEmpty,
      rule.byYearDay.isEmpty, rule.byMonthDay.isEmpty, rule.byDay.isEmpty, rule.byHour.isEmpty,
      rule.byMinute.isEmpty, rule.bySecond.isEmpty
    {
      throw fail(.setPositionAlone, .bySetPosition, at(.bySetPosition))
    }
  }
}
