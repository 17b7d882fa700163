import Bytes
import JSONText
import Mail
import Records

/// The columns of `activities.csv`, in order.
enum ActivityColumns {
  /// What differs between the records of one mail, and what comes before it.
  static let head = [
    "key", "type", "direction", "date", "dateSource", "owner", "leadId", "leadKey", "leadEmail",
    "matchedBy",
  ]
  /// What the records of one mail share.
  static let tail = [
    "from", "to", "cc", "bcc", "subject", "bodyText", "attachments", "messageId", "inReplyTo",
    "references", "thread", "senderAuth", "sourcePath", "sourceIndex", "sourceOffset", "folder",
    "labels",
  ]
  /// All of them.
  static let all = head + tail
}

/// A mailbox in a record.
struct RecordAddress {
  var name: ByteView
  var email: ByteView
}

/// An attachment in a record.
struct RecordAttachment {
  var name: [UInt8]
  var mediaType: [UInt8]
  var bytes: Int
  var sha256: Digest
  /// Relative to the run's folder; nil when it was not kept.
  var path: String?
  /// Why it was not kept.
  var reason: StaticString?
}

/// One mail's shared part of its activity records, as views into a worker's buffers.
struct ActivityFields {
  var type = ""
  var direction: StaticString = ""
  var date: Int64?
  var dateSource: StaticString = "none"
  var owner = ""
  var from: [RecordAddress] = []
  var to: [RecordAddress] = []
  /// nil where the configuration does not capture it; so for all optionals.
  var cc: [RecordAddress]?
  var bcc: [RecordAddress]?
  var subject: ByteView?
  var bodyText: ByteView?
  var attachments: [RecordAttachment]?
  var messageID: ByteView = .empty
  var inReplyTo: ByteView = .empty
  var references: [ByteView] = []
  var thread: Digest?
  var senderAuth: StaticString = "unknown"
  var path: ByteView = .empty
  var index = 0
  var offset = 0
  var folder = ""
  var labels: [String] = []
}

/// The lead of one activity record.
struct ActivityLead {
  /// The CRM's id; nil for a captured lead.
  var id: ByteView?
  var key: Digest
  var email: ByteView
  var matchedBy: ByteView
}

/// Renders activities: JSON objects and CSV rows, each in two pieces, so that what the records of
/// one mail share is rendered once.
enum ActivityRendering {
  /// The JSON object up to and including `lead`.
  static func jsonHead(_ f: ActivityFields, key: Digest, lead: ActivityLead, to out: ByteBuffer) {
    let w = JSONWriter(out)
    out.append("{\"key\":\"")
    key.appendHex(to: out, bytes: 16)
    out.append("\",\"type\":")
    JSONWriter.appendString(f.type, to: out)
    out.append(",\"direction\":\"")
    out.append(f.direction)
    out.append("\",\"date\":")
    appendDate(f.date, to: out)
    out.append(",\"dateSource\":\"")
    out.append(f.dateSource)
    out.append("\",\"owner\":")
    JSONWriter.appendString(f.owner, to: out)
    out.append(",\"lead\":{")
    if let id = lead.id {
      w.key("id")
      w.string(id)
    }
    w.key("key")
    out.append(34)
    lead.key.appendHex(to: out, bytes: 16)
    out.append(34)
    w.key("email")
    w.string(lead.email)
    w.key("matchedBy")
    w.string(lead.matchedBy)
    out.append(125)
  }

  /// The rest of the JSON object.
  static func jsonTail(_ f: ActivityFields, to out: ByteBuffer) {
    out.append(",\"from\":")
    if let first = f.from.first {
      appendAddress(first, to: out)
    } else {
      out.append("{\"name\":\"\",\"email\":\"\"}")
    }
    appendAddresses("to", f.to, to: out)
    if let cc = f.cc { appendAddresses("cc", cc, to: out) }
    if let bcc = f.bcc { appendAddresses("bcc", bcc, to: out) }
    if let subject = f.subject { appendMember("subject", subject, to: out) }
    if let body = f.bodyText { appendMember("bodyText", body, to: out) }
    if let attachments = f.attachments { appendAttachments(attachments, to: out) }
    appendMember("messageId", f.messageID, to: out)
    appendMember("inReplyTo", f.inReplyTo, to: out)
    let w = JSONWriter(out)
    w.key("references")
    appendStrings(f.references, w)
    w.key("thread")
    out.append(34)
    f.thread?.appendHex(to: out, bytes: 16)
    out.append(34)
    w.key("senderAuth")
    w.string(f.senderAuth)
    w.key("source")
    w.beginObject()
    w.key("path")
    w.string(f.path)
    w.key("index")
    w.number(f.index)
    w.key("offset")
    w.number(f.offset)
    w.key("folder")
    w.string(f.folder)
    w.key("labels")
    w.beginArray()
    for label in f.labels { w.string(label) }
    w.endArray()
    w.endObject()
    w.endObject()
  }

  private static func appendStrings(_ list: [ByteView], _ w: JSONWriter) {
    w.beginArray()
    for s in list { w.string(s) }
    w.endArray()
  }

  private static func appendMember(_ name: StaticString, _ value: ByteView, to out: ByteBuffer) {
    out.append(",\"")
    out.append(name)
    out.append("\":")
    JSONWriter.appendString(value, to: out)
  }

  private static func appendAddress(_ a: RecordAddress, to out: ByteBuffer) {
    out.append("{\"name\":")
    JSONWriter.appendString(a.name, to: out)
    out.append(",\"email\":")
    JSONWriter.appendString(a.email, to: out)
    out.append(125)
  }

  private static func appendAddresses(
    _ name: StaticString, _ list: [RecordAddress], to out: ByteBuffer
  ) {
    out.append(",\"")
    out.append(name)
    out.append("\":[")
    for (i, a) in list.enumerated() {
      if i > 0 { out.append(44) }
      appendAddress(a, to: out)
    }
    out.append(93)
  }

  private static func appendAttachments(_ list: [RecordAttachment], to out: ByteBuffer) {
    let w = JSONWriter(out)
    w.key("attachments")
    w.beginArray()
    for a in list {
      w.beginObject()
      w.key("name")
      a.name.withByteView { w.string($0) }
      w.key("mediaType")
      a.mediaType.withByteView { w.string($0) }
      w.key("bytes")
      w.number(a.bytes)
      w.key("sha256")
      w.string(a.sha256.hex())
      w.key("path")
      w.string(orNull: a.path)
      w.key("kept")
      w.bool(a.path != nil)
      if let reason = a.reason {
        w.key("reason")
        w.string(reason)
      }
      w.endObject()
    }
    w.endArray()
  }

  /// A time as RFC 3339 UTC in quotes, or null.
  static func appendDate(_ seconds: Int64?, to out: ByteBuffer) {
    guard let seconds else { return out.append("null") }
    out.append(34)
    CivilDate.append(utcSeconds: seconds, to: out)
    out.append(34)
  }

  /// The CSV row up to the shared part.
  static func csvHead(
    _ f: ActivityFields, key: Digest, lead: ActivityLead, guarded: Bool, to out: ByteBuffer
  ) {
    key.appendHex(to: out, bytes: 16)
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
  static func csvTail(_ f: ActivityFields, scratch: ByteBuffer, guarded: Bool, to out: ByteBuffer) {
    appendCell(f.from.first?.email ?? .empty, guarded, to: out)
    for list in [f.to, f.cc ?? [], f.bcc ?? []] {
      appendJoined(list.map(\.email), scratch, guarded, to: out)
    }
    appendCell(f.subject ?? .empty, guarded, to: out)
    appendCell(f.bodyText ?? .empty, guarded, to: out)
    scratch.removeAll()
    for (i, a) in (f.attachments ?? []).enumerated() {
      if i > 0 { scratch.append(59) }
      if let path = a.path {
        scratch.append(string: path)
      } else {
        a.name.withByteView { scratch.append($0) }
      }
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
    CSVText.appendCell(v, to: out, guarded: guarded)
  }

  private static func appendJoined(
    _ list: [ByteView], _ scratch: ByteBuffer, _ guarded: Bool, to out: ByteBuffer
  ) {
    scratch.removeAll()
    for (i, v) in list.enumerated() {
      if i > 0 { scratch.append(59) }
      scratch.append(v)
    }
    appendCell(scratch.view, guarded, to: out)
  }
}
