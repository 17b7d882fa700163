import Testing

@testable import Rules

/// `calendar.window` (UP-3.1-window).
@Suite struct MeetingWindows {
  /// The beginning and the end of Sam's window.
  private func span(
    _ settings: String, zone: String = "UTC", now: String = "2026-03-02T09:00:00Z",
    user: String = "", profile: String = "generic"
  ) -> (Int64?, Int64?) {
    let desk = Desk(
      """
      {"profile": "\(profile)", "calendar": {\(settings)},
       "organization": {"domains": ["own.example"], "timeZone": "\(zone)"},
       "users": [{"id": "sam", "email": "sam@own.example"\(user)}]}
      """, now: now)
    let window = desk.plan.user(0).window
    return (window.first?.time, window.last?.time)
  }

  @Test("off while from and months are null; connectedAt opens none")
  func off() {
    #expect(span("") == (nil, nil))
    #expect(span(#""connectedAt": "2026-01-01""#) == (nil, nil))
    #expect(span("", user: #", "connectedAt": "2026-01-01""#) == (nil, nil))
    #expect(Desk().reason(meeting(["ann@client.example"]) { $0.start = 0 }) == "matched")
  }

  @Test("it begins at from, else connectedAt, else now")
  func beginning() {
    let from = #""window": {"from": "2026-01-15", "months": 2}"#
    let months = #""window": {"months": 2}"#
    let end = seconds("2026-05-02T09:00:00Z")
    #expect(span(from) == (seconds("2026-01-15T00:00:00Z"), end))
    #expect(span(from + #", "connectedAt": "2026-02-01""#).0 == seconds("2026-01-15T00:00:00Z"))
    #expect(
      span(months + #", "connectedAt": "2026-02-01""#) == (seconds("2026-02-01T00:00:00Z"), end))
    #expect(
      span(months, user: #", "connectedAt": "2026-02-03T10:00:00+01:00""#).0
        == seconds("2026-02-03T09:00:00Z"))
    #expect(span(months) == (seconds("2026-03-02T09:00:00Z"), end))
    #expect(span(#""window": {"from": "2026-01-15"}"#) == (seconds("2026-01-15T00:00:00Z"), nil))
  }

  @Test("months count from now when rolling, from its own beginning when not")
  func rolling() {
    func end(_ rolling: Bool, _ more: String) -> Int64? {
      span(#""window": {"months": 3, "rolling": \#(rolling)\#(more)}, "connectedAt": "2025-11-30""#)
        .1
    }
    #expect(end(true, "") == seconds("2026-06-02T09:00:00Z"))
    #expect(end(false, "") == seconds("2026-02-28T00:00:00Z"))
    #expect(end(false, #", "from": "2025-12-24""#) == seconds("2026-03-24T00:00:00Z"))
  }

  @Test(
    "UP-3.1-window: calendar months in the organisation's zone, the last day where one is short",
    arguments: [
      ("2025-11-30T12:00:00Z", 3, "UTC", "2026-02-28T12:00:00Z"),
      ("2027-11-30T12:00:00Z", 3, "UTC", "2028-02-29T12:00:00Z"),
      ("2028-02-29T12:00:00Z", 12, "UTC", "2029-02-28T12:00:00Z"),
      ("2028-02-29T12:00:00Z", 48, "UTC", "2032-02-29T12:00:00Z"),
      ("2026-12-31T23:59:59Z", 2, "UTC", "2027-02-28T23:59:59Z"),
      ("2026-01-31T00:00:00Z", 1, "UTC", "2026-02-28T00:00:00Z"),
      ("2099-12-31T00:00:00Z", 2, "UTC", "2100-02-28T00:00:00Z"),
      // The clock's time of day stays across a change of the offset.
      ("2026-02-10T09:00:00Z", 3, "Europe/Stockholm", "2026-05-10T08:00:00Z"),
      ("2026-08-10T08:00:00Z", 3, "Europe/Stockholm", "2026-11-10T09:00:00Z"),
      // It is 1 December there already, so no day is short.
      ("2026-11-30T23:30:00Z", 3, "Europe/Stockholm", "2027-02-28T23:30:00Z"),
      // 02:30 does not exist on 29 March 2026: the offset before the change counts.
      ("2026-02-28T01:30:00Z", 1, "Europe/Stockholm", "2026-03-28T01:30:00Z"),
      ("2026-01-29T01:30:00Z", 2, "Europe/Stockholm", "2026-03-29T01:30:00Z"),
      // 02:30 happens twice on 25 October 2026: the first of the two.
      ("2026-07-25T00:30:00Z", 3, "Europe/Stockholm", "2026-10-25T00:30:00Z"),
    ])
  func months(_ now: String, _ months: Int, _ zone: String, _ end: String) {
    #expect(span("\"window\": {\"months\": \(months)}", zone: zone, now: now).1 == seconds(end))
  }

  @Test func monthsAreTotalForAnyInstant() {
    for time in [Int64.min, -62_135_596_801, -1, 0, Int64.max] {
      for months in [Int.min, -13, 0, 1, Int.max] {
        _ = MeetingClock.adding(months: months, toLocal: time)
      }
    }
    #expect(
      MeetingClock.adding(months: -2, toLocal: seconds("2028-04-30T01:00:00Z"))
        == seconds("2028-02-29T01:00:00Z"))
    #expect(MeetingClock.adding(months: 0, toLocal: -1) == -1)
  }

  @Test("both ends are included; an all-day event starts at 00:00 in the zone")
  func ends() {
    let desk = Desk(
      """
      {"calendar": {"window": {"from": "2026-03-01", "months": 1, "rolling": false}, "allDay": "keep"},
       "organization": {"domains": ["own.example"], "timeZone": "America/New_York"}}
      """)
    for (start, isIn) in [
      ("2026-03-01T04:59:59Z", false), ("2026-03-01T05:00:00Z", true),
      ("2026-04-01T04:00:00Z", true), ("2026-04-01T04:00:01Z", false),
    ] {
      let o = desk.outcome(meeting(["ann@client.example"]) { $0.start = seconds(start) })
      #expect((o.reason == .matched) == isIn, "\(start)")
      #expect(
        isIn || o.rule == (start < "2026-03-15" ? "calendar.window.from" : "calendar.window.months")
      )
    }
  }

  @Test("--from and --to narrow further, with the same reason; alone, too")
  func options() {
    let from = seconds("2026-03-03T00:00:00Z")
    let to = seconds("2026-03-10T00:00:00Z")
    func rule(_ json: String, _ start: String) -> String {
      let o = Desk(json, from: from, to: to).outcome(
        meeting(["ann@client.example"]) { $0.start = seconds(start) })
      return o.reason == .outsideWindow ? o.rule : o.reason.rawValue
    }
    #expect(rule("{}", "2026-03-02T23:59:59Z") == "--from")
    #expect(rule("{}", "2026-03-03T00:00:00Z") == "matched")
    #expect(rule("{}", "2026-03-10T00:00:00Z") == "matched")
    #expect(rule("{}", "2026-03-10T00:00:01Z") == "--to")
    let wide = #"{"calendar": {"window": {"from": "2026-01-01", "months": 12}}}"#
    #expect(rule(wide, "2026-03-02T00:00:00Z") == "--from")
    #expect(rule(wide, "2026-03-10T00:00:01Z") == "--to")
    let short = #"{"calendar": {"window": {"from": "2026-02-08", "months": 1, "rolling": false}}}"#
    #expect(rule(short, "2026-03-08T00:00:01Z") == "calendar.window.months")
    let narrow = #"{"calendar": {"window": {"from": "2026-03-05"}}}"#
    #expect(rule(narrow, "2026-03-04T00:00:00Z") == "calendar.window.from")
    // A conflict calendar passes the window, too.
    let busy = Desk(from: from).outcome(
      meeting {
        $0.role = .conflict
        $0.start = 0
      })
    #expect(busy.reason == .outsideWindow)
  }

  @Test(
    "UP-3.1-window: under a window connectedAt is its beginning, not a creation date")
  func upsales() {
    let json = """
      {"profile": "upsales", "calendar": {"connectedAt": "2026-02-01"},
       "leads": [{"id": "L1", "email": "ann@client.example"}]}
      """
    func reason(_ start: String, created: String) -> String {
      Desk(json).reason(
        meeting(["ann@client.example"]) {
          $0.start = seconds(start)
          $0.created = seconds(created)
        })
    }
    #expect(reason("2026-02-01T00:00:00Z", created: "2025-06-01T00:00:00Z") == "matched")
    #expect(reason("2026-01-31T23:59:59Z", created: "2026-02-05T00:00:00Z") == "outside-window")
    #expect(reason("2026-06-02T09:00:00Z", created: "2026-02-05T00:00:00Z") == "matched")
    #expect(reason("2026-06-02T09:00:01Z", created: "2026-02-05T00:00:00Z") == "outside-window")
    // With a beginning of its own the window leaves connectedAt to the creation.
    let both = Desk(
      #"{"calendar": {"connectedAt": "2026-02-01", "window": {"from": "2026-01-01"}}}"#)
    #expect(
      both.reason(meeting { $0.created = seconds("2026-01-15T00:00:00Z") }) == "before-connected")
  }

  @Test("a series is asked for an occurrence; without an end it reaches 12 months")
  func series() {
    func series(_ starts: [String]) -> MeetingItem {
      meeting(["ann@client.example"]) {
        $0.isRecurring = true
        $0.start = seconds(starts[0])
        $0.occurrences = occurrences(starts)
      }
    }
    let months = Desk(#"{"calendar": {"window": {"months": 1}}}"#)
    #expect(months.reason(series(["2026-01-01T09:00:00Z", "2026-03-03T09:00:00Z"])) == "matched")
    let gone = months.outcome(series(["2026-01-01T09:00:00Z", "2026-02-03T09:00:00Z"]))
    #expect(gone.reason == .outsideWindow && gone.rule == "--now")
    let open = Desk()
    let window = open.plan.user(0).window
    #expect(window.expansionEnd == seconds("2027-03-02T09:00:00Z") && window.isCutAtHorizon)
    #expect(!window.isBounded)
    let late = open.outcome(series(["2027-03-02T09:00:01Z"]))
    #expect(late.reason == .outsideWindow && late.rule == "12 months after --now")
    #expect(open.reason(series(["2027-03-02T09:00:00Z"])) == "matched")
    // A single event is not expanded, so nothing cuts it.
    #expect(
      open.reason(meeting(["ann@client.example"]) { $0.start = seconds("2030-01-01T00:00:00Z") })
        == "matched")
    let ended = Desk(to: seconds("2026-04-01T00:00:00Z")).plan.user(0).window
    #expect(!ended.isCutAtHorizon && ended.expansionEnd == seconds("2026-04-01T00:00:00Z"))
  }
}
