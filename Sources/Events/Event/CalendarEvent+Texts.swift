import Bytes
import Glibc
public import ICalendar

extension CalendarEvent {
  /// The text of its first property of that name, decoded and trimmed; nil without, or when empty.
  public func text(_ name: PropertyName) -> String? {
    guard let l = component.first(name) else { return nil }
    return text(of: l)
  }

  /// The text of a property of this event, decoded and trimmed; nil when empty.
  public func text(of line: ContentLine) -> String? {
    let v = component.value(line).trimmed()
    if v.isEmpty { return nil }
    if v.firstIndex(of: 92) == nil, line.parameterCount == 0 { return v.string }
    let out = ByteBuffer(capacity: v.count)
    TextValue.append(line, in: component, to: out)
    let t = out.view.trimmed()
    return t.isEmpty ? nil : t.string
  }

  /// The text of the first property of any name, in any case, such as an `X-` one; nil without.
  public func text(named name: StaticString) -> String? {
    component.first(named: name).flatMap(text(of:))
  }

  /// The text of the first property of any name, in any case; nil without.
  public func text(named name: String) -> String? {
    name.withByteView { wanted in
      let known = PropertyName(wanted)
      for l in component.properties where l.node == 0 {
        if known != .other ? l.name == known : component.name(l).equalsIgnoringCase(wanted) {
          return text(of: l)
        }
      }
      return nil
    }
  }

  /// SUMMARY, decoded; nil without.
  public var summary: String? { text(.summary) }
  /// LOCATION, decoded; nil without.
  public var location: String? { text(.location) }
  /// URL as written; nil without.
  public var url: String? { text(.url) }
  /// STATUS as written, in capitals; nil without.
  public var statusText: String? {
    let v = component.value(.status).trimmed().prefix(64)
    return v.isEmpty
      ? nil : String(decoding: v.array.map { $0 &- 97 < 26 ? $0 & 0xDF : $0 }, as: UTF8.self)
  }

  /// DESCRIPTION, decoded; where that is missing or empty the text of X-ALT-DESC as a person would
  /// read it; nil without both.
  public func description(using texts: EventTexts) -> String? {
    if let plain = text(.description) { return plain }
    texts.scratch.removeAll()
    guard component.appendAlternativeText(with: texts.html, to: texts.scratch) else { return nil }
    let t = texts.scratch.view.trimmed()
    return t.isEmpty ? nil : t.string
  }

  /// The link into its online meeting; nil without. See ``JoinLinkFinder``.
  public func joinLink(using texts: EventTexts) -> JoinLink? {
    guard texts.links.find(in: component) else { return nil }
    return JoinLink(url: texts.links.url.string, provider: texts.links.provider.string)
  }

  /// CATEGORIES of all lines, decoded, in order.
  public func categories(using texts: EventTexts) -> [String] {
    var out: [String] = []
    component.forEachCategory(using: texts.scratch) { out.append($0.string) }
    return out
  }

  /// ORGANIZER; nil without.
  public func organizer(using texts: EventTexts) -> EventParticipant? {
    guard let l = component.first(.organizer) else { return nil }
    return EventParticipant(l, in: component, scratch: texts.scratch)
  }

  /// ATTENDEE lines in order, rooms and things among them.
  public func attendees(using texts: EventTexts) -> [EventParticipant] {
    var out: [EventParticipant] = []
    for l in component.properties where l.name == .attendee && l.node == 0 {
      out.append(EventParticipant(l, in: component, scratch: texts.scratch))
    }
    return out
  }

  /// RRULE lines as written, without their name.
  public var rules: [String] {
    var out: [String] = []
    for l in component.properties where l.name == .rrule && l.node == 0 {
      let v = component.value(l).trimmed()
      if !v.isEmpty { out.append(v.string) }
    }
    return out
  }

  /// PRIORITY, 0–9; nil without or when it is no number.
  public var priority: Int? {
    CalendarValue.integer(component.value(.priority), in: 0...9)?.value
  }
  /// PERCENT-COMPLETE, 0–100; nil without.
  public var percentComplete: Int? {
    CalendarValue.integer(component.value(.percentComplete), in: 0...100)?.value
  }
  /// COMPLETED in UTC seconds since 1970; nil without.
  public var completed: Int64? { EventStamp.seconds(component.value(.completed)) }
  /// GEO in millionths of a degree; nil without.
  public var geo: (latitude: Int, longitude: Int)? { CalendarValue.geo(component.value(.geo)) }
}
