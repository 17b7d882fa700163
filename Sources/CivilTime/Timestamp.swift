internal import Bytes

/// An instant, to the second, shown and read as RFC 3339 in UTC.
///
/// ```swift
/// let talk = Timestamp(year: 2026, month: 3, day: 24, hour: 8)
/// print(talk)                                               // 2026-03-24T08:00:00Z
/// print(talk.secondsSince1970)                              // 1774339200
/// print(talk == Timestamp("2026-03-24T09:00:00+01:00"))     // true
/// ```
public struct Timestamp: Hashable, Comparable, Sendable {
  /// Seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
  public var secondsSince1970: Int64

  /// An instant.
  public init(secondsSince1970 seconds: Int64) { secondsSince1970 = seconds }

  /// An instant in UTC. What is outside the calendar is clamped: the 30th of February is its last day.
  public init(
    year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0
  ) {
    let month = min(max(month, 1), 12)
    let last = CivilDate.days(inMonth: month, of: year)
    let date = CivilDate(year: year, month: month, day: min(max(day, 1), last))
    let time = CivilDateTime(
      date, hour: min(max(hour, 0), 23), minute: min(max(minute, 0), 59),
      second: min(max(second, 0), 59))
    self.init(secondsSince1970: time.nominalSeconds)
  }

  /// Earlier comes first.
  public static func < (a: Timestamp, b: Timestamp) -> Bool {
    a.secondsSince1970 < b.secondsSince1970
  }

  /// The day in UTC.
  public var date: CivilDate {
    CivilDateTime(nominalSeconds: secondsSince1970).date
  }
}

extension Timestamp: LosslessStringConvertible {
  /// `2026-03-24T08:00:00Z`; instants outside the years 0 to 9999 show the nearest one inside.
  public var description: String {
    let out = ByteBuffer(capacity: 32)
    CivilDate.append(utcSeconds: secondsSince1970, to: out)
    return out.string
  }

  /// A date and time of RFC 3339 section 5.6 with `Z` or an offset, fractions of seconds dropped, or
  /// a day alone, which is its midnight in UTC; nil for anything else.
  public init?(_ description: String) {
    let text = Array(description.utf8)
    guard text.count >= 10, let date = Self.date(text[..<10]) else { return nil }
    let days = Int64(date.daysSince1970) * 86_400
    if text.count == 10 {
      self.init(secondsSince1970: days)
      return
    }
    guard text.count >= 20, text[10] == 84 || text[10] == 116 || text[10] == 32,
      let time = Self.clock(text[11..<16]), text[16] == 58,
      let second = Self.number(text[17..<19]), second <= 60
    else { return nil }
    var rest = text[19...]
    if rest.first == 46 {
      let digits = rest.dropFirst().prefix { (48...57).contains($0) }
      if digits.isEmpty { return nil }
      rest = rest.dropFirst(1 + digits.count)
    }
    guard let offset = Self.offset(rest) else { return nil }
    self.init(secondsSince1970: days + Int64(time * 60 + second - offset * 60))
  }

  // full-date = date-fullyear "-" date-month "-" date-mday
  private static func date(_ text: ArraySlice<UInt8>) -> CivilDate? {
    let i = text.startIndex
    guard text[i + 4] == 45, text[i + 7] == 45, let year = number(text[i..<(i + 4)]),
      let month = number(text[(i + 5)..<(i + 7)]), let day = number(text[(i + 8)..<(i + 10)])
    else { return nil }
    let date = CivilDate(year: year, month: month, day: day)
    return (1...12).contains(month) && day >= 1 && day <= CivilDate.days(inMonth: month, of: year)
      ? date : nil
  }

  // time-hour ":" time-minute, as minutes
  private static func clock(_ text: ArraySlice<UInt8>) -> Int? {
    let i = text.startIndex
    guard text.count == 5, text[i + 2] == 58, let hour = number(text[i..<(i + 2)]), hour < 24,
      let minute = number(text[(i + 3)...]), minute < 60
    else { return nil }
    return hour * 60 + minute
  }

  // time-offset = "Z" / ("+" / "-") time-hour ":" time-minute, as minutes
  private static func offset(_ text: ArraySlice<UInt8>) -> Int? {
    if text.count == 1, text.first == 90 || text.first == 122 { return 0 }
    guard let sign = text.first, sign == 43 || sign == 45, let minutes = clock(text.dropFirst())
    else { return nil }
    return sign == 45 ? -minutes : minutes
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    var n = 0
    for d in digits {
      guard (48...57).contains(d) else { return nil }
      n = n * 10 + Int(d - 48)
    }
    return n
  }
}

extension Timestamp: Codable {
  /// From the text that ``description`` gives.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let time = Timestamp(text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "no date and time as RFC 3339 has it: \(text)")
    }
    self = time
  }

  /// As the text that ``description`` gives.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
