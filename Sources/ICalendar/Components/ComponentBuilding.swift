public import Bytes

/// Components made in memory, to be written: ``begin(_:)``, then for each property
/// ``addProperty(_:line:)``, its parameters, its value; ``open(_:)`` and ``close()`` around
/// components inside.
extension CalendarComponent {
  /// Forgets everything and begins a component of that name.
  public func begin(_ name: ByteView) {
    begin(name, kind: ComponentKind(name))
    current = 0
  }
  /// Forgets everything and begins a component of that name.
  public func begin(_ name: StaticString) { begin(ByteView(name)) }

  /// Begins a component inside the one that is open.
  public func open(_ name: ByteView) {
    current = openNode(kind: ComponentKind(name), name: place(name), parent: current)
  }
  /// Ends the component that is open.
  public func close() {
    closeNode(current)
    current = node(Int(current)).parent
  }

  /// Begins a property of the component that is open, with an empty value. `name` must consist of
  /// letters, digits and `-`.
  public func addProperty(_ name: ByteView, line: Int = 0) {
    let nameRange = place(name)
    lines.append(
      ContentLine(
        name: PropertyName(name), defects: [], node: current, nameRange: nameRange,
        value: ByteRange(start: bytes.count, count: 0),
        firstParameter: UInt32(truncatingIfNeeded: params.count), parameterCount: 0,
        line: UInt32(clamping: line)))
  }
  /// Begins a property.
  public func addProperty(_ name: StaticString) { addProperty(ByteView(name)) }

  /// Adds a parameter to the property begun last; any text may stand in it.
  public func addParameter(_ name: ByteView, _ value: ByteView) {
    guard lines.count > 0 else { return }
    let nameRange = place(name)
    let start = bytes.count
    let caret = appendCareted(value)
    params.append(
      CalendarParameter(
        name: nameRange, value: ByteRange(start: start, count: bytes.count - start),
        form: caret ? [.quoted, .caret] : .quoted))
    lines.base[lines.count - 1].parameterCount &+= 1
  }
  /// Adds a parameter to the property begun last.
  public func addParameter(_ name: StaticString, _ value: ByteView) {
    addParameter(ByteView(name), value)
  }

  /// Adds one more value to the parameter added last, which becomes a list.
  public func addParameterValue(_ value: ByteView) {
    guard lines.count > 0, params.count > 0, lines[lines.count - 1].parameterCount > 0 else {
      return
    }
    var p = params[params.count - 1]
    let first = text[p.value].array
    let start = bytes.count
    var form: CalendarParameter.Form = [.list, .innerQuotes]
    if p.form.contains(.caret) { form.insert(.caret) }
    let isList = p.form.contains(.list)
    if !isList { append(byte: 34) }
    first.withByteView { append($0.base, $0.count) }
    if !isList { append(byte: 34) }
    append(byte: 44)
    append(byte: 34)
    if appendCareted(value) { form.insert(.caret) }
    append(byte: 34)
    p.value = ByteRange(start: start, count: bytes.count - start)
    p.form = form
    params[params.count - 1] = p
  }

  /// Gives the property begun last its value as it stands in iCalendar, escapes in it.
  public func setValue(_ value: ByteView) {
    guard lines.count > 0 else { return }
    lines.base[lines.count - 1].value = place(value)
  }
  /// Gives the property begun last a text, which is escaped.
  public func setText(_ value: ByteView) {
    let escaped = ByteBuffer(capacity: value.count + 16)
    TextValue.appendEscaped(value, to: escaped)
    setValue(escaped.view)
  }

  func append(byte: UInt8) { bytes.append(byte) }

  /// Appends a parameter's value by RFC 6868; true when something had to be encoded.
  private func appendCareted(_ value: ByteView) -> Bool {
    var any = false
    for i in 0..<value.count {
      guard let code = CaretCode(value[i]) else {
        if value[i] != 13 { append(byte: value[i]) }
        continue
      }
      any = true
      append(byte: 94)
      append(byte: code.byte)
    }
    _ = bytes.reserve(16)
    return any
  }
}

/// The code of a character that a parameter's value cannot hold (RFC 6868).
struct CaretCode {
  let byte: UInt8
  init?(_ c: UInt8) {
    switch c {
    case 94: byte = 94
    case 10: byte = 110
    case 34: byte = 39
    default: return nil
    }
  }
}
