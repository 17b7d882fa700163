import Bytes
import Glibc
import Ledger
import Mailboxes
import Records
import Rules

/// One run: what it is made of, what its workers ask, and its steps.
package struct RunJob {
  let options: ImportOptions
  let setup: RunSetup
  let sources: SourceResolver.Result
  let staging: Staging?
  /// The run's ledger; nil for a run that stands alone.
  var book: LedgerBook?

  /// Where attachments go in a run that only gives facts; nil where they are not stored.
  var factStore: String?

  /// Told of every decision.
  var observer: (any DecisionObserver)?

  /// A run; without a staging folder it writes nothing.
  package init(
    options: ImportOptions, setup: RunSetup, sources: SourceResolver.Result, staging: Staging?,
    book: LedgerBook? = nil, observer: (any DecisionObserver)? = nil
  ) {
    self.options = options
    self.setup = setup
    self.sources = sources
    self.staging = staging
    self.book = book
    self.observer = observer
  }

  /// Reads, decides and merges everything; with a staging folder writes all files but run.json.
  func run() throws -> RunReport {
    let steps = try RunSteps(self)
    try steps.read()
    try steps.settle()
    return try steps.write()
  }

  private func invites(_ plan: MeetingPlan) -> InvitePlan? {
    let users = plan.users.indices.filter { plan.users[$0].calendar.invitesInMail }
    if users.isEmpty { return nil }
    return InvitePlan(
      spans: Dictionary(
        uniqueKeysWithValues: users.map { ($0, MeetingSpan(plan.user($0).window)) }),
      localZone: TimePoint.zone(named: setup.config.organization.timeZone),
      createsLeads: plan.createsLeads)
  }

  private var window: TimeWindow {
    let zone = setup.config.organization.timeZone
    return TimeWindow(from: options.from?.start(zone: zone), to: options.to?.end(zone: zone))
  }

  /// What the rules for calendars ask.
  package func makeMeetingPlan() -> MeetingPlan {
    MeetingPlanBuilder.plan(
      setup.config, users: setup.users(with: sources.guessedUsers), now: now, window: window)
  }

  /// `--now`, or when the run began; seconds since 1970.
  var now: Int64 {
    options.now?.start(zone: setup.config.organization.timeZone) ?? setup.started
  }

  /// What the workers ask. Nothing is rendered ahead where something is only known once every item
  /// was read: leads that this run captures, what came with mail, who keeps a meeting that several
  /// owners have, which version of it counts.
  ///
  /// - Parameters:
  ///   - knowsLeads: Earlier runs made leads.
  ///   - isPart: The run reads a part of the sources, whatever the others hold.
  package func makePlan(
    meetings: MeetingPlan, knowsLeads: Bool = false, isPart: Bool = false,
    shared: RunShared = RunShared()
  ) -> RunPlan {
    let config = setup.config
    let users = setup.users(with: sources.guessedUsers)
    let plan = PlanBuilder.mailPlan(
      config, users: users, window: window,
      meetingsMakeLeads: meetings.createsLeads
        && (isPart || sources.sources.contains { $0.role != nil && $0.role != .conflict }))
    let invites = invites(meetings)
    let waitsForLeads =
      isPart || plan.capturesAnywhere || invites != nil
      || CalendarJob.waitsForShared(sources.sources, meetings)
    return RunPlan(
      mail: plan, leads: setup.leads, onMultiple: config.leads.onMultiple,
      formats: setup.formats,
      guardsFormulas: config.output.csvFormulaGuard,
      places: RunPlan.Places(
        staging: staging?.path,
        attachments: factStore ?? staging?.file(AttachmentStore.folder), isShared: factStore != nil,
        keepsUnread: isPart || staging != nil),
      inboundFilter: PlanBuilder.filter(config.email.inbound.activity.attachmentTypes),
      outboundFilter: PlanBuilder.filter(config.email.outbound.activity.attachmentTypes),
      invites: invites, remembers: book != nil,
      waits: waitsForLeads
        ? .forLeads : CalendarJob.waitsForVersions(sources.sources) ? .forVersions : .never,
      knowsOtherLeads: knowsLeads,
      privacy: config.output.privacy, pseudonymSecret: setup.pseudonymSecret,
      shared: shared)
  }
}
