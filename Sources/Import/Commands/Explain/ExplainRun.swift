import Bytes
import Mail
import Mailboxes
import Rules
import Text

/// `winnow explain`: for one mail or event every rule in order, what it looked at, what it said, and
/// what would have to change for the opposite.
public enum ExplainRun {
  /// Explains the mails or events that were named.
  ///
  /// Steps 2 to 9 are asked anew, all of them, also after one has dropped the mail. Steps 10 and
  /// 11 depend on the other mail of the run, so the whole run is gone through once, writing
  /// nothing.
  public static func execute(
    config: String?, sources: [String], messageID: String?, uid: String? = nil, file: String?,
    index: Int?, now: TimePoint? = nil, isJSON: Bool
  ) throws -> ExitStatus {
    var options = ImportOptions()
    options.config = config
    options.sources = sources
    options.isDryRun = true
    options.now = now
    options.isQuiet = true
    options.progress = .none
    let setup = try RunSetup.load(options)
    let (found, path) = try resolve(file, setup, &options)
    let isSwitchedOff = setup.config.email.disableForAllUsers
    setup.config.email.disableForAllUsers = false
    // An explanation shows the mail to somebody who has it; nothing of it is written.
    setup.config.output.privacy = .full
    let id = messageID.map {
      $0.hasPrefix("<") && $0.hasSuffix(">") ? String($0.dropFirst().dropLast()) : $0
    }
    var job = RunJob(options: options, setup: setup, sources: found, staging: nil)
    let finder = Explainer(
      plan: job.makePlan(meetings: job.makeMeetingPlan()),
      sources: found.sources.filter { $0.role == nil }, messageID: id, index: index, path: path)
    var explanations = uid == nil ? finder.explain() : []
    let places = Dictionary(
      explanations.indices.map { (explanations[$0].key, $0) }, uniquingKeysWith: { a, _ in a })
    job.observer = { fact, finding, settlement in
      guard let i = places["\(fact.file)#\(fact.index)"] else { return }
      explanations[i].settle(finding, settlement)
    }
    let wanted = MeetingExplainer(
      uid: uid, index: index, path: path, isMailNamed: messageID != nil,
      searchFields: setup.leads.searchFields)
    var events: [Explanation] = []
    job.meetingObserver = { seen in
      if wanted.isMeant(seen) { events.append(try wanted.explain(seen)) }
    }
    _ = try job.run()
    explanations += events
    guard !explanations.isEmpty else {
      throw RunError(
        .failed, "no such mail or event in the sources; look for its id with `winnow inspect`",
        details: found.sources.map { Plain.line($0.display) })
    }
    if isSwitchedOff {
      Console.error("winnow: email.disableForAllUsers is on and was left out of account here")
    }
    for e in explanations { Console.out(isJSON ? e.json : e.text, newline: false) }
    return .done
  }

  // Where the mail is looked for. A file that the configuration's sources hold keeps their owner
  // and folder; any other file is a source of its own, its owner guessed.
  private static func resolve(
    _ file: String?, _ setup: RunSetup, _ options: inout ImportOptions
  ) throws -> (SourceResolver.Result, path: String?) {
    guard let file else { return (try setup.resolveSources(options), nil) }
    if options.sources.isEmpty, !setup.config.sources.isEmpty {
      options.skipsMissing = true
      let found = try setup.resolveSources(options)
      options.skipsMissing = false
      let wanted = Paths.real(file)
      for s in found.sources {
        let path = Paths.real(s.found.path.withByteView(\.string))
        if path == wanted { return (found, s.display) }
        if s.found.kind == .maildir, wanted.hasPrefix(path + "/") {
          return (found, s.display + wanted.dropFirst(path.count))
        }
      }
    }
    options.sources = [file]
    return (try setup.resolveSources(options), nil)
  }
}

/// Finds the mails that were named and asks the rules about each.
struct Explainer {
  let plan: RunPlan
  let sources: [ResolvedSource]
  let messageID: String?
  let index: Int?
  /// The path of the one file that is meant, as records show it; nil for any.
  let path: String?

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
        if let path, work.place(of: entry).path.string != path { continue }
        guard let state = worker.prepare(entry, work) else {
          // Without an id only its place can name it.
          if messageID == nil { list.append(unreadable(worker.context, entry, work)) }
          continue
        }
        let m = worker.message
        if let messageID, m.text[m.messageID].string != messageID { continue }
        list.append(explain(worker, state))
      }
      work.batch.recycle()
    }
    return list
  }

  // The header lines that put a mail into one of the classes of step 6; empty when it is in none.
  private func evidence(for rule: Rule<MailContext>, _ m: Message, _ c: MailContext) -> String {
    let names: Set<HeaderName>
    switch rule.reasons.first {
    case .bulk? where c.facts.texts.isBulk: names = [.precedence, .listUnsubscribe, .campaign]
    case .automatic? where c.facts.texts.isAutomatic:
      names = [
        .autoSubmitted, .automatic, .failedRecipients, .precedence, .appleAction, .returnPath,
        m.isReport ? .contentType : .autoSubmitted,
      ]
    case .unauthenticated? where c.facts.senderAuth == .fail: names = [.authenticationResults]
    default: return ""
    }
    let out = ByteBuffer(capacity: 256)
    for f in m.fields where names.contains(f.name) {
      if !out.isEmpty { out.append("; ") }
      out.append(m.bytes[f.nameRange])
      out.append(": ")
      OneLine.append(m.bytes[f.value].prefix(120).trimmed(), to: out)
    }
    return out.string
  }

  private func unreadable(
    _ c: MailContext, _ entry: MessageEntry, _ work: MailWork
  ) -> Explanation {
    let place = work.place(of: entry)
    var e = Explanation(key: "\(place.file)#\(place.index)")
    e.title = [
      ("source", "\(place.path.string)#\(place.index)"), ("owner", work.source.ownerName),
    ]
    // Nothing is known that the other rules could look at.
    if let rule = MailRules.book.rule(giving: .quarantined) {
      e.steps.append(Explanation.Step(rule, c, rule.ask(c)))
    }
    return e
  }

  private func explain(_ worker: MailWorker, _ state: MailState) -> Explanation {
    let place = state.place
    let c = worker.context
    let m = worker.message
    var e = Explanation(key: "\(place.file)#\(place.index)")
    e.title = [
      ("mail", m.text[m.messageID].string), ("source", "\(place.path.string)#\(place.index)"),
      ("subject", m.subject.map { m.text[$0].string } ?? ""),
      ("owner", state.source.ownerName), ("direction", "\(c.direction.name)"),
      ("folder", c.folder.name),
      ("date", state.date.map { "\(TimePoint.rfc3339($0)) (\(state.dateSource))" } ?? "none"),
    ]
    for rule in MailRules.book.rules {
      var finding = rule.ask(c)
      if finding.matched.isEmpty { finding.matched = evidence(for: rule, m, c) }
      e.steps.append(Explanation.Step(rule, c, finding))
    }
    e.leads = worker.withMatches {
      LeadMatching.words(c, $0, searchFields: plan.leads.searchFields)
    }
    return e
  }
}
