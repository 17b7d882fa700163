import Bytes
public import ICalendar

/// The organiser or an attendee of an event (RFC 5545 3.8.4.1, 3.8.4.3).
public struct EventParticipant: Hashable, Sendable {
  /// The calendar user address as written.
  public var uri: String
  /// The mail address as written; empty where there is none.
  public var email: String
  /// The name (CN); empty without.
  public var name: String
  /// ROLE.
  public var role: ParticipantRole
  /// PARTSTAT.
  public var status: ParticipationStatus
  /// CUTYPE.
  public var type: CalendarUserType
  /// A room or a thing: no participant.
  public var isResource: Bool
  /// The address of a calendar and not of a person.
  public var isCalendar: Bool
  /// An answer is asked for.
  public var rsvp: Bool
  /// The mail address of who acts for this user (SENT-BY); empty without.
  public var sentBy: String

  init(_ line: ContentLine, in c: CalendarComponent, scratch: ByteBuffer) {
    scratch.removeAll()
    let a = CalendarAddress(line, in: c, scratch: scratch)
    uri = a.uri.string
    email = a.email.string
    name = a.name.string
    role = a.role
    status = a.status
    type = a.type
    isResource = a.isResource
    isCalendar = a.isCalendar
    rsvp = a.rsvp
    sentBy = a.sentBy.string
  }
}
