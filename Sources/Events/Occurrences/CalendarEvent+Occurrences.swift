import CivilTime
import Recurrence
import TimeZones

extension CalendarEvent {
  /// The occurrences this component gives that begin in `from...through` (UTC seconds since 1970),
  /// in order.
  ///
  /// A master gives its series without the instances that EXDATE takes out or overrides replace or
  /// cancel, up to where a THISANDFUTURE override takes over; an override its own occurrence,
  /// wherever it was moved; a THISANDFUTURE override its instance and all that follow. Cancelled
  /// and superseded components give none, and so do those without a start.
  ///
  /// `steps`: what the rules may take, at most ``EventLimits/stepsPerSeries``. To share a budget
  /// among the events of a file, ask through ``EventBudget``.
  public func occurrences(
    from: Int64 = .min, through: Int64, steps: Int = EventLimits().stepsPerSeries,
    limit: Int = EventLimits().occurrencesPerSeries
  ) -> EventOccurrences {
    var out = EventOccurrences()
    switch expansion {
    case nil: return out
    case .single:
      if let span, span.start >= from, span.start <= through { out.list = [span] }
      return out
    case .following(let rest): out = rest.occurrences(from: from, through: through, steps: steps)
    case .series(let set, let cut, let isRepeating, let isCut):
      let last = cut.map { min(through, $0 > .min ? $0 - 1 : .min) } ?? through
      let found = set.occurrences(from: from, through: last, steps: steps)
      out.isComplete = found.isComplete && !isCut
      out.startIsOnRule = found.startIsOnRule
      out.stepsUsed = found.stepsUsed
      out.list.reserveCapacity(min(found.list.count, limit))
      for o in found.list.prefix(limit) {
        let original = !isRepeating || o.start == span?.start ? recurrenceInstant : nil
        out.list.append(
          EventOccurrence(
            o, recurrenceID: original ?? (isRepeating ? o.start : nil),
            isOverridden: recurrenceID != nil))
      }
      if found.list.count > limit { out.fault = Self.tooMany(limit) }
      if isCut {
        out.fault =
          "the event has more dates and rules than are read; split the series into shorter ones"
      }
    }
    if out.list.count > limit {
      out.list.removeLast(out.list.count - limit)
      out.fault = Self.tooMany(limit)
    }
    if out.fault != nil { out.isComplete = false }
    if !out.isComplete, out.fault == nil {
      out.fault =
        "the rule takes more than \(steps) steps to compute; give a shorter window or mend the rule"
    }
    return out
  }

  private static func tooMany(_ limit: Int) -> String {
    "the rule gives more than \(limit) occurrences in the window; give a shorter one or mend the "
      + "rule"
  }

  /// True when the series goes on after an instant: for those who expand it up to there and want to
  /// tell that something was cut. True, too, where that costs too much to know.
  public func goesOn(after instant: Int64, steps: Int = 20_000) -> Bool {
    guard isRecurring, instant < .max else { return false }
    var steps = steps
    // A year, ten, a hundred, then all: most answers are near.
    for years: Int64 in [1, 10, 100, 10_000] {
      let (end, overflow) = instant.addingReportingOverflow(years &* 31_622_400)
      let found = occurrences(
        from: instant &+ 1, through: overflow ? .max : end, steps: max(steps, 1))
      if !found.list.isEmpty || !found.isComplete { return true }
      steps -= found.stepsUsed
    }
    return false
  }
}
