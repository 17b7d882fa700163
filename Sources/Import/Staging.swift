import Bytes
import CPlatform
import Glibc
import Records

/// The folder in which a run's files are built beside their place, so that the place holds a whole
/// result or none (contract section 5).
///
/// The folder is called `.winnow-<run id>` and holds a locked file while its run is alive: what
/// another run finds unlocked was left by a dead one and is removed.
final class Staging {
  /// The folder under construction.
  let path: String
  /// Where it will be.
  let destination: String
  private let parent: String
  private var lock: Int32 = -1
  private var isPublished = false

  /// Prepares `destination`: checks that it may be written, clears left-overs, makes the folder.
  ///
  /// - Throws: ``RunError`` 73 when the destination is something that winnow did not make.
  init(destination: String, runID: String) throws {
    let trimmed = Paths.withoutTrailingSlash(destination)
    self.destination = trimmed
    parent = Paths.parent(of: trimmed)
    path = Paths.join(parent, ".winnow-\(runID)")
    try Paths.makeDirectories(parent)
    try Self.checkDestination(trimmed)
    Self.removeLeftOvers(in: parent)
    guard mkdir(path, 0o777) == 0 else { throw Self.cannotCreate(path) }
    lock = cplatform_open(Paths.join(path, ".lock"), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard lock >= 0, flock(lock, LOCK_EX | LOCK_NB) == 0 else {
      throw Self.cannotCreate(Paths.join(path, ".lock"))
    }
  }

  deinit {
    if lock >= 0 { close(lock) }
    if !isPublished { Paths.removeTree(path) }
  }

  private static func cannotCreate(_ path: String) -> RunError {
    RunError(
      .cannotCreate, "\(path): cannot be created: \(String(cString: strerror(errno))); "
        + "choose another --out, or make the folder writable")
  }

  private static func checkDestination(_ path: String) throws {
    var info = stat()
    guard lstat(path, &info) == 0 else { return }
    guard info.st_mode & S_IFMT == S_IFDIR else {
      throw RunError(.cannotCreate, "\(path): exists and is no folder; choose another --out")
    }
    let names = Paths.entries(of: path)
    if names.isEmpty || isResult(path, names) { return }
    throw RunError(
      .cannotCreate,
      "\(path): exists and was not written by winnow; choose another --out, or empty the folder")
  }

  /// True when a folder holds what an earlier run published and nothing strange.
  private static func isResult(_ path: String, _ names: [String]) -> Bool {
    guard names.contains("run.json"), names.contains("decisions.jsonl") else { return false }
    guard let text = Paths.readSmallFile(Paths.join(path, "run.json"), limit: 1 << 20) else {
      return false
    }
    return text.withByteView { $0.prefix(400).firstRange(of: ByteView("\"winnow\"")) != nil }
  }

  private static func removeLeftOvers(in parent: String) {
    for name in Paths.entries(of: parent) where name.hasPrefix(".winnow-") {
      let folder = Paths.join(parent, name)
      let fd = cplatform_open(Paths.join(folder, ".lock"), O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0)
      if fd >= 0 {
        let isDead = flock(fd, LOCK_EX | LOCK_NB) == 0
        if isDead { Paths.removeTree(folder) }
        close(fd)
      }
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
    unlink(file(".lock"))
    let fd = cplatform_open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
    guard fd >= 0 else { throw OutputError(path: path, call: "open") }
    defer { close(fd) }
    // Attachments and quarantined bytes are many small files: one syncfs for all of them.
    if access(file("attachments"), F_OK) == 0 || access(file("quarantine"), F_OK) == 0 {
      guard cplatform_syncfs(fd) == 0 else { throw OutputError(path: path, call: "syncfs") }
    }
    guard fsync(fd) == 0 else { throw OutputError(path: path, call: "fsync") }
    if rename(path, destination) != 0 {
      guard errno == ENOTEMPTY || errno == EEXIST else {
        throw OutputError(path: destination, call: "rename")
      }
      guard cplatform_rename_exchange(path, destination) == 0 else {
        throw OutputError(path: destination, call: "renameat2")
      }
      // The earlier result now bears the staging name.
      Paths.removeTree(path)
    }
    isPublished = true
    let parentFD = cplatform_open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
    if parentFD >= 0 {
      fsync(parentFD)
      close(parentFD)
    }
    return clock.now.seconds(since: start)
  }
}

extension ContinuousClock.Instant {
  /// Seconds from an earlier instant.
  func seconds(since earlier: ContinuousClock.Instant) -> Double {
    let d = earlier.duration(to: self).components
    return Double(d.seconds) + Double(d.attoseconds) / 1e18
  }
}
