/// Step 2: whose mailbox it is, and whether that user's mail is synced.
enum OwnerRule {
  static let rule = MailRule(
    step: 2, name: "owner", reasons: [.userUnknown, .userNoAccess, .userPaused, .userRemoved],
    settings: ["sources.owner", "users", "access.inbox"],
    ask: { c in
      guard let owner = c.owner else { return .drop(.userUnknown, by: "sources.owner") }
      guard let reason = owner.standing else { return .pass }
      return .drop(reason, by: owner.standingRule)
    },
    looksAt: { c in
      c.owner.map { "the mailbox's owner: \($0.id)" } ?? "the mailbox's owner: unknown"
    },
    opposite: { _, f in
      switch f.reason {
      case .userUnknown: "give the source an `owner` that is in the users list"
      case .userNoAccess: "let the user in under access.inbox (their role, or the field)"
      case .userPaused: "set the user's status to active (`winnow users resume`)"
      case .userRemoved: "add the user again with status active"
      default: "pause or remove the user, or take away access.inbox"
      }
    })
}

extension MailUserPlan {
  /// Why nothing of a user's mail is synced, and the setting that says so; nil when it is.
  public static func standing(
    of user: UserRecord, _ access: AccessPolicy
  ) -> (reason: Reason, rule: String)? {
    if !access.mayUseInbox(user) { return (.userNoAccess, "access.inbox") }
    return switch user.status {
    case .active: nil
    case .paused: (.userPaused, "users.status")
    case .removed: (.userRemoved, "users.status")
    }
  }
}
