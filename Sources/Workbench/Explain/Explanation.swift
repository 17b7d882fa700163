import Bytes
import Import
import JSONText
import Rules

/// Everything about one mail's or event's way through the rules.
struct Explanation {
  /// The item's place: its file and its position in it, as records show them.
  var key: String
  var title: [(String, String)] = []
  var steps: [Step] = []
  var outcome = ""
  var reason: Reason?
  var rule = ""
  var matched = ""
  var leads: [String] = []
  /// Of an event: what would have to change for another outcome of step 11.
  var meetingOpposite: String?
  /// True for what the next import does not read again, since nothing about it has changed.
  var isUnread = false
  /// What a run without a ledger decides about an item that is ``Reason/unchanged``.
  var without: (outcome: String, reason: Reason)?

  /// One rule's answer.
  struct Step {
    var number: Int
    var name: String
    var looked: String
    var reason: Reason?
    var rule: String
    var matched: String
    var opposite: String
    /// False for a rule that was not reached.
    var isAsked = true
  }

  /// Takes in what the run decided about a mail; `settlement` is what steps 10 and 11 looked at,
  /// nil when a step before them decided.
  mutating func settle(_ finding: Finding, _ settlement: MailSettlement?) {
    reason = finding.reason
    outcome = "\(reason?.outcome.name ?? "")"
    rule = finding.rule
    matched = finding.matched
    // Of what cannot be read there is nothing to tell.
    if outcome == "\(Outcome.quarantined.name)" { return }
    var open = settlement
    for rule in MailRules.settling.rules {
      guard let known = open else {
        steps.append(Step(notAsked: rule.step, rule.name))
        continue
      }
      let finding = rule.ask(known)
      steps.append(Step(rule, known, finding))
      if finding.reason != nil { open = nil }
    }
  }

  /// The explanation for a reader.
  var text: String {
    var lines: [String] = []
    for (name, value) in title { lines.append("\(name): \(value)") }
    lines.append("")
    for s in steps { lines += s.lines }
    if let meetingOpposite {
      lines.append("11. lead match")
      lines += leads.map { "     \($0)" }
      lines.append("     for the opposite: \(meetingOpposite)")
    } else if !leads.isEmpty {
      lines.append("Leads:")
      lines += leads.map { "     \($0)" }
    }
    lines.append("")
    var verdict = "Verdict: \(outcome), \(reason?.rawValue ?? "") (\(rule)"
    if !matched.isEmpty { verdict += ": \(matched)" }
    lines.append(verdict + ")")
    if isUnread {
      lines.append("The next import does not read it again: nothing about it has changed.")
    }
    if let without {
      lines.append(
        "Published by an earlier run; without the ledger: \(without.outcome), \(without.reason.rawValue)"
      )
    }
    lines.append("")
    return lines.map(Plain.line).joined(separator: "\n") + "\n"
  }

  /// The explanation as one JSON object on a line.
  var json: String {
    let out = ByteBuffer()
    let w = JSONWriter(out)
    w.beginObject()
    for (name, value) in title {
      w.key(text: name)
      w.string(value)
    }
    w.key("steps")
    w.beginArray()
    for s in steps {
      w.beginObject()
      w.key("step")
      w.number(s.number)
      w.key("rule")
      w.string(s.name)
      w.key("looked")
      w.string(s.looked)
      w.key("reason")
      w.string(orNull: s.reason?.rawValue)
      w.key("setting")
      w.string(s.rule)
      w.key("matched")
      w.string(s.matched)
      w.key("opposite")
      w.string(s.opposite)
      w.endObject()
    }
    w.endArray()
    w.key("leads")
    w.beginArray()
    for l in leads { w.string(l) }
    w.endArray()
    w.key("outcome")
    w.string(outcome)
    w.key("reason")
    w.string(orNull: reason?.rawValue)
    w.key("rule")
    w.string(rule)
    w.key("matched")
    w.string(matched)
    if isUnread {
      w.key("unread")
      w.bool(true)
    }
    if let without {
      w.key("without")
      w.beginObject()
      w.key("outcome")
      w.string(without.outcome)
      w.key("reason")
      w.string(without.reason.rawValue)
      w.endObject()
    }
    w.endObject()
    out.append(ASCII.lf)
    return out.string
  }
}

extension Explanation.Step {
  /// What a rule says of an item.
  init<Context, Plan>(_ rule: Rule<Context, Plan>, _ c: Context, _ finding: Finding) {
    self.init(
      number: rule.step, name: rule.name, looked: rule.looksAt(c), reason: finding.reason,
      rule: finding.rule, matched: finding.matched, opposite: rule.opposite(c, finding))
  }

  /// A rule that was not reached: unlike those before it, it needs the other items of the run,
  /// which are not gathered for what was decided already.
  init(notAsked number: Int, _ name: String) {
    self.init(
      number: number, name: name, looked: "nothing: a rule before it decided", reason: nil,
      rule: "", matched: "", opposite: "have the rules before it let the item go on",
      isAsked: false)
  }

  /// The step for a reader.
  fileprivate var lines: [String] {
    if !isAsked { return ["\(number). \(name): not asked, a rule before it decided"] }
    let verdict =
      reason.map { ($0.outcome == .kept ? "keeps it: " : "drops it: ") + $0.rawValue } ?? "goes on"
    var lines = ["\(number). \(name): \(verdict)", "     looked at \(looked)"]
    if !matched.isEmpty { lines.append("     matched \(matched)") }
    lines.append("     for the opposite: \(opposite)")
    return lines
  }
}
