public import Bytes

/// Reads xCal (RFC 6321) into the same components as iCalendar, in a stream.
///
/// Names are in capitals, values in iCalendar's form; a type that is not usual for its property
/// becomes a VALUE parameter. A document type declaration is refused: xCal has none, and entities
/// are what XML is attacked with. Offsets are not known; lines are.
public final class XCalReader: CalendarReading {
  /// The component read last.
  public let component = CalendarComponent()
  /// The properties of the calendar that it stands in.
  public let calendar = CalendarComponent()
  /// Where it stands; offset and length are -1.
  public private(set) var place = CalendarPlace(
    offset: -1, length: -1, line: 0, index: nil, calendar: -1)
  /// Empty: the bytes are not kept.
  public var raw: ByteView { .empty }
  /// The errno(3) of a failed read, or 0.
  public var errorNumber: Int32 { input?.errorNumber ?? 0 }

  /// What an element is, by its name and the one around it.
  private enum Role {
    case root, calendar, components, component, properties, property, parameters, parameter
    case parameterValue, value, part, ignored
  }

  private let input: (any CalendarInput)?
  private let xml: XMLSource
  private var roles: [Role] = []
  private var isDone = false
  private var inComponent = false
  private var fault: CalendarFault?
  private var counted = 0
  // The property in hand.
  private let text = ByteBuffer()
  private let value = ByteBuffer()
  private let lastPart = ByteBuffer()
  private let upper = ByteBuffer()
  private var property = PropertyName.other
  private var type: ValueType?
  private var values = 0
  private var parameterValues = 0

  /// A reader over a stream.
  public init(_ input: any CalendarInput) {
    self.input = input
    xml = XMLSource(XMLSource.Feed(input: input, view: .empty))
  }

  /// A reader over a text, which must outlive it.
  public init(_ view: ByteView) {
    input = nil
    xml = XMLSource(XMLSource.Feed(input: nil, view: view))
  }

  private var target: CalendarComponent { inComponent ? component : calendar }

  /// Reads the next component.
  public func next() -> CalendarItem {
    while !isDone {
      switch xml.next() {
      case .start:
        start()
        if xml.isEmptyElement, let item = end() { return item }
      case .end: if let item = end() { return item }
      case .text:
        switch roles.last {
        case .parameterValue, .value, .part:
          if text.count <= CalendarLimits.componentBytes { text.append(xml.text) }
        default: break
        }
      case .documentType:
        return stop("a document type declaration, which no calendar has")
      case .other: break
      case .finished:
        isDone = true
        calendar.finish()
        if place.calendar < 0 { return stop("no vcalendar element") }
      case .failed: return stop("not well-formed XML, or beyond libxml2's limits")
      }
    }
    return .end
  }

  private func start() {
    let name = xml.name
    guard xml.isCalendarNamespace else { return roles.append(.ignored) }
    switch roles.last {
    case nil, .root:
      if name.equalsIgnoringCase("vcalendar") {
        place.calendar += 1
        calendar.begin("VCALENDAR")
        inComponent = false
        roles.append(.calendar)
      } else {
        roles.append(name.equalsIgnoringCase("icalendar") ? .root : .ignored)
      }
    case .calendar, .component:
      if name.equalsIgnoringCase("properties") {
        roles.append(.properties)
      } else {
        roles.append(name.equalsIgnoringCase("components") ? .components : .ignored)
      }
    case .components: beginComponent(name)
    case .properties:
      uppercase(name)
      property = PropertyName(upper.view)
      type = nil
      values = 0
      value.removeAll()
      if fault == nil { target.addProperty(upper.view, line: xml.line) }
      roles.append(.property)
    case .property:
      if name.equalsIgnoringCase("parameters") { return roles.append(.parameters) }
      text.removeAll()
      lastPart.removeAll()
      beginValue(name)
      roles.append(.value)
    case .parameters:
      uppercase(name)
      parameterValues = 0
      roles.append(.parameter)
    case .parameter:
      text.removeAll()
      roles.append(.parameterValue)
    case .value:
      text.removeAll()
      beginPart(name)
      roles.append(.part)
    case .parameterValue, .part, .ignored: roles.append(.ignored)
    }
  }

  private func beginComponent(_ name: ByteView) {
    uppercase(name)
    if inComponent {
      let depth = roles.count / 2
      if depth > CalendarLimits.depth {
        fail(.tooDeep)
      } else if fault == nil {
        component.open(upper.view)
      }
    } else {
      calendar.finish()
      let kind = ComponentKind(upper.view)
      component.begin(upper.view)
      inComponent = true
      fault = nil
      place.line = xml.line
      place.index = kind.isCounted ? counted : nil
      if kind.isCounted { counted += 1 }
    }
    roles.append(.component)
  }

  private func end() -> CalendarItem? {
    guard let role = roles.popLast() else { return nil }
    switch role {
    case .component:
      guard !roles.contains(.component) else {
        if fault == nil { component.close() }
        return nil
      }
      inComponent = false
      component.finish()
      guard let fault else { return .component }
      self.fault = nil
      return .broken(fault)
    case .property: endProperty()
    case .parameterValue:
      guard fault == nil else { return nil }
      if parameterValues == 0 {
        target.addParameter(upper.view, text.view)
      } else {
        target.addParameterValue(text.view)
      }
      parameterValues += 1
    case .parameter:
      if parameterValues == 0, fault == nil { target.addParameter(upper.view, .empty) }
    case .value: endValue()
    case .part: endPart()
    default: break
    }
    return nil
  }

  // MARK: Values

  private func beginValue(_ name: ByteView) {
    switch property {
    case .geo, .requestStatus:
      // Their values have names of their own and no type around them.
      type = nil
      if values > 0 { value.append(59) }
    default:
      type = ValueType(named: name)
      if values == 0, type == nil || (type != property.valueType && type != .unknown), fault == nil
      {
        uppercase(name)
        target.addParameter("VALUE", upper.view)
        if type == .binary, target.lines.count > 0,
          target.parameter("ENCODING", of: target.lines[target.lines.count - 1]) == nil
        {
          target.addParameter("ENCODING", ByteView("BASE64"))
        }
      }
      if values > 0 { value.append(44) }
    }
    values += 1
  }

  private func endValue() {
    switch type {
    case .recur, .period: break
    case .text: TextValue.appendEscaped(text.view, to: value)
    case nil where property == .requestStatus: TextValue.appendEscaped(text.view, to: value)
    case .boolean:
      uppercase(text.view.trimmed())
      value.append(upper.view)
    case .unknown, nil: value.append(text.view)
    case .some(let type): ValueForms.appendBasic(type, text.view.trimmed(), to: value)
    }
  }

  // Parts of RECUR: `<byday>MO</byday>`; of PERIOD: `<start>`, `<end>`, `<duration>`.
  private func beginPart(_ name: ByteView) {
    guard type == .recur else {
      if lastPart.count > 0 { value.append(47) }
      lastPart.removeAll()
      lastPart.append(name)
      return
    }
    if lastPart.view.equals(name) {
      value.append(44)
      return
    }
    if lastPart.count > 0 { value.append(59) }
    lastPart.removeAll()
    lastPart.append(name)
    uppercase(name)
    value.append(upper.view)
    value.append(61)
  }

  private func endPart() {
    let part = text.view.trimmed()
    if type == .period {
      let isDuration = lastPart.view.equalsIgnoringCase("duration")
      ValueForms.appendBasic(isDuration ? .duration : .dateTime, part, to: value)
    } else if lastPart.view.equalsIgnoringCase("until") {
      ValueForms.appendBasic(.dateTime, part, to: value)
    } else {
      value.append(part)
    }
    text.removeAll()
  }

  private func endProperty() {
    guard fault == nil else { return }
    target.setValue(value.view)
    if target.lines.count > CalendarLimits.properties
      || target.params.count > CalendarLimits.properties
      || target.nodeRow.count > CalendarLimits.components
    {
      fail(.tooManyProperties)
    } else if target.bytes.count > CalendarLimits.componentBytes {
      fail(.tooLarge)
    }
  }

  private func uppercase(_ v: ByteView) {
    let copy = v.count < 256 ? v : v.prefix(256)
    upper.removeAll()
    for c in copy.buffer { upper.append(c &- 97 < 26 ? c & 0xDF : c) }
  }

  // MARK: Faults

  private func fail(_ kind: CalendarFault.Kind, _ detail: String = "") {
    guard fault == nil else { return }
    fault = CalendarFault(
      kind: kind, line: xml.line, offset: -1, component: component.name(ofNode: 0).string,
      detail: detail)
  }

  private func stop(_ detail: String) -> CalendarItem {
    isDone = true
    if !inComponent {
      place.index = nil
      component.begin("")
    }
    place.line = xml.parserLine
    component.finish()
    return .broken(
      CalendarFault(
        kind: .unreadable, line: xml.parserLine, offset: -1,
        component: component.name(ofNode: 0).string, detail: detail))
  }
}
