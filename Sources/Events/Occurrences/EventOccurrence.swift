public import CivilTime

/// One occurrence of an event (RFC 5545 3.8.5).
public struct EventOccurrence: Hashable, Sendable {
  /// When it begins, UTC seconds since 1970; of a date its midnight in the local zone.
  public var start: Int64
  /// When it ends, never before it begins; of a date the midnight after its last day.
  public var end: Int64
  /// When it begins by the clock of the event: for all-day ones midnight of the first day.
  public var nominalStart: CivilDateTime
  /// When it ends by the clock of the event: for all-day ones midnight after the last day.
  public var nominalEnd: CivilDateTime
  /// The original start in its series, UTC seconds since 1970, wherever the occurrence was moved;
  /// nil for events that do not repeat and belong to no series.
  public var recurrenceID: Int64?
  /// A component of its own (RECURRENCE-ID) says it, not the series.
  public var isOverridden: Bool

  /// An occurrence.
  public init(
    start: Int64, end: Int64, nominalStart: CivilDateTime, nominalEnd: CivilDateTime,
    recurrenceID: Int64? = nil, isOverridden: Bool = false
  ) {
    self.start = start
    self.end = end
    self.nominalStart = nominalStart
    self.nominalEnd = nominalEnd
    self.recurrenceID = recurrenceID
    self.isOverridden = isOverridden
  }

  /// The first day, as the event's clock shows it.
  public var startDate: CivilDate { nominalStart.date }
  /// The day of the end; of all-day ones the day after the last (RFC 5545 3.6.1).
  public var endDate: CivilDate { nominalEnd.date }
}

/// The occurrences that one component gives in a window.
public struct EventOccurrences: Sendable {
  /// In order of their start.
  public var list: [EventOccurrence] = []
  /// False where some are missing, because they are too many or cost too much to compute.
  public var isComplete = true
  /// False where DTSTART is not on its own rule (it was given all the same).
  public var startIsOnRule = true
  /// What it cost, for a budget over many events.
  public var stepsUsed = 0
  /// Why some are missing, in a sentence; nil where none are.
  public var fault: String?

  /// None at all.
  public init() {}
}

/// The steps that the rules of all events of one file may take together.
///
/// Spent in file order, so the same file gives the same result in every run.
public struct EventBudget: Sendable {
  /// Steps left.
  public private(set) var steps: Int
  private let perSeries: Int

  /// A full budget.
  public init(_ limits: EventLimits = EventLimits()) {
    steps = limits.stepsPerFile
    perSeries = limits.stepsPerSeries
  }

  /// The event's occurrences that begin in `from...through`, paid from this budget.
  public mutating func occurrences(
    of event: CalendarEvent, from: Int64 = .min, through: Int64
  ) -> EventOccurrences {
    guard event.isRecurring else { return event.occurrences(from: from, through: through) }
    guard steps > 0 else {
      var out = EventOccurrences()
      out.isComplete = false
      out.fault =
        "the rules of this file take more steps than allowed; give a shorter window or split it"
      return out
    }
    let out = event.occurrences(from: from, through: through, steps: min(steps, perSeries))
    steps -= min(out.stepsUsed, steps)
    return out
  }
}
