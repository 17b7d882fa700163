import Bytes
import Ledger
import Testing

@Suite struct `A run` {
  let test: TestLedger

  init() throws { test = try TestLedger() }

  @Test func `publishes at its commit and not before`() throws {
    let session = try test.begin()
    try session.publishNew(key("a"), .task, digest: ContentDigest(bits: .max))
    try session.publishNew(key("b"), .activity)
    let other = try LedgerFile.open(test.folder.ledger, mode: .readOnly)
    let before = try other.reader()
    #expect(try before.published(key("a")) == nil)
    before.close()
    try session.commit(counts: RunCounts(items: 2, kept: 2))
    let after = try other.reader()
    let a = try after.published(key("a"))
    #expect(a?.kind == .task)
    #expect(a?.run == session.run)
    #expect(a?.digest == ContentDigest(bits: .max))
    let b = try after.published(key("b"))
    #expect(b?.kind == .activity)
    #expect(b != nil && b?.digest == nil)
    #expect(
      try after.published([key("b"), key("c"), key("a")]).map { $0?.kind } == [
        .activity, nil, .task,
      ])
    try test.file.markPublished(session.run)
    let info = try #require(try test.file.lastPublishedRun())
    #expect(info.newRecords == 2)
    #expect(info.counts == RunCounts(items: 2, kept: 2))
    #expect(try test.file.check().isSound)
  }

  @Test func `leaves no file beside the ledger that it made for itself`() throws {
    try test.run { try $0.publishNew(key("a"), .lead) }
    test.file.close()
    #expect(test.folder.names == ["winnow.sqlite", "winnow.sqlite.lock"])
  }

  @Test func `cannot publish a record a second time, and then publishes nothing`() throws {
    try test.run { try $0.publishNew(key("a"), .activity) }
    let session = try test.begin()
    try session.publishNew(key("b"), .activity)
    try session.publishNew(key("a"), .activity)
    do {
      try session.commit(counts: RunCounts())
      Issue.record("committed")
    } catch {
      #expect(error.kind == .publishedTwice(key("a")))
      #expect(error.exitStatus == 70)
      #expect(error.what.contains("\(key("a"))"))
    }
    #expect(try test.reading { try $0.published(key("b")) } == nil)
    #expect(try test.file.recoveryActions().count == 1)
    try session.abandon()
    try test.file.markDiscarded(session.run)
    #expect(try test.file.check().isSound)
  }

  @Test func `cannot publish a record twice in itself`() throws {
    let session = try test.begin()
    try session.publishNew(key("a"), .activity)
    try session.publishNew(key("a"), .activity)
    #expect(failure { try session.commit(counts: RunCounts()) } == .publishedTwice(key("a")))
  }

  @Test func `cannot change what was never published, nor its kind`() throws {
    try test.run { try $0.publishNew(key("a"), .task) }
    for (name, kind) in [("x", RecordKind.task), ("a", .block)] {
      let session = try test.begin()
      try session.publishChanged(key(name), kind)
      #expect(failure { try session.commit(counts: RunCounts()) } == .neverPublished(key(name)))
      try test.file.markDiscarded(session.run)
    }
  }

  @Test func `writes a changed record again under its key`() throws {
    let first = try test.run {
      try $0.publishNew(key("a"), .task, digest: ContentDigest(bits: 1))
      try $0.publishNew(key("b"), .task, digest: ContentDigest(bits: 1))
    }
    let second = try test.run {
      try $0.publishChanged(key("a"), .task, digest: ContentDigest(bits: 2))
    }
    try test.reading { reader throws in
      let a = try reader.published(key("a"))
      #expect(a?.digest == ContentDigest(bits: 2))
      #expect(a?.run == second)
      #expect(try reader.published(key("b"))?.run == first)
    }
    let runs = try test.file.allRuns()
    #expect(runs.map(\.newRecords) == [2, 0])
    #expect(runs.map(\.changedRecords) == [0, 1])
    #expect(try test.file.check().problems == [])
  }

  @Test func `keeps the ledger's view of its beginning and sees words of earlier runs`() throws {
    var sam: WordID?
    try test.run { sam = try $0.word("sam") }
    let session = try test.begin()
    #expect(try session.word("sam") == sam)
    let ann = try session.word("ann")
    #expect(try session.word("ann") == ann)
    #expect(ann != sam)
    try session.commit(counts: RunCounts())
    try test.file.markPublished(session.run)
    try test.reading { reader throws in
      #expect(try reader.word("ann") == ann)
      #expect(try reader.text(ann) == "ann")
      #expect(try reader.word("bob") == nil)
    }
  }

  @Test func `preloading keys changes no answer`() throws {
    try test.run { session in
      for i in 0..<500 { try session.publishNew(key("k\(i)"), .activity) }
      try session.publishNew(RecordKey(words: (0, 7)), .activity)
    }
    try test.reading { reader throws in
      try reader.preload()
      for i in 0..<500 { #expect(try reader.published(key("k\(i)")) != nil) }
      for i in 500..<1_000 { #expect(try reader.published(key("k\(i)")) == nil) }
      #expect(try reader.published(RecordKey(words: (0, 7))) != nil)
      #expect(try reader.published(RecordKey(words: (0, 8))) == nil)
    }
  }

  @Test func `that ended cannot go on`() throws {
    let session = try test.begin()
    try session.commit(counts: RunCounts())
    #expect(failure { try session.publishNew(key("a"), .activity) } == .misuse)
    #expect(failure { try session.commit(counts: RunCounts()) } == .misuse)
    #expect(failure { _ = try session.reader.published(key("a")) } == .misuse)
  }

  @Test func `writing the ledger under an open view is refused, not mixed in`() throws {
    let session = try test.begin()
    #expect(failure { try test.file.setUser("sam", .paused, at: 1) } == .misuse)
    try session.commit(counts: RunCounts())
    try test.file.setUser("sam", .paused, at: 1)
  }

  @Test func `keys come back from their digits`() {
    let digits = "\(key("a"))"
    #expect(digits.utf8.count == 32)
    #expect(digits.withByteView { RecordKey(hex: $0) } == key("a"))
    #expect(digits.uppercased().withByteView { RecordKey(hex: $0) } == key("a"))
    for wrong in ["", "0", digits + "0", "g" + digits.dropFirst()] {
      #expect(wrong.withByteView { RecordKey(hex: $0) } == nil)
    }
  }
}

@Suite struct `An interrupted run` {
  let test: TestLedger

  init() throws { test = try TestLedger() }

  @Test func `that was never committed is discarded, and its number is not used again`() throws {
    var session: RunSession? = try test.begin()
    try session?.publishNew(key("a"), .activity)
    let run = try #require(session?.run)
    session = nil  // as if killed
    let actions = try test.file.recoveryActions()
    guard case .discard(let info)? = actions.first, actions.count == 1 else {
      Issue.record("\(actions)")
      return
    }
    #expect(info.id == run)
    #expect(info.places.staging == Array("out/.winnow-\(run)".utf8))
    #expect(failure { _ = try test.begin() } == .recoveryNeeded)
    try test.file.markDiscarded(run)
    #expect(try test.file.recoveryActions().isEmpty)
    let next = try test.begin()
    #expect(next.run == run + 1)
    try next.publishNew(key("a"), .activity)
    try next.commit(counts: RunCounts())
  }

  @Test func `that was committed is to be finished`() throws {
    let session = try test.begin(RunRow(started: 7, program: "1.0", config: [1], users: [2]))
    try session.publishNew(key("a"), .activity)
    try session.commit(counts: RunCounts(items: 1, kept: 1), manifest: [9, 9])
    #expect(failure { _ = try test.begin() } == .recoveryNeeded)
    guard case .finish(let info)? = try test.file.recoveryActions().first else {
      Issue.record("nothing to finish")
      return
    }
    #expect(info.manifest == [9, 9])
    #expect(info.facts == RunRow(started: 7, program: "1.0", config: [1], users: [2]))
    #expect(info.places.destination == Array("out/\(info.id)".utf8))
    try test.file.markPublished(info.id)
    try test.file.markPublished(info.id)
    #expect(try test.file.recoveryActions().isEmpty)
    #expect(try test.file.lastPublishedRun()?.state == .published)
    #expect(failure { try test.file.markPublished(info.id + 1) } == .misuse)
  }

  @Test func `whose output is lost is taken back whole`() throws {
    let sam = try { () -> WordID in
      var sam: WordID?
      try test.run {
        sam = try $0.word("sam")
        try $0.publishNew(key("old"), .task, digest: ContentDigest(bits: 1))
        try $0.setSource($0.newSource(), SourceState(path: [0x61]))
      }
      return try #require(sam)
    }()
    let session = try test.begin()
    try session.publishNew(key("new"), .activity)
    try session.publishChanged(key("old"), .task, digest: ContentDigest(bits: 2))
    let source = session.newSource()
    try session.setSource(source, SourceState(path: [0x62]))
    try session.keepForBackfill(
      address("a@b"), StoredPlace(source: source, offset: 0, length: 1, item: 0))
    try session.capture(CapturedLead(address: "a@b", key: key("lead")))
    let event = EventID(uid: key("uid"), owner: sam)
    try session.setEvent(event, EventVersion())
    try session.decide(
      DecisionRow(kind: .mail, outcome: .kept, reason: try session.word("matched")))
    try session.commit(counts: RunCounts())
    try test.file.forget(session.run)

    #expect(try test.file.recoveryActions().isEmpty)
    try test.reading { reader throws in
      #expect(try reader.published(key("new")) == nil)
      let old = try reader.published(key("old"))
      #expect(old != nil && old?.digest == nil, "still known, but to be written again")
      #expect(try reader.source(source) == nil)
      let other = try ([0x61] as [UInt8]).withByteView { try reader.source(path: $0) }
      #expect(other == nil, "the run may have had mail of it by back-fill")
      #expect(try reader.backfill(address("a@b")).isEmpty)
      #expect(try reader.lead(address: "a@b") == nil)
      #expect(try reader.event(event) == nil)
    }
    #expect(try test.file.log(LogQuery()).isEmpty)
    #expect(try test.file.check().problems == [])
    try test.run {
      try $0.publishNew(key("new"), .activity)
      try $0.publishChanged(key("old"), .task, digest: ContentDigest(bits: 2))
    }
    #expect(try test.file.check().problems == [])
  }

  @Test func `only a run that nobody has seen can be taken back`() throws {
    let run = try test.run { try $0.publishNew(key("a"), .activity) }
    #expect(failure { try test.file.forget(run) } == .misuse)
    #expect(try test.reading { try $0.published(key("a")) } != nil)
  }
}
