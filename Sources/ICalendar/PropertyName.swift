public import Bytes

/// The type of a property's value when no VALUE parameter says otherwise (RFC 5545 3.3).
public enum ValueType: UInt8, Sendable {
  case binary, boolean, calAddress, date, dateTime, duration, float, integer, period, recur, text
  case time, uri, utcOffset
  /// No type is known (X- properties): the value is kept as it is written.
  case unknown

  /// The name as VALUE and jCal spell it, in lower case.
  public var name: StaticString {
    switch self {
    case .binary: "binary"
    case .boolean: "boolean"
    case .calAddress: "cal-address"
    case .date: "date"
    case .dateTime: "date-time"
    case .duration: "duration"
    case .float: "float"
    case .integer: "integer"
    case .period: "period"
    case .recur: "recur"
    case .text: "text"
    case .time: "time"
    case .uri: "uri"
    case .utcOffset: "utc-offset"
    case .unknown: "unknown"
    }
  }

  /// The type of that name in any case, or nil.
  public init?(named name: ByteView) {
    for raw in UInt8(0)...14 {
      guard let type = ValueType(rawValue: raw) else { continue }
      if name.equalsIgnoringCase(type.name) {
        self = type
        return
      }
    }
    return nil
  }
}

/// The properties that have a name of their own here; all others are ``other`` and keep the name
/// that they are written with. Comparing two of them costs one byte's comparison.
public enum PropertyName: UInt8, Sendable, CaseIterable {
  case other
  // Structure.
  case begin, end
  // RFC 5545, the calendar.
  case calscale, method, prodid, version
  // RFC 5545 3.8.1 to 3.8.8.
  case attach, categories, classification, comment, description, geo, location, percentComplete
  case priority, resources, status, summary
  case completed, dtend, due, dtstart, duration, freebusy, transp
  case tzid, tzname, tzoffsetfrom, tzoffsetto, tzurl
  case attendee, contact, organizer, recurrenceID, relatedTo, url, uid
  case exdate, exrule, rdate, rrule
  case action, repeats, trigger
  case created, dtstamp, lastModified, sequence, requestStatus
  // RFC 7986.
  case name, color, image, source, refreshInterval, conference
  // RFC 7808, 7953, 9073, 9074, 9253.
  case tzuntil, tzidAliasOf, busytype
  case calendarAddress, locationType, participantType, resourceType, structuredData
  case styledDescription, acknowledged, proximity, concept, link, refid
  // What the large calendars write beside them.
  case wrCalname, wrCaldesc, wrTimezone, wrRelcalid
  case altDesc, msBusyStatus, msIntendedStatus, msAllDayEvent, msnAllDayEvent, msImportance
  case msInstType, msApptSequence, msOwnerApptID, olkApptSeqTime
  case msSkypeTeamsMeetingURL, msSkypeTeamsProperties, msOnlineMeetingConfLink
  case msOnlineMeetingExternalLink, msOnlineMeetingInformation, msSchedulingServiceUpdateURL
  case msLocations, googleConference, appleStructuredLocation, lotusCharset

  /// The type of the value without a VALUE parameter.
  public var valueType: ValueType { PropertyNames.shared.type(self) }
  /// True when the value is a list whose commas separate (RFC 5545 3.1.2).
  public var isList: Bool {
    switch self {
    case .categories, .resources, .freebusy, .exdate, .rdate, .locationType: true
    default: false
    }
  }
  /// The name in capitals, empty for ``other``; valid for ever.
  public var text: ByteView { PropertyNames.shared.text(self) }

  /// The property of that name in any case, ``other`` when it has none here.
  public init(_ name: ByteView) {
    self = name.count <= PropertyNames.longest ? PropertyNames.shared.find(name) : .other
  }
}

/// The names, and a hash table to find them.
final class PropertyNames: Sendable {
  static let shared = PropertyNames()
  static let longest = 40

  // In the order of the cases; after the colon the type's letter.
  private static let blob: StaticString = """
    :- BEGIN:t END:t CALSCALE:t METHOD:t PRODID:t VERSION:t ATTACH:u CATEGORIES:t CLASS:t \
    COMMENT:t DESCRIPTION:t GEO:f LOCATION:t PERCENT-COMPLETE:i PRIORITY:i RESOURCES:t STATUS:t \
    SUMMARY:t COMPLETED:d DTEND:d DUE:d DTSTART:d DURATION:p FREEBUSY:e TRANSP:t TZID:t TZNAME:t \
    TZOFFSETFROM:o TZOFFSETTO:o TZURL:u ATTENDEE:a CONTACT:t ORGANIZER:a RECURRENCE-ID:d \
    RELATED-TO:t URL:u UID:t EXDATE:d EXRULE:r RDATE:d RRULE:r ACTION:t REPEAT:i TRIGGER:p \
    CREATED:d DTSTAMP:d LAST-MODIFIED:d SEQUENCE:i REQUEST-STATUS:t NAME:t COLOR:t IMAGE:- \
    SOURCE:u REFRESH-INTERVAL:p CONFERENCE:u TZUNTIL:d TZID-ALIAS-OF:t BUSYTYPE:t \
    CALENDAR-ADDRESS:a LOCATION-TYPE:t PARTICIPANT-TYPE:t RESOURCE-TYPE:t STRUCTURED-DATA:- \
    STYLED-DESCRIPTION:- ACKNOWLEDGED:d PROXIMITY:t CONCEPT:u LINK:u REFID:t X-WR-CALNAME:- \
    X-WR-CALDESC:- X-WR-TIMEZONE:- X-WR-RELCALID:- X-ALT-DESC:- X-MICROSOFT-CDO-BUSYSTATUS:- \
    X-MICROSOFT-CDO-INTENDEDSTATUS:- X-MICROSOFT-CDO-ALLDAYEVENT:- \
    X-MICROSOFT-MSNCALENDAR-ALLDAYEVENT:- X-MICROSOFT-CDO-IMPORTANCE:- \
    X-MICROSOFT-CDO-INSTTYPE:- X-MICROSOFT-CDO-APPT-SEQUENCE:- X-MICROSOFT-CDO-OWNERAPPTID:- \
    X-MS-OLK-APPTSEQTIME:- X-MICROSOFT-SKYPETEAMSMEETINGURL:- X-MICROSOFT-SKYPETEAMSPROPERTIES:- \
    X-MICROSOFT-ONLINEMEETINGCONFLINK:- X-MICROSOFT-ONLINEMEETINGEXTERNALLINK:- \
    X-MICROSOFT-ONLINEMEETINGINFORMATION:- X-MICROSOFT-SCHEDULINGSERVICEUPDATEURL:- \
    X-MICROSOFT-LOCATIONS:- X-GOOGLE-CONFERENCE:- X-APPLE-STRUCTURED-LOCATION:- X-LOTUS-CHARSET:-

    """

  private let places: [ByteRange]
  private let types: [ValueType]
  // 512 slots, filled to a fifth: name and nothing else, so that a miss costs one look.
  private let slots: [UInt8]
  private static let mask = 511

  private init() {
    var places: [ByteRange] = []
    var types: [ValueType] = []
    let text = ByteView(Self.blob)
    var start = 0
    var slots = [UInt8](repeating: 0, count: Self.mask + 1)
    while start < text.count, let colon = text.firstIndex(of: 58, from: start) {
      let name = text.slice(start, colon)
      if places.count > 0 {
        var slot = Self.hash(name)
        while slots[slot] != 0 { slot = (slot + 1) & Self.mask }
        slots[slot] = UInt8(truncatingIfNeeded: places.count)
      }
      places.append(ByteRange(start: start, count: name.count))
      types.append(Self.type(letter: text[colon + 1]))
      start = colon + 3
    }
    self.places = places
    self.types = types
    self.slots = slots
  }

  private static func type(letter: UInt8) -> ValueType {
    switch letter {
    case 116: .text
    case 100: .dateTime
    case 117: .uri
    case 97: .calAddress
    case 105: .integer
    case 114: .recur
    case 112: .duration
    case 111: .utcOffset
    case 102: .float
    case 101: .period
    default: .unknown
    }
  }

  /// Clearing bit 5 makes letters of both cases one; what else it joins is told apart after.
  @inline(__always)
  private static func hash(_ name: ByteView) -> Int {
    let n = name.count
    var h = UInt64(truncatingIfNeeded: n)
    let p = UnsafeRawPointer(name.base)
    if n >= 8 {
      let first = p.loadUnaligned(as: UInt64.self) & 0xDFDF_DFDF_DFDF_DFDF
      let last = p.loadUnaligned(fromByteOffset: n &- 8, as: UInt64.self) & 0xDFDF_DFDF_DFDF_DFDF
      h = (h ^ first) &* 0x9E37_79B9_7F4A_7C15
      h = (h ^ (h >> 29) ^ last) &* 0xBF58_476D_1CE4_E5B9
    } else {
      var word: UInt64 = 0
      var i = 0
      while i < n {
        word = word << 8 | UInt64(name.base[i] & 0xDF)
        i &+= 1
      }
      h = (h ^ word) &* 0x9E37_79B9_7F4A_7C15
    }
    return Int(truncatingIfNeeded: h >> 48) & mask
  }

  /// The name's number; the name may not be longer than ``longest``.
  func find(_ name: ByteView) -> PropertyName {
    guard name.count > 0 else { return .other }
    var slot = Self.hash(name)
    while slots[slot] != 0 {
      let number = Int(slots[slot])
      let known = ByteView(Self.blob)[places[number]]
      if known.equalsIgnoringCase(name) {
        return PropertyName(rawValue: slots[slot]) ?? .other
      }
      slot = (slot + 1) & Self.mask
    }
    return .other
  }

  func text(_ name: PropertyName) -> ByteView {
    let i = Int(name.rawValue)
    return i < places.count ? ByteView(Self.blob)[places[i]] : .empty
  }

  func type(_ name: PropertyName) -> ValueType {
    let i = Int(name.rawValue)
    return i < types.count ? types[i] : .unknown
  }
}
