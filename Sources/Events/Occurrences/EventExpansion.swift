import CivilTime
import TimeZones

/// How a component gives its occurrences; there is none where it gives none at all (cancelled,
/// superseded, without a start).
enum EventExpansion: Sendable {
  /// Its own span.
  case single
  /// A series with what overrides replace taken out, up to `cut`; `isCut`: not all its dates were
  /// read.
  case series(OccurrenceSet, cut: Int64?, isRepeating: Bool, isCut: Bool)
  /// The rest of a series, from a RANGE=THISANDFUTURE override on.
  case following(FollowingInstances)

  var isSeries: Bool {
    switch self {
    case .single: false
    case .series(_, _, let isRepeating, _): isRepeating
    case .following: true
    }
  }
}

/// The instance of a RANGE=THISANDFUTURE override and all that follow (RFC 5545 3.2.13, 3.8.4.4):
/// those of the master, shifted by as much as the override's own start is, on the override's clock
/// and with its length.
struct FollowingInstances: Sendable {
  /// The master's set, without what overrides take out.
  let master: OccurrenceSet
  let start: TimeValue
  let length: OccurrenceLength
  let localZone: Zone
  /// The original start of its own instance.
  let first: Int64
  /// The original start from which another override has the say.
  let cut: Int64?
  let replaced: [SeriesFacts.Replaced]
  let limits: EventLimits

  func occurrences(from: Int64, through: Int64, steps: Int) -> EventOccurrences {
    var out = EventOccurrences()
    let clock = start.zone(localZone: localZone)
    let shift = start.nominal.seconds(since: master.zone.localTime(at: first))
    // What comes into the window, wherever it was; a clock is never further off than a day or two.
    let reach = Int64(clamping: min(shift.magnitude, 1 << 60)) + 200_000
    let low = max(from < .min + reach ? .min : from - reach, first)
    let last = cut.map { $0 > .min ? $0 - 1 : .min } ?? .max
    let high = min(through > .max - reach ? .max : through + reach, last)
    var originals: [(shifted: Int64, original: Int64)] = []
    var dates: [OccurrenceSet.ExtraDate] = []
    if low <= high {
      let found = master.occurrences(from: low, through: high, steps: steps)
      out.stepsUsed = found.stepsUsed
      out.isComplete = found.isComplete
      for o in found.list where o.start != first {
        let t = o.nominal.adding(seconds: shift)
        let value: TimeValue =
          start.isDate ? .date(t.date) : .zoned(t, clock)
        let instant = clock.instant(of: start.isDate ? t.startOfDay : t)
        if isReplaced(o.start) || isReplaced(instant) { continue }
        originals.append((instant, o.start))
        dates.append(.init(value))
      }
    }
    let own = start.instant(localZone: localZone)
    if !isReplaced(first) { originals.append((own, first)) }
    originals.sort { $0.shifted < $1.shifted }
    let set = OccurrenceSet(
      start: start, length: length, localZone: localZone, dates: dates,
      excluded: isReplaced(first) ? [start] : [])
    for o in set.occurrences(from: from, through: through).list {
      guard let original = Self.find(originals, o.start) else { continue }
      out.list.append(EventOccurrence(o, recurrenceID: original, isOverridden: true))
    }
    return out
  }

  private static func find(_ list: [(shifted: Int64, original: Int64)], _ key: Int64) -> Int64? {
    var low = 0
    var high = list.count
    while low < high {
      let m = (low + high) / 2
      if list[m].shifted < key { low = m + 1 } else { high = m }
    }
    return low < list.count && list[low].shifted == key ? list[low].original : nil
  }

  /// `replaced` is in order.
  private func isReplaced(_ instant: Int64) -> Bool {
    var low = 0
    var high = replaced.count
    while low < high {
      let m = (low + high) / 2
      if replaced[m].instant < instant { low = m + 1 } else { high = m }
    }
    return low < replaced.count && replaced[low].instant == instant
  }
}
