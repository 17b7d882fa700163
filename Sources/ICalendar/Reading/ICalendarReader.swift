public import Bytes
import Glibc
public import Text

/// Where an item stands in its file.
public struct CalendarPlace: Sendable, Hashable {
  /// Byte offset of its first byte, from 0; -1 where offsets are not known.
  public var offset: Int
  /// Its length in bytes; -1 where it is not known.
  public var length: Int
  /// Its first line, from 1; 0 where lines are not known.
  public var line: Int
  /// VEVENT, VTODO and VJOURNAL counted from 0 in file order, broken ones too; nil for the others.
  public var index: Int?
  /// The VCALENDAR that it stands in, counted from 0; -1 outside of any.
  public var calendar: Int
}

/// What a reader met.
public enum CalendarItem: Sendable {
  /// A component, whole.
  case component
  /// A component that cannot be used; what was read of it can be looked at.
  case broken(CalendarFault)
  /// The end of the text.
  case end
}

/// Reads iCalendar text (RFC 5545) component by component from a stream or from memory.
///
/// Bytes are looked at once. Line ends may be CRLF, LF, CR, mixed; folds may lie inside of UTF-8
/// characters; a byte order mark, UTF-16 and UTF-32 with one, and text that is not UTF-8 are read
/// and told. A broken component costs that component. Memory: the largest component twice, plus
/// 256 KiB; a component above ``CalendarLimits/componentBytes`` is passed over piece by piece.
public final class ICalendarReader: CalendarReading {
  /// What to look for.
  public enum Selection: Sendable {
    /// Every component.
    case all
    /// VTIMEZONE components alone, found without reading what lies between them: a first pass for
    /// files that define their zones after the events. Lines, indexes and the calendar's own
    /// properties are not known then.
    case timeZones
  }

  /// The component read last; holds until the next call of ``next()``.
  public let component = CalendarComponent()
  /// The properties of the VCALENDAR so far: those after the components are not there yet.
  public let calendar = CalendarComponent()
  /// Where the item read last stands.
  @exclusivity(unchecked) public internal(set) var place = CalendarPlace(
    offset: 0, length: 0, line: 0, index: nil, calendar: -1)
  /// The number of VCALENDARs begun so far.
  @exclusivity(unchecked) public internal(set) var calendarCount = 0
  /// The errno(3) of a failed read, or 0.
  public var errorNumber: Int32 { input?.errorNumber ?? 0 }

  // The window: bytes from a stream in memory of its own, or somebody's view.
  @exclusivity(unchecked) var input: (any CalendarInput)?
  @exclusivity(unchecked) var storage: UnsafeMutablePointer<UInt8>?
  @exclusivity(unchecked) var capacity = 0
  @exclusivity(unchecked) var base: UnsafePointer<UInt8>
  @exclusivity(unchecked) var end = 0
  @exclusivity(unchecked) var isAtEnd = false
  // Where the window begins in the stream.
  @exclusivity(unchecked) var windowOffset = 0
  // What must stay in the window, the next byte, the next line ends (`end`: none in the window).
  @exclusivity(unchecked) var keep = 0
  @exclusivity(unchecked) var pos = 0
  @exclusivity(unchecked) var nextLF = -1
  @exclusivity(unchecked) var nextCR = -1
  @exclusivity(unchecked) var lineNumber = 1
  // The logical line in hand.
  @exclusivity(unchecked) var lineStart = 0
  @exclusivity(unchecked) var lineStartNumber = 1
  @exclusivity(unchecked) var textStart = 0
  @exclusivity(unchecked) var isLineCut = false

  // Where in the structure.
  enum Level: UInt8 { case outside, calendar, component }
  @exclusivity(unchecked) var level = Level.outside
  @exclusivity(unchecked) var wasInCalendar = false
  @exclusivity(unchecked) var stack = Flat<UInt32>(capacity: CalendarLimits.depth)
  @exclusivity(unchecked) var excess = 0
  @exclusivity(unchecked) var fault: CalendarFault?
  @exclusivity(unchecked) var isOversize = false
  @exclusivity(unchecked) var componentStart = 0
  @exclusivity(unchecked) var componentOffset = 0
  @exclusivity(unchecked) var counted = 0
  @exclusivity(unchecked) var checkedCalendarText = 0
  @exclusivity(unchecked) var isPrepared = false
  @exclusivity(unchecked) var wide: WideInput?
  @exclusivity(unchecked) var wideMark = 0
  @exclusivity(unchecked) var wideOffset = 0
  let charset: Charset?
  let selection: Selection
  let owned = ByteBuffer(capacity: 16)
  static let chunk = 256 << 10

  /// A reader over bytes in memory, which must outlive it. `charset`: what the text's carrier says,
  /// such as the charset parameter of a mail's part; bytes that are valid UTF-8 outrank it.
  public init(_ view: ByteView, charset: Charset? = nil, selection: Selection = .all) {
    base = view.base
    end = view.count
    isAtEnd = true
    self.charset = charset
    self.selection = selection
  }

  /// A reader over a stream.
  public init(_ input: any CalendarInput, charset: Charset? = nil, selection: Selection = .all) {
    self.input = input
    let p = UnsafeMutablePointer<UInt8>.allocate(capacity: Self.chunk + 16)
    storage = p
    capacity = Self.chunk
    base = UnsafePointer(p)
    self.charset = charset
    self.selection = selection
  }

  deinit {
    storage?.deallocate()
    stack.deallocate()
  }

  /// The bytes of the item read last as they stand in the file (in UTF-8 if that is UTF-16 or
  /// UTF-32); empty when it was too large. Holds until the next call of ``next()``.
  public var raw: ByteView {
    isOversize
      ? .empty : ByteView(base: base, count: end).slice(componentStart, pos)
  }

  /// Reads the next component.
  public func next() -> CalendarItem {
    if !isPrepared { prepare() }
    isOversize = false
    keep = pos
    while true {
      if selection == .timeZones, level != .component, !seekTimeZone() { return .end }
      guard readLine() else { return atEnd() }
      if let item = takeLine() { return item }
      if level != .component || isOversize { keep = pos }
    }
  }

  // MARK: Lines

  /// Handles the line in hand; an item when one is complete.
  @inline(__always)
  func takeLine() -> CalendarItem? {
    let target = level == .component ? component : calendar
    var name = ByteRange(start: 0, count: 0)
    let node = stack.count > 0 && level == .component ? stack[stack.count &- 1] : 0
    let line = UInt32(truncatingIfNeeded: lineStartNumber)
    let shape = target.parseLine(from: textStart, node: node, line: line, structure: &name)
    switch shape {
    case .property:
      if level == .component, !isOversize, fault == nil {
        if target.bytes.count > 1 << 20 || target.lines.count & 1023 == 0 { checkSize() }
        if target.bytes.base[target.bytes.count &- 1] == 61 { joinSoftBreaks() }
        return nil
      }
      dropOrKeep(target)
      return nil
    case .begin: return begin(target.text[name], target)
    case .end: return finish(target.text[name], target)
    case .noName, .noColon, .unterminated:
      mend(shape, target, node: node, line: line)
      return nil
    }
  }

  /// A property outside of components, or in one that is broken.
  func dropOrKeep(_ target: CalendarComponent) {
    let isCalendars = level == .calendar && selection == .all
    if isCalendars, target.bytes.count <= CalendarLimits.calendarBytes, !isLineCut { return }
    if isCalendars { target.note(.tooManyProperties, line: lineStartNumber) }
    drop(target, line: true)
    if level == .component { checkSize() }
  }

  func drop(_ target: CalendarComponent, line: Bool) {
    target.bytes.truncate(to: textStart)
    if line, target.lines.count > 0 {
      let last = target.lines[target.lines.count &- 1]
      target.params.truncate(to: Int(last.firstParameter))
      target.lines.truncate(to: target.lines.count &- 1)
    }
  }

  /// A line that is no content line: the rest of the one before, or of itself, or nothing.
  func mend(
    _ shape: LineShape, _ target: CalendarComponent, node: UInt32, line: UInt32
  ) {
    defer { if level == .component { checkSize() } }
    guard level != .outside, !isOversize, !isLineCut, fault == nil || level == .calendar else {
      return drop(target, line: false)
    }
    if shape == .noName {
      if target.joinToLast(from: textStart, node: node, line: line) { return }
      drop(target, line: false)
      target.note(.lostLine, line: lineStartNumber)
      return
    }
    // Line ends inside of parameter values: the lines up to the next that looks like one.
    var unused = ByteRange.empty
    var joined = 0
    let startNumber = lineStartNumber
    while joined < 32, !nextLooksLikeContent() {
      let number = lineStartNumber
      let start = textStart
      target.append(ByteView("^n").base, 2)
      guard readLine(continuing: true) else { break }
      lineStartNumber = number
      textStart = start
      joined += 1
      let again = target.parseLine(
        from: textStart, node: node, line: line, structure: &unused)
      if again == .property {
        target.lines.base[target.lines.count &- 1].defects.insert(.rawLineEnd)
        target.note(.joinedLine, line: startNumber)
        return
      }
      if again == .begin || again == .end { break }
    }
    let open = target.parseLine(
      from: textStart, node: node, line: line, structure: &unused,
      reading: CalendarComponent.LineReading(quotesAreOpen: true))
    if open == .property { return }
    drop(target, line: false)
    target.note(.lostLine, line: startNumber)
  }

  /// Undoes soft line breaks of quoted-printable, as vCalendar 1.0 writes them.
  func joinSoftBreaks() {
    while component.endsInSoftBreak() {
      let start = textStart
      let number = lineStartNumber
      component.bytes.truncate(to: component.bytes.count &- 1)
      let last = component.lines.count &- 1
      component.lines.base[last].value.count &-= 1
      guard readLine(continuing: true) else { return }
      component.lines.base[last].value.count =
        UInt32(truncatingIfNeeded: component.bytes.count) &- component.lines[last].value.start
      textStart = start
      lineStartNumber = number
    }
  }
}
