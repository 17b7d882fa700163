/// A rule of steps 1 to 9 for mail.
public typealias MailRule = Rule<MailContext, MailPlan>
/// The rules of steps 1 to 9 for mail.
public typealias MailRuleBook = RuleBook<MailContext, MailPlan>
/// A rule of steps 10 and 11 for mail.
public typealias MailSettleRule = Rule<MailSettlement, MailSettlement.Plan>
/// The rules of steps 10 and 11 for mail.
public typealias MailSettleRuleBook = RuleBook<MailSettlement, MailSettlement.Plan>
/// A rule for events that asks one event alone.
public typealias MeetingRule = Rule<MeetingContext, MeetingPlan>
/// The rules for events that ask one event alone.
public typealias MeetingRuleBook = RuleBook<MeetingContext, MeetingPlan>
/// A rule for events that asks what the run or its ledger know.
package typealias MeetingSettleRule = Rule<MeetingSettlement, MeetingPlan>
/// The rules for events that ask what the run or its ledger know.
package typealias MeetingSettleRuleBook = RuleBook<MeetingSettlement, MeetingPlan>
/// A rule for the CRM's tasks.
public typealias TaskRule = Rule<TaskContext, MeetingPlan>
/// The rules for the CRM's tasks.
public typealias TaskRuleBook = RuleBook<TaskContext, MeetingPlan>
