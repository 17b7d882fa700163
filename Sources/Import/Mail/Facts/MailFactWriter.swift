import Bytes
import ICalendar
import JSONText
import Mail
import Records
import Rules
import Text

/// Turns one decided mail into its fact.
///
/// Decodes only what something is made of: nothing of a mail that a rule dropped, no body where the
/// configuration captures none, no text of HTML unless a record carries it. Where nothing waits for
/// the whole run it renders at once, right into the batch's facts (``MailRendering``).
final class MailFactWriter {
  private let run: RunPlan
  private let hash = SHA256()
  private let scratch = ByteBuffer(capacity: 4096)
  private let hex = ByteBuffer(capacity: 32)
  private let stored = ByteBuffer(capacity: 1024)
  private let ambiguous = ByteBuffer(capacity: 256)
  private let lookedUp = ByteBuffer(capacity: 256)
  private let rendering: MailRendering
  private let attachments: AttachmentKeeper
  private let pseudonyms: Pseudonyms?
  private let shows: Shows
  private let invites: InviteFinder?
  // Of the mail at hand, in a run with a ledger.
  private var remembered = Remembered()
  // The mail at hand.
  private let fact = MailFact()

  /// What `output.privacy` lets be seen of a mail.
  private struct Shows {
    let quarantinedBytes: Bool
    let subject: Bool
    let body: Bool
    let attachments: Bool

    init(_ disclosure: Disclosure) {
      quarantinedBytes = disclosure.shows(.quarantinedBytes)
      // Building the table takes a millisecond, which most runs can do without.
      let isEverything = disclosure.isEverything
      subject = isEverything || ActivityRecord.table.shows(\.subject, disclosure)
      body = isEverything || ActivityRecord.table.shows(\.bodyText, disclosure)
      attachments = isEverything || ActivityRecord.table.shows(\.attachments, disclosure)
    }
  }

  init(run: RunPlan) {
    self.run = run
    invites = run.invites.map { InviteFinder($0, run: run) }
    pseudonyms = run.pseudonymSecret.map { Pseudonyms(secret: $0) }
    rendering = MailRendering(run: run)
    attachments = AttachmentKeeper(run: run)
    shows = Shows(run.disclosure)
  }

  /// Notes where the mail at hand can be read again.
  func remember(separator: Int, length: Int, file: [UInt8], path: [UInt8]) {
    let text = remembered.text
    text.removeAll()
    let a = text.place { file.withByteView { text.append($0) } }
    let b = text.place { path.withByteView { text.append($0) } }
    var memory = LedgerNote()
    memory.separator = separator
    memory.length = length
    memory.file = text[a]
    memory.path = text[b]
    remembered.memory = memory
  }

  // Where the mail at hand can be read again, and the bytes of its paths.
  private struct Remembered {
    var memory = LedgerNote()
    let text = ByteBuffer(capacity: 512)
  }

  // What every fact says.
  private func begin(_ finding: Finding, _ place: MailPlace, _ source: MailboxContext) {
    fact.verdict = MailFact.Verdict(reason: finding.reason)
    fact.identity = (0, 0)
    fact.date = .max
    fact.direction = .inbound
    fact.messageID = .empty
    fact.listKey = .empty
    fact.invitation = .empty
    fact.user = source.user
    fact.place = MailFact.Place(
      source: source.number, path: place.path, owner: owner(of: source), file: place.file,
      index: place.index, offset: place.offset)
    if run.remembers { fact.memory = remembered.memory }
    if run.rendersAhead { fact.rendered = MailFact.Rendered() }
  }

  /// Writes the fact of an item that could not be read, with its bytes.
  func quarantine(
    _ bytes: ByteView, _ finding: Finding, at place: MailPlace, _ source: MailboxContext,
    into result: BatchResult
  ) {
    begin(finding, place, source)
    if !bytes.trimmed().isEmpty {
      let isShown = shows.quarantinedBytes && !mayHoldPrivateEvent(bytes)
      fact.verdict.unread = MailFact.Unread(
        digest: SHA256.digest(bytes), length: place.length,
        bytes: isShown ? bytes.prefix(QuarantineWriter.limit) : nil)
    }
    finding.rule.withByteView { rule in
      finding.matched.withByteView { matched in
        fact.verdict.rule = rule
        fact.verdict.matched = matched
        writeDropped(to: FactWriter(out: result.facts))
      }
    }
  }

  private func mayHoldPrivateEvent(_ bytes: ByteView) -> Bool {
    bytes.firstRangeIgnoringCase(of: ByteView("vcalendar")) != nil
      && PrivacyMark.mayBePrivate(bytes)
  }

  private func owner(of source: MailboxContext) -> ByteView {
    guard let pseudonyms else { return source.owner }
    return pseudonyms.owner(source.ownerName)
  }

  // A fact of which no record comes.
  private func writeDropped(to w: FactWriter) {
    let at = fact.begin(w)
    writeLine(w)
    endWithoutRecords(w)
    w.close(at)
  }

  // The two halves of the decision's line, around what the merge decides; or what it needs for
  // them.
  private func writeLine(_ w: FactWriter) {
    guard run.rendersAhead else { return w.bytes(fact.place.owner) }
    rendering.begin(fact)
    let head = w.open()
    rendering.appendHead(fact, to: w.out)
    w.close(head)
    let tail = w.open()
    rendering.appendTail(fact, to: w.out)
    w.close(tail)
  }

  // What stands between the line and the variants where nothing is stored.
  private func writeNoRecord(_ w: FactWriter) {
    if run.rendersAhead { w.u64(0) } else { w.u32(0) }
    w.u32(0)
  }

  private func endWithoutRecords(_ w: FactWriter) {
    writeNoRecord(w)
    w.u32(0)
  }

  /// Begins the fact of a mail that was read.
  func begin(
    _ finding: Finding, _ state: borrowing MailState, _ reader: MessageReader, _ c: MailContext
  ) {
    pseudonyms?.forget()
    begin(finding, state.place, state.source)
    fact.direction = c.direction
    fact.date = state.date ?? .max
    let listKey = c.facts.keys[c.facts.listKey]
    fact.listKey = pseudonyms?.address(listKey) ?? listKey
    if c.isSentAs {
      fact.verdict.sentAs = pseudonyms?.address(c.sentAsKey) ?? c.sentAsKey
    }
    if let invites, invites.isWanted(state, finding) {
      fact.invitation = invites.find(reader, in: state.source, at: invitedPlace)
    }
    // Last of all, since a message's text moves while it is read.
    let m = reader.message
    let id = m.text[m.messageID]
    fact.messageID = pseudonyms?.id(id) ?? id
    if run.remembers {
      fact.memory?.subject =
        m.subject.map { m.text[$0].prefix(LedgerNote.longestSubject) } ?? .empty
    }
  }

  // Where what comes with the mail at hand stands.
  private var invitedPlace: EventPlace {
    EventPlace(
      path: fact.place.path.string, index: fact.place.index, offset: fact.place.offset,
      mail: fact.memory.map {
        LedgerItem(path: $0.path.array, offset: $0.separator, isInvitation: true)
      })
  }

  /// Writes the fact of a mail that a rule dropped.
  func write(_ finding: Finding, into result: BatchResult) {
    guard let reason = finding.reason else { return }
    finding.rule.withByteView { rule in
      finding.matched.withByteView { matched in
        fact.verdict.rule = rule
        fact.verdict.matched = pseudonyms?.matched(matched, reason) ?? matched
        writeDropped(to: FactWriter(out: result.facts))
      }
    }
  }

  /// Writes the fact of a mail that goes on to the merge, with what records may come of it; `id` is
  /// its identity.
  func write(
    _ id: Digest, _ matches: borrowing LeadMatching.Result,
    _ state: borrowing MailState, _ reader: MessageReader, _ c: MailContext,
    extract: AttachmentKeeper.Extract, into result: BatchResult
  ) {
    fact.identity = (id.words.0, id.words.1)
    fact.verdict.isAmbiguous = matches.isAmbiguous
    lookedUp.removeAll()
    LeadMatching.appendLookedUp(c, matches, to: lookedUp)
    fact.verdict.matched = pseudonyms?.matched(lookedUp.view, .noLead) ?? lookedUp.view
    fillAmbiguous(matches, c.facts)
    let w = FactWriter(out: result.facts)
    let at = fact.begin(w)
    writeLine(w)
    if matches.hits.isEmpty {
      endWithoutRecords(w)
    } else if !run.rendersPossibleLeads, !matches.hits.contains(where: { $0.id != nil }) {
      // Nobody of it is a lead now: the ledger keeps the addresses, and no record is made.
      writeAddresses(w, matches, c.facts)
    } else {
      let fields = rendering.fields
      fillFields(fields, state, reader, c)
      if shows.attachments {
        attachments.fill(fields, reader, c, extract, stored: stored, into: result)
      } else {
        fields.attachments = nil
        stored.removeAll()
      }
      pseudonyms?.apply(to: fields)
      if run.rendersAhead { rendering.complete(fact) }
      writeShared(fields, w)
      w.u32(matches.hits.count)
      var i = 0
      while i < matches.hits.count {
        write(matches.hits[i], id, c, w)
        i += 1
      }
    }
    w.close(at)
  }

  // When the CRM's list says one day which lead it is, the mail is read again.
  private func fillAmbiguous(
    _ matches: borrowing LeadMatching.Result, _ facts: MailFacts
  ) {
    guard fact.memory != nil, matches.isAmbiguous else { return }
    ambiguous.removeAll()
    for key in matches.ambiguousKeys {
      let plain = facts.keys[key]
      ambiguous.append(pseudonyms?.address(plain) ?? plain)
      ambiguous.append(ASCII.lf)
    }
    fact.memory?.ambiguous = ambiguous.view
  }

  private func writeAddresses(
    _ w: FactWriter, _ matches: borrowing LeadMatching.Result, _ facts: MailFacts
  ) {
    writeNoRecord(w)
    w.u32(matches.hits.count)
    for hit in matches.hits {
      var v = FactAddress()
      let plain = facts.keys[hit.key]
      v.key = pseudonyms?.address(plain) ?? plain
      v.begin(w)
      w.u32(0)
      writeNoRecord(w)
    }
  }

  // What the records share.
  private func writeShared(_ fields: ActivityFields, _ w: FactWriter) {
    if run.rendersAhead {
      let json = w.open()
      rendering.appendSharedJSON(to: w.out)
      w.close(json)
      let csv = w.open()
      rendering.appendSharedCSV(to: w.out)
      w.close(csv)
    } else {
      let record = w.open()
      var c = FactBytesWriter(w: w)
      fields.walk(&c)
      w.close(record)
    }
    w.bytes(stored.view)
  }

  // What each has of its own.
  private func write(
    _ hit: LeadHit, _ id: Digest, _ c: MailContext, _ w: FactWriter
  ) {
    let plain = c.facts.keys[hit.key]
    let address = pseudonyms?.address(plain) ?? plain
    var v = FactAddress()
    v.isKnown = hit.id != nil
    v.mayCapture = hit.mayCapture
    v.field = hit.field
    v.key = address
    v.name = c.facts.text[hit.name]
    if let pseudonyms, !v.name.isEmpty { v.name = pseudonyms.name(of: plain) }
    let leadID = hit.id.map { pseudonyms?.matched($0, .matched) ?? $0 }
    if let leadID, run.remembers || !run.rendersAhead { v.id = leadID }
    if run.remembers, pseudonyms == nil, hit.row >= 0 {
      v.leadName = run.leads.value(.name, of: hit.row)
    }
    v.matchedBy = run.fieldName(hit.searchField)
    v.begin(w)
    let key = RecordKeys.activity(
      identity: id, address: address, direction: c.direction.name,
      leadID: hit.sharesAddress ? hit.id : nil, hash, scratch)
    hex.removeAll()
    key.appendHex(to: hex, bytes: 16)
    w.bytes(hex.view)
    guard run.rendersAhead else { return w.bytes(v.matchedBy) }
    v.id = leadID ?? .empty
    let lead = rendering.lead(v)
    let json = w.open()
    rendering.appendJSON(key: hex.view, lead, to: w.out)
    w.close(json)
    let csv = w.open()
    rendering.appendCSV(key: hex.view, lead, to: w.out)
    w.close(csv)
  }

  private func fillFields(
    _ fields: ActivityFields, _ state: borrowing MailState, _ reader: MessageReader,
    _ c: MailContext
  ) {
    let m = reader.message
    let settings = run.mail.settings(c.direction)
    let capture = settings.capture
    fields.dateSource = ByteView(state.dateSource)
    scratch.removeAll()
    scratch.append(RecordKeys.threadPrefix)
    m.appendThreadID(to: scratch)
    fields.thread = RecordKeys.thread(scratch.view, hash)
    let text = m.text.view
    fields.showsCC = capture.contains(.cc)
    fields.showsBCC = capture.contains(.bcc)
    Self.fill(fields.from, m, m.from, text)
    Self.fill(fields.to, m, m.to, text)
    Self.fill(fields.cc, m, fields.showsCC ? m.cc : nil, text)
    Self.fill(fields.bcc, m, fields.showsBCC ? m.bcc : nil, text)
    let hasSubject = shows.subject && capture.contains(.subject)
    fields.subject = hasSubject ? m.subject.map { text[$0] } ?? .empty : nil
    fields.bodyText = nil
    if shows.body, capture.contains(.body) {
      var text = reader.readableText()
      if settings.bodyScope == .newest { text = text[NewestPart.find(in: text).range] }
      fields.bodyText = text
    }
    fields.messageID = text[m.messageID]
    let references = m.references()
    let replyTo = m.inReplyTo()
    // Behind both: it is they that read the ids.
    let ids = m.idText.view
    fields.references.removeAll()
    // By number: to walk through a list counts a reference to it; so below.
    var i = 0
    while i < references.count {
      fields.references.append(ids[references[i]])
      i += 1
    }
    fields.inReplyTo = replyTo.map { ids[$0] } ?? .empty
    fields.senderAuth = ByteView(c.facts.senderAuth.name)
    fields.folder = c.folder.name
    fields.labels = state.labels
  }

  private static func fill(
    _ list: ReusedList<RecordAddress>, _ m: Message, _ range: Range<Int>?, _ text: ByteView
  ) {
    list.removeAll()
    guard let range else { return }
    var i = range.lowerBound
    while i < min(range.upperBound, m.addresses.count) {
      let a = m.addresses[i]
      list.append(RecordAddress(name: text[a.name], email: text[a.address]))
      i += 1
    }
  }
}
