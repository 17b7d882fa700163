import Bytes
import Ledger
import Testing

@Suite struct `The log` {
  let test: TestLedger

  init() throws { test = try TestLedger() }

  func decide(
    _ session: RunSession, _ subject: String, kind: ItemKind = .mail,
    outcome: ItemOutcome = .kept, direction: ItemDirection = .inbound, capture: Bool = false,
    user: String = "sam", reason: String = "matched", date: UnixTime? = nil,
    leads: [(String, String, String)] = [], records: [RecordKey] = []
  ) throws {
    let words = leads.map { (Array($0.0.utf8), Array($0.1.utf8), Array($0.2.utf8)) }
    func notes(_ rest: ArraySlice<([UInt8], [UInt8], [UInt8])>, _ done: [LeadNote]) throws {
      guard let first = rest.first else {
        return try subject.withByteView {
          try session.decide(
            DecisionRow(
              kind: kind, outcome: outcome, direction: direction, isCapture: capture,
              user: try session.word(user), reason: try session.word(reason), date: date,
              item: key(subject), subject: $0, leads: done, records: records))
        }
      }
      try first.0.withByteView { id in
        try first.1.withByteView { name in
          try first.2.withByteView { address in
            try notes(
              rest.dropFirst(), done + [LeadNote(id: id, name: name, address: address)])
          }
        }
      }
    }
    try notes(words[...], [])
  }

  func subjects(_ change: (inout LogQuery) -> Void) throws -> [String] {
    var query = LogQuery()
    query.newestFirst = false
    change(&query)
    return try test.file.log(query).map(\.subject)
  }

  @Test func `shows everything that was given`() throws {
    let run = try test.run(RunRow(started: 1000, program: "x")) {
      try decide(
        $0, "Grüße\u{7F}", kind: .event, outcome: .quarantined, direction: .outbound,
        capture: true, user: "ann", reason: "captured", date: -3,
        leads: [("L1", "Ann\tB\nC", "ann@x"), ("", "", "bob@x")], records: [key("a"), key("b")])
      try $0.decide(
        DecisionRow(kind: .mail, outcome: .dropped, reason: try $0.word("private")))
    }
    let rows = try test.file.log(LogQuery())
    #expect(rows.map(\.reason) == ["private", "captured"], "newest first")
    let row = try #require(rows.last)
    #expect((row.id, row.run, row.imported) == (1, run, 1000))
    #expect((row.kind, row.outcome, row.direction) == (.event, .quarantined, .outbound))
    #expect(row.isCapture)
    #expect((row.user, row.reason, row.date) == ("ann", "captured", -3))
    #expect(row.item == key("Grüße\u{7F}"))
    #expect(row.subject == "Grüße\u{7F}")
    #expect(row.leads.map(\.id) == ["L1", ""])
    #expect(row.leads.map(\.name) == ["Ann B C", ""])
    #expect(row.leads.map(\.address) == ["ann@x", "bob@x"])
    #expect(row.records == [key("a"), key("b")])
    let bare = try #require(rows.first)
    #expect(bare.subject.isEmpty && bare.leads.isEmpty && bare.records.isEmpty)
    #expect(bare.item == nil && bare.date == nil && bare.user.isEmpty)
  }

  @Test func `is filtered by user, direction, view, reason and outcome`() throws {
    try test.run {
      try decide($0, "1")
      try decide($0, "2", direction: .outbound, user: "ann")
      try decide($0, "3", kind: .event, user: "ann", reason: "internal")
      try decide($0, "4", kind: .task, outcome: .dropped)
      try decide($0, "5", capture: true, reason: "captured")
    }
    #expect(try subjects { _ in } == ["1", "2", "3", "4", "5"])
    #expect(try subjects { $0.user = "ann" } == ["2", "3"])
    #expect(try subjects { $0.direction = .outbound } == ["2"])
    #expect(try subjects { $0.view = .activities } == ["1", "2", "5"])
    #expect(try subjects { $0.view = .tasks } == ["3", "4"])
    #expect(try subjects { $0.view = .captures } == ["5"])
    #expect(try subjects { $0.reason = "internal" } == ["3"])
    #expect(try subjects { $0.outcome = .dropped } == ["4"])
    #expect(try subjects { ($0.user, $0.view) = ("ann", .tasks) } == ["3"])
    #expect(try subjects { $0.user = "eve" } == [])
    #expect(try subjects { $0.reason = "no-such" } == [])
  }

  @Test func `is ranged by import, or by the items' own dates`() throws {
    for (i, started) in [100, 200, 50, 300].enumerated() {  // the clock went back once
      try test.run(RunRow(started: UnixTime(started), program: "x")) {
        try decide($0, "\(i)a", date: UnixTime(1000 - i))
        try decide($0, "\(i)b")
      }
    }
    #expect(try subjects { ($0.from, $0.to) = (100, 300) } == ["0a", "0b", "1a", "1b"])
    #expect(try subjects { $0.to = 100 } == ["2a", "2b"])
    #expect(try subjects { $0.from = 300 } == ["3a", "3b"])
    #expect(
      try subjects { ($0.basis, $0.from, $0.to) = (.itemDate, 998, 1000) } == ["1a", "2a"])
    #expect(try subjects { $0.newestFirst = true }.first == "3b")
  }

  @Test func `finds a text in lead ids, lead names and subjects, whatever its case`() throws {
    try test.run {
      try decide($0, "Re: OFFER Älg")
      try decide($0, "other", leads: [("LEAD-7", "Åsa", "hidden@offer.example")])
    }
    #expect(try subjects { $0.find = "offer" } == ["Re: OFFER Älg"], "not in addresses")
    #expect(try subjects { $0.find = "äLG" } == ["Re: OFFER Älg"])
    #expect(try subjects { $0.find = "lead-7" } == ["other"])
    #expect(try subjects { $0.find = "åsa" } == ["other"])
    #expect(try subjects { $0.find = "%" } == [])
    #expect(try subjects { $0.find = "" }.count == 2)
    #expect(try subjects { $0.find = "o\nr" } == [])
    #expect(
      try subjects { $0.find = "\u{212A}" } == [], "KELVIN SIGN folds to k, which is not there")
    let exact = try subjects {
      $0.find = "offer"
      $0.fold = { Array($0.utf8) }
    }
    #expect(exact.isEmpty)
  }

  @Test func `is read page by page without gaps, also when rows are added meanwhile`() throws {
    for i in 0..<3 {
      try test.run { for j in 0..<4 { try decide($0, "\(i)\(j)") } }
    }
    for newestFirst in [true, false] {
      var query = LogQuery()
      query.newestFirst = newestFirst
      let all = try test.file.log(query)
      query.limit = 5
      var paged: [LogRow] = []
      while true {
        let page = try test.file.log(query)
        paged += page
        guard page.count == 5, let last = page.last else { break }
        query.after = last.id
      }
      #expect(paged == all)
      #expect(all.count == 12)
    }
    var query = LogQuery()
    query.limit = 2
    let page = try test.file.log(query)
    try test.run { try decide($0, "new") }
    query.after = page.last?.id
    #expect(try test.file.log(query).map(\.subject) == ["21", "20"])
  }

  @Test func `a run that was not committed is not in it`() throws {
    let session = try test.begin()
    try decide(session, "never")
    try session.abandon()
    #expect(try subjects { _ in } == [])
  }

  @Test func `pruning takes texts out of the file for good and keeps the keys`() throws {
    let secret = "Secret offer to Example"
    let old = try test.run(RunRow(started: 100, program: "x")) {
      for i in 0..<200 {
        try decide($0, "\(secret) \(i)", leads: [("L", "Secret Name", "ann@x")])
      }
      try $0.publishNew(key("a"), .activity)
      try $0.capture(
        CapturedLead(
          address: "ann@x", key: key("l"), name: "Secret Name", firstMessageID: "secret@id"))
    }
    try test.run(RunRow(started: 200, program: "x")) { try decide($0, "young") }
    let runs = try test.file.runsToPrune(importedBefore: 200)
    #expect(runs.map(\.id) == [old])
    #expect(runs.map(\.places.destination) == [Array("out/\(old)".utf8)])
    test.file.close()
    let file = try LedgerFile.open(test.folder.ledger, mode: .readWrite)
    func holds(_ text: String) -> Bool {
      read(test.folder.ledger).withByteView { hay in
        text.withByteView { hay.firstRange(of: $0) != nil }
      }
    }
    #expect(holds(secret) && holds("Secret Name") && holds("secret@id"))
    try file.prune([old], at: 300)
    #expect(try file.runsToPrune(importedBefore: 200).isEmpty)
    #expect(try file.allRuns().map(\.pruned) == [300, nil])
    #expect(try file.log(LogQuery()).map(\.subject).filter { !$0.isEmpty } == ["young"])
    #expect(try file.log(LogQuery()).count == 201, "what became of an item is still known")
    let reader = try file.reader()
    #expect(try reader.published(key("a")) != nil)
    #expect(try reader.lead(address: "ann@x")?.name == nil)
    #expect(try reader.lead(address: "ann@x") != nil)
    reader.close()
    #expect(try file.check().isSound)
    file.close()
    #expect(!holds(secret) && !holds("Secret Name") && !holds("secret@id"))
  }
}
