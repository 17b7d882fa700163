import Bytes

/// What one rule says of one mail.
public struct Finding: Sendable {
  /// The reason to drop it, or nil to let it go on.
  public var reason: Reason?
  /// The setting that decided, as a path into the configuration.
  public var rule: String

  /// Goes on.
  static let pass = Finding(reason: nil, rule: "")
  /// Drops.
  static func drop(_ reason: Reason, by rule: String) -> Finding {
    Finding(reason: reason, rule: rule)
  }
}

/// One step of the order in contract section 4, for mail. Pure: a function of the context.
public struct MailRule: Sendable {
  /// The step's number in the contract.
  public var step: Int
  /// A short name for reports.
  public var name: String
  /// The reasons that it can give.
  public var reasons: [Reason]
  /// Asks the rule. What it matched is left in ``MailContext/matched``.
  public var ask: @Sendable (MailContext) -> Finding
  /// What the rule looked at, in words, for `explain`.
  public var looksAt: @Sendable (MailContext) -> String
  /// What would have to change for the opposite verdict, in words, for `explain`.
  public var opposite: @Sendable (MailContext, Finding) -> String
  /// False under a plan with which the rule can neither drop a mail nor change what comes of it.
  public var matters: @Sendable (MailPlan) -> Bool = { _ in true }

  /// The rules of steps 2 to 9, in order. The first that drops gives the mail's reason.
  public static let all: [MailRule] =
    OwnerRules.all + SwitchRules.all + FolderRules.all + TimeRules.all + ClassRules.all + [
      InternalRule.rule, ExclusionRule.rule, KeywordRule.rule,
    ]

  /// Asks the rules in order; the first drop, or a pass. A finding's `matched` is in the context.
  public static func decide(_ c: MailContext) -> Finding { MailQuestions(plan: c.plan).decide(c) }
}

/// The questions of the rules that matter under one plan, in their order.
public struct MailQuestions: Sendable {
  // Alone: a rule carries texts, which would be counted at every mail.
  private let questions: [@Sendable (MailContext) -> Finding]

  /// Of the rules that can say anything under the plan as it is now.
  public init(plan: MailPlan) {
    questions = MailRule.all.filter { $0.matters(plan) }.map(\.ask)
  }

  /// Asks the rules in order; the first drop, or a pass. A finding's `matched` is in the context.
  public func decide(_ c: MailContext) -> Finding {
    // By number: to walk through the list counts a reference to it.
    var i = 0
    while i < questions.count {
      if !c.matched.isEmpty { c.matched.removeAll() }
      let finding = questions[i](c)
      if finding.reason != nil { return finding }
      i += 1
    }
    if !c.matched.isEmpty { c.matched.removeAll() }
    return .pass
  }
}

enum OwnerRules {
  static let all = [
    MailRule(
      step: 2, name: "owner", reasons: [.userUnknown, .userNoAccess, .userPaused, .userRemoved],
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
    MailRule(
      step: 3, name: "switches",
      reasons: [.syncDisabledAll, .syncDisabled, .directionDisabled],
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
    MailRule(
      step: 4, name: "folder", reasons: [.folderNotSynced, .deletedInMailbox],
      ask: { c in
        if c.folder == .notSynced {
          c.matched.append(string: c.folderName)
          return .drop(.folderNotSynced, by: "email.folders")
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
    MailRule(
      step: 5, name: "time", reasons: [.outsideWindow, .beforeConnected],
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
  static let rule = MailRule(
    step: 7, name: "internal", reasons: [.internal],
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
