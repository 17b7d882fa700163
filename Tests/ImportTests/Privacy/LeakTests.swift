import Foundation
import Testing

/// What must not be shown is looked for in every file, name and line of a run.
@Suite struct Leaks {
  private static func ics(_ events: [[String]]) -> String {
    let lines = events.flatMap { ["BEGIN:VEVENT"] + $0 + ["END:VEVENT"] }
    return (["BEGIN:VCALENDAR", "VERSION:2.0"] + lines + ["END:VCALENDAR"])
      .joined(separator: "\r\n") + "\r\n"
  }

  private static func mixed(_ type: String, _ part: String) -> String {
    """
    From: Lena Lead <lena@lead.example>
    To: sam@firm.example
    Date: Mon, 02 Mar 2026 10:00:00 +0000
    Message-ID: <one@lead.example>
    Subject: An invitation
    MIME-Version: 1.0
    Content-Type: multipart/mixed; boundary=b

    --b

    Please come.
    --b
    Content-Type: \(type)

    \(part)
    --b--

    """
  }

  @Test(
    "the link of a meeting stands in no format where its texts do not",
    arguments: ["headers", "pseudonymous"])
  func joinLink(privacy: String) throws {
    let event = [
      "UID:u1", "DTSTART:20260310T100000Z", "DTEND:20260310T110000Z", "SUMMARY:Zornig",
      "DESCRIPTION:Quark https://zoom.us/j/12345?pwd=geheim", "LOCATION:Wabe",
      "ATTENDEE:mailto:lena@lead.example",
    ]
    var run = try LeakHarness(["a.ics": Self.ics([event])], privacy: privacy)
    defer { run.remove() }
    try run.importTwice()
    #expect(run.holds("matched", ending: "decisions.jsonl"))
    #expect(run.holds(#""isOnline":true"#, ending: "tasks.jsonl"))
    run.expectNothing(of: ["zoom.us", "geheim", "12345", "Zornig", "Quark", "Wabe"])
  }

  @Test("what is private in broken jCal is kept nowhere, however it is written")
  func jCal() throws {
    func text(_ name: String) -> String {
      #"["vcalendar",[["version",{},"text","2.0"]],[["vevent",[["uid",{},"text","j1"],"#
        + #"[ "\#(name)" , {"x":["y"]}, "text", "PRIVATE"],["dtstart",{},"date-time","ZORN"],"#
        + #"["summary",{},"text","ZORN of j"]],[]]]]"#
    }
    var run = try LeakHarness(
      [
        "a.json": text("class"), "b.json": text("CLASS"), "c.json": text(#"cl\u0061ss"#),
      ], [#""calendar":{"primaryOnly":false}"#])
    defer { run.remove() }
    try run.importTwice()
    #expect(run.holds("quarantined", ending: "decisions.jsonl"))
    run.expectNothing(of: ["ZORN"])
  }

  @Test("nothing of a private event is quoted when it cannot be read")
  func echoes() throws {
    func event(_ uid: String, _ lines: String...) -> [String] {
      ["UID:\(uid)", "CLASS:PRIVATE"] + lines + ["SUMMARY:ZORNsum"]
    }
    let start = "DTSTART:20260302T100000Z"
    var run = try LeakHarness(
      [
        "a.ics": Self.ics([
          event("p0", "DTSTART:ZORNdate"), event("p1", start, "DTEND:ZORNend"),
          event("p2", "DTSTART;TZID=ZORNtz:ZORNx"), event("p3", start, "RRULE:FREQ=DAILY;ZORN=1"),
          event("p4", start, "RRULE:ZORNrule"), event("p5", start, "RDATE:ZORNrd"),
          event("p6", start, "RECURRENCE-ID:ZORNrid"), event("p7", start, "X:aaaaaaaaaa"),
          event("p8", start, "BEGIN:ZORNCOMP"),
        ]),
        "b.ics": Self.ics([["UID:q", "CLA", " SS;X=\"a:b\":CONFI", " DENTIAL", "DTSTART:ZORNq"]]),
      ], [#""calendar":{"primaryOnly":false}"#])
    defer { run.remove() }
    try run.importTwice()
    for uid in ["p0", "p4", "p8"] { try run.run("explain", "--uid", uid) }
    try run.run("retry")
    #expect(run.holds("cannot be placed in time", ending: ".json"))
    run.expectNothing(of: ["ZORN"])
  }

  @Test("of an event that is not private the value that cannot be read is told, and it is kept")
  func openFault() throws {
    var run = try LeakHarness([
      "a.ics": Self.ics([["UID:o", "CLASS:PUBLIC", "DTSTART:ZORNdate", "SUMMARY:Open"]])
    ])
    defer { run.remove() }
    try run.importTwice()
    #expect(run.holds("ZORNdate", ending: "decisions.jsonl"))
    #expect(run.holds("SUMMARY:Open", ending: ".ics"))
  }

  @Test("under pseudonyms an address in quotes is nowhere")
  func quotedLocalPart() throws {
    let mail = """
      From: Zebulon Quux <"zebulon quux"@xylofirm.example>
      To: sam@firm.example, "Yvette Warble" <yvette.o'warble@wombatcorp.example>
      Reply-To: rr@replydom.example
      Date: Mon, 02 Mar 2026 10:00:00 +0000
      Message-ID: zebulon at xylofirm
      Subject: Marmelade

      Himbeeren

      """
    let words = [
      "zebulon", "quux", "xylofirm", "yvette", "warble", "wombat", "replydom", "Marmelade",
      "Himbeer",
    ]
    for email in [
      #"{}"#, #"{"inbound":{"captureLeads":{"enabled":true}}}"#,
      #"{"inbound":{"exclude":{"admin":["xylofirm.example"]}}}"#,
    ] {
      var run = try LeakHarness(["a.eml": mail], privacy: "pseudonymous")
      defer { run.remove() }
      let config = try run.binary.text("winnow.json")
      let start = try #require(config.range(of: #""email":"#, options: .backwards))
      let end = try #require(config.range(of: #","output""#))
      try run.binary.write(
        "winnow.json", config[..<start.upperBound] + email + config[end.lowerBound...])
      try run.importTwice()
      run.expectNothing(of: words)
    }
  }

  @Test("of two CLASS lines the stricter counts, and an override has that of its series")
  func classes() throws {
    let start = "DTSTART:20260310T100000Z"
    var run = try LeakHarness([
      "a.ics": Self.ics([
        ["UID:twice", start, "CLASS:PRIVATE", "CLASS:PUBLIC", "SUMMARY:ZORNtwice"],
        ["UID:series", start, "CLASS:PRIVATE", "RRULE:FREQ=DAILY;COUNT=3", "SUMMARY:ZORN"],
        [
          "UID:series", "RECURRENCE-ID:20260311T100000Z", "DTSTART:20260311T120000Z",
          "SUMMARY:ZORNoverride",
        ],
        [
          "UID:series", "RECURRENCE-ID:20260312T100000Z", "DTSTART:20260312T120000Z",
          "CLASS:PUBLIC", "SUMMARY:Told",
        ],
      ])
    ])
    defer { run.remove() }
    try run.importTwice()
    run.expectNothing(of: ["ZORN"])
    #expect(run.holds("Told", ending: "tasks.jsonl"))
  }

  @Test(
    "a private invitation with a name is no attachment, as one without",
    arguments: [
      #"text/calendar; method=REQUEST; name="zorn.ics""#, #"application/ics; name="zorn.ics""#,
      #"application/octet-stream; name="zorn.ics""#, #"application/octet-stream; name="zorn.bin""#,
    ])
  func namedInvitation(type: String) throws {
    func mail(_ word: String) -> String {
      Self.mixed(
        type,
        Self.ics([
          [
            "UID:i", "DTSTART:20260310T100000Z", "CLASS:\(word)", "SUMMARY:ZORN",
            "ATTENDEE:mailto:lena@lead.example",
          ]
        ]))
    }
    let settings = [#""calendar":{"invitesInMail":true}"#]
    var hidden = try LeakHarness(["a.eml": mail("PRIVATE")], settings)
    defer { hidden.remove() }
    try hidden.importTwice()
    #expect(hidden.holds("Please come.", ending: "activities.jsonl"))
    hidden.expectNothing(of: ["ZORN"])
    var shown = try LeakHarness(["a.eml": mail("PUBLIC")], settings)
    defer { shown.remove() }
    try shown.importTwice()
    #expect(shown.written().contains { $0.key.contains("attachments/") })
    #expect(shown.holds("zorn.", ending: "activities.jsonl"))
  }

  @Test("a mail that cannot be read is not kept where a private event may stand in it")
  func brokenMail() throws {
    let broken = "\n\n" + Self.ics([["UID:x", "CLASS:PRIVATE", "SUMMARY:ZORN"]])
    var run = try LeakHarness(["a.eml": broken, "b.ics": Self.ics([])])
    defer { run.remove() }
    try run.run("import", "--now", "2026-03-01")
    run.expectNothing(of: ["ZORN"])
  }

  @Test("what is typed or stands in a mail moves no cursor and turns no line")
  func terminals() throws {
    var run = try LeakHarness([
      "a.eml": "From: a@b.example\nSubject: exe\u{202E}fdp \u{9B}x\u{200F}\n\nbody\n"
    ])
    defer { run.remove() }
    let usage = try run.run("import", "--fail-on", "x\u{1B}[31m\u{202E}")
    #expect(usage.status == 64)
    #expect(!usage.err.contains("\u{1B}") && !usage.err.contains("\u{202E}"))
    #expect(usage.err.contains("\\u{1b}[31m"))
    let seen = try run.run("inspect", "in/a.eml")
    for c in ["\u{202E}", "\u{9B}", "\u{200F}"] { #expect(!seen.out.contains(c)) }
    #expect(seen.out.contains(#"exe\u202efdp"#))
    let value = try Value(json: seen.out)
    #expect(value["subject"].text?.contains("\u{202E}fdp") == true)
  }
}
