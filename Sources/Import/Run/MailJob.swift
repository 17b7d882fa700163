import Bytes
import Mailboxes
import Rules

/// Reads the sources of a run through the pipeline: what mails and calendars say comes out in source
/// order.
final class MailJob {
  private let sources: [ResolvedSource]
  private let plans: WorkerPlans
  private let shared: RunShared
  private let jobs: Int
  private let memory: SourceMemory?
  private let progress: Progress
  /// What reading each source found; empty for calendars.
  private(set) var summaries: [MailboxSummary] = []
  /// Bytes read.
  private(set) var bytes = 0

  init(
    sources: [ResolvedSource], plans: WorkerPlans, shared: RunShared, jobs: Int,
    memory: SourceMemory? = nil, progress: Progress
  ) {
    self.sources = sources
    self.plans = plans
    self.shared = shared
    self.jobs = jobs
    self.memory = memory
    self.progress = progress
  }

  /// Runs over all sources.
  ///
  /// - Parameters:
  ///   - take: Takes the facts of a batch, on the calling thread and in order.
  ///   - calendars: Reads calendars.
  ///   - calendar: Takes what was read of a calendar, likewise.
  func run(
    take: (ByteView) throws -> Void, counts: DecisionCounts, calendars: CalendarReading,
    calendar: (CalendarResult) throws -> Void
  ) throws {
    let producer = RunProducer(sources: sources, plan: calendars.plan, memory: memory)
    let plans = plans
    try OrderedPipeline<RunWork, RunResult>.run(
      jobs: jobs,
      // A mail may take four times its bytes while it is worked on: one of 60 MB goes alone.
      budget: 32 << 20, weigh: { $0.weight },
      produce: { producer.next() },
      makeWorker: {
        let plan = plans.next()
        let mail = MailWorker(run: plan)
        var reader: CalendarWorker?
        return { work in
          switch work {
          case .mail(let work):
            let result = mail.process(work)
            work.batch.recycle()
            return .mail(result)
          case .calendar(let source):
            let worker = reader ?? calendars.makeWorker(plan)
            reader = worker
            return .calendar(worker.process(source))
          }
        }
      },
      consume: { result in
        switch result {
        case .mail(let result):
          if let failure = result.failure { throw failure }
          bytes += result.bytes
          try take(result.facts.view)
          shared.results.put(result)
        case .calendar(let result):
          try calendar(result)
          bytes += result.source.source.found.size
        }
        progress.update(bytes: bytes, counts: counts)
      })
    summaries = producer.summaries
    progress.end()
  }
}
