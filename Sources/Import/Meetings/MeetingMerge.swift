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
  private let plan: MeetingPlan
  private let run: RunPlan
  private let questions: MeetingQuestions
  private let captured: CapturedLeads
  private let decisions: DecisionLines
  private let records: TaskRecords
  private let rendering: MeetingRendering
  private let localZone: Zone
  private let facts = MeetingFacts()
  private let pseudonyms: Pseudonyms?
  private let rendered = TaskRecords.Rendered()
  private let head = ByteBuffer(capacity: 256)
  private let tail = ByteBuffer(capacity: 256)
  private let json = ByteBuffer(capacity: 512)
  private let csv = ByteBuffer(capacity: 512)
  private var keys: [Digest] = []
  /// Told of every decision.
  typealias Observer = (MeetingDecision) -> Void
  /// See ``Observer``.
  var observer: Observer?
  /// UIDs of meetings by their tasks' ``OutboundTasks/fingerprint(_:_:_:_:)``, where tasks go out.
  private(set) var importedTasks: [UInt64: String] = [:]
  private var sources: [ResolvedSource]
  // Calendars made of mail stand behind the run's sources.
  private var invitedUsers: (first: Int, store: InviteStore)?
  private var versions = MeetingVersions()
  private var shared = SharedMeetings()
  /// What earlier runs published, in a run with a ledger.
  var memory: MeetingMemory?
  /// Tells whether an earlier run captured a lead with this address.
  var isEarlierLead: (ByteView) throws -> Bool = { _ in false }
  // Keys of the records of this run: none is written twice.
  private var written: Set<Digest> = []
  // Of the file at hand.
  private var budget = EventBudget()
  /// Series that go on behind the end of the run's view, by path and index.
  private(set) var cutSeries: [String] = []
  /// When each owner's calendar was last changed, seconds since 1970.
  private(set) var lastEvents: [String: Int64] = [:]
  /// What is worth telling of single events.
  private(set) var warnings: [String] = []
  private static let maximumWarnings = 100

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
    questions = MeetingQuestions(plan: plan)
    rendering = MeetingRendering(formats: run.formats, guarded: run.guardsFormulas)
    pseudonyms = run.pseudonymSecret.map { Pseudonyms(secret: $0) }
  }

  /// One component with what is found out about it once.
  private final class Item {
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

  private func item(_ e: CalendarEvent, _ number: Int) -> Item {
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

  private func place(_ place: CalendarPlace, _ number: Int) -> EventPlace {
    if let invitedUsers, number >= invitedUsers.first {
      return invitedUsers.store.place(user: sources[number].user, offset: place.offset)
    }
    return EventPlace(
      path: sources[number].display, index: place.index ?? 0, offset: max(0, place.offset))
  }

  private func versionKey(
    _ e: CalendarEvent, _ source: ResolvedSource, instance: Int64?
  ) -> MeetingVersions.Key {
    MeetingVersions.Key(
      owner: source.user, isConflict: source.role == .conflict, uid: e.uid, instance: instance)
  }

  private func context(_ item: Item) -> MeetingContext {
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
      facts.isKnown = (try? memory.isKnown(e.uid, owner: owner(item.source))) ?? false
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
  func noteShared(_ e: CalendarEvent, _ number: Int) {
    let item = item(e, number)
    let c = context(item)
    guard c.calendar.sharedMeetings == .once, questions.decide(c).reason == nil else { return }
    let match = MeetingMatching.find(c, leads: run.leads)
    guard case .task = match.settle(standing).record else { return }
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
    let c = context(item)
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
    let c = context(item)
    if c.item.kind == .event, let method = e.calendar.method, method.isAnswer {
      // Somebody's word about a meeting is none.
      let outcome = MeetingOutcome(
        reason: .notAppointment, rule: "METHOD", matched: "\(method.name)", record: .nothing)
      tell(item, c, nil, outcome)
      return try decide(.dropped, outcome, item, c)
    }
    let finding = questions.decide(c)
    if let reason = finding.reason {
      let outcome = MeetingOutcome(
        reason: reason, rule: finding.rule, matched: finding.matched, record: .nothing)
      tell(item, c, nil, outcome)
      if reason == .privateFrozen {
        try memory?.setFrozen(e.uid, owner: owner(item.source), true)
      }
      return try decide(.dropped, outcome, item, c)
    }
    if !c.item.isPrivate { try memory?.setFrozen(e.uid, owner: owner(item.source), false) }
    let match = MeetingMatching.find(c, leads: run.leads)
    var outcome = match.settle(standing)
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
    tell(item, c, match, outcome)
    try decide(outcome.isKept ? .kept : .dropped, outcome, item, c)
  }

  private func tell(
    _ item: Item, _ c: MeetingContext, _ match: MeetingMatch?, _ outcome: MeetingOutcome
  ) {
    observer?(
      MeetingDecision(
        context: c, match: match, outcome: outcome, path: item.place.path, index: item.place.index,
        standing: standing))
  }

  /// Quarantines what could not be read.
  func quarantine(_ fault: EventFault, raw: ByteView, _ number: Int) throws {
    let source = sources[number]
    keys.removeAll(keepingCapacity: true)
    let place = place(fault.place, number)
    head.removeAll()
    head.append("{\"item\":\"event\",\"id\":\"\"")
    tail.removeAll()
    appendTail(date: nil, source, place)
    _ = fault.message.withByteView { message in
      decisions.begin(
        .quarantined, .quarantined, item: .event, head: head.view, rule: ByteView("parse"),
        matched: message, tail: tail.view)
    }
    try decisions.end()
    guard let folder = run.quarantineFolder, !raw.trimmed().isEmpty else { return }
    try place.path.withByteView { path in
      try QuarantineWriter.write(
        raw, error: fault.message, path: path, index: place.index, offset: place.offset,
        length: max(0, fault.place.length), folder: folder,
        keepsBytes: run.privacy == .full && !Self.isPrivate(raw), ending: "ics")
    }
  }

  // Also of what cannot be read nothing private may be shown.
  private static func isPrivate(_ raw: ByteView) -> Bool {
    for word in ["CLASS:PRIVATE", "CLASS:CONFIDENTIAL"] as [StaticString]
    where raw.firstRangeIgnoringCase(of: ByteView(word)) != nil { return true }
    return false
  }

  private func standing(_ key: [UInt8]) -> LeadStanding {
    key.withByteView { v in
      let address = pseudonyms?.address(v) ?? v
      guard let i = captured.find(address) else {
        return (try? isEarlierLead(address)) ?? false ? .captured : .none
      }
      return captured.isFromMail(i) ? .captured : .created
    }
  }

  private func decide(
    _ outcome: Outcome, _ o: MeetingOutcome, _ item: Item, _ c: MeetingContext
  ) throws {
    let e = item.event
    head.removeAll()
    head.append("{\"item\":\"event\",\"id\":")
    e.uid.withByteView { JSONWriter.appendString(pseudonyms?.id($0) ?? $0, to: head) }
    tail.removeAll()
    appendTail(date: c.hidesContent ? nil : c.item.start, item.source, item.place)
    o.rule.withByteView { rule in
      o.matched.withByteView { matched in
        let line = decisions.begin(
          outcome, o.reason, item: .event, head: head.view, rule: rule,
          matched: pseudonyms?.matched(matched, o.reason) ?? matched, tail: tail.view)
        for (i, key) in keys.enumerated() {
          line.append(i == 0 ? "\"" : ",\"")
          key.appendHex(to: line, bytes: 16)
          line.append(34)
        }
      }
    }
    try decisions.end()
    try memory?.decide(
      outcome, o, c, owner: owner(item.source), subject: run.privacy == .full ? e.summary : nil,
      records: keys)
  }

  private func appendTail(date: Int64?, _ source: ResolvedSource, _ place: EventPlace) {
    tail.append(",\"owner\":")
    JSONWriter.appendString(owner(source), to: tail)
    tail.append(",\"direction\":\"inbound\",\"date\":")
    ActivityRendering.appendDate(date, to: tail)
    tail.append(",\"source\":{\"path\":")
    JSONWriter.appendString(place.path, to: tail)
    tail.append(",\"index\":")
    tail.append(decimal: place.index)
    tail.append(",\"offset\":")
    tail.append(decimal: place.offset)
    tail.append(125)
  }

  private func owner(_ source: ResolvedSource) -> String {
    pseudonyms?.text(source.ownerName) ?? source.ownerName
  }

  // MARK: Records

  private func times(_ item: Item, _ c: MeetingContext) -> [MeetingTime] {
    let e = item.event
    let found = item.occurrences
    if let fault = found.fault { warn("\(item.place.text): \(fault)") }
    let window = c.owner.window
    if e.isRecurring, window.isCutAtHorizon, e.goesOn(after: window.expansionEnd) {
      cutSeries.append(item.place.text)
    }
    var list = found.list.map { o in
      MeetingTime(
        start: o.start, end: o.end, dates: e.isAllDay ? Self.days(o) : nil,
        recurrenceID: o.recurrenceID.map { recurrence(e, $0) }, instance: o.recurrenceID)
    }
    if e.isRecurring, c.calendar.recurrence == .series, let first = list.first {
      var whole = first
      whole.recurrenceID = nil
      list = [whole]
    }
    return list
  }

  // Some write the same day as the end, which then is that day (RFC 5545 has the day after it).
  private static func days(_ o: EventOccurrence) -> (CivilDate, CivilDate) {
    let first = o.startDate
    let last = max(o.endDate.daysSince1970, first.daysSince1970 + 1)
    return (first, CivilDate(daysSince1970: last))
  }

  private func warn(_ text: String) {
    if warnings.count < Self.maximumWarnings { warnings.append(text) }
  }

  private func note(_ item: Item) {
    let e = item.event
    let source = item.source
    guard !source.ownerName.isEmpty, let t = e.lastModified ?? e.stamp ?? e.created else { return }
    let owner = owner(source)
    lastEvents[owner] = max(lastEvents[owner] ?? .min, t)
  }

  private func busy(
    _ time: MeetingTime, _ key: Digest, _ item: Item
  ) -> BusyTimes.Row {
    var meeting: UInt64 = 0xcbf2_9ce4_8422_2325
    for b in item.event.uid.utf8 { meeting = (meeting ^ UInt64(b)) &* 0x100_0000_01b3 }
    return BusyTimes.Row(
      owner: Int32(clamping: item.source.user), task: -1, start: time.start, end: time.end,
      meeting: meeting, key: (key.words.0, key.words.1))
  }

  /// Writes the blocks; false where an earlier run published all of them as they are.
  private func writeBlocks(
    _ role: Config.CalendarRole, _ item: Item, _ c: MeetingContext
  ) throws -> Bool {
    let uid = shown(uid: item.event.uid)
    let owner = owner(item.source)
    var isWritten = false
    for time in times(item, c) {
      let key = rendering.key("block", uid: uid, time, owner: owner, role: role)
      guard written.insert(key).inserted else { continue }
      rendering.block(key: key, owner: owner, time, role: role, json: json, csv: csv)
      if let memory {
        let content = rendering.digest(of: time)
        let step = try memory.step(key, content)
        if step == .unchanged { continue }
        try memory.publish(key, .block, content, step)
      }
      try records.addBlock(json: json.view, csv: csv.view, busy: busy(time, key, item))
      keys.append(key)
      isWritten = true
    }
    return isWritten || memory == nil
  }

  private func shown(uid: String) -> String {
    guard let pseudonyms else { return uid }
    return uid.withByteView { pseudonyms.id($0).string }
  }

  /// Writes the tasks. Where there is none to write, tells what became of the item instead: other
  /// copies keep them, or earlier runs published them.
  private func writeTasks(
    _ task: MeetingTask, _ item: Item, _ c: MeetingContext
  ) throws -> MeetingOutcome? {
    var f = TaskFields()
    fill(&f, task, item, c)
    let own = SharedMeetings.Copy(
      isOrganizers: c.people.isOrganizedByOwner, source: item.number,
      index: item.event.place.index ?? 0, place: item.place.text)
    var other: SharedMeetings.Copy?
    var isFrozen = false
    var isUnchanged = false
    for time in task.isCancelled ? try cancelledTimes(item) : times(item, c) {
      if c.calendar.sharedMeetings == .once,
        let keeper = shared.keeper(
          SharedMeetings.Key(uid: item.event.uid, instance: time.instance)), keeper != own
      {
        other = other ?? keeper
        continue
      }
      let key = rendering.key("task", uid: f.uid, time, owner: f.owner)
      guard written.insert(key).inserted else { continue }
      switch try write(f, key, time, task, item, c) {
      case .unchanged: isUnchanged = true
      case .frozen: isFrozen = true
      case .written: keys.append(key)
      }
    }
    if keys.isEmpty {
      if let other {
        return MeetingOutcome(
          reason: .duplicate, rule: "calendar.sharedMeetings", matched: other.place,
          record: .nothing)
      }
      if isFrozen {
        return MeetingOutcome(
          reason: .pastFrozen, rule: "calendar.freezePast", matched: "", record: .nothing)
      }
      if isUnchanged || task.isCancelled {
        return MeetingOutcome(reason: .unchanged, rule: "ledger", matched: "", record: .nothing)
      }
    }
    for hit in task.leads where hit.id == nil {
      hit.key.withByteView { v in
        if let i = captured.find(pseudonyms?.address(v) ?? v) { captured.markWritten(i) }
      }
    }
    return nil
  }

  private enum Written { case written, unchanged, frozen }

  private func write(
    _ fields: TaskFields, _ key: Digest, _ time: MeetingTime, _ task: MeetingTask, _ item: Item,
    _ c: MeetingContext
  ) throws -> Written {
    var f = fields
    var time = time
    var isFrozen = false
    if let memory {
      var recurrence = ByteBuffer(capacity: 32)
      time.appendRecurrenceID(to: recurrence)
      // features.md UP-9-past: what is over stays where it was.
      if c.calendar.freezePast, !task.isCancelled,
        let old = try memory.times(item.event.uid, owner: f.owner, recurrence.array),
        old.1 <= plan.clock.now, old != (time.start, time.end)
      {
        (time.start, time.end) = old
        if time.dates != nil {
          let first = localZone.localTime(at: old.0).date
          time.dates = (first, localZone.localTime(at: old.1).date)
        }
        isFrozen = true
      }
      let content = rendering.digest(of: f, time)
      let step = try memory.step(key, content)
      if step == .unchanged { return isFrozen ? .frozen : .unchanged }
      try memory.publish(key, .task, content, step)
      try memory.setVersion(
        item.event.uid, owner: f.owner, recurrence: recurrence.array, key: key,
        isCancelled: task.isCancelled, sequence: item.event.sequence,
        modified: item.event.lastModified, starts: time.start, ends: time.end)
      if step == .changed, !task.isCancelled { f.status = "updated" }
      recurrence = ByteBuffer()
    }
    rendering.task(f, key: key, time, into: rendered)
    try records.add(rendered, busy: c.isBusy ? busy(time, key, item) : nil)
    if plan.writesTasks {
      importedTasks[
        OutboundTasks.fingerprint(
          item.source.user, time.start, time.end, item.event.summary ?? "")] = item.event.uid
    }
    return .written
  }

  /// The occurrences that earlier runs published of what is cancelled now.
  private func cancelledTimes(_ item: Item) throws -> [MeetingTime] {
    guard let memory else { return [] }
    let e = item.event
    let known = try memory.active(e.uid, owner: owner(item.source))
    let wanted = ByteBuffer(capacity: 32)
    if let id = e.recurrenceInstant, e.recurrenceID != nil {
      recurrence(e, id).append(to: wanted)
    }
    return known.compactMap { version in
      if !wanted.isEmpty, version.recurrence != wanted.array { return nil }
      var time = MeetingTime(start: version.starts, end: version.ends)
      if e.isAllDay {
        time.dates = (
          localZone.localTime(at: version.starts).date, localZone.localTime(at: version.ends).date
        )
      }
      time.recurrenceID = MeetingTime.RecurrenceID(written: version.recurrence)
      return time
    }
  }

  private func recurrence(_ e: CalendarEvent, _ instant: Int64) -> MeetingTime.RecurrenceID {
    e.start?.isDate ?? e.recurrenceID?.isDate ?? false
      ? .date(localZone.localTime(at: instant).date) : .instant(instant)
  }

  private func fill(
    _ f: inout TaskFields, _ task: MeetingTask, _ item: Item, _ c: MeetingContext
  ) {
    let e = item.event
    let source = item.source
    f.uid = shown(uid: e.uid)
    f.type = task.type
    f.showsContent = run.privacy == .full
    f.timeZone = e.timeZone
    f.owner = owner(source)
    f.path = item.place.path
    f.index = item.place.index
    f.offset = item.place.offset
    f.sequence = e.sequence
    f.runAutomations = task.runAutomations
    f.notify = task.notify.rawValue
    f.category = task.isInternal ? "internal" : "external"
    f.status = status(task, e, c)
    if let link = e.joinLink(using: facts.texts) {
      f.joinURL = link.url
      f.provider = link.provider.isEmpty ? nil : link.provider
    }
    if f.showsContent {
      f.subject = e.summary
      f.description = e.description(using: facts.texts)
      f.location = e.location
    }
    let people = c.people
    f.participants = task.participants.map { person(people.participants[$0].party) }
    f.rooms = people.rooms.map(person)
    f.organizer = task.namesOrganizer ? people.organizer.map(person) : nil
    for hit in task.leads {
      let key = hit.key.withByteView { pseudonyms?.address($0).array ?? $0.array }
      f.leads.append(
        TaskFields.Lead(
          id: hit.row >= 0 ? run.leads.value(.id, of: hit.row) : nil,
          key: key.withByteView { rendering.leadKey($0).hex(bytes: 16) },
          email: key.withByteView(\.string), matchedBy: run.fieldName(hit.searchField).string))
      if f.company == nil, hit.row >= 0 {
        let company = run.leads.value(.company, of: hit.row)
        if !company.isEmpty { f.company = company.string }
      }
    }
  }

  private func status(_ task: MeetingTask, _ e: CalendarEvent, _ c: MeetingContext) -> String {
    if task.isCancelled { return c.calendar.onCancel == .deleteRow ? "deleted" : "cancelled" }
    if c.ownerDeclined { return "declined" }
    return e.status == .tentative || c.people.ownerStatus == "TENTATIVE" ? "tentative" : "confirmed"
  }

  private func person(_ p: MeetingParty) -> TaskFields.Person {
    guard let pseudonyms, !p.email.isEmpty else {
      return TaskFields.Person(
        name: pseudonyms == nil ? p.name : "", email: p.email, role: p.role, status: p.status,
        kind: p.kind)
    }
    return p.email.withByteView { email in
      TaskFields.Person(
        name: p.name.isEmpty ? "" : pseudonyms.name(of: email).string,
        email: pseudonyms.address(email).string, role: p.role, status: p.status, kind: p.kind)
    }
  }
}
