import Glibc
import Ledger
import TestSupport
import Testing

@Suite struct `The run lock` {
  let folder = TestFolder()

  @Test func `tells the second run who holds it and since when`() throws {
    let first = try RunLock.acquire(ledger: folder.ledger, now: 1_790_000_123)
    let holder = LockHolder(process: getpid(), since: 1_790_000_123)
    do {
      _ = try RunLock.acquire(ledger: folder.ledger, now: 1_790_000_200)
      Issue.record("two runs")
    } catch {
      #expect(error.kind == .locked(holder))
      #expect(error.exitStatus == 75)
      #expect(error.description.contains("process \(getpid()) holds"))
    }
    #expect(RunLock.holder(ledger: folder.ledger) == holder)
    first.release()
    #expect(RunLock.holder(ledger: folder.ledger) == nil)
    _ = try RunLock.acquire(ledger: folder.ledger, now: 1)
  }

  @Test func `does not believe clocks or the text of a dead run`() throws {
    let path = RunLock.path(forLedger: folder.ledger)
    write(Array("pid 1\nsince 99999999999\n".utf8), to: path)
    let lock = try RunLock.acquire(ledger: folder.ledger, now: -5)
    #expect(RunLock.holder(ledger: folder.ledger) == LockHolder(process: getpid(), since: -5))
    lock.release()
  }

  @Test(.needs(program: "flock")) func `is given back by the kernel when its process is killed`()
    throws
  {
    let path = RunLock.path(forLedger: folder.ledger)
    var pid: pid_t = 0
    let words = ["flock", "--no-fork", path, "sleep", "60"]
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { for a in arguments { free(a) } }
    let flock = try #require(Programs.path("flock"))
    try #require(posix_spawn(&pid, flock, nil, nil, &arguments, environ) == 0)
    var isHeld = false
    for _ in 0..<500 where !isHeld {
      usleep(10_000)
      let kind = failure { try RunLock.acquire(ledger: folder.ledger, now: 0).release() }
      // The other program writes no text, so nobody can say who it is.
      isHeld = kind == .locked(nil)
    }
    #expect(isHeld)
    kill(pid, SIGKILL)
    var status: Int32 = 0
    waitpid(pid, &status, 0)
    _ = try RunLock.acquire(ledger: folder.ledger, now: 0)
  }

  @Test func `a run without it does not begin`() throws {
    let test = try TestLedger(folder)
    test.lock.release()
    #expect(failure { _ = try test.begin() } == .misuse)
  }

  @Test func `its file is never a link somewhere else`() throws {
    write(Array("mine".utf8), to: folder.path + "/other")
    symlink(folder.path + "/other", RunLock.path(forLedger: folder.ledger))
    let kind = failure { _ = try RunLock.acquire(ledger: folder.ledger, now: 0) }
    #expect(kind == .inputOutput)
    #expect(read(folder.path + "/other") == Array("mine".utf8))
  }
}
