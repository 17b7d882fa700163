import CivilTime
import Import
import Rules
import TimeZones

/// A range of days in the organisation's time zone, both ends included (ES-11.1-dates).
struct LogRange: Equatable {
  /// From this second on; nil for the beginning.
  var from: Int64?
  /// Up to, not including, this second; nil for the end.
  var to: Int64?
  /// In words, for the person who asked.
  var words: String

  /// How far a custom range reaches back in the leadsquared profile, in days.
  static let customDays = 60

  /// Reads `today`, `yesterday`, `7d`, `30d` (today counts as one of them) or `FROM..TO`, where
  /// each end is a date, which means its whole day, or a time; an end left out is open.
  ///
  /// - Parameters:
  ///   - now: The present, seconds since 1970.
  ///   - isLimited: True where a custom range may reach back ``customDays`` days only.
  /// - Throws: ``RunError`` 64.
  init(_ text: String, now: Int64, zone name: String, isLimited: Bool) throws {
    let zone = TimePoint.zone(named: name)
    let today = zone.localTime(at: now).startOfDay
    func start(_ days: Int) -> Int64 { zone.instant(of: today.adding(days: days)) }
    switch text {
    case "today": self.init(from: start(0), to: start(1), words: "today")
    case "yesterday": self.init(from: start(-1), to: start(0), words: "yesterday")
    case "7d": self.init(from: start(-6), to: start(1), words: "the last 7 days")
    case "30d": self.init(from: start(-29), to: start(1), words: "the last 30 days")
    default:
      let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      // Fractions of a second have points, too, so the two dots are looked for, not split at.
      guard let dots = Self.dots(text), parts.count >= 3 else { throw Self.unknown(text) }
      let ends = (String(text[..<dots]), String(text[dots...].dropFirst(2)))
      let from = try Self.end(ends.0, text)
      let to = try Self.end(ends.1, text)
      guard from != nil || to != nil else { throw Self.unknown(text) }
      self.init(
        from: from?.start(zone: name), to: to.map { $0.end(zone: name) + 1 },
        words: "\(from?.text ?? "the beginning") to \(to?.text ?? "now")")
      if let a = self.from, let b = self.to, a >= b {
        throw RunError(
          .usage, "--range \(Plain.line(text)): ends before it begins; write the earlier end first")
      }
      if isLimited { try checkLimit(text, oldest: start(-Self.customDays), until: start(1)) }
    }
  }

  private init(from: Int64?, to: Int64?, words: String) {
    self.from = from
    self.to = to
    self.words = words
  }

  private func checkLimit(_ text: String, oldest: Int64, until: Int64) throws {
    let span = (to ?? until) - (from ?? .min / 2)
    guard let from, from >= oldest, span <= until - oldest else {
      throw RunError(
        .usage,
        "--range \(Plain.line(text)): in the leadsquared profile a custom range reaches back and spans at most \(Self.customDays) days; begin it later, or set another profile"
      )
    }
  }

  private static func dots(_ text: String) -> String.Index? {
    var i = text.utf8.startIndex
    while i < text.utf8.endIndex {
      let next = text.utf8.index(after: i)
      if text.utf8[i] == 46, next < text.utf8.endIndex, text.utf8[next] == 46 { return i }
      i = next
    }
    return nil
  }

  private static func end(_ text: String, _ whole: String) throws -> TimePoint? {
    if text.isEmpty { return nil }
    guard let point = TimePoint(text) else { throw unknown(whole) }
    return point
  }

  private static func unknown(_ text: String) -> RunError {
    RunError(
      .usage,
      "--range \(Plain.line(text)): expected today, yesterday, 7d, 30d or FROM..TO with dates or RFC 3339 times, like 2026-02-01..2026-02-28"
    )
  }
}
