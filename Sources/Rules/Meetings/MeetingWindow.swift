/// The run's clock in the organisation's time zone. Zones are the caller's business: `local` tells
/// what a clock on the wall shows at an instant, in seconds since 1970-01-01T00:00:00 on that same
/// clock, and `instant` which instant such a time means.
public struct MeetingClock: Sendable {
  /// `--now`, seconds since 1970.
  public let now: Int64
  /// From an instant to the wall's time.
  public let local: @Sendable (Int64) -> Int64
  /// From the wall's time to an instant.
  public let instant: @Sendable (Int64) -> Int64

  /// A clock.
  public init(
    now: Int64, local: @escaping @Sendable (Int64) -> Int64,
    instant: @escaping @Sendable (Int64) -> Int64
  ) {
    self.now = now
    self.local = local
    self.instant = instant
  }

  /// Seconds since 1970 of a time in a configuration or list; of a date its first moment.
  public func seconds(of time: ConfigTime) -> Int64 {
    time.epochSeconds ?? instant(time.localSeconds)
  }

  /// The same time of day `months` calendar months later in the organisation's zone; where that
  /// month is too short, its last day (30 November and three months: 28 or 29 February).
  public func adding(months: Int, to start: Int64) -> Int64 {
    instant(Self.adding(months: months, toLocal: local(start)))
  }

  static func adding(months: Int, toLocal time: Int64) -> Int64 {
    // Far beyond any calendar's years, so that nothing below can overflow.
    let clamped = min(max(time, -(1 << 45)), 1 << 45)
    let day = clamped.dividedDown(by: 86_400)
    let (year, month, dayOfMonth) = date(daysSince1970: day)
    let wanted = year * 12 + (month - 1) + Int64(max(-120_000, min(months, 120_000)))
    let y = wanted.dividedDown(by: 12)
    let first = days(year: y, month: wanted - y * 12 + 1)
    let next = wanted + 1
    let nextYear = next.dividedDown(by: 12)
    let length = days(year: nextYear, month: next - nextYear * 12 + 1) - first
    return (first + min(dayOfMonth, length) - 1) * 86_400 + (clamped - day * 86_400)
  }

  // Days from 1970-01-01 to the first of a month. Years begin in March here, so that the leap day
  // is the last of its year.
  private static func days(year: Int64, month: Int64) -> Int64 {
    let y = month <= 2 ? year - 1 : year
    let fromMarch = (month + 9) % 12
    return 365 * y + y.dividedDown(by: 4) - y.dividedDown(by: 100) + y.dividedDown(by: 400)
      + (153 * fromMarch + 2) / 5 - 719_468
  }

  private static func date(daysSince1970 days: Int64) -> (Int64, Int64, Int64) {
    let z = days + 719_468
    let era = z.dividedDown(by: 146_097)
    let ofEra = z - era * 146_097
    let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
    let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let fromMarch = (5 * ofYear + 2) / 153
    let month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, ofYear - (153 * fromMarch + 2) / 5 + 1)
  }
}

extension Int64 {
  /// The quotient towards minus infinity, for a positive divisor.
  fileprivate func dividedDown(by divisor: Int64) -> Int64 {
    self >= 0 ? self / divisor : (self + 1) / divisor - 1
  }
}

/// One end of a span of time, and the setting that put it there.
public struct MeetingBound: Hashable, Sendable {
  /// Seconds since 1970.
  public var time: Int64
  /// The setting's path, or the option.
  public var rule: String
}

/// The span in which occurrences begin that are written, both ends included.
public struct MeetingWindow: Hashable, Sendable {
  /// Where `calendar.window` begins; nil while it is off.
  public var begin: MeetingBound?
  /// Where it ends; nil while it is off or has no end.
  public var end: MeetingBound?
  /// `--from`
  public var from: MeetingBound?
  /// `--to`
  public var to: MeetingBound?
  /// How far a series is expanded when nothing else ends it: 12 months after `--now`.
  public var horizon: Int64

  /// The later of the two beginnings; nil when it has none.
  public var first: MeetingBound? {
    guard let begin, let from else { return begin ?? from }
    return from.time > begin.time ? from : begin
  }
  /// The earlier of the two ends; nil when it has none.
  public var last: MeetingBound? {
    guard let end, let to else { return end ?? to }
    return to.time < end.time ? to : end
  }
  /// True when it can leave anything out.
  public var isBounded: Bool { first != nil || last != nil }
  /// The last second at which an occurrence of a series may begin.
  public var expansionEnd: Int64 { last?.time ?? horizon }
  /// True when a series that goes on after ``expansionEnd`` is to be named as cut.
  public var isCutAtHorizon: Bool { last == nil }

  /// True when an occurrence that begins then is inside.
  public func contains(_ start: Int64) -> Bool {
    if let first, start < first.time { return false }
    if let last, start > last.time { return false }
    return true
  }

  /// The setting that leaves out what begins then, or nil when nothing does.
  public func rule(leavingOut start: Int64) -> String? {
    if let first, start < first.time { return first.rule }
    if let last, start > last.time { return last.rule }
    return nil
  }
}
