import Bytes
import JSONText
import Records
import Rules

/// Decision lines of calendars, what the ledger keeps of them, and what is kept of components that
/// could not be read.
final class MeetingDecisionLines {
  private let decisions: DecisionLines
  private let run: RunPlan
  private let memory: MeetingMemory?
  private let pseudonyms: Pseudonyms?
  private let head = ByteBuffer(capacity: 256)
  private let tail = ByteBuffer(capacity: 256)

  init(
    _ decisions: DecisionLines, run: RunPlan, pseudonyms: Pseudonyms?, memory: MeetingMemory?
  ) {
    self.decisions = decisions
    self.run = run
    self.pseudonyms = pseudonyms
    self.memory = memory
  }

  /// Writes down what became of an item, with the keys of its records.
  func decide(
    _ outcome: Outcome, _ o: MeetingOutcome, _ item: MeetingItem, _ c: MeetingContext,
    keys: [Digest]
  ) throws {
    let fact = item.fact
    let disclosure = run.disclosure.of(private: c.hidesContent)
    head.removeAll()
    head.append("{\"item\":\"event\",\"id\":")
    fact.facts.uid.withByteView { JSONWriter.appendString(pseudonyms?.id($0) ?? $0, to: head) }
    appendTail(
      date: DecisionRecord.table.shows(\.date, disclosure) ? fact.facts.start : nil, item.owner,
      fact.place)
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
      try memory.resolve(ledgerItem(fact.place, item.source))
    }
    try memory?.decide(
      outcome, o, c, owner: item.owner,
      subject: disclosure.shows(.loggedText) ? fact.summary : nil,
      records: keys)
  }

  /// Quarantines what could not be read.
  func quarantine(_ fault: MeetingFault, _ source: CalendarSource, owner: String) throws {
    let place = fault.place
    let finding = MeetingRules.unreadable(fault.message)
    guard let reason = finding.reason else { return }
    let matched = shown(matched: finding.matched, private: fault.isPrivate)
    head.removeAll()
    head.append("{\"item\":\"event\",\"id\":\"\"")
    appendTail(date: nil, owner, place)
    _ = matched.withByteView { matched in
      finding.rule.withByteView { rule in
        decisions.begin(
          reason.outcome, reason, item: .event, head: head.view, rule: rule, matched: matched,
          tail: tail.view)
      }
    }
    try decisions.end()
    try memory?.quarantine(
      ledgerItem(place, source), length: fault.length, index: place.index, owner: owner,
      error: fault.message)
    guard let folder = run.quarantineFolder, let digest = fault.digest else { return }
    try place.path.withByteView { path in
      try (fault.bytes ?? []).withByteView { bytes in
        try QuarantineWriter.write(
          fault.bytes == nil ? nil : bytes, digest: digest, error: fault.message, path: path,
          index: place.index, offset: place.offset, length: fault.length, folder: folder,
          ending: "ics")
      }
    }
  }

  /// A decision's `matched`: nothing of private events.
  func shown(matched: String, private isPrivate: Bool) -> String {
    let isShown = DecisionRecord.table.shows(\.matched, run.disclosure.of(private: isPrivate))
    return isShown ? matched : ""
  }

  // By what the ledger knows an item: an invitation by its mail, which is what can be read again.
  private func ledgerItem(_ place: EventPlace, _ source: CalendarSource) -> LedgerItem {
    place.mail
      ?? LedgerItem(
        path: SourceMemory.key(source.source.found), offset: place.offset, isInvitation: false)
  }

  private func appendTail(date: Int64?, _ owner: String, _ place: EventPlace) {
    tail.removeAll()
    tail.append(",\"owner\":")
    JSONWriter.appendString(owner, to: tail)
    tail.append(",\"direction\":\"inbound\",\"date\":")
    ActivityRendering.appendDate(date, to: tail)
    place.path.withByteView {
      ActivityRendering.appendSource($0, place.index, place.offset, to: tail)
    }
    tail.append(125)
  }
}
