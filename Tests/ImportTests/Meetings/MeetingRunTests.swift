import Foundation
import Testing

@testable import Import

/// Calendars through a whole run: what only the run as a whole can get right.
@Suite struct MeetingRun {
  @Test("CS-6.3-in: a meeting becomes one task with its lead, and the decision names it")
  func oneTask() throws {
    let o = try Scene(calendars: [
      calendar([event(more: ["LOCATION:Room 7", "DESCRIPTION:Bring\\nthe plan"])])
    ]).meet()
    #expect(o.reasons == ["matched"])
    let t = o.tasks[0]
    #expect(t["type"].text == "Meeting" && t["owner"].text == "sam")
    #expect(t["subject"].text == "Talk" && t["location"].text == "Room 7")
    #expect(t["description"].text == "Bring\nthe plan")
    #expect(t["start"].text == "2026-03-10T09:00:00Z" && t["end"].text == "2026-03-10T10:00:00Z")
    #expect(t["leads"][0]["id"].text == "L1" && t["leads"][0]["matchedBy"].text == "email")
    #expect(t["participants"][0]["email"].text == "ann@client.test")
    #expect(t["participants"][0]["status"].text == "ACCEPTED")
    #expect(t["organizer"]["email"].text == "sam@example.com")
    #expect(t["status"].text == "confirmed" && t["recurrenceId"].isNull)
    #expect(o.decisions[0]["item"].text == "event" && o.decisions[0]["id"].text == "e1")
    #expect(o.decisions[0]["records"].texts == [t["key"].text])
    // SHA-256 over `task`, UID, RECURRENCE-ID (none), owner, joined by NUL.
    #expect(t["key"].text == "\(taskKey("e1", "", "sam"))")
    #expect(o.run["events"]["kept"].number == 1 && o.run["records"]["tasks"].number == 1)
  }

  @Test("a series gives a task an occurrence; an override its own, under the original start's key")
  func series() throws {
    let o = try Scene(calendars: [
      calendar([
        event(more: ["RRULE:FREQ=DAILY;COUNT=4", "EXDATE:20260312T090000Z"]),
        event(
          start: "20260311T150000Z", end: "20260311T160000Z",
          more: ["RECURRENCE-ID:20260311T090000Z"]),
      ])
    ]).meet()
    #expect(o.reasons == ["matched", "matched"])
    #expect(o.starts == ["2026-03-10T09:00:00Z", "2026-03-13T09:00:00Z", "2026-03-11T15:00:00Z"])
    #expect(o.tasks[2]["recurrenceId"].text == "2026-03-11T09:00:00Z")
    #expect(o.tasks[2]["key"].text == taskKey("e1", "2026-03-11T09:00:00Z", "sam"))
    let whole = try Scene(
      calendars: [calendar([event(more: ["RRULE:FREQ=DAILY;COUNT=4"])])],
      settings: #"{"recurrence":"series"}"#
    ).meet()
    #expect(whole.starts == ["2026-03-10T09:00:00Z"])
    #expect(whole.tasks[0]["key"].text == taskKey("e1", "", "sam"))
  }

  @Test("a series without end stops 12 months after now, and run.json names it")
  func endless() throws {
    let o = try Scene(calendars: [calendar([event(more: ["RRULE:FREQ=MONTHLY"])])]).meet()
    #expect(o.starts.count == 12 && o.starts.last == "2027-02-10T09:00:00Z")
    #expect(o.run["cutSeries"].texts == ["sam.ics#0"])
  }

  @Test("CS-F-private: of a private event only UID and reason are written anywhere")
  func privateEvent() throws {
    let o = try Scene(calendars: [
      calendar([event(summary: "Sekret", more: ["CLASS:PRIVATE", "LOCATION:Klinik"])])
    ]).meet()
    #expect(o.reasons == ["private"] && o.decisions[0]["date"].isNull)
    for (_, data) in o.folder.contents(of: "result") {
      let text = String(decoding: data, as: UTF8.self)
      for word in ["Sekret", "Klinik", "ann@client", "2026-03-10"] { #expect(!text.contains(word)) }
    }
  }

  @Test("HL-two-way: unknown guests become leads that mail then finds, whatever the order")
  func createdLeads() throws {
    var scene = Scene(
      calendars: [calendar([event(attendees: ["CN=Nia New:mailto:NIA@else.test"])])],
      settings: #"{"guests":"create"}"#)
    scene.files["sam.mbox"] = mbox([mail(from: "Nia <nia@else.test>")])
    scene.sources =
      #"[{"path":"sam.mbox","owner":"sam"},{"path":"sam.ics","owner":"sam","calendar":"primary"}]"#
    let o = try scene.meet()
    #expect(o.reasons == ["captured", "contact-created"])
    #expect(o.captured == ["nia@else.test"])
    #expect(o.tasks[0]["runAutomations"].raw as? Bool == true)
    #expect(o.tasks[0]["leads"][0]["key"].text == o.leads[0]["key"].text)
    // Without the mail it is the meeting that made the contact.
    scene.sources = #"[{"path":"sam.ics","owner":"sam","calendar":"primary"}]"#
    let alone = try scene.meet()
    #expect(alone.reasons == ["contact-created"] && alone.captured == ["nia@else.test"])
    #expect(alone.leads[0]["capturedFrom"].text == "attendee")
    #expect(alone.leads[0]["fullName"].text == "Nia New")
  }

  @Test("sharedMeetings: a task for each owner, or the organiser's copy alone")
  func shared() throws {
    let mine = calendar([event(attendees: ["ann@client.test", "kim@free.test"])])
    let both = try Scene(calendars: [mine, mine]).meet()
    #expect(both.tasks.compactMap { $0["owner"].text } == ["sam", "kim"])
    let kims = calendar([
      event(organizer: "kim@free.test", attendees: ["ann@client.test", "sam@example.com"])
    ])
    let once = try Scene(calendars: [kims, kims], settings: #"{"sharedMeetings":"once"}"#).meet()
    #expect(once.reasons == ["duplicate", "matched"])
    #expect(once.decisions[0]["matched"].text == "kim.ics#0")
    #expect(once.tasks.compactMap { $0["owner"].text } == ["kim"])
  }

  @Test("two calendars of one owner with one meeting: the newer version is the task, once")
  func twoCalendars() throws {
    var scene = Scene(calendars: [
      calendar([event(), event("s", more: ["RRULE:FREQ=DAILY;COUNT=2"])]), "",
      calendar([
        event(start: "20260310T110000Z", end: "20260310T120000Z", sequence: 1),
        event(
          "s", start: "20260311T120000Z", end: "20260311T130000Z",
          more: ["RECURRENCE-ID:20260311T090000Z"]),
      ]),
    ])
    scene.sources =
      #"[{"path":"sam.ics","owner":"sam","calendar":"primary"},{"path":"third.ics","owner":"sam","calendar":"primary"}]"#
    let o = try scene.meet()
    #expect(o.reasons == ["duplicate", "matched", "matched", "matched"])
    #expect(o.decisions[0]["matched"].text == "third.ics#0")
    #expect(o.starts == ["2026-03-10T09:00:00Z", "2026-03-10T11:00:00Z", "2026-03-11T12:00:00Z"])
    #expect(Set(o.tasks.compactMap { $0["key"].text }).count == 3)
  }

  @Test("calendars between mail are read beside it; decisions stand in source order")
  func betweenMail() throws {
    var scene = Scene(
      calendars: [
        calendar([event(), event("s", more: ["RRULE:FREQ=DAILY;COUNT=2"])]),
        calendar([event("k", organizer: "kim@free.test")]),
        calendar([event(sequence: 1)]),
      ])
    for name in ["a", "b", "c"] {
      scene.files["\(name).mbox"] = mbox((0..<30).map { mail(id: "\(name)\($0)") })
    }
    // The second calendar of one owner: what is in the first waits until it was read.
    scene.sources =
      #"""
      [{"path":"a.mbox","owner":"sam"},{"path":"kim.ics","owner":"kim","calendar":"primary"},
      {"path":"b.mbox","owner":"sam"},{"path":"sam.ics","owner":"sam","calendar":"primary"},
      {"path":"c.mbox","owner":"sam"},{"path":"third.ics","owner":"sam","calendar":"primary"}]
      """#
    let all = try [1, 4].map { jobs in try scene.meet { $0.jobs = jobs } }
    let places = all[0].decisions.compactMap { $0["source"]["path"].text }
    var order: [String] = []
    for place in places where order.last != place { order.append(place) }
    #expect(order == ["a.mbox", "kim.ics", "b.mbox", "sam.ics", "c.mbox", "third.ics"])
    #expect(places.count == 94)
    #expect(all[0].reasons == all[1].reasons && all[0].starts == all[1].starts)
    #expect(all[0].decisions.map { $0["id"].text } == all[1].decisions.map { $0["id"].text })
    #expect(all[0].decisions[61]["matched"].text == "third.ics#0")
  }

  @Test("LG-3-conflict, HL-one-way: blocks carry time, owner and role, also of private events")
  func blocks() throws {
    var scene = Scene(calendars: [
      calendar([
        event(summary: "Sekret", more: ["CLASS:PRIVATE"]),
        event("free", more: ["TRANSP:TRANSPARENT"]),
        event("day", start: "VALUE=DATE:20260312", end: "VALUE=DATE:20260313"),
      ])
    ])
    scene.sources = #"[{"path":"sam.ics","owner":"sam","calendar":"conflict"}]"#
    let o = try scene.meet()
    #expect(o.reasons == ["conflict-calendar", "not-busy", "conflict-calendar"])
    #expect(o.tasks.isEmpty)
    #expect(
      o.blocks[0].keys == ["calendar", "display", "end", "key", "owner", "start"])
    #expect(o.blocks[0]["calendar"].text == "conflict")
    #expect(o.blocks[1]["start"].text == "2026-03-12" && o.blocks[1]["end"].text == "2026-03-13")
    scene.sources = #"[{"path":"sam.ics","owner":"sam","calendar":"primary"}]"#
    scene.more = [#""calendar":{"mode":"one-way"}"#]
    let grey = try scene.meet()
    #expect(grey.reasons == ["blocked-slot", "not-busy", "all-day"])
    #expect(grey.blocks.count == 1 && grey.tasks.isEmpty)
  }

  @Test("LG-1-sync: overlapping meetings of one owner name each other; others and free time do not")
  func conflicts() throws {
    let o = try Scene(calendars: [
      calendar([
        event("a"), event("b", start: "20260310T093000Z", end: "20260310T103000Z"),
        event("c", start: "20260310T103000Z", end: "20260310T110000Z"),
        event("d", more: ["TRANSP:TRANSPARENT"]),
      ]), calendar([event("k")]),
    ]).meet()
    let keys = o.tasks.compactMap { $0["key"].text }
    #expect(o.tasks[0]["conflicts"].texts == [keys[1]])
    #expect(o.tasks[1]["conflicts"].texts == [keys[0]])
    for i in 2..<5 { #expect(o.tasks[i]["conflicts"].list.isEmpty) }
  }

  @Test(
    "invitesInMail: an invitation is a meeting of the mailbox's owner, and meets the calendar's")
  func invites() throws {
    let first = calendar(
      [event("m1", organizer: "ann@client.test", attendees: ["sam@example.com"])],
      head: ["METHOD:REQUEST"])
    let moved = calendar(
      [
        event(
          "m1", start: "20260311T090000Z", end: "20260311T100000Z", organizer: "ann@client.test",
          attendees: ["sam@example.com"], sequence: 1)
      ], head: ["METHOD:REQUEST"])
    let answer = calendar([event("m2")], head: ["METHOD:REPLY"])
    var scene = Scene(
      [
        invitation(first), invitation(moved, id: "i2"),
        invitation(answer, method: "REPLY", id: "i3"),
      ],
      more: [#""calendar":{"invitesInMail":true}"#])
    let o = try scene.meet()
    #expect(
      o.reasons == ["matched", "matched", "matched", "duplicate", "matched", "not-appointment"])
    #expect(o.starts == ["2026-03-11T09:00:00Z"])
    #expect(o.tasks[0]["source"]["path"].text == "sam.mbox")
    #expect(o.tasks[0]["source"]["index"].number == 1)
    // The calendar has the newer version: it counts, and the mail's are copies.
    scene.files["sam.ics"] = calendar([
      event(
        "m1", start: "20260312T090000Z", end: "20260312T100000Z", organizer: "ann@client.test",
        attendees: ["sam@example.com"], sequence: 2)
    ])
    scene.sources =
      #"[{"path":"sam.ics","owner":"sam","calendar":"primary"},{"path":"sam.mbox","owner":"sam"}]"#
    let merged = try scene.meet()
    #expect(merged.starts == ["2026-03-12T09:00:00Z"])
    #expect(merged.reasons.filter { $0 == "duplicate" }.count == 2)
    // Without the setting mail is only mail.
    scene.more = []
    #expect(try scene.meet().decisions.count == 4)
  }

  @Test("a broken component costs one item: its bytes are kept, the rest goes on")
  func broken() throws {
    let o = try Scene(calendars: [
      calendar([event("x", start: "00000000T000000Z"), event("y")])
    ]).meet()
    #expect(o.reasons == ["quarantined", "matched"])
    #expect(o.run["events"]["quarantined"].number == 1)
    let kept = o.folder.contents(of: "result/quarantine")
    #expect(kept.keys.contains { $0.hasSuffix(".ics") })
    let secret = try Scene(calendars: [
      calendar([event("x", start: "00000000T000000Z", summary: "Sekret", more: ["CLASS:PRIVATE"])])
    ]).meet()
    for (_, data) in secret.folder.contents(of: "result") {
      #expect(!String(decoding: data, as: UTF8.self).contains("Sekret"))
    }
  }

  @Test("the number of threads does not change a byte")
  func threads() throws {
    var scene = Scene(
      (0..<50).map { mail(from: "a\($0)@else.test", id: "n\($0)") },
      more: [#""calendar":{"guests":"create"}"#])
    scene.files["sam.ics"] = calendar(
      (0..<50).map { event("e\($0)", attendees: ["a\($0)@else.test"]) })
    scene.sources =
      #"[{"path":"sam.mbox","owner":"sam"},{"path":"sam.ics","owner":"sam","calendar":"primary"}]"#
    let folder = try scene.folder()
    for jobs in [1, 4] {
      try folder.importAll(to: "r\(jobs)") {
        $0.jobs = jobs
        $0.now = TimePoint("2026-03-01")
      }
    }
    for name in ["decisions.jsonl", "activities.jsonl", "tasks.jsonl", "leads.jsonl", "tasks.csv"] {
      #expect(folder.contents(of: "r1")[name] == folder.contents(of: "r4")[name])
    }
  }

  @Test("privacy pseudonymous: no address, name or text of a meeting is written")
  func pseudonyms() throws {
    let o = try Scene(
      calendars: [
        calendar([event(summary: "Plan X", attendees: ["CN=Ann Lee:mailto:ann@client.test"])])
      ],
      more: [#""output":{"privacy":"pseudonymous"}"#]
    ).meet()
    #expect(o.reasons == ["matched"])
    for (_, data) in o.folder.contents(of: "result") {
      let text = String(decoding: data, as: UTF8.self)
      for word in ["Plan X", "Ann Lee", "ann@client.test"] { #expect(!text.contains(word)) }
    }
  }
}

/// A task's key, computed by another program: UID, original start and owner, joined by NUL bytes.
private func taskKey(_ uid: String, _ recurrence: String, _ owner: String) -> String {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/sha256sum")
  let input = Pipe()
  let output = Pipe()
  process.standardInput = input
  process.standardOutput = output
  guard (try? process.run()) != nil else { return "" }
  input.fileHandleForWriting.write(
    Data(["task", uid, recurrence, owner].joined(separator: "\0").utf8))
  try? input.fileHandleForWriting.close()
  let text = output.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return String(String(decoding: text, as: UTF8.self).prefix(32))
}
