/// The rules for mail.
public enum MailRules {
  /// The rules of steps 1 to 9, which look at one mail alone.
  public static let book = MailRuleBook([
    ParseRule.rule, OwnerRule.rule, SwitchRule.rule, FolderRule.rule, TimeRule.rule,
    ClassRules.bulk, ClassRules.automatic, ClassRules.noReply, ClassRules.unauthenticated,
    InternalRule.rule, ExclusionRule.rule, KeywordRule.rule,
  ])

  /// The rules of steps 10 and 11, which need the other mail of the run: asked in source order
  /// about what passed ``book``. The last of them always gives a reason.
  public static let settling = MailSettleRuleBook([
    DuplicateRules.copy, DuplicateRules.published, LeadMatchRule.rule,
  ])

  /// True when a meeting that came with a mail is read, whatever becomes of the mail itself: it
  /// could be read, its owner is known and its folder is synced.
  public static func letsInvitationsIn(_ finding: Finding) -> Bool {
    switch finding.reason {
    case .quarantined, .userUnknown, .folderNotSynced, .deletedInMailbox: false
    default: true
    }
  }

  /// Decides one mail under one plan, as far as the mail alone tells: the first reason that steps 1
  /// to 9 give, or a pass to steps 10 and 11 (``settling``).
  ///
  /// The facts are not changed, so any number of plans can judge them, in any order. Who decides
  /// many mails makes one ``MailContext`` and asks ``book`` narrowed to the plan
  /// (``RuleBook/asked(under:)``): the same verdicts, without the objects that this makes.
  public static func decide(_ facts: MailFacts, under plan: MailPlan) -> Finding {
    let context = MailContext(plan: plan, facts: facts)
    context.begin()
    return book.decide(context)
  }
}
