import Bytes
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
  /// False for what could not be read at all (step 1).
  var isReadable = true

  /// One rule's answer.
  struct Step {
    var number: Int
    var name: String
    var looked: String
    var reason: Reason?
    var rule: String
    var matched: String
    var opposite: String
  }

  /// The explanation for a reader.
  var text: String {
    var lines: [String] = []
    for (name, value) in title { lines.append("\(name): \(value)") }
    lines.append("")
    for s in steps {
      let verdict = s.reason.map { "drops it: \($0.rawValue)" } ?? "goes on"
      lines.append("\(s.number). \(s.name): \(verdict)")
      lines.append("     looked at \(s.looked)")
      if !s.matched.isEmpty { lines.append("     matched \(s.matched)") }
      lines.append("     for the opposite: \(s.opposite)")
    }
    if isReadable {
      lines += lastSteps
    } else {
      lines.append("1. parse: drops it: quarantined")
      lines.append("     looked at the item's bytes; matched \(matched)")
      lines.append("     for the opposite: export the message again; its bytes are no mail")
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

  // Steps 10 and 11, which the other mail of the run decides with.
  private var lastSteps: [String] {
    var lines: [String] = []
    if let meetingOpposite {
      lines.append("11. lead match")
      for l in leads { lines.append("     \(l)") }
      lines.append("     for the opposite: \(meetingOpposite)")
      return lines
    }
    let isCopy = reason == .duplicate
    lines.append("10. duplicates: \(isCopy ? "drops it: duplicate" : "goes on")")
    lines.append("     looked at sender, date, subject and content of the mail kept before it")
    if isCopy { lines.append("     matched \(matched)") }
    lines.append(
      "     for the opposite: \(isCopy ? "drop that copy, or put this mail's source before its" : "have a copy kept in a source before")"
    )
    lines.append("11. lead match")
    for l in leads { lines.append("     \(l)") }
    if leads.isEmpty { lines.append("     no counterpart is a lead or could become one") }
    lines.append("     for the opposite: \(leadOpposite)")
    return lines
  }

  private var leadOpposite: String {
    switch reason {
    case .noLead: "put a counterpart into the leads list, or set captureLeads.enabled"
    case .ambiguousLead: "set leads.onMultiple to all or first"
    default: "take the counterparts out of the leads list and switch captureLeads off"
    }
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
