import Bytes
import CivilTime
import Events
import ICalendar
import Testing
import TimeZones

/// The worked examples of the guides to Events, ICalendar and TimeZones, so that they stay true.
@Suite struct CalendarGuides {
  @Test func theSeriesOfTheGuideHasTwoOccurrencesOnBothSidesOfTheClockChange() {
    let text = """
      BEGIN:VCALENDAR
      BEGIN:VEVENT
      UID:jour-fixe
      DTSTART;TZID=Europe/Berlin:20260324T090000
      DURATION:PT1H
      RRULE:FREQ=WEEKLY;COUNT=3
      EXDATE;TZID=Europe/Berlin:20260331T090000
      SUMMARY:Jour fixe
      END:VEVENT
      END:VCALENDAR

      """
    var found: [String] = []
    Array(text.utf8).withByteView { bytes in
      let reader = EventReader(bytes, localZone: .utc)
      while case .event(let event) = reader.next() {
        for o in event.occurrences(through: .max).list {
          let out = ByteBuffer()
          CivilDate.append(utcSeconds: o.start, to: out)
          found.append("\(event.summary ?? "") \(out.string)")
        }
      }
    }
    #expect(found == ["Jour fixe 2026-03-24T08:00:00Z", "Jour fixe 2026-04-07T07:00:00Z"])
  }

  @Test func theTextOfTheGuideLosesItsEscape() {
    let text =
      "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Tea\\, then talk\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    var found: [String] = []
    Array(text.utf8).withByteView { bytes in
      let reader = ICalendarReader(bytes)
      while case .component = reader.next() {
        let c = reader.component
        let out = ByteBuffer()
        if let line = c.first(.summary) { TextValue.append(line, in: c, to: out) }
        found.append(out.string)
      }
    }
    #expect(found == ["Tea, then talk"])
  }

  @Test func theSkippedTimeOfTheGuideIsReadWithTheOffsetBeforeTheChange() throws {
    let berlin = try #require(ZoneDatabase.system.zone(named: "Europe/Berlin"))
    let skipped = CivilDateTime(CivilDate(year: 2026, month: 3, day: 29), hour: 2, minute: 30)
    #expect(berlin.instant(of: skipped) == 1_774_747_800)
  }
}
