import CivilTime
import Recurrence
import TestSupport
import Testing
import TimeZones

@Suite struct ZoneDefinitions {
  private func observance(
    _ isDaylight: Bool, _ from: Int, _ to: Int, _ start: String, _ rules: [String],
    dates: [String] = [], excluded: [String] = []
  ) throws -> VTimeZone.Observance {
    VTimeZone.Observance(
      isDaylight: isDaylight, offsetFrom: from, offsetTo: to, start: local(start),
      rules: try rules.map(rule), dates: dates.map(local), excluded: excluded.map(local),
      name: isDaylight ? "CEST" : "CET")
  }

  private func berlin(_ start: (String, String)) throws -> VTimeZone {
    VTimeZone(observances: [
      try observance(true, 3600, 7200, start.0, ["FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU"]),
      try observance(false, 7200, 3600, start.1, ["FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"]),
    ])
  }

  @Test(arguments: [
    ("19960331T020000", "19961027T030000"), ("16010101T020000", "16010101T030000"),
    ("16010325T020000", "16011028T030000"),
  ])
  func aDefinitionShowsWhatTheDatabaseShows(daylight: String, standard: String) throws {
    let z = try Zone(id: "x", definition: try berlin((daylight, standard)))
    let b = zone("Europe/Berlin")
    var t = instant("19970101T000000Z")
    while t < instant("20600101T000000Z") {
      #expect(z.offset(at: t) == b.offset(at: t), "\(utc(t))")
      #expect(z.abbreviation(at: t) == b.abbreviation(at: t))
      let l = CivilDateTime(nominalSeconds: t)
      #expect(z.resolve(l) == b.resolve(l))
      t += 10_799 * 7
    }
    for l in ["20260329T023000", "20261025T023000", "20300331T020000", "20321231T235959"] {
      #expect(z.resolve(local(l)) == b.resolve(local(l)))
    }
    #expect(z.fault == nil)
  }

  @Test func beforeTheFirstOnsetItsOldOffsetHolds() throws {
    let z = try Zone(id: "x", definition: try berlin(("19960331T020000", "19961027T030000")))
    #expect(z.offset(at: instant("19000101T000000Z")) == 3600)
    #expect(z.offset(at: .min) == 3600 && z.offset(at: .max) == 3600)
  }

  @Test func rulesThatEndedAndSingleDatesHold() throws {
    let v = VTimeZone(observances: [
      try observance(
        true, 3600, 7200, "19810329T020000",
        ["FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU;UNTIL=19830327T010000Z"],
        dates: ["20100328T020000", "20120325T020000"], excluded: ["20120325T020000"]),
      try observance(
        false, 7200, 3600, "19810927T030000",
        ["FREQ=YEARLY;BYMONTH=9;BYDAY=-1SU;COUNT=3"], dates: ["20101031T030000"]),
    ])
    let z = try Zone(id: "x", definition: v)
    for (t, offset) in [
      ("19810701T000000Z", 7200), ("19830701T000000Z", 7200), ("19831001T000000Z", 3600),
      ("19840701T000000Z", 3600), ("20090701T000000Z", 3600), ("20100701T000000Z", 7200),
      ("20101101T000000Z", 3600), ("20120701T000000Z", 3600), ("29990701T000000Z", 3600),
    ] { #expect(z.offset(at: instant(t)) == offset, "\(t)") }
    let s = z.segment(at: instant("20100701T000000Z"))
    #expect(utc(s.start) == "20100328T010000Z" && utc(s.end) == "20101031T010000Z")
  }

  @Test func absurdDefinitionsEndWithAClearAnswer() throws {
    #expect(throws: ZoneError.noObservance) { try Zone(id: "x", definition: VTimeZone()) }
    let secondly = VTimeZone(observances: [
      try observance(true, 0, 60, "20000101T000000", ["FREQ=SECONDLY"])
    ])
    #expect(throws: ZoneError.ruleTooFrequent) { try Zone(id: "x", definition: secondly) }
    let wide = VTimeZone(observances: [
      try observance(true, 0, 90_000, "20000101T000000", [])
    ])
    #expect(throws: ZoneError.offsetOutOfRange) { try Zone(id: "x", definition: wide) }
    let daily = VTimeZone(
      observances: try (0..<500).map { _ in
        try observance(
          true, 0, 60, "20000101T000000", ["FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7;BYMINUTE=0,1,2,3"])
      })
    let y = try Zone(id: "x", definition: daily)
    for year in stride(from: 1990, to: 2400, by: 10) {
      _ = y.offset(at: CivilDateTime(CivilDate(year: year, month: 1, day: 1)).nominalSeconds)
    }
    #expect(y.fault == .tooManyOnsets)
  }

  @Test(.slow) func tenThousandRulesAreOneRuleTenThousandTimes() throws {
    let rules = [
      try rule("FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"), try rule("FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU"),
    ]
    try expectLinear(
      1_250,
      make: { n in
        VTimeZone(
          observances: (0..<n).map { i in
            VTimeZone.Observance(
              isDaylight: i % 2 == 0, offsetFrom: 0, offsetTo: i % 2 == 0 ? 3600 : 0,
              start: local("19700329T010000"), rules: [rules[(i + 1) % 2]])
          })
      }
    ) { many in
      let z = try Zone(id: "x", definition: many)
      #expect(z.offset(at: instant("20260701T000000Z")) == 3600)
      #expect(z.fault == nil)
    }
  }
}
