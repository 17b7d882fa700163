import Bytes
import Glibc
import Ledger
import Mailboxes
import Records
import Rules

/// One run as its steps, in the order in which they are taken.
final class RunSteps {
  private let job: RunJob
  private let plan: RunPlan
  private let meetings: MeetingPlan
  let counts = DecisionCounts()
  private let paths = PathTable()
  private let memory: RunMemory?
  private let leads: LeadRecords
  let merge: MailMerge
  let records: TaskRecords
  let settler: MeetingSettler
  let calendars: CalendarJob
  private let mail: MailJob
  private var backfill = Backfill.Result()

  /// Makes the parts of a run; with a staging folder its files, too.
  init(_ job: RunJob) throws {
    self.job = job
    let (setup, sources, staging) = (job.setup, job.sources.sources, job.staging?.path)
    let meetings = job.makeMeetingPlan()
    self.meetings = meetings
    memory = try job.book.map { try RunMemory($0, job, meetings) }
    let knowsLeads = memory?.mail.knowsLeads ?? false
    let plan = job.makePlan(meetings: meetings, knowsLeads: knowsLeads)
    self.plan = plan
    let jobs = max(1, job.options.jobs ?? Processors.count)
    let others = (1..<jobs).map { _ in
      job.makePlan(meetings: meetings, knowsLeads: knowsLeads, shared: plan.shared)
    }
    leads = try LeadRecords(
      folder: staging, formats: setup.formats, plan: plan.mail,
      meetingSource: setup.config.calendar.inboundTaskType,
      guarded: setup.config.output.csvFormulaGuard, pseudonyms: setup.makePseudonyms())
    let invites = plan.invites == nil ? nil : try InviteStore(folder: staging)
    merge = try MailMerge(
      folder: staging, plan: plan, counts: counts, paths: paths,
      leads: leads, memory: memory?.mail, invites: invites,
      observer: job.observer)
    let zone = TimePoint.zone(named: setup.config.organization.timeZone)
    records = try TaskRecords(folder: staging, formats: setup.formats)
    settler = MeetingSettler(
      plan: meetings, run: plan, captured: merge.captured, decisions: merge.files.decisions,
      tasks: MeetingTasks(
        plan: meetings, run: plan, records: records, localZone: zone,
        pseudonyms: setup.makePseudonyms(), memory: memory?.meetings),
      memory: memory?.meetings)
    settler.observer = job.observer
    calendars = try CalendarJob(
      sources: sources, invites: invites, settler: settler, plan: meetings, run: plan,
      paths: paths, localZone: zone)
    mail = MailJob(
      sources: sources, plans: WorkerPlans([plan] + others), shared: plan.shared,
      jobs: jobs,
      memory: memory?.sources,
      progress: Progress(
        mode: job.options.talk.progress, quiet: job.options.talk.isQuiet,
        total: sources.reduce(0) { $0 + $1.found.size }))
  }

  /// Reads every source once, decides what can be decided of each item alone, collects the leads
  /// that mail captures, and settles what needs nothing else.
  func read() throws {
    try mail.run(
      take: { try merge.take($0.facts.view) }, counts: counts, calendars: calendars.reading,
      calendar: { result in
        try calendars.take(result)
        let number = result.source.number
        if try merge.passes(calendar: number) { try calendars.settle(number) }
      })
    try RunSources.refuse(faults, job.options)
  }

  /// Settles what had to wait for the leads of the whole run: in source order, then the
  /// invitations that came with mail, then mail of earlier runs whose counterpart is a lead now.
  func settle() throws {
    try calendars.prepare()
    try merge.settleWaiting(calendars)
    try calendars.settleInvites()
    if let memory {
      let again = Backfill(
        book: memory.book, sources: memory.sources, resolved: job.sources.sources, run: plan)
      backfill = try again.read(memory.newLeads(merge.captured, job.setup)) {
        try merge.takeAgain($0)
      }
      if backfill.isOpen { memory.book.leaveBackfillOpen() }
    }
  }

  /// Writes the leads that some record names, meetings that are in no calendar any more, and the
  /// CRM's tasks on their way out; ends the files.
  ///
  /// - Parameter reduced: What was read, where others read it.
  func write(reduced: [SourceFact]? = nil) throws -> RunReport {
    var written = RunReport.Records()
    written.leads = try merge.writeLeads()
    written.activities = merge.tally.activities
    try RunSources.refuse(calendars.faults, job.options)
    if calendars.faults.isEmpty, job.options.user == nil {
      let linked = job.sources.sources.filter { $0.role != nil && $0.role != .conflict }
      try settler.settleMissing(Set(linked.map(\.user)))
    }
    let outbound = try writeOutbound()
    try records.finish(sync: true)
    try merge.close(sync: true)
    try job.staging?.clearAttachments(but: merge.tally.attachments)
    try memory?.sources.finish(job.sources.sources, mail.summaries)
    try settler.keepLastEvents()
    written.tasks = records.taskCount
    written.blocks = records.blockCount
    return report(written, outbound, reduced ?? sourceFacts)
  }

  // CRM tasks go out where the direction, or `busy-only`, says so (CS-6.2).
  private func writeOutbound() throws -> OutboundTasks.Result {
    guard meetings.writesTasks, !job.setup.tasks.isEmpty else { return OutboundTasks.Result() }
    var outbound = OutboundTasks(
      plan: meetings, tasks: job.setup.tasks, folder: job.setup.folder, user: job.options.user)
    outbound.imported = settler.tasks.imported
    outbound.returned = settler.notes.returned
    return try outbound.write(
      into: job.staging?.file("outbound"), decisions: merge.files.decisions)
  }

  private func report(
    _ written: RunReport.Records, _ outbound: OutboundTasks.Result, _ read: [SourceFact]
  ) -> RunReport {
    var report = RunReport(
      counts: counts, setup: job.setup, sources: read,
      sourceWarnings: job.sources.warnings)
    report.ledger = RunReport.LedgerUse(
      isThere: memory != nil, unread: (memory?.sources.unread ?? 0) - backfill.mails,
      backfill: backfill, notes: memory?.book.notes ?? [])
    report.records = written
    report.outbound = outbound
    report.timing.bytes = mail.bytes
    report.newSources = leads.sources.sorted()
    report.reusedMessageIDs = merge.tally.reusedMessageIDs
    for (name, count) in merge.tally.leftOut.counts {
      report.leftOut[name.withByteView(\.string)] = count
    }
    report.sentAs = merge.tally.sentAs.users.map { user, addresses in
      let users = job.setup.users.users
      return RunReport.SentAs(
        user: users.indices.contains(user) ? users[user].id : "",
        isOutbound: job.setup.config.email.sentAs == .outbound, addresses: addresses)
    }
    report.domains = merge.tally.domains ?? [:]
    report.meetings = RunReport.Meetings(
      cutSeries: settler.notes.cutSeries, lastEvents: settler.notes.lastEvents,
      missing: settler.missingCount,
      warnings: calendars.faults.map { "left out from there on: \($0)" } + calendars.warnings
        + settler.notes.warnings + outbound.warnings)
    return report
  }

  private var sourceFacts: [SourceFact] {
    zip(job.sources.sources, mail.summaries).enumerated().map { i, found in
      SourceFact(found.0, calendars.summaries[i] ?? found.1)
    }
  }

  private var faults: [String] {
    RunSources.faults(job.sources.sources, mail.summaries) { i in
      if case .from? = memory?.sources.start(i) { true } else { false }
    }
  }
}

/// What the ledger knows, as the parts of a run ask it.
struct RunMemory {
  let book: LedgerBook
  let sources: SourceMemory
  let mail: MailMemory
  let meetings: MeetingMemory

  init(_ book: LedgerBook, _ job: RunJob, _ plan: MeetingPlan) throws {
    self.book = book
    book.note(guessedUsers: job.sources.guessedUsers)
    let showsText = job.setup.config.output.privacy == .full
    sources = try SourceMemory(
      book: book, sources: job.sources.sources, retried: job.options.memory.retried)
    mail = try MailMemory(
      book: book, sources: sources, users: plan.users.map(\.id), showsText: showsText)
    meetings = MeetingMemory(book: book, mail: mail, showsText: showsText)
  }

  /// The addresses that may be leads since this run: those it captures; where the CRM's list is
  /// another one all of that; where an earlier run could not look everywhere all leads.
  func newLeads(_ captured: CapturedLeads, _ setup: RunSetup) throws -> [AddressHash] {
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
}

extension Staging {
  /// Takes out the attachments that only dropped copies named: they are no part of the result.
  func clearAttachments(but named: DigestSet) throws {
    let root = file("attachments")
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
    rmdir(file("quarantine"))
  }
}
