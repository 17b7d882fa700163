import CivilTime
import Recurrence

/// One walk over a series for one window.
struct OccurrenceSearch {
  private let set: OccurrenceSet
  private let from: Int64
  private let through: Int64
  private var steps: Int
  private let stepLimit: Int
  private var cursor: ZoneCursor
  private(set) var found: [Occurrence] = []
  private(set) var stop: RecurrenceStop?
  private(set) var startIsOnRule: Bool
  private var excludedByRule: [Int64] = []

  /// No clock is further from UTC, nor set further at once, than a little over a day.
  private static let slack: Int64 = 100_000

  init(_ set: OccurrenceSet, from: Int64, through: Int64, steps: Int) {
    self.set = set
    // The calendar's years and a little more; sums cannot overflow.
    let first = CivilDateTime.first.nominalSeconds &- 200_000
    let last = CivilDateTime.last.nominalSeconds &+ 200_000
    self.from = min(max(from, first), last)
    self.through = min(max(through, first), last)
    self.steps = max(steps, 1)
    stepLimit = self.steps
    cursor = ZoneCursor(set.zone)
    startIsOnRule = set.rules.isEmpty
  }

  var stepsUsed: Int { stepLimit &- steps }

  var hasExclusions: Bool {
    !set.excludedInstants.isEmpty || !set.excludedDays.isEmpty || !excludedByRule.isEmpty
  }

  func isExcluded(_ o: Occurrence) -> Bool {
    let key = set.isDate ? o.nominal.nominalSeconds : o.start
    return Self.contains(set.excludedInstants, key) || Self.contains(excludedByRule, key)
      || Self.contains(set.excludedDays, o.nominal.daysSince1970)
  }

  private static func contains<T: Comparable>(_ list: [T], _ value: T) -> Bool {
    var low = 0
    var high = list.count
    while low < high {
      let m = (low &+ high) / 2
      if list[m] < value { low = m &+ 1 } else { high = m }
    }
    return low < list.count && list[low] == value
  }

  mutating func run() {
    guard from <= through else { return }
    if set.rules.isEmpty { add(set.start.nominal, nil, false) }
    for rule in set.rules {
      guard steps > 0 else {
        stop = .tooManySteps
        break
      }
      expand(rule, startAlwaysCounts: true) { search, nominal, instant in
        search.add(nominal, instant, nil, false)
      }
    }
    addExtras()
    if !found.isEmpty {
      for rule in set.exclusionRules where steps > 0 {
        expand(rule, startAlwaysCounts: false) { search, nominal, instant in
          search.excludedByRule.append(search.set.isDate ? nominal.nominalSeconds : instant)
        }
      }
      excludedByRule.sort()
    }
    arrange()
  }

  /// The time on the clock of the series around an instant: exact where its offset does not change
  /// nearby, else as far out as no change can reach.
  private mutating func nominal(_ instant: Int64, outwards: Int64) -> CivilDateTime {
    let segment = set.zone.segment(at: instant)
    let far =
      segment.start > instant &- Self.slack || segment.end < instant &+ Self.slack
    return CivilDateTime(nominalSeconds: instant)
      .adding(seconds: Int64(segment.offset) &+ (far ? outwards &* Self.slack : 0))
  }

  private mutating func expand(
    _ rule: RecurrenceRule, startAlwaysCounts: Bool,
    _ body: (inout OccurrenceSearch, CivilDateTime, Int64) -> Void
  ) {
    var options = RecurrenceIterator.Options()
    options.startAlwaysCounts = startAlwaysCounts
    options.steps = steps
    options.from = nominal(from, outwards: -1)
    options.through = nominal(through, outwards: 1)
    if set.isDate { options.from = options.from?.startOfDay }
    // An UNTIL in UTC is compared by instant (RFC 5545 3.3.10), whatever the clock shows.
    var last = Int64.max
    if case .utc(let t) = rule.until {
      if set.isDate {
        let resolver = NameResolver(start: set.start, zone: set.zone, localZone: set.localZone)
        options.until = CivilDateTime(daysSince1970: resolver.day(.utc(t.nominalSeconds)))
      } else {
        last = t.nominalSeconds
        options.until = nominal(last, outwards: 1)
      }
    } else if set.isDate, case .local(let t) = rule.until {
      options.until = t.startOfDay
    }
    var iterator = RecurrenceIterator(
      rule, start: set.start.nominal, isDate: set.isDate, options: options)
    if iterator.startIsOnRule { startIsOnRule = true }
    while let t = iterator.next() {
      let instant = cursor.instant(of: t)
      if instant >= from, instant <= through, instant <= last { body(&self, t, instant) }
    }
    steps = max(steps &- iterator.stepsUsed, 0)
    if iterator.stop == .tooManySteps { stop = .tooManySteps }
  }

  private mutating func addExtras() {
    var low = 0
    var high = set.extras.count
    while low < high {
      let m = (low &+ high) / 2
      if set.extras[m].instant < from { low = m &+ 1 } else { high = m }
    }
    while low < set.extras.count, set.extras[low].instant <= through {
      let e = set.extras[low]
      add(e.nominal, e.instant, e.length, true)
      low &+= 1
    }
  }

  private mutating func add(
    _ nominal: CivilDateTime, _ length: OccurrenceLength?, _ isFromDates: Bool
  ) {
    let instant = cursor.instant(of: nominal)
    if instant >= from, instant <= through { add(nominal, instant, length, isFromDates) }
  }

  private mutating func add(
    _ nominal: CivilDateTime, _ instant: Int64, _ length: OccurrenceLength?, _ isFromDates: Bool
  ) {
    let (end, nominalEnd) = end(nominal, instant, length ?? set.length)
    found.append(
      Occurrence(
        nominal: nominal, start: instant, end: end, nominalEnd: nominalEnd,
        isFromDates: isFromDates))
  }

  private mutating func end(
    _ nominal: CivilDateTime, _ start: Int64, _ length: OccurrenceLength
  ) -> (Int64, CivilDateTime) {
    // A start out of a gap is later on the clock than its name says; so is its end.
    let shown = set.isDate ? nominal : cursor.localTime(at: start)
    let last: CivilDateTime
    var exact: Int64 = 0
    switch length {
    case .none:
      guard set.isDate else { return (start, nominal) }
      last = shown.adding(days: 1)
    case .nominal(let seconds): last = shown.adding(seconds: max(seconds, 0))
    case .duration(let d):
      last = shown.adding(days: max(d.days, 0))
      exact = max(d.seconds, 0)
    }
    let day = last == shown ? start : cursor.instant(of: last)
    let (sum, overflow) = max(day, start).addingReportingOverflow(exact)
    let end = overflow ? .max : sum
    return (end, exact == 0 ? last : cursor.localTime(at: end))
  }

  /// Puts what was found in order, once each. Nominal order is not always that of instants: 2:30
  /// that is shifted out of a gap comes after 3:00.
  private mutating func arrange() {
    let isDate = set.isDate
    func key(_ o: Occurrence) -> Int64 { isDate ? o.nominal.nominalSeconds : o.start }
    var isSorted = true
    for i in found.indices.dropFirst() where key(found[i - 1]) >= key(found[i]) {
      isSorted = false
      break
    }
    if isSorted { return }
    // Of doubles the one from RDATE stays, for it may have its own end, then the one whose name the
    // clock shows.
    found.sort { a, b in
      if key(a) != key(b) { return key(a) < key(b) }
      return a.isFromDates != b.isFromDates ? b.isFromDates : a.nominal < b.nominal
    }
    var kept = 0
    for i in found.indices {
      if kept > 0, key(found[kept - 1]) == key(found[i]) {
        found[kept - 1] = found[i]
      } else {
        found[kept] = found[i]
        kept += 1
      }
    }
    found.removeLast(found.count - kept)
  }
}
