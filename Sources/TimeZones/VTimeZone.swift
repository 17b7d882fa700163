public import CivilTime
public import Recurrence

/// A VTIMEZONE (RFC 5545 3.6.5) as plain values.
public struct VTimeZone: Sendable {
  /// A STANDARD or DAYLIGHT part: when the clocks are set, and from what to what.
  public struct Observance: Sendable {
    /// True for DAYLIGHT.
    public var isDaylight: Bool
    /// TZOFFSETFROM in seconds east of UTC.
    public var offsetFrom: Int
    /// TZOFFSETTO in seconds east of UTC.
    public var offsetTo: Int
    /// DTSTART, the first onset, on the clock before it.
    public var start: CivilDateTime
    /// RRULE; times as on the clock before the onset.
    public var rules: [RecurrenceRule]
    /// RDATE; those given in UTC have to be turned into local ones by `offsetFrom`.
    public var dates: [CivilDateTime]
    /// EXDATE.
    public var excluded: [CivilDateTime]
    /// TZNAME, or empty.
    public var name: String

    /// An observance from its parts.
    public init(
      isDaylight: Bool, offsetFrom: Int, offsetTo: Int, start: CivilDateTime,
      rules: [RecurrenceRule] = [], dates: [CivilDateTime] = [], excluded: [CivilDateTime] = [],
      name: String = ""
    ) {
      self.isDaylight = isDaylight
      self.offsetFrom = offsetFrom
      self.offsetTo = offsetTo
      self.start = start
      self.rules = rules
      self.dates = dates
      self.excluded = excluded
      self.name = name
    }
  }

  /// The parts in any order.
  public var observances: [Observance]

  /// A definition from its parts.
  public init(observances: [Observance] = []) { self.observances = observances }

  /// The most observances and rules, and separately the most single dates, that are accepted.
  public static let maximumParts = 200_000
}
