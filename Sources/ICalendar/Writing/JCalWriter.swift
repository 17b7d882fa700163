public import Bytes
import JSONText

/// Writes jCal (RFC 7265): one calendar as an array, several as an array of those.
///
/// Properties whose name is no name in RFC 5545's sense are left out; a value that has not its
/// type's form is carried as `unknown`.
public final class JCalWriter: CalendarWriting {
  private let json: JSONWriter
  private let isMany: Bool
  private let a = ByteBuffer()
  private let b = ByteBuffer()

  /// A writer that appends to `out`. `many`: the text is an array of calendars.
  public init(_ out: ByteBuffer, many: Bool = false) {
    json = JSONWriter(out)
    isMany = many
    if many { json.beginArray() }
  }

  /// Begins a calendar.
  public func begin(calendar: CalendarComponent) {
    json.beginArray()
    json.string("vcalendar" as StaticString)
    json.beginArray()
    for l in calendar.properties where l.node == 0 { write(l, of: calendar) }
    json.endArray()
    json.beginArray()
  }
  /// Ends the calendar.
  public func end() {
    json.endArray()
    json.endArray()
  }
  /// Ends the text.
  public func finish() { if isMany { json.endArray() } }

  /// Writes a component.
  public func write(_ component: CalendarComponent) {
    // Whether the array of properties of the innermost component is still open.
    var inProperties: [Bool] = []
    ComponentTree(component).walk { event in
      switch event {
      case .open(let node):
        if let last = inProperties.last, last {
          json.endArray()
          json.beginArray()
          inProperties[inProperties.count - 1] = false
        }
        json.beginArray()
        lowercased(component.name(ofNode: node))
        json.beginArray()
        inProperties.append(true)
      case .line(let i): write(component.properties[i], of: component)
      case .close:
        if inProperties.popLast() == true {
          json.endArray()
          json.beginArray()
        }
        json.endArray()
        json.endArray()
      }
    }
  }

  private func lowercased(_ v: ByteView) {
    a.removeAll()
    a.appendLowercased(v)
    json.string(a.view)
  }

  private func write(_ l: ContentLine, of c: CalendarComponent) {
    guard ValueForms.isPlainName(c.name(l)) else { return }
    let type = ValueForms.carriedType(l, in: c)
    json.beginArray()
    lowercased(c.name(l))
    json.beginObject()
    writeParameters(l, of: c, type: type)
    json.endObject()
    json.string(type.name)
    let v = c.value(l)
    switch type {
    case .recur: writeRecur(v)
    case .text where l.name == .requestStatus:
      json.beginArray()
      for piece in TextValue.pieces(v, separator: 59) { writeText(piece) }
      json.endArray()
    case .float where l.name == .geo:
      json.beginArray()
      for piece in TextValue.pieces(v, separator: 59) { json.raw(piece) }
      json.endArray()
    case .text where !l.name.isList: writeText(v)
    case .unknown, .binary, .uri, .calAddress: json.string(v)
    default:
      guard l.name.isList else {
        writeValue(v, type)
        break
      }
      for piece in TextValue.pieces(v) { writeValue(piece, type) }
    }
    json.endArray()
  }

  private func writeText(_ v: ByteView) {
    a.removeAll()
    TextValue.append(v, to: a)
    json.string(a.view)
  }

  private func writeValue(_ v: ByteView, _ type: ValueType) {
    switch type {
    case .text: writeText(v)
    case .integer, .float: json.raw(v)
    case .boolean: json.bool(v.equals("TRUE"))
    case .period:
      a.removeAll()
      b.removeAll()
      _ = ValueForms.appendPeriod(v, start: a, end: b)
      json.beginArray()
      json.string(a.view)
      json.string(b.view)
      json.endArray()
    default:
      a.removeAll()
      _ = ValueForms.appendExtended(type, v, to: a)
      json.string(a.view)
    }
  }

  private func writeParameters(_ l: ContentLine, of c: CalendarComponent, type: ValueType) {
    let parameters = c.parameters(l)
    // A member's name may stand in an object once: several parameters of a name become a list.
    for (i, p) in parameters.enumerated() {
      let name = c.text[p.name]
      guard ValueForms.isPlainName(name),
        ValueForms.carriesParameter(name, type: type, l: l, in: c),
        i > 64 || !parameters[0..<i].contains(where: { c.text[$0.name].equalsIgnoringCase(name) })
      else { continue }
      a.removeAll()
      a.appendLowercased(name)
      json.key(text: a.string)
      let same =
        parameters.count > 64
        ? [p] : parameters.filter { c.text[$0.name].equalsIgnoringCase(name) }
      b.removeAll()
      if same.count == 1, !p.form.contains(.list) || !ValueForms.isListParameter(name) {
        json.string(c.text(p, scratch: b))
      } else {
        json.beginArray()
        for q in same { c.forEachValue(of: q, scratch: b) { json.string($0) } }
        json.endArray()
      }
    }
  }

  private func writeRecur(_ v: ByteView) {
    json.beginObject()
    _ = ValueForms.forEachRecurPart(v) { key, value in
      a.removeAll()
      a.appendLowercased(key)
      json.key(text: a.string)
      if key.equalsIgnoringCase("UNTIL") {
        a.removeAll()
        if !ValueForms.appendExtended(.dateTime, value, to: a) {
          _ = ValueForms.appendExtended(.date, value, to: a)
        }
        json.string(a.view)
      } else if value.firstIndex(of: 44) != nil {
        json.beginArray()
        for piece in TextValue.pieces(value) { writeNumberOrText(piece) }
        json.endArray()
      } else {
        writeNumberOrText(value)
      }
    }
    json.endObject()
  }

  private func writeNumberOrText(_ v: ByteView) {
    if ValueForms.isJSONNumber(v, whole: true) { json.raw(v) } else { json.string(v) }
  }
}
