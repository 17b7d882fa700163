import Bytes
import Events
import ICalendar
import Rules

/// A calendar of a run: a source, or the invitations that came with one user's mail.
final class CalendarSource: @unchecked Sendable {
  /// Its number: among the run's sources, or behind them.
  let number: Int
  /// Whose it is and what it is to them; of invitations another calendar of theirs.
  let source: ResolvedSource
  /// What its owner's window needs.
  let span: MeetingSpan
  private let invites: InviteStore?

  init(
    number: Int, source: ResolvedSource, span: MeetingSpan, invites: InviteStore? = nil
  ) {
    self.number = number
    self.source = source
    self.span = span
    self.invites = invites
  }

  /// True for invitations in mail.
  var isInvitations: Bool { invites != nil }

  /// For people.
  var name: String { isInvitations ? "invitations in mail" : source.display }

  /// Opens it from its beginning; nil with errno set where that fails.
  func open() -> (any CalendarInput)? {
    if let invites { return invites.input(user: source.user) }
    return SourceInput.open(source.found)
  }

  /// Where a component stands.
  func place(_ place: CalendarPlace) -> EventPlace {
    if let invites { return invites.place(user: source.user, offset: place.offset) }
    return EventPlace(path: source.display, index: place.index ?? 0, offset: max(0, place.offset))
  }
}
