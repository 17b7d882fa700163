import Bytes
import Glibc
import Ledger
import Testing

@Suite struct `Opening a ledger` {
  let folder = TestFolder()

  /// A closed ledger with one record.
  func written() throws {
    let test = try TestLedger(folder)
    try test.run { try $0.publishNew(key("a"), .activity) }
    test.file.close()
    test.lock.release()
  }

  @Test func `makes a file for its owner's eyes and leaves nothing else once closed`() throws {
    try LedgerFile.open(folder.ledger, mode: .create).close()
    #expect(folder.names == ["winnow.sqlite"])
    var s = stat()
    #expect(stat(folder.ledger, &s) == 0)
    #expect(s.st_mode & 0o777 == 0o600)
    #expect(try LedgerFile.open(folder.ledger, mode: .readWrite).check().isSound)
  }

  @Test func `takes a path whose letters mean something in a URI`() throws {
    let path = folder.path + "/a b%41?x#é.sqlite"
    try LedgerFile.open(path, mode: .create).close()
    #expect(folder.names == ["a b%41?x#é.sqlite"])
    let file = try LedgerFile.open(path, mode: .readOnly)
    #expect(try file.users().isEmpty)
    file.close()
    #expect(folder.names == ["a b%41?x#é.sqlite"])
    unlink(path)
  }

  @Test func `never makes the folder`() {
    let path = folder.path + "/missing/winnow.sqlite"
    let kind = failure { _ = try LedgerFile.open(path, mode: .create) }
    #expect(kind == .inputOutput)
    #expect(folder.names.isEmpty)
  }

  @Test(arguments: [LedgerFile.Mode.readOnly, .readWrite])
  func `says that a ledger is missing where it must not make one`(mode: LedgerFile.Mode) throws {
    #expect(failure { _ = try LedgerFile.open(folder.ledger, mode: mode) } == .missing)
    #expect(folder.names.isEmpty)
  }

  @Test(arguments: ["", "From sam@example.com Thu Jan  1 00:00:00 1970\n", "SQLite format 3\0 but"])
  func `refuses a file that is no database and leaves it alone`(text: String) throws {
    let bytes = Array(text.utf8)
    write(bytes, to: folder.ledger)
    for mode in [LedgerFile.Mode.create, .readWrite, .readOnly] {
      #expect(failure { _ = try LedgerFile.open(folder.ledger, mode: mode) } == .notALedger)
    }
    #expect(read(folder.ledger) == bytes)
    #expect(folder.names == ["winnow.sqlite"])
  }

  @Test func `refuses the database of another program and leaves it alone`() throws {
    try written()
    var bytes = read(folder.ledger)
    for i in 68..<72 { bytes[i] = 0 }  // application_id
    write(bytes, to: folder.ledger)
    for mode in [LedgerFile.Mode.create, .readOnly] {
      #expect(failure { _ = try LedgerFile.open(folder.ledger, mode: mode) } == .notALedger)
    }
    #expect(read(folder.ledger) == bytes)
  }

  @Test func `refuses a newer ledger and leaves it alone`() throws {
    try written()
    var bytes = read(folder.ledger)
    bytes[63] = 99  // user_version, big-endian at 60
    write(bytes, to: folder.ledger)
    for mode in [LedgerFile.Mode.create, .readWrite, .readOnly] {
      do {
        _ = try LedgerFile.open(folder.ledger, mode: mode)
        Issue.record("opened")
      } catch {
        #expect(error.kind == .newer(99))
        #expect(error.exitStatus == 70)
        #expect(error.description.contains("99"))
      }
    }
    #expect(read(folder.ledger) == bytes)
  }

  @Test func `refuses a ledger that was cut off`() throws {
    try written()
    let bytes = read(folder.ledger)
    for pages in [1, 2, 5] {
      write(Array(bytes.prefix(pages * 4096)), to: folder.ledger)
      let kind = failure { _ = try LedgerFile.open(folder.ledger, mode: .readWrite) }
      #expect(kind == .damaged)
    }
  }

  @Test func `a folder in the ledger's place is an error`() {
    mkdir(folder.ledger, 0o700)
    defer { rmdir(folder.ledger) }
    #expect(failure { _ = try LedgerFile.open(folder.ledger, mode: .create) } == .inputOutput)
  }

  // MARK: Reading only

  @Test func `reading creates and changes nothing`() throws {
    try written()
    unlink(RunLock.path(forLedger: folder.ledger))
    let bytes = read(folder.ledger)
    let file = try LedgerFile.open(folder.ledger, mode: .readOnly)
    let reader = try file.reader()
    #expect(try reader.published(key("a")) != nil)
    #expect(folder.names == ["winnow.sqlite"])
    reader.close()
    #expect(try file.log(LogQuery()).isEmpty)
    #expect(try file.check().isSound)
    try file.assertUnchanged()
    file.close()
    #expect(folder.names == ["winnow.sqlite"])
    #expect(read(folder.ledger) == bytes)
  }

  @Test func `a reader cannot write`() throws {
    try written()
    let file = try LedgerFile.open(folder.ledger, mode: .readOnly)
    #expect(failure { try file.setUser("sam", .paused, at: 1) } == .misuse)
  }

  @Test func `a reader beside a living writer sees what is committed`() throws {
    let test = try TestLedger(folder)
    try test.run { try $0.publishNew(key("a"), .activity) }
    let names = folder.names
    let file = try LedgerFile.open(folder.ledger, mode: .readOnly)
    let reader = try file.reader()
    #expect(try reader.published(key("a")) != nil)
    try test.run { try $0.publishNew(key("b"), .activity) }
    #expect(try reader.published(key("b")) == nil, "one view of one moment")
    reader.close()
    #expect(folder.names == names)
    let later = try file.reader()
    #expect(try later.published(key("b")) != nil)
  }

  @Test func `a reader is told when a writer came meanwhile`() throws {
    try written()
    let file = try LedgerFile.open(folder.ledger, mode: .readOnly)
    try file.assertUnchanged()
    let test = try TestLedger(folder)
    try test.run { try $0.publishNew(key("b"), .activity) }
    test.file.close()
    #expect(failure { try file.assertUnchanged() } == .busy)
  }

  @Test func `another process's pause does not wait for a run`() throws {
    let test = try TestLedger(folder)
    let session = try test.begin()
    try session.publishNew(key("a"), .activity)
    let other = try LedgerFile.open(folder.ledger, mode: .readWrite)
    try other.setUser("sam", .paused, at: 5)
    try session.commit(counts: RunCounts())
    #expect(try test.file.users().map(\.state) == [.paused])
  }
}
