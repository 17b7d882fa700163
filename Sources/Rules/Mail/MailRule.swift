import Bytes

/// The rules for mail.
public enum MailRules {
  /// The rules of steps 2 to 9, which look at one mail alone.
  public static let book = RuleBook(
    OwnerRules.all + SwitchRules.all + FolderRules.all + TimeRules.all + ClassRules.all + [
      InternalRule.rule, ExclusionRule.rule, KeywordRule.rule,
    ])
}

enum OwnerRules {
  static let all = [
    Rule<MailContext>(
      step: 2, name: "owner", reasons: [.userUnknown, .userNoAccess, .userPaused, .userRemoved],
      settings: ["sources.owner", "users", "access.inbox"],
      ask: { c in
        guard let owner = c.owner else { return .drop(.userUnknown, by: "sources.owner") }
        guard let reason = owner.standing else { return .pass }
        return .drop(reason, by: owner.standingRule)
      },
      looksAt: { c in
        c.owner.map { "the mailbox's owner: \($0.id)" } ?? "the mailbox's owner: nobody is known"
      },
      opposite: { _, f in
        switch f.reason {
        case .userUnknown: "give the source an `owner` that is in the users list"
        case .userNoAccess: "let the user in under access.inbox (his role, or the field)"
        case .userPaused: "set the user's status to active (`winnow users resume`)"
        case .userRemoved: "add the user again with status active"
        default: "pause or remove the user, or take away access.inbox"
        }
      })
  ]
}

enum SwitchRules {
  static let all = [
    Rule<MailContext>(
      step: 3, name: "switches",
      reasons: [.syncDisabledAll, .syncDisabled, .directionDisabled],
      settings: [
        "email.disableForAllUsers", "email.enabled", "email.inbound.enabled",
        "email.outbound.enabled",
      ],
      ask: { c in
        if c.plan.isDisabledForAll {
          return .drop(.syncDisabledAll, by: "email.disableForAllUsers")
        }
        if !c.plan.isEnabled { return .drop(.syncDisabled, by: "email.enabled") }
        if !c.settings.isEnabled {
          return .drop(.directionDisabled, by: "email.\(c.direction.name).enabled")
        }
        return .pass
      },
      looksAt: { c in "direction \(c.direction.name); the switches for it" },
      opposite: { c, f in
        switch f.reason {
        case .syncDisabledAll: "set email.disableForAllUsers to false"
        case .syncDisabled: "set email.enabled to true"
        case .directionDisabled: "set email.\(c.direction.name).enabled to true"
        default: "set email.\(c.direction.name).enabled to false"
        }
      })
  ]
}

enum FolderRules {
  static let all = [
    Rule<MailContext>(
      step: 4, name: "folder", reasons: [.folderNotSynced, .deletedInMailbox],
      settings: ["sources.folder", "email.folders"],
      ask: { c in
        if c.folder == .notSynced {
          return .drop(.folderNotSynced, by: "email.folders", c.folderName)
        }
        if c.isDeletedInStore { return .drop(.deletedInMailbox, by: "the mail store's mark") }
        return .pass
      },
      looksAt: { c in
        "folder \"\(c.folderName)\", deleted mark \(c.isDeletedInStore ? "set" : "not set")"
      },
      opposite: { c, f in
        switch f.reason {
        case .folderNotSynced:
          "add \"\(c.folderName)\" to email.folders (never drafts, spam, trash, chats)"
        case .deletedInMailbox: "restore the message in the mail program and export again"
        default: "take the folder out of email.folders"
        }
      })
  ]
}

enum TimeRules {
  static let all = [
    Rule<MailContext>(
      step: 5, name: "time", reasons: [.outsideWindow, .beforeConnected],
      settings: ["--from", "--to", "users", "email.connectedAt"],
      ask: { c in
        guard let date = c.date else { return .pass }
        if let from = c.plan.from, date < from { return .drop(.outsideWindow, by: "--from") }
        if let to = c.plan.to, date > to { return .drop(.outsideWindow, by: "--to") }
        if let start = c.owner?.connectedAt, date < start {
          return .drop(.beforeConnected, by: "users.connectedAt")
        }
        if let start = c.plan.connectedAt, date < start {
          return .drop(.beforeConnected, by: "email.connectedAt")
        }
        return .pass
      },
      looksAt: { c in c.date == nil ? "no date at all" : "the mail's date" },
      opposite: { _, f in
        switch f.reason {
        case .outsideWindow: "widen --from and --to"
        case .beforeConnected: "set \(f.rule) to an earlier time, or to null"
        default: "narrow --from and --to, or set email.connectedAt after the mail's date"
        }
      },
      matters: { plan in
        plan.from != nil || plan.to != nil || plan.connectedAt != nil
          || plan.users.contains { $0.connectedAt != nil }
      })
  ]
}

enum InternalRule {
  static let rule = Rule<MailContext>(
    step: 7, name: "internal", reasons: [.internal],
    settings: ["email.internal.skip", "organization.domains", "users"],
    ask: { c in
      guard c.plan.skipsInternal, isInternal(c) else { return .pass }
      return .drop(.internal, by: "email.internal.skip")
    },
    looksAt: { c in
      if let p = c.parties.first(where: { $0.key.isEmpty || !c.plan.isInternal(c.key($0)) }) {
        return "every address of From, To, Cc, Bcc; an outsider: \(c.text[p.address].string)"
      }
      return "every address of From, To, Cc, Bcc; all are inside the organisation"
    },
    opposite: { c, f in
      f.reason == nil
        ? "set email.internal.skip to true and have only internal addresses on the mail"
        : "set email.internal.skip to false, or take a domain out of organization.domains"
    }, matters: { $0.skipsInternal })

  /// From and every To, Cc, Bcc is internal; one outsider makes it external.
  static func isInternal(_ c: MailContext) -> Bool {
    var hasFrom = false
    for p in c.parties {
      if p.key.isEmpty || !c.plan.isInternal(c.key(p)) { return false }
      if p.field == .from { hasFrom = true }
    }
    return hasFrom
  }
}
