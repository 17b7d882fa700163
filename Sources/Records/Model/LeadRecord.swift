package import Bytes

/// A lead that a run captured: a line of `leads.jsonl`.
///
/// Leads are joined over the whole run by their addresses: under `privacy: pseudonymous` those are
/// pseudonyms from the beginning, and with them the name, the domain and the key.
package struct LeadRecord: Sendable, Equatable {
  /// See ``RecordKeys/lead(_:)``.
  package var key = Digest(words: (0, 0, 0, 0))
  /// Normalised.
  package var email = ""
  /// Of ``fullName``.
  package var firstName = ""
  /// Of ``fullName``.
  package var lastName = ""
  /// The name as the mail or the calendar has it.
  package var fullName = ""
  /// Known of no captured lead yet.
  package var company = ""
  /// Of ``email``.
  package var domain = ""
  /// What the configuration calls the way it came.
  package var source = ""
  /// Whose mailbox or calendar it was met in first.
  package var owner = ""
  /// When.
  package var firstSeen: Instant?
  /// In which mail; of a meeting its UID.
  package var firstMessageID = ""
  /// The field it stood in.
  package var capturedFrom = ""

  /// One that says nothing.
  package init() {}

  private typealias R = LeadRecord
  /// Its fields.
  package static let table = RecordTable<LeadRecord>([
    Field("key", \R.key, required: true, "The record's key, the same in every run."),
    Field(
      "email", \R.email, holds: .person(.address), required: true, schema: SchemaType.address,
      "The address, normalised."),
    Field(
      "firstName", \R.firstName, holds: .person(.name), schema: SchemaType.textOrNull,
      "The first name, as far as the name tells."),
    Field(
      "lastName", \R.lastName, holds: .person(.name), schema: SchemaType.textOrNull,
      "The last name, as far as the name tells."),
    Field(
      "fullName", \R.fullName, holds: .person(.name), schema: SchemaType.textOrNull,
      "The name as the mail or the calendar has it."),
    Field(
      "company", \R.company, holds: .person(.text), schema: SchemaType.textOrNull,
      "The company; empty, nothing is invented."),
    Field(
      "domain", \R.domain, holds: .person(.address), schema: SchemaType.textOrNull,
      "The address's domain."),
    Field(
      "source", \R.source, holds: .unlessPrivate, schema: SchemaType.textOrNull,
      "The lead source that the configuration names."),
    Field(
      "owner", \R.owner, holds: .name(.text), schema: SchemaType.textOrNull,
      "The user who met the lead first."),
    Field(
      "firstSeen", \R.firstSeen, holds: .unlessPrivate, "The date of the earliest mail, UTC."),
    Field(
      "firstMessageId", \R.firstMessageID, holds: .name(.id), schema: SchemaType.textOrNull,
      "The earliest mail's Message-ID, or the meeting's UID."),
    Field(
      "capturedFrom", \R.capturedFrom, holds: .unlessPrivate, schema: SchemaType.textOrNull,
      "The field that the address stood in."),
  ])
}
