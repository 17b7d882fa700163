import Rules

/// One decision on a calendar's component, for those who watch.
struct MeetingDecision {
  /// The item under its plan.
  var context: MeetingContext
  /// Whom step 11 looked up; nil for what a rule before it dropped.
  var match: MeetingMatch?
  /// What came of it.
  var outcome: MeetingOutcome
  /// The source's path.
  var path: String
  /// The component's position in it.
  var index: Int
  /// What is known of a lead that the list does not have.
  var standing: ([UInt8]) throws -> LeadStanding
}

/// Picks the events that were named and puts their way through the rules into words.
struct MeetingExplainer {
  let uid: String?
  let index: Int?
  /// The path of the one file that is meant; nil for any.
  let path: String?
  let isMailNamed: Bool
  let searchFields: [String]

  /// True for an event that was asked for.
  func isMeant(_ d: MeetingDecision) -> Bool {
    if isMailNamed { return false }
    if let uid, d.context.item.uid != uid { return false }
    if let index, d.index != index { return false }
    if let path, d.path != path { return false }
    return true
  }

  /// Everything about it. Of a private event no more than its UID and what the rules said.
  func explain(_ d: MeetingDecision) throws -> Explanation {
    let c = d.context
    var e = Explanation(key: "\(d.path)#\(d.index)")
    e.title = [("event", c.item.uid), ("source", "\(d.path)#\(d.index)")]
    if !c.hidesContent {
      e.title += [
        ("owner", c.hasOwner ? c.owner.id : ""), ("calendar", c.item.role.rawValue),
        ("start", c.item.start.map(TimePoint.rfc3339) ?? "none"),
      ]
    }
    for rule in MeetingRules.book.rules {
      let finding = rule.ask(c)
      e.steps.append(
        Explanation.Step(
          number: rule.step, name: rule.name, looked: rule.looksAt(c), reason: finding.reason,
          rule: finding.rule, matched: finding.matched, opposite: rule.opposite(c, finding)))
    }
    e.leads =
      try d.match?.words(searchFields: searchFields, d.standing)
      ?? ["not asked: a rule before it dropped the event"]
    e.meetingOpposite = MeetingMatch.opposite(d.outcome)
    e.outcome = d.outcome.isKept ? "kept" : "dropped"
    e.reason = d.outcome.reason
    e.rule = d.outcome.rule
    e.matched = d.outcome.matched
    return e
  }
}
