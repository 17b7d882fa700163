import Events
import ICalendar
import Testing

@Suite struct Overrides {
  private let master = """
    UID:s@x
    DTSTART;TZID=Europe/Berlin:20260302T090000
    DTEND;TZID=Europe/Berlin:20260302T100000
    RRULE:FREQ=WEEKLY;COUNT=5
    """

  @Test func `an override replaces its instance and keeps its original start`() {
    let r = read(
      calendar(
        master,
        "UID:s@x\nRECURRENCE-ID;TZID=Europe/Berlin:20260309T090000\n"
          + "DTSTART;TZID=Europe/Berlin:20260310T140000\nDTEND;TZID=Europe/Berlin:20260310T150000"))
    #expect(
      r.events[0].starts() == [
        "20260302T080000Z", "20260316T080000Z", "20260323T080000Z", "20260330T070000Z",
      ])
    let moved = r.events[1].occurrences(through: instant("20270101")).list
    #expect(moved.map(described) == ["20260310T130000Z/20260310T140000Z"])
    #expect(moved[0].recurrenceID == instant("20260309T080000Z"))
    #expect(moved[0].isOverridden)
    #expect(r.events[1].master == 0 && !r.events[1].isOrphan)
    #expect(r.events[0].originals().first == "20260302T080000Z")
  }

  @Test func `an override is found by its own start when it was moved in or out of the window`() {
    let r = read(
      calendar(
        master,
        "UID:s@x\nRECURRENCE-ID:20260309T080000Z\nDTSTART:20260601T080000Z",
        "UID:s@x\nRECURRENCE-ID:20260316T080000Z\nDTSTART:20260101T080000Z"))
    #expect(
      r.occurrences("20260301", "20260401") == [
        "20260302T080000Z/20260302T090000Z", "20260323T080000Z/20260323T090000Z",
        "20260330T070000Z/20260330T080000Z",
      ])
    #expect(r.occurrences("20260601", "20260602") == ["20260601T080000Z/20260601T080000Z"])
    #expect(r.occurrences("20260101", "20260102") == ["20260101T080000Z/20260101T080000Z"])
  }

  @Test func `a window takes occurrences that begin at both of its ends`() {
    let e = read(calendar(master)).events[0]
    #expect(e.starts("20260302T080000Z", "20260309T080000Z").count == 2)
    #expect(e.starts("20260302T080001Z", "20260309T075959Z").isEmpty)
  }

  @Test(arguments: [
    "RECURRENCE-ID:20260309T080000Z", "RECURRENCE-ID;TZID=America/New_York:20260309T040000",
    "RECURRENCE-ID;VALUE=DATE:20260309", "RECURRENCE-ID:20260309T090000",
  ]) func `a cancelled override takes its instance away, however it is named`(_ id: String) {
    let r = read(calendar(master, "UID:s@x\n\(id)\nSTATUS:CANCELLED"))
    #expect(r.broken.isEmpty)
    #expect(r.events[1].isCancelled && r.events[1].starts().isEmpty)
    #expect(r.events[1].recurrenceInstant == instant("20260309T080000Z"))
    #expect(
      r.events[0].starts() == [
        "20260302T080000Z", "20260316T080000Z", "20260323T080000Z", "20260330T070000Z",
      ])
  }

  @Test(arguments: [
    "EXDATE:20260309T080000Z", "EXDATE;TZID=Asia/Tokyo:20260309T170000",
    "EXDATE;VALUE=DATE:20260309", "EXDATE;TZID=Europe/Berlin:20260309T090000",
  ]) func `EXDATE in another zone or type takes its instance away`(_ line: String) {
    #expect(
      read(calendar(master + "\n" + line)).events[0].starts() == [
        "20260302T080000Z", "20260316T080000Z", "20260323T080000Z", "20260330T070000Z",
      ])
  }

  @Test func `a series of dates is matched by date`() {
    let r = read(
      calendar(
        "UID:d@x\nDTSTART;VALUE=DATE:20260301\nRRULE:FREQ=DAILY;COUNT=5\n"
          + "EXDATE:20260302T000000\nEXDATE:20260303T000000Z",
        "UID:d@x\nRECURRENCE-ID:20260304T000000\nDTSTART;VALUE=DATE:20260310"),
      local: "America/New_York")
    #expect(r.events[0].starts() == ["20260301T050000Z", "20260305T050000Z"])
    #expect(r.events[1].originals() == ["20260304T050000Z"])
    #expect(r.events[1].starts() == ["20260310T040000Z"])
  }

  @Test func `an override without a master stands alone`() {
    let r = read(calendar("UID:o@x\nRECURRENCE-ID:20260309T080000Z\nDTSTART:20260309T100000Z"))
    #expect(r.events[0].isOrphan && r.events[0].codes == ["event-orphan"])
    #expect(r.events[0].starts() == ["20260309T100000Z"])
    #expect(r.events[0].originals() == ["20260309T080000Z"])
  }

  @Test func `an override of an instance that the series does not have stands beside it`() {
    let r = read(
      calendar(master, "UID:s@x\nRECURRENCE-ID:20260311T080000Z\nDTSTART:20260311T080000Z"))
    #expect(r.events[0].starts().count == 5)
    #expect(r.events[1].starts() == ["20260311T080000Z"])
  }

  @Test func `an override may stand before its master and in another calendar of the file`() {
    let r = read(
      calendar("UID:s@x\nRECURRENCE-ID:20260309T080000Z\nDTSTART:20260310T080000Z")
        + calendar(master))
    #expect(r.events[0].master == 1)
    #expect(r.events[1].starts().count == 4)
    #expect(r.events.map(\.calendar.number) == [0, 1])
  }

  @Test func `overrides of other UIDs and other kinds do not touch a series`() {
    let r = read(
      calendar(master, "UID:t@x\nRECURRENCE-ID:20260309T080000Z\nDTSTART:20260310T080000Z")
        + calendar(
          "UID:s@x\nRECURRENCE-ID:20260316T080000Z\nDTSTART:20260310T080000Z", kind: "VTODO"))
    #expect(r.events[0].starts().count == 5)
    #expect(r.events[1].isOrphan && r.events[2].isOrphan)
    #expect(r.events[2].kind == .todo)
  }

  @Test func `a cancelled series takes its older overrides along and spares newer ones`() {
    let r = read(
      calendar(
        master + "\nSTATUS:CANCELLED\nSEQUENCE:2",
        "UID:s@x\nRECURRENCE-ID:20260309T080000Z\nDTSTART:20260310T080000Z\nSEQUENCE:1",
        "UID:s@x\nRECURRENCE-ID:20260316T080000Z\nDTSTART:20260317T080000Z\nSEQUENCE:3"))
    #expect(r.events.map { $0.starts().count } == [0, 0, 1])
    #expect(r.events.map(\.isCancelled) == [true, true, false])
  }

  @Test func `answers are no versions`() {
    let r = read(
      calendar(master)
        + calendar("UID:s@x\nSEQUENCE:9\nDTSTART:20260101T080000Z", head: "METHOD:REPLY\n"))
    #expect(!r.events[0].isSuperseded && r.events[0].starts().count == 5)
    #expect(r.events[1].calendar.method?.isAnswer == true)
  }
}

@Suite struct ThisAndFuture {
  private let master = """
    UID:s@x
    DTSTART;TZID=Europe/Berlin:20260302T090000
    DURATION:PT1H
    RRULE:FREQ=WEEKLY;COUNT=6
    """
  private let rest = """
    UID:s@x
    RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20260316T090000
    DTSTART;TZID=Europe/Berlin:20260317T110000
    DTEND;TZID=Europe/Berlin:20260317T113000
    """

  @Test func `it shifts its instance and all that follow and has its own length`() {
    let r = read(calendar(master, rest))
    #expect(r.events[0].starts() == ["20260302T080000Z", "20260309T080000Z"])
    let list = r.events[1].occurrences(through: instant("20270101")).list
    #expect(
      list.map(described) == [
        "20260317T100000Z/20260317T103000Z", "20260324T100000Z/20260324T103000Z",
        "20260331T090000Z/20260331T093000Z", "20260407T090000Z/20260407T093000Z",
      ])
    #expect(
      list.map { $0.recurrenceID.map(utc) } == [
        "20260316T080000Z", "20260323T080000Z", "20260330T070000Z", "20260406T070000Z",
      ])
    #expect(!list.contains { !$0.isOverridden })
    #expect(r.events[1].isRecurring)
  }

  @Test func `its window is that of the shifted instances`() {
    let e = read(calendar(master, rest)).events[1]
    #expect(e.starts("20260324T100000Z", "20260331T090000Z").count == 2)
    #expect(e.starts("20260324T100001Z", "20260331T085959Z").isEmpty)
  }

  @Test func `single overrides of later instances win, and it may come first`() {
    let r = read(
      calendar(
        rest, "UID:s@x\nRECURRENCE-ID:20260323T080000Z\nDTSTART:20260401T080000Z",
        "UID:s@x\nRECURRENCE-ID:20260330T070000Z\nSTATUS:CANCELLED", master))
    #expect(r.events[0].starts() == ["20260317T100000Z", "20260407T090000Z"])
    #expect(r.events[1].starts() == ["20260401T080000Z"])
    #expect(r.events[3].starts() == ["20260302T080000Z", "20260309T080000Z"])
  }

  @Test func `a second one takes over from the first`() {
    let r = read(
      calendar(
        master, rest,
        "UID:s@x\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260330T070000Z\nDTSTART:20260330T120000Z"))
    #expect(r.events[1].starts() == ["20260317T100000Z", "20260324T100000Z"])
    #expect(r.events[2].starts() == ["20260330T120000Z", "20260406T120000Z"])
  }

  @Test func `a cancelled one ends the series`() {
    let r = read(calendar(master, rest + "\nSTATUS:CANCELLED"))
    #expect(r.events.map { $0.starts().count } == [2, 0])
  }

  @Test func `EXDATE of the master holds for what follows`() {
    let r = read(calendar(master + "\nEXDATE:20260323T080000Z", rest))
    #expect(r.events[1].starts() == ["20260317T100000Z", "20260331T090000Z", "20260407T090000Z"])
  }

  @Test func `without a master it gives its own instance`() {
    let r = read(calendar(rest))
    #expect(r.events[0].starts() == ["20260317T100000Z"])
    #expect(r.events[0].isOrphan)
  }

  @Test func `without a master its own dates are what follows`() {
    let r = read(calendar(rest + "\nRDATE;TZID=Europe/Berlin:20260324T110000,20260331T110000"))
    #expect(r.events[0].starts() == ["20260317T100000Z", "20260324T100000Z", "20260331T090000Z"])
    #expect(
      r.events[0].originals() == ["20260316T080000Z", "20260324T100000Z", "20260331T090000Z"])
    #expect(r.events[0].codes == ["event-orphan"] && r.events[0].isRecurring)
    let known = read(calendar(master, rest + "\nRDATE:20260324T110000Z"))
    #expect(known.events[1].starts().count == 4)
    #expect(known.events[1].codes == ["event-override-rule"])
  }

  @Test func `series of dates shift by days`() {
    let r = read(
      calendar(
        "UID:d@x\nDTSTART;VALUE=DATE:20260301\nRRULE:FREQ=WEEKLY",
        "UID:d@x\nRECURRENCE-ID;RANGE=THISANDFUTURE;VALUE=DATE:20260308\n"
          + "DTSTART;VALUE=DATE:20260310\nDTEND;VALUE=DATE:20260312"))
    #expect(
      r.events[1].occurrences(through: instant("20260320")).list.map(described)
        == ["20260310T000000Z/20260312T000000Z", "20260317T000000Z/20260319T000000Z"])
    #expect(r.events[0].starts() == ["20260301T000000Z"])
  }
}

@Suite struct Versions {
  private func versions(_ a: String, _ b: String) -> Reading {
    read(
      calendar(
        "UID:v@x\nDTSTART:20260303T080000Z\n" + a, "UID:v@x\nDTSTART:20260303T090000Z\n" + b))
  }

  @Test func `the highest SEQUENCE counts, then the latest LAST-MODIFIED, then the last`() {
    let cases = [
      ("SEQUENCE:2", "SEQUENCE:1", 0), ("SEQUENCE:1", "SEQUENCE:2", 1),
      ("SUMMARY:a", "SUMMARY:b", 1),
      ("LAST-MODIFIED:20260102T000000Z", "LAST-MODIFIED:20260101T000000Z", 0),
      ("LAST-MODIFIED:20260101T000000Z", "LAST-MODIFIED:20260102T000000Z", 1),
      ("SEQUENCE:1\nLAST-MODIFIED:20250101T000000Z", "LAST-MODIFIED:20260101T000000Z", 0),
      ("LAST-MODIFIED:20260101T000000Z", "SUMMARY:x", 0),
    ]
    for (a, b, winner) in cases {
      let r = versions(a, b)
      #expect(r.events[winner].supersededBy == nil, "\(a) \(b)")
      #expect(r.events[1 - winner].supersededBy == winner, "\(a) \(b)")
      #expect(r.events[winner].starts().count == 1 && r.events[1 - winner].starts().isEmpty)
    }
  }

  @Test func `versions of one instance are told apart from versions of the series`() {
    let r = read(
      calendar(
        "UID:s@x\nDTSTART:20260301T080000Z\nRRULE:FREQ=DAILY;COUNT=3\nSEQUENCE:5",
        "UID:s@x\nRECURRENCE-ID:20260302T080000Z\nDTSTART:20260302T100000Z\nSEQUENCE:1",
        "UID:s@x\nRECURRENCE-ID;TZID=Europe/Berlin:20260302T090000\nDTSTART:20260302T110000Z\nSEQUENCE:2"
      ))
    #expect(r.events.map(\.supersededBy) == [nil, 2, nil])
    #expect(r.events[1].codes == ["event-superseded"])
    #expect(r.events[0].starts() == ["20260301T080000Z", "20260303T080000Z"])
  }

  @Test func `of many versions all name the one that counts`() {
    let all = (0..<50).map { "UID:v@x\nDTSTART:20260303T080000Z\nSEQUENCE:\(($0 * 7) % 50)" }
    let text = all.map { calendar($0) }.joined()
    let r = read(text)
    let best = r.events.firstIndex { $0.sequence == 49 }
    #expect(r.events.filter { $0.supersededBy == nil }.count == 1)
    #expect(r.events.allSatisfy { $0.supersededBy == nil || $0.supersededBy == best })
  }

  @Test func `another meeting with a used UID is told, and newest wins`() {
    let r = versions("SUMMARY:a", "SUMMARY:b")
    #expect(r.events[0].isUIDReused && r.events[0].codes.contains("event-uid-reused"))
    #expect(!r.events[1].isUIDReused)
  }

  @Test func `copies that kept the UID all stand, the first made is the original`() {
    let r = versions("CREATED:20260102T000000Z", "CREATED:20260101T000000Z")
    #expect(r.events.allSatisfy { !$0.isSuperseded && $0.isUIDReused })
    #expect(r.events[0].originals() == ["20260303T080000Z"])
    #expect(r.events[1].originals() == [nil])
  }

  @Test func `events without UID meet only where they say the same`() {
    let a = "DTSTART:20260303T080000Z\nSUMMARY:a"
    let r = read(calendar(a + "\nDTSTAMP:20260101T000000Z", "UID:\nDTSTART:20260303T080000Z", a))
    #expect(r.events.map(\.hasUID) == [false, false, false])
    #expect(r.events[0].uid == r.events[2].uid && r.events[0].uid != r.events[1].uid)
    #expect(r.events[0].uid.utf8.count == 64)
    #expect(r.events.map(\.supersededBy) == [2, nil, nil])
    let alone = read(calendar("summary:a\nDTSTART:20260303T0\n 80000Z"))
    #expect(alone.events[0].codes == ["event-no-uid"])
  }
}
