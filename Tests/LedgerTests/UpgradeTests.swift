import Bytes
import GRDBSQLite
import Glibc
import Ledger
import Testing

@Suite struct `A ledger of the first version` {
  let folder = TestFolder()

  /// Writes the fixture with plain SQLite.
  init() throws {
    var db: OpaquePointer?
    #expect(sqlite3_open(folder.ledger, &db) == SQLITE_OK)
    #expect(sqlite3_exec(db, v1Ledger, nil, nil, nil) == SQLITE_OK)
    #expect(sqlite3_exec(db, "PRAGMA journal_mode = WAL", nil, nil, nil) == SQLITE_OK)
    sqlite3_close(db)
  }

  private func schema(_ path: String) -> [String] {
    var db: OpaquePointer?
    var statement: OpaquePointer?
    var lines: [String] = []
    sqlite3_open(path, &db)
    sqlite3_prepare_v2(
      db, "SELECT name || ': ' || coalesce(sql, '') FROM sqlite_master ORDER BY 1", -1, &statement,
      nil)
    while sqlite3_step(statement) == SQLITE_ROW {
      if let text = sqlite3_column_text(statement, 0) { lines.append(String(cString: text)) }
    }
    sqlite3_finalize(statement)
    sqlite3_close(db)
    return lines
  }

  @Test func `opens, and everything in it is there`() throws {
    let file = try LedgerFile.open(folder.ledger, mode: .readWrite)
    #expect(try file.check().problems == [])
    let reader = try file.reader()
    let (sam, ann) = (try #require(try reader.word("sam")), try #require(try reader.word("ann")))
    #expect(try reader.published(key("activity"))?.kind == .activity)
    #expect(try reader.published(key("task"))?.digest == ContentDigest(bits: 8))
    #expect(try reader.published(key("task"))?.run == 2)
    #expect(try reader.published(key("block"))?.digest == ContentDigest(bits: .max))
    let source = try #require(try "sam/a.mbox".withByteView { try reader.source(path: $0) })
    #expect(
      source.state
        == SourceState(
          path: Array("sam/a.mbox".utf8), owner: sam, device: 1, inode: 2, size: 300, modified: 4,
          changed: 5, offset: 290, items: 3, fingerprint: [6], marks: [7, 8], digest: [9],
          note: [10]))
    #expect((source.config, source.users, source.lists) == ([1], [2], [3]))
    #expect(
      try reader.backfill(address("bob@example.net"))
        == [StoredPlace(source: source.id, offset: 100, length: 50, item: 1)])
    #expect(
      try reader.lead(address: "eve@example.net")
        == CapturedLead(
          address: "eve@example.net", key: key("lead"), name: "Eve", owner: sam,
          firstSeen: 1_780_000_000, firstMessageID: "m1@example.net"))
    let id = EventID(uid: key("uid"), owner: ann, recurrence: Array("20260101T100000Z".utf8))
    #expect(
      try reader.event(id)
        == EventVersion(
          state: .cancelled, record: key("task"), source: source.id, sequence: 2,
          modified: 1_770_000_000, starts: 1_771_000_000, ends: 1_771_003_600))
    #expect(try reader.isFrozen(key("private"), owner: ann))
    reader.close()

    let rows = try file.log(LogQuery())
    #expect(rows.map(\.reason) == ["no-lead", "matched"])
    let row = try #require(rows.last)
    #expect((row.user, row.subject, row.date) == ("sam", "Offer", 1_780_000_000))
    #expect((row.kind, row.outcome, row.direction) == (.mail, .kept, .inbound))
    #expect(row.isCapture && row.imported == 1_790_000_000)
    #expect(row.leads.map { [$0.id, $0.name, $0.address] } == [["L-1", "Eve", "eve@example.net"]])
    #expect(row.records == [key("activity")])
    let quarantined = try #require(try file.quarantined().first)
    #expect((quarantined.item.item, quarantined.item.error) == (key("bad"), "nested too deep"))
    #expect((quarantined.owner, quarantined.attempts) == ("sam", 1))
    #expect(try file.users().map(\.state) == [.active, .paused])
    #expect(try file.allRuns().map(\.newRecords) == [4, 0])
  }

  @Test func `goes on where it was`() throws {
    let test = try TestLedger(folder)
    let session = try test.begin()
    #expect(session.run == 3)
    try session.publishNew(key("activity"), .activity)
    #expect(
      failure { try session.commit(counts: RunCounts()) } == .publishedTwice(key("activity")))
    try test.file.markDiscarded(3)
    try test.run { try $0.publishNew(key("next"), .activity) }
    #expect(try test.file.check().problems == [])
  }

  @Test func `has the tables of a new one once it was opened`() throws {
    try LedgerFile.open(folder.ledger, mode: .readWrite).close()
    let fresh = TestFolder()
    try LedgerFile.open(fresh.ledger, mode: .create).close()
    #expect(schema(folder.ledger) == schema(fresh.ledger))
    #expect(schema(fresh.ledger).count > 12)
  }
}
