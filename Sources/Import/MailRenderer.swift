import Bytes
import JSONText
import Mail
import Records
import Rules
import Text

/// Turns one decided mail into its fact: the decision line and the records that may come of it.
///
/// Renders only what can be written: nothing for a mail that a rule dropped, no body where the
/// configuration captures none, no text of HTML unless a record carries it.
final class MailRenderer {
  private let run: RunPlan
  private let identity = MailIdentity()
  private let hash = SHA256()
  private let head = ByteBuffer(capacity: 1024)
  private let tail = ByteBuffer(capacity: 1024)
  private let json = ByteBuffer(capacity: 64 << 10)
  private let csv = ByteBuffer(capacity: 64 << 10)
  private let pieces = ByteBuffer(capacity: 16 << 10)
  private let scratch = ByteBuffer(capacity: 4096)
  private let stored = ByteBuffer(capacity: 1024)
  private let matched = ByteBuffer(capacity: 256)
  @exclusivity(unchecked) private var fields = ActivityFields()
  private let attachments: AttachmentRenderer
  private let pseudonyms: Pseudonyms?

  init(run: RunPlan) {
    self.run = run
    pseudonyms = run.pseudonymSecret.map { Pseudonyms(secret: $0) }
    attachments = AttachmentRenderer(run: run)
  }

  /// Writes the decision of an item that could not be read, and keeps its bytes.
  func quarantine(
    _ bytes: ByteView, error: StaticString, at place: MailPlace, _ source: MailSource,
    into result: BatchResult
  ) {
    var fact = MailFact()
    fact.reason = .quarantined
    fact.file = place.file
    fact.index = place.index
    fact.rule = ByteView("parse")
    fact.matched = ByteView(error)
    head.removeAll()
    head.append("{\"item\":\"mail\",\"id\":\"\"")
    tail.removeAll()
    tail.append(",\"owner\":")
    appendOwner(source)
    tail.append(",\"direction\":null,\"date\":null")
    appendSource(place)
    fact.head = head.view
    fact.tail = tail.view
    fact.write(to: result.facts)
    guard let folder = run.quarantineFolder, !bytes.trimmed().isEmpty else { return }
    do {
      try QuarantineWriter.write(
        bytes, error: error, path: place.path, index: place.index, offset: place.offset,
        length: place.length, folder: folder, keepsBytes: run.privacy == .full)
    } catch {
      if result.failure == nil { result.failure = error }
    }
  }

  private func appendOwner(_ source: MailSource) {
    let name = source.ownerName
    JSONWriter.appendString(pseudonyms?.text(name) ?? name, to: tail)
  }

  private func appendSource(_ place: MailPlace) {
    tail.append(",\"source\":{\"path\":")
    JSONWriter.appendString(place.path, to: tail)
    tail.append(",\"index\":")
    tail.append(decimal: place.index)
    tail.append(",\"offset\":")
    tail.append(decimal: place.offset)
    tail.append(125)
  }

  /// Writes the fact of a mail that was read.
  func render(
    _ fact: inout MailFact, _ finding: Finding, _ state: MailState, _ reader: MessageReader,
    _ c: MailContext, extract: @escaping AttachmentRenderer.Extract, into result: BatchResult
  ) {
    let m = reader.message
    pseudonyms?.forget()
    fact.reason = finding.reason
    head.removeAll()
    head.append("{\"item\":\"mail\",\"id\":")
    let id = m.text[m.messageID]
    JSONWriter.appendString(pseudonyms?.id(id) ?? id, to: head)
    tail.removeAll()
    tail.append(",\"owner\":")
    appendOwner(state.source)
    tail.append(",\"direction\":\"")
    tail.append(c.direction.name)
    tail.append("\",\"date\":")
    ActivityRendering.appendDate(state.date, to: tail)
    appendSource(state.place)
    let listKey = c.keys[c.listKey]
    fact.listKey = pseudonyms?.address(listKey) ?? listKey
    guard let reason = finding.reason else {
      renderRecords(&fact, state, reader, c, extract, result)
      fact.head = head.view
      fact.tail = tail.view
      fact.write(to: result.facts)
      return
    }
    let rule = finding.rule
    rule.withByteView {
      fact.rule = $0
      fact.matched = pseudonyms?.matched(c.matched.view, reason) ?? c.matched.view
      fact.head = head.view
      fact.tail = tail.view
      fact.write(to: result.facts)
    }
  }

  private func renderRecords(
    _ fact: inout MailFact, _ state: MailState, _ reader: MessageReader, _ c: MailContext,
    _ extract: @escaping AttachmentRenderer.Extract, _ result: BatchResult
  ) {
    let m = reader.message
    reader.decodeBodies()
    let id = identity.digest(m, reader.bodies)
    fact.identity = (id.words.0, id.words.1)
    let messageID = m.text[m.messageID]
    fact.messageID = pseudonyms?.id(messageID) ?? messageID
    if !m.messageID.isEmpty {
      hash.update(m.text[m.messageID])
      fact.messageIDHash = hash.finish().words.0 | 1
    }
    head.append(",\"key\":\"")
    id.appendHex(to: head, bytes: 16)
    head.append(34)

    let hits = LeadMatching.hits(
      c, leads: run.leads, onMultiple: run.onMultiple,
      capturesAnywhere: run.mail.capturesAnywhere)
    fact.isAmbiguous = hits.isAmbiguous
    matched.removeAll()
    for (i, candidate) in hits.ambiguous.enumerated() {
      if i > 0 { matched.append(44) }
      matched.append(candidate)
    }
    // Only shown when no hit becomes a lead: a mail that is kept names its first hit instead.
    if !hits.isAmbiguous, let first = c.firstCounterpart {
      matched.append(c.key(first))
    }
    fact.matched = pseudonyms?.matched(matched.view, .noLead) ?? matched.view
    if hits.hits.isEmpty { return }

    fillFields(state, reader, c)
    if run.privacy == .full {
      attachments.fill(&fields, reader, c, extract, stored: stored, into: result)
    } else {
      fields.attachments = nil
      stored.removeAll()
    }
    pseudonyms?.apply(to: &fields)
    json.removeAll()
    csv.removeAll()
    if run.formats.contains(.jsonl) || run.formats.contains(.json) {
      ActivityRendering.jsonTail(fields, to: json)
    }
    if run.formats.contains(.csv) {
      ActivityRendering.csvTail(fields, scratch: scratch, guarded: run.guardsFormulas, to: csv)
    }
    fact.json = json.view
    fact.csv = csv.view
    fact.stored = stored.view
    renderVariants(&fact, hits.hits, id, c)
  }

  // The part of each record that names its lead, into `pieces`; views are taken when it is full.
  private func renderVariants(
    _ fact: inout MailFact, _ hits: [LeadHit], _ id: Digest, _ c: MailContext
  ) {
    pieces.removeAll()
    var places: [(record: ByteRange, json: ByteRange, csv: ByteRange)] = []
    for hit in hits {
      let address = pseudonyms?.address(c.keys[hit.key]) ?? c.keys[hit.key]
      let key = RecordKeys.activity(
        identity: id, address: address, direction: c.direction,
        leadID: hit.sharesAddress ? hit.id : nil, hash, scratch)
      let lead = ActivityLead(
        id: hit.id.map { pseudonyms?.matched($0, .matched) ?? $0 },
        key: RecordKeys.lead(address, hash), email: address,
        matchedBy: run.fieldName(hit.searchField))
      let record = pieces.place { key.appendHex(to: pieces, bytes: 16) }
      let head = pieces.place {
        ActivityRendering.jsonHead(fields, key: key, lead: lead, to: pieces)
      }
      let row = pieces.place {
        if run.formats.contains(.csv) {
          ActivityRendering.csvHead(
            fields, key: key, lead: lead, guarded: run.guardsFormulas, to: pieces)
        }
      }
      places.append((record, head, row))
    }
    fact.variants.removeAll(keepingCapacity: true)
    for (hit, place) in zip(hits, places) {
      var v = FactVariant()
      v.isKnown = hit.id != nil
      v.mayCapture = hit.mayCapture
      v.field = hit.field
      let key = c.keys[hit.key]
      v.key = pseudonyms?.address(key) ?? key
      v.name = c.text[hit.name]
      if let pseudonyms, !v.name.isEmpty { v.name = pseudonyms.name(of: key) }
      v.record = pieces[place.record]
      v.json = pieces[place.json]
      v.csv = pieces[place.csv]
      fact.variants.append(v)
    }
  }

  private func fillFields(_ state: MailState, _ reader: MessageReader, _ c: MailContext) {
    let m = reader.message
    let settings = run.mail.settings(c.direction)
    let capture = settings.capture
    func list(_ range: Range<Int>?) -> [RecordAddress] {
      guard let range else { return [] }
      return m.addresses[range].map {
        RecordAddress(name: m.text[$0.name], email: m.text[$0.address])
      }
    }
    fields.type = settings.activityType
    fields.direction = c.direction.name
    fields.date = state.date
    fields.dateSource = state.dateSource
    fields.owner = state.source.ownerName
    // Ids are read before views are taken: reading appends to the message's text.
    let references = m.references()
    let replyTo = m.inReplyTo()
    scratch.removeAll()
    m.appendThreadID(to: scratch, references: references, inReplyTo: replyTo)
    fields.thread = RecordKeys.thread(scratch.view, hash)
    c.text = m.text.view
    fields.from = list(m.from)
    fields.to = list(m.to)
    fields.cc = capture.contains(.cc) ? list(m.cc) : nil
    fields.bcc = capture.contains(.bcc) ? list(m.bcc) : nil
    let isFull = run.privacy == .full
    let hasSubject = isFull && capture.contains(.subject)
    fields.subject = hasSubject ? m.subject.map { m.text[$0] } ?? .empty : nil
    fields.bodyText = nil
    if isFull, capture.contains(.body) {
      var text = reader.recordText()
      if settings.bodyScope == .newest { text = text[NewestPart.find(in: text).range] }
      fields.bodyText = text
    }
    fields.messageID = m.text[m.messageID]
    fields.inReplyTo = replyTo.map { m.text[$0] } ?? .empty
    fields.references = references.map { m.text[$0] }
    fields.senderAuth = c.senderAuth.name
    fields.path = state.place.path
    fields.index = state.place.index
    fields.offset = state.place.offset
    fields.folder = state.folder
    fields.labels = state.labels
  }
}

/// The keys of records: the first half of SHA-256 over strings joined by a NUL byte.
enum RecordKeys {
  /// `lead`, address.
  static func lead(_ address: ByteView, _ hash: SHA256) -> Digest {
    hash.update(ByteView("lead\0"))
    hash.update(address)
    return hash.finish()
  }

  /// `thread`, the conversation's id.
  static func thread(_ id: ByteView, _ hash: SHA256) -> Digest? {
    if id.isEmpty { return nil }
    hash.update(ByteView("thread\0"))
    hash.update(id)
    return hash.finish()
  }

  /// `activity`, mail identity in hexadecimal, matched address, direction, and the lead's id where
  /// several CRM leads carry the address.
  static func activity(
    identity: Digest, address: ByteView, direction: Direction, leadID: ByteView?, _ hash: SHA256,
    _ scratch: ByteBuffer
  ) -> Digest {
    scratch.removeAll()
    scratch.append("activity\0")
    identity.appendHex(to: scratch)
    scratch.append(0)
    scratch.append(address)
    scratch.append(0)
    scratch.append(direction.name)
    if let leadID {
      scratch.append(0)
      scratch.append(leadID)
    }
    hash.update(scratch.view)
    return hash.finish()
  }
}
