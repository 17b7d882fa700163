import CivilTime
import Recurrence
import Synchronization

/// A VTIMEZONE at work: onsets are computed for eight years at a time, when they are asked for.
final class ObservedZone: Sendable {
  private struct Onset: Sendable {
    var instant: Int64
    var observance: Int
  }

  private struct RuleOnset: Sendable {
    var rule: RecurrenceRule
    var observance: Int
    /// The last nominal second UNTIL admits.
    var until: CivilDateTime?
  }

  private struct Block: Sendable {
    var start: Int64
    var end: Int64
    /// The observance in force when the block begins; nil before the first onset.
    var before: Int?
    var onsets: [Onset] = []
  }

  private struct State: Sendable {
    var blocks: [Int: Block] = [:]
    var fault: ZoneError?
  }

  private static let blockYears = 8
  private static let stepsPerBlock = 1_000_000
  private static let onsetsPerBlock = 200_000

  private let observances: [VTimeZone.Observance]
  /// DTSTART and RDATE of all observances in order.
  private let single: [Onset]
  private let rules: [RuleOnset]
  private let initialOffset: Int
  private let state = Mutex(State())

  init(_ definition: VTimeZone) throws(ZoneError) {
    guard !definition.observances.isEmpty else { throw .noObservance }
    var single: [Onset] = []
    var rules: [RuleOnset] = []
    var excluded: [[CivilDateTime]] = []
    for (i, o) in definition.observances.enumerated() {
      guard o.offsetFrom.magnitude < 86_400, o.offsetTo.magnitude < 86_400 else {
        throw .offsetOutOfRange
      }
      let out = o.excluded.sorted()
      excluded.append(out)
      for t in [o.start] + o.dates where !Self.contains(out, t) {
        single.append(
          Onset(instant: t.adding(seconds: Int64(-o.offsetFrom)).nominalSeconds, observance: i))
      }
      for r in o.rules {
        guard r.frequency >= .daily else { throw .ruleTooFrequent }
        let until: CivilDateTime? =
          switch r.until {
          case .utc(let t): t.adding(seconds: Int64(o.offsetFrom))
          case .local(let t): t
          case .date(let d): CivilDateTime(d, hour: 23, minute: 59, second: 59)
          case nil: nil
          }
        rules.append(RuleOnset(rule: r, observance: i, until: until))
      }
      guard i < VTimeZone.maximumParts, rules.count <= VTimeZone.maximumParts,
        single.count <= VTimeZone.maximumParts
      else { throw .tooManyRules }
    }
    observances = definition.observances
    self.excluded = excluded
    self.single = Self.sorted(single, definition.observances)
    self.rules = rules
    let first = self.single.first.map { definition.observances[$0.observance] }
    initialOffset = (first ?? definition.observances[0]).offsetFrom
  }

  private let excluded: [[CivilDateTime]]

  private static func contains(_ list: [CivilDateTime], _ t: CivilDateTime) -> Bool {
    var low = 0
    var high = list.count
    while low < high {
      let m = (low + high) / 2
      if list[m] < t { low = m + 1 } else { high = m }
    }
    return low < list.count && list[low] == t
  }

  /// By instant; of those at one instant STANDARD last, so that it is the one that holds.
  private static func sorted(_ list: [Onset], _ o: [VTimeZone.Observance]) -> [Onset] {
    list.sorted {
      $0.instant != $1.instant
        ? $0.instant < $1.instant
        : o[$0.observance].isDaylight != o[$1.observance].isDaylight
          ? o[$0.observance].isDaylight : $0.observance < $1.observance
    }
  }

  var fault: ZoneError? { state.withLock { $0.fault } }

  func name(_ i: Int) -> String { i >= 0 && i < observances.count ? observances[i].name : "" }

  func segment(at instant: Int64) -> ZoneSegment {
    // RFC 5545 has no other years.
    let first = CivilDateTime.first.nominalSeconds
    let last = CivilDateTime.last.nominalSeconds
    if instant < first {
      return ZoneSegment(
        start: .min, end: first, offset: initialOffset, isDaylight: false, name: -1)
    }
    let year = CivilDateTime(nominalSeconds: min(instant, last)).date.year
    let block = block(year / Self.blockYears)
    var low = 0
    var high = block.onsets.count
    while low < high {
      let m = (low + high) / 2
      if block.onsets[m].instant <= instant { low = m + 1 } else { high = m }
    }
    let isLast = block.end > last
    let current = low > 0 ? block.onsets[low - 1].observance : block.before
    let end = low < block.onsets.count ? block.onsets[low].instant : isLast ? .max : block.end
    let start = low > 0 ? block.onsets[low - 1].instant : max(block.start, first)
    guard let current, current < observances.count else {
      return ZoneSegment(
        start: start, end: end, offset: initialOffset, isDaylight: false, name: -1)
    }
    let o = observances[current]
    return ZoneSegment(
      start: start, end: end, offset: o.offsetTo, isDaylight: o.isDaylight, name: current)
  }

  private func block(_ number: Int) -> Block {
    if let b = state.withLock({ $0.blocks[number] }) { return b }
    // Two threads may do the same work; both come to the same end.
    var isBroken = state.withLock { $0.fault != nil }
    let wasBroken = isBroken
    let b = compute(number, &isBroken)
    state.withLock {
      $0.blocks[number] = b
      if isBroken, !wasBroken { $0.fault = .tooManyOnsets }
    }
    return b
  }

  private func compute(_ number: Int, _ isBroken: inout Bool) -> Block {
    let from = CivilDateTime(
      CivilDate(year: number &* Self.blockYears, month: 1, day: 1)
    ).nominalSeconds
    let to = CivilDateTime(
      CivilDate(year: (number &+ 1) &* Self.blockYears, month: 1, day: 1)
    ).nominalSeconds
    var block = Block(start: from, end: to)
    let i = index(from)
    var best = i > 0 ? single[i - 1] : nil
    block.onsets += single[i..<max(index(to), i)]
    // Once the rules have proved to be absurd they are not asked again: work stays bounded.
    var steps = isBroken ? 0 : Self.stepsPerBlock
    for r in rules {
      guard steps > 0 else { break }
      collect(r, from, to, &block.onsets, &steps)
      if block.onsets.count > Self.onsetsPerBlock { steps = 0 }
      if steps > 0 { findLast(r, before: from, &best, &steps) }
    }
    if steps <= 0 { isBroken = true }
    block.before = best?.observance
    block.onsets = Self.sorted(block.onsets, observances)
    return block
  }

  /// The first of ``single`` at or after an instant.
  private func index(_ instant: Int64) -> Int {
    var low = 0
    var high = single.count
    while low < high {
      let m = (low + high) / 2
      if single[m].instant < instant { low = m + 1 } else { high = m }
    }
    return low
  }

  private func run(
    _ r: RuleOnset, _ from: Int64, _ to: Int64, _ steps: inout Int, _ body: (Onset) -> Void
  ) {
    let o = observances[r.observance]
    let shift = Int64(o.offsetFrom)
    var options = RecurrenceIterator.Options()
    options.from = CivilDateTime(nominalSeconds: from).adding(seconds: shift)
    options.through = CivilDateTime(nominalSeconds: to).adding(seconds: shift - 1)
    options.until = r.until
    options.startAlwaysCounts = false
    options.steps = steps
    var iterator = RecurrenceIterator(r.rule, start: o.start, options: options)
    while let t = iterator.next() {
      if !Self.contains(excluded[r.observance], t) {
        body(Onset(instant: t.nominalSeconds &- shift, observance: r.observance))
      }
    }
    steps -= iterator.stepsUsed
    if iterator.stop == .tooManySteps { steps = 0 }
  }

  private func collect(
    _ r: RuleOnset, _ from: Int64, _ to: Int64, _ out: inout [Onset], _ steps: inout Int
  ) {
    var found: [Onset] = []
    run(r, from, to, &steps) { found.append($0) }
    out += found
  }

  /// Looks back in ever longer spans for the last onset before an instant.
  private func findLast(_ r: RuleOnset, before: Int64, _ best: inout Onset?, _ steps: inout Int) {
    let o = observances[r.observance]
    let start = o.start.adding(seconds: Int64(-o.offsetFrom)).nominalSeconds
    var end = before
    if let u = r.until { end = min(end, u.nominalSeconds &- Int64(o.offsetFrom) &+ 1) }
    for days in [400, 4000, 40_000, 4_000_000] as [Int64] where steps > 0 {
      let from = max(start, end &- days &* 86_400, best?.instant ?? .min)
      guard from < end else { return }
      var last: Onset?
      run(r, from, end, &steps) { last = $0 }
      if let last {
        if last.instant >= best?.instant ?? .min { best = last }
        return
      }
      if from <= start || from == best?.instant { return }
    }
  }
}
