package import Bytes
internal import CSVText
internal import CivilTime
internal import JSONText

/// The lead of one activity record.
package struct ActivityLead {
  /// The CRM's id; nil for a captured lead.
  package var id: ByteView?
  /// Its key.
  package var key: Digest
  /// The address that hit.
  package var email: ByteView
  /// The list's column that it was found by.
  package var matchedBy: ByteView

  /// A lead.
  package init(id: ByteView?, key: Digest, email: ByteView, matchedBy: ByteView) {
    self.id = id
    self.key = key
    self.email = email
    self.matchedBy = matchedBy
  }
}

/// Renders activities the fast way: JSON objects and CSV rows, each in two pieces, so that what the
/// records of one mail share is rendered once, and without a value of its own for each text.
///
/// It must give what ``ActivityRecord/table`` gives, byte for byte; a test holds it against that.
package enum ActivityRendering {
  /// The JSON object up to and including `lead`; `key` is in hexadecimal.
  package static func jsonHead(
    _ f: ActivityFields, key: ByteView, lead: ActivityLead, to out: ByteBuffer
  ) {
    out.append("{\"key\":\"")
    out.append(key)
    out.append("\",\"type\":")
    JSONWriter.appendString(f.type, to: out)
    out.append(",\"direction\":\"")
    out.append(f.direction)
    out.append("\",\"date\":")
    out.append(f.dateJSON)
    out.append(",\"dateSource\":\"")
    out.append(f.dateSource)
    out.append("\",\"owner\":")
    JSONWriter.appendString(f.owner, to: out)
    if let id = lead.id {
      out.append(",\"lead\":{\"id\":")
      JSONWriter.appendString(id, to: out)
      out.append(",\"key\":\"")
    } else {
      out.append(",\"lead\":{\"key\":\"")
    }
    lead.key.appendHex(to: out, bytes: 16)
    out.append("\",\"email\":")
    JSONWriter.appendString(lead.email, to: out)
    out.append(",\"matchedBy\":")
    JSONWriter.appendString(lead.matchedBy, to: out)
    out.append(125)
  }

  /// The rest of the JSON object.
  package static func jsonTail(_ f: ActivityFields, to out: ByteBuffer) {
    out.append(",\"from\":")
    if f.from.isEmpty {
      out.append("{\"name\":\"\",\"email\":\"\"}")
    } else {
      appendAddress(f.from[0], to: out)
    }
    out.append(",\"to\":")
    appendAddresses(f.to, to: out)
    if f.showsCC {
      out.append(",\"cc\":")
      appendAddresses(f.cc, to: out)
    }
    if f.showsBCC {
      out.append(",\"bcc\":")
      appendAddresses(f.bcc, to: out)
    }
    if let subject = f.subject {
      out.append(",\"subject\":")
      JSONWriter.appendString(subject, to: out)
    }
    if let body = f.bodyText {
      out.append(",\"bodyText\":")
      JSONWriter.appendString(body, to: out)
    }
    if let attachments = f.attachments { appendAttachments(attachments, to: out) }
    out.append(",\"messageId\":")
    JSONWriter.appendString(f.messageID, to: out)
    out.append(",\"inReplyTo\":")
    JSONWriter.appendString(f.inReplyTo, to: out)
    out.append(",\"references\":[")
    var i = 0
    while i < f.references.count {
      if i > 0 { out.append(44) }
      JSONWriter.appendString(f.references[i], to: out)
      i += 1
    }
    out.append("],\"thread\":\"")
    f.thread?.appendHex(to: out, bytes: 16)
    out.append("\",\"senderAuth\":\"")
    out.append(f.senderAuth)
    out.append(34)
    out.append(f.sourceJSON)
    out.append(",\"folder\":")
    JSONWriter.appendString(f.folder, to: out)
    out.append(",\"labels\":[")
    i = 0
    while i < f.labels.count {
      if i > 0 { out.append(44) }
      JSONWriter.appendString(f.labels[i], to: out)
      i += 1
    }
    out.append("]}}")
  }

  private static func appendAddress(_ a: RecordAddress, to out: ByteBuffer) {
    out.append("{\"name\":")
    JSONWriter.appendString(a.name, to: out)
    out.append(",\"email\":")
    JSONWriter.appendString(a.email, to: out)
    out.append(125)
  }

  private static func appendAddresses(_ list: ReusedList<RecordAddress>, to out: ByteBuffer) {
    out.append(91)
    var i = 0
    while i < list.count {
      if i > 0 { out.append(44) }
      appendAddress(list[i], to: out)
      i += 1
    }
    out.append(93)
  }

  private static func appendAttachments(_ list: [RecordAttachment], to out: ByteBuffer) {
    let w = JSONWriter(out)
    w.key("attachments")
    w.beginArray()
    for a in list {
      RecordAttachment.table.write(a, to: w)
    }
    w.endArray()
  }

  /// A time as RFC 3339 UTC in quotes, or null.
  package static func appendDate(_ seconds: Int64?, to out: ByteBuffer) {
    guard let seconds else { return out.append("null") }
    out.append(34)
    CivilDate.append(utcSeconds: seconds, to: out)
    out.append(34)
  }

  /// `,"source":{"path":…,"index":…,"offset":…`, left open for what else is known of the place.
  @inline(__always)
  package static func appendSource(
    _ path: ByteView, _ index: Int, _ offset: Int, to out: ByteBuffer
  ) {
    out.append(",\"source\":{\"path\":")
    JSONWriter.appendString(path, to: out)
    out.append(",\"index\":")
    out.append(decimal: index)
    out.append(",\"offset\":")
    out.append(decimal: offset)
  }

  /// The CSV row up to the shared part; `key` is in hexadecimal.
  package static func csvHead(
    _ f: ActivityFields, key: ByteView, lead: ActivityLead, guarded: Bool, to out: ByteBuffer
  ) {
    out.append(key)
    appendCell(f.type, guarded, to: out)
    out.append(44)
    out.append(f.direction)
    out.append(44)
    if let date = f.date { CivilDate.append(utcSeconds: date, to: out) }
    out.append(44)
    out.append(f.dateSource)
    appendCell(f.owner, guarded, to: out)
    appendCell(lead.id ?? .empty, guarded, to: out)
    out.append(44)
    lead.key.appendHex(to: out, bytes: 16)
    appendCell(lead.email, guarded, to: out)
    appendCell(lead.matchedBy, guarded, to: out)
  }

  /// The rest of the CSV row, without the line end.
  package static func csvTail(
    _ f: ActivityFields, scratch: ByteBuffer, guarded: Bool, to out: ByteBuffer
  ) {
    appendCell(f.from.first?.email ?? .empty, guarded, to: out)
    appendJoined(f.to, scratch, guarded, to: out)
    appendJoined(f.cc, scratch, guarded, to: out)
    appendJoined(f.bcc, scratch, guarded, to: out)
    appendCell(f.subject ?? .empty, guarded, to: out)
    appendCell(f.bodyText ?? .empty, guarded, to: out)
    scratch.removeAll()
    for (i, a) in (f.attachments ?? []).enumerated() {
      if i > 0 { scratch.append(59) }
      a.appendCell(to: scratch)
    }
    appendCell(scratch.view, guarded, to: out)
    appendCell(f.messageID, guarded, to: out)
    appendCell(f.inReplyTo, guarded, to: out)
    appendJoined(f.references, scratch, guarded, to: out)
    out.append(44)
    f.thread?.appendHex(to: out, bytes: 16)
    out.append(44)
    out.append(f.senderAuth)
    appendCell(f.path, guarded, to: out)
    out.append(44)
    out.append(decimal: f.index)
    out.append(44)
    out.append(decimal: f.offset)
    appendCell(f.folder, guarded, to: out)
    appendCell(f.labels.joined(separator: ";"), guarded, to: out)
  }

  private static func appendCell(_ s: String, _ guarded: Bool, to out: ByteBuffer) {
    s.withByteView { appendCell($0, guarded, to: out) }
  }

  private static func appendCell(_ v: ByteView, _ guarded: Bool, to out: ByteBuffer) {
    out.append(44)
    CSVWriter.appendCell(v, to: out, guarded: guarded)
  }

  private static func appendJoined(
    _ list: ReusedList<RecordAddress>, _ scratch: ByteBuffer, _ guarded: Bool, to out: ByteBuffer
  ) {
    scratch.removeAll()
    var isFirst = true
    for a in list {
      if !isFirst { scratch.append(59) }
      isFirst = false
      scratch.append(a.email)
    }
    appendCell(scratch.view, guarded, to: out)
  }

  private static func appendJoined(
    _ list: ReusedList<ByteView>, _ scratch: ByteBuffer, _ guarded: Bool, to out: ByteBuffer
  ) {
    scratch.removeAll()
    for (i, v) in list.enumerated() {
      if i > 0 { scratch.append(59) }
      scratch.append(v)
    }
    appendCell(scratch.view, guarded, to: out)
  }
}
