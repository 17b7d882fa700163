// `@testable` needs a build for testing, which a release build is not.
#if DEBUG
  import GRDB
  @testable import Ledger
  import Testing

  @Suite struct `Inside the ledger` {
    let folder = TestFolder()

    @Test func `every commit is durable`() throws {
      let file = try LedgerFile.open(folder.ledger, mode: .create)
      // 2 is FULL; GRDB's own WAL setting would leave 1, which a power cut can undo.
      #expect(try file.access { try $0.number("PRAGMA synchronous") } == 2)
      #expect(
        try file.access { try Query($0, "PRAGMA journal_mode").first { $0.text(0) } } == "wal")
      #expect(try file.access { try $0.number("PRAGMA foreign_keys") } == 0)
    }

    @Test func `a later version upgrades by its steps, once, in one transaction`() throws {
      let test = try TestLedger(folder)
      try test.run { try $0.publishNew(key("a"), .activity) }
      test.file.close()
      let steps = Schema.steps + ["CREATE TABLE later (x); INSERT INTO later VALUES (1);"]
      let old = failure {
        _ = try LedgerFile.open(folder.ledger, mode: .readOnly, busyTimeout: 1, steps: steps)
      }
      #expect(old == .older(Schema.current))
      let broken = Schema.steps + ["CREATE TABLE later (x); SELECT nonsense;"]
      #expect(throws: (any Error).self) {
        _ = try LedgerFile.open(folder.ledger, mode: .readWrite, busyTimeout: 1, steps: broken)
      }
      for _ in 0..<2 {
        let file = try LedgerFile.open(
          folder.ledger, mode: .readWrite, busyTimeout: 1, steps: steps)
        #expect(try file.access { try $0.number("SELECT count(*) FROM later") } == 1)
        #expect(
          try file.access { try $0.number("PRAGMA user_version") } == Int64(Schema.current + 1))
        file.close()
      }
      let kind = failure { _ = try LedgerFile.open(folder.ledger, mode: .readWrite) }
      #expect(kind == .newer(Schema.current + 1))
    }

    @Test func `a set of keys grows when its first size was wrong`() {
      var set = KeySet(capacity: -3)
      for i in 0..<1_000 { set.insert(key("\(i)")) }
      for i in 0..<1_000 { set.insert(key("\(i)")) }
      #expect(set.count == 1_000)
      #expect((0..<2_000).filter { set.contains(key("\($0)")) } == Array(0..<1_000))
    }

    @Test func `a session's lookups hold one read transaction, and let go of it`() throws {
      let test = try TestLedger(folder)
      let session = try test.begin()
      #expect(test.file.queue.inDatabase { $0.isInsideTransaction })
      try session.abandon()
      #expect(!test.file.queue.inDatabase { $0.isInsideTransaction })
    }
  }
#endif
