import Rules

/// The counts of a run: items by outcome and reason, in total and for mail and events apart.
final class DecisionCounts {
  /// What an item is.
  enum Item: Int, CaseIterable {
    case mail, event, task
  }

  // Items by kind and outcome.
  private var outcomes = [Int](
    repeating: 0, count: Outcome.allCases.count * Item.allCases.count)
  private var reasons = [Int](repeating: 0, count: Reason.allCases.count)

  /// Counts one decision.
  func count(_ outcome: Outcome, _ reason: Reason, item: Item) {
    outcomes[item.rawValue * Outcome.allCases.count + Int(outcome.rawValue)] += 1
    reasons[reason.position] += 1
  }

  /// Decisions of one outcome and kind.
  func items(_ outcome: Outcome, _ item: Item) -> Int {
    outcomes[item.rawValue * Outcome.allCases.count + Int(outcome.rawValue)]
  }

  /// Decisions of one outcome.
  func items(_ outcome: Outcome) -> Int {
    Item.allCases.reduce(0) { $0 + items(outcome, $1) }
  }

  /// Decisions on mail.
  var mail: Int { Outcome.allCases.reduce(0) { $0 + items($1, .mail) } }

  /// All decisions.
  var total: Int { Outcome.allCases.reduce(0) { $0 + items($1) } }

  /// Reasons that were given at all, in rule order.
  var given: [(reason: Reason, count: Int)] {
    zip(Reason.allCases, reasons).filter { $0.1 > 0 }.map { ($0.0, $0.1) }
  }

  /// How often a reason was given.
  func count(of reason: Reason) -> Int {
    reasons[reason.position]
  }
}
