import CivilTime
import Events
import Import
import Rules
import TimeZones

/// One CRM task that takes time.
struct AvailabilityTask {
  let id: String
  let subject: String
  let span: TimeSpan
  let isCancelled: Bool
  /// When the CRM changed it last, or nil.
  let modified: Int64?

  /// True when the task, not the event that was made of it, tells the time: as `calendar.conflict`
  /// says, else the one that was changed last.
  func isNewer(than e: CalendarEvent, _ conflict: Config.Conflict) -> Bool {
    switch conflict {
    case .crm: return true
    case .provider: return false
    case .newest, .review:
      guard let modified, let other = e.lastModified else { return false }
      return modified > other
    }
  }
}

/// The CRM tasks of a list that take their owners' time: appointments of the types that go out
/// (`calendar.outboundTaskTypes`), whichever way records flow.
struct AvailabilityTasks {
  /// A task of one owner.
  struct Key: Hashable {
    var user: Int
    var id: String
  }

  /// The tasks in list order, by owner's position in the plan.
  private(set) var byUser: [Int: [AvailabilityTask]] = [:]
  /// The same by id.
  private(set) var byID: [Key: AvailabilityTask] = [:]
  /// Tasks without usable times, one line each.
  private(set) var warnings: [String] = []

  /// The tasks of `users`, positions in the plan; days begin by the clock of `zone`.
  init(_ rows: [TaskRow], users: Set<Int>, plan: MeetingPlan, zone: Zone) {
    // Not the owner's standing, which was asked before, and not the direction.
    let rules = TaskRules.book.rules.filter { $0.reasons.contains(.taskTypeNotSelected) }
    for row in rows {
      let c = TaskContext(plan: plan, row: row)
      guard users.contains(c.user), rules.allSatisfy({ $0.ask(c).reason == nil }) else { continue }
      do {
        let e = try TaskEvent(c, hasLink: false)
        let task = AvailabilityTask(
          id: row.id, subject: row.subject, span: Self.times(e.span, zone),
          isCancelled: e.isCancelled,
          modified: ConfigTime(row.modifiedOn).map { plan.clock.seconds(of: $0) })
        byUser[c.user, default: []].append(task)
        byID[Key(user: c.user, id: row.id)] = task
      } catch {
        warnings.append("\(row.file): task \(row.id) is not counted: \(error.message)")
      }
    }
  }

  private static func times(_ span: TaskSpan, _ zone: Zone) -> TimeSpan {
    func day(_ n: Int64) -> Int64 {
      zone.firstInstant(of: CivilDateTime(nominalSeconds: 0).adding(days: Int(clamping: n)))
    }
    return switch (span.start, span.end) {
    case (.date(let a), .date(let b)?): TimeSpan(start: day(a), end: day(b))
    case (.date(let a), _): TimeSpan(start: day(a), end: day(a.addingClamped(1)))
    case (.instant(let a), .instant(let b)?): TimeSpan(start: a, end: b)
    // As it goes out.
    case (.instant(let a), _): TimeSpan(start: a, end: a.addingClamped(1800))
    }
  }

  /// Adds the tasks to what the calendars say about a user, but for those that a calendar has.
  func add(to person: inout AvailabilityPerson, user: Int) {
    for task in byUser[user] ?? [] {
      if task.isCancelled || person.takenTasks.contains(task.id)
        || person.knows(user: user, task.span, title: task.subject)
      {
        continue
      }
      person.add(
        task.span, .busy,
        AvailabilityPerson.Meeting(id: OutboundEvent.uid(taskID: task.id), instance: nil))
    }
  }
}
