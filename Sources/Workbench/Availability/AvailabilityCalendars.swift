import Bytes
import CivilTime
import Events
import ICalendar
import Import
import Mailboxes
import Rules
import TimeZones

/// Reads the calendars of users for their busy times.
///
/// Only times come out: no title, no place and no participant leaves this type. Nothing of the
/// rules on what becomes a task is asked (window, all-day, private, internal, `connectedAt`): a
/// time is taken whether or not the CRM may know by what.
///
/// Of a meeting in several calendars of one user the newest version counts, once: among
/// their linked calendars as in an import; between those and their conflict calendars the higher
/// SEQUENCE, and of equal ones it is enough that one is busy, because the invitation to their other
/// account may be the one they accepted.
final class AvailabilityCalendars {
  private let sources: [ResolvedSource]
  private let plan: MeetingPlan
  private let span: TimeSpan
  private let zone: Zone
  private let builder = MeetingFactsBuilder()
  private var versions = MeetingVersions()
  private var people: [Int: AvailabilityPerson]
  // The CRM's tasks that take time, by owner and id.
  private let tasks: [AvailabilityTasks.Key: AvailabilityTask]
  /// What is worth telling, one line each.
  private(set) var warnings: [String] = []
  /// Calendars that could not be read to their end, one line each.
  private(set) var faults: [String] = []
  private static let maximumWarnings = 100

  /// Reads busy times in `span` of the `users`, positions in the plan.
  ///
  /// - Parameters:
  ///   - sources: the calendars that count, in source order.
  ///   - tasks: their CRM tasks, so that a task which is in a calendar, too, counts once.
  ///   - zone: the organisation's, in which whole days lie.
  init(
    sources: [ResolvedSource], users: [Int], plan: MeetingPlan, tasks: AvailabilityTasks,
    span: TimeSpan, zone: Zone
  ) {
    self.sources = sources
    self.plan = plan
    self.span = span
    self.zone = zone
    self.tasks = tasks.byID
    people = Dictionary(uniqueKeysWithValues: Set(users).map { ($0, AvailabilityPerson()) })
  }

  /// Reads everything; gives what was found for each user.
  func read() -> [Int: AvailabilityPerson] {
    var byUser: [Int: [Int]] = [:]
    for (i, s) in sources.enumerated() { byUser[s.user, default: []].append(i) }
    for list in byUser.values where list.count > 1 {
      for i in list { forEachEvent(i, isFirst: false) { e, _ in noteVersion(e, i) } }
    }
    // Linked calendars first: where both have a meeting at other times, theirs count.
    for wantsConflicts in [false, true] {
      for i in sources.indices where (sources[i].role == .conflict) == wantsConflicts {
        forEachEvent(i, isFirst: true) { e, budget in add(e, i, &budget) }
      }
    }
    return people
  }

  private func warn(_ text: String) {
    if warnings.count < Self.maximumWarnings { warnings.append(text) }
  }

  private func forEachEvent(
    _ number: Int, isFirst: Bool, _ body: (CalendarEvent, inout EventBudget) -> Void
  ) {
    let display = sources[number].display
    let reader = EventReader(
      path: sources[number].found.path.withByteView(\.string), localZone: zone)
    var budget = EventBudget()
    var broken = 0
    while true {
      switch reader.next() {
      case .event(let e):
        // Answers to invitations are about somebody else's calendar.
        if e.kind == .event, e.calendar.method?.isAnswer != true { body(e, &budget) }
      case .broken: broken += 1
      case .end:
        guard isFirst else { return }
        if let fault = reader.fault { faults.append("\(display): \(fault.message)") }
        if broken > 0 {
          warn(
            "\(display): \(broken) of its items cannot be read and are not counted; `winnow inspect` tells why"
          )
        }
        for text in reader.warnings { warn("\(display): \(text)") }
        return
      }
    }
  }

  // MARK: Versions

  private func meeting(
    _ e: CalendarEvent, _ s: ResolvedSource, isConflict: Bool
  ) -> MeetingVersions.Meeting {
    MeetingVersions.Meeting(owner: s.user, isConflict: isConflict, uid: e.uid)
  }

  private func noteVersion(_ e: CalendarEvent, _ number: Int) {
    guard e.hasUID, !e.isSuperseded else { return }
    let s = sources[number]
    versions.add(
      meeting(e, s, isConflict: s.role == .conflict), instance: e.recurrenceInstant,
      MeetingVersions.Version(
        sequence: e.sequence, modified: e.lastModified ?? .min, position: position(e, number),
        place: ""))
  }

  private func position(_ e: CalendarEvent, _ number: Int) -> ItemPosition {
    ItemPosition(file: number, index: e.place.index ?? 0)
  }

  /// True when another component says what this one, or one instance of it, would.
  private func isReplaced(_ e: CalendarEvent, _ number: Int, instance: Int64?) -> Bool {
    guard !versions.isEmpty else { return false }
    let s = sources[number]
    let isConflict = s.role == .conflict
    if let best = versions.winner(meeting(e, s, isConflict: isConflict), instance: instance),
      best.position != position(e, number)
    {
      return true
    }
    let other = versions.winner(meeting(e, s, isConflict: !isConflict), instance: instance)
    return other.map { $0.sequence > e.sequence } ?? false
  }

  // MARK: Times

  private func add(_ e: CalendarEvent, _ number: Int, _ budget: inout EventBudget) {
    let user = sources[number].user
    guard !e.isSuperseded, var person = people[user],
      !isReplaced(e, number, instance: e.recurrenceInstant)
    else { return }
    defer { people[user] = person }
    var identity = e.uid
    if let id = Self.taskID(of: e) {
      identity = OutboundEvent.uid(taskID: id)
      if let task = tasks[AvailabilityTasks.Key(user: user, id: id)] {
        if !e.isRecurring, task.isNewer(than: e, plan.user(user).calendar.conflict) { return }
        person.takenTasks.insert(id)
      }
    }
    // A cancelled event gives no occurrence, but its copy in the CRM is to be known.
    let found = e.isCancelled ? e.span.map { [$0] } ?? [] : occurrences(e, number, &budget)
    let times = found.map { (time(of: $0, isAllDay: e.isAllDay), $0.recurrenceID) }
      .filter { !$0.0.clipped(to: span).isEmpty }
    if times.isEmpty { return }
    let c = context(e, number)
    let title = e.summary ?? ""
    for (time, instance) in times {
      person.note(user: user, time, title: title)
      guard c.isBusy else { continue }
      person.add(
        time, kind(e, c), AvailabilityPerson.Meeting(id: identity, instance: instance))
    }
  }

  private func context(_ e: CalendarEvent, _ number: Int) -> MeetingContext {
    let s = sources[number]
    return MeetingContext(
      plan: plan,
      facts: builder.facts(
        e, role: s.role ?? .other, user: s.user, localZone: zone, occurrences: nil))
  }

  private func occurrences(
    _ e: CalendarEvent, _ number: Int, _ budget: inout EventBudget
  ) -> [EventOccurrence] {
    let day: Int64 = 86_400
    // All-day events of another zone may begin a day off; clock changes make days longer.
    let through = span.end.addingClamped(day)
    guard e.isRecurring else {
      return budget.occurrences(of: e, through: through).list
    }
    // What began before the span may reach into it.
    var back = (e.span.map { TimeSpan(start: $0.start, end: $0.end).seconds } ?? 0).addingClamped(
      2 * day)
    if hasPeriods(e) { back = max(back, 33 * day) }
    let found = budget.occurrences(
      of: e, from: span.start.addingClamped(-min(back, 1 << 40)), through: through)
    if let fault = found.fault {
      warn(
        "\(sources[number].display)#\(e.place.index ?? 0): \(fault); some of its times are missing")
    }
    guard !versions.isEmpty else { return found.list }
    return found.list.filter { o in
      guard let id = o.recurrenceID, id != e.recurrenceInstant else { return true }
      return !isReplaced(e, number, instance: id)
    }
  }

  // RDATE;VALUE=PERIOD gives instances a length of their own (RFC 5545 3.8.5.2).
  private func hasPeriods(_ e: CalendarEvent) -> Bool {
    e.component.properties.contains { line in
      line.node == 0 && line.name == .rdate && e.component.value(line).firstIndex(of: 47) != nil
    }
  }

  // Whole days are those of the organisation's clock, wherever the event was made.
  private func time(of o: EventOccurrence, isAllDay: Bool) -> TimeSpan {
    guard isAllDay else { return TimeSpan(start: o.start, end: o.end) }
    let first = CivilDateTime(o.startDate)
    let last = max(CivilDateTime(o.endDate), first.adding(days: 1))
    return TimeSpan(start: zone.firstInstant(of: first), end: zone.firstInstant(of: last))
  }

  private func kind(_ e: CalendarEvent, _ c: MeetingContext) -> BusyKind {
    if e.busyStatus == .outOfOffice { return .unavailable }
    let isTentative =
      e.status == .tentative || e.busyStatus == .tentative
      || c.people.ownerStatus.map { $0.withByteView { $0.equalsIgnoringCase("TENTATIVE") } }
        ?? false
    return isTentative ? .tentative : .busy
  }

  /// The id of the CRM task that an event was made of, or nil.
  private static func taskID(of e: CalendarEvent) -> String? {
    if let id = OutboundEvent.taskID(inUID: e.uid) { return id }
    return MeetingFactsBuilder.taskMarks.lazy.compactMap { e.text(named: $0) }.first { !$0.isEmpty }
  }
}

extension Int64 {
  /// The sum, stopping at the ends of the number's range.
  func addingClamped(_ n: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(n)
    return overflow ? (n < 0 ? .min : .max) : sum
  }
}

extension Zone {
  /// The first instant at which the clock shows a time or, where it is put forward over it, a later
  /// one: where a day without that hour is to begin or end.
  func firstInstant(of local: CivilDateTime) -> Int64 {
    let (instant, kind) = resolve(local)
    return kind == .gap ? segment(at: instant).start : instant
  }
}
