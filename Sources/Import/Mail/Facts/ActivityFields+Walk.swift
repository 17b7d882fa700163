import Bytes
import Records

/// What the records of a mail share, as a part of its fact: all but what the fact says itself.
extension ActivityFields {
  /// Gives each field to the coder. Views that were read hold as long as what they were read from.
  func walk<C: FactCoder>(_ c: inout C) {
    c.flag("showsCC", &showsCC)
    c.flag("showsBCC", &showsBCC)
    c.text("dateSource", &dateSource)
    Self.walk("from", from, &c)
    Self.walk("to", to, &c)
    Self.walk("cc", cc, &c)
    Self.walk("bcc", bcc, &c)
    c.text("subject", &subject)
    c.text("body", &bodyText)
    walkAttachments(&c)
    c.text("inReplyTo", &inReplyTo)
    let references = references
    let count = references.count
    if C.reads { references.removeAll() }
    c.list("references", count) { c, i in
      var id = C.reads ? .empty : references[i]
      c.text(C.element, &id)
      if C.reads { references.append(id) }
    }
    c.digest("thread", &thread)
    c.text("senderAuth", &senderAuth)
    c.text("folder", &folder)
    c.list("labels", &labels)
  }

  private func walkAttachments<C: FactCoder>(_ c: inout C) {
    var isThere = attachments != nil
    var list = attachments ?? []
    c.group("attachments", &isThere) { $0.list("list", &list) }
    if C.reads { attachments = isThere ? list : nil }
  }

  private static func walk<C: FactCoder>(
    _ name: StaticString, _ list: ReusedList<RecordAddress>, _ c: inout C
  ) {
    let count = list.count
    if C.reads { list.removeAll() }
    c.list(name, count) { c, i in
      var address = C.reads ? RecordAddress(name: .empty, email: .empty) : list[i]
      var isThere = true
      c.group(C.element, &isThere) { c in
        c.text("name", &address.name)
        c.text("email", &address.email)
      }
      if C.reads { list.append(address) }
    }
  }
}

extension RecordAttachment: FactFields {
  mutating func walk(_ c: inout some FactCoder) {
    c.text("name", &name)
    c.text("mediaType", &mediaType)
    c.number("bytes", &bytes)
    var digest: Digest? = sha256.digest
    c.digest("sha256", &digest)
    sha256 = ContentHash(digest ?? sha256.digest)
    c.text("path", &path)
    c.flag("kept", &kept)
    c.text("reason", &reason.value)
  }
}
