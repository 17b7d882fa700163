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

  /// Counts what another part of the run decided.
  func add(_ other: DecisionCounts) {
    for i in outcomes.indices { outcomes[i] &+= other.outcomes[i] }
    for i in reasons.indices { reasons[i] &+= other.reasons[i] }
  }

  /// Gives the counts to the coder.
  func walk<C: FactCoder>(_ c: inout C) {
    for item in Item.allCases {
      for outcome in Outcome.allCases {
        c.number(
          Self.name(item, outcome),
          &outcomes[item.rawValue * Outcome.allCases.count + Int(outcome.rawValue)])
      }
    }
    var names = Reason.allCases.filter { count(of: $0) > 0 }.map(\.rawValue)
    var numbers = names.compactMap(Reason.init(rawValue:)).map(count(of:))
    c.list("reasons", &names)
    c.list("reasonCounts", &numbers)
    guard C.reads else { return }
    for (name, number) in zip(names, numbers) {
      if let reason = Reason(rawValue: name) {
        reasons[reason.position] = number
      } else {
        c.damage()
      }
    }
  }

  private static func name(_ item: Item, _ outcome: Outcome) -> StaticString {
    switch (item, outcome) {
    case (.mail, .kept): "mailKept"
    case (.mail, .dropped): "mailDropped"
    case (.mail, .quarantined): "mailQuarantined"
    case (.event, .kept): "eventsKept"
    case (.event, .dropped): "eventsDropped"
    case (.event, .quarantined): "eventsQuarantined"
    case (.task, .kept): "tasksKept"
    case (.task, .dropped): "tasksDropped"
    case (.task, .quarantined): "tasksQuarantined"
    }
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
