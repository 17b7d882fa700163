public import Bytes

/// The settings of one direction, ready to be asked: matchers built, entries normalised.
///
/// A class, so that asking costs no copies.
public final class DirectionPlan: Sendable {
  /// `email.<direction>.enabled`
  public let isEnabled: Bool
  /// True for `behaviour: keywords`.
  public let needsKeyword: Bool
  /// The administrator's keywords.
  public let keywords: KeywordSet
  /// Looks into Subject.
  public let checksSubject: Bool
  /// Looks into the body.
  public let checksBody: Bool
  /// The administrator's exclusions.
  public let exclude: AddressSet
  /// The fields that exclusions are tested on.
  public let excludeFields: AddressFields
  /// See ``ExclusionScope``.
  public let excludeScope: ExclusionScope
  /// `activity.type`
  public let activityType: String
  /// `activity.capture`
  public let capture: CaptureFields
  /// `activity.bodyScope`
  public let bodyScope: BodyScope
  /// `captureLeads.enabled`
  public let capturesLeads: Bool
  /// `captureLeads.from`; inbound always holds From.
  public let captureFields: AddressFields
  /// `captureLeads.source`
  public let leadSource: String
  /// The fields whose addresses are counterparts.
  public let counterpartFields: AddressFields

  /// Settings; what is left out has the generic default.
  public init(
    isEnabled: Bool = true, needsKeyword: Bool = false, keywords: KeywordSet = KeywordSet(),
    checksSubject: Bool = true, checksBody: Bool = true, exclude: AddressSet = AddressSet(),
    excludeFields: AddressFields = [], excludeScope: ExclusionScope = .message,
    activityType: String = "", capture: CaptureFields = [.cc, .bcc, .subject, .body],
    bodyScope: BodyScope = .full, capturesLeads: Bool = false, captureFields: AddressFields = [],
    leadSource: String = "", counterpartFields: AddressFields = []
  ) {
    self.isEnabled = isEnabled
    self.needsKeyword = needsKeyword
    self.keywords = keywords
    self.checksSubject = checksSubject
    self.checksBody = checksBody
    self.exclude = exclude
    self.excludeFields = excludeFields
    self.excludeScope = excludeScope
    self.activityType = activityType
    self.capture = capture
    self.bodyScope = bodyScope
    self.capturesLeads = capturesLeads
    self.captureFields = captureFields
    self.leadSource = leadSource
    self.counterpartFields = counterpartFields
  }
}

/// Keywords as written, and the matcher that finds them.
public struct KeywordSet: Sendable {
  /// As written, for reports; the index is that of a hit.
  public let texts: [String]
  /// Finds them.
  public let matcher: KeywordMatcher

  /// Keywords: as written, and folded as the text is that they are looked for in.
  public init(texts: [String] = [], folded: [[UInt8]] = [], mode: KeywordMatcher.Mode = .contains) {
    self.texts = texts
    matcher = KeywordMatcher(folded: folded, mode: mode)
  }
}

/// What one user adds to one direction.
public struct UserDirection: Sendable {
  /// The user's own keywords.
  public let keywords: KeywordSet
  /// The user's own exclusions.
  public let exclude: AddressSet

  /// Nothing, unless it is given.
  public init(keywords: KeywordSet = KeywordSet(), exclude: AddressSet = AddressSet()) {
    self.keywords = keywords
    self.exclude = exclude
  }
}

/// What one user adds: who it is, and what their overrides widen.
public final class MailUserPlan: Sendable {
  /// The user's id.
  public let id: String
  /// Why nothing of this user is synced (step 2), or nil.
  public let standing: Reason?
  /// Which setting that reason comes from.
  public let standingRule: String
  /// Seconds since 1970 before which mail is dropped, or nil.
  public let connectedAt: Int64?
  /// What the user adds to inbound mail.
  public let inbound: UserDirection
  /// What the user adds to outbound mail.
  public let outbound: UserDirection
  /// The comparison keys of the user's addresses.
  public let addressKeys: [[UInt8]]
  private let addresses: ByteTable

  /// A user with the address keys that are theirs.
  public init(
    id: String, standing: Reason? = nil, standingRule: String = "", connectedAt: Int64? = nil,
    inbound: UserDirection = UserDirection(), outbound: UserDirection = UserDirection(),
    addressKeys: [[UInt8]]
  ) {
    self.id = id
    self.standing = standing
    self.standingRule = standingRule
    self.connectedAt = connectedAt
    self.inbound = inbound
    self.outbound = outbound
    self.addressKeys = addressKeys
    addresses = ByteTable(addressKeys)
  }

  /// True when the address key is one of this user's.
  public func owns(_ key: ByteView) -> Bool { addresses.find(key) != nil }

  /// What the user adds to a direction.
  func settings(_ d: Direction) -> UserDirection { d == .inbound ? inbound : outbound }
}

/// Everything that the mail rules ask, resolved from the configuration and the lists once a run.
public final class MailPlan: Sendable {
  /// `email.disableForAllUsers`
  public let isDisabledForAll: Bool
  /// `email.enabled`
  public let isEnabled: Bool
  /// `email.folders`
  public let folders: FolderPlan
  /// The guards of step 6.
  public let guards: Guards
  /// `email.internal.skip`
  public let skipsInternal: Bool
  /// `email.sentAs`
  public let sentAs: SentAs
  /// `organization.domains`
  public let domains: AddressSet
  /// `email.connectedAt`, seconds since 1970.
  public let connectedAt: Int64?
  /// `--from`, seconds since 1970; itself inside.
  public let from: Int64?
  /// `--to`, seconds since 1970; itself inside.
  public let to: Int64?
  /// Inbound settings.
  public let inbound: DirectionPlan
  /// Outbound settings.
  public let outbound: DirectionPlan
  /// The users, by position.
  public let users: [MailUserPlan]
  /// True when meetings of the run may make leads.
  public let meetingsMakeLeads: Bool
  private let ownAddresses: ByteTable
  private let positions: [String: Int]

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

  /// A plan; what is left out has the generic default.
  public init(
    isDisabledForAll: Bool = false, isEnabled: Bool = true,
    folders: FolderPlan = FolderPlan([.inbox, .sent]), guards: Guards = Guards(),
    skipsInternal: Bool = false, sentAs: SentAs = .outbound, domains: AddressSet = AddressSet(),
    connectedAt: Int64? = nil,
    from: Int64? = nil, to: Int64? = nil, inbound: DirectionPlan = DirectionPlan(),
    outbound: DirectionPlan = DirectionPlan(), users: [MailUserPlan] = [],
    meetingsMakeLeads: Bool = false
  ) {
    self.isDisabledForAll = isDisabledForAll
    self.isEnabled = isEnabled
    self.folders = folders
    self.guards = guards
    self.skipsInternal = skipsInternal
    self.sentAs = sentAs
    self.domains = domains
    self.connectedAt = connectedAt
    self.from = from
    self.to = to
    self.inbound = inbound
    self.outbound = outbound
    self.users = users
    self.meetingsMakeLeads = meetingsMakeLeads
    ownAddresses = ByteTable(users.flatMap(\.addressKeys))
    positions = Dictionary(
      users.enumerated().map { ($0.element.id, $0.offset) }, uniquingKeysWith: { a, _ in a })
  }

  /// The user with that id, or nil.
  public func user(id: String) -> MailUserPlan? { positions[id].map { users[$0] } }

  /// True when the key is an address of any listed user.
  public func isUser(_ key: ByteView) -> Bool { ownAddresses.find(key) != nil }

  /// True when the key is inside the organisation: one of its domains or a listed user's address.
  public func isInternal(_ key: ByteView) -> Bool {
    domains.match(key) != nil || isUser(key)
  }

  /// The settings of a direction.
  public func settings(_ d: Direction) -> DirectionPlan { d == .inbound ? inbound : outbound }

  /// True when any item of the run could become a lead's first.
  public var capturesAnywhere: Bool {
    meetingsMakeLeads || inbound.capturesLeads || outbound.capturesLeads
  }
}

extension ByteTable {
  fileprivate init(_ keys: [[UInt8]]) {
    self.init()
    for key in keys { key.withByteView { insert($0, 1) } }
  }
}
