import Recurrence

/// What one file, one series and one event may take.
public struct EventLimits: Sendable {
  /// Bytes of one text (a DESCRIPTION, say) that are kept; the rest is cut and told.
  public var textBytes = 1 << 20
  /// Bytes of a UID that are kept as they are; a longer one ends in its own SHA-256.
  public var uidBytes = 1024
  /// RDATE and EXDATE values of one event that are read.
  public var datesPerSeries = 100_000
  /// RRULE and EXRULE lines of one event that are read.
  public var rulesPerSeries = 64
  /// Occurrences that one call gives for one event.
  public var occurrencesPerSeries = 50_000
  /// Steps that the rules of one event may take in one call.
  public var stepsPerSeries = RecurrenceIterator.defaultSteps
  /// Steps that all events of a file may take together, for ``EventBudget``.
  public var stepsPerFile = 20_000_000
  /// Distinct TZIDs of a file that are told apart; those after them have no known zone.
  public var zonesPerFile = 16_000
  /// Dates that are kept of all series which a RANGE=THISANDFUTURE override takes over.
  public var keptDatesPerFile = 1_000_000

  /// The usual limits.
  public init() {}
}
