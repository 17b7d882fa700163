import Bytes
import Records

/// How what the records of a mail share lies in its fact: all but what the fact says itself.
extension ActivityFields {
  /// Appends it.
  func write(to w: FactWriter) {
    w.u8(
      (showsCC ? 1 : 0) | (showsBCC ? 2 : 0) | (subject == nil ? 0 : 4)
        | (bodyText == nil ? 0 : 8) | (attachments == nil ? 0 : 16) | (thread == nil ? 0 : 32))
    w.bytes(dateSource)
    for list in [from, to, cc, bcc] { Self.write(list, to: w) }
    if let subject { w.bytes(subject) }
    if let bodyText { w.bytes(bodyText) }
    if let attachments {
      w.u32(attachments.count)
      for a in attachments { a.write(to: w) }
    }
    w.bytes(inReplyTo)
    w.u32(references.count)
    for r in references { w.bytes(r) }
    if let thread { w.digest(thread) }
    w.bytes(senderAuth)
    w.string(folder)
    w.u32(labels.count)
    for label in labels { w.string(label) }
  }

  /// Reads what ``write(to:)`` wrote; views point into the reader's bytes.
  func read(from r: inout FactReader) {
    let flags = r.u8()
    showsCC = flags & 1 != 0
    showsBCC = flags & 2 != 0
    dateSource = r.bytes()
    for list in [from, to, cc, bcc] { Self.read(list, from: &r) }
    subject = flags & 4 != 0 ? r.bytes() : nil
    bodyText = flags & 8 != 0 ? r.bytes() : nil
    attachments = nil
    if flags & 16 != 0 {
      var list: [RecordAttachment] = []
      let n = r.u32()
      while list.count < n, !r.isAtEnd { list.append(RecordAttachment(from: &r)) }
      attachments = list
    }
    inReplyTo = r.bytes()
    references.removeAll()
    let n = r.u32()
    while references.count < n, !r.isAtEnd { references.append(r.bytes()) }
    thread = flags & 32 != 0 ? r.digest() : nil
    senderAuth = r.bytes()
    folder = r.string()
    labels.removeAll()
    let count = r.u32()
    while labels.count < count, !r.isAtEnd { labels.append(r.string()) }
  }

  private static func write(_ list: ReusedList<RecordAddress>, to w: FactWriter) {
    w.u32(list.count)
    for a in list {
      w.bytes(a.name)
      w.bytes(a.email)
    }
  }

  private static func read(_ list: ReusedList<RecordAddress>, from r: inout FactReader) {
    list.removeAll()
    let n = r.u32()
    while list.count < n, !r.isAtEnd {
      list.append(RecordAddress(name: r.bytes(), email: r.bytes()))
    }
  }
}

extension RecordAttachment {
  fileprivate func write(to w: FactWriter) {
    w.string(name)
    w.string(mediaType)
    w.u64(UInt64(clamping: bytes))
    w.digest(sha256.digest)
    w.string(orNil: path)
    w.u8(kept ? 1 : 0)
    w.string(orNil: reason.value)
  }

  fileprivate init(from r: inout FactReader) {
    self.init()
    name = r.string()
    mediaType = r.string()
    bytes = Int(clamping: r.u64())
    sha256 = ContentHash(r.digest())
    path = r.stringOrNil()
    kept = r.u8() != 0
    reason = Captured(r.stringOrNil())
  }
}
