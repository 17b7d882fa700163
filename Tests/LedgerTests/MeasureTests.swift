import Bytes
import Glibc
import Ledger
import Testing

/// What rows take in the file and that all are found again. The figures of the article, which need
/// more rows, are printed on demand: WINNOW_MEASURE=1000000 swift test -c release --filter
/// LedgerTests.MeasureTests
@Test func `ledgers of many rows find them all and stay as small as the article says`() throws {
  let asked = getenv("WINNOW_MEASURE").flatMap { Int64(String(cString: $0)) }
  let n = asked ?? 5_000
  let folder = TestFolder(in: "/var/tmp")
  var test = try TestLedger(folder)
  func size(_ suffix: String = "") -> Int {
    var s = stat()
    return stat(folder.ledger + suffix, &s) == 0 ? Int(s.st_size) : 0
  }
  func say(_ text: @autoclosure () -> String) {
    if asked != nil { print("measure: \(text())") }
  }
  func timed(_ what: String, per count: Int64 = n, _ body: () throws -> Void) rethrows {
    let clock = ContinuousClock()
    let start = clock.now
    try body()
    let d = start.duration(to: clock.now)
    let seconds = Double(d.components.seconds) + Double(d.components.attoseconds) / 1e18
    say("\(what): \(seconds) s, \(Int(Double(count) / seconds)) a second")
  }
  func recordKey(_ i: Int64) -> RecordKey { key("record \(i)") }
  let keys = (0..<n).map(recordKey)
  let absent = (0..<n).map { recordKey($0 + n) }

  let records = try test.begin()
  try timed("append records") {
    for key in keys { try records.publishNew(key, .activity, digest: nil) }
  }
  try timed("commit records") { try records.commit(counts: RunCounts(items: n)) }
  try timed("mark", per: 1) { try test.file.markPublished(records.run) }
  say("file \(size()), log \(size("-wal")), a record \(Double(size()) / Double(n))")

  for (name, isPreloaded) in [("statement", false), ("preloaded", true)] {
    let reader = try test.file.reader()
    if isPreloaded { try timed("preload") { try reader.preload() } }
    try timed("look up known, \(name)") {
      for key in keys.reversed() where try reader.published(key) == nil { Issue.record("lost") }
    }
    try timed("look up unknown, \(name)") {
      for key in absent where try reader.published(key) != nil { Issue.record("found") }
    }
    try timed("look up known, \(name), 1,000 at once") {
      var i = 0
      while i < keys.count {
        _ = try reader.published(Array(keys[i..<min(i + 1_000, keys.count)]))
        i += 1_000
      }
    }
    reader.close()
  }

  for run in 0..<10 {
    let more = try test.begin()
    for i in 0..<n / 10 {
      try more.publishNew(recordKey(2 * n + Int64(run) * n + i), .activity)
    }
    try timed("commit a tenth more", per: n / 10) { try more.commit(counts: RunCounts()) }
    try test.file.markPublished(more.run)
  }
  test.file.close()
  let perRecord = Double(size()) / Double(2 * n)
  say("after ten more runs a record \(perRecord)")
  // 28 where there are many; the other tables have their pages, too.
  #expect(perRecord < 45)
  test.lock.release()
  test = try TestLedger(folder)

  let before = size()
  let decisions = try test.begin()
  let user = try decisions.word("sam")
  let reason = try decisions.word("matched")
  try timed("append decisions") {
    for i in 0..<n {
      try "Re: the offer of last week, number \(i)".withByteView { subject in
        try "L-\(i)".withByteView { id in
          try "Ann Example".withByteView { name in
            try "ann.\(i)@example.com".withByteView { address in
              try decisions.decide(
                DecisionRow(
                  kind: .mail, outcome: .kept, direction: .inbound, user: user, reason: reason,
                  date: 1_790_000_000 + i, subject: subject,
                  leads: [LeadNote(id: id, name: name, address: address)],
                  records: [keys[Int(i)]]))
            }
          }
        }
      }
    }
  }
  try timed("commit decisions") { try decisions.commit(counts: RunCounts(items: n)) }
  try test.file.markPublished(decisions.run)
  say("a decision \(Double(size() - before) / Double(n)); log \(size("-wal"))")

  let between = size()
  let places = try test.begin()
  let source = places.newSource()
  try places.setSource(source, SourceState(path: Array("a.mbox".utf8)))
  try timed("append counterparts") {
    for i in 0..<n {
      try places.keepForBackfill(
        address("person \(i)"), StoredPlace(source: source, offset: i * 3000, length: 3000, item: i)
      )
    }
  }
  try timed("commit counterparts") { try places.commit(counts: RunCounts(items: n)) }
  try test.file.markPublished(places.run)
  say("a counterpart \(Double(size() - between) / Double(n))")

  try timed("log, one user and text") {
    var query = LogQuery()
    query.user = "sam"
    query.find = "NUMBER \(n - 1)"
    let found = try test.file.log(query).count
    #expect(found == 1)
  }
  try timed("check") {
    let report = try test.file.check()
    #expect(report.problems == [])
  }
  test.file.close()
  say("file \(size()) in all")
  // 128 and 30.
  #expect(Double(size() - before) / Double(n) < 200)

  var opened: LedgerFile?
  try timed("open", per: 1) { opened = try LedgerFile.open(folder.ledger, mode: .readWrite) }
  guard let opened else { return }
  try timed("a run of ten mails that no rule keeps", per: 10) {
    _ = try opened.recoveryActions()
    let session = try RunSession.begin(
      opened, lock: test.lock, facts: RunRow(started: 1, program: "x")
    ) { RunPlaces(staging: [0x61], destination: Array("\($0)".utf8)) }
    let known = try "a.mbox".withByteView { try session.reader.source(path: $0) }
    for i in 0..<10 {
      _ = try session.reader.published(recordKey(Int64(i) + 5 * n))
      let word = try session.word("no-lead")
      try session.decide(DecisionRow(kind: .mail, outcome: .dropped, reason: word))
    }
    if let known { try session.setSource(known.id, known.state) }
    try session.commit(counts: RunCounts(items: 10, dropped: 10))
    try opened.markPublished(session.run)
    opened.close()
  }
}
