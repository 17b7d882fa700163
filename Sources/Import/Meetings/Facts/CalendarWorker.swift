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
  private let localZone: Zone
  private let spill: FactSpill
  private let components: ComponentReader
  private let pending = ByteBuffer(capacity: 64 << 10)

  init(_ reading: CalendarReading, run: RunPlan) {
    localZone = reading.localZone
    spill = reading.spill
    components = ComponentReader(run: run, localZone: reading.localZone)
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
    try components.read(reader, of: source) { fact in
      fact.write(to: pending)
      result.components += 1
      if pending.count >= FactSpill.chunkBytes { try flush(into: result) }
    }
    result.fault = reader.fault?.message
    result.warnings = reader.warnings
  }

  private func flush(into result: CalendarResult) throws {
    if pending.isEmpty { return }
    result.chunks.append(try spill.append(pending.view))
    pending.removeAll()
  }
}
