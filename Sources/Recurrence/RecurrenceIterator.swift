public import CivilTime

/// Why a ``RecurrenceIterator`` gives no more.
public enum RecurrenceStop: Hashable, Sendable {
  /// COUNT is used up.
  case count
  /// The next instance would be after UNTIL.
  case until
  /// The next instance would be after the window.
  case window
  /// The calendar ends: nothing after the year 9999 (or before the year 1) is given.
  case calendarEnd
  /// The rule takes more steps than allowed to find its next instance or to give them all. What
  /// was given is right, but there may be more.
  case tooManySteps
}

/// The instances of a rule as nominal local times, in order and without doubles, computed one at a
/// time.
///
/// Pure calendar arithmetic (RFC 5545 3.3.10): the clock shows every time of every day; gaps and
/// folds of daylight saving time are the zone's affair, later. Dates the calendar lacks (30
/// February) are passed over and not counted. Memory is fixed, work is bounded by the step limit.
public struct RecurrenceIterator: Sendable {
  /// Where the instances begin and end, and what may be spent on them.
  public struct Options: Sendable {
    /// Instances before this are counted, but not given; where there is no COUNT they are skipped.
    public var from: CivilDateTime?
    /// Nothing after this is looked for.
    public var through: CivilDateTime?
    /// Takes the place of the rule's UNTIL as a bound (inclusive), for callers that know the zone.
    public var until: CivilDateTime?
    /// DTSTART is the first instance and counts, even where the rule does not give it (RFC 5545
    /// 3.3.10: "always counts as the first occurrence"). Without, only the rule's own are given.
    public var startAlwaysCounts = true
    /// How many instances and empty periods may be visited.
    public var steps = RecurrenceIterator.defaultSteps

    /// Everything from DTSTART on.
    public init() {}
  }

  /// Enough for two decades of hours or half a year of minutes; about five milliseconds.
  public static let defaultSteps = 250_000

  /// Why ``next()`` gave nil; nil as long as there may be more.
  public private(set) var stop: RecurrenceStop?
  /// False when the rule itself does not give DTSTART (RFC 5545 3.8.5.3: such a set is undefined;
  /// here DTSTART is its first instance).
  public private(set) var startIsOnRule = false

  private var search: PeriodSearch
  private var set = PeriodSet()
  private let start: Int64
  private let lower: Int64
  private let upper: Int64
  private let upperStop: RecurrenceStop
  private var remaining: Int
  private let isCounted: Bool
  private var startIsPending = false
  private var hasSkipped = false

  /// The instances of `rule` from `start` (DTSTART) on; `isDate` where DTSTART is a DATE, then the
  /// times of day in rule and start are ignored and each day comes once.
  public init(
    _ rule: RecurrenceRule, start dtstart: CivilDateTime, isDate: Bool = false,
    options: Options = Options()
  ) {
    let first = isDate ? dtstart.startOfDay : dtstart
    start = first.nominalSeconds
    lower = max(options.from ?? first, first).nominalSeconds
    isCounted = rule.count != nil
    remaining = max(rule.count ?? .max, 0)
    let until = options.until ?? rule.until.map(Self.bound)
    let through = options.through ?? .last
    if let until, until <= min(through, .last) {
      upper = until.nominalSeconds
      upperStop = .until
    } else if through < .last {
      upper = through.nominalSeconds
      upperStop = .window
    } else {
      upper = CivilDateTime.last.nominalSeconds
      upperStop = .calendarEnd
    }
    search = PeriodSearch(
      RulePlan(rule, start: first, isDate: isDate), start: first, last: upper,
      steps: max(options.steps, 1))
    if !first.isValid {
      stop = .calendarEnd
    } else if start > upper {
      stop = upperStop
    } else {
      var found = search.find(&set)
      startIsOnRule = found && search.isFirst && set.contains(start)
      if !startIsOnRule, search.countFromCalendarYear(of: first) { found = search.find(&set) }
      startIsPending = options.startAlwaysCounts && !startIsOnRule
      if !found {
        set.discard()
        if !startIsPending { stop = search.failure ?? upperStop }
      }
    }
  }

  /// UNTIL as the last nominal second it admits, without knowing a zone: a date stands for all of
  /// its day.
  static func bound(_ until: DateTimeValue) -> CivilDateTime {
    switch until {
    case .date(let d): CivilDateTime(d, hour: 23, minute: 59, second: 59)
    case .local(let t), .utc(let t): t
    }
  }

  /// Steps used so far.
  public var stepsUsed: Int { search.stepsUsed }

  /// The next instance, or nil; then ``stop`` says why.
  public mutating func next() -> CivilDateTime? {
    guard stop == nil else { return nil }
    if startIsPending {
      startIsPending = false
      if isCounted { remaining &-= 1 }
      if start >= lower { return CivilDateTime(nominalSeconds: start) }
    }
    while remaining > 0 {
      guard let value = set.next() else {
        guard findNextSet() else { return nil }
        continue
      }
      if value < start { continue }
      guard value <= upper else {
        stop = upperStop
        return nil
      }
      guard search.spend() else {
        stop = .tooManySteps
        return nil
      }
      if isCounted { remaining &-= 1 }
      if value >= lower { return CivilDateTime(nominalSeconds: value) }
      if !isCounted, !hasSkipped, !search.reaches(lower) { set.discard() }
    }
    stop = .count
    return nil
  }

  private mutating func findNextSet() -> Bool {
    if !hasSkipped {
      hasSkipped = true
      skip()
      if stop != nil { return false }
    }
    while search.advance(&set) {
      // A period that ends before the window only counts.
      guard isCounted, !search.reaches(lower) else { return true }
      remaining &-= min(set.count, remaining)
      if remaining == 0 {
        stop = .count
        return false
      }
    }
    stop = search.failure ?? upperStop
    return false
  }

  /// Goes to the last period before the window at once: always without COUNT, with COUNT where
  /// all periods have the same number of instances.
  private mutating func skip() {
    let periods = search.periods(before: lower)
    guard periods > 0 else { return }
    if isCounted {
      guard let size = search.constantSize(set) else { return }
      let (used, overflow) = periods.multipliedReportingOverflow(by: size)
      guard !overflow, used < remaining else {
        stop = .count
        return
      }
      remaining &-= used
    }
    search.skip(periods)
  }
}
