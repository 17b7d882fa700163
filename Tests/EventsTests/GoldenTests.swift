import Bytes
import CivilTime
import Events
import ICalendar
import JSONText
import TestSupport
import Testing
import TimeZones

/// Files of which two unrelated engines give the same occurrences (see the corpus's README).
@Suite struct Golden {
  /// Where ours are others, and why.
  static let differences: [String: String] = [
    "calcard/resources/ical/046.ics": twice,
    "calcard/resources/ical/088.ics": rest,
    "calcard/resources/ical/211.ics": twice,
    "ical4j/src/test/resources/samples/valid/classify.ics": twice,
    "ical.net/Ical.Net.Tests/Calendars/Recurrence/HourlyUntil1.ics": localUntil,
  ]

  /// RFC 5545 3.8.4.7: the UID is "the persistent, globally unique identifier for the calendar
  /// component"; RFC 5546 2.1.5: of the same UID the higher SEQUENCE "takes precedence". Two
  /// versions are one meeting; the engines list both.
  private static let twice = "versions of one event, of which the newest counts"

  /// RECURRENCE-ID;RANGE=THISANDFUTURE with RDATE and without its series: RFC 5545 3.2.13 says it
  /// is about "all subsequent instances", and 3.8.5.2 that RDATE lists instances. The engines give
  /// its DTSTART alone; a third (calcard) gives all four.
  private static let rest = "the rest of a series, as Lotus Notes sends it"

  /// `UNTIL=19970902T190000` beside a DTSTART with TZID: RFC 5545 3.3.10 wants UTC there ("MUST be
  /// specified as a date with UTC time"), so the text is wrong; read by 3.3.5 form 1 it is local
  /// time, 19:00 in New York. The engines read 19:00 in UTC.
  private static let localUntil = "UNTIL without Z is local time"

  @Test(.needsShared) func `real files give the occurrences that two engines agree on`() throws {
    let folder = try #require(SharedFolder.path)
    let base = folder + "/corpus/calendar/"
    var rows = 0
    var instances = 0
    var differing: [String] = []
    for line in bytes(ofFile: base + "ics_golden.jsonl").split(separator: 10) {
      let row = Array(line).withByteView { JSONDocument.parse($0) }
      guard let root = row.root, let file = root.member("file")?.string else { continue }
      let window = root.member("window")?.elements.map { $0.string ?? "" } ?? []
      let expected = root.member("events")?.elements.map { $0.string ?? "" } ?? []
      try #require(window.count == 2)
      let withEnds = root.member("ends_agree")?.bool ?? false
      let ours = occurrences(base + file, window[0], window[1], withEnds)
      rows += 1
      instances += expected.count
      guard ours != expected.sorted() else { continue }
      differing.append(file)
      if Self.differences[file] == nil {
        let missing = Set(expected).subtracting(ours).sorted().prefix(4)
        let extra = Set(ours).subtracting(expected).sorted().prefix(4)
        Issue.record(
          "\(file): \(ours.count) for \(expected.count), missing \(missing), more \(extra)")
      }
    }
    print("golden: \(rows) files, \(instances) instances, \(differing.count) differ")
    #expect(rows == 306)
    #expect(Set(differing) == Set(Self.differences.keys))
  }

  private func occurrences(
    _ path: String, _ from: String, _ to: String, _ withEnds: Bool
  ) -> [String] {
    let reader = EventReader(path: path, localZone: .utc)
    var out: [String] = []
    for e in Reading(reader).events where e.kind == .event {
      let found = e.occurrences(from: instant(from), through: instant(to) - 1)
      #expect(found.isComplete, "\(path)")
      for o in found.list {
        out.append(name(o, of: e, withEnd: withEnds) + (e.hasUID ? " " + e.uid : " ?"))
      }
    }
    return out.sorted()
  }

  /// As the table writes it: nominal time for dates and floating times and where the zone is not
  /// known, else UTC.
  private func name(_ o: EventOccurrence, of e: CalendarEvent, withEnd: Bool) -> String {
    func one(_ nominal: CivilDateTime, _ instant: Int64) -> String {
      switch e.start {
      case .date: String(basic(nominal).prefix(8))
      case .floating: basic(nominal)
      default: e.zoneOrigin == .fallback ? basic(nominal) : utc(instant)
      }
    }
    let start = one(o.nominalStart, o.start)
    return withEnd ? start + "/" + one(o.nominalEnd, o.end) : start
  }
}
