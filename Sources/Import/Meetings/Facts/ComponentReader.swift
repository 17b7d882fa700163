import Bytes
import Events
import ICalendar
import Records
import Rules
import TimeZones

/// Reads the components of a calendar into facts: a pure function of the calendar, the plan and the
/// lists. One per thread.
final class ComponentReader {
  private let run: RunPlan
  private let localZone: Zone
  private let builder = MeetingFactsBuilder()

  /// A reader; `localZone` is the zone of dates, and of floating times where a calendar names none.
  init(run: RunPlan, localZone: Zone) {
    self.run = run
    self.localZone = localZone
  }

  /// Calls `body` with each component in file order, to the calendar's end; what expanding them may
  /// cost is theirs together.
  func read(
    _ reader: EventReader, of source: CalendarSource, _ budget: EventBudget = EventBudget(),
    _ body: (CalendarFact) throws -> Void
  ) rethrows {
    var budget = budget
    while true {
      switch reader.next() {
      case .event(let event): try body(.meeting(fact(event, source, &budget)))
      case .broken(let fault): try body(.fault(self.fault(fault, raw: reader.raw, source)))
      case .end: return
      }
    }
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
    if fact.newer != nil, source.isInvitation { fact.newer = "a newer invitation in mail" }
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
