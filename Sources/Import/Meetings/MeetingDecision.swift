import Rules

/// One decision on a calendar's component, for those who watch.
package struct MeetingDecision {
  /// The source's path, and the component's position in it.
  package let place: EventPlace
  /// What came of it.
  package let outcome: MeetingOutcome
  /// What step 11 looked up, in words.
  package let leads: [String]
  package let settlement: MeetingSettlement

  /// A decision of a settled item.
  ///
  /// - Parameters:
  ///   - leads: What step 11 looked up, in words; nil for what a rule before it dropped.
  init(
    _ outcome: MeetingOutcome, of settlement: MeetingSettlement, at place: EventPlace,
    leads: [String]?
  ) {
    self.outcome = outcome
    self.settlement = settlement
    self.place = place
    self.leads = leads ?? ["not asked: a rule before it dropped the event"]
  }

  /// The item under its plan.
  package var context: MeetingContext { settlement.context }
}
