import Foundation
import Testing

@testable import Import

/// `winnow ledger check`.
@Suite(.serialized) struct LedgerCheckTests {
  /// Mail, a captured lead, and a calendar with a series: activities, leads, tasks.
  private func scene(formats: String = #"["jsonl","csv"]"#) -> Scene {
    var scene = Scene(
      [mail(id: "a"), mail(from: "New Person <new@else.test>", id: "b"), sent(id: "c")],
      email: #"{"inbound":{"captureLeads":{"enabled":true}}}"#,
      more: [#""output":{"formats":\#(formats)}"#])
    scene.files["sam.ics"] = calendar([
      event(more: ["LOCATION:Room 1", "DESCRIPTION:Bring the plan\\, please"]),
      event("day", start: "VALUE=DATE:20260312", end: "VALUE=DATE:20260313", attendees: []),
      event(
        "s", start: "20260311T090000Z", end: "20260311T093000Z", more: ["RRULE:FREQ=DAILY;COUNT=3"]),
    ])
    scene.sources = """
      [{"path":"sam.mbox","owner":"sam"},{"path":"sam.ics","owner":"sam","calendar":"primary"}]
      """
    scene.more.append(#""calendar":{"allDay":"keep"}"#)
    return scene
  }

  private func night(_ folder: Folder) throws {
    try folder.nightly { $0.now = TimePoint("2026-03-01") }
  }

  @Test("a sound ledger is 0, with its counts")
  func sound() throws {
    let folder = try scene().folder()
    try night(folder)
    let said = try folder.winnow("ledger", "check")
    #expect(said.status == 0 && said.out.contains("sound"))
    #expect(said.out.contains("1 run; 3 activities, 1 leads, 5 tasks, 0 blocks"))
    let json = try folder.json("ledger", "check", "--deep")
    #expect(json["sound"].raw as? Bool == true && json["comparedKeys"].number == 9)
    #expect(json["records"]["tasks"].number == 5 && json["warnings"].list.isEmpty)
  }

  @Test("without any ledger it is no error, unless there are results or it was named")
  func none() throws {
    let folder = try scene().folder()
    #expect(try folder.winnow("ledger", "check").status == 0)
    #expect(try folder.winnow("ledger", "check", "--ledger", "x.sqlite").status == 70)
    try night(folder)
    try FileManager.default.removeItem(atPath: folder.file("out/winnow.sqlite"))
    let lost = try folder.winnow("ledger", "check")
    #expect(lost.status == 70 && lost.err.contains("--rebuild") && lost.err.contains("1 results"))
  }

  @Test("a damaged ledger is 70 with how to mend it")
  func damaged() throws {
    let folder = try scene().folder()
    try night(folder)
    try folder.damageLedger()
    let said = try folder.winnow("ledger", "check")
    #expect(said.status == 70 && said.err.contains("damaged"))
    #expect(said.err.contains("winnow ledger check --rebuild"))
    #expect(try folder.json("ledger", "check", status: 70)["sound"].raw as? Bool == false)
    #expect(try folder.winnow("log").status == 70)
  }

  @Test("a result that was moved away is a warning")
  func moved() throws {
    let folder = try scene().folder()
    try night(folder)
    try FileManager.default.moveItem(
      atPath: folder.file("out/" + (try folder.results()[0])), toPath: folder.file("away"))
    let json = try folder.json("ledger", "check")
    #expect(json["sound"].raw as? Bool == true)
    #expect(json["warnings"].texts.contains { $0.contains("not there any more") })
  }

  @Test("--deep: keys in the folders that the ledger lacks, and the other way round, are 70")
  func keys() throws {
    let folder = try scene().folder()
    try night(folder)
    let tasks = "out/" + (try folder.results()[0]) + "/tasks.jsonl"
    let text = try folder.text(tasks)
    let stranger = String(repeating: "0", count: 32)
    let key = try #require(folder.lines(tasks)[0]["key"].text)
    try folder.write(tasks, text.replacingOccurrences(of: key, with: stranger))
    #expect(try folder.winnow("ledger", "check").status == 0)
    let json = try folder.json("ledger", "check", "--deep", status: 70)
    #expect(
      json["problems"].texts.contains { $0.contains("not in the ledger") && $0.contains(stranger) })
    #expect(
      json["problems"].texts.contains { $0.contains("9 records should lie") && $0.contains("8 do") }
    )
  }

  @Test("--deep: a mailbox that was changed where no run looks is told, one that grew is not")
  func mailboxes() throws {
    let folder = try scene().folder()
    // Longer than all samples together, so that there is something between them.
    let filler = String(repeating: "x" + String(repeating: "y", count: 70) + "\n", count: 90_000)
    var mails = [mail(id: "big", body: filler)]
    mails += (0..<120).map { mail(subject: "n\($0)", id: "n\($0)") }
    try folder.write("sam.mbox", mbox(mails))
    try night(folder)
    let first = try folder.json("ledger", "check", "--deep")
    #expect(first["mailboxes"]["remembered"].number == 1)
    #expect(try folder.json("ledger", "check", "--deep")["mailboxes"]["same"].number == 1)
    let box = folder.file("sam.mbox")
    let handle = try #require(FileHandle(forWritingAtPath: box))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(mbox([mail(id: "late")]).utf8))
    #expect(try folder.json("ledger", "check", "--deep")["mailboxes"]["same"].number == 1)
    // Between two of the sampled blocks.
    try handle.seek(toOffset: 70_000)
    try handle.write(contentsOf: Data("Z".utf8))
    try handle.close()
    let changed = try folder.json("ledger", "check", "--deep")
    #expect(changed["sound"].raw as? Bool == true)
    #expect(
      changed["warnings"].texts.contains { $0.contains("sam.mbox") && $0.contains("--rescan") })
    #expect(try folder.json("ledger", "check", "--deep")["warnings"].list.count == 1)
  }

  @Test(
    "--rebuild: a damaged ledger is set aside and built again; the next run publishes nothing twice",
    arguments: [#"["jsonl","csv"]"#, #"["json"]"#])
  func rebuilding(formats: String) throws {
    let folder = try scene(formats: formats).folder()
    try night(folder)
    try folder.write("sam.mbox", try folder.text("sam.mbox") + mbox([mail(subject: "2", id: "e")]))
    try night(folder)
    #expect(try folder.winnow("users", "pause", "kim").status == 0)
    try folder.damageLedger()
    let said = try folder.winnow("ledger", "check", "--rebuild")
    #expect(said.status == 0, "\(said.err)")
    #expect(said.out.contains("winnow.sqlite.damaged-1") && said.out.contains("from 2 results"))
    #expect(said.out.contains("4 activities, 1 leads, 5 tasks, 0 blocks"))
    #expect(folder.exists("out/winnow.sqlite.damaged-1"))
    #expect(try folder.json("ledger", "check", "--deep")["sound"].raw as? Bool == true)
    try night(folder)
    let last = "out/" + (try #require(folder.results().last))
    #expect(try folder.results().count == 3 && last.hasSuffix("-3"))
    let ending = formats.contains("jsonl") ? "jsonl" : "json"
    for name in ["activities", "leads", "tasks", "blocks"] {
      let text = try folder.text("\(last)/\(name).\(ending)")
      #expect(text.filter { !"[]\n".contains($0) }.isEmpty, "\(name): \(text)")
    }
    // Meetings are known with their times, so a cancellation reaches its tasks.
    try folder.write(
      "sam.ics", calendar([event(sequence: 1, more: ["STATUS:CANCELLED"])]))
    try night(folder)
    let run = "out/" + (try #require(folder.results().last))
    #expect(try folder.text("\(run)/tasks.\(ending)").contains(#""status":"cancelled""#))
  }

  @Test("--rebuild: from CSV alone nothing is published twice but tasks, which may be updated once")
  func rebuildingFromCSV() throws {
    let folder = try scene(formats: #"["csv"]"#).folder()
    try night(folder)
    try FileManager.default.removeItem(atPath: folder.file("out/winnow.sqlite"))
    let said = try folder.json("ledger", "check", "--rebuild")
    #expect(said["rebuilt"]["records"]["activities"].number == 3)
    #expect(said["rebuilt"]["doubtfulTasks"].number == 5)
    try night(folder)
    let last = "out/" + (try #require(folder.results().last))
    #expect(csvRows(try folder.text(last + "/activities.csv")).count == 1)
    #expect(csvRows(try folder.text(last + "/leads.csv")).count == 1)
    let rows = csvRows(try folder.text(last + "/tasks.csv"))
    let status = try #require(rows[0].firstIndex(of: "status"))
    #expect(rows.dropFirst().allSatisfy { $0[status] == "updated" })
  }

  @Test("--rebuild: a sound ledger is left alone; one older than the output is only added to")
  func older() throws {
    let folder = try scene().folder()
    try night(folder)
    let same = try folder.winnow("ledger", "check", "--rebuild")
    #expect(same.status == 0 && same.out.contains("Nothing to rebuild"))
    let backup = try Data(contentsOf: URL(fileURLWithPath: folder.file("out/winnow.sqlite")))
    try folder.write("sam.mbox", try folder.text("sam.mbox") + mbox([mail(subject: "2", id: "e")]))
    try night(folder)
    try backup.write(to: URL(fileURLWithPath: folder.file("out/winnow.sqlite")))
    let check = try folder.json("ledger", "check")
    #expect(check["warnings"].texts.contains { $0.contains("does not know this result") })
    let mended = try folder.json("ledger", "check", "--rebuild")
    #expect(mended["rebuilt"]["setAside"].isNull)
    #expect(mended["rebuilt"]["records"]["activities"].number == 1)
    #expect(try folder.json("ledger", "check", "--deep")["records"]["activities"].number == 4)
    try night(folder)
    let last = "out/" + (try #require(folder.results().last))
    #expect(try folder.lines(last + "/activities.jsonl").isEmpty)
    #expect(try folder.lines(last + "/tasks.jsonl").isEmpty)
  }
}
