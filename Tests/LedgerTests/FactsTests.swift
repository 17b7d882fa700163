import Bytes
import Ledger
import Testing

@Suite struct `Sources and back-fill` {
  let test: TestLedger

  init() throws { test = try TestLedger() }

  func known(_ path: String) throws -> KnownSource? {
    try test.reading { reader in try path.withByteView { try reader.source(path: $0) } }
  }

  @Test func `a source's state comes back as it was given, with its run's digests`() throws {
    let state = try { () -> SourceState in
      var state: SourceState?
      try test.run(RunRow(started: 1, program: "x", config: [1], users: [2], lists: [3])) {
        state = SourceState(
          path: [0x61, 0xFF, 0x2F], owner: try $0.word("sam"), device: -1, inode: .max,
          size: 3_000_000_000, modified: 5, changed: 6, offset: 2_999_999_999, items: 10,
          fingerprint: [7], marks: [], digest: nil, note: [0, 1])
        if let state { try $0.setSource($0.newSource(), state) }
      }
      return try #require(state)
    }()
    try test.reading { reader throws in
      let known = try state.path.withByteView { try reader.source(path: $0) }
      #expect(known?.state == state)
      #expect(known?.config == [1] && known?.users == [2] && known?.lists == [3])
      var all: [KnownSource] = []
      try reader.forEachSource {
        all.append($0)
        return true
      }
      #expect(all == [known].compactMap(\.self))
    }
  }

  @Test func `a grown source keeps its number and a newer run`() throws {
    let first = try test.run(RunRow(started: 1, program: "x", config: [1])) {
      try $0.setSource($0.newSource(), SourceState(path: Array("a".utf8), offset: 10))
    }
    let before = try #require(try known("a"))
    #expect(before.run == first)
    let second = try test.run(RunRow(started: 2, program: "x", config: [2])) {
      try $0.setSource(before.id, SourceState(path: Array("a".utf8), offset: 20))
    }
    let after = try #require(try known("a"))
    #expect(after.id == before.id)
    #expect(after.state.offset == 20)
    #expect(after.run == second)
    #expect(after.config == [2])
  }

  @Test func `a source read anew gets a number of its own, and old places are void`() throws {
    try test.run {
      let old = $0.newSource()
      try $0.setSource(old, SourceState(path: Array("a".utf8)))
      try $0.keepForBackfill(
        address("ann@x"), StoredPlace(source: old, offset: 5, length: 1, item: 0))
    }
    let old = try #require(try known("a"))
    try test.run {
      let new = $0.newSource()
      #expect(new != old.id)
      try $0.setSource(new, SourceState(path: Array("a".utf8)))
      try $0.dropSource(old.id)
      try $0.keepForBackfill(
        address("ann@x"), StoredPlace(source: new, offset: 9, length: 1, item: 0))
    }
    let new = try #require(try known("a"))
    try test.reading { reader throws in
      #expect(try reader.backfill(address("ann@x")).map(\.offset) == [9])
      #expect(try reader.source(old.id) == nil)
      #expect(try reader.source(new.id) != nil)
    }
    // Even when the newest source is gone, its number stays taken.
    try test.run { try $0.dropSource(new.id) }
    try test.run {
      let next = $0.newSource()
      #expect(next != new.id && next != old.id)
    }
  }

  @Test func `mail kept for back-fill is found by address until it was read again`() throws {
    let places = (0..<3).map { i in
      { (s: SourceID) in StoredPlace(source: s, offset: Int64(i) * 100, length: 90, item: Int64(i))
      }
    }
    try test.run {
      let source = $0.newSource()
      try $0.setSource(source, SourceState(path: Array("a".utf8)))
      for place in places.reversed() { try $0.keepForBackfill(address("ann@x"), place(source)) }
      try $0.keepForBackfill(address("bob@x"), places[1](source))
    }
    try test.reading { reader throws in
      #expect(try reader.backfill(address("ann@x")).map(\.offset) == [0, 100, 200])
      let asked = ["eve@x", "bob@x", "ann@x"].map(address)
      #expect(try reader.backfillable(asked) == [address("bob@x"), address("ann@x")])
    }
    let source = try #require(try known("a")).id
    try test.run {
      try $0.backfilled(address("ann@x"))
      try $0.keepForBackfill(address("ann@x"), places[2](source))
    }
    try test.reading { reader throws in
      #expect(try reader.backfill(address("ann@x")) == [places[2](source)])
      #expect(try reader.backfill(address("bob@x")) == [places[1](source)])
    }
  }
}

@Suite struct `Leads, events and quarantine` {
  let test: TestLedger

  init() throws { test = try TestLedger() }

  @Test func `captured leads come back by address, an earlier mail corrects them`() throws {
    let lead = CapturedLead(
      address: "ann@x", key: key("ann"), name: "Ann", firstSeen: 50, firstMessageID: "m2@x")
    var earlier = lead
    earlier.firstSeen = 40
    earlier.firstMessageID = "m1@x"
    try test.run {
      try $0.capture(CapturedLead(address: "bob@x", key: key("bob")))
      try $0.capture(lead)
    }
    try test.run { try $0.capture(earlier) }
    try test.reading { reader throws in
      var all: [CapturedLead] = []
      try reader.forEachLead {
        all.append($0)
        return true
      }
      #expect(all == [earlier, CapturedLead(address: "bob@x", key: key("bob"))])
      #expect(try reader.lead(address: "ann@x") == earlier)
      #expect(try reader.lead(address: "Ann@x") == nil, "bytes, not letters")
    }
  }

  @Test func `event versions are kept by UID, owner and recurrence`() throws {
    var ids: [EventID] = []
    let version = EventVersion(
      state: .active, record: key("task"), sequence: 3, modified: 100, starts: -5, ends: .max)
    var cancelled = version
    cancelled.state = .cancelled
    cancelled.sequence = 4
    try test.run {
      let (sam, ann) = (try $0.word("sam"), try $0.word("ann"))
      ids = [
        EventID(uid: key("u"), owner: sam),
        EventID(uid: key("u"), owner: sam, recurrence: Array("20260101T100000Z".utf8)),
        EventID(uid: key("u"), owner: ann), EventID(uid: key("v"), owner: sam),
      ]
      for id in ids { try $0.setEvent(id, version) }
    }
    try test.run { try $0.setEvent(ids[1], cancelled) }
    try test.reading { reader throws in
      #expect(try reader.event(ids[0]) == version)
      #expect(try reader.event(ids[1]) == cancelled)
      let found = try reader.events(uid: key("u"), owner: ids[0].owner)
      #expect(found.map(\.id) == [ids[0], ids[1]])
      #expect(found.map(\.version) == [version, cancelled])
      var count = 0
      try reader.forEachEvent { _, _ in
        count += 1
        return count < 3
      }
      #expect(count == 3, "stops when told")
      #expect(try reader.event(EventID(uid: key("w"), owner: ids[0].owner)) == nil)
    }
  }

  @Test func `an event is frozen for its owner until it is public again`() throws {
    var (sam, ann): (WordID?, WordID?)
    try test.run {
      sam = try $0.word("sam")
      ann = try $0.word("ann")
      if let sam { try $0.setFrozen(key("u"), owner: sam, true) }
    }
    let (owner, other) = (try #require(sam), try #require(ann))
    try test.reading { reader throws in
      #expect(try reader.isFrozen(key("u"), owner: owner))
      #expect(try !reader.isFrozen(key("u"), owner: other))
    }
    try test.run {
      try $0.setFrozen(key("u"), owner: other, true)
      try $0.setFrozen(key("u"), owner: owner, false)
    }
    try test.reading { reader throws in
      #expect(try !reader.isFrozen(key("u"), owner: owner))
      #expect(try reader.isFrozen(key("u"), owner: other))
    }
  }

  @Test func `a quarantined item counts its attempts and is listed until it was read`() throws {
    let item = QuarantinedItem(
      item: key("bytes"), path: [0x61, 0xFF], offset: 7, length: 9, number: 2, error: "too deep")
    var again = item
    again.error = "still too deep"
    let first = try test.run {
      var mine = item
      mine.owner = try $0.word("sam")
      try $0.quarantine(mine)
    }
    let second = try test.run(RunRow(started: 2, program: "2.0")) { try $0.quarantine(again) }
    let entry = try #require(try test.file.quarantined().first)
    #expect(entry.item == again)
    #expect(entry.attempts == 2)
    #expect((entry.firstRun, entry.lastRun) == (first, second))
    #expect(entry.program == "2.0")
    #expect(try test.file.quarantined(id: entry.id) == [entry])
    #expect(try test.file.quarantined(id: entry.id + 1).isEmpty)
    let third = try test.run { try $0.resolveQuarantined(key("bytes")) }
    #expect(try test.file.quarantined().isEmpty)
    let resolved = try test.file.quarantined(includingResolved: true)
    #expect(resolved.map(\.resolved) == [third])
    #expect(resolved.map(\.attempts) == [3])
    try test.run { try $0.quarantine(item) }
    #expect(try test.file.quarantined().map(\.id) == [entry.id], "the same bytes, the same number")
  }
}

@Suite struct `Users` {
  let test: TestLedger

  init() throws { test = try TestLedger() }

  func user(_ id: String) throws -> UserEntry? { try test.file.users().first { $0.id == id } }

  @Test func `pausing and resuming are kept with their times`() throws {
    try test.file.setUser("sam", .paused, at: 10, provider: "gmail")
    try test.file.setUser("ann", .active, at: 11)
    try test.file.setUser("sam", .paused, at: 20)
    #expect(try test.file.users().map(\.id) == ["ann", "sam"])
    #expect(
      try user("sam") == UserEntry(id: "sam", state: .paused, since: 10, provider: "gmail"))
    try test.file.setUser("sam", .active, at: 30)
    #expect(try user("sam")?.since == 30)
    #expect(try user("sam")?.connected == nil, "a pause is no new beginning")
  }

  @Test func `a removal forgets how far the user's sources were read, nothing else`() throws {
    try test.run {
      let (sam, ann) = (try $0.word("sam"), try $0.word("ann"))
      for (owner, path) in [(sam, "s"), (ann, "a")] {
        let source = $0.newSource()
        try $0.setSource(source, SourceState(path: Array(path.utf8), owner: owner))
        try $0.keepForBackfill(
          address("x@\(path)"), StoredPlace(source: source, offset: 0, length: 1, item: 0))
      }
      try $0.publishNew(key("a"), .activity)
    }
    try test.file.setUser("sam", .removed, at: 50)
    try test.reading { reader throws in
      let mine = try "s".withByteView { try reader.source(path: $0) }
      let other = try "a".withByteView { try reader.source(path: $0) }
      #expect(mine == nil && other != nil)
      #expect(try reader.backfillable([address("x@s"), address("x@a")]) == [address("x@a")])
      #expect(try reader.published(key("a")) != nil)
    }
    try test.file.setUser("sam", .active, at: 60)
    #expect(try user("sam")?.connected == 60)
    #expect(try test.file.check().isSound)
  }

  @Test func `the newest event seen only grows`() throws {
    let first = try test.run { try $0.setLastEvent(user: "sam", 100) }
    #expect(try user("sam")?.lastEvent == 100)
    #expect(try user("sam")?.lastRun == first)
    try test.file.setUser("sam", .paused, at: 5)
    let second = try test.run { try $0.setLastEvent(user: "sam", 90) }
    #expect(try user("sam")?.lastEvent == 100)
    #expect(try user("sam")?.lastRun == second)
    #expect(try user("sam")?.state == .paused, "a run changes no state")
  }
}
