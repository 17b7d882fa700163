import Foundation
import Testing

/// `winnow inspect` on calendars.
@Suite struct InspectCalendarTests {
  private static let series = """
    BEGIN:VEVENT
    UID:s@x
    DTSTART;TZID=Europe/Berlin:20260302T090000
    DTEND;TZID=Europe/Berlin:20260302T100000
    RRULE:FREQ=WEEKLY;COUNT=5
    SUMMARY:Weekly\\, yes
    ORGANIZER;CN=Sam:mailto:sam@x.example
    ATTENDEE;CUTYPE=ROOM;CN="R, 1":mailto:r@x.example
    END:VEVENT
    BEGIN:VEVENT
    UID:s@x
    RECURRENCE-ID;TZID=Europe/Berlin:20260309T090000
    DTSTART;TZID=Europe/Berlin:20260310T110000
    LOCATION:https://zoom.us/j/123
    END:VEVENT
    BEGIN:VEVENT
    UID:s@x
    RECURRENCE-ID;TZID=Europe/Berlin:20260316T090000
    STATUS:CANCELLED
    END:VEVENT

    """
  private static let others = """
    BEGIN:VEVENT
    UID:d
    DTSTART;VALUE=DATE:20260501
    END:VEVENT
    BEGIN:VEVENT
    UID:f
    DTSTART:20260503T100000
    END:VEVENT
    BEGIN:VEVENT
    UID:broken
    END:VEVENT
    BEGIN:VTODO
    UID:t
    END:VTODO

    """

  private func calendar(_ body: String) -> String {
    "BEGIN:VCALENDAR\nVERSION:2.0\nMETHOD:publish\n" + body + "END:VCALENDAR\n"
  }

  private func inspect(_ w: WinnowBinary, _ arguments: String) throws -> [[String: Any]] {
    let done = try w.shell("\"$0\" inspect \(arguments)")
    #expect(done.status == 0, "\(done.err)")
    return try done.out.split(separator: "\n").map {
      try #require(
        try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
  }

  @Test func `every component has a line, broken ones too, in file order`() throws {
    let w = try WinnowBinary()
    defer { w.remove() }
    try w.write("a.ics", calendar(Self.series + Self.others))
    let lines = try inspect(w, "a.ics")
    #expect(
      lines.map { $0["item"] as? String } == [
        "event", "event", "event", "event", "event", "quarantined", "event",
      ])
    #expect(
      lines.map { ($0["source"] as? [String: Any])?["index"] as? Int } == Array(0..<7))
    let master = lines[0]
    #expect(master["start"] as? String == "2026-03-02T08:00:00Z")
    #expect(master["timeZone"] as? String == "Europe/Berlin")
    #expect(
      master["summary"] as? String == "Weekly, yes" && master["method"] as? String == "PUBLISH")
    #expect(master["rrule"] as? String == "FREQ=WEEKLY;COUNT=5")
    #expect(master["occurrences"] == nil && master["recurrenceId"] is NSNull)
    #expect(
      (master["organizer"] as? [String: String]) == ["name": "Sam", "email": "sam@x.example"])
    #expect(
      (master["attendees"] as? [[String: String]]) == [
        [
          "name": "R, 1", "email": "r@x.example", "role": "REQ-PARTICIPANT",
          "status": "NEEDS-ACTION", "kind": "ROOM",
        ]
      ])
    #expect(lines[1]["recurrenceId"] as? String == "2026-03-09T08:00:00Z")
    #expect(lines[1]["joinUrl"] as? String == "https://zoom.us/j/123")
    #expect(lines[2]["status"] as? String == "CANCELLED")
    #expect(
      lines[3]["start"] as? String == "2026-05-01" && lines[3]["end"] as? String == "2026-05-02")
    #expect(lines[3]["allDay"] as? Bool == true)
    #expect(lines[4]["start"] as? String == "2026-05-03T10:00:00")
    #expect((lines[5]["error"] as? String)?.contains("DTSTART") == true)
    #expect(lines[6]["component"] as? String == "VTODO")
  }

  @Test func `with a span each event lists its own occurrences, others are left out`() throws {
    let w = try WinnowBinary()
    defer { w.remove() }
    try w.write("a.ics", calendar(Self.series + Self.others))
    let lines = try inspect(w, "a.ics --from 2026-03-02 --to 2026-03-30")
    #expect(lines.map { $0["uid"] as? String } == ["s@x", "s@x", "s@x", nil])
    let lists = lines.map { $0["occurrences"] as? [[String: Any]] ?? [] }
    #expect(
      lists[0].map { $0["start"] as? String } == [
        "2026-03-02T08:00:00Z", "2026-03-23T08:00:00Z", "2026-03-30T07:00:00Z",
      ])
    #expect(lists[0][2]["recurrenceId"] as? String == "2026-03-30T07:00:00Z")
    #expect(lists[0][2]["end"] as? String == "2026-03-30T08:00:00Z")
    #expect(lists[1][0]["start"] as? String == "2026-03-10T10:00:00Z")
    #expect(lists[1][0]["recurrenceId"] as? String == "2026-03-09T08:00:00Z")
    #expect(lists[1][0]["overridden"] as? Bool == true)
    #expect(lists[2].isEmpty, "a cancelled one is shown, and occurs nowhere")
    #expect(try inspect(w, "a.ics --from 2026-05-03 --to 2026-05-03").count == 2)
  }

  @Test func `mail and calendars of all formats come in source order`() throws {
    let w = try WinnowBinary(mails: 2)
    defer { w.remove() }
    try w.write("in/a.ics", calendar(Self.series))
    try w.write(
      "in/n.json",
      #"["vcalendar",[],[["vevent",[["uid",{},"text","j"],["dtstart",{},"date","2026-05-01"]],[]]]]"#
    )
    try w.write(
      "in/x.xml",
      #"<icalendar xmlns="urn:ietf:params:xml:ns:icalendar-2.0"><vcalendar><components><vevent><properties><uid><text>x</text></uid><dtstart><date-time>2026-05-01T10:00:00Z</date-time></dtstart></properties></vevent></components></vcalendar></icalendar>"#
    )
    try w.write("in/winnow.json", "{}")
    try w.write("in/empty.ics", "")
    let lines = try inspect(w, "in")
    #expect(
      lines.map { $0["item"] as? String } == [
        "event", "event", "event", "mail", "mail", "event", "event",
      ])
    #expect(lines[5]["start"] as? String == "2026-05-01" && lines[5]["uid"] as? String == "j")
    #expect(lines[6]["start"] as? String == "2026-05-01T10:00:00Z")
  }

  @Test func `what is named and no calendar is an error, after the rest was printed`() throws {
    let w = try WinnowBinary(mails: 1)
    defer { w.remove() }
    try w.write("v.ics", "BEGIN:VCARD\nEND:VCARD\n")
    try w.write("x.json", "{}")
    try w.write("a.ics", calendar(Self.series))
    let done = try w.shell("\"$0\" inspect v.ics x.json a.ics in/mail.mbox")
    #expect(done.status == 65)
    #expect(done.err.contains("v.ics: holds contacts") && done.err.contains("x.json"))
    #expect(done.out.split(separator: "\n").count == 4)
  }

  @Test func `gzip is inflated`() throws {
    let w = try WinnowBinary()
    defer { w.remove() }
    try w.write("a.ics", calendar(Self.series))
    #expect(try w.shell("gzip a.ics && \"$0\" inspect a.ics.gz | wc -l").out == "3\n")
  }

  @Test func `codes of events stand in the schema`() throws {
    let w = try WinnowBinary()
    defer { w.remove() }
    let schema = try w.shell("\"$0\" schema inspect").out
    #expect(schema.contains("event-orphan") && schema.contains("ics-lost-line"))
  }
}
