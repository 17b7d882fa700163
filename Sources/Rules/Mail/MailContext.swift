import Bytes

/// One mail under a plan: its facts, and what follows from both. One per thread and plan, used
/// again from mail to mail; the facts are never changed.
public final class MailContext {
  /// The plan in force.
  public let plan: MailPlan
  /// The mail.
  public let facts: MailFacts

  // What follows, found out anew by `begin()` and by the rules. Unchecked like the facts.
  /// The owner's plan; nil when the owner is no listed user.
  @exclusivity(unchecked) public private(set) var owner: MailUserPlan?
  // Whose plan that is: most mails of a thread have the owner of the mail before.
  @exclusivity(unchecked) private var ownerID = ""
  /// Outbound when From or Sender is an address of the owner.
  @exclusivity(unchecked) public private(set) var direction: Direction = .inbound
  /// True for mail that the owner sent under an address that nobody lists: it lies in a folder for sent
  /// mail, its From is no user's, and nothing says that it came to the owner.
  @exclusivity(unchecked) public private(set) var isSentAs = false
  /// The folder that the mail is in.
  @exclusivity(unchecked) public private(set) var folder = FolderStanding(
    .named(""), isSynced: true)
  /// True when a guard forbids capture from this mail.
  @exclusivity(unchecked) var forbidsCapture = false
  // The folder of inbound and outbound mail, as long as the facts say the same of it.
  @exclusivity(unchecked) private var inboundFolder: FolderStanding?
  @exclusivity(unchecked) private var outboundFolder: FolderStanding?
  @exclusivity(unchecked) private var isInSentFolder = false
  @exclusivity(unchecked) private var folderChanges = -1
  // Whether an exclusion with scope `recipient` took a party out, by position; parties after the
  // last one that was taken out are left out.
  private let excluded = ReusedList<Bool>()

  /// A mail under a plan, or the mails that the facts are filled with one after the other.
  public init(plan: MailPlan, facts: MailFacts) {
    self.plan = plan
    self.facts = facts
  }

  /// Begins a mail once its facts are in, before any rule is asked: forgets the mail before and
  /// finds out owner, direction and folder.
  public func begin() {
    if facts.owner != ownerID {
      ownerID = facts.owner
      owner = plan.user(id: ownerID)
    }
    forbidsCapture = false
    excluded.removeAll()
    direction = isOutbound ? .outbound : .inbound
    folder = findFolder()
    isSentAs = direction == .inbound && isInSentFolder && isUnderOtherAddress
    if isSentAs, (facts.folder.sentAs ?? plan.sentAs) == .outbound {
      direction = .outbound
      folder = findFolder()
    }
  }

  /// The key of the address that mail was sent under which nobody lists; empty for other mail.
  public var sentAsKey: ByteView {
    guard isSentAs, let from = facts.parties.first(where: { $0.field == .from }) else {
      return .empty
    }
    return facts.key(from)
  }

  private var isUnderOtherAddress: Bool {
    guard let owner else { return false }
    var hasFrom = false
    for p in facts.parties where !p.key.isEmpty {
      let key = facts.key(p)
      if p.field == .from {
        if plan.isUser(key) { return false }
        hasFrom = true
      } else if owner.owns(key) {
        return false
      }
    }
    return hasFrom && !facts.texts.isDelivered { owner.owns($0) }
  }

  private func findFolder() -> FolderStanding {
    if facts.folderChanges != folderChanges {
      folderChanges = facts.folderChanges
      inboundFolder = nil
      outboundFolder = nil
      isInSentFolder = facts.folder.isSentFolder
    }
    if let known = direction == .inbound ? inboundFolder : outboundFolder { return known }
    let found = plan.folders.standing(of: facts.folder, direction)
    if direction == .inbound { inboundFolder = found } else { outboundFolder = found }
    return found
  }

  private var isOutbound: Bool {
    guard let owner else { return false }
    // By number: to walk through the list itself counts a reference to it.
    var i = 0
    while i < facts.parties.count {
      let p = facts.parties[i]
      if p.field == .from, p.isTrusted, !p.key.isEmpty, owner.owns(facts.key(p)) { return true }
      i += 1
    }
    return !facts.senderKey.isEmpty && owner.owns(facts.keys[facts.senderKey])
  }

  /// The settings of this mail's direction.
  var settings: DirectionPlan { plan.settings(direction) }

  /// Takes a party out of lead match and capture.
  func exclude(_ party: Int) {
    while excluded.count < party { excluded.append(false) }
    excluded.append(true)
  }

  /// True when the party at a position was taken out.
  func isExcluded(_ party: Int) -> Bool { party < excluded.count && excluded[party] }
}
