import Glibc

/// A mutex with one condition: the few words of synchronisation that the pipeline needs.
final class Monitor: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init() {
    mutex.initialize(to: pthread_mutex_t())
    condition.initialize(to: pthread_cond_t())
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// Runs `body` alone.
  func locked<R>(_ body: () throws -> R) rethrows -> R {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body()
  }

  /// Inside ``locked(_:)``: sleeps until somebody calls ``wakeAll()``.
  func wait() { pthread_cond_wait(condition, mutex) }

  /// Wakes everybody who waits.
  func wakeAll() { pthread_cond_broadcast(condition) }
}

/// A POSIX thread that runs one closure.
final class WorkerThread: @unchecked Sendable {
  private var handle = pthread_t()
  private let isRunning: Bool

  private final class Box {
    /// Stored because a thread's function takes one pointer.
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// Starts `body` on a thread of its own; on the calling thread when none can be had.
  init(_ body: @escaping @Sendable () -> Void) {
    let box = Box(body)
    isRunning = Self.start(box, &handle)
    if !isRunning { box.body() }
  }

  /// Starts `body` on a thread that nobody waits for; does nothing when none can be had.
  static func detach(_ body: @escaping @Sendable () -> Void) {
    var handle = pthread_t()
    if start(Box(body), &handle) { pthread_detach(handle) }
  }

  // False when no thread can be had.
  private static func start(_ box: Box, _ handle: inout pthread_t) -> Bool {
    let argument = Unmanaged.passRetained(box)
    let status = pthread_create(
      &handle, nil,
      { argument in
        if let argument {
          Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body()
        }
        return nil
      }, argument.toOpaque())
    if status != 0 { argument.release() }
    return status == 0
  }

  /// Waits for the end of the thread.
  func join() { if isRunning { pthread_join(handle, nil) } }
}
