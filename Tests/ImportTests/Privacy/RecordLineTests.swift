import Bytes
import Foundation
import JSONText
import Ledger
import Records
import Ledger
import Testing

@testable import Import

/// What a run writes the fast way is what the tables write.
@Suite struct RecordLines {
  /// Each line of a file, read by its table and written again, is the line.
  private func expectSame<Record: Sendable>(
    _ folder: Folder, _ name: String, _ table: RecordTable<Record>, _ empty: Record
  ) throws -> Int {
    let text = try String(contentsOfFile: folder.file("result/\(name).jsonl"), encoding: .utf8)
    let lines = text.split(separator: "\n").map(String.init)
    for line in lines {
      let document = line.withByteView { JSONDocument.parse($0) }
      var record = empty
      let isRead = document.root.map { table.read($0, into: &record) } ?? false
      let out = ByteBuffer()
      table.write(record, to: JSONWriter(out))
      #expect(isRead && out.string == line)
    }
    return lines.count
  }

  @Test(
    "every line of every file is as its table has it",
    arguments: ["full", "headers", "pseudonymous"])
  func lines(privacy: String) throws {
    let capture = #"["cc","bcc","subject","body","attachments"]"#
    var scene = Scene(
      calendars: [
        calendar([
          event(more: ["RRULE:FREQ=DAILY;COUNT=2", "DESCRIPTION:https://zoom.us/j/1"]),
          event("e2", attendees: ["CN=Nia New:mailto:NIA@else.test"], more: ["LOCATION:Hall"]),
          event("e3", more: ["CLASS:PRIVATE"]), event("e4", start: "never"),
        ])
      ], settings: #"{"guests":"create","unknownAttendees":"block"}"#,
      more: [#""output":{"privacy":"\#(privacy)","formats":["jsonl","csv","json"]}"#])
    scene.email =
      #"{"inbound":{"activity":{"capture":\#(capture)},"captureLeads":{"enabled":true}}}"#
    scene.files["sam.mbox"] = mbox([
      mail(cc: "Bo <bo@client.test>", subject: "=1+1 \"quoted\"", id: "a"),
      mail(from: "New <new@else.test>", subject: nil, id: nil, date: nil), mail(id: "a"),
      mail(from: "kim@free.test", more: ["Precedence: bulk"]), sent(to: "office@client.test"),
    ])
    scene.sources =
      #"[{"path":"sam.mbox","owner":"sam"},{"path":"sam.ics","owner":"sam","calendar":"primary"}]"#
    let folder = try scene.meet().folder
    #expect(
      try expectSame(folder, "activities", ActivityRecord.table, ActivityRecord()) >= 4)
    #expect(try expectSame(folder, "leads", LeadRecord.table, LeadRecord()) >= 1)
    #expect(try expectSame(folder, "tasks", TaskRecord.table, task(privacy)) >= 2)
    _ = try expectSame(folder, "blocks", BlockRecord.table, BlockRecord())
    #expect(try expectSame(folder, "decisions", DecisionRecord.table, DecisionRecord()) >= 9)
  }

  // Members that a file does not have leave a record as it was.
  private func task(_ privacy: String) -> TaskRecord {
    var task = TaskRecord()
    TaskRecord.table.disclose(
      &task, Disclosure(Privacy(rawValue: privacy) ?? .full), nil)
    return task
  }

  @Test("a file's JSON, JSON Lines and CSV tell the same tasks")
  func formats() throws {
    let scene = Scene(
      calendars: [calendar([event(), event("e2", more: ["LOCATION:=Hall; 1"])])],
      more: [#""output":{"formats":["jsonl","csv","json"]}"#])
    let folder = try scene.meet().folder
    let result = try #require(ResultFolder(folder.file("result")))
    var lists: [[TaskRecord]] = []
    for ending in ["jsonl", "json", "csv"] {
      var list: [TaskRecord] = []
      try ResultRecords.forEach(.task, in: result) {
        if let task = $0.read(TaskRecord.table, TaskRecord()) { list.append(task) }
      }
      lists.append(list)
      try FileManager.default.removeItem(atPath: folder.file("result/tasks.\(ending)"))
    }
    #expect(lists[0].count == 2 && lists[0] == lists[1])
    for (whole, cells) in zip(lists[0], lists[2]) {
      #expect(whole.key == cells.key && whole.subject == cells.subject)
      #expect(whole.start == cells.start && whole.location == cells.location)
      #expect(whole.leads.map(\.email) == cells.leads.map(\.email))
      #expect(whole.source == cells.source && whole.online == cells.online)
    }
  }

  @Test(
    "an apostrophe that belongs to a text comes back from CSV, with the formula guard and without",
    arguments: [true, false])
  func apostrophes(isGuarded: Bool) throws {
    let texts = ["'o@x.example", "'=1", "=1", "it's"]
    let scene = Scene(
      calendars: [
        calendar(texts.enumerated().map { event("e\($0)", more: ["LOCATION:\($1)"]) })
      ],
      more: [#""output":{"formats":["jsonl","csv"],"csvFormulaGuard":\#(isGuarded)}"#])
    let folder = try scene.meet().folder
    try FileManager.default.removeItem(atPath: folder.file("result/tasks.jsonl"))
    let result = try #require(ResultFolder(folder.file("result")))
    #expect(result.guardsFormulas == (isGuarded ? nil : false))
    var list: [String] = []
    // What is asked for does not count where the result tells.
    try ResultRecords.forEach(.task, in: result, guarded: true) {
      guard let task = $0.read(TaskRecord.table, TaskRecord()) else { return }
      list.append(task.location.text ?? "")
    }
    #expect(list == texts)
  }

  @Test("a quote in a result's CSV that is never closed is told with its place")
  func unclosed() throws {
    let scene = Scene(
      calendars: [calendar([event()])], more: [#""output":{"formats":["jsonl","csv"]}"#])
    let folder = try scene.meet().folder
    try FileManager.default.removeItem(atPath: folder.file("result/tasks.jsonl"))
    let path = folder.file("result/tasks.csv")
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try Data((text + "k,\"open\n").utf8).write(to: URL(fileURLWithPath: path))
    let result = try #require(ResultFolder(folder.file("result")))
    let error = #expect(throws: RunError.self) {
      try ResultRecords.forEach(.task, in: result) { _ in }
    }
    #expect(
      error?.message.contains("tasks.csv:3:3: the quote that opens here is never closed") == true,
      "\(error?.message ?? "")")
  }
}
