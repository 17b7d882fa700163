public import Bytes

/// Writes xCal (RFC 6321). Properties whose name XML cannot carry are left out, characters that
/// XML 1.0 cannot hold become U+FFFD; a value that has not its type's form is `unknown`.
public final class XCalWriter: CalendarWriting {
  private let out: ByteBuffer
  private let a = ByteBuffer()
  private let b = ByteBuffer()
  private var hasComponents = false

  /// A writer that appends to `out`, beginning with the root element.
  public init(_ out: ByteBuffer) {
    self.out = out
    out.append("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" as StaticString)
    out.append(
      "<icalendar xmlns=\"urn:ietf:params:xml:ns:icalendar-2.0\">\n" as StaticString)
  }

  /// Begins a calendar.
  public func begin(calendar: CalendarComponent) {
    out.append("<vcalendar>\n<properties>\n" as StaticString)
    for l in calendar.properties where l.node == 0 { write(l, of: calendar) }
    out.append("</properties>\n" as StaticString)
    hasComponents = false
  }
  /// Ends the calendar.
  public func end() {
    if hasComponents { out.append("</components>\n" as StaticString) }
    out.append("</vcalendar>\n" as StaticString)
  }
  /// Ends the text.
  public func finish() { out.append("</icalendar>\n" as StaticString) }

  /// Writes a component.
  public func write(_ component: CalendarComponent) {
    if !hasComponents { out.append("<components>\n" as StaticString) }
    hasComponents = true
    enum State { case empty, properties, components }
    var open: [State] = []
    func become(_ state: State) {
      guard let last = open.last, last != state else { return }
      if last == .properties { out.append("</properties>\n" as StaticString) }
      if last == .components { out.append("</components>\n" as StaticString) }
      if state == .properties { out.append("<properties>\n" as StaticString) }
      if state == .components { out.append("<components>\n" as StaticString) }
      open[open.count - 1] = state
    }
    ComponentTree(component).walk { event in
      switch event {
      case .open(let node):
        become(.components)
        tag(name(component.name(ofNode: node)), closing: false)
        out.append(10)
        open.append(.empty)
      case .line(let i):
        let l = component.properties[i]
        guard ValueForms.isPlainName(component.name(l)) else { return }
        become(.properties)
        write(l, of: component)
      case .close(let node):
        become(.empty)
        open.removeLast()
        tag(name(component.name(ofNode: node)), closing: true)
        out.append(10)
      }
    }
  }

  /// A component's name, which is whatever stood in a file.
  private func name(_ v: ByteView) -> ByteView {
    ValueForms.isPlainName(v) ? v : ByteView("x-unnamed")
  }

  private func tag(_ name: ByteView, closing: Bool) {
    out.append(60)
    if closing { out.append(47) }
    out.appendLowercased(name)
    out.append(62)
  }

  private func element(_ name: ByteView, _ value: ByteView) {
    tag(name, closing: false)
    Self.appendEscaped(value, to: out)
    tag(name, closing: true)
  }

  private func write(_ l: ContentLine, of c: CalendarComponent) {
    guard ValueForms.isPlainName(c.name(l)) else { return }
    let type = ValueForms.carriedType(l, in: c)
    tag(c.name(l), closing: false)
    writeParameters(l, of: c, type: type)
    let v = c.value(l)
    switch type {
    case .recur:
      tag(ByteView(type.name), closing: false)
      writeRecur(v)
      tag(ByteView(type.name), closing: true)
    case .text where l.name == .requestStatus:
      let names: [StaticString] = ["code", "description", "data"]
      for (i, piece) in TextValue.pieces(v, separator: 59).enumerated() {
        a.removeAll()
        TextValue.append(piece, to: a)
        element(ByteView(names[min(i, 2)]), a.view)
      }
    case .float where l.name == .geo:
      for (i, piece) in TextValue.pieces(v, separator: 59).enumerated() {
        element(ByteView(i == 0 ? "latitude" : "longitude" as StaticString), piece)
      }
    case .unknown, .binary, .uri, .calAddress: element(ByteView(type.name), v)
    default:
      guard l.name.isList else {
        writeValue(v, type)
        break
      }
      for piece in TextValue.pieces(v) { writeValue(piece, type) }
    }
    tag(c.name(l), closing: true)
    out.append(10)
  }

  private func writeValue(_ v: ByteView, _ type: ValueType) {
    a.removeAll()
    switch type {
    case .text: TextValue.append(v, to: a)
    case .boolean: a.appendLowercased(v)
    case .period:
      b.removeAll()
      let form = ValueForms.appendPeriod(v, start: a, end: b)
      tag(ByteView("period"), closing: false)
      element(ByteView("start"), a.view)
      element(ByteView(form.isDuration ? "duration" : "end" as StaticString), b.view)
      tag(ByteView("period"), closing: true)
      return
    default: _ = ValueForms.appendExtended(type, v, to: a)
    }
    element(ByteView(type.name), a.view)
  }

  private func writeRecur(_ v: ByteView) {
    _ = ValueForms.forEachRecurPart(v) { key, value in
      guard ValueForms.isPlainName(key) else { return }
      for piece in TextValue.pieces(value) {
        if key.equalsIgnoringCase("UNTIL") {
          a.removeAll()
          if !ValueForms.appendExtended(.dateTime, piece, to: a) {
            _ = ValueForms.appendExtended(.date, piece, to: a)
          }
          element(key, a.view)
        } else {
          element(key, piece)
        }
      }
    }
  }

  private func writeParameters(_ l: ContentLine, of c: CalendarComponent, type: ValueType) {
    var any = false
    for p in c.parameters(l) {
      let name = c.text[p.name]
      guard ValueForms.isPlainName(name),
        ValueForms.carriesParameter(name, type: type, l: l, in: c)
      else { continue }
      if !any { out.append("<parameters>" as StaticString) }
      any = true
      tag(name, closing: false)
      let kind = Self.parameterType(name)
      b.removeAll()
      if p.form.contains(.list), ValueForms.isListParameter(name) {
        c.forEachValue(of: p, scratch: b) { element(kind, $0) }
      } else {
        element(kind, c.text(p, scratch: b))
      }
      tag(name, closing: true)
    }
    if any { out.append("</parameters>" as StaticString) }
  }

  /// The type of a parameter's value (RFC 6321 3.5).
  private static func parameterType(_ name: ByteView) -> ByteView {
    for n in ["DELEGATED-FROM", "DELEGATED-TO", "MEMBER", "SENT-BY"] as [StaticString]
    where name.equalsIgnoringCase(n) { return ByteView("cal-address") }
    for n in ["ALTREP", "DIR"] as [StaticString] where name.equalsIgnoringCase(n) {
      return ByteView("uri")
    }
    return ByteView("text")
  }

  /// Appends text as XML character data.
  static func appendEscaped(_ v: ByteView, to out: ByteBuffer) {
    for i in 0..<v.count {
      let c = v.base[i]
      switch c {
      case 38: out.append("&amp;" as StaticString)
      case 60: out.append("&lt;" as StaticString)
      case 62: out.append("&gt;" as StaticString)
      case 13: out.append("&#13;" as StaticString)
      case 9, 10: out.append(c)
      case 0..<32: out.append("\u{FFFD}" as StaticString)
      case 0xBE, 0xBF:
        // U+FFFE and U+FFFF, EF BF BE and EF BF BF, are no characters of XML.
        if i >= 2, v.base[i - 1] == 0xBF, v.base[i - 2] == 0xEF {
          out.append(0xBD)
        } else {
          out.append(c)
        }
      default: out.append(c)
      }
    }
  }
}
