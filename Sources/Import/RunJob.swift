import Bytes
import Glibc
import Mailboxes
import Records
import Rules

/// One run's moving parts: plan, pipeline, merge.
struct RunJob {
  let options: ImportOptions
  let setup: RunSetup
  let sources: SourceResolver.Result
  let staging: Staging?

  /// Told of every decision on mail; for `explain`.
  var observer: RunMerge.Observer?

  /// Reads, decides and merges everything; with a staging folder writes all files but run.json.
  func run() throws -> RunReport {
    let config = setup.config
    let runPlan = makePlan()
    let jobs = max(1, options.jobs ?? Processors.count)
    let plans = WorkerPlans(
      [runPlan] + (1..<jobs).map { _ in makePlan(shared: runPlan.shared) })
    let plan = runPlan.mail
    let counts = RunCounts()
    let paths = PathTable()
    let mail = sources.sources.map { source in
      (resolved: source, mail: MailSource(source, file: paths.add([source.display])))
    }
    let leads = try LeadRecords(
      folder: staging?.path, formats: setup.formats, plan: plan,
      meetingSource: config.calendar.inboundTaskType,
      guarded: config.output.csvFormulaGuard, pseudonyms: setup.makePseudonyms())
    let merge = try RunMerge(
      folder: staging?.path, formats: setup.formats, waits: plan.capturesAnywhere,
      counts: counts, paths: paths, leads: leads)
    merge.observer = observer
    let producer = MailProducer(sources: mail, paths: paths)
    let total = mail.reduce(0) { $0 + $1.resolved.found.size }
    let progress = Progress(mode: options.progress, quiet: options.isQuiet, total: total)
    var bytes = 0
    try OrderedPipeline<MailWork, BatchResult>.run(
      jobs: jobs,
      // A mail may take four times its bytes while it is worked on: one of 60 MB goes alone.
      budget: 32 << 20, weigh: { $0.weight },
      produce: { producer.next() },
      makeWorker: {
        let worker = MailWorker(run: plans.next())
        return { work in
          let result = worker.process(work)
          work.batch.recycle()
          return result
        }
      },
      consume: { result in
        if let failure = result.failure { throw failure }
        bytes += result.bytes
        try merge.take(result.facts.view)
        runPlan.shared.results.put(result)
        progress.update(bytes: bytes, counts: counts)
      })
    progress.end()
    try RunSetup.refuse(faults(of: producer.summaries), options)
    let written = try merge.finish(sync: true)
    try clearAttachments(merge.namedAttachments)
    // Always there, empty when there is nothing (contract section 5).
    for (name, columns) in [("blocks", EventColumns.block), ("tasks", EventColumns.task)] {
      guard let staging else { break }
      try RecordFiles(folder: staging.path, name: name, formats: setup.formats, columns: columns)
        .close(sync: true)
    }
    var report = RunReport(
      counts: counts, setup: setup, sources: sources, summaries: producer.summaries)
    report.activities = written.activities
    report.leads = written.leads
    report.bytes = bytes
    report.newSources = leads.sources.sorted()
    report.reusedMessageIDs = merge.reusedMessageIDs
    report.domains = merge.domains ?? [:]
    report.hashesInputs = options.hashesInputs
    return report
  }

  // What turned out unreadable, or no mail, only when it was read.
  private func faults(of summaries: [MailboxSummary]) -> [String] {
    var list: [String] = []
    for (source, summary) in zip(sources.sources, summaries) {
      if let e = summary.error, e.isUnreadable || (e.kind == .notMail && source.found.isNamed) {
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

  /// What the workers ask.
  func makePlan(shared: RunShared = RunShared()) -> RunPlan {
    let config = setup.config
    let users = setup.users(with: sources.guessedUsers)
    let zone = config.organization.timeZone
    let window = TimeWindow(
      from: options.from?.start(zone: zone), to: options.to?.end(zone: zone))
    let plan = PlanBuilder.mailPlan(config, users: users, window: window)
    return RunPlan(
      mail: plan, leads: setup.leads, onMultiple: config.leads.onMultiple,
      formats: setup.formats,
      guardsFormulas: config.output.csvFormulaGuard, folders: FolderPlan(config.email.folders),
      stagingFolder: staging?.path,
      inboundFilter: PlanBuilder.filter(config.email.inbound.activity.attachmentTypes),
      outboundFilter: PlanBuilder.filter(config.email.outbound.activity.attachmentTypes),
      privacy: config.output.privacy, pseudonymSecret: setup.pseudonymSecret,
      shared: shared)
  }
}
