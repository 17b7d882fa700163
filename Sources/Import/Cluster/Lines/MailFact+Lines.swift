import Bytes
import Records
import Rules

/// A mail's fact as a line: what decides it and what its records say. What it adds to the lead set
/// is a fact of its own (``LeadFact``).
final class MailLines {
  private let lines: FactLines
  private let invitations: CalendarLines
  private let fact = MailFact()
  private let fields = ActivityFields()

  /// Lines of a run.
  init(_ header: FactHeader, _ run: RunPlan) {
    lines = FactLines(header)
    invitations = CalendarLines(header, createsLeads: run.invites?.createsLeads ?? false)
  }

  /// Appends a line for each fact that a worker wrote.
  func append(_ facts: ByteView, of source: MailboxContext, to out: ByteBuffer) {
    var reader = FactReader(facts)
    while !reader.isAtEnd {
      fact.read(from: &reader)
      append(source, to: out)
    }
  }

  private func append(_ source: MailboxContext, to out: ByteBuffer) {
    var key = Digest(words: (fact.identity.0, fact.identity.1, 0, 0))
    if fact.verdict.reason != nil {
      // Nothing has to meet it, but for itself.
      let place = ByteBuffer(capacity: 16)
      place.append(decimal: fact.place.offset)
      key = lines.key(source.nameText, fact.place.path, place.view)
    }
    lines.append(.items, key, "mail", to: out) { c in
      fact.walk(&c, source: source.nameText, fields: fields, from: source.rangeStart)
    }
    if !fact.invitation.isEmpty { appendInvitation(source, to: out) }
  }

  private func appendInvitation(_ source: MailboxContext, to out: ByteBuffer) {
    let place = FactPlace(
      file: fact.place.file, from: source.rangeStart, index: fact.place.index)
    let line = CalendarLine(source: source.nameText.string, mail: place)
    var reader = FactReader(fact.invitation)
    // They are ours, and whole.
    while !reader.isAtEnd, let component = try? CalendarFact(from: &reader) {
      invitations.append(component, line, to: out)
    }
  }
}

extension MailFact {
  /// Where a mail lies, in facts that mean the same everywhere.
  struct Origin {
    /// See ``SourceName``.
    var source: ByteView = .empty
    /// The first byte of the part of the file that was read.
    var from = 0
  }

  /// Gives the fields of a line to a coder that writes.
  fileprivate func walk(
    _ c: inout FactJSONWriter, source: ByteView, fields: ActivityFields, from: Int
  ) {
    var origin = Origin(source: source, from: from)
    let hasRecord = !record.isEmpty
    if hasRecord {
      var r = FactBytesReader(record)
      fields.walk(&r)
    }
    walk(&c, &origin, fields, hasRecord: hasRecord)
  }

  /// Gives the fields of a line to the coder; gives back whether ``record`` was there.
  @discardableResult
  func walk<C: FactCoder>(
    _ c: inout C, _ origin: inout Origin, _ fields: ActivityFields, hasRecord: Bool = false
  ) -> Bool {
    c.text("source", &origin.source)
    c.number("file", &place.file)
    c.number("from", &origin.from)
    c.number("index", &place.index)
    c.number("offset", &place.offset)
    c.text("path", &place.path)
    c.text("owner", &place.owner)
    c.position("user", &user)
    var reason = verdict.reason?.rawValue
    c.text("reason", &reason)
    c.flag("ambiguous", &verdict.isAmbiguous)
    c.text("rule", &verdict.rule)
    c.text("matched", &verdict.matched)
    var isOutbound = direction == .outbound
    c.flag("outbound", &isOutbound)
    var date: Int64? = self.date == .max ? nil : self.date
    c.number("date", &date)
    c.text("id", &messageID)
    c.text("list", &listKey)
    c.text("sentAs", &verdict.sentAs)
    if C.reads {
      verdict.reason = reason.flatMap(Reason.init(rawValue:))
      if reason != nil, verdict.reason == nil { c.damage() }
      direction = isOutbound ? .outbound : .inbound
      self.date = date ?? .max
    }
    walkUnread(&c)
    var isThere = hasRecord
    c.group("record", &isThere) { fields.walk(&$0) }
    walkVariants(&c)
    return isThere
  }

  private func walkUnread<C: FactCoder>(_ c: inout C) {
    var isThere = verdict.unread != nil
    var kept = verdict.unread ?? Unread(digest: Digest(words: (0, 0, 0, 0)), length: 0)
    var digest: Digest? = kept.digest
    c.group("unread", &isThere) { c in
      c.digest("sha256", &digest)
      c.number("length", &kept.length)
      c.data("bytes", &kept.bytes)
    }
    kept.digest = digest ?? kept.digest
    verdict.unread = isThere ? kept : nil
  }

  private func walkVariants<C: FactCoder>(_ c: inout C) {
    let count = variants.count
    if C.reads { variants.removeAll(keepingCapacity: true) }
    c.list("leads", count) { c, i in
      var v = C.reads ? FactAddress() : variants[i]
      var isThere = true
      c.group(C.element, &isThere) { c in
        c.flag("known", &v.isKnown)
        c.flag("captured", &v.mayCapture)
        c.text("id", &v.id)
        c.text("email", &v.key)
        c.text("by", &v.matchedBy)
        c.text("record", &v.record)
      }
      if C.reads { variants.append(v) }
    }
  }
}
