import Bytes
import CivilTime
import Events
import ICalendar
import Testing
import TimeZones

/// One event with these lines.
private func event(
  _ lines: String, head: String = "", local: String = "Europe/Stockholm"
) -> CalendarEvent? {
  read(calendar("UID:e@x\n" + lines, head: head), local: local).events.first
}

@Suite struct EventValues {
  @Test func `texts are decoded, and X-ALT-DESC stands in for an empty description`() {
    let texts = EventTexts()
    let e = event(
      "DTSTART:20260303T080000Z\nSUMMARY;LANGUAGE=en:Plan\\, then do\nLOCATION:\nDESCRIPTION: \n"
        + "X-ALT-DESC;FMTTYPE=text/html:<p>Line <b>one</b></p>\nCATEGORIES:a,b\\,c\n"
        + "X-crm-id:4711\\;x\nURL:https://x.example/a\nPRIORITY:3\nGEO:59.3;18.06")
    #expect(e?.summary == "Plan, then do")
    #expect(e?.location == nil)
    #expect(e?.description(using: texts) == "Line one")
    #expect(e?.categories(using: texts) == ["a", "b,c"])
    #expect(e?.text(named: "X-CRM-ID") == "4711;x")
    #expect(e?.text(named: "x-none" as StaticString) == nil)
    #expect(e?.url == "https://x.example/a" && e?.priority == 3)
    #expect(e?.geo?.latitude == 59_300_000)
  }

  @Test func `people keep their names, roles and answers, rooms are told`() {
    let texts = EventTexts()
    let e = event(
      "DTSTART:20260303T080000Z\nORGANIZER;CN=\"Ek, Sam\";SENT-BY=\"mailto:pa@x.example\":MAILTO:Sam@x.example\n"
        + "ATTENDEE;PARTSTAT=DECLINED;ROLE=OPT-PARTICIPANT;RSVP=TRUE:mailto:a@x.example\n"
        + "ATTENDEE;CUTYPE=ROOM;CN=R1:mailto:r1@x.example\n"
        + "ATTENDEE;EMAIL=b@x.example:urn:uuid:1")
    let o = e?.organizer(using: texts)
    #expect(o?.email == "Sam@x.example" && o?.name == "Ek, Sam" && o?.sentBy == "pa@x.example")
    let all = e?.attendees(using: texts) ?? []
    #expect(all.map(\.email) == ["a@x.example", "r1@x.example", "b@x.example"])
    #expect(all.map(\.isResource) == [false, true, false])
    #expect(all[0].status == .declined && all[0].role == .optional && all[0].rsvp)
    #expect(all[2].uri == "urn:uuid:1")
  }

  @Test func `class, status, busy and times of change`() {
    let e = event(
      "DTSTART:20260303T080000Z\nCLASS:confidential\nSTATUS:tentative\nTRANSP:transparent\n"
        + "X-MICROSOFT-CDO-BUSYSTATUS:OOF\nX-MICROSOFT-CDO-INTENDEDSTATUS:FREE\n"
        + "CREATED:20260101T000000Z\nLAST-MODIFIED:20260102T000000Z\nDTSTAMP:20260103T000000Z\n"
        + "SEQUENCE:99999999999999999999")
    #expect(e?.classification == .confidential && e?.status == .tentative)
    #expect(e?.statusText == "TENTATIVE")
    #expect(e?.isTransparent == true && e?.busyStatus == .outOfOffice)
    #expect(e?.created == instant("20260101") && e?.lastModified == instant("20260102"))
    #expect(e?.stamp == instant("20260103"))
    #expect(e?.sequence == Int(Int32.max) && e?.codes == ["event-bad-sequence"])
    #expect(event("DTSTART:20260303T080000Z\nCLASS:X-OTHER")?.classification == .secret)
  }

  @Test func `METHOD CANCEL cancels whatever STATUS says`() {
    let e = event("DTSTART:20260303T080000Z\nSTATUS:CONFIRMED", head: "METHOD:cancel\n")
    #expect(e?.isCancelled == true && e?.starts().isEmpty == true)
    #expect(e?.calendar.methodText == "CANCEL")
    #expect(event("", head: "METHOD:CANCEL\n")?.start == nil)
  }

  @Test func `the join link is found in Microsoft's own property`() {
    let e = event(
      "DTSTART:20260303T080000Z\nX-MICROSOFT-SKYPETEAMSMEETINGURL:https://teams.microsoft.com/l/meetup-join/19%3ax"
    )
    let link = e?.joinLink(using: EventTexts())
    #expect(link?.url == "https://teams.microsoft.com/l/meetup-join/19%3ax")
    #expect(link?.provider == "Microsoft Teams")
  }

  @Test func `the calendar's own values are known`() {
    let e = event(
      "DTSTART:20260303T080000Z",
      head: "X-WR-CALNAME:Ann\\, Bo\nX-WR-TIMEZONE:Nowhere/Land\nMETHOD:PUBLISH\n")
    #expect(e?.calendar.name == "Ann, Bo" && e?.calendar.product == "-//test//EN")
    #expect(e?.calendar.method == .publish && e?.calendar.timeZone == nil)
  }

  @Test func `tasks and journals need no time`() {
    for kind in ["VTODO", "VJOURNAL"] {
      let r = read(calendar("UID:t@x\nSUMMARY:x", kind: kind))
      #expect(r.broken.isEmpty && r.events.first?.start == nil)
      #expect(r.events.first?.starts().isEmpty == true)
    }
    let due = read(
      calendar("UID:t@x\nDTSTART:20260303T080000Z\nDUE:20260303T090000Z", kind: "VTODO"))
    #expect(due.events.first?.span?.end == instant("20260303T090000Z"))
  }

  @Test func `a UID keeps what it is, and a very long one ends in its digest`() {
    #expect(read(calendar("UID: a\\,b \nDTSTART:20260303T080000Z")).events.first?.uid == " a,b ")
    let long = read(calendar("UID:" + String(repeating: "ä", count: 3000) + "\nDTSTART:20260303"))
    #expect(long.events.first.map { $0.uid.utf8.count } == 1024 + 33)
    #expect(long.events.first?.codes == ["event-long-uid", "event-odd-date"])
  }
}

@Suite struct EventTimesOfDay {
  @Test func `zones: known names need no definition, own definitions are read from behind`() {
    let windows = event("DTSTART;TZID=W. Europe Standard Time:20260303T090000")
    #expect(windows?.timeZone == "Europe/Berlin" && windows?.zoneOrigin == .windowsName)
    #expect(windows?.starts() == ["20260303T080000Z"])
    let text =
      "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:z@x\nDTSTART;TZID=Ours:20260303T090000\nEND:VEVENT\n"
      + "BEGIN:VTIMEZONE\nTZID:Ours\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0300\n"
      + "TZOFFSETTO:+0330\nEND:STANDARD\nEND:VTIMEZONE\nEND:VCALENDAR\n"
    let own = read(text).events.first
    #expect(own?.starts() == ["20260303T053000Z"] && own?.timeZone == "Ours")
    #expect(own?.codes.isEmpty == true)
  }

  @Test func `calendars of one file that define one name differently each use their own`() {
    func one(_ offset: String, _ uid: String) -> String {
      calendar(
        "UID:\(uid)\nDTSTART;TZID=Customized Time Zone:20260303T090000",
        head: offset.isEmpty
          ? ""
          : "BEGIN:VTIMEZONE\nTZID:Customized Time Zone\nBEGIN:STANDARD\nDTSTART:19700101T000000\n"
            + "TZOFFSETFROM:\(offset)\nTZOFFSETTO:\(offset)\nEND:STANDARD\nEND:VTIMEZONE\n")
    }
    let r = read(one("+0100", "a") + one("+0200", "b") + one("+0200", "c") + one("", "d"))
    #expect(
      r.events.map { $0.starts().first } == [
        "20260303T080000Z", "20260303T070000Z", "20260303T070000Z", "20260303T080000Z",
      ])
  }

  @Test func `an unknown zone is the calendar's, with a word about it`() {
    let e = event(
      "DTSTART;TZID=Atlantis/Harbour:20260303T090000", head: "X-WR-TIMEZONE:America/New_York\n")
    #expect(e?.starts() == ["20260303T140000Z"])
    #expect(e?.codes == ["event-unknown-zone"] && e?.timeZone == nil)
    #expect(e?.defects.first?.message.contains("Atlantis/Harbour") == true)
    #expect(e?.defects.first?.line == 7)
  }

  @Test func `floating times lie in X-WR-TIMEZONE, dates in the local zone`() {
    let head = "X-WR-TIMEZONE:America/New_York\n"
    let e = event("DTSTART:20260303T090000\nDTEND:20260303T100000", head: head)
    #expect(e?.starts() == ["20260303T140000Z"] && e?.timeZone == nil)
    #expect(event("DTSTART:20260303T090000")?.starts() == ["20260303T080000Z"])
    let day = event("DTSTART;VALUE=DATE:20260303", head: head)
    #expect(day?.starts() == ["20260302T230000Z"] && day?.isAllDay == true)
    let o = day?.span
    #expect(o?.startDate == CivilDate(year: 2026, month: 3, day: 3))
    #expect(o?.endDate == CivilDate(year: 2026, month: 3, day: 4))
  }

  @Test(arguments: [
    (
      "DTSTART;TZID=Europe/Stockholm:20260303T000000\nDTEND;TZID=Europe/Stockholm:20260305T000000",
      true
    ),
    ("DTSTART:20260302T230000Z\nDTEND:20260303T230000Z", true),
    ("DTSTART:20260303T000000\nDTEND:20260304T000000", true),
    ("DTSTART:20260303T080000Z\nDTEND:20260304T080000Z", false),
    ("DTSTART:20260303T000000\nDTEND:20260303T120000", false),
    ("DTSTART:20260303T000000", false),
  ]) func `Microsoft's all-day mark counts where both ends are local midnight`(
    _ lines: String, _ isAllDay: Bool
  ) {
    let mark = "\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE"
    #expect(event(lines + mark)?.isAllDay == isAllDay)
    #expect(event(lines)?.isAllDay == false, "24 hours alone are no day")
    #expect(event(lines + mark)?.span?.startDate == CivilDate(year: 2026, month: 3, day: 3))
  }

  @Test func `an all-day series that is written in UTC repeats by day`() {
    let e = event(
      "DTSTART:20260327T230000Z\nDTEND:20260328T230000Z\nRRULE:FREQ=DAILY;COUNT=3\n"
        + "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE")
    let list = e?.occurrences(through: instant("20270101")).list ?? []
    #expect(list.map(\.startDate.day) == [28, 29, 30] && list.map(\.endDate.day) == [29, 30, 31])
    #expect(
      list.map { utc($0.start) } == ["20260327T230000Z", "20260328T230000Z", "20260329T220000Z"])
  }

  @Test func `ends: DURATION, an end before the start, none at all`() {
    #expect(
      event("DTSTART:20260303T080000Z\nDURATION:P1DT1H")?.span?.end == instant("20260304T090000Z"))
    let back = event("DTSTART:20260303T080000Z\nDTEND:20260303T070000Z")
    #expect(back?.span?.end == instant("20260303T080000Z"))
    #expect(back?.codes == ["event-end-before-start"])
    #expect(event("DTSTART:20260303T080000Z\nDURATION:-PT1H")?.codes == ["event-bad-duration"])
    #expect(event("DTSTART:20260303T080000Z\nDTEND:tomorrow")?.codes == ["event-bad-date"])
    #expect(
      event("DTSTART;VALUE=DATE:20260303\nDTEND;VALUE=DATE:20260303")?.codes
        == ["event-same-day-end"])
    #expect(event("DTSTART:20260303\nDTEND:")?.codes == ["event-odd-date"])
    #expect(event("DTSTART:20260303T080000Z")?.span?.end == instant("20260303T080000Z"))
  }

  @Test func `an event without a usable start is broken, and the file goes on`() {
    let r = read(
      calendar(
        "UID:a@x\nSUMMARY:none", "UID:b@x\nDTSTART:20260229T100000Z", "UID:c@x\nDTSTART:20260303"))
    #expect(r.broken.map(\.code) == [.noStart, .badDate])
    #expect(r.broken.map(\.place.index) == [0, 1] && r.events.map(\.place.index) == [2])
    #expect(r.broken[0].message.contains("line 4") && r.broken[0].message.contains("byte"))
    #expect(r.broken[1].message.contains("\"20260229T100000Z\" on line 10"))
    guard case .broken(_, let raw)? = r.items.first else { return }
    #expect(raw.hasPrefix("BEGIN:VEVENT") && raw.contains("SUMMARY:none"))
  }

  @Test func `an override without a start is where it always was`() {
    let r = read(
      calendar(
        "UID:s@x\nDTSTART:20260301T080000Z\nRRULE:FREQ=DAILY;COUNT=3",
        "UID:s@x\nRECURRENCE-ID:20260302T080000Z\nSUMMARY:x"))
    #expect(r.events[1].starts() == ["20260302T080000Z"])
    #expect(r.events[1].codes == ["event-no-start"])
    #expect(r.events[0].starts().count == 2)
  }

  @Test func `a damaged event is told, and the file goes on`() {
    let r = read("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\n" + calendar("UID:b\nDTSTART:20260303"))
    #expect(r.broken.count == 1 && r.events.count == 1)
    #expect(r.broken.first?.message.contains("VEVENT is not closed") == true)
  }
}

@Suite struct Recurring {
  @Test func `a refused rule leaves the event as a single one`() {
    let e = event("DTSTART:20260303T080000Z\nRRULE:FREQ=SOMETIMES")
    #expect(e?.starts() == ["20260303T080000Z"])
    #expect(e?.codes == ["event-rule-refused"])
    #expect(e?.hasRecurrence == true && e?.isRecurring == false)
    #expect(e?.originals() == [nil] && e?.rules == ["FREQ=SOMETIMES"])
  }

  @Test func `RDATE adds, periods with their own ends, and a start off the rule is told`() {
    let e = event(
      "DTSTART:20260303T080000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=2\n"
        + "RDATE;VALUE=PERIOD:20260304T080000Z/PT3H,20260305T080000Z/20260305T083000Z")
    let found = e?.occurrences(through: instant("20270101"))
    #expect(
      found?.list.map(described) == [
        "20260303T080000Z/20260303T090000Z", "20260304T080000Z/20260304T110000Z",
        "20260305T080000Z/20260305T083000Z", "20260309T080000Z/20260309T090000Z",
      ])
    #expect(found?.startIsOnRule == false && found?.isComplete == true)
  }

  @Test func `rules of an override are passed over, with a word about it`() {
    let e = event(
      "RECURRENCE-ID:20260303T080000Z\nDTSTART:20260303T080000Z\nRRULE:FREQ=DAILY;COUNT=9")
    #expect(e?.starts().count == 1 && e?.codes == ["event-override-rule", "event-orphan"])
  }

  @Test func `whether a series goes on after an end`() {
    let after = instant("20270101")
    func goes(_ rule: String) -> Bool? {
      event("DTSTART:20260303T080000Z\n\(rule)")?.goesOn(after: after)
    }
    #expect(goes("RRULE:FREQ=WEEKLY") == true)
    #expect(goes("RRULE:FREQ=YEARLY;COUNT=2") == true)
    #expect(goes("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29") == true)
    #expect(goes("RRULE:FREQ=DAILY;COUNT=2") == false)
    #expect(goes("RRULE:FREQ=DAILY;UNTIL=20261231T235959Z") == false)
    #expect(goes("RDATE:20991231T235959Z") == true)
    #expect(goes("SUMMARY:single") == false)
  }
}
