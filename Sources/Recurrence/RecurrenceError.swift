/// The parts of a recurrence rule (RFC 5545 3.3.10), and those of RFC 7529 that are refused.
public enum RulePart: UInt8, Hashable, Sendable, CaseIterable {
  case frequency, until, count, interval, bySecond, byMinute, byHour, byDay, byMonthDay, byYearDay
  case byWeekNumber, byMonth, bySetPosition, weekStart, calendarScale, skip

  /// The name as RFC 5545 and RFC 7529 write it.
  public var name: StaticString {
    switch self {
    case .frequency: "FREQ"
    case .until: "UNTIL"
    case .count: "COUNT"
    case .interval: "INTERVAL"
    case .bySecond: "BYSECOND"
    case .byMinute: "BYMINUTE"
    case .byHour: "BYHOUR"
    case .byDay: "BYDAY"
    case .byMonthDay: "BYMONTHDAY"
    case .byYearDay: "BYYEARDAY"
    case .byWeekNumber: "BYWEEKNO"
    case .byMonth: "BYMONTH"
    case .bySetPosition: "BYSETPOS"
    case .weekStart: "WKST"
    case .calendarScale: "RSCALE"
    case .skip: "SKIP"
    }
  }
}

/// Why a text is no recurrence rule, and where.
public struct RecurrenceError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  public enum Kind: Hashable, Sendable {
    /// FREQ is missing (it is required).
    case noFrequency
    /// A part that is not `NAME=VALUE`.
    case malformedPart
    /// A name that no RFC defines.
    case unknownPart
    /// A part that must not be given more than once.
    case repeatedPart
    /// A value that is not of the part's form.
    case badValue
    /// A number outside the part's range.
    case outOfRange
    /// UNTIL and COUNT in one rule.
    case untilAndCount
    /// The part must not be used with this frequency.
    case notWithThisFrequency
    /// BYDAY with numbers where the frequency, or BYWEEKNO beside it, bars them.
    case ordinalNotAllowed
    /// BYSETPOS without another BY part.
    case setPositionAlone
    /// A calendar scale other than the Gregorian of RFC 5545 (RFC 7529), which is not supported.
    case calendarScale
    /// More list elements than any part can have.
    case tooLong
  }

  /// What is wrong.
  public var kind: Kind
  /// The part it is wrong with, where that is known.
  public var part: RulePart?
  /// Byte offset in the rule's text.
  public var offset: Int

  /// An English sentence without anything from the text itself.
  public var description: String {
    let name = part.map { "\($0.name)" } ?? "part"
    let what =
      switch kind {
      case .noFrequency: "FREQ is missing"
      case .malformedPart: "not NAME=VALUE"
      case .unknownPart: "unknown rule part"
      case .repeatedPart: "\(name) is given more than once"
      case .badValue: "\(name) has no valid value"
      case .outOfRange: "\(name) is out of range"
      case .untilAndCount: "UNTIL and COUNT exclude each other"
      case .notWithThisFrequency: "\(name) is not allowed with this FREQ"
      case .ordinalNotAllowed: "BYDAY may have no number here"
      case .setPositionAlone: "BYSETPOS needs another BY part"
      case .calendarScale: "\(name): calendar scales of RFC 7529 are not supported"
      case .tooLong: "\(name) has too many values"
      }
    return "recurrence rule, byte \(offset): \(what)"
  }
}

/// What was odd about a rule that was understood all the same.
public struct RecurrenceDefects: OptionSet, Hashable, Sendable {
  /// One bit a defect.
  public var rawValue: UInt16
  /// A set from its bits.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Lower-case letters in names or values.
  public static let lowerCase = RecurrenceDefects(rawValue: 1)
  /// Blanks around names, values or list elements.
  public static let blanks = RecurrenceDefects(rawValue: 2)
  /// An empty part: `;;`, or `;` at either end.
  public static let emptyPart = RecurrenceDefects(rawValue: 4)
  /// An empty list or list element: `BYDAY=`, `BYDAY=MO,`; an empty list counts as absent.
  public static let emptyElement = RecurrenceDefects(rawValue: 8)
  /// UNTIL in a form the RFC does not have, such as `19971201Z`.
  public static let untilForm = RecurrenceDefects(rawValue: 16)
  /// An `X-` part (RFC 2445 had them), passed over.
  public static let experimentalPart = RecurrenceDefects(rawValue: 32)
  /// The `RRULE:` of the property in front of the value.
  public static let propertyName = RecurrenceDefects(rawValue: 64)
  /// A number with more digits or another sign than the grammar has: `BYHOUR=009`, `COUNT=+5`.
  public static let numberForm = RecurrenceDefects(rawValue: 128)
  /// `0MO` in BYDAY beside other days; there is no such day, so it is passed over.
  public static let zeroOrdinal = RecurrenceDefects(rawValue: 256)
}
