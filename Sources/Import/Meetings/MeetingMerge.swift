import Bytes
import CivilTime
import Events
import ICalendar
import JSONText
import Ledger
import Rules
import Text
import TimeZones

/// Takes the components of one calendar through the rules: into the lead set (pass b), and into
/// decisions, tasks and blocks (pass c).
final class MeetingMerge {
  let plan: MeetingPlan
  let run: RunPlan
  let questions: RuleBook<MeetingContext>
  let captured: CapturedLeads
  let decisions: DecisionLines
  let records: TaskRecords
  let rendering: MeetingRendering
  let localZone: Zone
  let facts = MeetingFacts()
  let pseudonyms: Pseudonyms?
  let rendered = TaskRecords.Rendered()
  let head = ByteBuffer(capacity: 256)
  let tail = ByteBuffer(capacity: 256)
  let json = ByteBuffer(capacity: 512)
  let csv = ByteBuffer(capacity: 512)
  var keys: [Digest] = []
  /// Told of every decision.
  typealias Observer = (MeetingDecision) throws -> Void
  /// See ``Observer``.
  var observer: Observer?
  /// UIDs of meetings by their tasks' ``OutboundTasks/fingerprint(_:_:_:_:)``, where tasks go out.
  var importedTasks: [UInt64: String] = [:]
  var sources: [ResolvedSource]
  // Calendars made of mail stand behind the run's sources.
  var invitedUsers: (first: Int, store: InviteStore)?
  var versions = MeetingVersions()
  var shared = SharedMeetings()
  /// What earlier runs published, in a run with a ledger.
  var memory: MeetingMemory?
  /// Tells whether an earlier run captured a lead with this address.
  var isEarlierLead: (ByteView) throws -> Bool = { _ in false }
  /// The CRM's own tasks that came back as events, by task id, where tasks go out.
  var returned: [String: ReturnedTask] = [:]
  /// What was seen of meetings, in a run with a ledger: true where it gives tasks.
  var seen: [SeenMeeting: Bool] = [:]
  /// Tasks of meetings that are gone.
  var missing = 0
  // Keys of the records that this run looked at: none is written twice.
  var written: Set<RecordKey> = []
  // Of the file at hand.
  var budget = EventBudget()
  /// Series that go on behind the end of the run's view, by path and index.
  var cutSeries: [String] = []
  /// When each owner's calendar was last changed, seconds since 1970.
  var lastEvents: [String: Int64] = [:]
  /// What is worth telling of single events.
  var warnings: [String] = []
  static let maximumWarnings = 100

  init(
    plan: MeetingPlan, run: RunPlan, sources: [ResolvedSource], captured: CapturedLeads,
    decisions: DecisionLines,
    records: TaskRecords, localZone: Zone
  ) {
    self.plan = plan
    self.run = run
    self.sources = sources
    self.captured = captured
    self.decisions = decisions
    self.records = records
    self.localZone = localZone
    questions = MeetingRules.book.asked(under: plan)
    rendering = MeetingRendering(formats: run.formats, guarded: run.guardsFormulas)
    pseudonyms = run.pseudonymSecret.map { Pseudonyms(secret: $0) }
  }

  /// One component with what is found out about it once.
  final class Item {
    let event: CalendarEvent
    let number: Int
    let source: ResolvedSource
    lazy var occurrences: EventOccurrences = find(window)
    private let window: MeetingWindow
    private let find: (MeetingWindow) -> EventOccurrences

    init(
      _ event: CalendarEvent, _ number: Int, _ source: ResolvedSource, _ place: EventPlace,
      _ window: MeetingWindow, find: @escaping (MeetingWindow) -> EventOccurrences
    ) {
      self.event = event
      self.number = number
      self.source = source
      self.place = place
      self.window = window
      self.find = find
    }

    let place: EventPlace
  }

  func item(_ e: CalendarEvent, _ number: Int) -> Item {
    let source = sources[number]
    let place = place(e.place, number)
    return Item(e, number, source, place, plan.user(source.user).window) { [self] window in
      let isSeries = e.isRecurring || e.recurrenceID != nil
      let through = isSeries ? window.expansionEnd : window.last?.time ?? .max
      var found = budget.occurrences(
        of: e, from: window.first?.time ?? .min, through: through)
      if e.isRecurring, !versions.isEmpty {
        // Instances that a component in another calendar of the owner says.
        found.list.removeAll { o in
          guard let id = o.recurrenceID, id != e.recurrenceInstant else { return false }
          return versions.winner(versionKey(e, source, instance: id)) != nil
        }
      }
      return found
    }
  }

  func place(_ place: CalendarPlace, _ number: Int) -> EventPlace {
    if let invitedUsers, number >= invitedUsers.first {
      return invitedUsers.store.place(user: sources[number].user, offset: place.offset)
    }
    return EventPlace(
      path: sources[number].display, index: place.index ?? 0, offset: max(0, place.offset))
  }

  func versionKey(
    _ e: CalendarEvent, _ source: ResolvedSource, instance: Int64?
  ) -> MeetingVersions.Key {
    MeetingVersions.Key(
      owner: source.user, isConflict: source.role == .conflict, uid: e.uid, instance: instance)
  }

  func context(_ item: Item) throws -> MeetingContext {
    let e = item.event
    var newer = e.supersededBy.map { index in
      invitedUsers.map { item.number >= $0.first } ?? false
        ? "a newer invitation in mail" : "\(item.source.display)#\(index)"
    }
    if newer == nil, e.kind == .event,
      let winner = versions.winner(versionKey(e, item.source, instance: e.recurrenceInstant)),
      (winner.source, winner.index) != (item.number, e.place.index ?? 0)
    {
      newer = winner.place
    }
    var facts = facts.item(
      e, role: item.source.role ?? .other, user: item.source.user, localZone: localZone,
      supersededBy: newer,
      occurs: { window in
        // What takes no place any more gives no occurrence, but it has its time.
        guard !e.isCancelled, !e.isSuperseded, e.start != nil else {
          guard let start = e.span?.start else { return true }
          return e.hasRecurrence
            ? start <= window.last?.time ?? .max : window.contains(start)
        }
        return !item.occurrences.list.isEmpty
      })
    if let memory, e.isCancelled || facts.isPrivate {
      facts.isKnown = try memory.isKnown(e.uid, owner: owner(item.source))
    }
    return MeetingContext(plan: plan, item: facts)
  }

  /// Begins a file: its events share what expanding may cost.
  func beginFile() { budget = EventBudget() }

  /// Adds the invitations of users as calendars of their own behind the others; gives their
  /// numbers.
  func addInvites(_ store: InviteStore) -> Range<Int> {
    let first = sources.count
    invitedUsers = (first, store)
    for user in store.users {
      guard
        let known = sources.first(where: { $0.user == user }), user >= 0, user < plan.users.count
      else { continue }
      var source = known
      source.user = user
      source.role = .primary
      sources.append(source)
    }
    return first..<sources.count
  }

  /// The user whose calendar it is.
  func user(ofSource number: Int) -> Int {
    number >= 0 && number < sources.count ? sources[number].user : -1
  }

  // MARK: Before the passes

  /// Notes which version of a meeting a component is; for owners with several calendars.
  func noteVersion(_ e: CalendarEvent, _ number: Int) {
    guard e.kind == .event, e.hasUID, !e.isSuperseded else { return }
    versions.add(
      versionKey(e, sources[number], instance: e.recurrenceInstant),
      MeetingVersions.Version(
        sequence: e.sequence, modified: e.lastModified ?? .min, source: number,
        index: e.place.index ?? 0, place: place(e.place, number).text))
  }

  /// Notes which copy gives a task; for meetings that are written once.
  func noteShared(_ e: CalendarEvent, _ number: Int) throws {
    let item = item(e, number)
    let c = try context(item)
    guard c.calendar.sharedMeetings == .once, questions.decide(c).reason == nil else { return }
    let match = MeetingMatching.find(c, leads: run.leads)
    guard case .task = try match.settle(standing).record else { return }
    for o in item.occurrences.list {
      shared.add(
        SharedMeetings.Key(uid: e.uid, instance: o.recurrenceID),
        SharedMeetings.Copy(
          isOrganizers: c.people.isOrganizedByOwner, source: number, index: e.place.index ?? 0,
          place: item.place.text))
    }
  }

  // MARK: Pass (b)

  /// Adds the leads that one component makes.
  func collect(_ e: CalendarEvent, _ number: Int, position: Int) throws {
    let item = item(e, number)
    let source = item.source
    let c = try context(item)
    guard questions.decide(c).reason == nil else { return }
    let match = MeetingMatching.find(c, leads: run.leads)
    for hit in match.created {
      let isOrganizer = c.people.participants[hit.person].party.isOrganizer
      pseudonyms?.forget()
      try hit.key.withByteView { key in
        // A lead of an earlier run is written once, and that was then.
        if try isEarlierLead(pseudonyms?.address(key) ?? key) { return }
        hit.name.withByteView { name in
          e.uid.withByteView { uid in
            captured.add(
              CapturedLeads.Sighting(
                key: pseudonyms?.address(key) ?? key,
                name: name.isEmpty ? name : pseudonyms?.name(of: key) ?? name,
                date: c.item.created ?? c.item.start ?? .max,
                messageID: pseudonyms?.id(uid) ?? uid, user: source.user,
                origin: isOrganizer ? .organizer : .attendee, position: position))
          }
        }
      }
    }
  }

  // MARK: Pass (c)

  /// Decides about one component and writes what becomes of it.
  func settle(_ e: CalendarEvent, _ number: Int) throws {
    pseudonyms?.forget()
    keys.removeAll(keepingCapacity: true)
    let item = item(e, number)
    note(item)
    noteSeen(e.uid, user: item.source.user, isKept: false)
    noteReturned(item)
    let c = try context(item)
    if c.item.kind == .event, let method = e.calendar.method, method.isAnswer {
      // Somebody's word about a meeting is none.
      let outcome = MeetingOutcome(
        reason: .notAppointment, rule: "METHOD", matched: "\(method.name)", record: .nothing)
      try tell(item, c, nil, outcome)
      return try decide(.dropped, outcome, item, c)
    }
    let finding = questions.decide(c)
    if let reason = finding.reason {
      let outcome = MeetingOutcome(
        reason: reason, rule: finding.rule, matched: finding.matched, record: .nothing)
      try tell(item, c, nil, outcome)
      if reason == .privateFrozen {
        try memory?.setFrozen(e.uid, owner: owner(item.source), true)
      }
      return try decide(.dropped, outcome, item, c)
    }
    if !c.item.isPrivate { try memory?.setFrozen(e.uid, owner: owner(item.source), false) }
    // A part of a series would look like the whole of it.
    if !e.isCancelled, let fault = item.occurrences.fault { return try refuse(item, c, fault) }
    let match = MeetingMatching.find(c, leads: run.leads)
    var outcome = try match.settle(standing)
    switch outcome.record {
    case .task(let task):
      if let instead = try writeTasks(task, item, c) { outcome = instead }
    case .block(let role):
      if try !writeBlocks(role, item, c) {
        outcome = MeetingOutcome(
          reason: .unchanged, rule: "ledger", matched: "", record: .nothing)
      }
    case .nothing: break
    }
    try tell(item, c, match, outcome)
    try decide(outcome.isKept ? .kept : .dropped, outcome, item, c)
  }
}
