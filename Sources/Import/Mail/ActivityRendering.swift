import Bytes
import CivilTime
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
struct RecordAddress: BitwiseCopyable {
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

/// One mail's shared part of its activity records, as views into a worker's buffers. Used again
/// from mail to mail, so that its lists are allocated once; a class, so that it is never copied.
final class ActivityFields {
  @exclusivity(unchecked) var type: ByteView = .empty
  @exclusivity(unchecked) var direction: StaticString = ""
  @exclusivity(unchecked) var date: Int64?
  /// ``date`` as JSON.
  @exclusivity(unchecked) var dateJSON: ByteView = .empty
  /// ``path``, ``index`` and ``offset`` as ``ActivityRendering/appendSource(_:_:_:to:)`` puts them.
  @exclusivity(unchecked) var sourceJSON: ByteView = .empty
  @exclusivity(unchecked) var dateSource: StaticString = "none"
  @exclusivity(unchecked) var owner: ByteView = .empty
  let from = ReusedList<RecordAddress>()
  let to = ReusedList<RecordAddress>()
  /// Shown only with ``showsCC``.
  let cc = ReusedList<RecordAddress>()
  /// Shown only with ``showsBCC``.
  let bcc = ReusedList<RecordAddress>()
  /// False where the configuration does not capture Cc.
  @exclusivity(unchecked) var showsCC = false
  /// False where the configuration does not capture Bcc.
  @exclusivity(unchecked) var showsBCC = false
  /// nil where the configuration does not capture it; so for all optionals.
  @exclusivity(unchecked) var subject: ByteView?
  @exclusivity(unchecked) var bodyText: ByteView?
  @exclusivity(unchecked) var attachments: [RecordAttachment]?
  @exclusivity(unchecked) var messageID: ByteView = .empty
  @exclusivity(unchecked) var inReplyTo: ByteView = .empty
  let references = ReusedList<ByteView>()
  @exclusivity(unchecked) var thread: Digest?
  @exclusivity(unchecked) var senderAuth: StaticString = "unknown"
  @exclusivity(unchecked) var path: ByteView = .empty
  @exclusivity(unchecked) var index = 0
  @exclusivity(unchecked) var offset = 0
  @exclusivity(unchecked) var folder = ""
  @exclusivity(unchecked) var labels: [String] = []
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
    out.append("{\"key\":\"")
    key.appendHex(to: out, bytes: 16)
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
  static func jsonTail(_ f: ActivityFields, to out: ByteBuffer) {
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

  /// `,"source":{"path":…,"index":…,"offset":…`, left open for what else is known of the place.
  @inline(__always)
  static func appendSource(_ path: ByteView, _ index: Int, _ offset: Int, to out: ByteBuffer) {
    out.append(",\"source\":{\"path\":")
    JSONWriter.appendString(path, to: out)
    out.append(",\"index\":")
    out.append(decimal: index)
    out.append(",\"offset\":")
    out.append(decimal: offset)
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
    appendJoined(f.to, scratch, guarded, to: out)
    appendJoined(f.cc, scratch, guarded, to: out)
    appendJoined(f.bcc, scratch, guarded, to: out)
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
