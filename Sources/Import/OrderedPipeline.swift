/// One producer, N workers, results taken in the order of production.
///
/// The producer (a splitter, sequential by nature) runs on a thread of its own, each worker too;
/// results are consumed on the calling thread. At most `window` items are under way, so memory is
/// bounded by them and not by the input. Which worker did what does not show in the results.
final class OrderedPipeline<Input: Sendable, Output: Sendable>: @unchecked Sendable {
  private let monitor = Monitor()
  private let window: Int
  private var queue: [(ticket: Int, input: Input)] = []
  private var results: [Int: Output] = [:]
  private var produced = 0
  private var consumed = 0
  private var isProductionOver = false
  private var isCancelled = false
  private var failure: (any Error)?

  private init(window: Int) { self.window = window }

  /// Runs the whole pipeline. With one job everything happens on the calling thread.
  ///
  /// - Parameters:
  ///   - jobs: Number of workers, at least 1.
  ///   - produce: Gives the next item, nil at the end.
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
    let producer = WorkerThread { pipeline.produceAll(produce) }
    let workers = (0..<jobs).map { _ in WorkerThread { pipeline.work(makeWorker()) } }
    defer {
      pipeline.cancel()
      producer.join()
      for w in workers { w.join() }
    }
    while let output = try pipeline.next() { try consume(output) }
  }

  private func produceAll(_ produce: () throws -> Input?) {
    while true {
      let mayGoOn = monitor.locked {
        while !isCancelled, produced - consumed >= window { monitor.wait() }
        return !isCancelled
      }
      guard mayGoOn else { return }
      do {
        guard let input = try produce() else { break }
        monitor.locked {
          queue.append((produced, input))
          produced += 1
          monitor.wakeAll()
        }
      } catch {
        monitor.locked { failure = error }
        break
      }
    }
    monitor.locked {
      isProductionOver = true
      monitor.wakeAll()
    }
  }

  private func work(_ work: (Input) -> Output) {
    while true {
      let item: (ticket: Int, input: Input)? = monitor.locked {
        while queue.isEmpty, !isProductionOver, !isCancelled { monitor.wait() }
        return isCancelled || queue.isEmpty ? nil : queue.removeFirst()
      }
      guard let item else { return }
      let output = work(item.input)
      monitor.locked {
        results[item.ticket] = output
        monitor.wakeAll()
      }
    }
  }

  private func next() throws -> Output? {
    try monitor.locked {
      while true {
        if let output = results.removeValue(forKey: consumed) {
          consumed += 1
          monitor.wakeAll()
          return output
        }
        if isProductionOver, consumed == produced {
          if let failure { throw failure }
          return nil
        }
        monitor.wait()
      }
    }
  }

  private func cancel() {
    monitor.locked {
      isCancelled = true
      monitor.wakeAll()
    }
  }
}
