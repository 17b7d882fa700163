public import Bytes
import JSONText

/// Reads jCal (RFC 7265) into the same components as iCalendar: `["vcalendar", properties,
/// components]`, an array of those, or a component alone. The text must be in memory.
///
/// Names are in capitals, values in iCalendar's form; a type that is not usual for its property
/// becomes a VALUE parameter. Memory: the text and one component. JSON nested deeper than
/// ``JSONDocument/maximumDepth`` costs its component.
public final class JCalReader: CalendarReading {
  /// The component read last.
  public let component = CalendarComponent()
  /// The properties of the calendar that it stands in.
  public let calendar = CalendarComponent()
  /// Where it stands; lines are not counted.
  public private(set) var place = CalendarPlace(
    offset: 0, length: 0, line: 0, index: nil, calendar: -1)
  /// The bytes of the item read last.
  public var raw: ByteView { source.slice(place.offset, place.offset + place.length) }
  /// The errno(3) of a failed read, or 0.
  public let errorNumber: Int32

  private let source: ByteView
  private var position = 0
  private var level = Level.start
  private var isMany = false
  private var counted = 0
  private let text = ByteBuffer()

  private enum Level { case start, calendars, components, done }

  private let owned: ByteBuffer?

  /// A reader over a text, which must outlive it.
  public init(_ source: ByteView) {
    self.source = source
    owned = nil
    errorNumber = 0
    if source.hasPrefix("\u{FEFF}") { position = 3 }
  }

  /// A reader over a text that is read already and held by it.
  init(owning text: ByteBuffer, errorNumber: Int32) {
    owned = text
    source = text.view
    self.errorNumber = errorNumber
    if source.hasPrefix("\u{FEFF}") { position = 3 }
  }

  /// Reads the next component.
  public func next() -> CalendarItem {
    while true {
      skipSpace()
      switch level {
      case .done: return .end
      case .start:
        guard source.count <= CalendarLimits.jCalBytes else {
          return stop(.tooLarge, "more than \(CalendarLimits.jCalBytes >> 20) MiB of jCal")
        }
        guard source[position] == 91 else { return stop(.unreadable, "jCal must be an array") }
        // An array of calendars, or one.
        var inner = position + 1
        while ASCII.isSpace(source[inner]) { inner += 1 }
        isMany = source[inner] == 91
        if isMany { position = inner }
        level = .calendars
      case .calendars:
        if source[position] == 44, place.calendar >= 0 {
          position += 1
          continue
        }
        guard source[position] == 91 else {
          level = .done
          var isClosed = !isMany && place.calendar >= 0
          if isMany, source[position] == 93 {
            isClosed = true
            position += 1
          }
          skipSpace()
          return isClosed && position >= source.count
            ? .end : stop(.unreadable, "expected a calendar")
        }
        if let item = beginCalendar() { return item }
      case .components:
        if source[position] == 44 {
          position += 1
          continue
        }
        if source[position] == 93 {
          // The array of components, then the calendar.
          position += 1
          skipSpace()
          guard source[position] == 93 else {
            return stop(.unreadable, "expected the end of the calendar")
          }
          position += 1
          level = .calendars
          continue
        }
        return readComponent()
      }
    }
  }

  /// Reads name and properties of a calendar; a component that stands alone is an item at once.
  private func beginCalendar() -> CalendarItem? {
    let start = position
    var inner = start + 1
    while ASCII.isSpace(source[inner]) { inner += 1 }
    guard source.from(inner).hasPrefixIgnoringCase("\"vcalendar\"") else {
      place.calendar = -1
      let item = readComponent()
      if case .broken(let fault) = item, fault.kind == .unreadable { level = .done }
      if !isMany { level = .done }
      return item
    }
    position = inner + 11
    skipSpace()
    guard source[position] == 44 else { return stop(.unreadable, "expected properties") }
    position += 1
    skipSpace()
    guard let end = endOfValue(position) else { return stop(.unreadable, "text is cut off") }
    calendar.begin("VCALENDAR")
    let document = JSONDocument.parse(source.slice(position, end))
    guard let root = document.root else { return stop(.unreadable, faults(document)) }
    readProperties(root, into: calendar)
    calendar.finish()
    position = end
    skipSpace()
    guard source[position] == 44 else { return stop(.unreadable, "expected components") }
    position += 1
    skipSpace()
    guard source[position] == 91 else { return stop(.unreadable, "expected components") }
    position += 1
    level = .components
    place.calendar += 1
    return nil
  }

  private func readComponent() -> CalendarItem {
    let start = position
    guard let end = endOfValue(position), end > start else {
      return stop(.unreadable, "text is cut off")
    }
    position = end
    place.offset = start
    place.length = end - start
    place.index = nil
    let document = JSONDocument.parse(source.slice(start, end))
    component.begin("")
    guard let root = document.root, let name = Self.name(root) else {
      // Broken JSON inside of balanced brackets costs this component alone. What it was is seen
      // from its first word.
      let word = source.slice(start + 1, start + 12).trimmed()
      for kind in [ComponentKind.event, .todo, .journal]
      where word.from(1).hasPrefixIgnoringCase(kind.name) { count(kind) }
      return .broken(fault(.unreadable, start, faults(document)))
    }
    let kind = ComponentKind(name)
    count(kind)
    guard end - start <= CalendarLimits.componentBytes else {
      return .broken(fault(.tooLarge, start, ""))
    }
    fill(root)
    component.finish()
    return .component
  }

  private func count(_ kind: ComponentKind) {
    guard kind.isCounted else { return }
    place.index = counted
    counted += 1
  }

  private static func name(_ v: JSONValue) -> ByteView? {
    guard v.kind == .array, v.count >= 3 else { return nil }
    var elements = v.elements
    guard let first = elements.next(), first.kind == .string, !first.bytes.isEmpty else {
      return nil
    }
    return first.bytes
  }

  /// Fills the component from nested arrays, which the JSON reader has bounded in depth.
  private func fill(_ root: JSONValue) {
    func descend(_ v: JSONValue, isTop: Bool) {
      guard let name = Self.name(v) else { return component.note(.strangeMember, line: 0) }
      uppercase(name)
      if isTop { component.begin(text.view) } else { component.open(text.view) }
      var elements = v.elements
      _ = elements.next()
      if let properties = elements.next() { readProperties(properties, into: component) }
      if let inner = elements.next() {
        for child in inner.elements { descend(child, isTop: false) }
      }
      if !isTop { component.close() }
    }
    descend(root, isTop: true)
  }

  private func uppercase(_ v: ByteView) {
    text.removeAll()
    for c in v.buffer { text.append(c &- 97 < 26 ? c & 0xDF : c) }
  }

  private func readProperties(_ list: JSONValue, into target: CalendarComponent) {
    for p in list.elements {
      guard target.lineCount < CalendarLimits.properties else {
        return target.note(.tooManyProperties, line: 0)
      }
      if !JCalProperty.add(p, to: target) { target.note(.strangeMember, line: 0) }
    }
  }

  // MARK: Text

  private func skipSpace() { while ASCII.isSpace(source[position]) { position += 1 } }

  /// Where the JSON value at `start` ends; brackets are counted, strings passed over.
  private func endOfValue(_ start: Int) -> Int? {
    guard source[start] == 91 else { return nil }
    var depth = 0
    var i = start
    while i < source.count {
      switch source.base[i] {
      case 34:
        i += 1
        while true {
          guard let quote = source.firstIndex(of: 34, from: i) else { return nil }
          var slashes = 0
          while quote - slashes > i, source[quote - slashes - 1] == 92 { slashes += 1 }
          i = quote + 1
          if slashes & 1 == 0 { break }
        }
        continue
      case 91, 123: depth += 1
      case 93, 125:
        depth -= 1
        if depth == 0 { return i + 1 }
      default: break
      }
      i += 1
    }
    return nil
  }

  private func faults(_ d: JSONDocument) -> String { d.faults.last?.message ?? "not a component" }

  private func fault(
    _ kind: CalendarFault.Kind, _ offset: Int, _ detail: String
  ) -> CalendarFault {
    CalendarFault(kind: kind, line: 0, offset: offset, component: "", detail: detail)
  }

  private func stop(_ kind: CalendarFault.Kind, _ detail: String) -> CalendarItem {
    level = .done
    place = CalendarPlace(
      offset: position, length: max(0, source.count - position), line: 0, index: nil,
      calendar: place.calendar)
    component.begin("")
    return .broken(fault(kind, position, detail))
  }
}
