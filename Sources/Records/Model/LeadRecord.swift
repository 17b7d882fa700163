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

  private typealias F = Field<LeadRecord>
  /// Its fields.
  package static let table = RecordTable<LeadRecord>([
    F("key", \.key, required: true, "The record's key, the same in every run."),
    F(
      "email", \.email, holds: .person(.address), required: true, schema: SchemaType.address,
      "The address, normalised."),
    F(
      "firstName", \.firstName, holds: .person(.name), schema: SchemaType.textOrNull,
      "The first name, as far as the name tells."),
    F(
      "lastName", \.lastName, holds: .person(.name), schema: SchemaType.textOrNull,
      "The last name, as far as the name tells."),
    F(
      "fullName", \.fullName, holds: .person(.name), schema: SchemaType.textOrNull,
      "The name as the mail or the calendar has it."),
    F(
      "company", \.company, holds: .person(.text), schema: SchemaType.textOrNull,
      "The company; empty, nothing is invented."),
    F(
      "domain", \.domain, holds: .person(.address), schema: SchemaType.textOrNull,
      "The address's domain."),
    F(
      "source", \.source, holds: .unlessPrivate, schema: SchemaType.textOrNull,
      "The lead source that the configuration names."),
    F(
      "owner", \.owner, holds: .name(.text), schema: SchemaType.textOrNull,
      "The user who met the lead first."),
    F(
      "firstSeen", \.firstSeen, holds: .unlessPrivate, "The date of the earliest mail, UTC."),
    F(
      "firstMessageId", \.firstMessageID, holds: .name(.id), schema: SchemaType.textOrNull,
      "The earliest mail's Message-ID, or the meeting's UID."),
    F(
      "capturedFrom", \.capturedFrom, holds: .unlessPrivate, schema: SchemaType.textOrNull,
      "The field that the address stood in."),
  ])
}
