/// A setting with a fixed set of values, written as the raw value.
public protocol ConfigChoice: RawRepresentable, CaseIterable, Hashable, Sendable
where RawValue == String {}

extension ConfigChoice {
  /// The values as written, in their order.
  static var names: [String] { allCases.map(\.rawValue) }
}

extension GuardAction: ConfigChoice {}
extension SentAs: ConfigChoice {}
extension ExclusionScope: ConfigChoice {}
extension BodyScope: ConfigChoice {}
extension KeywordMatcher.Mode: ConfigChoice {}

extension Config {
  /// Whose defaults hold.
  public enum Profile: String, ConfigChoice {
    case generic, leadsquared, highlevel, upsales, leadgains
  }
  /// What several leads with one address mean (ES-W-poc).
  public enum OnMultiple: String, ConfigChoice { case all, first, review }
  /// What a user's state is (ES-11).
  public enum UserStatus: String, ConfigChoice { case active, paused, removed }
  /// The mail or calendar provider (ES-7-provider).
  public enum Provider: String, ConfigChoice { case any, gmail, outlook }
  /// What access is decided by (ES-5.2-mode).
  public enum AccessBasis: String, ConfigChoice { case role, field }
  /// Which calendar of its owner a source is (LG-3).
  public enum CalendarRole: String, ConfigChoice { case primary, conflict, other }
  /// `behaviour` (ES-8.1).
  public enum Behaviour: String, ConfigChoice { case all, keywords }
  /// Where keywords are looked for.
  public enum KeywordPlace: String, ConfigChoice { case subject, body }
  /// A field of addresses.
  public enum AddressField: String, ConfigChoice { case from, to, cc, bcc }
  /// What an activity carries beside its fixed parts (ES-8.3).
  public enum CaptureField: String, ConfigChoice { case cc, bcc, subject, body, attachments }
  /// The category of a CRM task type (CS-1-appointment-only).
  public enum TaskCategory: String, ConfigChoice { case appointment, todo }
  /// Which way calendar records flow (CS-6.2).
  public enum Flow: String, ConfigChoice {
    case inbound, outbound
    case twoWay = "two-way"
  }
  /// What happens to a meeting's guests (HL).
  public enum Guests: String, ConfigChoice {
    case match
    case busyOnly = "busy-only"
    case create
    case knownOnly = "known-only"
    case createQuiet = "create-quiet"
  }
  /// What a meeting without a known lead becomes.
  public enum UnknownAttendees: String, ConfigChoice { case task, block, create, skip }
  /// Whose addresses outbound events name.
  public enum OutboundAttendees: String, ConfigChoice { case none, invited, all }
  /// Which domains are internal for meetings (UP-S3).
  public enum InternalDomains: String, ConfigChoice { case organization, usernames, both }
  /// Skip or keep, with a middle way for all-day events.
  public enum AllDay: String, ConfigChoice {
    case skip
    case skipRecurring = "skip-recurring"
    case keep
  }
  /// Keep or skip.
  public enum KeepOrSkip: String, ConfigChoice { case keep, skip }
  /// How a series is written.
  public enum Recurrence: String, ConfigChoice { case occurrences, series }
  /// What a meeting of several owners becomes.
  public enum SharedMeetings: String, ConfigChoice { case perOwner, once }
  /// What happens to the task of an event that is cancelled or gone.
  public enum OnGone: String, ConfigChoice {
    case keep, mark
    case deleteRow = "delete-row"
  }
  /// Who wins when both sides changed.
  public enum Conflict: String, ConfigChoice { case newest, provider, crm, review }
  /// Whether meetings may make leads.
  public enum ContactCreation: String, ConfigChoice { case auto, never }
  /// Who is notified (CS-W-alerts).
  public enum Notifications: String, ConfigChoice { case none, owner, invitees, all }
  /// The forms of record files.
  public enum Format: String, ConfigChoice { case jsonl, csv, json }
  /// How much of people's data is written.
  public enum Privacy: String, ConfigChoice {
    /// All that `capture` names.
    case full
    /// No subject, no body, no attachments; quarantined items without their bytes.
    case headers
    /// As `headers`, and nobody is named: stable pseudonyms for addresses, names and message ids.
    case pseudonymous
  }
}

extension Config.AddressField {
  /// The field as a set of one.
  public var set: AddressFields {
    switch self {
    case .from: .from
    case .to: .to
    case .cc: .cc
    case .bcc: .bcc
    }
  }
}

extension Config.CaptureField {
  /// The field as a set of one.
  public var set: CaptureFields {
    switch self {
    case .cc: .cc
    case .bcc: .bcc
    case .subject: .subject
    case .body: .body
    case .attachments: .attachments
    }
  }
}
