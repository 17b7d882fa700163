import Foundation
import ICalendar
import Testing

@testable import Import
@testable import Workbench

extension Folder {
  /// `winnow export --config winnow.json --out result`, with changes.
  @discardableResult
  func export(to out: String? = "result", _ change: (inout ImportOptions) -> Void = { _ in }) throws
    -> Status
  {
    var o = ImportOptions()
    o.config = file("winnow.json")
    o.out = out.map(file)
    o.now = TimePoint("2026-03-01T00:00:00Z")
    o.talk.isQuiet = true
    o.talk.progress = .none
    change(&o)
    return try Export.execute(o)
  }

  /// The events of one owner's calendar.
  func outbound(_ name: String, in out: String = "result") throws -> [ReadComponent] {
    let text = try String(contentsOfFile: file("\(out)/outbound/\(name).ics"), encoding: .utf8)
    return ReadComponent.all(in: text).filter { $0.kind == .event }
  }
}

/// `winnow export` by the rows of the feature list.
@Suite struct ExportRows {
  /// A scene whose calendar settings and tasks are given; its one calendar is empty.
  private func scene(_ rows: [String], settings: String = #"{"direction":"two-way"}"#) -> Scene {
    Scene(calendar: [], settings: settings, tasks: rows.map { $0 + "\n" }.joined())
  }

  // The columns that most tests do not care about.
  private func task(
    _ id: String, owner: String = "sam", type: String = "Meeting", location: String = "",
    participants: String = "", invite: String = "", status: String = "Open",
    created: String = "2026-02-01 00:00", modified: String = "2026-02-01 00:00"
  ) -> String {
    "\(id),\(type),Visit \(id),Bring plans,2026-03-17 09:00,2026-03-17 10:00,\(owner),\(location),"
      + "\(participants),\(invite),\(status),\(created),\(modified)"
  }

  @Test("CS-1-owner-push: each owner gets one calendar with their tasks; a decision for every task")
  func owners() throws {
    let folder = try scene([
      task("T1"), task("T2", owner: "kim"), task("T3", owner: "SL@example.com"),
      task("T4", type: "Call"), task("T5", owner: "zoe"), "T6,Meeting,x,,someday,,sam,,,,,,",
    ]).folder()
    #expect(try folder.export() == .done)
    #expect(try folder.outbound("sam").map { $0.value("SUMMARY") } == ["Visit T1", "Visit T3"])
    #expect(try folder.outbound("kim").map { $0.value("SUMMARY") } == ["Visit T2"])
    let out = try Outputs(folder, status: .done)
    #expect(
      out.reasons == [
        "written", "written", "written", "task-type-not-selected", "no-owner", "quarantined",
      ])
    #expect(out.decisions.allSatisfy { $0["item"].text == "task" })
    #expect(out.run["items"]["in"].number == 6 && out.run["items"]["kept"].number == 3)
    #expect(out.run["inputs"].list.isEmpty && out.activities.isEmpty && out.leads.isEmpty)
  }

  @Test("CS-1-owner-push: the calendars are, byte for byte, those of an import")
  func sameAsImport() throws {
    let folder = try scene([task("T1"), task("T2", owner: "kim", location: "online")]).folder()
    try folder.export(to: "a")
    try folder.importAll(to: "b") { $0.now = TimePoint("2026-03-01T00:00:00Z") }
    #expect(folder.contents(of: "a/outbound") == folder.contents(of: "b/outbound"))
    #expect(folder.contents(of: "a/outbound").count == 2)
    let decisions = try ["a", "b"].map {
      try String(contentsOfFile: folder.file("\($0)/decisions.jsonl"), encoding: .utf8)
    }
    #expect(decisions[0] == decisions[1])
  }

  @Test("CS-6.2-two-way: the UID stays in every export, and SEQUENCE grows with each change")
  func identity() throws {
    var scene = scene([task("T1"), task("weird/id é")])
    var uids: [[String?]] = []
    var sequences: [Int] = []
    for modified in ["2026-02-01 00:00", "2026-02-01 09:00", "2026-02-10 09:00"] {
      scene.setTasks(task("T1", modified: modified) + "\n" + task("weird/id é") + "\n")
      let events = try {
        let folder = try scene.folder()
        try folder.export()
        return try folder.outbound("sam")
      }()
      uids.append(events.map { $0.value("UID") })
      sequences.append(Int(events[0].value("SEQUENCE") ?? "") ?? -1)
    }
    #expect(Set(uids).count == 1)
    #expect(
      uids[0] == ["crm-task-T1@winnow.invalid", "crm-task-weird%2Fid%20%C3%A9@winnow.invalid"])
    #expect(sequences == [0, 540, 13_500])
  }

  @Test("CS-6.2-outbound: a cancelled task goes out as STATUS:CANCELLED and takes no time")
  func cancelled() throws {
    let folder = try scene([task("T1", status: "Cancelled"), task("T2")]).folder()
    try folder.export()
    let events = try folder.outbound("sam")
    #expect(events.map { $0.value("STATUS") } == ["CANCELLED", "CONFIRMED"])
    #expect(events.map { $0.value("TRANSP") } == ["TRANSPARENT", "OPAQUE"])
  }

  @Test("UP-8-no-invite: participants become attendees only where they are invited")
  func attendees() throws {
    let rows = ["yes", "no", "maybe"].map {
      task("T-\($0)", participants: "ann@client.test;Bo <bo@client.test>", invite: $0)
    }
    func guests(_ settings: String) throws -> [[String]] {
      let folder = try scene(rows, settings: settings).folder()
      try folder.export()
      return try folder.outbound("sam").map { $0.values("ATTENDEE") }
    }
    let both = ["mailto:ann@client.test", "mailto:bo@client.test"]
    #expect(try guests(#"{"direction":"outbound"}"#) == [both, [], []])
    #expect(
      try guests(#"{"direction":"outbound","outboundAttendees":"all"}"#) == [both, both, both])
    #expect(try guests(#"{"direction":"outbound","outboundAttendees":"none"}"#) == [[], [], []])
    let folder = try scene(rows).folder()
    try folder.export()
    let events = try folder.outbound("sam")
    #expect(events.map { $0.value("ORGANIZER") } == ["mailto:sam@example.com", nil, nil])
  }

  @Test("CS-6.4-online-kw: an online meeting asks for a link, and none is made up")
  func online() throws {
    let settings = #"{"direction":"two-way","online":{"keywords":["Online"]}}"#
    let folder = try scene(
      [
        task("T1", location: "online please"), task("T2", location: "Main street"),
        task("T3", location: "online https://meet.google.com/abc-defg-hij"),
      ], settings: settings
    ).folder()
    try folder.export()
    let events = try folder.outbound("sam")
    #expect(events.map { $0.value("X-CRM-ONLINE-MEETING") } == ["REQUESTED", nil, nil])
    let first = events[0].lines.map(\.value).joined(separator: " ")
    #expect(!first.contains("http"))
  }

  @Test("CS-1-owner-push: an owner's id is never a path")
  func fileNames() throws {
    var scene = scene([
      task("T1", owner: "../x"), task("T2", owner: "/etc/y"), task("T3", owner: "."),
    ])
    scene.users = """
      [{"id":"../x","email":"x@example.com"},{"id":"/etc/y","email":"y@example.com"},
       {"id":".","email":"dot@example.com"}]
      """
    scene.sources = "[]"
    let folder = try scene.folder()
    try folder.export(to: "inner/result")
    let files = folder.contents(of: "inner")
    #expect(
      files.keys.filter { $0.contains("ics") }.sorted() == [
        "result/outbound/%2E.%2Fx.ics", "result/outbound/%2E.ics", "result/outbound/%2Fetc%2Fy.ics",
      ])
    #expect(!FileManager.default.fileExists(atPath: folder.file("x.ics")))
  }

  @Test("CS-6.2-two-way: what was exported and comes back as a source makes no task: duplicate")
  func noLoop() throws {
    var scene = scene([
      task("T1", participants: "ann@client.test", invite: "yes"), task("T2"), task("T3"),
    ])
    let first = try scene.folder()
    try first.export()
    scene.files["sam.ics"] = try String(
      contentsOfFile: first.file("result/outbound/sam.ics"), encoding: .utf8)
    let second = try scene.folder()
    try second.importAll { $0.now = TimePoint("2026-03-01T00:00:00Z") }
    let out = try Outputs(second, status: .done)
    let events = out.decisions.filter { $0["item"].text == "event" }
    #expect(events.map { $0["reason"].text } == ["duplicate", "duplicate", "duplicate"])
    #expect(out.run["records"]["tasks"].number == 0 && out.leads.isEmpty)
    // And out again unchanged.
    #expect(second.contents(of: "result/outbound") == first.contents(of: "result/outbound"))
    // They count once as time, too.
    let a = try second.availability(from: "2026-03-17", to: "2026-03-17")
    #expect(a.busy == ["09:00-10:00"] && a.conflicts == ["09:00-10:00x3"])
  }

  @Test("CS-6.2-inbound: export writes also where the direction is inbound, and says so")
  func inbound() throws {
    let folder = try scene([task("T1"), task("T2", owner: "kim")], settings: "{}").folder()
    try folder.export()
    #expect(try folder.outbound("sam").count == 1 && folder.outbound("kim").count == 1)
    let out = try Outputs(folder, status: .done)
    #expect(out.warnings.contains("calendar.direction is inbound"))
    #expect(out.warnings.contains("no calendar was read"))
    // An import under the same settings writes none.
    try folder.importAll(to: "imported")
    #expect(folder.contents(of: "imported/outbound").isEmpty)
    let outbound = try scene([task("T1")], settings: #"{"direction":"outbound"}"#).folder()
    try outbound.export()
    #expect(try Outputs(outbound, status: .done).warnings == "")
  }

  @Test("CS-6.2-direction: a user's own inbound direction does not hold their tasks back either")
  func ownDirection() throws {
    var scene = scene(
      [task("T1"), task("T2", owner: "kim")], settings: #"{"direction":"outbound"}"#)
    scene.users = """
      [{"id":"sam","email":"sam@example.com","overrides":{"calendar":{"direction":"inbound"}}},
       {"id":"kim","email":"kim@free.test","status":"paused"}]
      """
    let folder = try scene.folder()
    try folder.export()
    let out = try Outputs(folder, status: .done)
    #expect(out.reasons == ["written", "user-paused"])
    #expect(out.warnings.contains("calendar.direction is inbound"))
    #expect(try folder.outbound("sam").count == 1)
    #expect((try? folder.outbound("kim"))?.isEmpty != false)
  }

  @Test("export: --user, --dry-run, the folder without --out, and no source is needed")
  func options() throws {
    var scene = scene([task("T1"), task("T2", owner: "kim")])
    scene.sources = #"[{"path":"gone.mbox"}]"#
    let folder = try scene.folder()
    try folder.export { $0.user = "kim" }
    #expect(folder.contents(of: "result/outbound").keys.sorted() == ["kim.ics"])
    try folder.export(to: "dry") { $0.isDryRun = true }
    #expect(!FileManager.default.fileExists(atPath: folder.file("dry")))
    let nobody = #expect(throws: RunError.self) { try folder.export { $0.user = "zoe" } }
    #expect(nobody?.status == .usage)
    try folder.export(to: nil)
    let runs = try FileManager.default.contentsOfDirectory(atPath: folder.file("out"))
    // `latest` is the newest import.
    #expect(runs.count == 1 && !runs.contains("latest"))
    #expect(folder.contents(of: "out").keys.contains { $0.hasSuffix("/outbound/sam.ics") })
  }

  @Test(
    "export: the program; 64 for a source, 73 for a strange folder, 78 without tasks")
  func program() throws {
    let folder = try scene([task("T1"), task("T2", type: "Call")]).folder()
    func run(_ more: String...) throws -> Program {
      try Program(["export", "--config", "winnow.json"] + more, in: folder)
    }
    let done = try run("--out", "r")
    #expect(done.status == 0)
    #expect(
      done.out.hasPrefix(
        "2 items in: 1 kept, 1 dropped, 0 quarantined\n1 of the CRM's tasks to 1 calendar\n"))
    #expect(!done.out.contains("activities") && done.out.contains("Written to r"))
    let json = try Value(json: run("--out", "r", "--json").out)
    #expect(json["reasons"]["written"].number == 1)
    #expect(try run("--out", "r", "some.mbox").status == 64)
    try folder.write("strange/letter.txt", "mine")
    #expect(try run("--out", "strange").status == 73)
    #expect(FileManager.default.fileExists(atPath: folder.file("strange/letter.txt")))
    #expect(try run("--help").out.contains("EXAMPLES"))
    let bare = try Scene([]).folder()
    let none = try Program(["export", "--config", "winnow.json"], in: bare)
    #expect(none.status == 78 && none.err.contains("no tasks"))
  }
}
