import Bytes
import JSONText
import Testing

@testable import Records

/// A record as the fast path takes it: views into buffers that live as long as this.
private final class FastActivity {
  let fields = ActivityFields()
  private(set) var lead: ActivityLead
  private var kept: [ByteBuffer] = []

  init(_ r: ActivityRecord) {
    lead = ActivityLead(id: nil, key: r.lead.key, email: .empty, matchedBy: .empty)
    lead.id = r.lead.id.value.map(view)
    lead.email = view(r.lead.email)
    lead.matchedBy = view(r.lead.matchedBy)
    fields.type = view(r.type)
    fields.direction = view(r.direction)
    fields.date = r.date?.seconds
    fields.dateJSON = buffer { ActivityRendering.appendDate(r.date?.seconds, to: $0) }
    fields.dateSource = view(r.dateSource)
    fields.owner = view(r.owner)
    if r.from != RecordMailbox() { fill(fields.from, [r.from]) }
    fill(fields.to, r.to)
    fields.showsCC = r.cc.value != nil
    fields.showsBCC = r.bcc.value != nil
    fill(fields.cc, r.cc.value ?? [])
    fill(fields.bcc, r.bcc.value ?? [])
    fields.subject = r.subject.value.map(view)
    fields.bodyText = r.bodyText.value.map(view)
    fields.attachments = r.attachments.value
    fields.messageID = view(r.messageID)
    fields.inReplyTo = view(r.inReplyTo)
    for reference in r.references { fields.references.append(view(reference)) }
    fields.thread = r.thread.withByteView { Digest(cell: $0) }
    fields.senderAuth = view(r.senderAuth)
    fields.path = view(r.source.path)
    fields.index = r.source.index
    fields.offset = r.source.offset
    fields.sourceJSON = buffer {
      ActivityRendering.appendSource(fields.path, fields.index, fields.offset, to: $0)
    }
    fields.folder = r.source.folder
    fields.labels = r.source.labels.names
  }

  private func buffer(_ fill: (ByteBuffer) -> Void) -> ByteView {
    let out = ByteBuffer()
    fill(out)
    kept.append(out)
    return out.view
  }

  private func view(_ s: String) -> ByteView { buffer { $0.append(string: s) } }

  private func fill(_ list: ReusedList<RecordAddress>, _ people: [RecordMailbox]) {
    for p in people { list.append(RecordAddress(name: view(p.name), email: view(p.email))) }
  }

  /// As a mail's worker does it.
  func hide(_ pseudonyms: Pseudonyms) {
    pseudonyms.apply(to: fields)
    lead.id = lead.id.map { pseudonyms.matched($0, .text) }
    lead.email = pseudonyms.address(lead.email)
    lead.key = RecordKeys.lead(lead.email, SHA256())
    fields.path = view(pseudonyms.text(fields.path.string))
    fields.sourceJSON = buffer {
      ActivityRendering.appendSource(fields.path, fields.index, fields.offset, to: $0)
    }
  }

  func json(_ key: Digest) -> String {
    let out = ByteBuffer()
    ActivityRendering.jsonHead(fields, key: view(key.hex(bytes: 16)), lead: lead, to: out)
    ActivityRendering.jsonTail(fields, to: out)
    return out.string
  }

  func csv(_ key: Digest, guarded: Bool) -> String {
    let out = ByteBuffer()
    ActivityRendering.csvHead(
      fields, key: view(key.hex(bytes: 16)), lead: lead, guarded: guarded, to: out)
    ActivityRendering.csvTail(fields, scratch: ByteBuffer(), guarded: guarded, to: out)
    return out.string
  }
}

private func json(_ r: ActivityRecord) -> String {
  let out = ByteBuffer()
  ActivityRecord.table.write(r, to: JSONWriter(out))
  return out.string
}

private func csv(_ r: ActivityRecord, guarded: Bool) -> String {
  let out = ByteBuffer()
  ActivityRecord.table.appendCells(r, to: CSVRow(out, guarded: guarded))
  return out.string
}

@Suite struct ActivityTable {
  @Test("the fast path writes what the table writes, byte for byte, under every privacy")
  func fastPath() {
    let secret = SHA256.digest(ByteView("secret"))
    for privacy in Privacy.allCases {
      var random = RandomRecords(seed: 42)
      let pseudonyms = Pseudonyms(secret: secret)
      for i in 0..<1500 {
        var record = random.activity()
        // What may not be shown is never read.
        let disclosure = Disclosure(privacy)
        if !ActivityRecord.table.shows(\.subject, disclosure) { record.subject = Captured(nil) }
        if !ActivityRecord.table.shows(\.bodyText, disclosure) { record.bodyText = Captured(nil) }
        if !ActivityRecord.table.shows(\.attachments, disclosure) {
          record.attachments = Captured(nil)
        }
        let fast = FastActivity(record)
        if privacy == .pseudonymous { fast.hide(pseudonyms) }
        ActivityRecord.table.disclose(&record, disclosure, pseudonyms)
        #expect(fast.json(record.key) == json(record), "\(privacy) \(i)")
        for guarded in [false, true] {
          #expect(
            fast.csv(record.key, guarded: guarded) == csv(record, guarded: guarded),
            "\(privacy) \(i)")
        }
        pseudonyms.forget()
      }
    }
  }

  @Test("a record that is written and read back is the same")
  func roundTrip() {
    var random = RandomRecords(seed: 1)
    for i in 0..<500 {
      let record = random.activity()
      let document = json(record).withByteView { JSONDocument.parse($0) }
      var read = ActivityRecord()
      let isRead = document.root.map { ActivityRecord.table.read($0, into: &read) } ?? false
      #expect(isRead && read == record, "\(i)")
    }
  }

  @Test("CSV has a header for every cell")
  func columns() {
    #expect(
      ActivityRecord.table.columns.map { "\($0)" }
        == [
          "key", "type", "direction", "date", "dateSource", "owner", "leadId", "leadKey",
          "leadEmail", "matchedBy", "from", "to", "cc", "bcc", "subject", "bodyText",
          "attachments", "messageId", "inReplyTo", "references", "thread", "senderAuth",
          "sourcePath", "sourceIndex", "sourceOffset", "folder", "labels",
        ])
    #expect(
      TaskRecord.table.columns.map { "\($0)" }
        == [
          "key", "uid", "recurrenceId", "type", "subject", "description", "start", "end",
          "timeZone", "allDay", "location", "joinUrl", "isOnline", "onlineProvider",
          "linkNeeded", "owner", "leads", "company", "participants", "rooms", "organizer",
          "status", "category", "sequence", "runAutomations", "notify", "conflicts",
          "sourcePath", "sourceIndex", "sourceOffset",
        ])
    #expect(
      BlockRecord.table.columns.map { "\($0)" }
        == ["key", "owner", "start", "end", "calendar", "display"])
  }
}
