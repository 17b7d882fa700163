import Foundation
import Testing

@testable import Import
@testable import Workbench

private let sam = "mailto:sam@example.com"

/// `winnow availability` by the rows of the feature list.
@Suite struct AvailabilityRows {
  // MARK: What is busy

  @Test("UP-7-availability: busy and free of a linked calendar, as of the export")
  func basics() throws {
    let scene = Scene(calendar: [
      vevent("a", "0900", to: "1000"), vevent("b", "1000", to: "1100"),
      vevent("c", "1300", to: "1330"),
    ])
    let folder = try scene.folder()
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1_772_400_000)],
      ofItemAtPath: folder.file("sam.ics"))
    let a = try folder.availability(from: "2026-03-17", to: "2026-03-17")
    #expect(a.json["from"].text == "2026-03-17T00:00:00Z")
    #expect(a.json["to"].text == "2026-03-18T00:00:00Z")
    #expect(a.json["timeZone"].text == "UTC")
    #expect(a.json["asOf"].text == "2026-03-01T21:20:00Z")
    #expect(a.json["users"].list.count == 1 && a.json["users"][0]["user"].text == "sam")
    #expect(a.busy == ["09:00-11:00", "13:00-13:30"])
    #expect(a.free == ["11:00-13:00", "13:30-17:00"])
    #expect(a.conflicts.isEmpty)
    #expect(a.warnings == ["not shown, because neither a calendar nor a task is there: kim"])
  }

  @Test("UP-7-availability: free and cancelled events and what the user declined take no time")
  func notBusy() throws {
    let a = try Scene(calendar: [
      vevent("free", "0900", to: "0930", more: ["TRANSP:TRANSPARENT"]),
      vevent("ms-free", "0930", to: "1000", more: ["X-MICROSOFT-CDO-BUSYSTATUS:FREE"]),
      vevent("cancelled", "1000", to: "1030", more: ["STATUS:CANCELLED"]),
      vevent(
        "declined", "1030", to: "1100",
        more: ["ORGANIZER:mailto:ann@client.test", "ATTENDEE;PARTSTAT=DECLINED:\(sam)"]),
      vevent(
        "others-declined", "1100", to: "1130",
        more: ["ORGANIZER:\(sam)", "ATTENDEE;PARTSTAT=DECLINED:mailto:ann@client.test"]),
      vevent("private", "1200", to: "1230", title: "SECRET", more: ["CLASS:PRIVATE"]),
      vevent("nothing", "1300", to: "1300"),
    ]).availability()
    #expect(a.busy == ["11:00-11:30", "12:00-12:30"])
  }

  @Test("UP-7-availability: tentative time is told apart, but not where something firm lies on it")
  func tentative() throws {
    let a = try Scene(calendar: [
      vevent("status", "0900", to: "1000", more: ["STATUS:TENTATIVE"]),
      vevent("ms", "1100", to: "1200", more: ["X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE"]),
      vevent(
        "answer", "1300", to: "1400",
        more: ["ORGANIZER:mailto:ann@client.test", "ATTENDEE;PARTSTAT=TENTATIVE:\(sam)"]),
      vevent("firm", "1330", to: "1430"),
    ]).availability()
    #expect(a.busy == ["09:00-10:00?", "11:00-12:00?", "13:00-13:30?", "13:30-14:30"])
    #expect(a.conflicts == ["13:30-14:00x2"])
  }

  @Test("UP-7-availability: an all-day event takes its days by the organisation's clock")
  func allDay() throws {
    let a = try Scene(
      calendar: [
        vevent("leave", ";VALUE=DATE:20260317", ";VALUE=DATE:20260319"),
        vevent(
          "birthday", ";VALUE=DATE:20260320", ";VALUE=DATE:20260321", more: ["TRANSP:TRANSPARENT"]),
        // Microsoft's all-day event of another zone: a day here all the same.
        vevent(
          "tokyo", ";TZID=Asia/Tokyo:20260321T000000", ";TZID=Asia/Tokyo:20260322T000000",
          more: ["X-MICROSOFT-CDO-ALLDAYEVENT:TRUE"]),
      ], zone: "Europe/Berlin"
    ).availability(to: "2026-03-22")
    #expect(
      a.busy == ["03-16 23:00-03-18 23:00", "03-20 23:00-03-21 23:00"])
    // 19, 20 and 22 March, nine to five in Berlin.
    #expect(
      a.free == [
        "03-19 08:00-03-19 16:00", "03-20 08:00-03-20 16:00", "03-22 08:00-03-22 16:00",
      ])
  }

  @Test("UP-7-availability: an event that began before the span, and occurrences of a long series")
  func reachingIn() throws {
    let a = try Scene(calendar: [
      vevent("long", ":20260316T200000Z", ":20260317T020000Z"),
      vevent("series", ":20260101T230000Z", ":20260102T040000Z", more: ["RRULE:FREQ=DAILY"]),
      vevent("ends", ":20260316T200000Z", ":20260317T000000Z"),
      vevent("begins", ":20260318T000000Z", ":20260318T010000Z"),
    ]).availability { $0.hours = "00:00-24:00" }
    #expect(a.busy == ["00:00-04:00", "23:00-03-18 00:00"])
    #expect(a.conflicts == ["00:00-02:00x2"])
    #expect(a.free == ["04:00-23:00"])
  }

  @Test("UP-7-availability: instances of a series, moved, left out and cancelled")
  func series() throws {
    let zone = ";TZID=Europe/Berlin:"
    let a = try Scene(
      calendar: [
        vevent(
          "jf", "\(zone)20260310T100000", "\(zone)20260310T110000",
          more: ["RRULE:FREQ=DAILY;COUNT=12", "EXDATE\(zone)20260318T100000"]),
        vevent(
          "jf", "\(zone)20260317T150000", "\(zone)20260317T160000",
          more: ["RECURRENCE-ID\(zone)20260317T100000", "SEQUENCE:1"]),
        vevent(
          "jf", "\(zone)20260319T100000", "\(zone)20260319T110000",
          more: ["RECURRENCE-ID\(zone)20260319T100000", "SEQUENCE:1", "STATUS:CANCELLED"]),
      ], zone: "Europe/Berlin"
    ).availability(to: "2026-03-20")
    #expect(a.busy == ["14:00-15:00", "03-20 09:00-03-20 10:00"])
  }

  @Test(
    "UP-7-availability: days of 23 and 25 hours",
    arguments: [
      ("2026-03-29", 23, "03-28 23:00-03-29 22:00"), ("2026-10-25", 25, "10-24 22:00-10-25 23:00"),
    ])
  func clockChange(_ day: String, _ hours: Int, _ whole: String) throws {
    let date = day.filter { $0 != "-" }
    let scene = Scene(
      calendar: [
        vevent("all", ";VALUE=DATE:\(date)", ";VALUE=DATE:\(Int(date).map { $0 + 1 } ?? 0)")
      ],
      zone: "Europe/Berlin")
    #expect(try scene.availability(from: day).busy == [whole])
    let text = try scene.availability(from: day) {
      $0.form = .text
      $0.hours = "00:00-24:00"
      $0.slot = "1h"
    }.text
    #expect(
      text.contains("  Sun \(day)  \(String(repeating: "█", count: hours))  a day of \(hours) h"))
    #expect(text.contains("busy \(hours):00, free 0:00"))
    // Two local hours around the change.
    let night = try Scene(
      calendar: [], tasks: "T,Meeting,x,,\(day) 01:30,\(day) 03:30,sam,,,,,,\n",
      zone: "Europe/Berlin"
    )
    .availability(from: day) { $0.form = .text }.text
    #expect(night.contains("busy outside these hours \(hours == 23 ? 1 : 3):00"))
  }

  @Test("UP-7-availability: hours whose beginning a clock change skips")
  func skippedHours() throws {
    let a = try Scene(
      calendar: [vevent("x", on: "20260328", "0900", to: "1000")], zone: "Europe/Berlin"
    )
    .availability(from: "2026-03-29") {
      $0.hours = "02:15-04:00"
      $0.slot = "5m"
    }
    #expect(a.free == ["03-29 01:00-03-29 02:00"])
  }

  // MARK: Several calendars

  @Test("LG-1-sync: double bookings across CRM appointments and all calendars, with their number")
  func doubleBookings() throws {
    let a = try Scene(
      calendar: [vevent("a", "0900", to: "1100"), vevent("b", "1030", to: "1200")],
      conflict: [vevent("c", "1045", to: "1130")],
      tasks:
        "T1,Meeting,Visit,,2026-03-17 11:15,2026-03-17 11:45,sam,,,,Open,,\nT2,Call,Ring,,2026-03-17 15:00,2026-03-17 16:00,sam,,,,Open,,\n"
    ).availability()
    #expect(a.busy == ["09:00-12:00"])
    #expect(
      a.conflicts == [
        "10:30-10:45x2", "10:45-11:00x3", "11:00-11:15x2", "11:15-11:30x3", "11:30-11:45x2",
      ])
    #expect(a.free == ["12:00-17:00"])
  }

  @Test("LG-3-conflict: a conflict calendar gives times and nothing else, private events, too")
  func conflictCalendar() throws {
    let scene = Scene(
      calendar: [vevent("a", "0900", to: "1000", title: "Public title")],
      conflict: [
        vevent(
          "p", "1400", to: "1500", title: "Dentist",
          more: ["CLASS:PRIVATE", "LOCATION:Back street", "ATTENDEE:mailto:doc@teeth.test"]),
        vevent("f", "1600", to: "1630", more: ["TRANSP:TRANSPARENT"]),
      ])
    #expect(try scene.availability().busy == ["09:00-10:00", "14:00-15:00"])
    for form in [AvailabilityOptions.Form.text, .json, .iCalendar] {
      let text = try scene.availability { $0.form = form }.text
      for word in ["Dentist", "Back street", "teeth", "Public title"] {
        #expect(!text.contains(word))
      }
    }
  }

  @Test("CS-F-primary: another calendar counts only where primaryOnly is false")
  func otherCalendars() throws {
    for (settings, expected) in [
      ("{}", ["09:00-10:00"]), (#"{"primaryOnly":false}"#, ["09:00-10:00", "12:00-13:00"]),
    ] {
      var scene = Scene(calendar: [vevent("a", "0900", to: "1000")], settings: settings)
      scene.files["more.ics"] = vcalendar([vevent("b", "1200", to: "1300")])
      scene.sources =
        #"[{"path":"sam.ics","owner":"sam","calendar":"primary"},{"path":"more.ics","owner":"sam","calendar":"other"}]"#
      #expect(try scene.availability().busy == expected)
    }
  }

  @Test("LG-1-sync: one meeting in two calendars counts once, with the newest version's time")
  func sameMeeting() throws {
    let same = Scene(
      calendar: [vevent("m", "0900", to: "1000")], conflict: [vevent("m", "0900", to: "1000")])
    #expect(try same.availability().conflicts.isEmpty)
    #expect(try same.availability().busy == ["09:00-10:00"])
    // The conflict calendar knows of a later change.
    let moved = try Scene(
      calendar: [vevent("m", "0900", to: "1000")],
      conflict: [vevent("m", "1100", to: "1200", more: ["SEQUENCE:1"])]
    ).availability()
    #expect(moved.busy == ["11:00-12:00"])
    // Declined in one account, accepted in the other.
    let other = try Scene(
      calendar: [vevent("m", "0900", to: "1000", more: ["ATTENDEE;PARTSTAT=DECLINED:\(sam)"])],
      conflict: [vevent("m", "0900", to: "1000")]
    ).availability()
    #expect(other.busy == ["09:00-10:00"])
    // Two exports of one linked calendar: only the newer one counts, also where it is not busy.
    var years = Scene(calendar: [
      vevent("m", "0900", to: "1000", more: ["LAST-MODIFIED:20260101T000000Z"])
    ])
    years.files["new.ics"] = vcalendar([
      vevent("m", "0900", to: "1000", more: ["LAST-MODIFIED:20260201T000000Z", "STATUS:CANCELLED"])
    ])
    years.sources =
      #"[{"path":"sam.ics","owner":"sam","calendar":"primary"},{"path":"new.ics","owner":"sam","calendar":"primary"}]"#
    #expect(try years.availability().busy.isEmpty)
  }

  @Test("LG-1-sync: a series in one calendar and its moved instance in another")
  func seriesAcrossCalendars() throws {
    let a = try Scene(
      calendar: [
        vevent("s", on: "20260316", "0900", to: "1000", more: ["RRULE:FREQ=DAILY;COUNT=3"])
      ],
      conflict: [
        vevent("s", "1500", to: "1600", more: ["RECURRENCE-ID:20260317T090000Z", "SEQUENCE:2"])
      ]
    ).availability(to: "2026-03-18")
    #expect(a.busy == ["15:00-16:00", "03-18 09:00-03-18 10:00"])
  }

  // MARK: The CRM's tasks

  @Test("LG-1-sync: a CRM task that came back as an event counts once, at the newer one's time")
  func taskAsEvent() throws {
    let task =
      "T1,Meeting,Visit,,2026-03-17 09:00,2026-03-17 10:00,sam,,,,Open,2026-02-01 00:00,2026-02-02 00:00\n"
    func busy(
      _ start: String, _ end: String, changed: String, settings: String = "{}", tasks: String? = nil
    ) throws -> [String] {
      let event = vevent(
        "crm-task-T1@winnow.invalid", start, to: end, more: ["LAST-MODIFIED:\(changed)T000000Z"])
      return try Scene(calendar: [event], settings: settings, tasks: tasks ?? task).availability()
        .busy
    }
    #expect(try busy("0900", "1000", changed: "20260202") == ["09:00-10:00"])
    #expect(try busy("1100", "1200", changed: "20260203") == ["11:00-12:00"])
    #expect(try busy("1100", "1200", changed: "20260201") == ["09:00-10:00"])
    #expect(
      try busy("1100", "1200", changed: "20260203", settings: #"{"conflict":"crm"}"#) == [
        "09:00-10:00"
      ])
    #expect(
      try busy("1100", "1200", changed: "20260201", settings: #"{"conflict":"provider"}"#) == [
        "11:00-12:00"
      ])
    let cancelled = task.replacingOccurrences(of: "Open", with: "Cancelled")
    #expect(try busy("0900", "1000", changed: "20260201", tasks: cancelled) == [])
    // Marked instead of named by its UID.
    let marked = try Scene(
      calendar: [vevent("own", "0900", to: "1000", more: ["X-LSQ-TASKID:T1"])], tasks: task
    ).availability()
    #expect(marked.busy == ["09:00-10:00"] && marked.conflicts.isEmpty)
    // Somebody else's task of that id is another one.
    let others = try Scene(
      calendar: [vevent("own", "0900", to: "1000", more: ["X-LSQ-TASKID:T1"])],
      tasks: task.replacingOccurrences(of: "sam", with: "kim")
    ).availability()
    #expect(others.busy == ["09:00-10:00"] && others.list("busy", user: 1) == ["09:00-10:00"])
  }

  @Test("LG-1-sync: a meeting that became a CRM task counts once, and not at all where declined")
  func eventAsTask() throws {
    let task = "T7,Meeting,Jour  fixe,,2026-03-17 09:00,2026-03-17 10:00,sam,,,,Open,,\n"
    let once = try Scene(
      calendar: [vevent("m", "0900", to: "1000", title: "Jour fixe")], tasks: task
    )
    .availability()
    #expect(once.busy == ["09:00-10:00"] && once.conflicts.isEmpty)
    let declined = try Scene(
      calendar: [
        vevent(
          "m", "0900", to: "1000", title: "Jour fixe", more: ["ATTENDEE;PARTSTAT=DECLINED:\(sam)"])
      ], tasks: task
    ).availability()
    #expect(declined.busy.isEmpty)
    let other = try Scene(calendar: [vevent("m", "0900", to: "1000", title: "Review")], tasks: task)
      .availability()
    #expect(other.conflicts == ["09:00-10:00x2"])
  }

  @Test("CS-1-appointment-only: tasks of chosen appointment types take time, in any direction")
  func taskTypes() throws {
    let rows = """
      T1,Meeting,a,,2026-03-17 09:00,,sam,,,,Open,,
      T2,Demo,b,,2026-03-17 10:00,2026-03-17 11:00,sam,,,,Open,,
      T3,Call,c,,2026-03-17 12:00,2026-03-17 13:00,sam,,,,Open,,
      T4,Meeting,d,,2026-03-17 14:00,2026-03-17 15:00,sam,,,,Cancelled,,
      T5,Meeting,e,,2026-03-18,2026-03-18,SAM@example.com,,,,Open,,
      T6,Meeting,f,,soon,,sam,,,,Open,,

      """
    let a = try Scene(calendar: [], tasks: rows).availability(to: "2026-03-18")
    #expect(a.busy == ["09:00-09:30", "03-18 00:00-03-19 00:00"])
    #expect(a.warnings.contains { $0.contains("tasks.csv: task T6 is not counted") })
    let chosen = try Scene(
      calendar: [], settings: #"{"outboundTaskTypes":["Demo"],"direction":"outbound"}"#,
      tasks: rows
    ).availability(to: "2026-03-18")
    #expect(chosen.busy == ["10:00-11:00"])
  }
}
