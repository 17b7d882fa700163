import Bytes
import JSONText
import Mail
import Mailboxes
import Rules

/// `winnow explain`: for one mail every rule in order, what it looked at, what it said, and what
/// would have to change for the opposite.
public enum ExplainRun {
  /// Explains the mails that were named.
  ///
  /// Steps 2 to 9 are asked anew, all of them, also after one has dropped the mail. Steps 10 and
  /// 11 depend on the other mail of the run, so the whole run is gone through once, writing
  /// nothing.
  public static func execute(
    config: String?, sources: [String], messageID: String?, file: String?, index: Int?, isJSON: Bool
  ) throws -> ExitStatus {
    var options = ImportOptions()
    options.config = config
    options.sources = file.map { [$0] } ?? sources
    options.isDryRun = true
    options.isQuiet = true
    options.progress = .none
    let setup = try RunSetup.load(options)
    let found = try setup.resolveSources(options)
    let isSwitchedOff = setup.config.email.disableForAllUsers
    setup.config.email.disableForAllUsers = false
    let id = messageID.map {
      $0.hasPrefix("<") && $0.hasSuffix(">") ? String($0.dropFirst().dropLast()) : $0
    }
    var job = RunJob(options: options, setup: setup, sources: found, staging: nil)
    let finder = Explainer(
      plan: job.makePlan(), sources: found.sources, messageID: id, index: index)
    var explanations = finder.explain()
    guard !explanations.isEmpty else {
      throw RunError(
        .failed, "no such mail in the sources; look for its id with `winnow inspect`",
        details: found.sources.map { Plain.line($0.display) })
    }
    let places = Dictionary(
      explanations.indices.map { (explanations[$0].key, $0) }, uniquingKeysWith: { a, _ in a })
    job.observer = { fact, outcome, reason, rule, matched in
      guard let i = places["\(fact.file)#\(fact.index)"] else { return }
      explanations[i].outcome = "\(outcome.name)"
      explanations[i].reason = reason
      explanations[i].rule = rule.string
      explanations[i].matched = matched.string
    }
    _ = try job.run()
    if isSwitchedOff {
      Console.error("winnow: email.disableForAllUsers is on and was left out of account here")
    }
    for e in explanations { Console.out(isJSON ? e.json : e.text, newline: false) }
    return .done
  }
}

/// Everything about one mail's way through the rules.
struct Explanation {
  /// `file#index` in the run's numbering.
  var key: String
  var title: [(String, String)] = []
  var steps: [Step] = []
  var outcome = ""
  var reason: Reason?
  var rule = ""
  var matched = ""
  var leads: [String] = []

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
    lines.append(
      "10. duplicates: \(reason == .duplicate ? "drops it: duplicate of \(matched)" : "goes on")")
    lines.append("11. lead match")
    for l in leads { lines.append("     \(l)") }
    if leads.isEmpty { lines.append("     no counterpart is a lead or could become one") }
    lines.append("")
    var verdict = "Verdict: \(outcome), \(reason?.rawValue ?? "") (\(rule)"
    if !matched.isEmpty { verdict += ": \(matched)" }
    lines.append(verdict + ")")
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
    w.endObject()
    out.append(ASCII.lf)
    return out.string
  }
}

/// Finds the mails that were named and asks the rules about each.
struct Explainer {
  let plan: RunPlan
  let sources: [ResolvedSource]
  let messageID: String?
  let index: Int?

  /// The explanations of all copies that match, in source order.
  func explain() -> [Explanation] {
    let paths = PathTable()
    let producer = MailProducer(
      sources: sources.map { ($0, MailSource($0, file: paths.add([$0.display]))) }, paths: paths)
    let worker = MailWorker(run: plan)
    var list: [Explanation] = []
    while let work = producer.next() {
      for entry in work.batch.entries {
        guard index == nil || entry.index == index else { continue }
        guard worker.read(entry, work) else { continue }
        let m = worker.reader.message
        if let messageID, m.text[m.messageID].string != messageID { continue }
        list.append(explain(worker, entry, work))
      }
      work.batch.recycle()
    }
    return list
  }

  private func explain(_ worker: MailWorker, _ entry: MessageEntry, _ work: MailWork) -> Explanation
  {
    let place = work.place(of: entry)
    var state = MailState(place: place, source: work.source)
    worker.prepare(&state, entry, work.batch)
    let c = worker.context
    let m = worker.reader.message
    var e = Explanation(key: "\(place.file)#\(place.index)")
    e.title = [
      ("mail", m.text[m.messageID].string), ("source", "\(place.path.string)#\(place.index)"),
      ("subject", m.subject.map { m.text[$0].string } ?? ""),
      ("owner", work.source.ownerName), ("direction", "\(c.direction.name)"),
      ("folder", state.folder),
    ]
    for rule in MailRule.all {
      c.matched.removeAll()
      let finding = rule.ask(c)
      let matched = c.matched.string
      e.steps.append(
        Explanation.Step(
          number: rule.step, name: rule.name, looked: rule.looksAt(c), reason: finding.reason,
          rule: finding.rule, matched: matched, opposite: rule.opposite(c, finding)))
    }
    c.matched.removeAll()
    let hits = LeadMatching.hits(
      c, leads: plan.leads, onMultiple: plan.onMultiple,
      capturesAnywhere: plan.mail.capturesAnywhere)
    for h in hits.hits {
      let address = c.keys[h.key].string
      if let id = h.id {
        e.leads.append(
          "\(address) in \(h.field.name) is lead \(id.string), found by \(plan.fieldName(h.searchField).string)"
        )
      } else if h.mayCapture {
        e.leads.append("\(address) in \(h.field.name) becomes a lead of this mail")
      } else {
        e.leads.append(
          "\(address) in \(h.field.name) is no lead; another mail of the run may make it one")
      }
    }
    for id in hits.ambiguous {
      e.leads.append("several leads carry the address, among them \(id.string)")
    }
    return e
  }
}
