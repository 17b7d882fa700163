import Bytes
import Events
import ICalendar
import Records
import Rules
import TimeZones

/// What was read of one calendar.
final class CalendarResult: @unchecked Sendable {
  let source: CalendarSource
  /// Where its facts lie, in file order.
  fileprivate(set) var chunks: [FactSpill.Chunk] = []
  /// Components, broken ones among them.
  fileprivate(set) var components = 0
  /// Why it could not be read, or not to its end.
  fileprivate(set) var fault: String?
  /// What is odd about it as a whole.
  fileprivate(set) var warnings: [String] = []
  /// What kept the facts from being written.
  fileprivate(set) var failure: (any Error)?

  fileprivate init(_ source: CalendarSource) { self.source = source }
}

/// What every worker of a run needs to read calendars. Read-only.
struct CalendarReading: Sendable {
  let plan: MeetingPlan
  /// The zone of dates, and of floating times where a calendar names none.
  let localZone: Zone
  /// Where facts wait.
  let spill: FactSpill

  /// What reads calendars on one thread.
  func makeWorker(_ run: RunPlan) -> CalendarWorker { CalendarWorker(self, run: run) }
}

/// Reads calendars into facts, each from its beginning to its end: a pure function of the calendar,
/// the plan and the lists. One per thread; memory does not grow with the calendar.
final class CalendarWorker {
  private let run: RunPlan
  private let localZone: Zone
  private let spill: FactSpill
  private let builder = MeetingFactsBuilder()
  private let pending = ByteBuffer(capacity: 64 << 10)

  init(_ reading: CalendarReading, run: RunPlan) {
    localZone = reading.localZone
    spill = reading.spill
    self.run = run
  }

  /// Reads one calendar.
  func process(_ source: CalendarSource) -> CalendarResult {
    let result = CalendarResult(source)
    pending.removeAll()
    do {
      try read(source, into: result)
      try flush(into: result)
    } catch {
      result.failure = error
    }
    return result
  }

  private func read(_ source: CalendarSource, into result: CalendarResult) throws {
    let reader = EventReader(localZone: localZone) { source.open() }
    // The events of a file share what expanding may cost.
    var budget = EventBudget()
    while true {
      switch reader.next() {
      case .event(let event):
        CalendarFact.meeting(fact(event, source, &budget)).write(to: pending)
      case .broken(let fault):
        CalendarFact.fault(self.fault(fault, raw: reader.raw, source)).write(to: pending)
      case .end:
        result.fault = reader.fault?.message
        result.warnings = reader.warnings
        return
      }
      result.components += 1
      if pending.count >= FactSpill.chunkBytes { try flush(into: result) }
    }
  }

  private func flush(into result: CalendarResult) throws {
    if pending.isEmpty { return }
    result.chunks.append(try spill.append(pending.view))
    pending.removeAll()
  }

  private func fact(
    _ e: CalendarEvent, _ source: CalendarSource, _ budget: inout EventBudget
  ) -> MeetingFact {
    var facts = builder.facts(
      e, role: source.source.role ?? .other, user: source.source.user, localZone: localZone,
      occurrences: builder.occurrences(e, over: source.span, budget: &budget))
    if source.span.isOpen, let found = facts.occurrences, found.isSeries, !found.list.isEmpty {
      facts.occurrences?.goesOn = e.goesOn(after: source.span.through)
    }
    var fact = builder.fact(
      e, facts, place: source.place(e.place), index: e.place.index ?? 0)
    if fact.newer != nil, source.isInvitations { fact.newer = "a newer invitation in mail" }
    if mayGiveTask(facts, source.span) { fact.content = builder.content(e) }
    return fact
  }

  // Long texts of what lies outside of the span, as most of a calendar does, are not decoded.
  private func mayGiveTask(_ facts: MeetingFacts, _ span: MeetingSpan) -> Bool {
    guard facts.kind == .event, facts.role != .conflict, let found = facts.occurrences else {
      return false
    }
    // The task of what was cancelled may be written again.
    if !found.takesPlace { return facts.isCancelled }
    return found.list.contains { o in
      o.start >= span.from && (o.start <= span.through || (span.isOpen && !facts.isRecurring))
    }
  }

  private func fault(
    _ fault: EventFault, raw: ByteView, _ source: CalendarSource
  ) -> MeetingFault {
    var out = MeetingFault()
    out.place = source.place(fault.place)
    out.length = max(0, fault.place.length)
    let disclosure = run.disclosure.of(
      private: fault.isPrivate || PrivacyMark.mayBePrivate(raw))
    out.isPrivate = disclosure.isPrivate
    out.message = disclosure.shows(.quotedValue) ? fault.message : fault.plainMessage
    guard run.places.keepsUnread, !raw.trimmed().isEmpty else { return out }
    out.digest = SHA256.digest(raw)
    if disclosure.shows(.quarantinedBytes) {
      out.bytes = raw.prefix(QuarantineWriter.limit).array
    }
    return out
  }
}
