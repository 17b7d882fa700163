import Bytes
import CivilTime
import Events
import Glibc
import ICalendar
import TestSupport
import Testing
import TimeZones

/// What hostile and large files may cost, and that they are told.
@Suite(.serialized) struct Bounds {
  private func event(_ lines: String) -> CalendarEvent? {
    read(calendar("UID:b@x\n" + lines)).events.first
  }

  @Test(arguments: [
    "RRULE:FREQ=SECONDLY", "RRULE:FREQ=SECONDLY;UNTIL=99991231T235959Z",
    "RRULE:FREQ=MINUTELY;COUNT=2000000000",
    "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    "RRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
  ]) func `a rule that never ends costs bounded time`(_ rule: String) {
    let begin = Growth.threadSeconds()
    let e = event("DTSTART:19000101T000000Z\n\(rule)")
    let found = e?.occurrences(from: .min, through: instant("20400101"))
    #expect((found?.list.count ?? .max) <= EventLimits().occurrencesPerSeries)
    #expect(found?.isComplete == (found?.fault == nil))
    #expect(found?.list.first?.start == instant("19000101"))
    #expect(e?.goesOn(after: instant("20400101")) != nil)
    #expect(Growth.threadSeconds() - begin < 2)
  }

  @Test func `too many occurrences are cut with a sentence`() {
    let e = event("DTSTART:20260101T000000Z\nRRULE:FREQ=MINUTELY")
    let found = e?.occurrences(through: instant("20270101"), limit: 100)
    #expect(found?.list.count == 100 && found?.isComplete == false)
    #expect(found?.fault?.contains("more than 100 occurrences") == true)
    let steps = e?.occurrences(through: instant("20270101"), steps: 50)
    #expect(steps?.isComplete == false && steps?.fault?.contains("50 steps") == true)
  }

  @Test func `too many dates are cut with a sentence`() {
    var limits = EventLimits()
    limits.datesPerSeries = 10
    let days = (10..<30).map { "202603\($0)T080000Z" }.joined(separator: ",")
    let r = read(calendar("UID:b@x\nDTSTART:20260301T080000Z\nRDATE:\(days)"), limits: limits)
    let found = r.events.first?.occurrences(through: instant("20270101"))
    #expect(found?.list.count == 11 && found?.isComplete == false)
    #expect(r.events.first?.codes == ["event-too-many-dates"])
    #expect(found?.fault?.contains("more dates") == true)
  }

  @Test(.slow) func `a hundred thousand dates are read and found in a window`() {
    expectLinear(
      12_500,
      make: { n in
        (0..<n).map { utc(instant("20260101") + Int64($0) * 3600) }.joined(separator: ",")
      }
    ) { days in
      let e = event("DTSTART:20260101T000000Z\nRDATE:" + days)
      #expect(e?.starts("20270101T000000Z", "20270101T020000Z").count == 3)
    }
  }

  @Test func `the events of a file share a budget that is spent in file order`() {
    var limits = EventLimits()
    limits.stepsPerFile = 1000
    let bomb = "DTSTART:20260101T000000Z\nRRULE:FREQ=MINUTELY"
    let r = read(
      calendar("UID:a\n" + bomb, "UID:b\n" + bomb, "UID:c\nDTSTART:20260101T000000Z"),
      limits: limits)
    var budget = EventBudget(limits)
    let found = r.events.map { budget.occurrences(of: $0, through: instant("20270101")) }
    #expect(found.map(\.isComplete) == [false, false, true])
    #expect(found[0].list.count > 100 && found[1].list.isEmpty && found[2].list.count == 1)
    #expect(found[1].fault?.contains("rules of this file") == true)
  }

  @Test func `a text above the limit is cut at a character and told`() {
    var limits = EventLimits()
    limits.textBytes = 1001
    let long = String(repeating: "ä", count: 5000)
    let r = read(
      calendar("UID:b@x\nDTSTART:20260301T080000Z\nSUMMARY:short\nDESCRIPTION:\(long)"),
      limits: limits)
    let e = r.events.first
    #expect(e?.description(using: EventTexts())?.utf8.count == 1000)
    #expect(e?.summary == "short" && e?.codes == ["event-long-text"])
    #expect(e?.starts() == ["20260301T080000Z"])
  }

  @Test(.slow) func `many overrides of one series are told apart in bounded time`() {
    func text(_ n: Int) -> String {
      var all = ["UID:m@x\nDTSTART:20200101T080000Z\nRRULE:FREQ=DAILY"]
      for i in 0..<n {
        let t = utc(instant("20200101T080000Z") + Int64(i) * 86_400)
        all.append("UID:m@x\nRECURRENCE-ID:\(t)\nDTSTART:\(t)\nSEQUENCE:\(i % 3)")
      }
      return calendar(all.joined(separator: "\nEND:VEVENT\nBEGIN:VEVENT\n"))
    }
    expectLinear(500, make: text) { _ = read($0) }
    let r = read(text(4000))
    #expect(r.events.count == 4001)
    #expect(r.events[0].starts("20200101", "20310101").first == "20301214T080000Z")
    #expect(r.events[4000].starts().count == 1)
  }

  @Test func `many THISANDFUTURE overrides are expanded in bounded time`() {
    var all = ["UID:m@x\nDTSTART:20200101T080000Z\nRRULE:FREQ=DAILY"]
    for i in 1..<500 {
      let t = utc(instant("20200101T080000Z") + Int64(i) * 864_000)
      all.append("UID:m@x\nRECURRENCE-ID;RANGE=THISANDFUTURE:\(t)\nDTSTART:\(t)")
    }
    let begin = Growth.threadSeconds()
    let r = read(calendar(all.joined(separator: "\nEND:VEVENT\nBEGIN:VEVENT\n")))
    let n = r.events.map { $0.starts("20200101", "20400101").count }
    #expect(n.dropLast().allSatisfy { $0 == 10 } == true)
    #expect(n.reduce(0, +) == 7305)
    #expect(Growth.threadSeconds() - begin < 10)
  }

  @Test func `what is no calendar is told`() {
    #expect(read("hello").fault == .notACalendar(.unknown))
    #expect(read("BEGIN:VCARD\nEND:VCARD\n").fault == .notACalendar(.vCard))
    #expect(
      Reading(EventReader(path: "/nowhere/x.ics", localZone: .utc)).fault == .cannotOpen(ENOENT))
    #expect(Reading(EventReader(path: "/", localZone: .utc)).fault != nil)
    let json = read("[\"vcalendar\",[],[[\"vevent\"")
    guard case .damaged? = json.fault else {
      Issue.record("\(String(describing: json.fault))")
      return
    }
  }

  @Test(.needsShared) func `hostile calendars cost no crash and no two seconds`() throws {
    let folder = try #require(SharedFolder.path)
    var slowest = 0.0
    var n = 0
    for path in files(below: folder + "/hostile/ics", ending: "") {
      let begin = Growth.threadSeconds()
      expand(path, from: "20260101", to: "20270101")
      slowest = max(slowest, Growth.threadSeconds() - begin)
      n += 1
    }
    print("hostile calendars: \(n), slowest \(Int(slowest * 1000)) ms")
    #expect(n > 50 && slowest < 2)
  }

  @Test(.needsShared) func `hostile calendars give what can be used of them`() throws {
    let folder = try #require(SharedFolder.path)
    func hostile(_ name: String) -> Reading {
      Reading(EventReader(path: folder + "/hostile/ics/" + name, localZone: .utc))
    }
    for name in [
      "date_month13", "date_zeros", "date_feb29", "date_y0", "date_long", "date_arabic",
      "date_empty", "no_start", "unterminated",
    ] {
      let r = hostile(name + ".ics")
      #expect(r.broken.count == 1 && r.events.isEmpty, "\(name)")
    }
    for name in [
      "rrule_garbage", "rrule_interval_0", "rrule_interval_neg", "rrule_interval_max",
      "rrule_list_bomb", "rrule_count_huge",
    ] {
      let e = hostile(name + ".ics").events.first
      #expect(e?.codes.contains("event-rule-refused") == true, "\(name)")
      #expect(e?.starts().first != nil, "\(name)")
    }
    let rollback = hostile("sequence_rollback.ics")
    #expect(rollback.events.map(\.supersededBy) == [nil, 0])
    let calendars = hostile("calendars_500.ics")
    #expect(calendars.events.filter { !$0.isSuperseded }.count == 1)
    let collision = hostile("uid_collision.ics")
    #expect(collision.events.map(\.isUIDReused) == [true, false])
    #expect(hostile("uid_missing.ics").events.first?.hasUID == false)
    #expect(hostile("recurrence_orphan.ics").events.first?.isOrphan == true)
    #expect(hostile("vcard.ics").fault == .notACalendar(.vCard))
  }

  @Test(.needsShared, .slow)
  func `every calendar of the corpus is read and expanded over ten years in bounded time`() throws {
    let folder = try #require(SharedFolder.path)
    var slowest = (0.0, "")
    var n = 0
    for path in files(below: folder + "/corpus/calendar", ending: ".ics") {
      let begin = Growth.threadSeconds()
      expand(path, from: "20200101", to: "20300101")
      let taken = Growth.threadSeconds() - begin
      if taken > slowest.0 { slowest = (taken, path) }
      n += 1
    }
    print("corpus: \(n) calendars, slowest \(Int(slowest.0 * 1000)) ms \(slowest.1)")
    #expect(n > 900 && slowest.0 < 5)
  }

  private func expand(_ path: String, from: String, to: String) {
    let reader = EventReader(path: path, localZone: zone("Europe/Stockholm"))
    let texts = EventTexts()
    var budget = EventBudget()
    while true {
      switch reader.next() {
      case .end: return
      case .broken(let f): #expect(!f.message.isEmpty)
      case .event(let e):
        let found = budget.occurrences(of: e, from: instant(from), through: instant(to))
        for (a, b) in zip(found.list, found.list.dropFirst()) where a.start > b.start {
          Issue.record("\(path): out of order")
        }
        for o in found.list where o.end < o.start { Issue.record("\(path): ends before its start") }
        _ = e.description(using: texts)
        _ = e.joinLink(using: texts)
        _ = e.attendees(using: texts)
        _ = e.organizer(using: texts)
        _ = e.goesOn(after: instant(to))
        e.forEachDefectCode { code in #expect(CalendarEvent.defectCodes.contains(code)) }
      }
    }
  }
}
