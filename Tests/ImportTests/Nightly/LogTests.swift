import Foundation
import Testing

@testable import Import
@testable import Workbench

/// `winnow log` (ES-11.1, CS-7).
@Suite(.serialized) struct LogTests {
  /// Leads with names; a run of four mails.
  private func scene() -> Scene {
    var scene = Scene([
      mail(subject: "=1+1", id: "a"),
      mail(from: "x@else.test", subject: "Nobody", id: "b"),
      sent(subject: "Re: Stra\u{DF}enfest in der \u{C9}cole", id: "c"),
      mail(from: "bo@client.test", subject: "\u{1B}[2Jevil\u{202E}", id: "d"),
    ])
    scene.files["leads.csv"] =
      "id,email,name\nL1,ann@client.test,Ann Lee\nL2,bo@client.test,Bo Öz\n"
    scene.leads = #"{"files":["leads.csv"],"id":"id","searchBy":["email"]}"#
    return scene
  }

  private func subjects(_ v: Value) -> [String] { v["rows"].list.compactMap { $0["subject"].text } }

  @Test("ES-11.1-dashboard: rows with time, user, direction, outcome, reason, subject, leads")
  func table() throws {
    let folder = try scene().folder()
    try folder.nightly()
    let shown = try folder.winnow("log")
    #expect(shown.status == 0)
    let lines = shown.out.split(separator: "\n").map(String.init)
    #expect(lines[0].hasPrefix("TIME"))
    #expect(lines.count == 5)
    let ann = try #require(lines.first { $0.contains("=1+1") })
    for part in [day(0), " sam ", " in ", " kept ", " matched ", "Ann Lee"] {
      #expect(ann.contains(part), "\(part) in \(ann)")
    }
    let nobody = try #require(lines.first { $0.contains("Nobody") })
    #expect(nobody.contains("dropped") && nobody.contains("no-lead"))
    #expect(shown.err.contains("4 rows, imported in the last 7 days"))
    // Nothing in it moves a cursor.
    #expect(!shown.out.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{202E}" })
    #expect(shown.out.contains(#"evil\u{202e}"#))
    #expect(try folder.winnow("log", "--quiet").err == "")
  }

  @Test("ES-11.1-dashboard: newest first, over several runs, cut by --limit")
  func newestFirst() throws {
    let scene = scene()
    let folder = try scene.folder()
    try folder.nightly()
    try folder.write("sam.mbox", scene.files["sam.mbox"]! + mbox([mail(subject: "Late", id: "z")]))
    try folder.nightly()
    let all = try folder.json("log")
    #expect(subjects(all).first == "Late" && subjects(all).count == 5)
    #expect(all["rows"][0]["run"].number == 2 && all["rows"][4]["run"].number == 1)
    #expect(all["more"].raw as? Bool == false)
    let few = try folder.json("log", "--limit", "2")
    #expect(subjects(few) == Array(subjects(all).prefix(2)) && few["more"].raw as? Bool == true)
    #expect(try folder.winnow("log", "--limit", "1").err.contains("there are more"))
  }

  @Test("ES-11.1-dates: ranges are days of the organisation's zone, today included, both ends")
  func ranges() throws {
    // 2026-03-29 is the day on which Stockholm's clocks go forward; 23:30 UTC is the next day
    // there.
    let now: Int64 = 1_774_740_600 + 86_400 - 3600  // 2026-03-29T22:30:00Z
    func range(_ text: String) throws -> LogRange {
      try LogRange(text, now: now, zone: "Europe/Stockholm", isLimited: false)
    }
    func texts(_ r: LogRange) -> [String] {
      [r.from, r.to].map { $0.map(TimePoint.rfc3339) ?? "" }
    }
    #expect(try texts(range("today")) == ["2026-03-29T22:00:00Z", "2026-03-30T22:00:00Z"])
    #expect(try texts(range("yesterday")) == ["2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"])
    #expect(try texts(range("7d")) == ["2026-03-23T23:00:00Z", "2026-03-30T22:00:00Z"])
    #expect(try texts(range("30d"))[0] == "2026-02-28T23:00:00Z")
    #expect(
      try texts(range("2026-03-01..2026-03-01")) == [
        "2026-02-28T23:00:00Z", "2026-03-01T23:00:00Z",
      ])
    #expect(
      try texts(range("2026-03-01T10:00:00Z..2026-03-01T10:00:00.5Z"))
        == ["2026-03-01T10:00:00Z", "2026-03-01T10:00:01Z"])
    #expect(try texts(range("2026-03-01..")) == ["2026-02-28T23:00:00Z", ""])
    #expect(try texts(range("..2026-03-01")) == ["", "2026-03-01T23:00:00Z"])
    for bad in ["", "..", "last week", "2026-03-02..2026-03-01", "2026-13-01..", "7", "a..b"] {
      #expect(throws: RunError.self, "\(bad)") { try range(bad) }
    }
  }

  @Test("ES-11.1-dates: leadsquared has custom ranges of at most 60 days back, 64 beyond")
  func sixtyDays() throws {
    let now: Int64 = 1_772_539_200  // 2026-03-03T12:00:00Z
    func status(_ text: String, _ isLimited: Bool) -> Status? {
      do {
        _ = try LogRange(text, now: now, zone: "UTC", isLimited: isLimited)
        return nil
      } catch { return (error as? RunError)?.status }
    }
    #expect(status("2026-01-02..2026-03-03", true) == nil)
    #expect(status("2026-01-01..2026-01-10", true) == .usage)
    #expect(status("..2026-03-03", true) == .usage)
    #expect(status("2026-02-01..2026-06-01", true) == .usage)
    #expect(status("2020-01-01..2026-06-01", false) == nil)
    #expect(status("30d", true) == nil)
    var scene = scene()
    scene.profile = "leadsquared"
    let folder = try scene.folder()
    try folder.nightly()
    let far = try folder.winnow("log", "--range", "\(day(-70)).." + day(0))
    #expect(far.status == 64 && far.err.contains("60 days"))
    #expect(try folder.winnow("log", "--range", "\(day(-50)).." + day(0)).status == 0)
  }

  @Test("ES-11.1-dates: by import, and with --by message-date by the items' own dates")
  func byDate() throws {
    let folder = try scene().folder()
    try folder.nightly()
    #expect(try subjects(folder.json("log", "--range", "2026-03-02..2026-03-02")) == [])
    let own = try folder.json("log", "--range", "2026-03-02..2026-03-02", "--by", "message-date")
    #expect(subjects(own).count == 4)
    #expect(try subjects(folder.json("log", "--range", "yesterday", "--now", day(1))).count == 4)
    #expect(try subjects(folder.json("log", "--range", "today", "--now", day(1))).isEmpty)
    #expect(try subjects(folder.json("log", "--range", "7d", "--now", day(6))).count == 4)
    #expect(try subjects(folder.json("log", "--range", "7d", "--now", day(8))).isEmpty)
  }

  @Test("ES-11.1-search: a lead's id, a lead's name or the subject, folded and composed")
  func search() throws {
    let folder = try scene().folder()
    try folder.nightly()
    func found(_ text: String) throws -> [String] {
      try folder.json("log", "--find", text)["rows"].list.map { $0["subject"].text ?? "" }
    }
    #expect(try found("STRASSENFEST").count == 1)
    #expect(try found("e\u{301}cole").count == 1)
    #expect(try found("bo o\u{308}z").count == 1)
    #expect(try found("l1").count == 2)
    #expect(try found("client.test").isEmpty)
  }

  @Test("CS-7-direction, CS-8-view: direction, user, view, reason and outcome narrow it")
  func filters() throws {
    var scene = scene()
    scene.email = #"{"inbound":{"captureLeads":{"enabled":true}}}"#
    scene.files["sam.ics"] = calendar([event(), event("p1", more: ["CLASS:PRIVATE"])])
    scene.sources = """
      [{"path":"sam.mbox","owner":"sam"},{"path":"sam.ics","owner":"sam","calendar":"primary"}]
      """
    let folder = try scene.folder()
    try folder.nightly { $0.now = TimePoint("2026-03-01") }
    #expect(try subjects(folder.json("log", "--direction", "out")).count == 1)
    #expect(try subjects(folder.json("log", "--view", "activities")).count == 4)
    let captures = try folder.json("log", "--view", "captures")
    #expect(subjects(captures) == ["Nobody"])
    #expect(captures["rows"][0]["captured"].raw as? Bool == true)
    let tasks = try folder.json("log", "--view", "tasks")
    #expect(tasks["rows"].list.compactMap { $0["item"].text } == ["event", "event"])
    // Of a private event nothing but who and why.
    let secret = try #require(tasks["rows"].list.first { $0["reason"].text == "private" })
    #expect(secret["subject"].text == "" && secret["date"].isNull && secret["leads"].list.isEmpty)
    #expect(try subjects(folder.json("log", "--reason", "captured")) == ["Nobody"])
    #expect(try folder.json("log", "--outcome", "dropped")["rows"].list.count == 1)
    #expect(try subjects(folder.json("log", "--user", "sam")).count == 6)
    #expect(try subjects(folder.json("log", "--user", "kim")).isEmpty)
    let stranger = try folder.winnow("log", "--user", "san")
    #expect(stranger.status == 64 && stranger.err.contains("did you mean sam"))
    let reason = try folder.winnow("log", "--reason", "no_lead")
    #expect(reason.status == 64 && reason.err.contains("did you mean no-lead?"))
    for wrong in [["--direction", "up"], ["--view", "leads"], ["--outcome", "gone"]] {
      #expect(try Program(["log"] + wrong, in: folder).status == 64)
    }
  }

  @Test("CSV is RFC 4180 with the formula guard as configured; JSON parses")
  func csv() throws {
    let scene = scene()
    let folder = try scene.folder()
    try folder.nightly()
    let rows = csvRows(try folder.winnow("log", "--csv").out)
    #expect(rows.count == 5 && rows.allSatisfy { $0.count == rows[0].count })
    let subject = try #require(rows[0].firstIndex(of: "subject"))
    #expect(rows.contains { $0[subject] == "'=1+1" })
    let lead = try #require(rows[0].firstIndex(of: "leadIds"))
    #expect(rows.contains { $0[lead] == "L1" })
    var open = scene
    open.more = [#""output":{"csvFormulaGuard":false}"#]
    try folder.write("winnow.json", open.config)
    #expect(csvRows(try folder.winnow("log", "--csv").out).contains { $0[subject] == "=1+1" })
    #expect(try folder.winnow("log", "--csv", "--json").status == 64)
  }

  @Test("without a ledger there is nothing to show; one that was named must be there")
  func missing() throws {
    let folder = try scene().folder()
    let empty = try folder.winnow("log")
    #expect(empty.status == 0 && empty.out == "" && empty.err.contains("no ledger yet"))
    #expect(try folder.json("log")["rows"].list.isEmpty)
    #expect(!folder.exists("out"))
    let named = try folder.winnow("log", "--ledger", "nowhere.sqlite")
    #expect(named.status == 74 && named.err.contains("nowhere.sqlite"))
    // With a ledger named, no configuration is needed.
    try folder.nightly()
    try FileManager.default.removeItem(atPath: folder.file("winnow.json"))
    #expect(try folder.winnow("log").status == 78)
    #expect(try folder.winnow("log", "--ledger", "out/winnow.sqlite").out.contains("Ann Lee"))
  }

  @Test("a table fits the terminal: the widest columns give way, wide characters take two columns")
  func fitting() {
    var table = TextTable(["A", "TEXT", "MORE"], flexible: 1)
    table.add(["1", "東京東京東京東京", "one"])
    table.add(["2", String(repeating: "x", count: 60), String(repeating: "y", count: 30)])
    let lines = table.text(width: 40).split(separator: "\n").map(String.init)
    #expect(lines[2].hasPrefix("2  xxxx") && lines[2].contains("…"))
    #expect(lines[2].unicodeScalars.count == 40)
    #expect(lines[1].contains("東京東京"))
    let whole = table.text(width: nil).split(separator: "\n").map(String.init)
    #expect(whole[2].hasSuffix("yyy") && !whole[2].contains("…"))
  }
}
