import Bytes
import Mailboxes
import Rules

/// Reads the sources of a run through the pipeline: what mails and calendars say comes out in
/// source order.
final class MailJob {
  private let sources: [ResolvedSource]
  private let plans: WorkerPlans
  private let shared: RunShared
  private let jobs: Int
  private let memory: SourceMemory?
  private let progress: Progress
  // Of facts that go out as lines; nil where they are merged here.
  private let header: FactHeader?
  /// What reading each source found; empty for calendars.
  private(set) var summaries: [MailboxSummary] = []
  /// Bytes read.
  private(set) var bytes = 0

  init(
    sources: [ResolvedSource], plans: WorkerPlans, shared: RunShared, jobs: Int,
    memory: SourceMemory? = nil, progress: Progress, header: FactHeader? = nil
  ) {
    self.header = header
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
  ///   - take: Takes what was made of a batch, on the calling thread and in order.
  ///   - calendars: Reads calendars.
  ///   - calendar: Takes what was read of a calendar, likewise.
  func run(
    take: (BatchResult) throws -> Void, counts: DecisionCounts?, calendars: CalendarReading,
    calendar: (CalendarResult) throws -> Void
  ) throws {
    let producer = RunProducer(sources: sources, plan: calendars.plan, memory: memory)
    let plans = plans
    let header = header
    try OrderedPipeline<RunWork, RunResult>.run(
      jobs: jobs,
      // A mail may take four times its bytes while it is worked on: one of 60 MB goes alone.
      budget: 32 << 20, weigh: { $0.weight },
      produce: { producer.next() },
      makeWorker: {
        let plan = plans.next()
        let mail = MailWorker(run: plan)
        let lines = header.map { MailLines($0, plan) }
        var reader: CalendarWorker?
        return { work in
          switch work {
          case .mail(let work):
            let result = mail.process(work)
            lines?.append(result.facts.view, of: work.source, to: result.lines)
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
          try take(result)
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
