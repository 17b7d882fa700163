import Import
import Rules

/// How firmly a time is taken, as FBTYPE tells it (RFC 5545 3.2.9).
enum BusyKind: UInt8, Sendable {
  /// BUSY-TENTATIVE: not yet sure.
  case tentative
  /// BUSY
  case busy
  /// BUSY-UNAVAILABLE: out of office.
  case unavailable
}

/// One appointment as far as availability goes.
struct Appointment: Hashable, Sendable {
  var span: TimeSpan
  var kind: BusyKind
}

/// What the calendars say about one user, gathered in any number of steps.
struct AvailabilityPerson {
  /// One occurrence of a meeting, whatever calendar it stands in.
  struct Meeting: Hashable {
    /// UID, or the UID that the CRM task it was made of goes out with.
    var id: String
    /// The original start in its series, or nil.
    var instance: Int64?
  }

  /// The appointments, each once.
  private(set) var appointments: [Appointment] = []
  /// Ids of CRM tasks that the calendars speak for.
  var takenTasks: Set<String> = []
  private var seen: Set<Meeting> = []
  private var prints: Set<UInt64> = []

  /// Adds a busy time, unless its meeting has one already.
  mutating func add(_ span: TimeSpan, _ kind: BusyKind, _ meeting: Meeting) {
    guard !span.isEmpty, seen.insert(meeting).inserted else { return }
    appointments.append(Appointment(span: span, kind: kind))
  }

  /// Notes time and title of a meeting, busy or not, by which the CRM's copy of it is known.
  mutating func note(user: Int, _ span: TimeSpan, title: String) {
    prints.insert(OutboundTasks.fingerprint(user, span.start, span.end, title))
  }

  /// True when a meeting at that time with that title stands in a calendar.
  func knows(user: Int, _ span: TimeSpan, title: String) -> Bool {
    prints.contains(OutboundTasks.fingerprint(user, span.start, span.end, title))
  }
}
