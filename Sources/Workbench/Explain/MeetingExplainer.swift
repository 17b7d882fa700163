import Import
import Rules

extension MeetingDecision {
  /// What each rule said, in order; of those that are asked while an item is settled only the one
  /// that decided.
  var steps: [Explanation.Step] {
    MeetingRules.book.rules.map { Explanation.Step($0, $0.ask(context), context) }
      + MeetingSettleRules.all.compactMap { rule in
        let f = rule.ask(settlement)
        guard f.reason == outcome.reason, f.rule == outcome.rule else { return nil }
        return Explanation.Step(rule, f, settlement)
      }
  }
}

extension Explanation.Step {
  /// What a rule said of an item.
  init<Context, Plan>(_ rule: Rule<Context, Plan>, _ f: Finding, _ c: Context) {
    self.init(
      number: rule.step, name: rule.name, looked: rule.looksAt(c), reason: f.reason,
      rule: f.rule, matched: f.matched, opposite: rule.opposite(c, f))
  }
}

/// Picks the events that were named and puts their way through the rules into words.
struct MeetingExplainer {
  let uid: String?
  let index: Int?
  /// The path of the one file that is meant; nil for any.
  let path: String?
  let isMailNamed: Bool

  /// True for an event that was asked for.
  func isMeant(_ d: MeetingDecision) -> Bool {
    if isMailNamed { return false }
    if let uid, d.context.facts.uid != uid { return false }
    if let index, d.place.index != index { return false }
    if let path, d.place.path != path { return false }
    return true
  }

  /// Everything about it. Of a private event no more than its UID and what the rules said.
  func explain(_ d: MeetingDecision) -> Explanation {
    let c = d.context
    var e = Explanation(key: d.place.text)
    e.title = [("event", c.facts.uid), ("source", d.place.text)]
    if !c.hidesContent {
      e.title += [
        ("owner", c.hasOwner ? c.owner.id : ""), ("calendar", c.facts.role.rawValue),
        ("start", c.facts.start.map(TimePoint.rfc3339) ?? "none"),
      ]
    }
    e.steps = d.steps
    e.leads = d.leads
    e.meetingOpposite = MeetingLeadMatchRule.opposite(
      of: Finding(reason: d.outcome.reason, rule: d.outcome.rule, matched: d.outcome.matched))
    e.outcome = d.outcome.isKept ? "kept" : "dropped"
    e.reason = d.outcome.reason
    e.rule = d.outcome.rule
    e.matched = d.outcome.matched
    return e
  }
}
