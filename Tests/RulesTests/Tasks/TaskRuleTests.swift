import Testing

@testable import Rules

/// CRM tasks on their way into calendars: CS-1-owner-push, CS-6.3-out,
/// CS-6.4-online-kw, UP-3.2-old-attendees, UP-8, HL-unassigned-push.
@Suite struct MeetingTaskRows {
  private static let people = """
    "users": [{"id": "sam", "email": "sam@own.example", "aliases": ["s@own.example"]},
              {"id": "lea", "email": "lea@own.example", "status": "paused"}]
    """

  /// A desk with one task; `settings` are those of the calendar.
  private func desk(
    _ task: String, _ settings: String = #""direction": "two-way""#, types: String = "[]",
    profile: String = "generic"
  ) -> Desk {
    Desk(
      """
      {"profile": "\(profile)", "calendar": {\(settings)}, \(Self.people)}
      """, tasks: "[{\"id\": \"T1\", \"type\": \"Meeting\", \"owner\": \"sam\", \(task)}]",
      types: types)
  }

  private func decide(_ d: Desk) -> Finding {
    guard let row = d.tasks.first else {
      Issue.record("no task was read")
      return Finding(reason: nil, rule: "", matched: "")
    }
    let c = TaskContext(plan: d.plan, row: row)
    let finding = TaskRules.book.decide(c)
    for rule in TaskRules.book.rules {
      let f = rule.ask(c)
      #expect(!rule.looksAt(c).isEmpty && !rule.opposite(c, f).isEmpty)
      #expect(f.reason.map { rule.reasons.contains($0) } ?? true)
    }
    return finding
  }

  private func event(_ d: Desk, hasLink: Bool = false) throws -> TaskEvent {
    let row = try #require(d.tasks.first)
    return try TaskEvent(TaskContext(plan: d.plan, row: row), hasLink: hasLink)
  }

  private let at = #""start": "2026-03-05 09:00", "end": "2026-03-05 10:00""#

  @Test("CS-1-owner-push, no-owner: the owner by id or by any of their addresses")
  func owner() {
    func reason(_ owner: String) -> String {
      let d = Desk(
        #"{"calendar": {"direction": "outbound"}, \#(Self.people)}"#,
        tasks: "[{\"id\": \"T1\", \"type\": \"Meeting\", \"owner\": \"\(owner)\", \(at)}]")
      return decide(d).reason?.rawValue ?? "written"
    }
    #expect(
      ["sam", " sam ", "SAM@own.example", "s@own.example"].map(reason)
        == Array(repeating: "written", count: 4))
    #expect(
      ["", " ", "SAM", "nobody", "x@own.example"].map(reason)
        == Array(repeating: "no-owner", count: 5))
    #expect(reason("lea") == "user-paused")
  }

  @Test("CS-6.2, HL-one-way: tasks go out when the direction says so, or busy-only")
  func direction() {
    for (settings, wanted) in [
      (#""direction": "inbound""#, "direction-disabled"), (#""direction": "outbound""#, "written"),
      (#""direction": "two-way""#, "written"), (#""guests": "busy-only""#, "written"),
      (#""direction": "two-way", "enabled": false"#, "sync-disabled"),
    ] {
      let d = desk(at, settings)
      #expect(decide(d).reason?.rawValue ?? "written" == wanted, "\(settings)")
    }
    for (profile, wanted) in [
      ("highlevel", true), ("upsales", true), ("leadgains", true), ("leadsquared", false),
    ] {
      #expect(Desk("{\"profile\": \"\(profile)\"}").plan.writesTasks == wanted)
    }
  }

  @Test("CS-6.3-out, CS-6.3-multi, CS-1-appointment-only: the selected types that are appointments")
  func types() {
    func finding(_ type: String, _ selected: String, _ types: String = "[]") -> Finding {
      decide(
        Desk(
          #"{"calendar": {"direction": "outbound", "outboundTaskTypes": \#(selected)}, \#(Self.people)}"#,
          tasks: "[{\"id\": \"T1\", \"type\": \"\(type)\", \"owner\": \"sam\", \(at)}]",
          types: types))
    }
    #expect(finding("Demo", #"["Meeting", "Demo"]"#).reason == nil)
    #expect(finding(" Demo ", #"["Demo"]"#).reason == nil)
    let other = finding("Call", #"["Meeting", "Demo"]"#)
    #expect(other.reason == .taskTypeNotSelected && other.rule == "calendar.outboundTaskTypes")
    #expect(other.matched == "Call")
    #expect(finding("", #"["Meeting"]"#).reason == .taskTypeNotSelected)
    #expect(finding("Meeting", "[]").reason == .taskTypeNotSelected)
    #expect(finding("Demo", #"["Demo"]"#, #"[{"name": "Demo"}]"#).reason == nil)
  }

  @Test("CS-1-appointment-only: a type that is no appointment stays, though it was selected")
  func todos() throws {
    // Reading the configuration refuses it; an override of a user may still select it.
    let d = Desk(
      """
      {"calendar": {"direction": "outbound", "outboundTaskTypes": ["Meeting"]},
       "users": [{"id": "sam", "email": "sam@own.example", "overrides":
        {"calendar": {"outboundTaskTypes": ["Call"]}}}]}
      """, tasks: #"[{"id": "T1", "type": "Call", "owner": "sam"}]"#,
      types: #"[{"name": "Meeting"}, {"name": "Call", "category": "todo"}]"#)
    let f = decide(d)
    #expect(f.reason == .taskTypeNotSelected && f.rule == "tasks.types")
  }

  @Test("outboundAttendees none, invited, all; UP-8-no-invite, UP-8-later")
  func attendees() throws {
    func guests(_ how: String, _ invite: String) throws -> ([String], String) {
      let d = desk(
        at
          + #", "participants": "ann@client.example; Kim <kim@own.example>", "invite": "\#(invite)""#,
        #""direction": "two-way", "outboundAttendees": "\#(how)""#)
      let e = try event(d)
      return (e.guests.map(\.email), e.guestsRule)
    }
    let both = ["ann@client.example", "kim@own.example"]
    #expect(try guests("none", "yes") == ([], "calendar.outboundAttendees"))
    for invite in ["yes", "1", "", "TRUE"] { #expect(try guests("invited", invite) == (both, "")) }
    for invite in ["no", "false", "perhaps"] {
      #expect(try guests("invited", invite) == ([], "tasks.columns.invite"))
    }
    #expect(try guests("all", "no") == (both, ""))
  }

  @Test("UP-3.2-old-attendees: tasks from before the connection name nobody, all else goes out")
  func oldAttendees() throws {
    func guests(_ created: String, _ how: String = "invited") throws -> [String] {
      let d = desk(
        at + #", "participants": "ann@client.example", "createdOn": "\#(created)""#,
        #""connectedAt": "2026-02-01", "outboundAttendees": "\#(how)""#, profile: "upsales")
      #expect(decide(d).reason == nil)
      return try event(d).guests.map(\.email)
    }
    #expect(try guests("2026-01-31 23:59:59") == [])
    #expect(try guests("2026-01-31 23:59:59", "all") == [])
    #expect(try guests("2026-02-01") == ["ann@client.example"])
    #expect(try guests("") == ["ann@client.example"])
    #expect(try guests("long ago") == ["ann@client.example"])
  }

  @Test("guests once each, without the owner; what is no address is told")
  func participants() throws {
    let e = try event(
      desk(
        at
          + #", "participants": "ann@client.example, ANN@client.example;;s@own.example; nobody; <b@x.example>""#
      ))
    #expect(e.guests.map(\.email) == ["ann@client.example", "b@x.example"])
    #expect(e.invalidGuests == ["nobody"])
  }

  @Test("status words of tasks that do not take place")
  func cancelled() throws {
    for (word, wanted) in [
      ("Cancelled", true), (" canceled ", true), ("DELETED", true), ("Open", false), ("", false),
      ("not cancelled", false), ("Completed", false),
    ] {
      #expect(try event(desk(at + ", \"status\": \"\(word)\"")).isCancelled == wanted, "\(word)")
    }
  }

  @Test(
    "CS-6.4-online-kw, CS-6.4-online-empty: a keyword in Location, in any case; empty if told so")
  func online() throws {
    func isOnline(_ place: String, _ empty: Bool = false, _ words: String = #"["online", "Über"]"#)
      throws -> Bool
    {
      try event(
        desk(
          at + ", \"location\": \"\(place)\"",
          """
          "direction": "two-way", "online": {"keywords": \(words), "emptyLocationIsOnline": \(empty)}
          """)
      ).isOnline
    }
    #expect(try isOnline("ONLINE") && isOnline("in Teams (Online)") && isOnline("Onlinegatan 3"))
    #expect(try isOnline("ÜBER alles") && isOnline("u\u{308}ber"))
    #expect(try !isOnline("Office") && !isOnline("") && !isOnline("  "))
    #expect(try isOnline("", true) && isOnline(" \\t ", true) && !isOnline("Office", true))
    #expect(try !isOnline("anywhere", false, "[]"))
    let d = desk(
      at + #", "location": "online""#,
      #""direction": "two-way", "online": {"keywords": ["online"]}"#)
    #expect(try event(d).linkNeeded)
    #expect(try !event(d, hasLink: true).linkNeeded)
    #expect(try event(d, hasLink: true).isOnline)
  }

  @Test("times without an offset are in the organisation's zone; dates are days")
  func times() throws {
    let clock = Desk.clock("Europe/Stockholm", now: "2026-03-02T09:00:00Z")
    func span(_ start: String, _ end: String) throws -> TaskSpan {
      try TaskSpan(start: start, end: end, clock: clock)
    }
    #expect(
      try span("2026-07-01 09:00", "2026-07-01T09:30:00Z")
        == TaskSpan(
          start: .instant(seconds("2026-07-01T07:00:00Z")),
          end: .instant(seconds("2026-07-01T09:30:00Z"))))
    #expect(try span("2026-01-01 09:00", "").start == .instant(seconds("2026-01-01T08:00:00Z")))
    #expect(try span("2026-01-01 09:00", " ").end == nil)
    #expect(
      try span("1970-01-02", "1970-01-02") == TaskSpan(start: .date(daysSince1970: 1), end: nil))
    #expect(try span("1970-01-02", "1970-01-04").end == .date(daysSince1970: 3))
    #expect(try span("1970-01-02", "").start.isDate)
  }

  @Test(
    "times that cannot be read are one sentence",
    arguments: [
      ("", "", "it has no start"), ("tomorrow", "", "its start \"tomorrow\" is no time"),
      ("2026-03-01 09:00", "03/01/2026", "its end \"03/01/2026\" is no time"),
      ("2026-03-01 09:00", "2026-03-01 08:59", "before it starts"),
      ("2026-03-02", "2026-03-01", "before it starts"),
      ("2026-03-01", "2026-03-01 10:00", "one has no time of day"),
      ("2026-02-30", "", "is no time"),
    ])
  func badTimes(_ start: String, _ end: String, _ part: String) {
    #expect {
      try event(desk("\"start\": \"\(start)\", \"end\": \"\(end)\""))
    } throws: { error in
      (error as? TaskSpan.Fault)?.message.contains(part) == true
    }
  }
}
