import Bytes
import Events
import ICalendar
import JSONText
import Records
import Rules

/// Decision lines of calendars, and what is kept of what could not be read.
extension MeetingMerge {
  func tell(
    _ item: Item, _ c: MeetingContext, _ match: MeetingMatch?, _ outcome: MeetingOutcome
  ) throws {
    try observer?(
      MeetingDecision(
        context: c, match: match, outcome: outcome, path: item.place.path, index: item.place.index,
        standing: standing))
  }

  /// Notes where a CRM task stands in its owner's calendar.
  func noteReturned(_ item: Item) {
    let e = item.event
    guard plan.writesTasks, let id = OutboundEvent.taskID(inUID: e.uid), !e.isCancelled,
      !e.isSuperseded, !e.isRecurring, let span = e.span
    else { return }
    returned[id] = ReturnedTask(
      user: item.source.user, start: span.start, end: span.end, modified: e.lastModified,
      place: item.place.text)
  }

  /// Quarantines an event whose occurrences cannot all be told.
  func refuse(_ item: Item, _ c: MeetingContext, _ fault: String) throws {
    let outcome = MeetingOutcome(
      reason: .quarantined, rule: "recurrence", matched: c.hidesContent ? "" : fault,
      record: .nothing)
    try tell(item, c, nil, outcome)
    warn("\(item.place.text): \(fault)")
    try decide(.quarantined, outcome, item, c)
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
    try memory?.quarantine(
      ledgerItem(place, source), length: max(0, fault.place.length), index: place.index,
      owner: owner(source),
      error: fault.message)
    guard let folder = run.quarantineFolder, !raw.trimmed().isEmpty else { return }
    try place.path.withByteView { path in
      try QuarantineWriter.write(
        raw, error: fault.message, path: path, index: place.index, offset: place.offset,
        length: max(0, fault.place.length), folder: folder,
        keepsBytes: run.privacy == .full && !Self.isPrivate(raw), ending: "ics")
    }
  }

  // Also of what cannot be read nothing private may be shown.
  static func isPrivate(_ raw: ByteView) -> Bool {
    for word in ["CLASS:PRIVATE", "CLASS:CONFIDENTIAL"] as [StaticString]
    where raw.firstRangeIgnoringCase(of: ByteView(word)) != nil { return true }
    return false
  }

  func standing(_ key: [UInt8]) throws -> LeadStanding {
    try key.withByteView { v in
      let address = pseudonyms?.address(v) ?? v
      guard let i = captured.find(address) else {
        return try isEarlierLead(address) ? .captured : .none
      }
      return captured.isFromMail(i) ? .captured : .created
    }
  }

  func decide(
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
    // Finding a path's key asks the file system.
    if outcome != .quarantined, let memory, memory.hasQuarantined {
      try memory.resolve(ledgerItem(item.place, item.source))
    }
    try memory?.decide(
      outcome, o, c, owner: owner(item.source), subject: run.privacy == .full ? e.summary : nil,
      records: keys)
  }

  // By what the ledger knows an item: an invitation by its mail, which is what can be read again.
  private func ledgerItem(_ place: EventPlace, _ source: ResolvedSource) -> LedgerItem {
    place.mail
      ?? LedgerItem(
        path: SourceMemory.key(source.found), offset: place.offset, isInvitation: false)
  }

  func appendTail(date: Int64?, _ source: ResolvedSource, _ place: EventPlace) {
    tail.append(",\"owner\":")
    JSONWriter.appendString(owner(source), to: tail)
    tail.append(",\"direction\":\"inbound\",\"date\":")
    ActivityRendering.appendDate(date, to: tail)
    place.path.withByteView {
      ActivityRendering.appendSource($0, place.index, place.offset, to: tail)
    }
    tail.append(125)
  }

  func owner(_ source: ResolvedSource) -> String {
    pseudonyms?.text(source.ownerName) ?? source.ownerName
  }
}
