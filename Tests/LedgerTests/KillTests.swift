import Bytes
import Glibc
import Ledger
import TestSupport
import Testing

/// An importer in small: publishes the numbers below `count`, 40 a run, one file a run, in the
/// order of steps that the real one follows.
struct ToyImporter {
  static let count = 4_000
  let folder: String
  var ledger: String { folder + "/winnow.sqlite" }

  enum Failure: Error { case failed(String) }

  /// One run; false when nothing was left to publish. `staged` is called just before the commit.
  func run(_ staged: () -> Void = {}) throws -> Bool {
    let lock = try RunLock.acquire(ledger: ledger, now: 0)
    defer { lock.release() }
    let file = try LedgerFile.open(ledger, mode: .create)
    defer { file.close() }
    for action in try file.recoveryActions() { try recover(file, action) }
    let session = try RunSession.begin(
      file, lock: lock, facts: RunRow(started: 0, program: "toy")
    ) {
      RunPlaces(
        staging: Array("\(folder)/.staging-\($0)".utf8),
        destination: Array("\(folder)/run-\($0)".utf8))
    }
    let staging = "\(folder)/.staging-\(session.run)"
    var text = ""
    var published = 0
    for i in 0..<Self.count where published < 40 {
      guard try session.reader.published(key("\(i)")) == nil else { continue }
      try session.publishNew(key("\(i)"), .activity)
      text += "\(i)\n"
      published += 1
    }
    guard write(Array(text.utf8), to: staging) else { throw Failure.failed("write") }
    try sync(staging)
    try sync(folder)
    staged()
    try session.commit(counts: RunCounts(items: Int64(published)))
    guard rename(staging, "\(folder)/run-\(session.run)") == 0 else {
      throw Failure.failed("rename")
    }
    try sync(folder)
    try file.markPublished(session.run)
    return published > 0
  }

  private func recover(_ file: LedgerFile, _ action: RecoveryAction) throws {
    switch action {
    case .discard(let run):
      unlink(String(decoding: run.places.staging, as: UTF8.self))
      try file.markDiscarded(run.id)
    case .finish(let run):
      let staging = String(decoding: run.places.staging, as: UTF8.self)
      let destination = String(decoding: run.places.destination, as: UTF8.self)
      if access(staging, F_OK) == 0 { rename(staging, destination) }
      try sync(folder)
      if access(destination, F_OK) == 0 {
        try file.markPublished(run.id)
      } else {
        try file.forget(run.id)
      }
    }
  }

  private func sync(_ path: String) throws {
    let fd = open(path, O_RDONLY)
    defer { close(fd) }
    if fsync(fd) != 0 { throw Failure.failed("fsync") }
  }

  /// The numbers in all published files, in order of the files' names.
  func published(_ names: [String]) -> [String] {
    names.filter { $0.hasPrefix("run-") }.flatMap { name in
      String(decoding: read("\(folder)/\(name)"), as: UTF8.self).split(separator: "\n").map(
        String.init)
    }
  }
}

/// Starts a thread that kills this process.
private func killSoon(microseconds: UInt) {
  var thread = pthread_t()
  pthread_create(
    &thread, nil,
    { delay in
      usleep(UInt32(UInt(bitPattern: delay)))
      kill(getpid(), SIGKILL)
      return nil
    }, UnsafeMutableRawPointer(bitPattern: microseconds))
}

@Suite(.serialized, .slow) struct `A process killed at any moment` {
  @Test func `loses and doubles nothing`() async throws {
    let folder = TestFolder()
    setenv("WINNOW_KILL_FOLDER", folder.path, 1)
    var torn = 0
    for round in 0..<16 {
      setenv("WINNOW_KILL_AFTER", "\(1 + round * round * 60)", 1)
      await #expect(processExitsWith: .signal(SIGKILL)) {
        let folder = getenv("WINNOW_KILL_FOLDER").map { String(cString: $0) } ?? ""
        let delay = getenv("WINNOW_KILL_AFTER").flatMap { UInt(String(cString: $0)) } ?? 1
        let toy = ToyImporter(folder: folder)
        _ = try toy.run()
        // From just before a commit on, to behind it and into the next run.
        while try toy.run({ killSoon(microseconds: delay) }) {}
      }
      // What is visible now is whole and not doubled, before any recovery.
      let toy = ToyImporter(folder: folder.path)
      let visible = toy.published(folder.names)
      #expect(Set(visible).count == visible.count)
      print(
        "visible", visible.count, folder.names.count, folder.names.filter { !$0.hasPrefix("run-") })
      torn += folder.names.contains { $0.hasPrefix(".staging") } ? 1 : 0
    }
    let toy = ToyImporter(folder: folder.path)
    while try toy.run() {}
    let all = toy.published(folder.names)
    #expect(all.count == ToyImporter.count)
    #expect(Set(all) == Set((0..<ToyImporter.count).map { "\($0)" }))
    let file = try LedgerFile.open(toy.ledger, mode: .readOnly)
    let report = try file.check()
    #expect(report.problems == [])
    #expect(report.records.first == Int64(ToyImporter.count))
    #expect(!folder.names.contains { $0.hasPrefix(".staging") || $0.hasSuffix(".staged") })
    print("kills that left a staging file: \(torn) of 16")
  }
}
