import CivilTime
import Recurrence
import TestSupport
import Testing
import TimeZones

@Suite(.seeded) struct OccurrenceSets {
  private let berlin = zone("Europe/Berlin")
  private let newYork = zone("America/New_York")
  private let far = instant("20400101T000000Z")

  private func starts(_ s: OccurrenceSet, from: Int64 = .min, through: Int64? = nil) -> [String] {
    s.occurrences(from: from, through: through ?? far).list.map { utc($0.start) }
  }

  private func nominals(_ s: OccurrenceSet) -> [String] {
    s.occurrences(through: far).list.map { text($0.nominal) }
  }

  @Test func aSingleEventOccursOnce() {
    let s = OccurrenceSet(start: time("20260303T090000", berlin), localZone: .utc)
    #expect(starts(s) == ["20260303T080000Z"])
    #expect(starts(s, from: instant("20260303T080001Z")).isEmpty)
    #expect(
      starts(s, from: instant("20260303T080000Z"), through: instant("20260303T080000Z")).count == 1)
    #expect(starts(s, from: 5, through: 4).isEmpty)
  }

  @Test func nominalLengthsKeepTheTimeOfDayAndExactOnesTheirLength() throws {
    func ends(_ length: OccurrenceLength) throws -> [String] {
      OccurrenceSet(
        start: time("20260328T120000", berlin), length: length, localZone: .utc,
        rules: [try rule("FREQ=DAILY;COUNT=2")]
      ).occurrences(through: far).list.map { utc($0.end) }
    }
    let dtend = OccurrenceLength(
      start: time("20260328T120000", berlin), end: time("20260329T120000", berlin), localZone: .utc)
    #expect(try ends(dtend) == ["20260329T100000Z", "20260330T100000Z"])
    #expect(
      try ends(.duration(CivilDuration(days: 1))) == ["20260329T100000Z", "20260330T100000Z"])
    #expect(
      try ends(.duration(CivilDuration(seconds: 86_400))) == [
        "20260329T110000Z", "20260330T100000Z",
      ])
    #expect(
      try ends(.duration(CivilDuration(days: 1, seconds: 3600)))
        == ["20260329T110000Z", "20260330T110000Z"])
    #expect(try ends(.none) == ["20260328T110000Z", "20260329T100000Z"])
    #expect(
      try ends(.duration(CivilDuration(days: -1))) == ["20260328T110000Z", "20260329T100000Z"])
  }

  @Test func anEndInAnotherZoneOrInUTCIsTakenOnTheClockOfTheStart() {
    let start = time("20260101T090000", newYork)
    #expect(
      OccurrenceLength(
        start: start, end: time("20260101T210000", zone("Europe/London")), localZone: .utc)
        == .nominal(seconds: 7 * 3600))
    #expect(
      OccurrenceLength(start: start, end: time("20260101T150000Z"), localZone: .utc)
        == .nominal(seconds: 3600))
    #expect(
      OccurrenceLength(start: start, end: time("20260101T080000", newYork), localZone: .utc)
        == .nominal(seconds: 0))
    #expect(
      OccurrenceLength(start: time("20260101"), end: time("20260103"), localZone: .utc)
        == .nominal(seconds: 172_800))
  }

  @Test func aStartOutOfAGapKeepsItsLength() throws {
    let s = OccurrenceSet(
      start: time("20260328T023000", berlin), length: .nominal(seconds: 3600), localZone: .utc,
      rules: [try rule("FREQ=DAILY;COUNT=2")])
    let o = s.occurrences(through: far).list[1]
    #expect(text(o.nominal) == "20260329T023000")
    #expect(utc(o.start) == "20260329T013000Z" && utc(o.end) == "20260329T023000Z")
    #expect(text(o.nominalEnd) == "20260329T043000")
  }

  @Test func halfHoursOverAGapComeInOrderAndOnce() throws {
    let s = OccurrenceSet(
      start: time("20260329T013000", berlin), localZone: .utc,
      rules: [try rule("FREQ=MINUTELY;INTERVAL=30;COUNT=6")])
    // 1:30, 2:00 and 2:30 (in the gap: 3:00 and 3:30), 3:00, 3:30, 4:00.
    #expect(
      starts(s) == ["20260329T003000Z", "20260329T010000Z", "20260329T013000Z", "20260329T020000Z"])
  }

  @Test func datesAreDaysInTheLocalZone() throws {
    let s = OccurrenceSet(
      start: time("20260328"), localZone: berlin, rules: [try rule("FREQ=DAILY;COUNT=3")])
    let o = s.occurrences(through: far).list
    #expect(
      o.map { utc($0.start) } == ["20260327T230000Z", "20260328T230000Z", "20260329T220000Z"])
    #expect(o.map { utc($0.end) } == ["20260328T230000Z", "20260329T220000Z", "20260330T220000Z"])
    // 30 December 2011 did not exist in Samoa; a calendar shows it all the same.
    let apia = OccurrenceSet(
      start: time("20111229"), localZone: zone("Pacific/Apia"),
      rules: [try rule("FREQ=DAILY;COUNT=3")])
    #expect(nominals(apia) == ["20111229T000000", "20111230T000000", "20111231T000000"])
  }

  @Test(arguments: [
    // UNTIL in UTC one second before an instance, and on it.
    ("20260301T090000", "20260303T080000Z", 3), ("20260301T090000", "20260303T075959Z", 2),
    // Local, and a whole day.
    ("20260301T090000", "20260303T090000", 3), ("20260301T090000", "20260303T085959", 2),
    ("20260301T090000", "20260303", 3), ("20260301T090000", "20260303Z", 2),
    // Series of dates: the day, midnight in UTC is that day, else the day in the local zone.
    ("20260301", "20260303", 3), ("20260301", "20260303T000000Z", 3),
    ("20260301", "20260303T120000", 3),
    ("20260301", "20260302T225959Z", 2), ("20260301", "20260302T230001Z", 3),
    // Over the change of 29 March.
    ("20260327T090000", "20260329T070000Z", 3), ("20260327T090000", "20260329T065959Z", 2),
    // In the gap: 2:30 is 1:30 in UTC.
    ("20260327T023000", "20260329T013000Z", 3), ("20260327T023000", "20260329T012959Z", 2),
    // In the fold the first 2:30 is 0:30 in UTC.
    ("20261023T023000", "20261025T003000Z", 3), ("20261023T023000", "20261025T002959Z", 2),
  ])
  func untilIsComparedWhereItBelongs(start: String, until: String, count: Int) throws {
    let s = OccurrenceSet(
      start: time(start, berlin), localZone: berlin, rules: [try rule("FREQ=DAILY;UNTIL=\(until)")])
    #expect(s.occurrences(through: far).list.count == count)
  }

  @Test func untilIsComparedInTheZoneOfFloatingAndUTCSeries() throws {
    let r = try rule("FREQ=DAILY;UNTIL=20260303T080000Z")
    let floating = OccurrenceSet(start: time("20260301T090000"), localZone: berlin, rules: [r])
    #expect(starts(floating).count == 3)
    let inUTC = OccurrenceSet(start: time("20260301T080000Z"), localZone: newYork, rules: [r])
    #expect(starts(inUTC).count == 3)
    #expect(inUTC.zone === Zone.utc)
  }

  @Test func exceptionsAreFoundByInstantAndByDay() throws {
    func left(_ start: String, _ excluded: [TimeValue]) throws -> [String] {
      nominals(
        OccurrenceSet(
          start: time(start, berlin), localZone: berlin, rules: [try rule("FREQ=DAILY;COUNT=3")],
          excluded: excluded)
      ).map { String($0.prefix(8)) }
    }
    let two = ["20260301", "20260303"]
    #expect(try left("20260301T090000", [time("20260302T090000", berlin)]) == two)
    #expect(try left("20260301T090000", [time("20260302T080000Z")]) == two)
    #expect(try left("20260301T090000", [time("20260302T030000", newYork)]) == two)
    #expect(try left("20260301T090000", [time("20260302T090000")]) == two)
    #expect(try left("20260301T090000", [time("20260302")]) == two)
    #expect(try left("20260301T090000", [time("20260302T090001", berlin)]).count == 3)
    #expect(try left("20260301", [time("20260302")]) == two)
    #expect(try left("20260301", [time("20260302T000000", berlin)]) == two)
    #expect(try left("20260301", [time("20260302T000000")]) == two)
    #expect(try left("20260301", [time("20260302T000000Z")]) == two)
    #expect(try left("20260301", [time("20260301T230000Z")]) == two)
    #expect(try left("20260301T090000", [time("20260301")]) == ["20260302", "20260303"])
  }

  @Test func extraDatesJoinOnceAndMayHaveTheirOwnEnd() throws {
    let s = OccurrenceSet(
      start: time("20260301T090000", berlin), length: .nominal(seconds: 3600), localZone: berlin,
      rules: [try rule("FREQ=WEEKLY;COUNT=2")],
      dates: [
        .init(time("20260308T080000Z"), length: .duration(CivilDuration(seconds: 7200))),
        .init(time("20260310T090000", newYork)), .init(time("20260302")), .init(time("20260302")),
      ],
      excluded: [])
    let o = s.occurrences(through: far).list
    #expect(
      o.map { text($0.nominal) }
        == ["20260301T090000", "20260302T090000", "20260308T090000", "20260310T140000"])
    #expect(o.map { ($0.end - $0.start) / 3600 } == [1, 1, 2, 1])
    #expect(o.map(\.isFromDates) == [false, true, true, true])
    let alone = OccurrenceSet(
      start: time("20260301"), localZone: berlin,
      dates: [.init(time("20260305")), .init(time("20260301"))])
    #expect(nominals(alone) == ["20260301T000000", "20260305T000000"])
  }

  @Test func rulesUniteAndExclusionRulesTakeAway() throws {
    let s = OccurrenceSet(
      start: time("19970902T090000"), localZone: .utc,
      rules: [try rule("FREQ=YEARLY;COUNT=6;BYDAY=TU,TH")],
      exclusionRules: [try rule("FREQ=YEARLY;COUNT=3;BYDAY=TH")])
    #expect(nominals(s) == ["19970902T090000", "19970909T090000", "19970916T090000"])
    let two = OccurrenceSet(
      start: time("20260302T090000"), localZone: .utc,
      rules: [try rule("FREQ=DAILY;COUNT=3"), try rule("FREQ=WEEKLY;COUNT=2")])
    #expect(nominals(two).map { $0.prefix(8) } == ["20260302", "20260303", "20260304", "20260309"])
    // An EXRULE that gives nothing does not take DTSTART away.
    let kept = OccurrenceSet(
      start: time("20260303T090000"), localZone: .utc, rules: [try rule("FREQ=DAILY;COUNT=2")],
      exclusionRules: [try rule("FREQ=WEEKLY;BYDAY=SU")])
    #expect(nominals(kept).count == 2)
  }

  @Test func aStartOffTheRuleIsToldAndGiven() throws {
    let s = OccurrenceSet(
      start: time("20260303T090000", berlin), localZone: .utc,
      rules: [try rule("FREQ=WEEKLY;BYDAY=MO;COUNT=2")])
    let o = s.occurrences(through: far)
    #expect(!o.startIsOnRule)
    #expect(o.list.map { text($0.nominal) } == ["20260303T090000", "20260309T090000"])
  }

  @Test func recurrenceIdsOfAllKindsFindTheirOccurrence() throws {
    let s = OccurrenceSet(
      start: time("20260301T090000", berlin), localZone: berlin,
      rules: [try rule("FREQ=DAILY;COUNT=60")], excluded: [time("20260305T080000Z")])
    for id in [
      time("20260330T090000", berlin), time("20260330T070000Z"), time("20260330T030000", newYork),
      time("20260330T090000"), time("20260330"),
    ] {
      guard case .occurrence(let o) = s.occurrence(named: id) else {
        Issue.record("\(id)")
        continue
      }
      #expect(utc(o.start) == "20260330T070000Z")
    }
    #expect(s.occurrence(named: time("20260330T100000", berlin)) == .none)
    #expect(s.occurrence(named: time("20270330T090000", berlin)) == .none)
    guard case .excluded(let o) = s.occurrence(named: time("20260305T090000", berlin)) else {
      Issue.record("not excluded")
      return
    }
    #expect(text(o.nominal) == "20260305T090000")
    let days = OccurrenceSet(
      start: time("20260301"), localZone: newYork, rules: [try rule("FREQ=WEEKLY")])
    for id in [
      time("20260308"), time("20260308T000000Z"), time("20260308T000000", berlin),
      time("20260308T000000"), time("20260308T050000Z"),
    ] {
      guard case .occurrence(let o) = days.occurrence(named: id) else {
        Issue.record("\(id)")
        continue
      }
      #expect(text(o.nominal) == "20260308T000000")
    }
    #expect(days.occurrence(named: time("20260309")) == .none)
  }

  @Test func everyWindowGivesWhatTheWholeHasThere() throws {
    var numbers = SeededNumbers(21)
    for r in [
      "FREQ=DAILY;BYHOUR=1,2,3;BYMINUTE=0,30", "FREQ=HOURLY;INTERVAL=5", "FREQ=WEEKLY;COUNT=90",
      "FREQ=MONTHLY;BYDAY=-1SU;BYHOUR=2;BYMINUTE=30", "FREQ=MINUTELY;INTERVAL=45;COUNT=9000",
    ] {
      for z in [berlin, newYork, zone("Pacific/Apia"), zone("Australia/Lord_Howe")] {
        let s = OccurrenceSet(
          start: time("20110902T013000", z), localZone: .utc, rules: [try rule(r)],
          excluded: [time("20111001T023000", z), time("20111225")])
        let all = s.occurrences(through: instant("20120801T000000Z"))
        #expect(all.isComplete)
        for _ in 0..<20 {
          let a = Int64.random(
            in: instant("20110825T000000Z")...instant("20120801T000000Z"), using: &numbers)
          let b = min(
            a + Int64.random(in: 0...9_000_000, using: &numbers), instant("20120801T000000Z"))
          let part = s.occurrences(from: a, through: b).list
          #expect(part == all.list.filter { $0.start >= a && $0.start <= b }, "\(r) \(z.id)")
        }
      }
    }
  }

  @Test(.slow) func longListsStayCheap() throws {
    let start = CivilDateTime(CivilDate(year: 2000, month: 1, day: 1), hour: 9)
    expectLinear(
      12_500,
      make: { n in
        (0..<n).map { start.adding(seconds: Int64($0 * 7919 % n) * 3600) }
      }
    ) { times in
      let s = OccurrenceSet(
        start: .zoned(start, berlin), localZone: .utc,
        dates: times.map { .init(.zoned($0, berlin)) },
        excluded: times.dropLast(1000).map { .zoned($0, berlin) })
      let o = s.occurrences(through: far).list
      #expect(o.count <= 1000 && o.count >= 990)
    }
  }

  @Test func absurdRulesEndWithAClearAnswer() throws {
    let start = CivilDateTime(CivilDate(year: 2000, month: 1, day: 1), hour: 9)
    let absurd = OccurrenceSet(
      start: .zoned(start, berlin), localZone: .utc,
      rules: try (0..<1000).map { _ in try rule("FREQ=SECONDLY") })
    let answer = absurd.occurrences(
      from: instant("20260101T000000Z"), through: far, steps: 10_000)
    #expect(!answer.isComplete)
    #expect(answer.list.count <= 10_001)
    #expect(absurd.occurrence(named: time("20260303T090000", berlin)) != .none)
  }
}
