import Bytes
import Events
import ICalendar
import Rules
import TimeZones

/// A calendar of a run: a source, or the invitation that came with one mail.
final class CalendarSource: @unchecked Sendable {
  /// The number of the source among the run's.
  let number: Int
  /// Whose it is and what it is to them.
  let source: ResolvedSource
  /// What its owner's window needs.
  let span: MeetingSpan
  // The mail that it came with.
  private let mail: EventPlace?

  /// - Parameter mail: The mail that it came with; nil for a calendar.
  init(number: Int, source: ResolvedSource, span: MeetingSpan, mail: EventPlace? = nil) {
    self.number = number
    self.source = source
    self.span = span
    self.mail = mail
  }

  /// True for an invitation in mail.
  var isInvitation: Bool { mail != nil }

  /// For people.
  var name: String { source.display }

  /// Opens it from its beginning; nil with errno set where that fails.
  func open() -> (any CalendarInput)? { SourceInput.open(source.found) }

  /// Where a component stands: one of an invitation where the mail does.
  func place(_ place: CalendarPlace) -> EventPlace {
    mail
      ?? EventPlace(path: source.display, index: place.index ?? 0, offset: max(0, place.offset))
  }
}

/// What reading invitations in mail asks (`calendar.invitesInMail`).
struct InvitePlan: Sendable {
  /// By the positions of the users whose mail is searched, what their windows need.
  let spans: [Int: MeetingSpan]
  /// The zone of dates, and of floating times where an invitation names none.
  let localZone: Zone
  /// Meetings may make leads.
  let createsLeads: Bool
}
