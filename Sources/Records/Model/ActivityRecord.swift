package import Bytes

/// A mail with a lead: a line of `activities.jsonl`.
package struct ActivityRecord: Sendable, Equatable {
  /// See ``RecordKeys/activity(identity:address:direction:leadID:_:_:)``.
  package var key = Digest(words: (0, 0, 0, 0))
  /// The activity type that the configuration names.
  package var type = ""
  /// `inbound` or `outbound`.
  package var direction = ""
  /// When it was written.
  package var date: Instant?
  /// What tells the date.
  package var dateSource = ""
  /// The mailbox's user.
  package var owner = ""
  /// The lead.
  package var lead = RecordLead()
  /// Who wrote it.
  package var from = RecordMailbox()
  /// To.
  package var to: [RecordMailbox] = []
  /// Cc, where it is captured.
  package var cc = Captured<[RecordMailbox]>(nil)
  /// Bcc, where it is captured.
  package var bcc = Captured<[RecordMailbox]>(nil)
  /// The subject, where it is captured.
  package var subject = Captured<String>(nil)
  /// The text, where it is captured.
  package var bodyText = Captured<String>(nil)
  /// What was attached, where it is captured.
  package var attachments = Captured<[RecordAttachment]>(nil)
  /// Message-ID.
  package var messageID = ""
  /// The first id of In-Reply-To.
  package var inReplyTo = ""
  /// References.
  package var references: [String] = []
  /// The conversation's key; empty without one.
  package var thread = ""
  /// What the receiving server found of the sender.
  package var senderAuth = ""
  /// Where it was read.
  package var source = MailSourcePlace()

  /// One that says nothing.
  package init() {}

  private typealias R = ActivityRecord
  package static let table = RecordTable<ActivityRecord>([
    Field("key", \R.key, required: true, "The record's key, the same in every run."),
    Field("type", \R.type, required: true, "The activity type that the configuration names."),
    Field(
      "direction", \R.direction, required: true, schema: SchemaType.direction,
      "`inbound` or `outbound`."),
    Field(
      "date", \R.date, schema: Instant.schema,
      "When it was written, UTC."),
    Field("dateSource", \R.dateSource, "The header or envelope that the date comes from."),
    Field("owner", \R.owner, holds: .name(.text), required: true, "The mailbox's user, by id."),
    Field(object: "lead", \R.lead, holds: .person(.text), required: true, "The lead."),
    Field(
      "from", \R.from, holds: .person(.correspondent), schema: SchemaType.senderOrNull,
      "Who wrote it."),
    Field(
      "to", \R.to, holds: .person(.correspondent), schema: SchemaType.mailboxes, "The recipients."),
    Field(
      "cc", \R.cc, holds: .person(.correspondent), schema: SchemaType.mailboxes,
      "Those who got a copy, where `capture` has `cc`."),
    Field(
      "bcc", \R.bcc, holds: .person(.correspondent), schema: SchemaType.mailboxes,
      "Those who got a blind copy, where `capture` has `bcc`."),
    Field("subject", \R.subject, holds: .content, "The subject, where `capture` has `subject`."),
    Field(
      "bodyText", \R.bodyText, holds: .content,
      "The text as a person reads it, where `capture` has `body`."),
    Field(
      "attachments", \R.attachments, holds: .content,
      "The attachments, where `capture` has them; in CSV their paths, of those not kept the names."),
    Field(
      "messageId", \R.messageID, holds: .name(.id), schema: SchemaType.textOrNull,
      "Message-ID without angle brackets."),
    Field(
      "inReplyTo", \R.inReplyTo, holds: .person(.id), schema: SchemaType.inReplyTo,
      "The mail that this one answers."),
    Field(
      "references", \R.references, holds: .person(.id), schema: SchemaType.texts,
      "The mails of the conversation before this one."),
    Field("thread", \R.thread, required: true, "The conversation's key."),
    Field(
      "senderAuth", \R.senderAuth, required: true, schema: SchemaType.senderAuth,
      "What the receiving server found of the sender: `pass`, `fail`, `none` or `unknown`."),
    Field(object: "source", \R.source, holds: .name(.text), required: true, "Where it was read."),
  ])
}

/// An attachment in a record.
package struct RecordAttachment: RecordPart {
  /// Its name, or one made up.
  package var name = ""
  /// As the mail says.
  package var mediaType = ""
  /// Its length.
  package var bytes = 0
  /// Over its bytes.
  package var sha256 = ContentHash(Digest(words: (0, 0, 0, 0)))
  /// Relative to the run's folder; nil when it was not kept.
  package var path: String?
  /// Whether it was kept.
  package var kept = false
  /// Why it was not kept.
  package var reason = Captured<String>(nil)

  /// One that says nothing.
  package init() {}

  private typealias R = RecordAttachment
  /// Its fields.
  package static let table = RecordTable<RecordAttachment>([
    Field(
      "name", \R.name, columns: [], holds: .content, schema: SchemaType.textOrNull, "Its name."),
    Field(
      "mediaType", \R.mediaType, columns: [], holds: .content, required: true,
      "Its type, as the mail says."),
    Field("bytes", \R.bytes, columns: [], holds: .content, required: true, "Its length in bytes."),
    Field("sha256", \R.sha256, columns: [], holds: .content, "SHA-256 over its bytes."),
    Field(
      "path", \R.path, columns: ["attachments"], holds: .content, schema: SchemaType.textOrNull,
      "Where it lies in the result; null when it was not kept."),
    Field("kept", \R.kept, columns: [], holds: .content, required: true, "Whether it was kept."),
    Field(
      "reason", \R.reason, columns: [], holds: .content, schema: SchemaType.textOrNull,
      "Why it was not kept."),
  ])

  package func appendCell(to out: ByteBuffer) { out.append(string: path ?? name) }
  package init?(cell: ByteView) {
    self.init()
    kept = cell.hasPrefix("attachments/")
    if kept { path = cell.string } else { name = cell.string }
  }
}
