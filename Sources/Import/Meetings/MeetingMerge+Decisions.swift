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
      reason: .quarantined, rule: "recurrence",
      matched: shown(matched: fault, private: c.hidesContent),
      record: .nothing)
    try tell(item, c, nil, outcome)
    let isShown = run.disclosure.of(private: c.hidesContent).shows(.quotedValue)
    warn("\(item.place.text): \(isShown ? fault : "not all occurrences of an event can be told")")
    try decide(.quarantined, outcome, item, c)
  }

  /// Quarantines what could not be read.
  func quarantine(_ fault: EventFault, raw: ByteView, _ number: Int) throws {
    let disclosure = run.disclosure.of(private: fault.isPrivate || PrivacyMark.mayBePrivate(raw))
    let error = disclosure.shows(.quotedValue) ? fault.message : fault.plainMessage
    let matched = shown(matched: error, private: disclosure.isPrivate)
    let source = sources[number]
    keys.removeAll(keepingCapacity: true)
    let place = place(fault.place, number)
    head.removeAll()
    head.append("{\"item\":\"event\",\"id\":\"\"")
    tail.removeAll()
    appendTail(date: nil, source, place)
    _ = matched.withByteView { matched in
      decisions.begin(
        .quarantined, .quarantined, item: .event, head: head.view, rule: ByteView("parse"),
        matched: matched, tail: tail.view)
    }
    try decisions.end()
    try memory?.quarantine(
      ledgerItem(place, source), length: max(0, fault.place.length), index: place.index,
      owner: owner(source),
      error: error)
    guard let folder = run.quarantineFolder, !raw.trimmed().isEmpty else { return }
    try place.path.withByteView { path in
      try QuarantineWriter.write(
        raw, error: error, path: path, index: place.index, offset: place.offset,
        length: max(0, fault.place.length), folder: folder,
        keepsBytes: disclosure.shows(.quarantinedBytes), ending: "ics")
    }
  }

  /// A decision's `matched`: nothing of private events.
  func shown(matched: String, private isPrivate: Bool) -> String {
    let isShown = DecisionRecord.table.shows(\.matched, run.disclosure.of(private: isPrivate))
    return isShown ? matched : ""
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
    let disclosure = run.disclosure.of(private: c.hidesContent)
    head.removeAll()
    head.append("{\"item\":\"event\",\"id\":")
    e.uid.withByteView { JSONWriter.appendString(pseudonyms?.id($0) ?? $0, to: head) }
    tail.removeAll()
    appendTail(
      date: DecisionRecord.table.shows(\.date, disclosure) ? c.item.start : nil, item.source,
      item.place)
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
      outcome, o, c, owner: owner(item.source),
      subject: disclosure.shows(.loggedText) ? e.summary : nil,
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
