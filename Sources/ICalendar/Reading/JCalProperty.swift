import Bytes
import JSONText

/// One property of jCal (RFC 7265 3.4) into a component.
enum JCalProperty {
  /// Adds `[name, parameters, type, value…]`; false when it has another form.
  static func add(_ p: JSONValue, to c: CalendarComponent) -> Bool {
    var parts = p.elements
    guard p.kind == .array, let name = parts.next(), name.kind == .string,
      ValueForms.isPlainName(name.bytes), let parameters = parts.next(),
      parameters.kind == .object, let typeName = parts.next(), typeName.kind == .string
    else { return false }
    let text = ByteBuffer()
    for b in name.bytes.buffer { text.append(b &- 97 < 26 ? b & 0xDF : b) }
    c.addProperty(text.view)
    let property = PropertyName(text.view)
    for (key, value) in parameters.members {
      guard ValueForms.isPlainName(key.bytes) else { continue }
      text.removeAll()
      for b in key.bytes.buffer { text.append(b &- 97 < 26 ? b & 0xDF : b) }
      addParameter(text.view, value, to: c)
    }
    let type = ValueType(named: typeName.bytes)
    let usual = property.valueType
    if let type, type != .unknown, type != usual {
      text.removeAll()
      for b in ByteView(type.name).buffer { text.append(b &- 97 < 26 ? b & 0xDF : b) }
      c.addParameter("VALUE", text.view)
    } else if type == nil {
      c.addParameter("VALUE", typeName.bytes)
    }
    if type == .binary, !parameters.members.contains(where: { $0.0.bytes.equals("encoding") }) {
      c.addParameter("ENCODING", ByteView("BASE64"))
    }
    text.removeAll()
    var isFirst = true
    while let value = parts.next() {
      if !isFirst { text.append(44) }
      isFirst = false
      append(value, type ?? .unknown, property, to: text)
    }
    c.setValue(text.view)
    return true
  }

  private static func addParameter(_ name: ByteView, _ value: JSONValue, to c: CalendarComponent) {
    guard value.kind == .array else { return c.addParameter(name, scalar(value)) }
    var isFirst = true
    for v in value.elements {
      if isFirst { c.addParameter(name, scalar(v)) } else { c.addParameterValue(scalar(v)) }
      isFirst = false
    }
  }

  private static func scalar(_ v: JSONValue) -> ByteView {
    switch v.kind {
    case .string: v.bytes
    case .number: v.literal
    case .true: ByteView("TRUE")
    case .false: ByteView("FALSE")
    default: .empty
    }
  }

  private static func append(
    _ v: JSONValue, _ type: ValueType, _ name: PropertyName, to out: ByteBuffer
  ) {
    switch v.kind {
    case .array:
      // Structured values, and periods.
      let separator: UInt8 = type == .period ? 47 : 59
      var isFirst = true
      for part in v.elements {
        if !isFirst { out.append(separator) }
        isFirst = false
        append(part, type == .period ? .dateTime : type, name, to: out)
      }
    case .object: appendRecur(v, to: out)
    case .string:
      switch type {
      case .text: TextValue.appendEscaped(v.bytes, to: out)
      case .dateTime where v.bytes[0] == 80 || v.bytes[1] == 80: out.append(v.bytes)
      case .period:
        // The form of an early draft: start/end in one string.
        let slash = v.bytes.firstIndex(of: 47) ?? v.bytes.count
        ValueForms.appendBasic(.dateTime, v.bytes.prefix(slash), to: out)
        let rest = v.bytes.from(slash)
        let isDuration = rest[1] == 80 || rest[2] == 80
        ValueForms.appendBasic(isDuration ? .duration : .dateTime, rest, to: out)
      default: ValueForms.appendBasic(type, v.bytes, to: out)
      }
    default: out.append(scalar(v))
    }
  }

  private static func appendRecur(_ v: JSONValue, to out: ByteBuffer) {
    var isFirst = true
    for (key, value) in v.members {
      guard ValueForms.isPlainName(key.bytes) else { continue }
      if !isFirst { out.append(59) }
      isFirst = false
      for b in key.bytes.buffer { out.append(b &- 97 < 26 ? b & 0xDF : b) }
      out.append(61)
      let isUntil = key.bytes.equalsIgnoringCase("until")
      if value.kind == .array {
        var isFirstValue = true
        for part in value.elements {
          if !isFirstValue { out.append(44) }
          isFirstValue = false
          out.append(scalar(part))
        }
      } else if isUntil {
        ValueForms.appendBasic(.dateTime, scalar(value), to: out)
      } else {
        out.append(scalar(value))
      }
    }
  }
}
