public import Bytes
import Glibc
public import Text

/// The formats that a calendar may have, told by content.
public enum CalendarFormat: Sendable {
  /// RFC 5545, also a bare VEVENT or VTIMEZONE, and vCalendar 1.0.
  case iCalendar
  /// RFC 6321.
  case xCal
  /// RFC 7265.
  case jCal
  /// RFC 6350: people, not meetings.
  case vCard
  /// None of them.
  case unknown

  /// How many of the first bytes are enough to tell.
  public static let headLength = 64 << 10

  /// The format of a text that begins with `head`, whatever its file is called. Something else may
  /// stand before the first BEGIN of iCalendar, within ``headLength``.
  public init(head: ByteView) {
    var text = head.prefix(Self.headLength)
    let decoded = ByteBuffer(capacity: 16)
    if let form = WideInput.Form(text) {
      let source = WideInput(
        NoInput(), form: form, head: text.from(form.mark).prefix(32 << 10))
      let n = source.read(into: decoded.reserve(128 << 10), capacity: 128 << 10)
      decoded.advance(by: n)
      text = decoded.view
    }
    if text.hasPrefix("\u{FEFF}") { text = text.from(3) }
    while text.count > 0, ASCII.isSpace(text[0]) { text = text.from(1) }
    switch text[0] {
    case 60: self = Self.xml(text)
    case 91: self = Self.json(text)
    default: self = Self.lines(text)
    }
  }

  private final class NoInput: CalendarInput {
    var errorNumber: Int32 { 0 }
    func read(into destination: UnsafeMutablePointer<UInt8>, capacity: Int) -> Int { 0 }
  }

  private static func xml(_ text: ByteView) -> CalendarFormat {
    if text.firstRange(of: ByteView("urn:ietf:params:xml:ns:icalendar-2.0")) != nil {
      return .xCal
    }
    if text.firstRange(of: ByteView("urn:ietf:params:xml:ns:vcard-4.0")) != nil { return .vCard }
    for root in ["<icalendar>", "<icalendar ", "<vcalendar>"] as [StaticString]
    where text.firstRange(of: ByteView(root)) != nil { return .xCal }
    // Something else that has come before, such as a page that says "not found".
    return .unknown
  }

  private static func json(_ text: ByteView) -> CalendarFormat {
    var i = 0
    while text[i] == 91 || ASCII.isSpace(text[i]) { i += 1 }
    guard text[i] == 34, let end = text.firstIndex(of: 34, from: i + 1) else { return .unknown }
    let word = text.slice(i + 1, end)
    if word.equalsIgnoringCase("vcard") { return .vCard }
    let kind = ComponentKind(word)
    return kind.isTopLevelOnly ? .jCal : .unknown
  }

  private static func lines(_ text: ByteView) -> CalendarFormat {
    var start = 0
    while let colon = text.firstIndex(of: 58, from: start) {
      start = colon + 1
      guard colon >= 5, text.slice(colon - 5, colon).equalsIgnoringCase("BEGIN"),
        colon == 5 || text[colon - 6] == 10 || text[colon - 6] == 13
      else { continue }
      var e = start
      while e < text.count, text[e] != 10, text[e] != 13 { e += 1 }
      let name = text.slice(start, e).trimmed()
      if name.equalsIgnoringCase("VCARD") { return .vCard }
      if ComponentKind(name).isTopLevelOnly { return .iCalendar }
    }
    return .unknown
  }

  /// A reader for a text in memory, which must outlive it; nil when it is no calendar.
  public static func reader(
    _ text: ByteView, charset: Charset? = nil
  ) -> (format: CalendarFormat, reader: any CalendarReading)? {
    let format = CalendarFormat(head: text)
    switch format {
    case .iCalendar: return (format, ICalendarReader(text, charset: charset))
    case .xCal: return (format, XCalReader(text))
    case .jCal: return (format, JCalReader(text))
    case .vCard, .unknown: return nil
    }
  }

  /// A reader for a stream. jCal is held in memory whole, up to ``CalendarLimits/jCalBytes``; the
  /// other formats are not. With `unknown` and `vCard` there is no reader.
  public static func reader(
    _ input: any CalendarInput, charset: Charset? = nil
  ) -> (format: CalendarFormat, reader: (any CalendarReading)?) {
    let head = ByteBuffer(capacity: headLength)
    while head.count < headLength {
      let n = input.read(into: head.reserve(headLength), capacity: headLength - head.count)
      if n <= 0 { break }
      head.advance(by: n)
    }
    let format = CalendarFormat(head: head.view)
    switch format {
    case .iCalendar:
      return (format, ICalendarReader(PrefixedInput(head, input), charset: charset))
    case .xCal: return (format, XCalReader(PrefixedInput(head, input)))
    case .jCal:
      // One byte more than the limit is enough to be refused.
      while head.count <= CalendarLimits.jCalBytes {
        let n = input.read(into: head.reserve(1 << 20), capacity: 1 << 20)
        if n <= 0 { break }
        head.advance(by: n)
      }
      return (format, JCalReader(owning: head, errorNumber: input.errorNumber))
    case .vCard, .unknown: return (format, nil)
    }
  }
}

/// A stream of which the beginning was read already.
private final class PrefixedInput: CalendarInput {
  private let head: ByteBuffer
  private let rest: any CalendarInput
  private var given = 0

  init(_ head: ByteBuffer, _ rest: any CalendarInput) {
    self.head = head
    self.rest = rest
  }

  var errorNumber: Int32 { rest.errorNumber }

  func read(into destination: UnsafeMutablePointer<UInt8>, capacity: Int) -> Int {
    guard given < head.count else { return rest.read(into: destination, capacity: capacity) }
    let n = min(capacity, head.count - given)
    memcpy(destination, head.view.base + given, n)
    given += n
    return n
  }
}
