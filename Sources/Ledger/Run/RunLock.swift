import Glibc

/// Which process holds a ledger.
public struct LockHolder: Sendable, Equatable {
  /// Its process id.
  public let process: Int32
  /// When it took the lock, by its own clock; for people only, nothing is decided by it.
  public let since: UnixTime

  /// A holder.
  public init(process: Int32, since: UnixTime) {
    self.process = process
    self.since = since
  }
}

/// The right to run: one process at a time for each ledger.
///
/// An flock(2) on `<ledger>.lock`, a file of its own, because closing any descriptor of a database
/// drops that database's POSIX locks. The kernel releases it when the process dies, however it
/// dies, so there is no stale lock and no clock in the game. The file's text (`pid 123`, `since
/// 1700000000`) only tells the second run whom it met; the file stays when the lock is given back,
/// since removing it would let two processes lock two different files.
public final class RunLock: @unchecked Sendable {
  /// The ledger it is for.
  public let ledgerPath: String
  private var descriptor: Int32

  private init(ledgerPath: String, descriptor: Int32) {
    self.ledgerPath = ledgerPath
    self.descriptor = descriptor
  }

  deinit { release() }

  /// The lock file of a ledger.
  public static func path(forLedger ledger: String) -> String { ledger + ".lock" }

  /// Takes the lock at once or fails: `.locked` with the holder, `.inputOutput` when the file
  /// cannot be made.
  ///
  /// - Parameters:
  ///   - ledger: The ledger's path.
  ///   - now: What to write as time of taking.
  public static func acquire(ledger: String, now: UnixTime) throws(LedgerError) -> RunLock {
    let path = path(forLedger: ledger)
    let fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard fd >= 0 else {
      throw .posix(
        errno, path, "the ledger's lock file cannot be opened",
        mend: "check that its folder exists and may be written")
    }
    var attempts = 0
    while flock(fd, LOCK_EX | LOCK_NB) != 0 {
      let code = errno
      if code == EINTR { continue }
      let holder = code == EWOULDBLOCK ? holder(fd) : nil
      attempts += 1
      // Nobody is named where the holder has just begun, or is about to give the lock back.
      if code == EWOULDBLOCK, holder == nil, attempts < 5 { continue }
      close(fd)
      guard code == EWOULDBLOCK else {
        throw .posix(
          code, path, "the ledger cannot be locked",
          mend: "put the ledger on a file system that knows locks")
      }
      let who = holder.map { "process \($0.process) holds" } ?? "another process holds"
      throw LedgerError(
        .locked(holder), ledger, "\(who) the ledger", mend: "wait until it has ended and run again")
    }
    // The text is a courtesy: a full disk must not stop a run here.
    _ = ftruncate(fd, 0)
    let text = Array("pid \(getpid())\nsince \(now)\n".utf8)
    _ = text.withUnsafeBytes { pwrite(fd, $0.baseAddress, $0.count, 0) }
    return RunLock(ledgerPath: ledger, descriptor: fd)
  }

  /// Who holds the lock of a ledger, or nil when nobody does. Creates nothing.
  public static func holder(ledger: String) -> LockHolder? {
    let fd = open(path(forLedger: ledger), O_RDONLY | O_CLOEXEC)
    guard fd >= 0 else { return nil }
    defer { close(fd) }
    guard flock(fd, LOCK_SH | LOCK_NB) != 0 else { return nil }
    return holder(fd)
  }

  /// Gives the lock back; dying does the same.
  public func release() {
    guard descriptor >= 0 else { return }
    // Nobody shall be named who is gone, should the next holder not come to write its name.
    _ = ftruncate(descriptor, 0)
    close(descriptor)
    descriptor = -1
  }

  var isHeld: Bool { descriptor >= 0 }

  // The holder writes its text just after it got the lock: a moment's patience finds it.
  private static func holder(_ fd: Int32) -> LockHolder? {
    for _ in 0..<20 {
      var bytes = [UInt8](repeating: 0, count: 128)
      let n = bytes.withUnsafeMutableBytes { pread(fd, $0.baseAddress, $0.count, 0) }
      if n > 0, let found = parse(bytes.prefix(n)) { return found }
      usleep(5_000)
    }
    return nil
  }

  private static func parse(_ bytes: ArraySlice<UInt8>) -> LockHolder? {
    guard bytes.last == 0x0A else { return nil }
    var process: Int32?
    var since: UnixTime?
    for line in bytes.split(separator: 0x0A) {
      let words = String(decoding: line, as: UTF8.self).split(separator: " ")
      guard words.count == 2 else { continue }
      if words[0] == "pid" { process = Int32(words[1]) }
      if words[0] == "since" { since = UnixTime(words[1]) }
    }
    guard let process, let since else { return nil }
    return LockHolder(process: process, since: since)
  }
}
