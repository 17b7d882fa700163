import Bytes
import Glibc
import Ledger
import Mailboxes
import Records
import Rules

/// One run's moving parts: plan, pipeline, merge.
struct RunJob {
  let options: ImportOptions
  let setup: RunSetup
  let sources: SourceResolver.Result
  let staging: Staging?
  /// The run's ledger; nil for a run that stands alone.
  var book: LedgerBook?

  /// Told of every decision on mail; for `explain`.
  var observer: RunMerge.Observer?

  /// Told of every decision on calendars; for `explain`.
  var meetingObserver: MeetingMerge.Observer?

  /// Reads, decides and merges everything; with a staging folder writes all files but run.json.
  func run() throws -> RunReport {
    let config = setup.config
    let meetings = makeMeetingPlan()
    book?.note(guessedUsers: sources.guessedUsers)
    let sourceMemory = try book.map {
      try SourceMemory(book: $0, sources: sources.sources, retried: options.retried)
    }
    let showsText = config.output.privacy == .full
    let memory = try book.flatMap { book in
      try sourceMemory.map {
        try MailMemory(
          book: book, sources: $0, users: meetings.users.map(\.id), showsText: showsText)
      }
    }
    let knowsLeads = memory?.knowsLeads ?? false
    let runPlan = makePlan(meetings: meetings, knowsLeads: knowsLeads)
    let jobs = max(1, options.jobs ?? Processors.count)
    let plans = WorkerPlans(
      [runPlan]
        + (1..<jobs).map { _ in
          makePlan(meetings: meetings, knowsLeads: knowsLeads, shared: runPlan.shared)
        })
    let plan = runPlan.mail
    let counts = RunCounts()
    let paths = PathTable()
    let leads = try LeadRecords(
      folder: staging?.path, formats: setup.formats, plan: plan,
      meetingSource: config.calendar.inboundTaskType,
      guarded: config.output.csvFormulaGuard, pseudonyms: setup.makePseudonyms())
    let merge = try RunMerge(
      folder: staging?.path, formats: setup.formats,
      waits: plan.capturesAnywhere || !runPlan.inviteUsers.isEmpty
        || CalendarJob.waits(sources.sources, meetings),
      counts: counts, paths: paths, leads: leads)
    let invites =
      runPlan.inviteUsers.isEmpty
      ? nil : try InviteStore(folder: staging?.path, paths: paths)
    merge.invites = invites
    defer { merge.letGo() }
    merge.observer = observer
    merge.memory = memory
    let zone = TimePoint.zone(named: config.organization.timeZone)
    let records = try TaskRecords(folder: staging?.path, formats: setup.formats)
    let meetingMerge = MeetingMerge(
      plan: meetings, run: runPlan, sources: sources.sources, captured: merge.captured,
      decisions: merge.decisions, records: records, localZone: zone)
    meetingMerge.observer = meetingObserver
    if let book, let memory {
      meetingMerge.memory = MeetingMemory(book: book, mail: memory, showsText: showsText)
      meetingMerge.isEarlierLead = { try memory.isLead($0) }
    }
    let calendars = CalendarJob(
      sources: sources.sources, invites: invites, merge: meetingMerge, plan: meetings,
      localZone: zone)
    merge.settleCalendar = { try calendars.settle($0) }
    if invites == nil { try calendars.noteVersions() }
    merge.prepareSettling = { position in
      if invites != nil {
        try calendars.addInvites(position: position)
        try calendars.noteVersions()
      }
      try calendars.noteShared()
    }
    var backfill = Backfill.Result()
    merge.settleRest = {
      try calendars.settleInvites()
      guard let book, let sourceMemory else { return }
      let again = Backfill(
        book: book, sources: sourceMemory, resolved: sources.sources, paths: paths, run: runPlan)
      backfill = try again.read(newLeads(merge.captured, book)) { try merge.takeAgain($0) }
      if backfill.isOpen { book.leaveBackfillOpen() }
    }

    let mail = MailJob(
      sources: sources.sources, paths: paths, plans: plans, shared: runPlan.shared, jobs: jobs,
      memory: sourceMemory,
      progress: Progress(
        mode: options.progress, quiet: options.isQuiet,
        total: sources.sources.reduce(0) { $0 + $1.found.size }))
    try mail.run(
      take: { try merge.take($0) }, counts: counts,
      calendar: { number in
        try merge.takeCalendar(number) { try calendars.collect(number, position: $0) }
      })
    try RunSetup.refuse(faults(of: mail.summaries, sourceMemory), options)
    let written = try merge.settle()
    try RunSetup.refuse(calendars.faults, options)
    if calendars.faults.isEmpty, options.user == nil {
      try meetingMerge.settleMissing(
        Set(sources.sources.filter { $0.role != nil && $0.role != .conflict }.map(\.user)))
    }
    let outbound = try writeOutbound(meetings, meetingMerge, merge.decisions)
    try records.finish(sync: true)
    try merge.close(sync: true)
    try clearAttachments(merge.namedAttachments)
    var report = RunReport(
      counts: counts, setup: setup, sources: sources,
      summaries: mail.summaries.enumerated().map { calendars.summaries[$0.offset] ?? $0.element })
    try sourceMemory?.finish(sources.sources, mail.summaries)
    for (owner, time) in meetingMerge.lastEvents {
      try meetingMerge.memory?.setLastEvent(owner, time)
    }
    report.unread = (sourceMemory?.unread ?? 0) - backfill.mails
    report.backfill = backfill
    report.notes = book?.notes ?? []
    report.hasLedger = book != nil
    report.activities = written.activities
    report.leads = written.leads
    report.tasks = records.taskCount
    report.blocks = records.blockCount
    report.outbound = outbound
    report.bytes = mail.bytes
    report.newSources = leads.sources.sorted()
    report.reusedMessageIDs = merge.reusedMessageIDs
    report.domains = merge.domains ?? [:]
    report.hashesInputs = options.hashesInputs
    report.cutSeries = meetingMerge.cutSeries
    report.lastEvents = meetingMerge.lastEvents
    report.missing = meetingMerge.missing
    report.eventWarnings =
      calendars.faults.map { "left out from there on: \($0)" } + calendars.warnings
      + meetingMerge.warnings + outbound.warnings
    return report
  }

  // features.md CS-6.2: CRM tasks go out where the direction, or `busy-only`, says so.
  private func writeOutbound(
    _ plan: MeetingPlan, _ merge: MeetingMerge, _ decisions: DecisionLines
  ) throws -> OutboundTasks.Result {
    guard plan.writesTasks, !setup.tasks.isEmpty else { return OutboundTasks.Result() }
    var outbound = OutboundTasks(
      plan: plan, tasks: setup.tasks, folder: setup.folder, user: options.user)
    outbound.imported = merge.importedTasks
    outbound.returned = merge.returned
    return try outbound.write(into: staging?.file("outbound"), decisions: decisions)
  }

  // What turned out unreadable, or no mail, only when it was read.
  private func faults(of summaries: [MailboxSummary], _ memory: SourceMemory?) -> [String] {
    var list: [String] = []
    for (i, (source, summary)) in zip(sources.sources, summaries).enumerated()
    where source.role == nil {
      // Replaced since it was looked at: the next run reads it from its beginning.
      let isResumed = if case .from? = memory?.start(i) { true } else { false }
      if let e = summary.error,
        e.isUnreadable || (e.kind == .notMail && source.found.isNamed && !isResumed)
      {
        list.append("\(source.display): \(e.reason)")
      }
      for e in summary.fileErrors where e.isUnreadable {
        list.append("\(Plain.line(e.path.withByteView(\.string))): \(e.reason)")
      }
    }
    return list
  }

  // What only dropped copies named is not part of the result.
  private func clearAttachments(_ named: DigestSet) throws {
    guard let staging else { return }
    let root = staging.file("attachments")
    for shard in Paths.entries(of: root) {
      let folder = Paths.join(root, shard)
      for name in Paths.entries(of: folder) {
        // Names begin with the digest.
        let isNamed = UInt64(name.prefix(16), radix: 16).map { named.contains($0) } ?? false
        if !isNamed { unlink(Paths.join(folder, name)) }
      }
      rmdir(folder)
    }
    rmdir(root)
    rmdir(staging.file("quarantine"))
  }

  /// The addresses that may be leads since this run: those it captures; where the CRM's list is
  /// another one all of that; where an earlier run could not look everywhere all leads.
  private func newLeads(_ captured: CapturedLeads, _ book: LedgerBook) throws -> [AddressHash] {
    var list: [AddressHash] = []
    captured.forEachAddress { list.append(AddressHash(address: $0)) }
    if book.leadChange == .unfinished {
      try book.reader.forEachLead { lead in
        list.append(lead.address.withByteView { AddressHash(address: $0) })
        return true
      }
    }
    if book.leadChange == .changed || book.leadChange == .unfinished {
      let pseudonyms = setup.makePseudonyms()
      setup.leads.forEachAddress { key in
        list.append(AddressHash(address: pseudonyms?.address(key) ?? key))
        pseudonyms?.forget()
      }
    }
    return list
  }

  private func inviteUsers(_ plan: MeetingPlan) -> Set<Int> {
    Set(plan.users.indices.filter { plan.users[$0].calendar.invitesInMail })
  }

  private var window: TimeWindow {
    let zone = setup.config.organization.timeZone
    return TimeWindow(from: options.from?.start(zone: zone), to: options.to?.end(zone: zone))
  }

  /// What the rules for calendars ask.
  func makeMeetingPlan() -> MeetingPlan {
    MeetingPlanBuilder.plan(
      setup.config, users: setup.users(with: sources.guessedUsers), now: now, window: window)
  }

  /// `--now`, or when the run began; seconds since 1970.
  var now: Int64 {
    options.now?.start(zone: setup.config.organization.timeZone) ?? setup.started
  }

  /// What the workers ask.
  func makePlan(
    meetings: MeetingPlan, knowsLeads: Bool = false, shared: RunShared = RunShared()
  ) -> RunPlan {
    let config = setup.config
    let users = setup.users(with: sources.guessedUsers)
    let plan = PlanBuilder.mailPlan(
      config, users: users, window: window,
      meetingsMakeLeads: meetings.createsLeads
        && sources.sources.contains { $0.role != nil && $0.role != .conflict })
    return RunPlan(
      mail: plan, leads: setup.leads, onMultiple: config.leads.onMultiple,
      formats: setup.formats,
      guardsFormulas: config.output.csvFormulaGuard,
      stagingFolder: staging?.path,
      inboundFilter: PlanBuilder.filter(config.email.inbound.activity.attachmentTypes),
      outboundFilter: PlanBuilder.filter(config.email.outbound.activity.attachmentTypes),
      inviteUsers: inviteUsers(meetings), remembers: book != nil, knowsOtherLeads: knowsLeads,
      privacy: config.output.privacy, pseudonymSecret: setup.pseudonymSecret,
      shared: shared)
  }
}
