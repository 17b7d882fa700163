public import CivilTime

/// A DATE or DATE-TIME with the zone its TZID names (RFC 5545 3.3.4, 3.3.5).
public enum TimeValue: Sendable {
  /// A day.
  case date(CivilDate)
  /// The same time on the clock wherever one is.
  case floating(CivilDateTime)
  /// A local time in a zone.
  case zoned(CivilDateTime, Zone)
  /// An instant, in seconds since 1970.
  case utc(Int64)

  /// The value as read, in `zone` where it is a local time with a TZID (nil: floating).
  public init(_ value: DateTimeValue, zone: Zone?) {
    switch value {
    case .date(let d): self = .date(d)
    case .local(let t): self = zone.map { .zoned(t, $0) } ?? .floating(t)
    case .utc(let t): self = .utc(t.nominalSeconds)
    }
  }

  /// True for a DATE.
  public var isDate: Bool { if case .date = self { true } else { false } }

  /// What its own clock shows, midnight for a date.
  public var nominal: CivilDateTime {
    switch self {
    case .date(let d): CivilDateTime(d)
    case .floating(let t), .zoned(let t, _): t
    case .utc(let s): CivilDateTime(nominalSeconds: s)
    }
  }

  /// The zone of its clock; `localZone` for dates and floating times.
  public func zone(localZone: Zone) -> Zone {
    switch self {
    case .date, .floating: localZone
    case .zoned(_, let z): z
    case .utc: .utc
    }
  }

  /// The instant, with dates (midnight) and floating times read in `localZone`.
  public func instant(localZone: Zone) -> Int64 {
    switch self {
    case .utc(let s): s
    case .date(let d): localZone.instant(of: CivilDateTime(d))
    case .floating(let t): localZone.instant(of: t)
    case .zoned(let t, let z): z.instant(of: t)
    }
  }
}

/// How long each occurrence lasts.
public enum OccurrenceLength: Hashable, Sendable {
  /// No time at all; a DATE lasts its day (RFC 5545 3.6.1).
  case none
  /// So much on the clock of the series: what lies between DTSTART and DTEND. Over a change of
  /// daylight saving time the end keeps its time of day.
  case nominal(seconds: Int64)
  /// DURATION: days on the clock, then exact seconds (RFC 5545 3.3.6).
  case duration(CivilDuration)

  /// The length from DTSTART to DTEND on the clock of DTSTART; `localZone` is the zone of dates and
  /// floating times. An end before the start counts as the start.
  public init(start: TimeValue, end: TimeValue, localZone: Zone) {
    if start.isDate {
      let days = end.nominal.daysSince1970 &- start.nominal.daysSince1970
      self = .nominal(
        seconds: CivilDateTime(nominalSeconds: 0).adding(days: max(days, 0)).nominalSeconds)
      return
    }
    let zone = start.zone(localZone: localZone)
    let last: CivilDateTime
    switch end {
    case .date(let d): last = CivilDateTime(d)
    case .floating(let t): last = t
    case .zoned(let t, let z) where z === zone || z.id == zone.id: last = t
    case .zoned, .utc: last = zone.localTime(at: end.instant(localZone: localZone))
    }
    self = .nominal(seconds: max(last.seconds(since: start.nominal), 0))
  }
}

/// One occurrence of a series.
public struct Occurrence: Hashable, Sendable {
  /// When it begins by the clock of the series, as the rule says it: in a gap of the zone a time
  /// that the clock does not show. Midnight in series of dates.
  public var nominal: CivilDateTime
  /// When it begins, in UTC seconds since 1970; of a date its midnight in the local zone.
  public var start: Int64
  /// When it ends, never before it begins.
  public var end: Int64
  /// When it ends by the clock of the series; in series of dates the day after the last.
  public var nominalEnd: CivilDateTime
  /// True where it stands in RDATE.
  public var isFromDates: Bool
}
