import Bytes
import Mailboxes
import Rules

/// Reads the mail of a run through the pipeline, in source order; calendars among the sources are
/// given to the caller where their turn comes.
final class MailJob {
  private let sources: [ResolvedSource]
  private let paths: PathTable
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
    sources: [ResolvedSource], paths: PathTable, plans: WorkerPlans, shared: RunShared, jobs: Int,
    memory: SourceMemory? = nil, progress: Progress
  ) {
    self.sources = sources
    self.paths = paths
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
  ///   - calendar: Takes the number of a calendar among the sources.
  func run(
    take: (ByteView) throws -> Void, counts: RunCounts, calendar: (Int) throws -> Void
  ) throws {
    var i = 0
    while i < sources.count {
      if sources[i].role != nil {
        try calendar(i)
        bytes += sources[i].found.size
        progress.update(bytes: bytes, counts: counts)
        summaries.append(MailboxSummary())
        i += 1
        continue
      }
      let first = i
      while i < sources.count, sources[i].role == nil { i += 1 }
      try readMail(first..<i, take: take, counts: counts)
    }
    progress.end()
  }

  private func readMail(
    _ range: Range<Int>, take: (ByteView) throws -> Void, counts: RunCounts
  ) throws {
    let mail = range.map { i in
      (
        resolved: sources[i],
        mail: MailSource(
          sources[i], file: paths.add([sources[i].display]), number: i,
          remembers: memory != nil)
      )
    }
    let producer = MailProducer(
      sources: mail, first: range.lowerBound, memory: memory, paths: paths)
    let plans = plans
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
        try take(result.facts.view)
        shared.results.put(result)
        progress.update(bytes: bytes, counts: counts)
      })
    summaries += producer.summaries
  }
}
