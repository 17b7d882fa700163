import Bytes
import CivilTime
import Events
import Glibc
import JSONText
import TestSupport
import Testing
import TimeZones

/// Expansions by another engine (calcard), which reads floating times as Pacific/Auckland and stops
/// after 100 instances of a rule. Where the rest differ, it heeds neither X-WR-TIMEZONE nor a
/// VTIMEZONE of the file, lists an instance of RDATE twice, finds no override by another zone, or
/// leaves out a DTSTART off its rule; so the gate is how many agree.
@Suite struct SecondWitness {
  @Test(.needsShared) func `most files give what calcard gives`() throws {
    let folder = try #require(SharedFolder.path)
    var same = 0
    var all = 0
    for path in files(below: folder + "/corpus/calendar/calcard/resources/ical", ending: ".json") {
      let document = bytes(ofFile: path).withByteView { JSONDocument.parse($0) }
      guard let events = document.root?.member("events")?.elements else { continue }
      var theirs: [Int64] = []
      for e in events {
        if let t = e.member("start")?.string.flatMap(Self.instant) { theirs.append(t) }
      }
      guard let first = theirs.min(), let last = theirs.max() else { continue }
      let reader = EventReader(
        path: String(path.dropLast(5)) + ".ics", localZone: zone("Pacific/Auckland"))
      var ours: [Int64] = []
      for e in Reading(reader).events {
        ours += e.occurrences(from: first, through: last).list.prefix(100).map(\.start)
      }
      all += 1
      if ours.sorted() == theirs.sorted() {
        same += 1
      } else if getenv("SHOW_DIFFERENCES") != nil {
        let (a, b) = (Set(ours), Set(theirs))
        print(
          path.split(separator: "/").last ?? "", ours.count, theirs.count,
          "missing", b.subtracting(a).sorted().prefix(3).map(utc),
          "more", a.subtracting(b).sorted().prefix(3).map(utc))
      }
    }
    print("calcard: \(same) of \(all) files agree")
    #expect(all == 185 && same >= 120)
  }

  /// `2016-08-25T14:00:00+03:00`, with seconds in the offset where there are some.
  private static func instant(_ text: String) -> Int64? {
    let v = Array(text.utf8)
    guard v.count >= 25 else { return nil }
    var odd: ValueDefects = []
    let time = Array(v[..<19]).withByteView { DateTimeValue($0, defects: &odd) }
    let offset = Array(v[19...]).withByteView { UTCOffset.parse($0, defects: &odd) }
    guard let time, let offset else { return nil }
    return time.nominal.nominalSeconds - Int64(offset)
  }
}
