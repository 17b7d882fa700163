package import Bytes

/// A meeting, or one occurrence of a series: a line of `tasks.jsonl`.
package struct TaskRecord: Sendable, Equatable {
  /// See ``RecordKeys/task(uid:recurrenceID:owner:)``.
  package var key = Digest(words: (0, 0, 0, 0))
  /// UID.
  package var uid = ""
  /// The original start within its series; nil for a single event.
  package var recurrenceID: RecordTime?
  /// The task type that the configuration names.
  package var type = ""
  /// SUMMARY.
  package var subject = MeetingText.none
  /// DESCRIPTION.
  package var description = MeetingText.none
  /// When it begins.
  package var start = RecordTime.written([])
  /// When it ends.
  package var end = RecordTime.written([])
  /// The zone that its times are in.
  package var timeZone: String?
  /// True where it lasts whole days.
  package var allDay = false
  /// LOCATION.
  package var location = MeetingText.none
  /// The link of the online meeting.
  package var joinURL = MeetingLink(MeetingText.none)
  /// What is known of the online meeting.
  package var online = OnlineMeeting()
  /// The calendar's user.
  package var owner = ""
  /// The leads who take part.
  package var leads: [RecordLead] = []
  /// The company of the first lead that has one.
  package var company: String?
  /// Who takes part, without rooms and the owner.
  package var participants: [RecordParticipant] = []
  /// Rooms.
  package var rooms: [RecordRoom] = []
  /// Who called it.
  package var organizer: RecordMailbox?
  /// `confirmed`, `tentative`, `declined`, `updated`, `cancelled` or `deleted`.
  package var status = ""
  /// `internal` or `external`.
  package var category = ""
  /// SEQUENCE.
  package var sequence = 0
  /// Whether the CRM's automations should run.
  package var runAutomations = false
  /// Whom the CRM should notify.
  package var notify = ""
  /// The keys of the owner's tasks and blocks that overlap it.
  package var conflicts: [Digest] = []
  /// Where it was read.
  package var source = SourcePlace()
  /// The link as the calendar has it, for the digest alone: the digests of earlier runs are taken
  /// over it under any `output.privacy`.
  package var digestedLink: String?
  /// The company likewise.
  package var digestedCompany: String?

  /// One that says nothing.
  package init() {}

  private typealias R = TaskRecord
  /// Its fields.
  package static let table = RecordTable<TaskRecord>([
    Field("key", \R.key, required: true, "The record's key, the same in every run."),
    Field("uid", \R.uid, holds: .name(.id), required: true, content: 1, "The event's UID."),
    Field(
      "recurrenceId", \R.recurrenceID, holds: .unlessPrivate, schema: SchemaType.textOrNull,
      "The original start of an occurrence of a series."),
    Field(
      "type", \R.type, holds: .unlessPrivate, required: true, content: 2,
      "The task type that the configuration names."),
    Field("subject", \R.subject, holds: .content, content: 3, "The title."),
    Field("description", \R.description, holds: .content, content: 4, "The description, as text."),
    Field(
      "start", \R.start, holds: .unlessPrivate, required: true, content: 16,
      "When it begins: UTC, or a day."),
    Field(
      "end", \R.end, holds: .unlessPrivate, content: 17, schema: SchemaType.instantDateOrNull,
      "When it ends: UTC, or the day after the last."),
    Field(
      "timeZone", \R.timeZone, holds: .unlessPrivate, content: 7, schema: SchemaType.textOrNull,
      "The zone that its times are in."),
    Field(
      "allDay", \R.allDay, holds: .unlessPrivate, required: true, "Whether it lasts whole days."),
    Field("location", \R.location, holds: .content, content: 5, "The place."),
    Field(
      "joinUrl", \R.joinURL, holds: .content, content: .at(6, of: \R.digestedLink),
      "The link of the online meeting."),
    Field(
      object: "online", \R.online, holds: .unlessPrivate, content: 8,
      "What is known of the online meeting."),
    Field(
      "owner", \R.owner, holds: .name(.text), required: true, content: 9,
      "The calendar's user, by id."),
    Field(
      "leads", \R.leads, holds: .person(.address), required: true, content: 18,
      schema:
        #"{"type":"array","items":\#(RecordLead.table.schema(isClosed: false, requires: false))}"#,
      "The leads who take part; in CSV their addresses."),
    Field(
      "company", \R.company, holds: .company, content: .at(10, of: \R.digestedCompany),
      schema: SchemaType.textOrNull, "The company of the first lead that has one."),
    Field(
      "participants", \R.participants, holds: .person(.address), content: 19,
      "Who takes part, without rooms and the owner; in CSV their addresses."),
    Field(
      "rooms", \R.rooms, holds: .person(.address), content: 20, schema: #"{"type":"array"}"#,
      "The rooms; in CSV their addresses, or names."),
    Field(
      "organizer", \R.organizer, holds: .person(.address), content: 15,
      schema: SchemaType.mailboxTextOrNull, "Who called the meeting; in CSV the address."),
    Field(
      "status", \R.status, holds: .unlessPrivate, content: 11, schema: SchemaType.textOrNull,
      "`confirmed`, `tentative`, `declined`, `updated`, `cancelled` or `deleted`."),
    Field(
      "category", \R.category, holds: .unlessPrivate, content: 12, schema: SchemaType.textOrNull,
      "`external`, or `internal` without anybody from outside."),
    Field(
      "sequence", \R.sequence, holds: .unlessPrivate, schema: SchemaType.integerOrNull,
      "The version that the calendar counts."),
    Field(
      "runAutomations", \R.runAutomations, holds: .unlessPrivate, content: 14,
      "Whether the CRM's automations should run."),
    Field(
      "notify", \R.notify, holds: .unlessPrivate, content: 13, schema: SchemaType.notify,
      "Whom the CRM should notify: `none`, `owner`, `invitees` or `all`."),
    Field(
      "conflicts", \R.conflicts, holds: .unlessPrivate, schema: #"{"type":"array"}"#,
      "The keys of the owner's tasks and blocks that overlap it."),
    Field(object: "source", \R.source, holds: .name(.text), required: true, "Where it was read."),
  ])
}

extension TaskRecord {
  /// A digest over what the task says: all but where it was read, its version number and what
  /// overlaps it. Where it is the same, nothing is published again.
  package func digest(_ hash: SHA256, _ scratch: ByteBuffer) -> Digest {
    scratch.removeAll()
    Self.table.appendContent(self, to: scratch)
    return hash.digest(scratch.view)
  }
}

extension Holdings {
  // A company's name tells who its people are.
  fileprivate static let company = Holdings(
    private: .withheld, headers: .kept, pseudonymous: .withheld)
}
