import Foundation
import Testing

@testable import Import

/// Runs that follow each other with one ledger.
@Suite struct Nightly {
  @Test("a second run over the same files publishes nothing and reads no mail again")
  func nothingNew() throws {
    let nights = try Chain(Scene([mail(id: "a"), mail(from: "x@else.test", id: "b")]))
    #expect(try nights.run().reasons == ["matched", "no-lead"])
    let second = try nights.run()
    #expect(second.decisions.isEmpty && second.activities.isEmpty)
    #expect(second.run["items"]["unread"].number == 2)
    let third = try nights.run { $0.memory.rescans = true }
    #expect(third.reasons == ["unchanged", "no-lead"] && third.activities.isEmpty)
  }

  @Test(
    "a mailbox that grew is read from where it ended; one that was rewritten from its beginning")
  func growth() throws {
    let nights = try Chain(Scene([mail(id: "a"), mail(subject: "Two", id: "b")]))
    try nights.run()
    try nights.append("sam.mbox", mbox([mail(subject: "Three", id: "c")]))
    let grown = try nights.run()
    #expect(grown.reasons == ["matched"] && grown.run["items"]["unread"].number == 2)
    #expect(grown.activities[0]["source"]["index"].number == 2)
    // A message in the middle is gone: everything is read, nothing is published twice.
    try nights.write("sam.mbox", mbox([mail(id: "a"), mail(subject: "Four", id: "d")]))
    let rewritten = try nights.run()
    #expect(rewritten.reasons == ["unchanged", "matched"])
    #expect(Set(nights.published).count == nights.published.count)
    // The next one knows the new file.
    #expect(try nights.run().decisions.isEmpty)
  }

  @Test("what changes in place is seen by its separators, though nothing grew")
  func changedInPlace() throws {
    let one = mbox([mail(id: "a"), mail(subject: "Two", id: "b")])
    let nights = try Chain(Scene([]))
    try nights.write("sam.mbox", one)
    try nights.run()
    let handle = try FileHandle(forUpdating: URL(fileURLWithPath: nights.folder.file("sam.mbox")))
    let at = (one as NSString).range(of: "Two").location
    try handle.seek(toOffset: UInt64(at))
    try handle.write(contentsOf: Data("Too".utf8))
    try handle.close()
    #expect(try nights.run().reasons == ["unchanged", "matched"])
  }

  @Test("another configuration or another user state reads everything again")
  func changedRules() throws {
    let scene = Scene([mail(id: "a"), mail(from: "x@else.test", id: "b")])
    let nights = try Chain(scene)
    try nights.run()
    var other = scene
    other.email = #"{"inbound":{"captureLeads":{"enabled":true}}}"#
    try nights.write("winnow.json", other.config)
    let o = try nights.run()
    #expect(o.reasons == ["unchanged", "captured"] && o.captured == ["x@else.test"])
    // A lead of an earlier run is a lead, and is written once.
    try nights.append("sam.mbox", mbox([mail(from: "x@else.test", subject: "More", id: "c")]))
    let more = try nights.run()
    #expect(more.reasons == ["captured"] && more.leads.isEmpty && more.activities.count == 1)
  }

  @Test("back-fill: a lead that the CRM's list gains brings its earlier mail, from its place")
  func backfillByList() throws {
    let nights = try Chain(
      Scene([
        mail(from: "x@else.test", id: "a", body: "first"), mail(id: "b"),
        mail(from: "x@else.test", subject: "Two", id: "c", body: "From here\n>From there"),
      ]))
    #expect(try nights.run().reasons == ["no-lead", "matched", "no-lead"])
    try nights.write("leads.csv", Scene.leadsCSV + "L9,x@else.test,\n")
    let o = try nights.run()
    #expect(o.reasons == ["matched", "matched"] && o.filed == ["L9", "L9"])
    #expect(o.activities.map { $0["source"]["index"].number } == [0, 2])
    #expect(o.run["backfill"]["read"].number == 2 && o.run["items"]["unread"].number == 1)
    #expect(try nights.run().decisions.isEmpty)
    // Stateless, the same records come out.
    let whole = try nights.folder.importAll(to: "whole") { $0.now = TimePoint("2026-03-01") }
    let all = try Outputs(nights.folder, status: whole, in: "whole")
    #expect(Set(all.activities.compactMap { $0["key"].text }) == Set(nights.published))
  }

  @Test("back-fill: an address that a later mail captures brings its earlier mail of another night")
  func backfillByCapture() throws {
    let nights = try Chain(
      Scene(
        [mail(from: "x@else.test", id: "a")],
        email: #"{"outbound":{"captureLeads":{"enabled":true}}}"#))
    #expect(try nights.run().reasons == ["no-lead"])
    try nights.append("sam.mbox", mbox([sent(to: "x@else.test", id: "b")]))
    let o = try nights.run()
    #expect(o.reasons == ["captured", "captured"] && o.captured == ["x@else.test"])
    #expect(o.activities.count == 2)
  }

  @Test("a lead gained later also gets the mail that another lead kept")
  func backfillOfKept() throws {
    let nights = try Chain(Scene([sent(to: "ann@client.test, x@else.test", id: "a")]))
    #expect(try nights.run().filed == ["L1"])
    try nights.write("leads.csv", Scene.leadsCSV + "L9,x@else.test,\n")
    #expect(try nights.run().filed == ["L9"])
  }

  @Test("EML and Maildir files that are unchanged are not opened; new ones are read")
  func files() throws {
    var scene = Scene([])
    scene.files = [
      "leads.csv": Scene.leadsCSV, "eml/1.eml": mail(id: "a"),
      "md/cur/1.host:2,S": mail(subject: "Dir", id: "b"),
      "md/new/2.host": mail(
        from: "x@else.test", id: "c"),
    ]
    scene.sources = #"[{"path":"eml/*.eml","owner":"sam"},{"path":"md","owner":"sam"}]"#
    let nights = try Chain(scene)
    #expect(try nights.run().reasons == ["matched", "matched", "no-lead"])
    // Seen and answered since: the same message.
    try FileManager.default.moveItem(
      atPath: nights.folder.file("md/new/2.host"), toPath: nights.folder.file("md/cur/2.host:2,RS"))
    try nights.write("eml/2.eml", mail(subject: "New", id: "d"))
    let o = try nights.run()
    #expect(o.reasons == ["matched"] && o.run["items"]["unread"].number == 3)
    try nights.write("leads.csv", Scene.leadsCSV + "L9,x@else.test,\n")
    #expect(try nights.run().filed == ["L9"])
  }

  @Test("CS-6.3-in: a meeting that moved is updated, one that is cancelled is written as cancelled")
  func meetings() throws {
    let nights = try Chain(Scene(calendars: [calendar([event("m"), event("c"), event("u")])]))
    #expect(try nights.run().starts.count == 3)
    try nights.write(
      "sam.ics",
      calendar([
        event("m", start: "20260310T130000Z", end: "20260310T140000Z", sequence: 1),
        event("c", sequence: 1, more: ["STATUS:CANCELLED"]), event("u"),
      ]))
    let o = try nights.run()
    #expect(o.reasons == ["matched", "matched", "unchanged"])
    #expect(o.tasks.compactMap { $0["status"].text } == ["updated", "cancelled"])
    #expect(o.tasks[0]["start"].text == "2026-03-10T13:00:00Z")
    #expect(o.tasks[1]["start"].text == "2026-03-10T09:00:00Z")
    let quiet = try nights.run()
    #expect(quiet.tasks.isEmpty && quiet.reasons == ["unchanged", "cancelled", "unchanged"])
  }

  @Test("a cancelled instance of a known series cancels its task alone")
  func cancelledInstance() throws {
    let master = event("s", more: ["RRULE:FREQ=DAILY;COUNT=3"])
    let nights = try Chain(Scene(calendars: [calendar([master])]))
    #expect(try nights.run().tasks.count == 3)
    try nights.write(
      "sam.ics",
      calendar([
        master,
        event(
          "s", start: "20260311T090000Z", end: "20260311T100000Z",
          more: ["RECURRENCE-ID:20260311T090000Z", "STATUS:CANCELLED"]),
      ]))
    let o = try nights.run()
    #expect(o.tasks.compactMap { $0["status"].text } == ["cancelled"])
    #expect(o.tasks[0]["recurrenceId"].text == "2026-03-11T09:00:00Z")
  }

  @Test(
    "CS-F-private: a public meeting that becomes private freezes, and goes on when it is public")
  func frozen() throws {
    let nights = try Chain(Scene(calendars: [calendar([event("m")])]))
    try nights.run()
    let moved = event("m", start: "20260311T090000Z", end: "20260311T100000Z", sequence: 1)
    try nights.write(
      "sam.ics",
      calendar([moved.replacingOccurrences(of: "SEQUENCE", with: "CLASS:PRIVATE\r\nSEQUENCE")]))
    let o = try nights.run()
    #expect(o.reasons == ["private-frozen"] && o.tasks.isEmpty)
    try nights.write("sam.ics", calendar([moved]))
    #expect(try nights.run().starts == ["2026-03-11T09:00:00Z"])
  }

  @Test("UP-9-past: what is over stays where it was; other changes go through")
  func past() throws {
    var scene = Scene(
      calendars: [calendar([event("m")])],
      settings: #"{"freezePast":true,"window":{"from":"2026-01-01"}}"#)
    scene.profile = "generic"
    let nights = try Chain(scene)
    try nights.run()
    try nights.write(
      "sam.ics", calendar([event("m", start: "20260310T130000Z", end: "20260310T140000Z")]))
    let later: (inout ImportOptions) -> Void = { $0.now = TimePoint("2026-03-20") }
    #expect(try nights.run(later).reasons == ["past-frozen"])
    try nights.write(
      "sam.ics",
      calendar([event("m", start: "20260310T130000Z", end: "20260310T140000Z", summary: "Other")]))
    let o = try nights.run(later)
    #expect(o.starts == ["2026-03-10T09:00:00Z"] && o.tasks[0]["subject"].text == "Other")
  }

  @Test("a dry run leaves no trace, and --no-ledger stands alone")
  func traces() throws {
    let nights = try Chain(Scene([mail(id: "a")]))
    _ = try nights.folder.importAll {
      $0.out = nil
      $0.isDryRun = true
    }
    #expect(!FileManager.default.fileExists(atPath: nights.folder.file("out")))
    _ = try nights.folder.importAll {
      $0.out = nil
      $0.memory.isStateless = true
    }
    #expect(!FileManager.default.fileExists(atPath: nights.folder.file("out/winnow.sqlite")))
    #expect(try nights.run().activities.count == 1)
  }

  @Test("--ledger with --out: an earlier result there is never exchanged")
  func out() throws {
    let nights = try Chain(Scene([mail(id: "a")]))
    let ledger = nights.folder.file("l.sqlite")
    try nights.folder.importAll(to: "r1") { $0.memory.ledger = ledger }
    #expect(throws: RunError.self) {
      try nights.folder.importAll(to: "r1") { $0.memory.ledger = ledger }
    }
    try nights.folder.importAll(to: "r2") { $0.memory.ledger = ledger }
    let o = try Outputs(nights.folder, status: .done, in: "r2")
    #expect(o.activities.isEmpty)
  }
}
