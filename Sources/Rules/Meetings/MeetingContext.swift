/// Which of the three ways an item takes through the rules (contract section 4).
public enum MeetingWay: Sendable {
  /// A meeting: it may become a task.
  case meeting
  /// `guests` is `busy-only`: every busy event becomes a block, no task, no lead.
  case busyOnly
  /// A conflict calendar: busy time only, whoever takes part.
  case conflict
}

/// One item under a plan. Its facts do not change; who takes part is derived when it is first asked.
public final class MeetingContext: RuleContext {
  /// The plan in force.
  public let plan: MeetingPlan
  /// The item's facts.
  public let item: MeetingItem
  /// The owner's plan; the administrator's settings when nobody is known.
  public let owner: MeetingUserPlan
  /// See ``MeetingPeople``.
  public private(set) lazy var people = MeetingPeople(
    item.parties, owner: item.user, plan: plan, calendar: owner.calendar)

  /// An item under a plan.
  public init(plan: MeetingPlan, item: MeetingItem) {
    self.plan = plan
    self.item = item
    owner = plan.user(item.user)
  }

  /// The settings that hold for the owner.
  public var calendar: Config.Calendar { owner.calendar }

  /// True when the owner is a listed user.
  public var hasOwner: Bool { item.user >= 0 && item.user < plan.users.count }

  /// See ``MeetingWay``.
  public var way: MeetingWay {
    if item.role == .conflict { return .conflict }
    return calendar.guests == .busyOnly ? .busyOnly : .meeting
  }

  /// True when the owner declined.
  public var ownerDeclined: Bool { item.ownerDeclined || people.ownerDeclined }

  /// True when it takes the owner's time: neither free nor cancelled nor declined by them.
  public var isBusy: Bool { !item.isFree && !item.isCancelled && !ownerDeclined }

  /// True when no output and no log may show more of it than its UID and its reason (and, where it
  /// becomes a block, that block): a private event, unless `private` is `keep` and it is a meeting.
  public var hidesContent: Bool {
    item.isPrivate && !(calendar.private == .keep && way == .meeting)
  }

  /// The path of a setting: the user's override where it says something else than the administrator.
  func path<T: Equatable>(_ key: String, _ value: (Config.Calendar) -> T) -> String {
    MeetingUserPlan.path(key, value(calendar) != value(plan.calendar))
  }
}
