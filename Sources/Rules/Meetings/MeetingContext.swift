/// Which of the three ways an item takes through the rules.
public enum MeetingWay: Sendable {
  /// A meeting: it may become a task.
  case meeting
  /// `guests` is `busy-only`: every busy event becomes a block, no task, no lead.
  case busyOnly
  /// A conflict calendar: busy time only, whoever takes part.
  case conflict
}

/// What the rest of a run, and earlier runs, say of an item: no facts of its own, but what merges
/// and the ledger found out.
package struct MeetingStanding: Hashable, Sendable {
  /// An earlier run published its task (ledger).
  package var isKnown = false
  /// Where a newer version of the same component stands, for people; nil when there is none.
  package var newer: String?
  /// Original starts of a series that components in other calendars of its owner say.
  package var replaced: Set<Int64> = []

  /// Nothing else is known of it.
  package init(isKnown: Bool = false, newer: String? = nil, replaced: Set<Int64> = []) {
    self.isKnown = isKnown
    self.newer = newer
    self.replaced = replaced
  }

  /// True when a newer version was seen.
  package var isSuperseded: Bool { newer != nil }
}

/// One item under a plan. Its facts do not change; what follows from them under the plan is derived
/// when it is first asked.
public final class MeetingContext {
  /// The plan in force.
  public let plan: MeetingPlan
  /// The item's facts.
  package let facts: MeetingFacts
  /// See ``MeetingStanding``.
  package let standing: MeetingStanding
  /// The owner's plan; the administrator's settings when nobody is known.
  public let owner: MeetingUserPlan
  /// See ``MeetingPeople``.
  public private(set) lazy var people = MeetingPeople(
    facts.parties, owner: facts.user, plan: plan, calendar: owner.calendar)
  /// The occurrences that begin in the owner's window and that it says itself, in order.
  package private(set) lazy var occurrences: [MeetingOccurrence] = selected()

  /// An item under a plan.
  package init(
    plan: MeetingPlan, facts: MeetingFacts, standing: MeetingStanding = MeetingStanding()
  ) {
    self.plan = plan
    self.facts = facts
    self.standing = standing
    owner = plan.user(facts.user)
  }

  private func selected() -> [MeetingOccurrence] {
    guard let found = facts.occurrences else { return [] }
    return found.list.filter { o in
      guard found.isInside(o.start, owner.window, isRecurring: facts.isRecurring) else {
        return false
      }
      return o.original.map { !standing.replaced.contains($0) } ?? true
    }
  }

  /// Why some of its occurrences in the owner's window are missing, in a sentence; nil where they
  /// are, and of what takes no place.
  package var occurrenceFault: String? {
    guard let found = facts.occurrences, found.takesPlace else { return nil }
    return isExpanded
      ? found.fault : "its series was expanded over another span than the window; read it again"
  }

  /// False for a series that was expanded over a span in which the owner's window does not lie.
  var isExpanded: Bool {
    guard let found = facts.occurrences, found.isSeries else { return true }
    return found.covers(owner.window)
  }

  /// True when a series goes on after the owner's window, which has no end of its own there.
  package var isCutAtHorizon: Bool {
    guard let found = facts.occurrences, found.isSeries, owner.window.isCutAtHorizon else {
      return false
    }
    return found.goesOn || found.list.last.map { $0.start > owner.window.expansionEnd } ?? false
  }

  /// The settings that hold for the owner.
  public var calendar: Config.Calendar { owner.calendar }

  /// True when the owner is a listed user.
  public var hasOwner: Bool { facts.user >= 0 && facts.user < plan.users.count }

  /// See ``MeetingWay``.
  public var way: MeetingWay {
    if facts.role == .conflict { return .conflict }
    return calendar.guests == .busyOnly ? .busyOnly : .meeting
  }

  /// True when the owner declined.
  public var ownerDeclined: Bool { facts.ownerDeclined || people.ownerDeclined }

  /// True when it takes the owner's time: neither free nor cancelled nor declined by them.
  public var isBusy: Bool { !facts.isFree && !facts.isCancelled && !ownerDeclined }

  /// True when no output and no log may show more of it than its UID and its reason (and, where it
  /// becomes a block, that block): a private event, unless `private` is `keep` and it is a meeting.
  public var hidesContent: Bool {
    facts.isPrivate && !(calendar.private == .keep && way == .meeting)
  }

  /// The path of a setting: the user's override where it says something else than the
  /// administrator.
  func path<T: Equatable>(_ key: String, _ value: (Config.Calendar) -> T) -> String {
    MeetingUserPlan.path(key, value(calendar) != value(plan.calendar))
  }
}
