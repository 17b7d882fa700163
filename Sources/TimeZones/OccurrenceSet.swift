import CivilTime
public import Recurrence

/// The recurrence set of RFC 5545 3.8.5: DTSTART, RRULE, RDATE, less EXDATE (and EXRULE, which RFC
/// 2445 had).
///
/// Built once for a series, then asked for windows. Lists are sorted once. An occurrence is named
/// by its instant (in series of dates by its day); what comes twice is given once.
public struct OccurrenceSet: Sendable {
  /// An RDATE, with an end of its own where it is a PERIOD.
  public struct ExtraDate: Sendable {
    /// When it begins.
    public var start: TimeValue
    /// How long it lasts, where that is not the series' length.
    public var length: OccurrenceLength?

    /// An additional date.
    public init(_ start: TimeValue, length: OccurrenceLength? = nil) {
      self.start = start
      self.length = length
    }
  }

  /// DTSTART.
  public let start: TimeValue
  /// How long each occurrence lasts.
  public let length: OccurrenceLength
  /// The zone in which dates and floating times lie.
  public let localZone: Zone
  /// The zone of the series' clock.
  public let zone: Zone
  let rules: [RecurrenceRule]
  let exclusionRules: [RecurrenceRule]
  /// RDATE by instant.
  let extras: [Extra]
  /// EXDATE: instants, or midnights of days in series of dates.
  let excludedInstants: [Int64]
  /// EXDATE that names a whole day of a series with times.
  let excludedDays: [Int]
  var isDate: Bool { start.isDate }

  struct Extra: Sendable {
    var nominal: CivilDateTime
    var instant: Int64
    var length: OccurrenceLength?
  }

  /// A series from its properties. `localZone` is the zone of dates and floating times.
  public init(
    start: TimeValue, length: OccurrenceLength = .none, localZone: Zone,
    rules: [RecurrenceRule] = [], dates: [ExtraDate] = [], excluded: [TimeValue] = [],
    exclusionRules: [RecurrenceRule] = []
  ) {
    self.start = start
    self.length = length
    self.localZone = localZone
    self.rules = rules
    self.exclusionRules = exclusionRules
    let zone = start.zone(localZone: localZone)
    self.zone = zone
    let resolver = NameResolver(start: start, zone: zone, localZone: localZone)
    extras = dates.map { d in
      let (nominal, instant) = resolver.place(d.start)
      return Extra(nominal: nominal, instant: instant, length: d.length)
    }.sorted { $0.instant < $1.instant }
    var instants: [Int64] = []
    var days: [Int] = []
    for value in excluded {
      if value.isDate, !start.isDate {
        days.append(value.nominal.daysSince1970)
      } else {
        instants.append(resolver.key(value))
      }
    }
    excludedInstants = instants.sorted()
    excludedDays = days.sorted()
  }

  /// Whether a recurrence id names an occurrence.
  public enum Match: Hashable, Sendable {
    /// It names this one.
    case occurrence(Occurrence)
    /// It names one that EXDATE or EXRULE takes away.
    case excluded(Occurrence)
    /// The series has none there.
    case none
    /// The search was given up: the rules take more steps than allowed.
    case unknown
  }

  /// The occurrence that a RECURRENCE-ID of any type and in any zone names: by instant; by day
  /// where it is a DATE or the series is one of dates.
  public func occurrence(
    named id: TimeValue, steps: Int = RecurrenceIterator.defaultSteps
  ) -> Match {
    let resolver = NameResolver(start: start, zone: zone, localZone: localZone)
    let first: Int64
    var last: Int64
    if isDate || id.isDate {
      let day = isDate ? resolver.day(id) : id.nominal.daysSince1970
      first = zone.instant(of: CivilDateTime(daysSince1970: day))
      last =
        isDate ? first : zone.instant(of: CivilDateTime(daysSince1970: day, secondOfDay: 86_399))
    } else {
      first = resolver.key(id)
      last = first
    }
    last = max(first, last)
    var search = OccurrenceSearch(self, from: first, through: last, steps: steps)
    search.run()
    let day = isDate || id.isDate ? resolver.day(id) : nil
    guard
      let hit = search.found.first(where: { day == nil || $0.nominal.daysSince1970 == day })
    else { return search.stop == .tooManySteps ? .unknown : .none }
    return search.isExcluded(hit) ? .excluded(hit) : .occurrence(hit)
  }

  /// The occurrences that begin in `from...through` (UTC seconds since 1970), in order. For those
  /// that merely reach into a window ask from its beginning less their length.
  public func occurrences(
    from: Int64 = .min, through: Int64, steps: Int = RecurrenceIterator.defaultSteps
  ) -> Occurrences {
    var search = OccurrenceSearch(self, from: from, through: through, steps: steps)
    search.run()
    let excluding = search.hasExclusions
    let list = excluding ? search.found.filter { !search.isExcluded($0) } : search.found
    return Occurrences(
      list: list, isComplete: search.stop != .tooManySteps, startIsOnRule: search.startIsOnRule,
      stepsUsed: search.stepsUsed)
  }
}

extension TimeValue {
  /// The instant that names an occurrence of the series that begins at `start`, whatever zone and
  /// type this value has: a date in a series with times is that day at the series' time of day, a
  /// time in a series of dates its day (at its midnight), a floating time is on the series' clock.
  public func instant(inSeriesFrom start: TimeValue, localZone: Zone) -> Int64 {
    NameResolver(start: start, zone: start.zone(localZone: localZone), localZone: localZone)
      .place(self).1
  }
}

/// What a series has in a window.
public struct Occurrences: Sendable {
  /// In order, without doubles.
  public var list: [Occurrence]
  /// False where the rules took more steps than allowed; then some are missing at the end.
  public var isComplete: Bool
  /// False where there are rules and none of them gives DTSTART, which was added.
  public var startIsOnRule: Bool
  /// Steps the rules took, for a budget over many series.
  public var stepsUsed: Int
}

/// Reads dates and times of other kinds as names of occurrences of one series.
struct NameResolver {
  let start: TimeValue
  let zone: Zone
  let localZone: Zone

  /// The day a value means in a series of dates. `20260303T000000Z` is how many write that date, so
  /// midnight in UTC is that day; other instants are looked at in the local zone.
  func day(_ value: TimeValue) -> Int {
    guard case .utc(let s) = value, s % 86_400 != 0 else { return value.nominal.daysSince1970 }
    return localZone.localTime(at: s).daysSince1970
  }

  /// Where a value lies on the clock of the series, and when that is.
  func place(_ value: TimeValue) -> (CivilDateTime, Int64) {
    if start.isDate {
      let t = CivilDateTime(daysSince1970: day(value))
      return (t, localZone.instant(of: t))
    }
    switch value {
    case .date(let d):
      // A day of a series with times: at its time of day.
      let t = CivilDateTime(d).adding(seconds: Int64(start.nominal.secondOfDay))
      return (t, zone.instant(of: t))
    case .floating(let t): return (t, zone.instant(of: t))
    case .zoned(let t, let z) where z === zone: return (t, zone.instant(of: t))
    case .zoned, .utc:
      let s = value.instant(localZone: localZone)
      return (zone.localTime(at: s), s)
    }
  }

  /// What two names of the same occurrence have in common: the instant, or in series of dates the
  /// nominal midnight.
  func key(_ value: TimeValue) -> Int64 {
    start.isDate ? CivilDateTime(daysSince1970: day(value)).nominalSeconds : place(value).1
  }
}
