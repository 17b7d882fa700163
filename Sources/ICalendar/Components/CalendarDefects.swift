/// What was not as RFC 5545 wants it in a component that could be read all the same.
public struct CalendarDefects: OptionSet, Sendable, Hashable {
  /// The bits.
  public let rawValue: UInt32
  /// From bits.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// A line that is no content line (no colon, no name) was left out.
  public static let lostLine = CalendarDefects(rawValue: 1)
  /// A line without a name was taken as the rest of the text before it.
  public static let joinedLine = CalendarDefects(rawValue: 2)
  /// A quoted parameter value without its closing quote.
  public static let unterminatedQuote = CalendarDefects(rawValue: 4)
  /// A colon in an unquoted parameter value.
  public static let colonInParameter = CalendarDefects(rawValue: 8)
  /// White space around a name, an empty parameter.
  public static let looseSyntax = CalendarDefects(rawValue: 16)
  /// An END without a BEGIN inside the component was passed over.
  public static let strayEnd = CalendarDefects(rawValue: 32)
  /// NUL bytes became U+FFFD.
  public static let nul = CalendarDefects(rawValue: 64)
  /// Text was not UTF-8 and was read as another charset.
  public static let otherCharset = CalendarDefects(rawValue: 128)
  /// Bytes that are no text in their charset became U+FFFD.
  public static let invalidText = CalendarDefects(rawValue: 256)
  /// The component stands outside of any VCALENDAR.
  public static let outsideCalendar = CalendarDefects(rawValue: 512)
  /// The VCALENDAR had no END, or not the right one.
  public static let unclosedCalendar = CalendarDefects(rawValue: 1024)
  /// More properties or bytes than are kept; the rest was left out.
  public static let tooManyProperties = CalendarDefects(rawValue: 2048)
  /// xCal or jCal: a member that is not of the RFC's form was left out.
  public static let strangeMember = CalendarDefects(rawValue: 4096)

  /// The names of the bits, in their order, as reports spell them.
  public static let names: [(CalendarDefects, StaticString)] = [
    (.lostLine, "ics-lost-line"), (.joinedLine, "ics-joined-line"),
    (.unterminatedQuote, "ics-unterminated-quote"),
    (.colonInParameter, "ics-colon-in-parameter"), (.looseSyntax, "ics-loose-syntax"),
    (.strayEnd, "ics-stray-end"), (.nul, "ics-nul"), (.otherCharset, "ics-other-charset"),
    (.invalidText, "ics-invalid-text"), (.outsideCalendar, "ics-outside-calendar"),
    (.unclosedCalendar, "ics-unclosed-calendar"),
    (.tooManyProperties, "ics-too-many-properties"),
    (.strangeMember, "ics-strange-member"),
  ]
}

/// Why a component could not be used.
public struct CalendarFault: Sendable, Hashable {
  /// What is wrong.
  public enum Kind: UInt8, Sendable, Hashable {
    /// The component is not closed: the file, the calendar ended or another component began.
    case missingEnd
    /// The END of an outer component came while an inner one was open.
    case wrongEnd
    /// Components nested deeper than ``CalendarLimits/depth``.
    case tooDeep
    /// More bytes than ``CalendarLimits/componentBytes``.
    case tooLarge
    /// More properties, parameters or components than ``CalendarLimits``.
    case tooManyProperties
    /// The whole text is no calendar in its format (xCal, jCal).
    case unreadable
  }

  /// What is wrong.
  public var kind: Kind
  /// The line where it was seen, from 1; 0 where lines are not known.
  public var line: Int
  /// The byte offset where it was seen, from 0; -1 where offsets are not known.
  public var offset: Int
  /// The component it is about: its name as written, at most 40 bytes of it.
  public var component: String
  /// More words, for xCal and jCal.
  public var detail: String

  /// The fault in a sentence, with line and byte.
  public var message: String {
    var places: [String] = []
    if line > 0 { places.append("line \(line)") }
    if offset >= 0 { places.append("byte \(offset)") }
    let place = places.joined(separator: ", ")
    let what =
      switch kind {
      case .missingEnd: "\(component) is not closed by END:\(component) (\(place))"
      case .wrongEnd: "END of an outer component while \(component) is open (\(place))"
      case .tooDeep: "components nested deeper than \(CalendarLimits.depth) (\(place))"
      case .tooLarge:
        "\(component) is larger than \(CalendarLimits.componentBytes >> 20) MiB (\(place))"
      case .tooManyProperties: "\(component) has too many properties (\(place))"
      case .unreadable: "not readable (\(place))"
      }
    return detail.isEmpty ? what : what + ": " + detail
  }
}

/// The limits of the readers, so that no file can take more than its share of memory.
public enum CalendarLimits {
  /// The largest component that is read, in bytes; a larger one is one refused item.
  public static let componentBytes = 64 << 20
  /// Components inside components, the outermost counted.
  public static let depth = 16
  /// Properties of a component, and parameters of all of them together.
  public static let properties = 1 << 20
  /// Components inside one component.
  public static let components = 1 << 17
  /// Bytes of a calendar's own properties, and the longest line outside of components.
  public static let calendarBytes = 1 << 20
  /// jCal, which is read in one piece, in bytes.
  public static let jCalBytes = 128 << 20
}
