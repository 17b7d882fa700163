public import Bytes

/// What writers of calendars have in common, whatever the format. Several calendars may follow
/// each other where the format can hold them.
public protocol CalendarWriting: AnyObject {
  /// Begins a calendar with the properties of a VCALENDAR.
  func begin(calendar: CalendarComponent)
  /// Writes a component with everything inside it.
  func write(_ component: CalendarComponent)
  /// Ends the calendar.
  func end()
  /// Ends the text; nothing may follow.
  func finish()
}

/// Writes iCalendar (RFC 5545): CRLF, lines folded at 75 octets and never inside a UTF-8 character,
/// parameters quoted where they must be and encoded by RFC 6868.
///
/// Either whole components, or line by line: ``startLine(_:)``, ``parameter(_:_:)``, then
/// ``value(_:)`` or ``text(_:)``.
public final class ICalendarWriter: CalendarWriting {
  /// Where the text goes.
  public let out: ByteBuffer
  private let line = ByteBuffer(capacity: 1024)
  private let scratch = ByteBuffer(capacity: 256)
  /// The most octets of a line, its line end not counted (RFC 5545 3.1).
  public static let width = 75

  /// A writer that appends to `out`.
  public init(_ out: ByteBuffer) { self.out = out }

  // MARK: Line by line

  /// Writes a BEGIN line.
  public func begin(_ name: ByteView) {
    startLine("BEGIN")
    value(name)
  }
  /// Writes a BEGIN line.
  public func begin(_ name: StaticString) { begin(ByteView(name)) }
  /// Writes an END line.
  public func end(_ name: ByteView) {
    startLine("END")
    value(name)
  }
  /// Writes an END line.
  public func end(_ name: StaticString) { end(ByteView(name)) }

  /// Begins a property.
  public func startLine(_ name: ByteView) {
    line.removeAll()
    line.append(name)
  }
  /// Begins a property.
  public func startLine(_ name: StaticString) { startLine(ByteView(name)) }

  /// Adds a parameter; any text may stand in it.
  public func parameter(_ name: ByteView, _ value: ByteView) {
    line.append(59)
    line.append(name)
    line.append(61)
    appendParameterValue(value)
  }
  /// Adds a parameter; any text may stand in it.
  public func parameter(_ name: StaticString, _ value: ByteView) {
    parameter(ByteView(name), value)
  }
  /// Adds a parameter.
  public func parameter(_ name: StaticString, _ value: StaticString) {
    parameter(ByteView(name), ByteView(value))
  }

  /// Ends the property with a value as it stands in iCalendar, escapes in it.
  public func value(_ value: ByteView) {
    line.append(58)
    appendWithoutBreaks(value)
    fold()
  }
  /// Ends the property with a text, which is escaped.
  public func text(_ value: ByteView) {
    line.append(58)
    TextValue.appendEscaped(value, to: line)
    fold()
  }
  /// Writes a property without parameters.
  public func property(_ name: StaticString, _ value: ByteView) {
    startLine(name)
    self.value(value)
  }
  /// Writes a property without parameters.
  public func property(_ name: StaticString, _ value: StaticString) {
    property(name, ByteView(value))
  }
  /// Writes a text property without parameters.
  public func property(_ name: StaticString, text: ByteView) {
    startLine(name)
    self.text(text)
  }

  // MARK: Components

  /// Writes BEGIN:VCALENDAR and the properties.
  public func begin(calendar: CalendarComponent) {
    let name = calendar.name(ofNode: 0)
    begin(name.equalsIgnoringCase("VCALENDAR") ? name : ByteView("VCALENDAR"))
    for l in calendar.properties where l.node == 0 { write(l, of: calendar) }
  }
  /// Writes END:VCALENDAR.
  public func end() { end("VCALENDAR") }
  /// Does nothing: a text may end after any calendar.
  public func finish() {}

  /// Writes a component, its own properties before the components inside it.
  public func write(_ component: CalendarComponent) {
    let tree = ComponentTree(component)
    tree.walk { event in
      switch event {
      case .open(let node): begin(component.name(ofNode: node))
      case .line(let i): write(component.properties[i], of: component)
      case .close(let node): end(component.name(ofNode: node))
      }
    }
  }

  private func write(_ l: ContentLine, of c: CalendarComponent) {
    startLine(c.name(l))
    for p in c.parameters(l) {
      line.append(59)
      line.append(c.text[p.name])
      if p.form.contains(.bare) { continue }
      line.append(61)
      if p.form.contains(.list), isSafeList(c.text[p.value]) {
        line.append(c.text[p.value])
      } else {
        scratch.removeAll()
        appendParameterValue(c.text(p, scratch: scratch))
      }
    }
    value(c.value(l))
  }

  /// True when the value reads as one list again as it stands.
  private func isSafeList(_ v: ByteView) -> Bool {
    var isQuoted = false
    for c in v.buffer {
      switch c {
      case 34: isQuoted.toggle()
      case 58, 59, 92: if !isQuoted { return false }
      default: break
      }
    }
    return !isQuoted
  }

  // MARK: Pieces

  private func appendParameterValue(_ value: ByteView) {
    var needsQuotes = false
    for c in value.buffer where c == 58 || c == 59 || c == 44 || c == 92 { needsQuotes = true }
    if value.count > 0, ASCII.isBlank(value[0]) || ASCII.isBlank(value[value.count - 1]) {
      needsQuotes = true
    }
    if needsQuotes { line.append(34) }
    for i in 0..<value.count {
      let c = value.base[i]
      if let code = CaretCode(c) {
        line.append(94)
        line.append(code.byte)
      } else if c != 13 {
        line.append(c)
      }
    }
    if needsQuotes { line.append(34) }
  }

  // A line end in a value that is not text any more would be the end of the property.
  private func appendWithoutBreaks(_ value: ByteView) {
    guard value.firstIndex(of: 10) != nil || value.firstIndex(of: 13) != nil else {
      return line.append(value)
    }
    for i in 0..<value.count {
      let c = value.base[i]
      if c == 10 {
        line.append("\\n" as StaticString)
      } else if c != 13 {
        line.append(c)
      }
    }
  }

  private func fold() {
    let v = line.view
    var start = 0
    var room = Self.width
    while v.count - start > room {
      var e = start + room
      // Back to the beginning of a character; text that is no UTF-8 is cut where it is.
      var back = 0
      while back < 4, v[e - back] & 0xC0 == 0x80 { back += 1 }
      if back < 4 { e -= back }
      out.append(v.slice(start, e))
      out.append("\r\n " as StaticString)
      start = e
      room = Self.width - 1
    }
    out.append(v.from(start))
    out.append("\r\n" as StaticString)
  }
}

/// Walks a component the way it is written: a component's own properties, then those inside it.
struct ComponentTree {
  enum Event {
    case open(Int)
    case line(Int)
    case close(Int)
  }

  private let component: CalendarComponent
  // The lines of each node, as lists through `next`; one look per line whatever the nesting.
  private var first: [Int32]
  private var next: [Int32]

  init(_ component: CalendarComponent) {
    self.component = component
    let n = component.nodeCount
    first = [Int32](repeating: -1, count: n)
    next = [Int32](repeating: -1, count: component.lineCount)
    var i = component.lineCount - 1
    while i >= 0 {
      let node = Int(component.properties[i].node)
      if node < n {
        next[i] = first[node]
        first[node] = Int32(truncatingIfNeeded: i)
      }
      i -= 1
    }
  }

  func walk(_ body: (Event) -> Void) {
    var open: [Int] = []
    for node in 0..<component.nodeCount {
      while let o = open.last, o > 0, node >= Int(component.node(o).end) {
        body(.close(o))
        open.removeLast()
      }
      body(.open(node))
      var i = Int(first[node])
      while i >= 0 {
        body(.line(i))
        i = Int(next[i])
      }
      open.append(node)
    }
    for o in open.reversed() { body(.close(o)) }
  }
}
