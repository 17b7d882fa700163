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
final class PropertyNames: @unchecked Sendable {
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
  // 512 slots, filled to a fifth, so that a miss mostly costs one look. For the program's life.
  private let slots: UnsafePointer<Slot>
  private static let mask = 511

  /// A name's length, first and last eight bytes (shorter names: all of it), letters as capitals.
  private struct Key: Sendable {
    var count = 0
    var first: UInt64 = 0
    var last: UInt64 = 0

    /// Every byte without bit 5, which makes letters of both cases one and leaves the bytes that
    /// names consist of different from each other. Eight bytes after the name must be readable.
    @inline(__always)
    init(_ p: UnsafeRawPointer, _ n: Int) {
      count = n
      let word = p.loadUnaligned(as: UInt64.self).littleEndian & 0xDFDF_DFDF_DFDF_DFDF
      if n >= 8 {
        first = word
        last =
          p.loadUnaligned(fromByteOffset: n &- 8, as: UInt64.self).littleEndian
          & 0xDFDF_DFDF_DFDF_DFDF
      } else {
        first = word & ((1 << UInt64(truncatingIfNeeded: n &* 8)) &- 1)
      }
    }

    init() {}

    @inline(__always)
    var slot: Int {
      var h = (first ^ UInt64(truncatingIfNeeded: count)) &* 0x9E37_79B9_7F4A_7C15
      h = (h ^ (h >> 29) ^ last) &* 0xBF58_476D_1CE4_E5B9
      return Int(truncatingIfNeeded: h >> 48) & mask
    }
  }

  private struct Slot {
    var key = Key()
    var name = PropertyName.other
    var text = UnsafeRawPointer(ByteView(PropertyNames.blob).base)
  }

  /// Compares what first and last eight bytes leave out, by words.
  @inline(__always)
  private static func hasSameMiddle(
    _ a: UnsafeRawPointer, _ b: UnsafeRawPointer, _ n: Int
  ) -> Bool {
    var i = 8
    while i < n &- 8 {
      let x = a.loadUnaligned(fromByteOffset: i, as: UInt64.self) & 0xDFDF_DFDF_DFDF_DFDF
      let y = b.loadUnaligned(fromByteOffset: i, as: UInt64.self) & 0xDFDF_DFDF_DFDF_DFDF
      if x != y { return false }
      i &+= 8
    }
    return true
  }

  private init() {
    var places: [ByteRange] = []
    var types: [ValueType] = []
    let text = ByteView(Self.blob)
    let slots = UnsafeMutablePointer<Slot>.allocate(capacity: Self.mask + 1)
    slots.initialize(repeating: Slot(), count: Self.mask + 1)
    var start = 0
    while start < text.count, let colon = text.firstIndex(of: 58, from: start) {
      let place = ByteRange(start: start, count: colon - start)
      if let name = PropertyName(rawValue: UInt8(places.count)), name != .other {
        let key = Self.withPadding(text.slice(start, colon)) { Key($0.base, $0.count) }
        var slot = key.slot
        while slots[slot].name != .other { slot = (slot + 1) & Self.mask }
        slots[slot] = Slot(key: key, name: name, text: UnsafeRawPointer(text.base + start))
      }
      places.append(place)
      types.append(Self.type(letter: text[colon + 1]))
      start = colon + 3
    }
    self.places = places
    self.types = types
    self.slots = UnsafePointer(slots)
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

  /// The property of a name that consists of name characters; eight bytes after it must be
  /// readable.
  func find(padded name: ByteView) -> PropertyName {
    guard name.count > 0, name.count <= Self.longest else { return .other }
    let key = Key(name.base, name.count)
    var slot = key.slot
    while true {
      let known = slots[slot]
      if known.name == .other { return .other }
      if known.key.count == key.count, known.key.first == key.first, known.key.last == key.last,
        key.count <= 16 || Self.hasSameMiddle(name.base, known.text, key.count)
      {
        return known.name
      }
      slot = (slot &+ 1) & Self.mask
    }
  }

  /// The property of any name.
  func find(_ name: ByteView) -> PropertyName {
    guard name.count <= Self.longest else { return .other }
    for i in 0..<name.count where !NameBytes.isName(name.base[i]) { return .other }
    return Self.withPadding(name) { find(padded: $0) }
  }

  private static func withPadding<R>(_ name: ByteView, _ body: (ByteView) -> R) -> R {
    withUnsafeTemporaryAllocation(byteCount: longest + 8, alignment: 1) { space in
      space.copyMemory(from: UnsafeRawBufferPointer(name.prefix(longest).buffer))
      return body(ByteView(UnsafeRawBufferPointer(space)).prefix(name.count))
    }
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
