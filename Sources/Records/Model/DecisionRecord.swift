package import Bytes

/// What became of an item and why: a line of `decisions.jsonl`.
package struct DecisionRecord: Sendable, Equatable {
  /// `mail`, `event` or `task`.
  package var item = ""
  /// Message-ID, UID or the task's id.
  package var id = ""
  /// The mail's identity.
  package var key = Captured<Digest>(nil)
  /// `kept`, `dropped` or `quarantined`.
  package var outcome = ""
  /// The reason's code.
  package var reason = ""
  /// The setting that decided.
  package var rule = ""
  /// What it matched; absent where nothing did.
  package var matched = Captured<String>(nil)
  /// Whose mailbox or calendar it is.
  package var owner = ""
  /// `inbound` or `outbound`; nil of what could not be read.
  package var direction: String?
  /// When it was written, or begins.
  package var date: Instant?
  /// Where it was read.
  package var source = SourcePlace()
  /// The keys of the records that came of it.
  package var records: [Digest] = []

  /// One that says nothing.
  package init() {}

  private typealias R = DecisionRecord
  /// Its fields; the reasons' codes are the rules' business, see ``Schemas``.
  package static let table = RecordTable<DecisionRecord>([
    Field(
      "item", \R.item, columns: [], required: true, schema: SchemaType.item,
      "`mail`, `event` or `task`."),
    Field(
      "id", \R.id, columns: [], holds: .name(.id), schema: SchemaType.textOrNull,
      "Message-ID, UID, or the task's id."),
    Field("key", \R.key, columns: [], "The mail's identity; absent where a rule dropped it."),
    Field(
      "outcome", \R.outcome, columns: [], required: true, schema: SchemaType.outcome,
      "`kept` when a record was written, `dropped`, or `quarantined`."),
    Field("reason", \R.reason, columns: [], required: true, schema: "", "The code of the reason."),
    Field(
      "rule", \R.rule, columns: [], schema: SchemaType.textOrNull,
      "The setting that decided, as a dotted path."),
    Field(
      "matched", \R.matched, columns: [], holds: .person(.matched), schema: "{}",
      "What it matched; absent where nothing did."),
    Field(
      "owner", \R.owner, columns: [], holds: .name(.text), schema: SchemaType.textOrNull,
      "Whose mailbox or calendar it is, by id."),
    Field(
      "direction", \R.direction, columns: [], schema: SchemaType.directionOrNull,
      "`inbound` or `outbound`; null of a mail that cannot be read."),
    Field(
      "date", \R.date, columns: [], holds: .unlessPrivate, schema: SchemaType.instantDateOrNull,
      "When the mail was written, or the meeting begins, UTC."),
    Field(
      object: "source", \R.source, columns: [], holds: .name(.text), required: true,
      "Where it was read."),
    Field(
      "records", \R.records, columns: [], required: true, schema: SchemaType.texts,
      "The keys of the records that came of it."),
  ])
}
