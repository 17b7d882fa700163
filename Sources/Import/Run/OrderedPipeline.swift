import CPlatform
import Glibc

/// One producer at a time, N workers, results taken in the order of production.
///
/// No thread is set apart for any of this. Production is sequential by nature (a splitter): the
/// worker that runs out of work produces the next item and, unless somebody waits for it, works on
/// it itself, while its bytes are in the processor's cache. The calling thread is a worker, too,
/// and the only one that takes results: whenever the next one in order is there, before any other
/// work. At most `window` items are under way, and nothing is produced while they weigh `budget` or
/// more: so memory is bounded by them and not by the input. Which thread did what does not show in
/// the results. An idle worker spins for a few microseconds before it sleeps.
package final class OrderedPipeline<Input: Sendable, Output: Sendable>: @unchecked Sendable {
  private typealias Item = (ticket: Int, input: Input)

  private let gate = Gate()
  private let window: Int
  private let budget: Int
  /// Stored because the pipeline knows nothing of what goes through it.
  private let weigh: (Input) -> Int
  private var queue: [Item] = []
  private var results: [Int: (output: Output, weight: Int)] = [:]
  private var weightUnderWay = 0
  private var produced = 0
  private var consumed = 0
  private var idleWorkers = 0
  private var isCallerIdle = false
  private var isProducing = false
  private var isProductionOver = false
  private var isCancelled = false
  private var failure: (any Error)?

  private init(window: Int, budget: Int, weigh: @escaping (Input) -> Int) {
    self.window = window
    self.budget = budget
    self.weigh = weigh
  }

  /// Runs the whole pipeline. With one job everything happens on the calling thread.
  ///
  /// - Parameters:
  ///   - jobs: Number of workers, at least 1, the calling thread among them.
  ///   - budget: Weight under way at which production waits.
  ///   - weigh: An item's weight.
  ///   - produce: Gives the next item, nil at the end. Called by one thread at a time, not always
  ///     the same.
  ///   - makeWorker: Makes one worker's function; called once per worker on its thread.
  ///   - consume: Takes the results in order, on the calling thread.
  /// - Throws: What `produce` or `consume` threw first.
  package static func run(
    jobs: Int, budget: Int = .max, weigh: @escaping (Input) -> Int = { _ in 0 },
    produce: @escaping @Sendable () throws -> Input?,
    makeWorker: @escaping @Sendable () -> (Input) -> Output, consume: (Output) throws -> Void
  ) throws {
    let work = makeWorker()
    if jobs <= 1 {
      while let input = try produce() { try consume(work(input)) }
      return
    }
    let pipeline = OrderedPipeline(window: jobs * 16 + 16, budget: budget, weigh: weigh)
    let others = (1..<jobs).map { _ in
      WorkerThread { pipeline.help(produce, makeWorker()) }
    }
    defer {
      pipeline.cancel()
      for w in others { w.join() }
    }
    try pipeline.lead(produce, work, consume)
  }

  // MARK: - Threads

  // The calling thread: takes results in order, works while there is none to take.
  private func lead(
    _ produce: () throws -> Input?, _ work: (Input) -> Output, _ consume: (Output) throws -> Void
  ) throws {
    gate.lock()
    defer { gate.unlock() }
    var patience = Gate.patience
    while true {
      if let result = results.removeValue(forKey: consumed) {
        patience = Gate.patience
        let wasFull = isFull
        consumed += 1
        weightUnderWay -= result.weight
        // Workers that could not produce; one of them wakes the others.
        if wasFull, idleWorkers > 0 { gate.wakeWorker() }
        gate.unlock()
        defer { gate.lock() }
        try consume(result.output)
      } else if isProductionOver, consumed == produced {
        if let failure { throw failure }
        return
      } else if let item = nextItem(produce) {
        patience = Gate.patience
        finish(item, work)
      } else if results[consumed] == nil, !isProductionOver || consumed < produced {
        if gate.lingers(&patience) { continue }
        isCallerIdle = true
        gate.waitAsCaller()
        isCallerIdle = false
      }
    }
  }

  private func help(_ produce: () throws -> Input?, _ work: (Input) -> Output) {
    gate.lock()
    defer { gate.unlock() }
    var patience = Gate.patience
    while !isCancelled {
      if let item = nextItem(produce) {
        patience = Gate.patience
        finish(item, work)
      } else if isProductionOver || isCancelled {
        // Cancelled while it was producing: nobody wakes it any more.
        return
      } else if !gate.lingers(&patience) {
        idleWorkers += 1
        gate.waitAsWorker()
        idleWorkers -= 1
      }
    }
  }

  // MARK: - Steps; called with the gate locked, which is open while they work

  private var isFull: Bool { produced - consumed >= window || weightUnderWay >= budget }

  private func finish(_ item: Item, _ work: (Input) -> Output) {
    gate.unlock()
    let weight = weigh(item.input)
    let output = work(item.input)
    gate.lock()
    results[item.ticket] = (output, weight)
    if isCallerIdle, item.ticket == consumed { gate.wakeCaller() }
  }

  // An item from the queue, or one made here; nil when there is none to have now.
  private func nextItem(_ produce: () throws -> Input?) -> Item? {
    var staysProducer = false
    while !isCancelled {
      let mayProduce = !isProductionOver && !isProducing && !isFull
      if !queue.isEmpty, !(mayProduce && staysProducer) { return queue.removeFirst() }
      guard mayProduce else { return nil }
      guard let item = produceOne(produce) else { continue }
      if idleWorkers + (isCallerIdle ? 1 : 0) <= queue.count { return item }
      // Somebody waits: production is the bottleneck, and this thread stays with it.
      staysProducer = true
      queue.append(item)
      if isCallerIdle { gate.wakeCaller() } else { gate.wakeWorker() }
    }
    return nil
  }

  private func produceOne(_ produce: () throws -> Input?) -> Item? {
    isProducing = true
    gate.unlock()
    let made = Result { try produce() }
    gate.lock()
    isProducing = false
    if case .success(let input?) = made {
      produced += 1
      weightUnderWay += weigh(input)
      return (produced - 1, input)
    }
    if case .failure(let error) = made { failure = error }
    isProductionOver = true
    gate.wakeAllWorkers()
    gate.wakeCaller()
    return nil
  }

  private func cancel() {
    gate.lock()
    isCancelled = true
    gate.wakeAllWorkers()
    gate.unlock()
  }
}

/// A mutex with two conditions: workers wait for items, the calling thread for items and results.
private final class Gate: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let conditions = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 2)

  init() {
    mutex.initialize(to: pthread_mutex_t())
    conditions.initialize(repeating: pthread_cond_t(), count: 2)
    pthread_mutex_init(mutex, nil)
    for i in 0..<2 { pthread_cond_init(conditions + i, nil) }
  }

  deinit {
    for i in 0..<2 { pthread_cond_destroy(conditions + i) }
    pthread_mutex_destroy(mutex)
    conditions.deallocate()
    mutex.deallocate()
  }

  /// How often a thread looks again before it lies down, about a microsecond apart: longer than
  /// another needs to produce an item of the usual size. To be woken takes several times as long,
  /// and time of the one who wakes, above all on virtual machines.
  static let patience = 64

  /// Opens the gate for a moment; false when patience is at its end.
  func lingers(_ patience: inout Int) -> Bool {
    guard patience > 0 else { return false }
    patience -= 1
    unlock()
    cplatform_moment()
    lock()
    return true
  }

  func lock() { pthread_mutex_lock(mutex) }
  func unlock() { pthread_mutex_unlock(mutex) }
  func waitAsWorker() { pthread_cond_wait(conditions, mutex) }
  func waitAsCaller() { pthread_cond_wait(conditions + 1, mutex) }
  func wakeWorker() { pthread_cond_signal(conditions) }
  func wakeAllWorkers() { pthread_cond_broadcast(conditions) }
  func wakeCaller() { pthread_cond_signal(conditions + 1) }
}
