import Bytes
import Glibc
import Ledger
import Testing

/// A small file system in memory, for faults that only a file system can make; needs root.
final class SmallDisk {
  let folder = TestFolder()

  /// True where this process may mount one.
  static let isPossible = (try? SmallDisk(kilobytes: 64)) != nil

  struct Refused: Error {}

  init(kilobytes: Int) throws {
    guard mount("tmpfs", folder.path, "tmpfs", 0, "size=\(kilobytes)k") == 0 else {
      throw Refused()
    }
  }

  deinit { umount2(folder.path, Int32(MNT_DETACH)) }

  func resize(kilobytes: Int) {
    mount("tmpfs", folder.path, "tmpfs", UInt(MS_REMOUNT), "size=\(kilobytes)k")
  }

  func setReadOnly() {
    mount("tmpfs", folder.path, "tmpfs", UInt(MS_REMOUNT | MS_RDONLY), nil)
  }
}

@Suite(.enabled(if: SmallDisk.isPossible, "no right to mount a small disk"))
struct `A disk that fails` {
  @Test func `when it is full the run fails and the ledger stays as it was`() throws {
    let disk = try SmallDisk(kilobytes: 1_500)
    let test = try TestLedger(disk.folder)
    try test.run { try $0.publishNew(key("a"), .activity) }
    // From too much for the facts' own file to too much for the ledger only, to little enough.
    var (failedEarly, failedAtCommit) = (0, 0)
    var count = 240_000
    while count > 100 {
      let session = try test.begin()
      var isStaged = false
      let kind = failure {
        for i in 0..<count { try session.publishNew(key("b\(i)"), .activity) }
        isStaged = true
        try session.commit(counts: RunCounts())
        try test.file.markPublished(session.run)
      }
      if kind == nil { break }
      #expect(kind == .inputOutput)
      if isStaged { failedAtCommit += 1 } else { failedEarly += 1 }
      try session.abandon()
      try test.reading { reader throws in
        #expect(try reader.published(key("a")) != nil)
        #expect(try reader.published(key("b0")) == nil)
      }
      try test.file.markDiscarded(session.run)
      #expect(try test.file.check().problems == [])
      count = count > 60_000 ? 60_000 : count * 4 / 5
    }
    #expect(failedEarly > 0 && failedAtCommit > 0 && count > 100, "\(count)")
    disk.resize(kilobytes: 20_000)
    try test.run { session in
      for i in 0..<20_000 { try session.publishNew(key("c\(i)"), .activity) }
    }
    #expect(try test.file.check().problems == [])
    test.file.close()
  }

  @Test func `when there is no room for a ledger none is left half made`() throws {
    let disk = try SmallDisk(kilobytes: 40)
    let kind = failure { _ = try LedgerFile.open(disk.folder.ledger, mode: .create) }
    #expect(kind == .inputOutput)
    #expect(disk.folder.names.isEmpty)
  }

  @Test func `that is read-only can be read and not written`() throws {
    let disk = try SmallDisk(kilobytes: 2_000)
    let test = try TestLedger(disk.folder)
    try test.run { try $0.publishNew(key("a"), .activity) }
    test.file.close()
    test.lock.release()
    disk.setReadOnly()
    let file = try LedgerFile.open(disk.folder.ledger, mode: .readOnly)
    let reader = try file.reader()
    #expect(try reader.published(key("a")) != nil)
    reader.close()
    file.close()
    let lock = failure { _ = try RunLock.acquire(ledger: disk.folder.ledger, now: 0) }
    #expect(lock == .inputOutput)
    let opened = failure {
      try LedgerFile.open(disk.folder.ledger, mode: .readWrite).setUser("sam", .paused, at: 0)
    }
    #expect(opened == .inputOutput)
    let missing = disk.folder.path + "/other.sqlite"
    #expect(failure { _ = try LedgerFile.open(missing, mode: .create) } == .inputOutput)
  }
}
