import Bytes
import ICalendar
import JSONText
import Mail
import Records
import Rules
import Text

/// Turns one decided mail into its fact: the decision line and the records that may come of it.
///
/// Renders only what can be written: nothing for a mail that a rule dropped, no body where the
/// configuration captures none, no text of HTML unless a record carries it. Everything is rendered
/// once, right into the batch's facts.
final class MailRenderer {
  private let run: RunPlan
  private let hash = SHA256()
  private let scratch = ByteBuffer(capacity: 4096)
  // Of the decision last written.
  private let dateJSON = ByteBuffer(capacity: 32)
  private let sourceJSON = ByteBuffer(capacity: 512)
  private let stored = ByteBuffer(capacity: 1024)
  private let ambiguous = ByteBuffer(capacity: 256)
  private let lookedUp = ByteBuffer(capacity: 256)
  private let fields = ActivityFields()
  private let leadKeys = LeadKeyCache()
  private let attachments: AttachmentRenderer
  private let pseudonyms: Pseudonyms?
  private let shows: Shows
  private let invites: InviteFinder?
  // Of the mail at hand, in a run with a ledger.
  private var remembered = Remembered()

  /// What `output.privacy` lets be seen of a mail.
  private struct Shows {
    let quarantinedBytes: Bool
    let subject: Bool
    let body: Bool
    let attachments: Bool

    init(_ disclosure: Disclosure) {
      quarantinedBytes = disclosure.shows(.quarantinedBytes)
      // To make the table takes a millisecond, which most runs can do without.
      let isEverything = disclosure.isEverything
      subject = isEverything || ActivityRecord.table.shows(\.subject, disclosure)
      body = isEverything || ActivityRecord.table.shows(\.bodyText, disclosure)
      attachments = isEverything || ActivityRecord.table.shows(\.attachments, disclosure)
    }
  }

  init(run: RunPlan) {
    self.run = run
    invites = run.inviteUsers.isEmpty ? nil : InviteFinder(users: run.inviteUsers)
    pseudonyms = run.pseudonymSecret.map { Pseudonyms(secret: $0) }
    attachments = AttachmentRenderer(run: run)
    shows = Shows(run.disclosure)
  }

  /// Notes where the mail at hand can be read again.
  func remember(source: Int, separator: Int, length: Int, file: [UInt8], path: [UInt8]) {
    let text = remembered.text
    text.removeAll()
    let a = text.place { file.withByteView { text.append($0) } }
    let b = text.place { path.withByteView { text.append($0) } }
    var memory = FactMemory()
    memory.source = source
    memory.separator = separator
    memory.length = length
    memory.file = text[a]
    memory.path = text[b]
    remembered.memory = memory
  }

  // Where the mail at hand can be read again, and the bytes of its paths.
  private struct Remembered {
    var memory = FactMemory()
    let text = ByteBuffer(capacity: 512)
  }

  /// Writes the decision of an item that could not be read, and keeps its bytes.
  func quarantine(
    _ bytes: ByteView, _ finding: Finding, at place: MailPlace, _ source: MailSource,
    into result: BatchResult
  ) {
    var fact = MailFact()
    fact.verdict.reason = finding.reason
    fact.file = place.file
    fact.index = place.index
    fact.user = source.user
    fact.memory = remembered.memory
    fact.remembers = run.remembers
    let w = FactWriter(out: result.facts)
    let at = finding.rule.withByteView { rule in
      finding.matched.withByteView { matched in
        fact.verdict.rule = rule
        fact.verdict.matched = matched
        return fact.begin(w)
      }
    }
    w.bytes(ByteView("{\"item\":\"mail\",\"id\":\"\""))
    let tail = w.open()
    w.out.append(",\"owner\":")
    JSONWriter.appendString(owner(of: source), to: w.out)
    w.out.append(",\"direction\":null,\"date\":null")
    ActivityRendering.appendSource(place.path, place.index, place.offset, to: w.out)
    w.out.append(125)
    w.close(tail)
    endWithoutRecords(w)
    w.close(at)
    guard let folder = run.quarantineFolder, !bytes.trimmed().isEmpty else { return }
    do {
      try QuarantineWriter.write(
        bytes, error: finding.matched, path: place.path, index: place.index, offset: place.offset,
        length: place.length, folder: folder,
        keepsBytes: shows.quarantinedBytes && !mayHoldPrivateEvent(bytes))
    } catch {
      if result.failure == nil { result.failure = error }
    }
  }

  private func mayHoldPrivateEvent(_ bytes: ByteView) -> Bool {
    bytes.firstRangeIgnoringCase(of: ByteView("vcalendar")) != nil
      && PrivacyMark.mayBePrivate(bytes)
  }

  private func owner(of source: MailSource) -> ByteView {
    guard let pseudonyms else { return source.owner }
    return pseudonyms.owner(source.ownerName)
  }

  // No json, csv, stored, variants.
  private func endWithoutRecords(_ w: FactWriter) {
    w.u64(0)
    w.u64(0)
  }

  // The two halves of the decision line, around what the merge decides.
  private func writeDecision(
    _ w: FactWriter, key: Digest?, _ state: MailState, _ m: Message, _ c: MailContext
  ) {
    let out = w.out
    let head = w.open()
    out.append("{\"item\":\"mail\",\"id\":")
    let id = m.text[m.messageID]
    JSONWriter.appendString(pseudonyms?.id(id) ?? id, to: out)
    if let key {
      out.append(",\"key\":\"")
      key.appendHex(to: out, bytes: 16)
      out.append(34)
    }
    w.close(head)
    let tail = w.open()
    out.append(",\"owner\":")
    JSONWriter.appendString(owner(of: state.source), to: out)
    out.append(",\"direction\":\"")
    out.append(c.direction.name)
    out.append("\",\"date\":")
    // The records say the same.
    dateJSON.removeAll()
    ActivityRendering.appendDate(state.date, to: dateJSON)
    out.append(dateJSON.view)
    let place = state.place
    sourceJSON.removeAll()
    ActivityRendering.appendSource(place.path, place.index, place.offset, to: sourceJSON)
    out.append(sourceJSON.view)
    out.append(125)
    w.close(tail)
  }

  /// Fills in what the fact of every mail that was read says.
  func begin(
    _ fact: inout MailFact, _ finding: Finding, _ state: MailState, _ reader: MessageReader,
    _ c: MailContext
  ) {
    pseudonyms?.forget()
    fact.verdict.reason = finding.reason
    fact.remembers = run.remembers
    let listKey = c.facts.keys[c.facts.listKey]
    fact.listKey = pseudonyms?.address(listKey) ?? listKey
    if let invites, invites.isWanted(state, finding) {
      fact.invitation.text = invites.find(reader)
      fact.invitation.offset = state.place.offset
    }
  }

  /// Writes the fact of a mail that a rule dropped.
  func render(
    _ fact: inout MailFact, _ finding: Finding, _ state: MailState, _ m: Message,
    _ c: MailContext, into result: BatchResult
  ) {
    guard let reason = finding.reason else { return }
    let w = FactWriter(out: result.facts)
    fillMemory(&fact, m)
    let at = finding.rule.withByteView { rule in
      finding.matched.withByteView { matched in
        fact.verdict.rule = rule
        fact.verdict.matched = pseudonyms?.matched(matched, reason) ?? matched
        return fact.begin(w)
      }
    }
    writeDecision(w, key: nil, state, m, c)
    endWithoutRecords(w)
    w.close(at)
  }

  /// Writes the fact of a mail that goes on to the merge, with the records that may come of it; `id`
  /// is its identity.
  func render(
    _ fact: inout MailFact, _ id: Digest, _ matches: borrowing LeadMatching.Result,
    _ state: MailState, _ reader: MessageReader, _ c: MailContext,
    extract: AttachmentRenderer.Extract, into result: BatchResult
  ) {
    let m = reader.message
    fact.identity = (id.words.0, id.words.1)
    let messageID = m.text[m.messageID]
    fact.messageID = pseudonyms?.id(messageID) ?? messageID
    if !m.messageID.isEmpty {
      fact.messageIDHash = ByteHash.hash(messageID) | 1
    }
    fact.verdict.isAmbiguous = matches.isAmbiguous
    lookedUp.removeAll()
    LeadMatching.appendLookedUp(c, matches, to: lookedUp)
    fact.verdict.matched = pseudonyms?.matched(lookedUp.view, .noLead) ?? lookedUp.view
    fillMemory(&fact, m)
    fillAmbiguous(&fact, matches, c.facts)
    let w = FactWriter(out: result.facts)
    let at = fact.begin(w)
    writeDecision(w, key: id, state, m, c)
    if matches.hits.isEmpty {
      endWithoutRecords(w)
    } else if !run.rendersPossibleLeads, !matches.hits.contains(where: { $0.id != nil }) {
      // Nobody of it is a lead now: the ledger keeps the addresses, and no record is made.
      writeAddresses(w, matches, c.facts)
    } else {
      fillFields(state, reader, c)
      if shows.attachments {
        attachments.fill(fields, reader, c, extract, stored: stored, into: result)
      } else {
        fields.attachments = nil
        stored.removeAll()
      }
      pseudonyms?.apply(to: fields)
      writeRecords(w, id, matches, c)
    }
    w.close(at)
  }

  // Last of all, since a message's text moves while it is read.
  private func fillMemory(_ fact: inout MailFact, _ m: Message) {
    guard fact.remembers else { return }
    fact.memory = remembered.memory
    fact.memory.subject =
      m.subject.map { m.text[$0].prefix(FactMemory.longestSubject) } ?? .empty
  }

  // When the CRM's list says one day which lead it is, the mail is read again.
  private func fillAmbiguous(
    _ fact: inout MailFact, _ matches: borrowing LeadMatching.Result, _ facts: MailFacts
  ) {
    guard fact.remembers, matches.isAmbiguous else { return }
    ambiguous.removeAll()
    for key in matches.ambiguousKeys {
      let plain = facts.keys[key]
      ambiguous.append(pseudonyms?.address(plain) ?? plain)
      ambiguous.append(ASCII.lf)
    }
    fact.memory.ambiguous = ambiguous.view
  }

  private func writeAddresses(
    _ w: FactWriter, _ matches: borrowing LeadMatching.Result, _ facts: MailFacts
  ) {
    w.u64(0)
    w.u32(0)
    w.u32(matches.hits.count)
    for hit in matches.hits {
      var v = FactVariant()
      let plain = facts.keys[hit.key]
      v.key = pseudonyms?.address(plain) ?? plain
      v.begin(w)
      w.u64(0)
      w.u32(0)
    }
  }

  // What the records share, then what each has of its own.
  private func writeRecords(
    _ w: FactWriter, _ id: Digest, _ matches: borrowing LeadMatching.Result, _ c: MailContext
  ) {
    let out = w.out
    let hasJSON = run.formats.contains(.jsonl) || run.formats.contains(.json)
    let hasCSV = run.formats.contains(.csv)
    let json = w.open()
    if hasJSON { ActivityRendering.jsonTail(fields, to: out) }
    w.close(json)
    let csv = w.open()
    if hasCSV {
      ActivityRendering.csvTail(fields, scratch: scratch, guarded: run.guardsFormulas, to: out)
    }
    w.close(csv)
    w.bytes(stored.view)
    w.u32(matches.hits.count)
    for hit in matches.hits {
      let plain = c.facts.keys[hit.key]
      let address = pseudonyms?.address(plain) ?? plain
      var v = FactVariant()
      v.isKnown = hit.id != nil
      v.mayCapture = hit.mayCapture
      v.field = hit.field
      v.key = address
      v.name = c.facts.text[hit.name]
      if let pseudonyms, !v.name.isEmpty { v.name = pseudonyms.name(of: plain) }
      if run.remembers, let id = hit.id {
        v.id = pseudonyms?.matched(id, .matched) ?? id
        if pseudonyms == nil, hit.row >= 0 { v.leadName = run.leads.value(.name, of: hit.row) }
      }
      v.begin(w)
      let key = RecordKeys.activity(
        identity: id, address: address, direction: c.direction.name,
        leadID: hit.sharesAddress ? hit.id : nil, hash, scratch)
      let lead = ActivityLead(
        id: hit.id.map { pseudonyms?.matched($0, .matched) ?? $0 },
        key: leadKeys.key(of: address, hash), email: address,
        matchedBy: run.fieldName(hit.searchField))
      let record = w.open()
      key.appendHex(to: out, bytes: 16)
      w.close(record)
      let head = w.open()
      if hasJSON { ActivityRendering.jsonHead(fields, key: key, lead: lead, to: out) }
      w.close(head)
      let row = w.open()
      if hasCSV {
        ActivityRendering.csvHead(
          fields, key: key, lead: lead, guarded: run.guardsFormulas, to: out)
      }
      w.close(row)
    }
  }

  private func fillFields(_ state: MailState, _ reader: MessageReader, _ c: MailContext) {
    let m = reader.message
    let settings = run.mail.settings(c.direction)
    let capture = settings.capture
    fields.type = run.activityType(c.direction)
    fields.direction = c.direction.name
    fields.date = state.date
    fields.dateJSON = dateJSON.view
    fields.sourceJSON = sourceJSON.view
    fields.dateSource = state.dateSource
    fields.owner = state.source.owner
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
      var text = reader.recordText()
      if settings.bodyScope == .newest { text = text[NewestPart.find(in: text).range] }
      fields.bodyText = text
    }
    fields.messageID = text[m.messageID]
    let ids = m.idText.view
    fields.references.removeAll()
    for r in m.references() { fields.references.append(ids[r]) }
    fields.inReplyTo = m.inReplyTo().map { ids[$0] } ?? .empty
    fields.senderAuth = c.facts.senderAuth.name
    fields.path = state.place.path
    fields.index = state.place.index
    fields.offset = state.place.offset
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
