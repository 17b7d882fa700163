public import Bytes

/// What a guard does with a class of mail (contract section 4).
public enum GuardAction: String, CaseIterable, Sendable {
  /// Nothing.
  case keep
  /// The mail stays, but no lead is captured from it.
  case noCapture
  /// The mail is dropped.
  case skip
}

/// Whether one excluded recipient drops the whole mail (features.md ES-8.2-applyto).
public enum ExclusionScope: String, CaseIterable, Sendable {
  /// The whole mail is dropped.
  case message
  /// Only the address is taken out of lead match and capture.
  case recipient
}

/// How much of a body is taken.
public enum BodyScope: String, CaseIterable, Sendable {
  /// All of it.
  case full
  /// What the writer added to a reply, without the quoted history.
  case newest
}

/// What an activity carries beside From, To and its own data (features.md ES-8.3).
public struct CaptureFields: OptionSet, Hashable, Sendable {
  /// The bits.
  public let rawValue: UInt8
  /// From bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// Cc.
  public static let cc = CaptureFields(rawValue: 1)
  /// Bcc.
  public static let bcc = CaptureFields(rawValue: 2)
  /// Subject.
  public static let subject = CaptureFields(rawValue: 4)
  /// Body.
  public static let body = CaptureFields(rawValue: 8)
  /// Attachments.
  public static let attachments = CaptureFields(rawValue: 16)
}

/// The settings of one direction, ready to be asked: matchers built, entries normalised.
///
/// A reference type, so that asking costs no copies: written while the plan is built, only read after.
public final class DirectionPlan: @unchecked Sendable {
  /// `email.<direction>.enabled`
  @exclusivity(unchecked) public var isEnabled = true
  /// True for `behaviour: keywords`.
  @exclusivity(unchecked) public var needsKeyword = false
  /// The admin's keywords.
  @exclusivity(unchecked) public var keywords = KeywordMatcher(folded: [], mode: .contains)
  /// The admin's keywords as written, for reports.
  @exclusivity(unchecked) public var keywordTexts: [String] = []
  /// Looks into Subject.
  @exclusivity(unchecked) public var checksSubject = true
  /// Looks into the body.
  @exclusivity(unchecked) public var checksBody = true
  /// The admin's exclusions.
  @exclusivity(unchecked) public var exclude = AddressSet()
  /// The fields that exclusions are tested on.
  @exclusivity(unchecked) public var excludeFields: AddressFields = []
  /// See ``ExclusionScope``.
  @exclusivity(unchecked) public var excludeScope: ExclusionScope = .message
  /// `activity.type`
  @exclusivity(unchecked) public var activityType = ""
  /// `activity.capture`
  @exclusivity(unchecked) public var capture: CaptureFields = [.cc, .bcc, .subject, .body]
  /// `activity.bodyScope`
  @exclusivity(unchecked) public var bodyScope: BodyScope = .full
  /// `captureLeads.enabled`
  @exclusivity(unchecked) public var capturesLeads = false
  /// `captureLeads.from`; inbound always holds From.
  @exclusivity(unchecked) public var captureFields: AddressFields = []
  /// `captureLeads.source`
  @exclusivity(unchecked) public var leadSource = ""
  /// The fields whose addresses are counterparts.
  @exclusivity(unchecked) public var counterpartFields: AddressFields = []

  /// The generic defaults.
  public init() {}
}

/// What one user adds: who he is and what his overrides widen. Read-only once the plan is built.
public final class MailUserPlan: @unchecked Sendable {
  /// The user's id.
  @exclusivity(unchecked) public var id: String
  /// Why nothing of this user is synced (step 2), or nil.
  @exclusivity(unchecked) public var standing: Reason?
  /// Which setting that reason comes from.
  @exclusivity(unchecked) public var standingRule: String
  /// Seconds since 1970 before which mail is dropped, or nil.
  @exclusivity(unchecked) public var connectedAt: Int64?
  /// His own keywords per direction (inbound, outbound).
  @exclusivity(unchecked) public var keywords: [KeywordMatcher]
  /// Those keywords as written.
  @exclusivity(unchecked) public var keywordTexts: [[String]]
  /// His own exclusions per direction (inbound, outbound).
  @exclusivity(unchecked) public var exclude: [AddressSet]
  private let addresses: ByteTable

  /// A user with the address keys that are his.
  public init(id: String, standing: Reason?, standingRule: String, addressKeys: [[UInt8]]) {
    self.id = id
    self.standing = standing
    self.standingRule = standingRule
    keywords = [
      KeywordMatcher(folded: [], mode: .contains), KeywordMatcher(folded: [], mode: .contains),
    ]
    keywordTexts = [[], []]
    exclude = [AddressSet(), AddressSet()]
    var addresses = ByteTable()
    for key in addressKeys { key.withByteView { addresses.insert($0, 1) } }
    self.addresses = addresses
  }

  /// True when the address key is one of this user's.
  public func owns(_ key: ByteView) -> Bool { addresses.find(key) != nil }
}

/// Everything that the mail rules ask, resolved from the configuration and the lists once a run.
/// Read-only once it is built.
public final class MailPlan: @unchecked Sendable {
  /// `email.disableForAllUsers`
  @exclusivity(unchecked) public var isDisabledForAll = false
  /// `email.enabled`
  @exclusivity(unchecked) public var isEnabled = true
  /// Guards in the order of step 6.
  @exclusivity(unchecked) public var guards = Guards()
  /// `email.internal.skip`
  @exclusivity(unchecked) public var skipsInternal = false
  /// `organization.domains`
  @exclusivity(unchecked) public var domains = AddressSet()
  /// `email.connectedAt`, seconds since 1970.
  @exclusivity(unchecked) public var connectedAt: Int64?
  /// `--from` and `--to`, seconds since 1970, both ends included.
  @exclusivity(unchecked) public var from: Int64?
  /// See ``from``.
  @exclusivity(unchecked) public var to: Int64?
  /// Inbound settings.
  public let inbound: DirectionPlan
  /// Outbound settings.
  public let outbound: DirectionPlan
  /// The users, by position.
  @exclusivity(unchecked) public var users: [MailUserPlan] = []
  @exclusivity(unchecked) var ownAddresses = ByteTable()

  /// The four guards.
  public struct Guards: Sendable {
    /// `guards.bulk`
    public var bulk: GuardAction = .noCapture
    /// `guards.automatic`
    public var automatic: GuardAction = .noCapture
    /// `guards.noReply`
    public var noReply: GuardAction = .noCapture
    /// `guards.unauthenticated`
    public var unauthenticated: GuardAction = .keep

    /// The generic defaults.
    public init() {}
  }

  /// The generic defaults, no users.
  public init(
    inbound: DirectionPlan = DirectionPlan(), outbound: DirectionPlan = DirectionPlan()
  ) {
    self.inbound = inbound
    self.outbound = outbound
  }

  /// Declares an address key as one of a listed user's.
  public func addOwnAddress(_ key: ByteView) { ownAddresses.insert(key, 1) }

  /// True when the key is an address of any listed user.
  public func isUser(_ key: ByteView) -> Bool { ownAddresses.find(key) != nil }

  /// True when the key is inside the organisation: one of its domains or a listed user's address.
  public func isInternal(_ key: ByteView) -> Bool {
    domains.match(key) != nil || isUser(key)
  }

  /// The settings of a direction.
  public func settings(_ d: Direction) -> DirectionPlan { d == .inbound ? inbound : outbound }

  /// True when meetings of the run may make leads.
  @exclusivity(unchecked) public var meetingsMakeLeads = false
  /// True when any item of the run could become a lead's first.
  public var capturesAnywhere: Bool {
    meetingsMakeLeads || inbound.capturesLeads || outbound.capturesLeads
  }
}
