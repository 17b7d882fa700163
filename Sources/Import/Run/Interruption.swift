import Glibc

/// What SIGINT, SIGTERM and SIGHUP do: before the commit the run ends with 128 + signal, its
/// staging folder is removed and nothing is published; from the commit on they are without effect.
///
/// The signals are blocked in all threads and awaited by one, which is free to do what a signal
/// handler may not: so nothing in the pipeline has to ask, and a worker deep in a message does not
/// delay the end.
final class Interruption: @unchecked Sendable {
  /// The process has one.
  static let shared = Interruption()

  private let monitor = Monitor()
  private var isStarted = false
  private var isCommitting = false
  private var staging: (path: String, lock: String)?
  private var draft = ""

  private init() {}

  /// Takes the signals over; to be called before other threads are started.
  func start() {
    let isFirst = monitor.locked {
      defer { isStarted = true }
      return !isStarted
    }
    guard isFirst else { return }
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, SIGINT)
    sigaddset(&set, SIGTERM)
    if !Self.isHangupIgnored { sigaddset(&set, SIGHUP) }
    guard pthread_sigmask(SIG_BLOCK, &set, nil) == 0 else { return }
    let awaited = set
    WorkerThread.detach {
      var set = awaited
      while true {
        var number: Int32 = 0
        if sigwait(&set, &number) == 0 { self.stop(number) }
      }
    }
  }

  // nohup(1) wants the run to outlive its terminal.
  private static var isHangupIgnored: Bool {
    var action = sigaction()
    guard sigaction(SIGHUP, nil, &action) == 0 else { return false }
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// Declares the folder that goes when the run is stopped, and its lock file.
  func watch(staging path: String, lock: String) { monitor.locked { staging = (path, lock) } }

  /// Declares a file that goes likewise.
  func watch(draft path: String) { monitor.locked { draft = path } }

  /// Makes something that was declared: a signal waits until it is there, and takes it away then.
  /// Nothing in `body` may call this object.
  func undisturbed<R>(_ body: () throws -> R) rethrows -> R { try monitor.locked(body) }

  /// From here on the run comes to its end. Does not return when a signal came first.
  func beginCommit() { monitor.locked { isCommitting = true } }

  /// Waits for the end when a signal has come; else returns at once. For those who meet errors
  /// because their folder was taken away.
  func giveWay() { monitor.locked {} }

  private func stop(_ number: Int32) {
    monitor.locked {
      if isCommitting { return }
      if let staging {
        // Under another name first: who still opens files by path fails and makes nothing new.
        let gone = staging.path + Staging.removedSuffix
        if rename(staging.path, gone) == 0 { Paths.removeTree(gone) }
        unlink(staging.lock)
      }
      if !draft.isEmpty { unlink(draft) }
      let name = number == SIGINT ? "SIGINT" : number == SIGTERM ? "SIGTERM" : "SIGHUP"
      Console.error("winnow: stopped by \(name); nothing was published")
      _exit(128 + number)
    }
  }
}
