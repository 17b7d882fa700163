import Bytes
import Import
import Mail
import Mailboxes
import Rules
import Text

/// What `winnow explain` was asked for: one item, by exactly one of its names.
public struct ExplainOptions: Sendable {
  /// Configuration, sources, ledger and `--now`; it is a dry run.
  public var run: ImportOptions
  /// `--message-id`, with or without angle brackets.
  public var messageID: String?
  /// `--uid`
  public var uid: String?
  /// `--file`
  public var file: String?
  /// `--index`
  public var index: Int?

  /// An item of the run that these options describe.
  public init(_ run: ImportOptions) {
    self.run = run
    self.run.isDryRun = true
    self.run.talk.isQuiet = true
    self.run.talk.progress = .none
  }
}

/// `winnow explain`: for one mail or event every rule in order, what it looked at, what it said,
/// and what would have to change for the opposite.
///
/// Steps 2 to 9 are asked anew, all of them, also after one has dropped the mail. Steps 10 and 11
/// depend on the other items of the run and on the ledger, so the next import is gone through once,
/// publishing nothing. What that import would not read again (a mailbox that only grew) is looked
/// at as if it were read; of what it would find published already the verdict without a ledger is
/// given, too.
public enum Explain {
  /// Explains the mails or events that were named, on standard output.
  ///
  /// - Throws: ``RunError`` 1 when no such item is in the sources, and what an import throws.
  public static func execute(_ options: ExplainOptions) throws -> ExitStatus {
    let (explanations, isSwitchedOff) = try explain(options)
    if isSwitchedOff {
      Console.error("winnow: email.disableForAllUsers is on and was left out of account here")
    }
    for e in explanations { Console.out(options.run.talk.isJSON ? e.json : e.text, newline: false) }
    return .done
  }

  /// The explanations, and whether `email.disableForAllUsers` had to be overlooked for them.
  static func explain(_ options: ExplainOptions) throws -> ([Explanation], Bool) {
    let question = try ExplainQuestion(options)
    var explanations = try question.ask(question.options.run)
    if explanations.isEmpty || explanations.contains(where: { $0.outcome.isEmpty }) {
      var run = question.options.run
      run.memory.rescans = true
      let all = try question.ask(run)
      if explanations.isEmpty { explanations = all }
      for (i, e) in explanations.enumerated() where e.outcome.isEmpty {
        guard let again = all.first(where: { $0.key == e.key }) else { continue }
        explanations[i] = again
        explanations[i].isUnread = true
      }
    }
    guard !explanations.isEmpty else {
      throw RunError(
        .failed, "no such mail or event in the sources; look for its id with `winnow inspect`",
        details: question.sources)
    }
    if explanations.contains(where: { $0.reason == .unchanged }) {
      var run = question.options.run
      run.memory.isStateless = true
      run.memory.ledger = nil
      let alone = try question.ask(run)
      for (i, e) in explanations.enumerated() where e.reason == .unchanged {
        explanations[i].without = alone.first { $0.key == e.key }.flatMap { other in
          other.reason.map { (other.outcome, $0) }
        }
      }
    }
    return (explanations, question.isSwitchedOff)
  }
}

/// One question: which item, in which run.
private struct ExplainQuestion {
  let options: ExplainOptions
  /// The one file that is meant, as records show it; nil for any.
  let path: String?
  let isSwitchedOff: Bool
  /// The sources, for people.
  let sources: [String]

  init(_ options: ExplainOptions) throws {
    var options = options
    if let id = options.messageID, id.hasPrefix("<"), id.hasSuffix(">") {
      options.messageID = String(id.dropFirst().dropLast())
    }
    let setup = try RunSetup.load(options.run)
    isSwitchedOff = setup.config.email.disableForAllUsers
    let (found, path) = try Self.resolve(setup, &options)
    self.options = options
    self.path = path
    sources = found.sources.map { Plain.line($0.display) }
  }

  // Where the item is looked for: a file that the configuration's sources hold is explained in the
  // run over all of them, any other is a source of its own.
  private static func resolve(
    _ setup: RunSetup, _ options: inout ExplainOptions
  ) throws -> (SourceResolver.Result, path: String?) {
    guard let file = options.file else {
      return (try RunSources(setup: setup, options: options.run).resolve(), nil)
    }
    if options.run.sources.isEmpty, !setup.config.sources.isEmpty {
      var lenient = options.run
      lenient.skipsMissing = true
      let found = try RunSources(setup: setup, options: lenient).resolve()
      let wanted = Paths.real(file)
      for s in found.sources {
        let path = Paths.real(s.found.path.withByteView(\.string))
        if path == wanted { return (found, s.display) }
        if s.found.kind == .maildir, wanted.hasPrefix(path + "/") {
          return (found, s.display + wanted.dropFirst(path.count))
        }
      }
    }
    options.run.sources = [file]
    return (try RunSources(setup: setup, options: options.run).resolve(), nil)
  }

  /// Goes through one run and explains what was named in it.
  func ask(_ run: ImportOptions) throws -> [Explanation] {
    let assembly = try RunAssembly.make(run, ledger: .rehearsal) {
      $0.config.email.disableForAllUsers = false
    }
    let job = RunJob(
      options: run, setup: assembly.setup, sources: assembly.sources, staging: nil,
      book: assembly.book)
    let finder = Explainer(
      plan: job.makePlan(meetings: job.makeMeetingPlan()),
      sources: assembly.sources.sources.filter { $0.role == nil }, messageID: options.messageID,
      index: options.index, path: path)
    let watcher = ExplainWatcher(
      mails: options.uid == nil ? finder.explain() : [],
      events: MeetingExplainer(
        uid: options.uid, index: options.index, path: path, isMailNamed: options.messageID != nil))
    _ = try assembly.rehearse(watcher)
    return watcher.explanations
  }
}

/// Takes down what the run decides about the items that were named.
private final class ExplainWatcher: DecisionObserver {
  private(set) var explanations: [Explanation]
  private let places: [String: Int]
  private let events: MeetingExplainer

  init(mails: [Explanation], events: MeetingExplainer) {
    explanations = mails
    places = Dictionary(
      mails.indices.map { (mails[$0].key, $0) }, uniquingKeysWith: { a, _ in a })
    self.events = events
  }

  func decided(_ mail: MailDecision) {
    guard let i = places[mail.place] else { return }
    explanations[i].settle(mail.finding, mail.settlement)
  }

  func decided(_ event: MeetingDecision) throws {
    if events.isMeant(event) { explanations.append(events.explain(event)) }
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
    let producer = MailProducer(sources: sources.map { ($0, MailboxContext($0)) })
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
  private func evidence(for rule: MailRule, _ m: Message, _ c: MailContext) -> String {
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
    var e = Explanation(key: "\(place.path.string)#\(place.index)")
    e.title = [
      ("source", "\(place.path.string)#\(place.index)"), ("owner", work.source.ownerName),
    ]
    // Nothing is known that the other rules could look at.
    if let rule = MailRules.book.rule(giving: .quarantined) {
      e.steps.append(Explanation.Step(rule, c, rule.ask(c)))
    }
    return e
  }

  // Which way the mail went, and why where From does not say it.
  private static func direction(_ c: MailContext) -> String {
    guard c.isSentAs else { return "\(c.direction.name)" }
    let from = c.sentAsKey.string
    return c.direction == .outbound
      ? "outbound (a sent folder, and nobody in the users list has \(from); see email.sentAs)"
      : "inbound (email.sentAs: nobody in the users list has \(from))"
  }

  private func explain(_ worker: MailWorker, _ state: borrowing MailState) -> Explanation {
    let place = state.place
    let c = worker.context
    let m = worker.message
    var e = Explanation(key: "\(place.path.string)#\(place.index)")
    e.title = [
      ("mail", m.text[m.messageID].string), ("source", "\(place.path.string)#\(place.index)"),
      ("subject", m.subject.map { m.text[$0].string } ?? ""),
      ("owner", state.source.ownerName), ("direction", Self.direction(c)),
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
