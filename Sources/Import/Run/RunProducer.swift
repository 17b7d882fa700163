import Mailboxes
import Rules

/// What a worker is given: a batch of mail, or a calendar.
enum RunWork: Sendable {
  case mail(MailWork)
  case calendar(CalendarSource)

  /// Bytes of input that are held in memory.
  var weight: Int {
    switch self {
    case .mail(let work): work.weight
    case .calendar: 0
    }
  }
}

/// What came of it.
enum RunResult: Sendable {
  case mail(BatchResult)
  case calendar(CalendarResult)
}

/// Goes through the sources of a run in their order: gives out the batches of mail, and each
/// calendar as a whole where its turn comes. Used by one thread at a time.
final class RunProducer: @unchecked Sendable {
  private let sources: [ResolvedSource]
  private let plan: MeetingPlan
  private let memory: SourceMemory?
  private let pool = BatchPool()
  private var position = 0
  private var mail: MailProducer?
  /// What reading each source found, empty for calendars; complete when ``next()`` has returned
  /// nil.
  private(set) var summaries: [MailboxSummary] = []

  /// - Parameter memory: What earlier runs read, in a run with a ledger.
  init(sources: [ResolvedSource], plan: MeetingPlan, memory: SourceMemory?) {
    self.sources = sources
    self.plan = plan
    self.memory = memory
  }

  /// The next piece of work, or nil at the end of the last source.
  func next() -> RunWork? {
    while position < sources.count {
      let source = sources[position]
      if source.role != nil {
        let number = position
        position += 1
        summaries.append(MailboxSummary())
        return .calendar(
          CalendarSource(
            number: number, source: source, span: MeetingSpan(plan.user(source.user).window)))
      }
      let producer = mail ?? open(source)
      mail = producer
      if let work = producer.next() { return .mail(work) }
      summaries += producer.summaries
      mail = nil
      position += 1
    }
    return nil
  }

  private func open(_ source: ResolvedSource) -> MailProducer {
    let mail = MailboxContext(source, number: position, remembers: memory != nil)
    return MailProducer(sources: [(source, mail)], first: position, memory: memory, pool: pool)
  }
}
