/// One occurrence of a meeting (RFC 5545 3.8.5).
package struct MeetingOccurrence: Hashable, Sendable {
  /// When it begins, UTC seconds since 1970; of a date its 00:00 in the organisation's zone.
  package var start: Int64
  /// When it ends, never before it begins.
  package var end: Int64
  /// The original start in its series, UTC seconds since 1970; nil for what is of no series.
  package var original: Int64?
  /// For an all-day one, its first day and the day after its last, in days since 1970.
  package var days: Days?

  /// See ``MeetingOccurrence/days``.
  package struct Days: Hashable, Sendable {
    /// The first day.
    package var first: Int
    /// The day after the last; later than the first.
    package var end: Int

    /// Days.
    package init(first: Int, end: Int) {
      self.first = first
      self.end = end
    }
  }

  /// An occurrence.
  package init(start: Int64, end: Int64, original: Int64? = nil, days: Days? = nil) {
    self.start = start
    self.end = end
    self.original = original
    self.days = days
  }
}

/// The span over which series are expanded.
package struct MeetingSpan: Hashable, Sendable {
  /// The first second at which an occurrence may begin.
  package var from: Int64
  /// The last one.
  package var through: Int64
  /// True where it is asked whether a series goes on after ``through``.
  package var isOpen: Bool

  /// A span.
  package init(from: Int64 = .min, through: Int64 = .max, isOpen: Bool = false) {
    self.from = from
    self.through = through
    self.isOpen = isOpen
  }

  /// What a window needs.
  package init(_ window: MeetingWindow) {
    self.init(
      from: window.first?.time ?? .min, through: window.expansionEnd,
      isOpen: window.isCutAtHorizon)
  }

  /// What both need.
  package func union(_ other: MeetingSpan) -> MeetingSpan {
    MeetingSpan(
      from: min(from, other.from), through: max(through, other.through),
      isOpen: isOpen || other.isOpen)
  }
}

/// When a meeting takes place: of a series its occurrences in a span, of a single event its own
/// one, whenever that is.
package struct MeetingOccurrences: Hashable, Sendable {
  /// In order of their start.
  package var list: [MeetingOccurrence] = []
  /// The span over which a series was expanded.
  package var span = MeetingSpan()
  /// It gives several: a series, or a THISANDFUTURE override with what follows.
  package var isSeries = false
  /// A series that was found to go on after the span; false where nobody asked.
  package var goesOn = false
  /// Why some are missing, in a sentence; nil where none are.
  package var fault: String?
  /// False for what gives no occurrence: it is cancelled, another version of its file counts, or it
  /// has no start.
  package var takesPlace = true
  /// The first start of what gives none; nil without one.
  package var first: Int64?
  /// It has rules or dates that say more starts than the first.
  package var repeats = false

  /// No occurrence.
  package init() {}

  /// These occurrences.
  package init(_ list: [MeetingOccurrence]) { self.list = list }

  /// True when a window asks for nothing that lies outside of the span.
  package func covers(_ window: MeetingWindow) -> Bool {
    let wanted = MeetingSpan(window)
    if wanted.from > wanted.through { return true }
    return wanted.from >= span.from && wanted.through <= span.through
  }

  /// True for a start in the window; what recurs ends with the window's horizon, too.
  func isInside(_ start: Int64, _ window: MeetingWindow, isRecurring: Bool) -> Bool {
    window.contains(start) && (!isRecurring || start <= window.expansionEnd)
  }

  /// True when something begins in the window, as far as that is known: for what gives no
  /// occurrence its first start stands.
  func mayBegin(in window: MeetingWindow) -> Bool? {
    if takesPlace { return nil }
    guard let first else { return true }
    return repeats ? first <= window.last?.time ?? .max : window.contains(first)
  }
}
