import Bytes
import Events
import TestSupport
import Testing
import TimeZones

/// Any bytes are read to their end: what cannot be used is told, nothing traps.
@Suite(.seeded) struct Mutations {
  private static let pieces = [
    "99991231T235959Z", "00010101T000000", "19700101", ":", ";", "\n", "RRULE:FREQ=SECONDLY\n",
    "RRULE:FREQ=YEARLY;COUNT=9999999999\n", "P9999999D", "-PT1S", "TZID=", "UNTIL=00010101",
    "RECURRENCE-ID;RANGE=THISANDFUTURE:00010101T000000Z\n", "INTERVAL=9223372036854775807",
    "EXDATE:99991231\n", "SEQUENCE:-1\n", "END:VEVENT\nBEGIN:VEVENT\n", "\u{FFFD}", "\\", "\"",
    "RDATE;VALUE=PERIOD:99991231T235959Z/P9999999D\n", "DTEND:00010101T000000Z\n",
  ]

  @Test(arguments: 0..<8) func `changed bytes are read to their end`(_ seed: Int) {
    let whole = Array(
      calendar(
        """
        UID:s@x
        DTSTART;TZID=Ours:20260302T090000
        DTEND;TZID=Ours:20260302T100000
        RRULE:FREQ=WEEKLY;COUNT=5
        EXDATE;TZID=Ours:20260309T090000
        RDATE:20260401T080000Z
        """,
        "UID:s@x\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260316T080000Z\nDTSTART:20260317T080000Z",
        "UID:s@x\nRECURRENCE-ID;VALUE=DATE:20260323\nDTSTART;VALUE=DATE:20260324\nDURATION:P1D",
        "UID:d@x\nDTSTART;VALUE=DATE:20260301\nRRULE:FREQ=MONTHLY;BYDAY=-1FR",
        head: "X-WR-TIMEZONE:Europe/Berlin\nBEGIN:VTIMEZONE\nTZID:Ours\nBEGIN:STANDARD\n"
          + "DTSTART:16010101T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\n"
          + "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\nEND:STANDARD\nEND:VTIMEZONE\n"
      ).utf8)
    var r = SeededNumbers(UInt64(seed) &* 7919 &+ 1)
    let texts = EventTexts()
    for _ in 0..<120 {
      var bytes = whole
      for _ in 0...r.below(4) {
        let at = r.below(bytes.count)
        switch r.below(3) {
        case 0: bytes[at] = UInt8(truncatingIfNeeded: r.below(256))
        case 1: bytes.removeSubrange(at..<min(at + 1 + r.below(12), bytes.count))
        default: bytes.insert(contentsOf: Self.pieces[r.below(Self.pieces.count)].utf8, at: at)
        }
        if bytes.isEmpty { bytes = whole }
      }
      bytes.withByteView { v in
        let reader = EventReader(v, localZone: zone("America/New_York"))
        while true {
          switch reader.next() {
          case .end: return
          case .broken(let f): #expect(!f.message.isEmpty)
          case .event(let e):
            for (from, through) in [
              (Int64.min, Int64.max), (instant("20260101"), instant("20280101")),
            ] {
              let found = e.occurrences(from: from, through: through, steps: 2000, limit: 500)
              for o in found.list {
                #expect(o.end >= o.start && o.start >= from && o.start <= through)
              }
              #expect(found.isComplete == (found.fault == nil))
            }
            _ = e.goesOn(after: .max - 1, steps: 500)
            _ = e.description(using: texts)
            e.forEachDefectCode { #expect(CalendarEvent.defectCodes.contains($0)) }
          }
        }
      }
    }
  }
}
