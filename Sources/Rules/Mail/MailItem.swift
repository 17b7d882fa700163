public import Bytes

/// One address of a mail as the rules see it.
public struct MailParty: Sendable, BitwiseCopyable {
  /// The field it stands in (a set of one).
  public var field: AddressFields
  /// Its comparison key, in ``MailContext/keys``; empty when it is no address.
  public var key: ByteRange
  /// The address as written, in the mail's text.
  public var address: ByteRange
  /// The display name, in the mail's text.
  public var name: ByteRange
  /// True when every parser would read the same address.
  public var isTrusted: Bool
  /// True while an exclusion with scope `recipient` has taken it out.
  public var isExcluded = false

  /// A party.
  public init(
    field: AddressFields, key: ByteRange, address: ByteRange, name: ByteRange, isTrusted: Bool
  ) {
    self.field = field
    self.key = key
    self.address = address
    self.name = name
    self.isTrusted = isTrusted
  }
}

/// What the receiving server found out about the sender (RFC 8601).
public enum SenderAuth: UInt8, Sendable {
  /// No Authentication-Results.
  case unknown
  /// Results, but none that pass or fail.
  case none
  /// Authenticated.
  case pass
  /// Refuted.
  case fail

  /// The name in records.
  public var name: StaticString {
    switch self {
    case .unknown: "unknown"
    case .none: "none"
    case .pass: "pass"
    case .fail: "fail"
    }
  }
}

/// Where a mail lay, as far as eligibility goes.
public enum FolderStanding: UInt8, Sendable {
  /// A folder that is synced.
  case synced
  /// Any other folder, label or drafts, spam, trash, chats.
  case notSynced
}

/// One mail in the words of the rules: facts, no bytes of the wire. One per worker, reused.
public final class MailContext: RuleContext, @unchecked Sendable {
  /// The plan in force.
  public let plan: MailPlan
  /// The owner's position in the plan's users, or -1.
  @exclusivity(unchecked) public var user = -1
  /// Decoded header text that the parties' ranges point into.
  @exclusivity(unchecked) public var text: ByteView = .empty
  /// The comparison keys that the parties' ranges point into.
  public let keys = ByteBuffer(capacity: 1024)
  /// From, To, Cc, Bcc in this order.
  public let parties = ReusedList<MailParty>()
  /// Sender's key when there is a Sender field.
  @exclusivity(unchecked) public var senderKey: ByteRange = .empty
  /// Seconds since 1970, or nil when no date at all could be found.
  @exclusivity(unchecked) public var date: Int64?
  /// See ``FolderStanding``.
  @exclusivity(unchecked) public var folder: FolderStanding = .synced
  /// The folder's name for reports.
  @exclusivity(unchecked) public var folderName = ""
  /// Marked deleted by the mail store itself.
  @exclusivity(unchecked) public var isDeletedInStore = false
  /// Finds out whether the mail was sent in bulk; asked only when a guard needs it.
  @exclusivity(unchecked) public var asksBulk: () -> Bool = { false }
  /// Finds out whether a program sent the mail; asked only when a guard needs it.
  @exclusivity(unchecked) public var asksAutomatic: () -> Bool = { false }
  /// See Mail's `isBulk`.
  public var isBulk: Bool { asksBulk() }
  /// See Mail's `isAutomatic`.
  public var isAutomatic: Bool { asksAutomatic() }
  /// From stands more than once or could be read in two ways.
  @exclusivity(unchecked) public var isSenderDoubtful = false
  /// A mailing list put its own address into From (`Name via List`).
  @exclusivity(unchecked) public var isSenderRewritten = false
  /// See ``SenderAuth``.
  @exclusivity(unchecked) public var senderAuth: SenderAuth = .unknown
  /// The key of the mailing list's own address, when the mail came through one.
  @exclusivity(unchecked) public var listKey: ByteRange = .empty
  /// Subject, case-folded; asked only when a keyword rule needs it.
  @exclusivity(unchecked) public var foldedSubject: () -> ByteView = { .empty }
  /// The bodies (plain, then HTML as text), case-folded; asked only when a keyword rule needs it.
  @exclusivity(unchecked) public var foldedBodies: () -> [ByteView] = { [] }

  // What the rules find out.
  /// See ``Direction``.
  @exclusivity(unchecked) public internal(set) var direction: Direction = .inbound
  /// True when a guard forbids capture from this mail.
  @exclusivity(unchecked) public internal(set) var forbidsCapture = false

  /// A context under a plan.
  public init(plan: MailPlan) { self.plan = plan }

  /// Forgets the mail before.
  public func reset() {
    keys.removeAll()
    parties.removeAll()
    senderKey = .empty
    date = nil
    folder = .synced
    isDeletedInStore = false
    isSenderDoubtful = false
    isSenderRewritten = false
    senderAuth = .unknown
    listKey = .empty
    direction = .inbound
    forbidsCapture = false
  }

  /// The key of a party.
  public func key(_ p: MailParty) -> ByteView { keys[p.key] }

  /// The settings of this mail's direction.
  var settings: DirectionPlan { plan.settings(direction) }

  /// The owner's plan, or nil.
  var owner: MailUserPlan? {
    user >= 0 && user < plan.users.count ? plan.users[user] : nil
  }

  /// Finds out the direction: outbound when From or Sender is an address of the mailbox's owner.
  /// To be called once the parties are in, before the rules are asked.
  public func resolveDirection() {
    direction = .inbound
    guard let owner else { return }
    // By number: to walk through the list itself counts a reference to it.
    var i = 0
    while i < parties.count {
      let p = parties[i]
      if p.field == .from, p.isTrusted, !p.key.isEmpty, owner.owns(keys[p.key]) {
        direction = .outbound
        return
      }
      i += 1
    }
    if !senderKey.isEmpty, owner.owns(keys[senderKey]) { direction = .outbound }
  }
}
