import Bytes
import CPlatform
import Glibc
import Records

/// The folder in which a run's files are built beside their place, so that the place holds a whole
/// result or none.
///
/// The folder is called `.winnow-<run id>`. Beside it lies `.winnow-<run id>.lock`, made before it,
/// removed after it and locked while its run is alive: what another run finds unlocked was left by
/// a dead one and is removed.
package final class Staging {
  /// The folder under construction.
  let path: String
  /// Where it will be.
  let destination: String
  private let parent: String
  private var lock: Int32 = -1
  private var isPublished = false
  private var isOver = false
  /// True once the ledger has committed what lies here: from then on it must not be removed.
  var isCommitted = false

  // Kept by a ledger: what a dead run left is its business, and may hold what it has committed.
  private let isKeptByLedger: Bool

  /// What the names of these folders begin with.
  static let prefix = ".winnow-"
  private static let lockSuffix = ".lock"
  /// What is appended to the name of a folder that is being removed.
  static let removedSuffix = ".gone"
  private var lockPath: String { path + Self.lockSuffix }

  /// Where a result will be and where it is built.
  static func places(destination: String, runID: String) -> (destination: String, staging: String) {
    var place = Paths.withoutTrailingSlash(destination)
    // `.` and `..` have no name beside which a folder could stand.
    if [".", ".."].contains(Paths.name(of: place)) { place = Paths.real(place) }
    return (place, Paths.join(Paths.parent(of: place), prefix + runID))
  }

  /// Prepares `destination`: checks that it may be written, clears left-overs, makes the folder.
  ///
  /// - Parameter isKeptByLedger: True in a run with a ledger, which knows its folder, and where an
  ///   earlier result is never exchanged.
  /// - Throws: ``RunError`` 73 when the destination is something that winnow did not make.
  init(destination: String, runID: String, isKeptByLedger: Bool = false) throws {
    (self.destination, path) = Self.places(destination: destination, runID: runID)
    parent = Paths.parent(of: self.destination)
    self.isKeptByLedger = isKeptByLedger
    try Paths.makeDirectories(parent)
    try Self.checkDestination(self.destination, mayExchange: !isKeptByLedger)
    Self.removeLeftOvers(in: parent)
    if isKeptByLedger {
      Interruption.shared.watch(staging: path, lock: "")
      guard Interruption.shared.undisturbed({ mkdir(path, 0o777) }) == 0 else {
        throw Self.cannotCreate(path)
      }
      return
    }
    let fd = try Self.takeLock(lockPath)
    Interruption.shared.watch(staging: path, lock: lockPath)
    guard Interruption.shared.undisturbed({ mkdir(path, 0o777) }) == 0 else {
      let error = Self.cannotCreate(path)
      unlink(lockPath)
      close(fd)
      throw error
    }
    lock = fd
  }

  deinit { discard() }

  /// Removes what was not published, unless a ledger has committed it. To be called where a run
  /// fails: its parts may hold each other, and this, for longer.
  func discard() {
    guard !isOver else { return }
    isOver = true
    if !isPublished, !isCommitted { Paths.removeTree(path) }
    guard lock >= 0 else { return }
    unlink(lockPath)
    close(lock)
  }

  // Another run may take a fresh lock file for a dead run's and remove it before it is locked. On a
  // busy machine it may sleep in between: we wait for it, 2 s at most.
  private static func takeLock(_ path: String) throws -> Int32 {
    for attempt in 0..<1000 {
      if attempt > 0 { usleep(2000) }
      let fd = cplatform_open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
      guard fd >= 0 else { throw cannotCreate(path) }
      var info = stat()
      if flock(fd, LOCK_EX | LOCK_NB) == 0, fstat(fd, &info) == 0, info.st_nlink > 0 { return fd }
      close(fd)
    }
    throw cannotCreate(path)
  }

  private static func cannotCreate(_ path: String) -> RunError {
    RunError(
      .cannotCreate,
      "\(path): cannot be created: \(String(cString: strerror(errno))); "
        + "choose another --out, or make the folder writable")
  }

  // While it is looked at, another run may exchange what lies there for its own result and remove
  // it: then what was seen is half of something that is gone, and the new one is looked at.
  private static func checkDestination(_ path: String, mayExchange: Bool) throws {
    for _ in 0..<100 {
      var before = stat()
      var after = stat()
      guard lstat(path, &before) == 0 else { return }
      do {
        return try checkOnce(path, before, mayExchange: mayExchange)
      } catch {
        guard lstat(path, &after) == 0 else { continue }
        if after.st_ino == before.st_ino, after.st_dev == before.st_dev { throw error }
      }
    }
  }

  private static func checkOnce(_ path: String, _ info: stat, mayExchange: Bool) throws {
    guard info.st_mode & S_IFMT == S_IFDIR else {
      throw RunError(.cannotCreate, "\(path): exists and is no folder; choose another --out")
    }
    // What a file system is mounted on can neither be renamed nor replaced.
    var above = stat()
    if stat(Paths.parent(of: path), &above) == 0, above.st_dev != info.st_dev {
      throw RunError(
        .cannotCreate,
        "\(path): a file system is mounted there; choose a folder in it as --out")
    }
    let names = Paths.entries(of: path)
    if names.isEmpty { return }
    if isResult(path, names), !mayExchange {
      throw RunError(
        .cannotCreate,
        "\(path): holds an earlier result, and a run with a ledger writes only what is new since; choose another --out, or leave --out away"
      )
    }
    if isResult(path, names) {
      // Exchanged as a whole, so nothing of somebody else's may lie in it.
      guard let strange = names.first(where: { !isResultName($0) }) else { return }
      throw RunError(
        .cannotCreate,
        "\(path): holds \(Plain.line(strange)), which winnow did not write; move it away, or choose another --out"
      )
    }
    throw RunError(
      .cannotCreate,
      "\(path): exists and was not written by winnow; choose another --out, or empty the folder")
  }

  /// True for what a run writes into its folder, and for what file managers leave in any.
  private static func isResultName(_ name: String) -> Bool {
    let records = ["activities", "leads", "tasks", "blocks"]
    let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    if parts.count == 2, records.contains(parts[0]), ["jsonl", "json", "csv"].contains(parts[1]) {
      return true
    }
    return [
      "decisions.jsonl", "run.json", "report.html", "attachments", "outbound", "quarantine", "crm",
      "tasks.part", "busy.part", "leads.part",
      ".DS_Store",
    ].contains(name)
  }

  /// True when a folder holds what an earlier run published.
  private static func isResult(_ path: String, _ names: [String]) -> Bool {
    guard names.contains("run.json"), names.contains("decisions.jsonl") else { return false }
    guard let text = Paths.readSmallFile(Paths.join(path, "run.json"), limit: 1 << 20) else {
      return false
    }
    return text.withByteView { $0.prefix(400).firstRange(of: ByteView("\"winnow\"")) != nil }
  }

  private static func removeLeftOvers(in parent: String) {
    for name in Paths.entries(of: parent)
    where name.hasPrefix(prefix) && name.hasSuffix(lockSuffix) {
      let file = Paths.join(parent, name)
      let fd = cplatform_open(file, O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0)
      guard fd >= 0 else { continue }
      var info = stat()
      // One that was removed since it was listed may have a living successor of the same name.
      if flock(fd, LOCK_EX | LOCK_NB) == 0, fstat(fd, &info) == 0, info.st_nlink > 0 {
        let folder = String(file.dropLast(lockSuffix.count))
        Paths.removeTree(folder)
        Paths.removeTree(folder + removedSuffix)
        unlink(file)
      }
      close(fd)
    }
  }

  /// A path inside the folder.
  func file(_ name: String) -> String { Paths.join(path, name) }

  /// Makes everything durable and moves the folder to its place, exchanging an earlier result.
  ///
  /// - Returns: Seconds spent waiting for the disk.
  func publish() throws -> Double {
    let clock = ContinuousClock()
    let start = clock.now
    try sync()
    Interruption.shared.beginCommit()
    try move()
    return clock.now.seconds(since: start)
  }

  /// Makes everything in the folder durable.
  func sync() throws {
    let fd = cplatform_open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
    guard fd >= 0 else { throw OutputError(path: path, call: "open") }
    defer { close(fd) }
    // Attachments and quarantined bytes are many small files: one syncfs for all of them, and for
    // the names in folders of the folder.
    if ["attachments", "quarantine", "outbound"].contains(where: { access(file($0), F_OK) == 0 }) {
      guard cplatform_syncfs(fd) == 0 else { throw OutputError(path: path, call: "syncfs") }
    }
    guard fsync(fd) == 0 else { throw OutputError(path: path, call: "fsync") }
  }

  /// Moves the folder to its place; it was made durable before.
  func move() throws {
    while rename(path, destination) != 0 {
      guard errno == ENOTEMPTY || errno == EEXIST else {
        throw OutputError(path: destination, call: "rename")
      }
      // Somebody may have put something there since the run began.
      try Self.checkDestination(destination, mayExchange: !isKeptByLedger)
      if cplatform_rename_exchange(path, destination) == 0 {
        // The earlier result now bears the staging name.
        Paths.removeTree(path)
        break
      }
      // Somebody took it away again.
      if errno != ENOENT { throw OutputError(path: destination, call: "renameat2") }
    }
    isPublished = true
    do { try Self.syncFolder(parent) } catch let error as OutputError {
      throw RunError(
        .ioError, "\(parent): \(error.call) failed: \(error.explanation)",
        details: ["the result is in its place, \(destination), but may not outlive a power cut"])
    }
  }

  /// Makes the names in a folder durable.
  package static func syncFolder(_ path: String) throws {
    let fd = cplatform_open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
    guard fd >= 0 else { throw OutputError(path: path, call: "open") }
    defer { close(fd) }
    if fsync(fd) != 0 { throw OutputError(path: path, call: "fsync") }
  }
}

extension ContinuousClock.Instant {
  /// Seconds from an earlier instant.
  func seconds(since earlier: ContinuousClock.Instant) -> Double {
    let d = earlier.duration(to: self).components
    return Double(d.seconds) + Double(d.attoseconds) / 1e18
  }
}
