import Bytes
import Glibc
import Ledger
import TestSupport
import Testing

@Suite struct `Checking and rebuilding` {
  let folder = TestFolder()

  /// A closed ledger of two runs: 300 activities, 20 tasks of which 5 were changed, a lead.
  func written() throws {
    let test = try TestLedger(folder)
    try test.run { session in
      for i in 0..<300 { try session.publishNew(key("a\(i)"), .activity) }
      for i in 0..<20 {
        try session.publishNew(key("t\(i)"), .task, digest: ContentDigest(bits: UInt64(i)))
      }
      for i in 0..<50 {
        try "subject \(i)".withByteView {
          try session.decide(
            DecisionRow(
              kind: .mail, outcome: .kept, reason: try session.word("matched"), subject: $0))
        }
      }
    }
    try test.run { session in
      for i in 0..<5 {
        try session.publishChanged(key("t\(i)"), .task, digest: ContentDigest(bits: 99))
      }
      try session.publishNew(key("l"), .lead)
      try session.capture(CapturedLead(address: "ann@x", key: key("l")))
    }
    test.file.close()
    test.lock.release()
  }

  @Test func `a sound ledger is sound, and its records are counted by kind`() throws {
    try written()
    let report = try LedgerFile.open(folder.ledger, mode: .readOnly).check()
    #expect(report.problems == [])
    #expect(report.records == [300, 1, 20, 0])
    #expect((report.published, report.unsettled) == (2, 0))
  }

  /// The error that opening gives; `.misuse` where only `check` finds something; nil where nothing
  /// finds anything, and then every record must be as it was.
  func judge() -> LedgerError.Kind? {
    failure {
      let file = try LedgerFile.open(folder.ledger, mode: .readWrite)
      let report = try file.check()
      guard report.isSound else { throw LedgerError(.misuse, "", "", mend: "") }
      let reader = try file.reader()
      for i in 0..<300 where try reader.published(key("a\(i)"))?.kind != .activity {
        Issue.record("an activity got lost")
      }
      for i in 0..<20 {
        let digest = ContentDigest(bits: i < 5 ? 99 : UInt64(i))
        if try reader.published(key("t\(i)"))?.digest != digest {
          Issue.record("a task got lost")
        }
      }
      reader.close()
      file.close()
    }
  }

  @Test(.seeded) func `a flipped bit anywhere is refused, reported, or harms no record`() throws {
    try written()
    let sound = read(folder.ledger)
    var refused = 0
    var reported = 0
    var harmless = 0
    var random = SeededNumbers(1)
    for _ in 0..<600 {
      var bytes = sound
      bytes[random.below(sound.count)] ^= 1 << UInt8(random.below(8))
      write(bytes, to: folder.ledger)
      switch judge() {
      case .damaged, .notALedger, .newer: refused += 1
      case .inputOutput: refused += 1
      case .misuse: reported += 1
      case nil: harmless += 1
      case let other: Issue.record("\(String(describing: other))")
      }
      unlink(folder.ledger + "-wal")
      unlink(folder.ledger + "-shm")
    }
    #expect(refused > 5 && reported > 50 && harmless > 5, "\(refused) \(reported) \(harmless)")
  }

  @Test func `a ledger with a lost record is not sound`() throws {
    try written()
    // Of two equal ledgers one gets another run; the record table of one with the runs of the other
    // is what a lost write looks like. Simpler: flip a digest's bit inside the file.
    var bytes = read(folder.ledger)
    let needle = withUnsafeBytes(of: key("a7").words) { Array($0) }
    let found = bytes.withByteView { hay in needle.withByteView { hay.firstRange(of: $0) } }
    let at = try #require(found)
    bytes[at] ^= 1
    write(bytes, to: folder.ledger)
    let report = try LedgerFile.open(folder.ledger, mode: .readOnly).check()
    #expect(report.problems.contains { $0.contains("activity") }, "\(report.problems)")
  }

  /// What output folders would say: the records of `written()`.
  func rebuild(_ file: LedgerFile, _ lock: RunLock) throws {
    try file.rebuild(lock: lock) { (rebuild) throws(LedgerError) in
      let first = try rebuild.run(
        RebuiltRun(id: 1, started: 10, program: "x", destination: Array("out/1".utf8)))
      for i in 0..<300 { try rebuild.record(key("a\(i)"), .activity, digest: nil, run: first) }
      for i in 0..<20 {
        try rebuild.record(
          key("t\(i)"), .task, digest: ContentDigest(bits: UInt64(i)), run: first)
      }
      let second = try rebuild.run(
        RebuiltRun(id: 2, started: 20, program: "x", destination: Array("out/2".utf8)))
      for i in 0..<5 {
        try rebuild.record(key("t\(i)"), .task, digest: ContentDigest(bits: 99), run: second)
      }
      try rebuild.record(key("l"), .lead, digest: nil, run: second)
      try rebuild.lead(CapturedLead(address: "ann@x", key: key("l")), run: second)
      let sam = try rebuild.word("sam")
      try rebuild.event(EventID(uid: key("u"), owner: sam), EventVersion(sequence: 4), run: second)
    }
  }

  @Test func `a damaged ledger is set aside and built again from what was published`() throws {
    try written()
    var bytes = read(folder.ledger)
    for i in 4096..<12_288 { bytes[i] = 0xAA }
    write(bytes, to: folder.ledger)
    #expect(failure { _ = try LedgerFile.open(folder.ledger, mode: .create) } == .damaged)
    let lock = try RunLock.acquire(ledger: folder.ledger, now: 0)
    let aside = try LedgerFile.setAside(folder.ledger, lock: lock)
    #expect(aside == folder.ledger + ".damaged-1")
    #expect(read(aside) == bytes)
    lock.release()
    let test = try TestLedger(folder)
    try rebuild(test.file, test.lock)
    let report = try test.file.check()
    #expect(report.problems == [])
    #expect(report.records == [300, 1, 20, 0])
    try test.reading { reader throws in
      #expect(try reader.published(key("a299")) != nil)
      #expect(try reader.published(key("t4"))?.digest == ContentDigest(bits: 99))
      #expect(try reader.published(key("t5"))?.digest == ContentDigest(bits: 5))
      #expect(try reader.lead(address: "ann@x") != nil)
      let sam = try #require(try reader.word("sam"))
      #expect(try reader.event(EventID(uid: key("u"), owner: sam))?.sequence == 4)
    }
    let session = try test.begin()
    #expect(session.run == 3, "numbers go on behind those of the folders")
    try session.publishNew(key("a0"), .activity)
    #expect(failure { try session.commit(counts: RunCounts()) } == .publishedTwice(key("a0")))
  }

  @Test func `rebuilding a sound ledger changes nothing that matters`() throws {
    try written()
    let test = try TestLedger(folder)
    try rebuild(test.file, test.lock)
    try rebuild(test.file, test.lock)
    let report = try test.file.check()
    #expect(report.problems == [])
    #expect(report.records == [300, 1, 20, 0])
    #expect(try test.file.log(LogQuery()).count == 50)
  }

  @Test func `a rebuild that fails keeps nothing`() throws {
    let test = try TestLedger(folder)
    let kind = failure {
      try test.file.rebuild(lock: test.lock) { (rebuild) throws(LedgerError) in
        let run = try rebuild.run(
          RebuiltRun(id: nil, started: 0, program: "", destination: []))
        try rebuild.record(key("a"), .activity, digest: nil, run: run)
        throw LedgerError(.inputOutput, "out/1", "a folder cannot be read", mend: "mend it")
      }
    }
    #expect(kind == .inputOutput)
    #expect(try test.file.allRuns().isEmpty)
    #expect(try test.reading { try $0.published(key("a")) } == nil)
  }
}
