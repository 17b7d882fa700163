import Bytes
import Records
import Rules

/// Takes what calendars say through the rules: into the merges that the whole run shares, and into
/// decisions, tasks and blocks.
final class MeetingSettler {
  private let plan: MeetingPlan
  private let leads: LeadIndex
  // Made when the first event comes.
  private lazy var questions = MeetingRules.book.asked(under: plan)
  private let captured: CapturedLeads
  private let pseudonyms: Pseudonyms?
  private let memory: MeetingMemory?
  private let lines: MeetingDecisionLines
  private let disclosure: Disclosure
  /// Writes the records.
  let tasks: MeetingTasks
  private var versions = MeetingVersions()
  private var shared = SharedMeetings()
  private var missing: MissingMeetings?
  /// What is worth telling.
  private(set) var notes = CalendarNotes()
  /// Told of every decision.
  var observer: (any DecisionObserver)?

  /// - Parameters:
  ///   - captured: The leads of the run, mail's among them.
  ///   - memory: What earlier runs published, in a run with a ledger.
  init(
    plan: MeetingPlan, run: RunPlan, captured: CapturedLeads, decisions: DecisionLines,
    tasks: MeetingTasks, memory: MeetingMemory?
  ) {
    self.plan = plan
    self.captured = captured
    self.tasks = tasks
    self.memory = memory
    leads = run.leads
    disclosure = run.disclosure
    pseudonyms = tasks.pseudonyms
    lines = MeetingDecisionLines(decisions, run: run, pseudonyms: pseudonyms, memory: memory)
    missing = memory.map {
      MissingMeetings(plan: plan, tasks: tasks, memory: $0, pseudonyms: tasks.pseudonyms)
    }
  }

  /// An owner as records show it.
  func shown(owner: String) -> String { pseudonyms?.text(owner) ?? owner }

  // MARK: What the run says of a component

  private func meeting(_ fact: MeetingFact) -> MeetingVersions.Meeting {
    MeetingVersions.Meeting(
      owner: fact.facts.user, isConflict: fact.facts.role == .conflict, uid: fact.facts.uid)
  }

  private func context(_ item: MeetingItem) throws -> MeetingContext {
    let facts = item.fact.facts
    var standing = MeetingStanding(newer: item.fact.newer)
    if !versions.isEmpty {
      let meeting = meeting(item.fact)
      if standing.newer == nil, facts.kind == .event,
        let winner = versions.winner(meeting, instance: item.fact.instance),
        winner.position != item.position
      {
        standing.newer = winner.place
      }
      if facts.occurrences?.isSeries == true {
        standing.replaced = versions.instances(of: meeting)
        if let own = item.fact.instance { standing.replaced.remove(own) }
      }
    }
    if let memory, facts.isCancelled || facts.isPrivate {
      standing.isKnown = try memory.isKnown(facts.uid, owner: item.owner)
    }
    return MeetingContext(plan: plan, facts: facts, standing: standing)
  }

  private func standing(_ key: [UInt8]) throws -> LeadStanding {
    try key.withByteView { v in
      let address = pseudonyms?.address(v) ?? v
      guard let i = captured.find(address) else {
        return try isEarlierLead(address) ? .captured : .none
      }
      return captured.isFromMail(i) ? .captured : .created
    }
  }

  private func isEarlierLead(_ address: ByteView) throws -> Bool {
    try memory?.isLead(address) ?? false
  }

  /// Takes in the notes of another part of the run.
  func add(_ other: CalendarNotes) { notes.combine(other) }

  /// Forgets the components before: what comes now has a UID that none of them has.
  func beginGroup() {
    if !versions.isEmpty { versions = MeetingVersions() }
    shared = SharedMeetings()
    tasks.beginGroup()
  }

  // MARK: Before anything is settled

  /// Notes which version of a meeting a component is; for owners with several calendars.
  func noteVersion(_ item: MeetingItem) {
    let fact = item.fact
    guard fact.facts.kind == .event, fact.hasUID, fact.newer == nil else { return }
    versions.add(
      meeting(fact), instance: fact.instance,
      MeetingVersions.Version(
        sequence: fact.sequence, modified: fact.modified ?? .min, position: item.position,
        place: fact.place.text))
  }

  /// Adds the leads that one component makes.
  func collect(_ item: MeetingItem) throws {
    let c = try context(item)
    guard questions.decide(c).reason == nil else { return }
    for hit in MeetingMatching.find(c, leads: leads).created {
      let isOrganizer = c.people.participants[hit.person].party.isOrganizer
      pseudonyms?.forget()
      try hit.key.withByteView { key in
        // A lead of an earlier run is written once, and that was then.
        if try isEarlierLead(pseudonyms?.address(key) ?? key) { return }
        hit.name.withByteView { name in
          c.facts.uid.withByteView { uid in
            captured.add(
              CapturedLeads.Sighting(
                key: pseudonyms?.address(key) ?? key,
                name: name.isEmpty ? name : pseudonyms?.name(of: key) ?? name,
                date: c.facts.created ?? c.facts.start ?? .max,
                messageID: pseudonyms?.id(uid) ?? uid, user: c.facts.user,
                origin: isOrganizer ? .organizer : .attendee, position: item.position))
          }
        }
      }
    }
  }

  /// Notes which copy gives a task; for meetings that are written once.
  func noteShared(_ item: MeetingItem) throws {
    let c = try context(item)
    guard c.calendar.sharedMeetings == .once, questions.decide(c).reason == nil else { return }
    let match = MeetingMatching.find(c, leads: leads)
    guard case .task = try match.settle(standing).record else { return }
    let copy = SharedMeetings.Copy(item, c)
    for o in c.occurrences {
      shared.add(SharedMeetings.Key(uid: c.facts.uid, instance: o.original), copy)
    }
  }

  // MARK: Settling

  /// Decides about one component and writes what becomes of it.
  func settle(_ item: MeetingItem) throws {
    pseudonyms?.forget()
    tasks.begin()
    notes.noteChange(item)
    let facts = item.fact.facts
    missing?.note(facts.uid, user: facts.user, isKept: false)
    if plan.writesTasks { notes.noteReturned(item) }
    let c = try context(item)
    let s = MeetingSettlement(c, hasLedger: memory != nil)
    if let outcome = MeetingOutcome(s, by: MeetingSettleRules.first) {
      return try end(outcome, item, s)
    }
    let finding = questions.decide(c)
    if let reason = finding.reason {
      if reason == .privateFrozen { try memory?.setFrozen(facts.uid, owner: item.owner, true) }
      let outcome = MeetingOutcome(
        reason: reason, rule: finding.rule, matched: finding.matched, record: .nothing)
      return try end(outcome, item, s)
    }
    if !facts.isPrivate { try memory?.setFrozen(facts.uid, owner: item.owner, false) }
    if let outcome = MeetingOutcome(s, by: MeetingSettleRules.expansion) {
      let isShown = disclosure.of(private: c.hidesContent).shows(.quotedValue)
      let fault = isShown ? c.occurrenceFault : "not all occurrences of an event can be told"
      notes.warn("\(item.fact.place.text): \(fault ?? "")", at: item.position)
      return try end(outcome, item, s)
    }
    let match = MeetingMatching.find(c, leads: leads)
    let outcome = try match.settle(standing)
    s.record = outcome.record
    try write(item, s)
    try end(
      MeetingOutcome(s, by: MeetingSettleRules.last) ?? outcome, item, s, match)
  }

  private func write(_ item: MeetingItem, _ s: MeetingSettlement) throws {
    switch s.record {
    case .nothing: return
    case .block(let role): try tasks.write(role, item, s)
    case .task(let task):
      missing?.note(item.fact.facts.uid, user: item.fact.facts.user, isKept: true)
      try tasks.write(task, item, s, shared)
    }
    notes.noteCut(item, s.context)
  }

  private func end(
    _ outcome: MeetingOutcome, _ item: MeetingItem, _ s: MeetingSettlement,
    _ match: MeetingMatch? = nil
  ) throws {
    if case .task(let task) = outcome.record { markWritten(task) }
    if let observer {
      try observer.decided(
        MeetingDecision(
          outcome, of: s, at: item.fact.place,
          leads: try match?.words(searchFields: leads.searchFields, standing)))
    }
    let verdict: Outcome =
      outcome.isKept ? .kept : outcome.reason == .quarantined ? .quarantined : .dropped
    try lines.decide(verdict, outcome, item, s.context, keys: tasks.keys)
  }

  private func markWritten(_ task: MeetingTask) {
    for hit in task.leads where hit.id == nil {
      hit.key.withByteView { v in
        if let i = captured.find(pseudonyms?.address(v) ?? v) { captured.markWritten(i) }
      }
    }
  }

  /// Quarantines what could not be read.
  func quarantine(_ fault: MeetingFault, _ source: CalendarSource, owner: String) throws {
    try lines.quarantine(fault, source, owner: owner)
  }

  // MARK: At the end

  /// Writes the tasks of meetings that are in no calendar any more.
  ///
  /// - Parameter read: The positions of users whose calendars were read to their ends.
  func settleMissing(_ read: Set<Int>) throws {
    try missing?.settle(read, &notes)
  }

  /// Tasks of meetings that are gone.
  var missingCount: Int { missing?.count ?? 0 }

  /// Notes in the ledger when each owner's calendar was last changed.
  func keepLastEvents() throws {
    for (owner, time) in notes.lastEvents { try memory?.setLastEvent(owner, time) }
  }
}
