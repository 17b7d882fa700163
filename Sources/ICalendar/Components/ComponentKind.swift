public import Bytes

/// The kinds of components (RFC 5545 3.6, 7953, 9073).
public enum ComponentKind: UInt8, Sendable {
  case calendar, event, todo, journal, freeBusy, timeZone, alarm, standard, daylight
  case availability, available, participant, location, resource
  /// X- components and everything that has no number here; their name stays readable.
  case other

  /// The kind of that name in any case.
  public init(_ name: ByteView) {
    for raw in UInt8(0)..<14 {
      guard let kind = ComponentKind(rawValue: raw) else { continue }
      if name.equalsIgnoringCase(kind.name) {
        self = kind
        return
      }
    }
    self = .other
  }

  /// The name in capitals; empty for ``other``.
  public var name: StaticString {
    switch self {
    case .calendar: "VCALENDAR"
    case .event: "VEVENT"
    case .todo: "VTODO"
    case .journal: "VJOURNAL"
    case .freeBusy: "VFREEBUSY"
    case .timeZone: "VTIMEZONE"
    case .alarm: "VALARM"
    case .standard: "STANDARD"
    case .daylight: "DAYLIGHT"
    case .availability: "VAVAILABILITY"
    case .available: "AVAILABLE"
    case .participant: "PARTICIPANT"
    case .location: "VLOCATION"
    case .resource: "VRESOURCE"
    case .other: ""
    }
  }

  /// True for the components that `index` counts: VEVENT, VTODO, VJOURNAL.
  public var isCounted: Bool { self == .event || self == .todo || self == .journal }

  /// True for what stands in a calendar and nowhere else: where one begins inside another
  /// component, that component's END is missing.
  public var isTopLevelOnly: Bool {
    switch self {
    case .calendar, .event, .todo, .journal, .freeBusy, .timeZone, .availability: true
    default: false
    }
  }
}
