/// A span of time in which a zone's clocks keep the same distance from UTC.
public struct ZoneSegment: Hashable, Sendable {
  /// The first second, in UTC seconds since 1970; `Int64.min` for "since ever".
  public var start: Int64
  /// The second after the last; `Int64.max` for "for ever". Neighbouring segments may be alike.
  public var end: Int64
  /// Seconds east of UTC, within ±93,599.
  public var offset: Int
  /// True while daylight saving time is in force.
  public var isDaylight: Bool
  /// Which of the zone's abbreviations is used.
  var name: Int
}

/// How a local time became an instant (RFC 5545 3.3.5).
public enum LocalTimeKind: Hashable, Sendable {
  /// The clock showed it once.
  case unique
  /// The clock was put forward over it; it was read with the offset before the gap, so it is later
  /// on the clock than it says.
  case gap
  /// The clock showed it twice; the first time is meant.
  case ambiguous
}

/// Why a VTIMEZONE or a file of the zone database cannot be used.
public enum ZoneError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A VTIMEZONE without STANDARD and DAYLIGHT parts.
  case noObservance
  /// An offset of a day or more.
  case offsetOutOfRange
  /// A rule that changes the clock more often than daily.
  case ruleTooFrequent
  /// More than ``VTimeZone/maximumParts`` observances and rules.
  case tooManyRules
  /// The rules give more changes in some years than any zone has; later ones are left out.
  case tooManyOnsets
  /// Not a TZif file, cut short, or contradictory.
  case malformedFile
  /// A TZif file that counts leap seconds, which no calendar does.
  case leapSeconds

  /// An English phrase.
  public var description: String {
    switch self {
    case .noObservance: "the time zone has no STANDARD or DAYLIGHT part"
    case .offsetOutOfRange: "the time zone has an offset of a day or more"
    case .ruleTooFrequent: "the time zone has a rule more frequent than DAILY"
    case .tooManyRules: "the time zone has more than \(VTimeZone.maximumParts) rules"
    case .tooManyOnsets: "the time zone's rules give too many changes"
    case .malformedFile: "not a valid TZif file"
    case .leapSeconds: "the TZif file counts leap seconds"
    }
  }
}
