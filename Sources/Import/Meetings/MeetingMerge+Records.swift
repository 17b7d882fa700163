import Bytes
import CivilTime
import Events
import ICalendar
import Ledger
import Records
import Rules
import TimeZones

/// Tasks and blocks of one component: when they are, and which of them are written.
extension MeetingMerge {

  func times(_ item: Item, _ c: MeetingContext) -> [MeetingTime] {
    let e = item.event
    let found = item.occurrences
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
  static func days(_ o: EventOccurrence) -> (CivilDate, CivilDate) {
    let first = o.startDate
    let last = max(o.endDate.daysSince1970, first.daysSince1970 + 1)
    return (first, CivilDate(daysSince1970: last))
  }

  func warn(_ text: String) {
    if warnings.count < Self.maximumWarnings { warnings.append(text) }
  }

  func note(_ item: Item) {
    let e = item.event
    let source = item.source
    guard !source.ownerName.isEmpty, let t = e.lastModified ?? e.stamp ?? e.created else { return }
    let owner = owner(source)
    lastEvents[owner] = max(lastEvents[owner] ?? .min, t)
  }

  func busy(
    _ time: MeetingTime, _ key: Digest, _ item: Item
  ) -> BusyTimes.Row {
    var meeting: UInt64 = 0xcbf2_9ce4_8422_2325
    for b in item.event.uid.utf8 { meeting = (meeting ^ UInt64(b)) &* 0x100_0000_01b3 }
    return BusyTimes.Row(
      owner: Int32(clamping: item.source.user), task: -1, start: time.start, end: time.end,
      meeting: meeting, key: (key.words.0, key.words.1))
  }

  /// Writes the blocks; false where an earlier run published all of them as they are.
  func writeBlocks(
    _ role: Config.CalendarRole, _ item: Item, _ c: MeetingContext
  ) throws -> Bool {
    let uid = shown(uid: item.event.uid)
    let owner = owner(item.source)
    var isWritten = false
    for time in times(item, c) {
      let key = rendering.keys.block(
        uid: uid, recurrenceID: time.recurrenceID, owner: owner, calendar: role.rawValue)
      guard written.insert(RecordKey(key)).inserted else { continue }
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

  func shown(uid: String) -> String {
    guard let pseudonyms else { return uid }
    return uid.withByteView { pseudonyms.id($0).string }
  }

  /// Writes the tasks. Where there is none to write, tells what became of the item instead: other
  /// copies keep them, or earlier runs published them.
  func writeTasks(
    _ task: MeetingTask, _ item: Item, _ c: MeetingContext
  ) throws -> MeetingOutcome? {
    var f = TaskRecord()
    fill(&f, task, item, c)
    noteSeen(item.event.uid, user: item.source.user, isKept: true)
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
      let key = rendering.keys.task(
        uid: f.uid, recurrenceID: time.recurrenceID, owner: f.owner)
      guard written.insert(RecordKey(key)).inserted else { continue }
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

  enum Written { case written, unchanged, frozen }

  func write(
    _ fields: TaskRecord, _ key: Digest, _ time: MeetingTime, _ task: MeetingTask, _ item: Item,
    _ c: MeetingContext
  ) throws -> Written {
    var f = fields
    var time = time
    var isFrozen = false
    if let memory {
      let recurrence = ByteBuffer(capacity: 32)
      time.appendRecurrenceID(to: recurrence)
      // features.md UP-9-past: what is over stays where it was.
      if c.calendar.freezePast, !task.isCancelled,
        let old = try memory.times(item.event.uid, owner: f.owner, recurrence.array),
        old.1 <= plan.clock.now, old != (time.start, time.end)
      {
        (time.start, time.end) = old
        if time.dates != nil { time.dates = localDays(time) }
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
  func cancelledTimes(_ item: Item) throws -> [MeetingTime] {
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
      if e.isAllDay { time.dates = localDays(time) }
      time.recurrenceID = MeetingTime.RecurrenceID(written: version.recurrence)
      return time
    }
  }

  /// The days of an all-day meeting of which only the instants are known.
  private func localDays(_ time: MeetingTime) -> (CivilDate, CivilDate) {
    (localZone.localTime(at: time.start).date, localZone.localTime(at: time.end).date)
  }

  func recurrence(_ e: CalendarEvent, _ instant: Int64) -> MeetingTime.RecurrenceID {
    e.start?.isDate ?? e.recurrenceID?.isDate ?? false
      ? .date(localZone.localTime(at: instant).date) : .instant(instant)
  }
}
