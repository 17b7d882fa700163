/// What one rule says of one item.
///
/// Small where the item goes on, which is what nearly every rule says of nearly every item: two
/// words in registers, and nothing to count.
public struct Finding: Hashable, Sendable {
  /// The reason that the item gets, or nil to let it go on to the next rule.
  public var reason: Reason?
  // nil where both are empty.
  @usableFromInline var words: Words?

  @usableFromInline
  final class Words: Hashable, Sendable {
    let rule: String
    let matched: String

    init(rule: String, matched: String) {
      self.rule = rule
      self.matched = matched
    }

    @usableFromInline
    static func == (a: Words, b: Words) -> Bool {
      a === b || (a.rule == b.rule && a.matched == b.matched)
    }

    @usableFromInline
    func hash(into hasher: inout Hasher) {
      hasher.combine(rule)
      hasher.combine(matched)
    }
  }

  /// What decided: the path of a setting, an option, or words; empty when the item goes on.
  public var rule: String {
    get { words?.rule ?? "" }
    set { self = Finding(reason: reason, rule: newValue, matched: matched) }
  }

  /// What it matched, for the decision; empty when there is nothing to show.
  public var matched: String {
    get { words?.matched ?? "" }
    set { self = Finding(reason: reason, rule: rule, matched: newValue) }
  }

  /// A finding.
  public init(reason: Reason?, rule: String, matched: String = "") {
    self.reason = reason
    words = rule.isEmpty && matched.isEmpty ? nil : Words(rule: rule, matched: matched)
  }

  @inlinable init() {
    reason = nil
    words = nil
  }

  /// True where it says the same in the very same texts, which is told without looking at them.
  public func hasTexts(of other: Finding) -> Bool { words === other.words }

  /// The item goes on to the next rule.
  @inlinable public static var pass: Finding { Finding() }

  /// The item ends here without a record.
  static func drop(_ reason: Reason, by rule: String, _ matched: String = "") -> Finding {
    Finding(reason: reason, rule: rule, matched: matched)
  }

  /// The item ends here with a record.
  static func keep(_ reason: Reason, by rule: String, _ matched: String = "") -> Finding {
    Finding(reason: reason, rule: rule, matched: matched)
  }
}

/// One step of the way of an item through the rules, as a value: its question and everything that
/// can be told about it. Pure: a function of the context.
///
/// `Context` is an item under a plan, as the rules of its kind see it: a class, so that asking a
/// rule copies nothing. `Plan` is what the settings and lists of a run say to that kind. Neither
/// has to conform to anything: each conformance that a generic type asks for is looked up when a
/// run starts, some 60,000 instructions a time.
public struct Rule<Context: AnyObject, Plan>: Sendable {
  /// The number of the step that it belongs to, 1 (parse) to 11 (lead match).
  public let step: Int
  /// A short name for reports; each rule of a kind of item has its own.
  public let name: String
  /// The reasons that it can give.
  public let reasons: [Reason]
  /// The settings that it asks, as dotted paths into the configuration; options by their name
  /// (`--from`), and `users`, `leads` or `ledger` where a list or the ledger is asked.
  public let settings: [String]
  /// Asks the rule.
  public let ask: @Sendable (Context) -> Finding
  /// What the rule looked at, in words, for `explain`.
  public let looksAt: @Sendable (Context) -> String
  /// What would have to change for the opposite verdict, in words, for `explain`.
  public let opposite: @Sendable (Context, Finding) -> String
  /// False under a plan with which the rule can neither give a reason nor change what comes of an
  /// item.
  public let matters: @Sendable (Plan) -> Bool

  init(
    step: Int, name: String, reasons: [Reason], settings: [String],
    ask: @escaping @Sendable (Context) -> Finding,
    looksAt: @escaping @Sendable (Context) -> String,
    opposite: @escaping @Sendable (Context, Finding) -> String,
    matters: @escaping @Sendable (Plan) -> Bool = { _ in true }
  ) {
    self.step = step
    self.name = name
    self.reasons = reasons
    self.settings = settings
    self.ask = ask
    self.looksAt = looksAt
    self.opposite = opposite
    self.matters = matters
  }
}

/// The rules of one kind of item in the order in which they are asked: the first that gives a
/// reason decides.
public struct RuleBook<Context: AnyObject, Plan>: Sendable {
  /// The rules, steps ascending.
  public let rules: [Rule<Context, Plan>]
  // Alone: a rule carries texts, whose references would be counted for every item. In a value of
  // their own: a list of functions would hold each in the form for any type, behind another
  // function with a context that is counted, 40 instructions a question.
  @usableFromInline let questions: [Question]

  @usableFromInline
  struct Question: Sendable {
    @usableFromInline let ask: @Sendable (Context) -> Finding

    @usableFromInline
    init(_ rule: Rule<Context, Plan>) { ask = rule.ask }
  }

  /// A book of rules.
  init(_ rules: [Rule<Context, Plan>]) {
    self.rules = rules
    questions = rules.map { Question($0) }
  }

  /// The book without the rules that say nothing under a plan. Items under that plan get the same
  /// findings from both; this one is quicker.
  public func asked(under plan: Plan) -> RuleBook {
    RuleBook(rules.filter { $0.matters(plan) })
  }

  /// Asks the rules in order: the first finding with a reason, or a pass.
  @inlinable public func decide(_ c: Context) -> Finding {
    // By number: to walk through the list counts a reference to it.
    var i = 0
    while i < questions.count {
      let finding = questions[i].ask(c)
      if finding.reason != nil { return finding }
      i += 1
    }
    return .pass
  }

  /// The rule that can give a reason, or nil.
  public func rule(giving reason: Reason) -> Rule<Context, Plan>? {
    rules.first { $0.reasons.contains(reason) }
  }
}
