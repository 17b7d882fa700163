public import Bytes

/// ROLE (RFC 5545 3.2.16).
public enum ParticipantRole: UInt8, Sendable {
  case required, chair, optional, nonParticipant
}

/// PARTSTAT (RFC 5545 3.2.12).
public enum ParticipationStatus: UInt8, Sendable {
  case needsAction, accepted, declined, tentative, delegated, completed, inProcess
  /// Another value.
  case other
}

/// CUTYPE (RFC 5545 3.2.3).
public enum CalendarUserType: UInt8, Sendable {
  case individual, group, resource, room, unknown
}

/// ORGANIZER or ATTENDEE: a calendar user address with its parameters (RFC 5545 3.3.3).
public struct CalendarAddress {
  /// The value as written.
  public let uri: ByteView
  /// The mail address as written, without `mailto:` (in any case, or missing); the EMAIL parameter
  /// where the value is no address (`urn:uuid:`, `invalid:nomail`); empty where there is none at
  /// all.
  public let email: ByteView
  /// The name (CN), decoded, or empty.
  public let name: ByteView
  /// The role; REQ-PARTICIPANT where nothing else is said.
  public let role: ParticipantRole
  /// The answer; NEEDS-ACTION where nothing else is said.
  public let status: ParticipationStatus
  /// Person, group, room or thing; for ORGANIZER an individual.
  public let type: CalendarUserType
  /// An answer is asked for.
  public let rsvp: Bool
  /// The mail address of who acts for this user (SENT-BY), or empty.
  public let sentBy: ByteView

  /// Reads a property. What has to be decoded goes into `scratch`, which is appended to; the views
  /// hold until its next append.
  public init(_ line: ContentLine, in c: CalendarComponent, scratch: ByteBuffer) {
    uri = c.value(line).trimmed()
    var email = Self.address(uri)
    var name = ByteView.empty
    var sentBy = ByteView.empty
    var role = ParticipantRole.required
    var status = ParticipationStatus.needsAction
    var type: CalendarUserType?
    var rsvp = false
    var fallback = ByteView.empty
    // Decoding never makes it longer, so with this room no later append moves what is decoded.
    var room = uri.count
    for p in c.parameters(line) { room += Int(p.value.count) }
    _ = scratch.reserve(room)
    for p in c.parameters(line) {
      let key = c.text[p.name]
      let v = c.text[p.value].trimmed()
      if key.equalsIgnoringCase("CN") {
        name = c.text(p, scratch: scratch).trimmed()
      } else if key.equalsIgnoringCase("ROLE") {
        role = Self.role(v)
      } else if key.equalsIgnoringCase("PARTSTAT") {
        status = Self.status(v)
      } else if key.equalsIgnoringCase("CUTYPE") {
        type = Self.type(v)
      } else if key.equalsIgnoringCase("RSVP") {
        rsvp = v.equalsIgnoringCase("TRUE") || v.equalsIgnoringCase("YES")
      } else if key.equalsIgnoringCase("EMAIL") || key.equalsIgnoringCase("X-EMAIL") {
        fallback = Self.address(v)
      } else if key.equalsIgnoringCase("SENT-BY") {
        sentBy = Self.address(v)
      }
    }
    if email.isEmpty { email = fallback }
    if email.firstIndex(of: 37) != nil { email = Self.unpercent(email, scratch) }
    self.email = email
    self.name = name
    self.role = role
    self.status = status
    self.type = type ?? .individual
    self.rsvp = rsvp
    self.sentBy = sentBy
  }

  /// True for rooms and things, which are no participants: CUTYPE says so, or the address is one of
  /// Google's resources. ROLE=NON-PARTICIPANT alone is a person for information.
  public var isResource: Bool {
    type == .room || type == .resource || Self.hasDomain(email, "resource.calendar.google.com")
  }
  /// True for the address of a calendar and not of a person.
  public var isCalendar: Bool { Self.hasDomain(email, "group.calendar.google.com") }

  private static func hasDomain(_ email: ByteView, _ domain: StaticString) -> Bool {
    guard let at = email.lastIndex(of: 64) else { return false }
    return email.from(at + 1).equalsIgnoringCase(domain)
  }

  /// The mail address in a calendar address, or empty.
  static func address(_ uri: ByteView) -> ByteView {
    var v = uri.trimmed()
    var isMail = false
    while v.hasPrefixIgnoringCase("mailto:") {
      isMail = true
      v = v.from(7).trimmed()
    }
    if v[0] == 60, v[v.count - 1] == 62 { v = v.slice(1, v.count - 1).trimmed() }
    if let query = v.firstIndex(of: 63), isMail { v = v.prefix(query) }
    guard let at = v.lastIndex(of: 64) ?? (isMail ? percentAt(v) : nil), at > 0 else {
      return .empty
    }
    // Another scheme before the address: urn:uuid:, invalid:, http://user@host.
    if !isMail, let colon = v.firstIndex(of: 58), colon < at { return .empty }
    return v
  }

  private static func percentAt(_ v: ByteView) -> Int? { v.firstRange(of: ByteView("%40")) }

  private static func unpercent(_ v: ByteView, _ out: ByteBuffer) -> ByteView {
    let start = out.count
    var i = 0
    while i < v.count {
      if v[i] == 37, let h = ASCII.hexValue(v[i + 1]), let l = ASCII.hexValue(v[i + 2]),
        case let c = h << 4 | l, c > 32, c < 127
      {
        out.append(c)
        i += 3
      } else {
        out.append(v[i])
        i += 1
      }
    }
    return out.view.from(start)
  }

  private static func role(_ v: ByteView) -> ParticipantRole {
    if v.equalsIgnoringCase("CHAIR") { return .chair }
    if v.equalsIgnoringCase("OPT-PARTICIPANT") { return .optional }
    return v.equalsIgnoringCase("NON-PARTICIPANT") ? .nonParticipant : .required
  }

  private static func status(_ v: ByteView) -> ParticipationStatus {
    for raw in UInt8(0)..<7 {
      guard let status = ParticipationStatus(rawValue: raw) else { continue }
      if v.equalsIgnoringCase(status.name) { return status }
    }
    return v.isEmpty ? .needsAction : .other
  }

  private static func type(_ v: ByteView) -> CalendarUserType {
    if v.isEmpty || v.equalsIgnoringCase("INDIVIDUAL") { return .individual }
    if v.equalsIgnoringCase("GROUP") { return .group }
    if v.equalsIgnoringCase("RESOURCE") { return .resource }
    // An unknown type is treated like UNKNOWN (RFC 5545 3.2.3).
    return v.equalsIgnoringCase("ROOM") ? .room : .unknown
  }
}

extension ParticipantRole {
  /// The name in capitals.
  public var name: StaticString {
    switch self {
    case .required: "REQ-PARTICIPANT"
    case .chair: "CHAIR"
    case .optional: "OPT-PARTICIPANT"
    case .nonParticipant: "NON-PARTICIPANT"
    }
  }
}

extension ParticipationStatus {
  /// The name in capitals, empty for ``other``.
  public var name: StaticString {
    switch self {
    case .needsAction: "NEEDS-ACTION"
    case .accepted: "ACCEPTED"
    case .declined: "DECLINED"
    case .tentative: "TENTATIVE"
    case .delegated: "DELEGATED"
    case .completed: "COMPLETED"
    case .inProcess: "IN-PROCESS"
    case .other: ""
    }
  }
}

extension CalendarUserType {
  /// The name in capitals.
  public var name: StaticString {
    switch self {
    case .individual: "INDIVIDUAL"
    case .group: "GROUP"
    case .resource: "RESOURCE"
    case .room: "ROOM"
    case .unknown: "UNKNOWN"
    }
  }
}
