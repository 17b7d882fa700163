import Bytes
import CivilTime

/// The footer of a TZif file: a TZ string of POSIX, with the hours of RFC 9636 3.3.1.
struct POSIXRule: Sendable {
  struct Half: Sendable {
    var name = ""
    var offset = 0
    var nameIndex = 0
  }

  private enum Day: Sendable {
    /// 1–365, 29 February never counted.
    case withoutLeapDay(Int)
    /// 0–365.
    case ofYear(Int)
    /// Month, week (5 the last), weekday from Sunday 0.
    case weekday(Int, Int, Int)
  }

  private struct Change: Sendable {
    var day: Day
    var time: Int
  }

  var standard = Half()
  var daylight = Half()
  private var changes: (toDaylight: Change, toStandard: Change)?

  /// Reads the string, or gives nil.
  init?(_ text: ByteView) {
    var p = Parser(text)
    guard let name = p.name(), let offset = p.time(24) else { return nil }
    standard.name = name
    standard.offset = 0 &- offset
    if p.isAtEnd { return }
    guard let other = p.name() else { return nil }
    daylight.name = other
    daylight.offset = standard.offset &+ 3600
    if !p.isAtEnd, p.peek != UInt8(ascii: ",") {
      guard let offset = p.time(24) else { return nil }
      daylight.offset = 0 &- offset
    }
    guard p.skip(","), let start = p.change(), p.skip(","), let end = p.change(), p.isAtEnd
    else { return nil }
    changes = (start, end)
  }

  private struct Parser {
    let v: ByteView
    var i = 0

    init(_ v: ByteView) { self.v = v }

    var isAtEnd: Bool { i >= v.count }
    var peek: UInt8 { v[i] }

    mutating func skip(_ c: Unicode.Scalar) -> Bool {
      guard i < v.count, v[i] == UInt8(truncatingIfNeeded: c.value) else { return false }
      i &+= 1
      return true
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int? {
      let start = i
      while ASCII.isDigit(v[i]), i &- start < 4 { i &+= 1 }
      guard let n = ASCII.decimal(v.slice(start, i)), range.contains(n) else { return nil }
      return n
    }

    mutating func name() -> String? {
      let quoted = skip("<")
      let start = i
      while quoted
        ? ASCII.isAlphanumeric(v[i]) || v[i] == UInt8(ascii: "+") || v[i] == UInt8(ascii: "-")
        : ASCII.isLetter(v[i])
      { i &+= 1 }
      let name = v.slice(start, i)
      guard name.count >= 3, name.count <= 32, !quoted || skip(">") else { return nil }
      return name.string
    }

    /// `[+-]h[:m[:s]]` in seconds.
    mutating func time(_ hours: Int) -> Int? {
      let negative = skip("-")
      if !negative { _ = skip("+") }
      guard let h = number(0...hours) else { return nil }
      var total = h &* 3600
      if skip(":") {
        guard let m = number(0...59) else { return nil }
        total &+= m &* 60
        if skip(":") {
          guard let s = number(0...59) else { return nil }
          total &+= s
        }
      }
      return negative ? 0 &- total : total
    }

    mutating func change() -> Change? {
      let day: Day
      if skip("M") {
        guard let m = number(1...12), skip("."), let w = number(1...5), skip("."),
          let d = number(0...6)
        else { return nil }
        day = .weekday(m, w, d)
      } else if skip("J") {
        guard let n = number(1...365) else { return nil }
        day = .withoutLeapDay(n)
      } else {
        guard let n = number(0...365) else { return nil }
        day = .ofYear(n)
      }
      guard skip("/") else { return Change(day: day, time: 7200) }
      guard let t = time(167) else { return nil }
      return Change(day: day, time: t)
    }
  }

  /// Local midnight of the change's day plus its time, in seconds since 1970.
  private static func local(_ c: Change, _ year: Int) -> Int64 {
    let days: Int
    switch c.day {
    case .withoutLeapDay(let n):
      let newYear = CivilDate(year: year, month: 1, day: 1).daysSince1970
      days = newYear &+ n &- (CivilDate.isLeap(year) && n >= 60 ? 0 : 1)
    case .ofYear(let n):
      days = CivilDate(year: year, month: 1, day: 1).daysSince1970 &+ n
    case .weekday(let month, let week, let weekday):
      let first = CivilDate(year: year, month: month, day: 1).daysSince1970
      // Sunday is 0 here, Monday is 0 there.
      let from = Weekday(number: weekday &+ 6).days(after: Weekday(daysSince1970: first))
      let length = CivilDate.days(inMonth: month, of: year)
      var day = from &+ (week &- 1) &* 7
      if day >= length { day &-= 7 }
      days = first &+ day
    }
    return Int64(days) &* 86_400 &+ Int64(c.time)
  }

  private func segment(_ start: Int64, _ end: Int64, _ isDaylight: Bool) -> ZoneSegment {
    let half = isDaylight ? daylight : standard
    return ZoneSegment(
      start: start, end: end, offset: half.offset, isDaylight: isDaylight, name: half.nameIndex)
  }

  func segment(at instant: Int64) -> ZoneSegment {
    guard let changes else { return segment(.min, .max, false) }
    // Outside the years -1300 to 11400 nobody looks for daylight saving time.
    let last: Int64 = 300_000_000_000
    let first: Int64 = -103_000_000_000
    if instant >= last { return segment(last, .max, false) }
    if instant < first { return segment(.min, first, false) }
    let year = CivilDateTime(nominalSeconds: instant &+ Int64(standard.offset)).date.year
    var start = (at: first, isDaylight: false)
    var end = last
    // In time order: those of one year before those of the next, also where they coincide.
    for y in (year &- 1)...(year &+ 1) {
      let on = Self.local(changes.toDaylight, y) &- Int64(standard.offset)
      let off = Self.local(changes.toStandard, y) &- Int64(daylight.offset)
      let both = on < off ? [(on, true), (off, false)] : [(off, false), (on, true)]
      for (t, isDaylight) in both {
        if t <= instant {
          start = (max(t, first), isDaylight)
        } else if end == last || t < end {
          end = min(t, last)
        }
      }
    }
    return segment(start.at, end, start.isDaylight)
  }
}
