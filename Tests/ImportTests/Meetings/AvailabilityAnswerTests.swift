import Foundation
import ICalendar
import Ledger
import Testing

@testable import Import
@testable import Workbench

/// `winnow availability`: of whom it answers, in which form, and what goes wrong.
@Suite struct AvailabilityAnswers {
  // MARK: Whose time

  @Test(
    "UP-7-availability: paused and removed users and those without access are left out, and why")
  func leftOut() throws {
    var scene = Scene(
      calendar: [vevent("a", "0900", to: "1000")],
      tasks: ["pat", "rex", "noa"].map { "T-\($0),Meeting,x,,2026-03-17 09:00,,\($0),,,,,,\n" }
        .joined())
    scene.users = """
      [{"id":"sam","email":"sam@example.com","fields":{"ok":"yes"}},
       {"id":"pat","email":"pat@example.com","status":"paused","fields":{"ok":"yes"}},
       {"id":"rex","email":"rex@example.com","status":"removed","fields":{"ok":"yes"}},
       {"id":"noa","email":"noa@example.com","fields":{"ok":"no"}}]
      """
    scene.more.append(#""access":{"calendar":{"basedOn":"field","field":"ok"}}"#)
    let a = try scene.availability()
    #expect(a.json["users"].list.map { $0["user"].text ?? "" } == ["sam"])
    #expect(
      a.json["leftOut"].list.map { "\($0["user"]) \($0["reason"])" } == [
        "pat user-paused", "rex user-removed", "noa user-no-access",
      ])
    #expect(a.warnings.contains("pat: left out, user-paused (users.status)"))
    #expect(a.warnings.contains("noa: left out, user-no-access (access.calendar)"))
    let text = try scene.availability { $0.form = .text }.text
    #expect(text.contains("\npat: left out\n"))
    let off = try Scene(
      calendar: [vevent("a", "0900", to: "1000")], settings: #"{"enabled":false}"#
    )
    .availability()
    #expect(off.json["users"].list.isEmpty)
    #expect(off.warnings.contains("sam: left out, sync-disabled (calendar.enabled)"))
  }

  @Test("UP-7-availability: who is paused in the ledger is left out here and in an export, too")
  func pausedInLedger() throws {
    let scene = Scene(
      calendar: [vevent("a", "0900", to: "1000")],
      settings: #"{"direction":"outbound"}"#,
      tasks: "T,Meeting,x,,2026-03-17 12:00,2026-03-17 13:00,kim,,,,,,\n")
    let folder = try scene.folder()
    let ledger = folder.file("states.sqlite")
    let file = try LedgerFile.open(ledger, mode: .create)
    try file.setUser("kim", .paused, at: 1_772_000_000)
    file.close()
    let before = try Data(contentsOf: URL(fileURLWithPath: ledger))
    let a = try folder.availability(from: "2026-03-17", to: "2026-03-17") { $0.ledger = ledger }
    #expect(a.json["leftOut"].list.map { $0["user"].text ?? "" } == ["kim"])
    try folder.export { $0.memory.ledger = ledger }
    #expect(try Outputs(folder, status: .done).reasons == ["user-paused"])
    // Both only look.
    #expect(try Data(contentsOf: URL(fileURLWithPath: ledger)) == before)
    let without = try folder.availability(from: "2026-03-17", to: "2026-03-17")
    #expect(without.json["leftOut"].list.isEmpty)
    let lost = #expect(throws: RunError.self) {
      try folder.availability(from: "2026-03-17", to: "2026-03-17") {
        $0.ledger = folder.file("none.sqlite")
      }
    }
    #expect(lost?.message.contains("none.sqlite") == true)
  }

  @Test("UP-7-availability: --user picks users by id or address; an unknown one is 64")
  func picking() throws {
    let scene = Scene(
      calendar: [vevent("a", "0900", to: "1000")],
      tasks: "T,Meeting,x,,2026-03-17 12:00,2026-03-17 13:00,kim,,,,,,\n")
    func users(_ list: [String]) throws -> [String] {
      try scene.availability { $0.users = list }.json["users"].list.map { $0["user"].text ?? "" }
    }
    #expect(try users([]) == ["sam", "kim"])
    #expect(try users(["kim"]) == ["kim"])
    #expect(try users(["SL@example.com", "kim", "sam"]) == ["sam", "kim"])
    let error = #expect(throws: RunError.self) { try users(["zoe"]) }
    #expect(error?.status == .usage && error?.details == ["sam", "kim"])
    let kim = try scene.availability { $0.users = ["kim"] }
    #expect(kim.warnings.contains { $0.hasPrefix("kim: only tasks of the CRM") })
  }

  @Test("UP-7-availability: without a users list the guessed owner is the one user")
  func guessed() throws {
    let folder = Folder()
    try folder.write("sam@own.test.ics", vcalendar([vevent("a", "0900", to: "1000")]))
    try folder.write("winnow.json", #"{"version":1}"#)
    let a = try folder.availability(from: "2026-03-17", to: "2026-03-17") {
      $0.sources = [folder.file("sam@own.test.ics")]
    }
    #expect(a.json["users"][0]["user"].text == "sam@own.test" && a.busy == ["09:00-10:00"])
  }

  @Test("output.privacy pseudonymous: addresses are hidden here, too")
  func pseudonyms() throws {
    var scene = Scene(calendar: [vevent("a", "0900", to: "1000")])
    scene.users = #"[{"id":"sam@example.com","name":"Sam Low","email":"sam@example.com"}]"#
    scene.sources = #"[{"path":"sam.ics","owner":"sam@example.com","calendar":"primary"}]"#
    scene.more.append(#""output":{"privacy":"pseudonymous"}"#)
    for form in [AvailabilityOptions.Form.text, .json, .iCalendar] {
      let a = try scene.availability { $0.form = form }
      let all = a.text + a.warnings.joined()
      #expect(!all.contains("sam@example.com") && !all.contains("Sam Low"))
    }
  }

  // MARK: Forms

  @Test("UP-7-availability: the text has a bar a day, free spans, double bookings and sums")
  func text() throws {
    let scene = Scene(
      calendar: [
        vevent("a", "0900", to: "1030"), vevent("b", "1000", to: "1030"),
        vevent("c", "1200", to: "1215", more: ["STATUS:TENTATIVE"]),
        vevent("d", "1900", to: "2000"),
      ])
    func text(_ change: (inout AvailabilityOptions) -> Void = { _ in }) throws -> String {
      try scene.availability(to: "2026-03-18T13:00:00Z") {
        $0.form = .text
        change(&$0)
      }.text
    }
    let lines = try text().split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(lines[0] == "2026-03-17 to 2026-03-18, UTC, 09:00-17:00 in slots of 30 min")
    #expect(lines[1].hasPrefix("as of "))
    #expect(
      Array(lines[3...]) == [
        "", "sam, Sam Low",
        "                  09  11  13  15",
        "  Tue 2026-03-17  ██▓···░·········",
        "  Wed 2026-03-18  ········        ",
        "  free:",
        "    Tue 2026-03-17  10:30-12:00, 12:15-17:00",
        "    Wed 2026-03-18  09:00-13:00",
        "  double-booked:",
        "    Tue 2026-03-17  10:00-10:30 (2 appointments)",
        "  busy 1:45, free 10:15, double-booked 0:30, busy outside these hours 1:00",
        "",
      ])
    let ascii = try text { $0.isASCII = true }
    #expect(ascii.contains("  Tue 2026-03-17  ##X...?.........\n"))
    #expect(ascii.utf8.allSatisfy { $0 < 128 })
    let long = try text { $0.slot = "2h" }
    #expect(long.contains("  Tue 2026-03-17  ▓░··\n"))
    #expect(long.contains("    Tue 2026-03-17  12:15-17:00\n"))
  }

  @Test("UP-7-availability: VFREEBUSY, read again; the kinds of busy by FBTYPE (RFC 5545 3.6.4)")
  func freeBusy() throws {
    let scene = Scene(
      calendar: [
        vevent("a", "0900", to: "1000"),
        vevent("b", "0930", to: "1100", more: ["STATUS:TENTATIVE"]),
        vevent("c", "1400", to: "1600", more: ["X-MICROSOFT-CDO-BUSYSTATUS:OOF"]),
        vevent("d", "1500", to: "1700"),
      ], tasks: "T,Meeting,x,,2026-03-17 12:00,2026-03-17 13:00,kim,,,,,,\n", zone: "UTC")
    let text = try scene.availability { $0.form = .iCalendar }.text
    #expect(
      text.hasPrefix("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n") && text.hasSuffix("END:VCALENDAR\r\n"))
    let read = ReadComponent.all(in: text)
    #expect(read.map(\.kind) == [.freeBusy, .freeBusy])
    let first = read[0]
    #expect(first.value("DTSTAMP") == "20260301T000000Z")
    #expect(first.value("DTSTART") == "20260317T000000Z")
    #expect(first.value("DTEND") == "20260318T000000Z")
    #expect(first.value("ORGANIZER") == "mailto:sam@example.com")
    #expect(first.value("X-WINNOW-USER") == "sam")
    let busy = first.lines.filter { $0.name == "FREEBUSY" }.map {
      "\($0.parameters["FBTYPE"] ?? "") \($0.value)"
    }
    #expect(
      busy == [
        "BUSY 20260317T090000Z/20260317T100000Z",
        "BUSY-TENTATIVE 20260317T100000Z/20260317T110000Z",
        "BUSY-UNAVAILABLE 20260317T140000Z/20260317T160000Z",
        "BUSY 20260317T160000Z/20260317T170000Z",
      ])
    #expect(read[1].values("FREEBUSY") == ["20260317T120000Z/20260317T130000Z"])
    // One UID for one question, whenever it is asked; another for another.
    let uid = try #require(first.value("UID"))
    let later = try scene.availability {
      $0.form = .iCalendar
      $0.now = TimePoint("2026-03-02T00:00:00Z")
    }.text
    #expect(ReadComponent.all(in: later)[0].value("UID") == uid)
    #expect(read[1].value("UID") != uid)
  }

  @Test("the same calendars give the same answer, byte for byte")
  func repeatable() throws {
    let events = (0..<40).map { i in
      vevent("e\(i)", on: "202603\(10 + i % 15)", "\(10 + i % 9)00", to: "\(11 + i % 9)15")
    }
    let folder = try Scene(calendar: events, conflict: events.reversed()).folder()
    for form in [AvailabilityOptions.Form.text, .json, .iCalendar] {
      let answers = try (0..<3).map { _ in
        try folder.availability(from: "2026-03-10", to: "2026-03-25") { $0.form = form }.text
      }
      #expect(Set(answers).count == 1)
    }
  }

  // MARK: What goes wrong

  @Test("wrong spans, slots and hours are 64, said in one line")
  func usage() throws {
    let folder = try Scene(calendar: [vevent("a", "0900", to: "1000")]).folder()
    func run(_ more: String...) throws -> Program {
      try Program(["availability", "--config", "winnow.json"] + more, in: folder)
    }
    let day = ["--from", "2026-03-17", "--to", "2026-03-17"]
    func withDay(_ more: String...) throws -> Program {
      try Program(["availability", "--config", "winnow.json"] + day + more, in: folder)
    }
    #expect(try run().status == 64)
    #expect(try run("--from", "2026-03-17").err.contains("--to"))
    #expect(try run("--from", "tomorrow", "--to", "2026-03-17").status == 64)
    let back = try run("--from", "2026-03-18", "--to", "2026-03-17")
    #expect(back.status == 64 && back.err == "winnow: --to is not after --from\n")
    let long = try run("--from", "2026-01-01", "--to", "2027-06-01")
    #expect(long.status == 64 && long.err.contains("517 days") && long.err.contains("at most 366"))
    #expect(try run("--since", "2026-01-01", "--until", "2027-01-01").status == 0)
    #expect(try withDay("--slot", "3m").status == 64)
    #expect(try withDay("--hours", "17:00-09:00").status == 64)
    #expect(try withDay("--json", "--ics").status == 64)
    #expect(try withDay("--user", "zoe").status == 64)
    #expect(try withDay("--quiet").err == "")
    #expect(try withDay("--json").out.hasPrefix(#"{"from":"2026-03-17T00:00:00Z""#))
    #expect(try withDay("--ics").out.hasPrefix("BEGIN:VCALENDAR"))
    #expect(try withDay("--ascii").out.contains("##......"))
    #expect(try Program(["availability", "--help"], in: folder).out.contains("EXAMPLES"))
  }

  @Test("a missing source is 65, a missing configuration 78; mail is left alone")
  func sources() throws {
    var scene = Scene(calendar: [vevent("a", "0900", to: "1000")])
    scene.files["box.mbox"] = mbox([mail()])
    scene.sources = #"[{"path":"sam.ics","owner":"sam"},{"path":"box.mbox","owner":"kim"}]"#
    let plain = try scene.availability()
    #expect(plain.busy == ["09:00-10:00"] && !plain.warnings.joined().contains("box"))
    scene.sources = #"[{"path":"sam.ics","owner":"sam"},{"path":"gone.ics","owner":"sam"}]"#
    #expect(throws: RunError.self) { try scene.availability() }
    let skipped = try scene.availability { $0.skipsMissing = true }
    #expect(skipped.busy == ["09:00-10:00"])
    #expect(skipped.warnings.contains { $0.contains("gone.ics") })
    let folder = Folder()
    let none = try Program(
      ["availability", "--from", "2026-03-17", "--to", "2026-03-17"], in: folder)
    #expect(none.status == 78)
    let lost = try Program(
      ["availability", "--from", "2026-03-17", "--to", "2026-03-17", "--config", "winnow.json"],
      in: try scene.folder())
    #expect(lost.status == 65 && lost.err.contains("gone.ics") && lost.out == "")
  }

  @Test("a damaged calendar: what can be read counts, and the rest is told")
  func damaged() throws {
    let bad = "BEGIN:VEVENT\r\nUID:bad\r\nSUMMARY:Hidden\r\nEND:VEVENT\r\n"
    let a = try Scene(calendar: [bad, vevent("a", "0900", to: "1000")]).availability()
    #expect(a.busy == ["09:00-10:00"])
    #expect(a.warnings.contains { $0.contains("sam.ics: 1 of its items cannot be read") })
    #expect(!a.warnings.joined().contains("Hidden"))
  }
}
