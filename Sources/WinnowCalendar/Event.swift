internal import CivilTime
internal import Events
internal import ICalendar

/// One event of a calendar, or one changed instance of a series. It owns what it holds; texts are
/// decoded when they are asked for.
public struct Event: Sendable {
  private let core: CalendarEvent

  init(_ core: CalendarEvent) { self.core = core }

  /// The UID (RFC 5545 section 3.8.4.7), which a changed instance shares with its series. An event
  /// without one gets 64 hexadecimal digits made from its content.
  public var uid: String { core.uid }
  /// SUMMARY.
  public var title: String? { core.summary }
  /// DESCRIPTION as text; where that is missing, the HTML that Outlook writes, as text.
  public var notes: String? { core.description(using: EventTexts()) }
  /// LOCATION.
  public var location: String? { core.location }
  /// The link into the online meeting, found in the properties and texts of the usual services.
  public var link: String? { core.joinLink(using: EventTexts())?.url }
  /// CATEGORIES.
  public var categories: [String] { core.categories(using: EventTexts()) }
  /// Its first occurrence; nil where it has no start.
  public var first: Occurrence? { core.span.map { Occurrence($0, isAllDay: core.isAllDay) } }
  /// True where it takes whole days.
  public var isAllDay: Bool { core.isAllDay }
  /// True where it gives several occurrences.
  public var isSeries: Bool { core.isRecurring }
  /// The original start in its series of a changed instance; nil for others.
  public var recurrenceID: Timestamp? {
    core.recurrenceInstant.map { Timestamp(secondsSince1970: $0) }
  }
  /// True where STATUS or METHOD says that it does not take place.
  public var isCancelled: Bool { core.isCancelled }
  /// True where it keeps nobody busy (TRANSP).
  public var isTransparent: Bool { core.isTransparent }
  /// True where CLASS is PRIVATE or CONFIDENTIAL, or says anything unknown.
  public var isPrivate: Bool { core.classification.isPrivate }
  /// SEQUENCE: the version.
  public var sequence: Int { core.sequence }
  /// The IANA name of the zone in which it begins; nil for UTC, days and times without a zone.
  public var timeZone: String? { core.timeZone }
  /// ORGANIZER.
  public var organizer: Person? { core.organizer(using: EventTexts()).map { Person($0) } }
  /// ATTENDEEs, rooms among them.
  public var attendees: [Person] { core.attendees(using: EventTexts()).map { Person($0) } }

  /// The occurrences that begin in a span, in order, at most 50,000: of a series without those that
  /// were taken out, and without those that other events of the file change.
  public func occurrences(from start: Timestamp, to end: Timestamp) -> [Occurrence] {
    guard start < end else { return [] }
    return core.occurrences(from: start.secondsSince1970, through: end.secondsSince1970 - 1).list
      .map { Occurrence($0, isAllDay: core.isAllDay) }
  }

  /// Somebody who takes part.
  public struct Person: Hashable, Codable, Sendable {
    /// CN; empty without.
    public var name: String
    /// The address; empty where the calendar gives none.
    public var email: String
    /// PARTSTAT in capitals, such as `ACCEPTED`; nil where the calendar does not say.
    public var answer: String?
    /// True for rooms and other resources.
    public var isResource: Bool
  }
}

/// One occurrence of an event.
public struct Occurrence: Hashable, Codable, Sendable, CustomStringConvertible {
  /// When it begins; of whole days their midnight in the calendar's zone.
  public var start: Timestamp
  /// When it ends.
  public var end: Timestamp
  /// The first day of an all-day event; nil for one with times.
  public var day: String?
  /// The day after the last of an all-day event.
  public var dayAfter: String?

  /// `2026-03-24T08:00:00Z/2026-03-24T09:00:00Z`, or `2026-03-24/2026-03-25` for whole days.
  public var description: String {
    if let day, let dayAfter { return "\(day)/\(dayAfter)" }
    return "\(start)/\(end)"
  }
}

extension Occurrence {
  init(_ o: EventOccurrence, isAllDay: Bool) {
    start = Timestamp(secondsSince1970: o.start)
    end = Timestamp(secondsSince1970: o.end)
    if isAllDay {
      day = "\(o.startDate)"
      dayAfter = "\(o.endDate)"
    }
  }
}

extension Event.Person {
  init(_ p: EventParticipant) {
    name = p.name
    email = p.email
    answer = p.status == .other ? nil : "\(p.status.name)"
    isResource = p.isResource
  }
}
