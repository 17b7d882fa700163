import CivilTime
import Import
import TimeZones

/// Busy, free and double-booked time of users over a span (UP-7-availability, LG-1-sync).
struct AvailabilityReport {
  /// What was asked for.
  let span: TimeSpan
  /// The organisation's zone and its name.
  let zone: Zone
  let zoneName: String
  let slot: SlotLength
  let hours: DayHours
  /// The newest modification time of what was read, or nil when nothing was.
  var asOf: Int64?
  /// The run's `now`.
  var now: Int64
  /// The users in list order.
  var users: [User] = []
  /// Users of whom nothing is shown, and why.
  var leftOut: [(user: String, reason: String)] = []
  /// The days of the span, in order.
  let days: [Day]

  /// One day by the organisation's clock.
  struct Day {
    let date: CivilDate
    /// From midnight to midnight.
    let whole: TimeSpan
    /// Its `--hours`, also where they lie outside the report's span.
    let hours: TimeSpan
  }

  /// An empty report.
  init(
    span: TimeSpan, zone: Zone, zoneName: String, slot: SlotLength, hours: DayHours, now: Int64
  ) {
    self.span = span
    self.zone = zone
    self.zoneName = zoneName
    self.slot = slot
    self.hours = hours
    self.now = now
    var days: [Day] = []
    var midnight = zone.localTime(at: span.start).startOfDay
    // Bounded all the same: a year of days is all that may be asked for.
    while days.count < 400 {
      let next = midnight.adding(days: 1)
      let whole = TimeSpan(
        start: zone.firstInstant(of: midnight), end: zone.firstInstant(of: next))
      if whole.start >= span.end { break }
      let open = TimeSpan(
        start: zone.firstInstant(of: midnight.adding(seconds: Int64(hours.start))),
        end: zone.firstInstant(of: midnight.adding(seconds: Int64(hours.end))))
      days.append(Day(date: midnight.date, whole: whole, hours: open))
      midnight = next
    }
    self.days = days
  }

  /// One user's time.
  struct User {
    /// The user's id.
    let id: String
    /// Name and address; empty where nothing tells them, or they are not to be shown.
    let name: String
    let email: String
    /// Out of office.
    let unavailable: TimeSpans
    /// Taken for sure, out of office not included.
    let busy: TimeSpans
    /// Taken by nothing but what is not sure.
    let tentative: TimeSpans
    /// All of the three.
    let taken: TimeSpans
    /// Where at least two appointments lie, and how many at once.
    let conflicts: [TimeSpans.Overlap]
    /// Not taken and inside the hours, long enough for a slot.
    let free: TimeSpans
    /// Seconds inside the hours that are taken, and that are not.
    let takenInHours: Int64
    let notTakenInHours: Int64
  }

  /// Adds a user with their appointments, in any order.
  mutating func add(id: String, name: String, email: String, _ appointments: [Appointment]) {
    let clipped = appointments.map {
      Appointment(span: $0.span.clipped(to: span), kind: $0.kind)
    }
    func spans(_ kind: BusyKind) -> TimeSpans {
      TimeSpans(clipped.filter { $0.kind == kind }.map(\.span))
    }
    let unavailable = spans(.unavailable)
    let busy = spans(.busy).subtracting(unavailable)
    let taken = TimeSpans(clipped.map(\.span))
    let open = TimeSpans(days.map { $0.hours.clipped(to: span) })
    let rest = open.subtracting(taken)
    users.append(
      User(
        id: id, name: name, email: email, unavailable: unavailable, busy: busy,
        tentative: spans(.tentative).subtracting(busy).subtracting(unavailable), taken: taken,
        conflicts: TimeSpans.overlaps(clipped.map(\.span)), free: rest.lasting(slot.seconds),
        takenInHours: open.intersecting(taken).seconds, notTakenInHours: rest.seconds))
  }
}
