import Glibc

/// One producer at a time, N workers, results taken in the order of production.
///
/// Production is sequential by nature (a splitter), but no thread is set apart for it: the worker
/// that runs out of work produces the next item and, unless somebody waits for it, works on it
/// itself, while its bytes are in the processor's cache. Results are consumed on the calling
/// thread. At most `window` items are under way, so memory is bounded by them and not by the
/// input. Which worker did what does not show in the results.
final class OrderedPipeline<Input: Sendable, Output: Sendable>: @unchecked Sendable {
  private let gate = Gate()
  private let window: Int
  private var queue: [(ticket: Int, input: Input)] = []
  private var results: [Int: Output] = [:]
  private var produced = 0
  private var consumed = 0
  private var idleWorkers = 0
  private var isConsumerIdle = false
  private var isProducing = false
  private var isProductionOver = false
  private var isCancelled = false
  private var failure: (any Error)?

  private init(window: Int) { self.window = window }

  /// Runs the whole pipeline. With one job everything happens on the calling thread.
  ///
  /// - Parameters:
  ///   - jobs: Number of workers, at least 1.
  ///   - produce: Gives the next item, nil at the end. Called by one thread at a time, not always
  ///     the same.
  ///   - makeWorker: Makes one worker's function; called once per worker on its thread.
  ///   - consume: Takes the results in order.
  /// - Throws: What `produce` or `consume` threw first.
  static func run(
    jobs: Int, produce: @escaping @Sendable () throws -> Input?,
    makeWorker: @escaping @Sendable () -> (Input) -> Output, consume: (Output) throws -> Void
  ) throws {
    if jobs <= 1 {
      let work = makeWorker()
      while let input = try produce() { try consume(work(input)) }
      return
    }
    let pipeline = OrderedPipeline(window: jobs * 3 + 2)
    let workers = (0..<jobs).map { _ in
      WorkerThread { pipeline.work(produce, makeWorker()) }
    }
    defer {
      pipeline.cancel()
      for w in workers { w.join() }
    }
    while let output = try pipeline.next() { try consume(output) }
  }

  // MARK: - Workers

  private func work(_ produce: () throws -> Input?, _ work: (Input) -> Output) {
    while let (ticket, input) = nextItem(produce) {
      let output = work(input)
      gate.lock()
      results[ticket] = output
      wakeConsumer()
      gate.unlock()
    }
  }

  // An item from the queue, or one made here; nil when there will be none.
  private func nextItem(_ produce: () throws -> Input?) -> (ticket: Int, input: Input)? {
    gate.lock()
    defer { gate.unlock() }
    var staysProducer = false
    while !isCancelled {
      let mayProduce = !isProductionOver && !isProducing && produced - consumed < window
      if !queue.isEmpty, !(mayProduce && staysProducer) { return queue.removeFirst() }
      if isProductionOver { return nil }
      guard mayProduce else {
        idleWorkers += 1
        gate.waitAsWorker()
        idleWorkers -= 1
        continue
      }
      guard let item = produceOne(produce) else { continue }
      if idleWorkers <= queue.count { return item }
      // Somebody waits: production is the bottleneck, and this thread stays with it.
      staysProducer = true
      queue.append(item)
      gate.wakeWorker()
    }
    return nil
  }

  // Called with the gate locked, which is open meanwhile.
  private func produceOne(_ produce: () throws -> Input?) -> (ticket: Int, input: Input)? {
    isProducing = true
    gate.unlock()
    let made = Result { try produce() }
    gate.lock()
    isProducing = false
    if case .success(let input?) = made {
      produced += 1
      return (produced - 1, input)
    }
    if case .failure(let error) = made { failure = error }
    isProductionOver = true
    gate.wakeAllWorkers()
    wakeConsumer()
    return nil
  }

  // MARK: - Consumer

  private func next() throws -> Output? {
    gate.lock()
    defer { gate.unlock() }
    while true {
      if let output = results.removeValue(forKey: consumed) {
        // Workers that found the window full; one of them wakes the others.
        if produced - consumed == window, idleWorkers > 0 { gate.wakeWorker() }
        consumed += 1
        return output
      }
      if isProductionOver, consumed == produced {
        if let failure { throw failure }
        return nil
      }
      isConsumerIdle = true
      gate.waitAsConsumer()
      isConsumerIdle = false
    }
  }

  private func wakeConsumer() {
    guard isConsumerIdle else { return }
    if results[consumed] != nil || (isProductionOver && consumed == produced) {
      gate.wakeConsumer()
    }
  }

  private func cancel() {
    gate.lock()
    isCancelled = true
    gate.wakeAllWorkers()
    gate.unlock()
  }
}

/// A mutex with two conditions: workers wait for items, one consumer for results.
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

  func lock() { pthread_mutex_lock(mutex) }
  func unlock() { pthread_mutex_unlock(mutex) }
  func waitAsWorker() { pthread_cond_wait(conditions, mutex) }
  func waitAsConsumer() { pthread_cond_wait(conditions + 1, mutex) }
  func wakeWorker() { pthread_cond_signal(conditions) }
  func wakeAllWorkers() { pthread_cond_broadcast(conditions) }
  func wakeConsumer() { pthread_cond_signal(conditions + 1) }
}
