import Bytes
import CivilTime
import Ledger
import Records
import Rules
import TimeZones

/// One component on its way into decisions and records.
struct MeetingItem {
  let fact: MeetingFact
  /// Where it stands in the run.
  let position: ItemPosition
  /// The owner as records show it; empty when nobody is known.
  let owner: String
  let source: CalendarSource
}

/// Writes the tasks and blocks of meetings, each once, and what they say into the ledger.
final class MeetingTasks {
  let plan: MeetingPlan
  let run: RunPlan
  let rendering: MeetingRendering
  let records: TaskRecords
  let pseudonyms: Pseudonyms?
  private let memory: MeetingMemory?
  private let localZone: Zone
  private let rendered = TaskRecords.Rendered()
  private let json = ByteBuffer(capacity: 512)
  private let csv = ByteBuffer(capacity: 512)
  /// Keys of the records of the item at hand that were written.
  private(set) var keys: [Digest] = []
  // Keys of the records that this run looked at: none is written twice.
  private var seen: Set<RecordKey> = []
  /// UIDs of meetings by their tasks' ``OutboundTasks/fingerprint(_:_:_:_:)``, where tasks go out.
  private(set) var imported: [UInt64: String] = [:]

  init(
    plan: MeetingPlan, run: RunPlan, records: TaskRecords, localZone: Zone,
    pseudonyms: Pseudonyms?, memory: MeetingMemory?
  ) {
    self.plan = plan
    self.run = run
    self.records = records
    self.localZone = localZone
    self.pseudonyms = pseudonyms
    self.memory = memory
    rendering = MeetingRendering(formats: run.formats, guarded: run.guardsFormulas)
  }

  /// Begins an item.
  func begin() { keys.removeAll(keepingCapacity: true) }

  /// Takes in what another part of the run made tasks of.
  func add(imported other: [UInt64: String]) { imported.merge(other, uniquingKeysWith: min) }

  /// Forgets the records before: those of other UIDs have other keys.
  func beginGroup() { if !seen.isEmpty { seen.removeAll(keepingCapacity: true) } }

  /// True when the run wrote the record, or left it as it is.
  func hasSeen(_ key: RecordKey) -> Bool { seen.contains(key) }

  /// Writes the blocks of an item.
  func write(_ role: Config.CalendarRole, _ item: MeetingItem, _ s: MeetingSettlement) throws {
    let uid = shown(uid: item.fact.facts.uid)
    for time in times(item, s.context) {
      let key = rendering.keys.block(
        uid: uid, recurrenceID: time.recurrenceID, owner: item.owner, calendar: role.rawValue)
      guard seen.insert(RecordKey(key)).inserted else { continue }
      rendering.block(key: key, owner: item.owner, time, role: role, json: json, csv: csv)
      if let memory {
        let content = rendering.digest(of: time)
        let step = try memory.step(key, content)
        if step == .unchanged {
          s.unchanged += 1
          continue
        }
        try memory.publish(key, .block, content, step)
      }
      try records.addBlock(json: json.view, csv: csv.view, busy: busy(time, key, item))
      keys.append(key)
      s.written += 1
    }
  }

  /// Writes the tasks of an item that no other copy keeps.
  func write(
    _ task: MeetingTask, _ item: MeetingItem, _ s: MeetingSettlement, _ shared: SharedMeetings
  ) throws {
    let c = s.context
    var f = TaskRecord()
    fill(&f, task, item, c)
    let status = f.status
    rendering.beginTask()
    for time in task.isCancelled ? try cancelledTimes(item) : times(item, c) {
      if c.calendar.sharedMeetings == .once,
        let keeper = shared.keeper(
          SharedMeetings.Key(uid: item.fact.facts.uid, instance: time.instance)),
        keeper != SharedMeetings.Copy(item, c)
      {
        s.keeper = s.keeper ?? keeper.place
        continue
      }
      let key = rendering.keys.task(
        uid: f.uid, recurrenceID: time.recurrenceID, owner: f.owner)
      guard seen.insert(RecordKey(key)).inserted else { continue }
      f.key = key
      f.status = status
      switch try write(&f, time, task, item, c) {
      case .unchanged: s.unchanged += 1
      case .frozen: s.frozen += 1
      case .written:
        keys.append(key)
        s.written += 1
      }
    }
  }

  private enum Written { case written, unchanged, frozen }

  // Puts the task at a time, and writes it.
  private func write(
    _ f: inout TaskRecord, _ time: MeetingTime, _ task: MeetingTask, _ item: MeetingItem,
    _ c: MeetingContext
  ) throws -> Written {
    let key = f.key
    var time = time
    var isFrozen = false
    let uid = item.fact.facts.uid
    f.set(time)
    if let memory {
      let recurrence = ByteBuffer(capacity: 32)
      time.appendRecurrenceID(to: recurrence)
      // UP-9-past: what is over stays where it was.
      if c.calendar.freezePast, !task.isCancelled,
        let old = try memory.times(uid, owner: f.owner, recurrence.array),
        old.1 <= plan.clock.now, old != (time.start, time.end)
      {
        (time.start, time.end) = old
        if time.dates != nil { time.dates = localDays(time) }
        isFrozen = true
        f.set(time)
      }
      let content = rendering.digest(of: f)
      let step = try memory.step(key, content)
      if step == .unchanged { return isFrozen ? .frozen : .unchanged }
      try memory.publish(key, .task, content, step)
      try memory.setVersion(
        uid, owner: f.owner, recurrence: recurrence.array, key: key,
        isCancelled: task.isCancelled, sequence: item.fact.sequence,
        modified: item.fact.modified, starts: time.start, ends: time.end)
      if step == .changed, !task.isCancelled { f.status = "updated" }
    }
    try add(f, busy: c.isBusy ? busy(time, key, item) : nil)
    if plan.writesTasks {
      let print = OutboundTasks.fingerprint(
        item.fact.facts.user, time.start, time.end, item.fact.summary ?? "")
      imported[print] = min(imported[print] ?? uid, uid)
    }
    return .written
  }

  // `busy` is nil for one that keeps nobody busy.
  private func add(_ f: TaskRecord, busy: BusyTimes.Row?) throws {
    rendering.task(f, into: rendered)
    try records.add(rendered, busy: busy)
  }

  /// Adds a task that has its time and keeps nobody busy.
  ///
  /// - Returns: A digest over what it says.
  func add(_ f: TaskRecord) throws -> Digest {
    rendering.beginTask()
    try add(f, busy: nil)
    return rendering.digest(of: f)
  }

  // MARK: When

  private func times(_ item: MeetingItem, _ c: MeetingContext) -> [MeetingTime] {
    let fact = item.fact
    var list = c.occurrences.map { o in
      MeetingTime(
        start: o.start, end: o.end,
        dates: o.days.map {
          (CivilDate(daysSince1970: $0.first), CivilDate(daysSince1970: $0.end))
        },
        recurrenceID: o.original.map { recurrence(fact, $0) }, instance: o.original)
    }
    if fact.facts.occurrences?.isSeries == true, c.calendar.recurrence == .series,
      let first = list.first
    {
      var whole = first
      whole.recurrenceID = nil
      list = [whole]
    }
    return list
  }

  // The occurrences that earlier runs published of what is cancelled now.
  private func cancelledTimes(_ item: MeetingItem) throws -> [MeetingTime] {
    guard let memory else { return [] }
    let fact = item.fact
    let known = try memory.active(fact.facts.uid, owner: item.owner)
    let wanted = ByteBuffer(capacity: 32)
    if let id = fact.instance, fact.isOverride { recurrence(fact, id).append(to: wanted) }
    return known.compactMap { version in
      if !wanted.isEmpty, version.recurrence != wanted.array { return nil }
      var time = MeetingTime(start: version.starts, end: version.ends)
      if fact.facts.isAllDay { time.dates = localDays(time) }
      time.recurrenceID = MeetingTime.RecurrenceID(written: version.recurrence)
      return time
    }
  }

  // The days of an all-day meeting of which only the instants are known.
  private func localDays(_ time: MeetingTime) -> (CivilDate, CivilDate) {
    (localZone.localTime(at: time.start).date, localZone.localTime(at: time.end).date)
  }

  private func recurrence(_ fact: MeetingFact, _ instant: Int64) -> MeetingTime.RecurrenceID {
    fact.namesDates ? .date(localZone.localTime(at: instant).date) : .instant(instant)
  }

  private func busy(_ time: MeetingTime, _ key: Digest, _ item: MeetingItem) -> BusyTimes.Row {
    var meeting: UInt64 = 0xcbf2_9ce4_8422_2325
    for b in item.fact.facts.uid.utf8 { meeting = (meeting ^ UInt64(b)) &* 0x100_0000_01b3 }
    return BusyTimes.Row(
      owner: Int32(clamping: item.fact.facts.user), task: -1, start: time.start, end: time.end,
      meeting: meeting, key: (key.words.0, key.words.1))
  }

  func shown(uid: String) -> String {
    guard let pseudonyms else { return uid }
    return uid.withByteView { pseudonyms.id($0).string }
  }
}

extension SharedMeetings.Copy {
  /// A component as the copy of a meeting.
  init(_ item: MeetingItem, _ c: MeetingContext) {
    self.init(
      isOrganizers: c.people.isOrganizedByOwner, position: item.position,
      place: item.fact.place.text)
  }
}
