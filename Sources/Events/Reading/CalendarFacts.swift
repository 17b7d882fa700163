import Bytes
public import ICalendar
public import TimeZones

/// What a VCALENDAR says about itself (RFC 5545 3.7, RFC 7986 5), as far as it stands before its
/// first component.
public struct CalendarFacts: Sendable {
  /// The number of the VCALENDAR in its file, from 0; -1 for components outside of any.
  public var number = -1
  /// X-WR-CALNAME, else NAME; empty without.
  public var name = ""
  /// PRODID; empty without.
  public var product = ""
  /// METHOD, nil without.
  public var method: CalendarMethod?
  /// METHOD as written, in capitals; empty without.
  public var methodText = ""
  /// X-WR-TIMEZONE as written; empty without.
  public var timeZoneText = ""
  /// The zone that X-WR-TIMEZONE names, in which floating times lie; nil without, or when nobody
  /// knows the name.
  public var timeZone: Zone?

  /// A calendar that says nothing.
  public init() {}

  init(_ c: CalendarComponent, number: Int, zones: EventZones) {
    self.number = number
    let scratch = ByteBuffer(capacity: 256)
    func text(_ name: PropertyName) -> String {
      guard let l = c.first(name) else { return "" }
      scratch.removeAll()
      TextValue.append(l, in: c, to: scratch)
      return scratch.view.trimmed().prefix(4096).string
    }
    name = text(.wrCalname)
    if name.isEmpty { name = text(.name) }
    product = text(.prodid)
    let value = c.value(.method).trimmed().prefix(64)
    if !value.isEmpty {
      method = CalendarMethod(value)
      methodText = String(
        decoding: value.array.map { $0 &- 97 < 26 ? $0 & 0xDF : $0 }, as: UTF8.self)
    }
    timeZoneText = text(.wrTimezone)
    if !timeZoneText.isEmpty {
      let n = timeZoneText.withByteView { zones.number(of: $0) }
      let found = zones.zone(n, calendar: number)
      if found.origin != .fallback { timeZone = found.zone }
    }
  }
}

extension CalendarMethod {
  /// Replies, counter-proposals and requests for a copy (RFC 5546): somebody's word about an event
  /// and no version of it.
  public var isAnswer: Bool {
    switch self {
    case .reply, .counter, .declineCounter, .refresh: true
    default: false
    }
  }
}
