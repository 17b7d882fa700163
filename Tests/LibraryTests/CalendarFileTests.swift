import Foundation
import Testing
import WinnowCalendar
import WinnowTimeZones

@Suite struct CalendarFiles {
  private func calendar(_ lines: String, timeZone: String = "UTC") throws -> CalendarFile {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent(
      "\(UUID().uuidString).ics")
    try Data("BEGIN:VCALENDAR\nX-WR-CALNAME:Work\n\(lines)\nEND:VCALENDAR\n".utf8).write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    return try CalendarFile(url.path, timeZone: timeZone)
  }

  private let year = (
    Timestamp(year: 2026, month: 1, day: 1), Timestamp(year: 2027, month: 1, day: 1)
  )

  @Test("a series gives its occurrences without what was taken out or changed")
  func series() throws {
    let calendar = try calendar(
      """
      BEGIN:VEVENT
      UID:jour-fixe
      DTSTART;TZID=Europe/Berlin:20260324T090000
      DURATION:PT1H
      RRULE:FREQ=WEEKLY;COUNT=4
      EXDATE;TZID=Europe/Berlin:20260331T090000
      SUMMARY:Jour fixe
      ORGANIZER;CN=Ann:mailto:ann@example.com
      ATTENDEE;PARTSTAT=ACCEPTED;CN=Bob:mailto:bob@example.com
      END:VEVENT
      BEGIN:VEVENT
      UID:jour-fixe
      RECURRENCE-ID;TZID=Europe/Berlin:20260407T090000
      DTSTART;TZID=Europe/Berlin:20260407T140000
      DURATION:PT1H
      SUMMARY:Jour fixe, moved
      END:VEVENT
      """)
    #expect(calendar.name == "Work" && calendar.faults.isEmpty)
    let series = try #require(calendar.events.first)
    #expect(
      series.occurrences(from: year.0, to: year.1).map(\.description) == [
        "2026-03-24T08:00:00Z/2026-03-24T09:00:00Z", "2026-04-14T07:00:00Z/2026-04-14T08:00:00Z",
      ])
    #expect(series.isSeries && series.title == "Jour fixe" && series.timeZone == "Europe/Berlin")
    #expect(series.organizer?.email == "ann@example.com")
    #expect(series.attendees.map(\.answer) == ["ACCEPTED"])
    let moved = try #require(calendar.events.last)
    #expect(moved.recurrenceID == Timestamp("2026-04-07T07:00:00Z"))
    #expect(
      moved.occurrences(from: year.0, to: year.1).map(\.start) == [
        Timestamp("2026-04-07T12:00:00Z")
      ])
  }

  @Test("whole days are days, wherever the calendar is")
  func days() throws {
    let event = "BEGIN:VEVENT\nUID:d\nDTSTART;VALUE=DATE:20260501\nEND:VEVENT"
    for zone in ["UTC", "America/New_York", "Pacific/Auckland"] {
      let found = try calendar(event, timeZone: zone).events.flatMap {
        $0.occurrences(from: year.0, to: year.1)
      }
      #expect(found.map(\.description) == ["2026-05-01/2026-05-02"])
    }
  }

  @Test("what cannot be used is named, and the rest is read")
  func broken() throws {
    let calendar = try calendar(
      "BEGIN:VEVENT\nUID:a\nEND:VEVENT\nBEGIN:VEVENT\nUID:b\nDTSTART:20260501T090000Z\nEND:VEVENT")
    #expect(calendar.events.map(\.uid) == ["b"])
    #expect(calendar.faults.count == 1)
  }

  @Test("a file that is no calendar, a missing one and an unknown zone are errors with the path")
  func failures() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try Data("From: a@example.com\n\nhello\n".utf8).write(to: url)
    for path in [url.path, "/nowhere.ics"] {
      let error = #expect(throws: CalendarFile.Failure.self) { try CalendarFile(path) }
      #expect(error?.description.hasPrefix(path) == true)
    }
    #expect(throws: CalendarFile.Failure.self) {
      try calendar("", timeZone: "Europe/Atlantis")
    }
  }

  @Test("time zones come with one import")
  func zones() throws {
    let berlin = try #require(ZoneDatabase.system.zone(named: "Europe/Berlin"))
    let skipped = CivilDateTime(CivilDate(year: 2026, month: 3, day: 29), hour: 2, minute: 30)
    #expect(berlin.instant(of: skipped) == 1_774_747_800)
  }
}
