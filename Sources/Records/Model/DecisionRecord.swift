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

  private typealias F = Field<DecisionRecord>
  /// Its fields; the reasons' codes are the rules' business, see ``Schemas``.
  package static let table = RecordTable<DecisionRecord>([
    F(
      "item", \.item, columns: [], required: true, schema: SchemaType.item,
      "`mail`, `event` or `task`."),
    F(
      "id", \.id, columns: [], holds: .name(.id), schema: SchemaType.textOrNull,
      "Message-ID, UID, or the task's id."),
    F("key", \.key, columns: [], "The mail's identity; absent where a rule dropped it."),
    F(
      "outcome", \.outcome, columns: [], required: true, schema: SchemaType.outcome,
      "`kept` when a record was written, `dropped`, or `quarantined`."),
    F("reason", \.reason, columns: [], required: true, schema: "", "The code of the reason."),
    F(
      "rule", \.rule, columns: [], schema: SchemaType.textOrNull,
      "The setting that decided, as a dotted path."),
    F(
      "matched", \.matched, columns: [], holds: .person(.matched), schema: "{}",
      "What it matched; absent where nothing did."),
    F(
      "owner", \.owner, columns: [], holds: .name(.text), schema: SchemaType.textOrNull,
      "Whose mailbox or calendar it is, by id."),
    F(
      "direction", \.direction, columns: [], schema: SchemaType.directionOrNull,
      "`inbound` or `outbound`; null of a mail that cannot be read."),
    F(
      "date", \.date, columns: [], holds: .unlessPrivate, schema: SchemaType.instantDateOrNull,
      "When the mail was written, or the meeting begins, UTC."),
    F(
      object: "source", \.source, columns: [], holds: .name(.text), required: true,
      "Where it was read."),
    F(
      "records", \.records, columns: [], required: true, schema: SchemaType.texts,
      "The keys of the records that came of it."),
  ])
}
