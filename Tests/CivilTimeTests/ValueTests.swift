import Bytes
import CivilTime
import Testing

private func written(_ body: (ByteBuffer) -> Void) -> String {
  let out = ByteBuffer()
  body(out)
  return out.string
}

@Suite struct CivilDateTimeTests {
  @Test func partsAndSecondsAgree() {
    for s in stride(from: Int64(-70_000_000_000), to: 70_000_000_000, by: 98_765_431) {
      let t = CivilDateTime(nominalSeconds: s)
      #expect(CivilDateTime(t.date, hour: t.hour, minute: t.minute, second: t.second) == t)
      #expect(t.startOfDay.adding(seconds: Int64(t.secondOfDay)) == t)
      #expect(t.adding(days: 1).seconds(since: t) == 86_400)
    }
  }

  @Test func arithmeticStopsAtTheEnds() {
    let end = CivilDateTime(nominalSeconds: .max)
    #expect(end.adding(seconds: 1) == end)
    #expect(end.adding(days: .max) == end)
    #expect(CivilDateTime(nominalSeconds: .min).adding(days: .min).nominalSeconds == .min)
    #expect(end.seconds(since: CivilDateTime(nominalSeconds: -5)) == .max)
    _ = (end.date, end.hour, end.weekday, CivilDateTime(nominalSeconds: .min).date)
    #expect(!end.isValid)
    #expect(written { end.appendBasic(to: $0) } == "99991231T235959")
    #expect(CivilDateTime.first.isValid && CivilDateTime.last.isValid)
  }
}

@Suite struct DateTimeValueTests {
  private func read(_ s: String) -> (String, ValueDefects)? {
    var defects: ValueDefects = []
    guard let v = s.withByteView({ DateTimeValue($0, defects: &defects) }) else { return nil }
    return (written { v.append(to: $0) }, defects)
  }

  @Test(arguments: [
    ("20260303", "20260303", ValueDefects()),
    ("20260303T091500", "20260303T091500", ValueDefects()),
    ("20260303T091500Z", "20260303T091500Z", ValueDefects()),
    (" 20260303\t", "20260303", ValueDefects.blanks),
    ("20260303t091500z", "20260303T091500Z", ValueDefects.lowerCase),
    ("2026-03-03", "20260303", ValueDefects.extendedForm),
    ("2026-03-03T09:15:00Z", "20260303T091500Z", ValueDefects.extendedForm),
    ("2026-03-03 09:15", "20260303T091500", [.extendedForm, .noSeconds] as ValueDefects),
    ("19971201Z", "19971201T000000Z", ValueDefects.dateWithZ),
    ("20260303T0915", "20260303T091500", ValueDefects.noSeconds),
    ("20260303T235960", "20260303T235959", ValueDefects.overlongTime),
    ("20261231T240000", "20270101T000000", ValueDefects.overlongTime),
  ])
  func datesAreReadLeniently(text: String, value: String, defects: ValueDefects) throws {
    let (v, d) = try #require(read(text))
    #expect(v == value)
    #expect(d == defects)
  }

  @Test(arguments: [
    "", "2026", "2026030", "20260230", "20261301", "00000101", "20260303T", "20260303T25",
    "20260303T250000", "20260303T096000", "20260303T091500ZZ", "20260303X091500", "2026-0303",
    "20260303T091500+0100", "99991231T240000", "２０２６０３０３", "20260303T240001", "-0260303",
  ])
  func whatIsNoDateIsRefused(text: String) { #expect(read(text) == nil) }

  @Test func everyPrefixOfAValueIsTotal() {
    let text = "2026-03-03T09:15:00Z"
    for n in 0...text.utf8.count { _ = read(String(text.prefix(n))) }
  }
}

@Suite struct CivilDurationTests {
  private func read(_ s: String) -> (CivilDuration, ValueDefects)? {
    var defects: ValueDefects = []
    guard let v = s.withByteView({ CivilDuration($0, defects: &defects) }) else { return nil }
    return (v, defects)
  }

  @Test(arguments: [
    ("P15DT5H0M20S", 15, 18_020, ValueDefects()), ("P7W", 49, 0, ValueDefects()),
    ("-PT15M", 0, -900, ValueDefects()),
    ("+P1D", 1, 0, ValueDefects()), ("PT0S", 0, 0, ValueDefects()),
    ("PT24H", 0, 86_400, ValueDefects()), ("pt1h", 0, 3600, ValueDefects.lowerCase),
    ("P1W2D", 9, 0, ValueDefects.durationForm), ("P1DT", 1, 0, ValueDefects.durationForm),
    ("P1H", 0, 3600, ValueDefects.durationForm),
    ("PT5S1H", 0, 3605, ValueDefects.durationForm), (" P1D ", 1, 0, ValueDefects.blanks),
    ("PT1H30S", 0, 3630, ValueDefects()),
  ])
  func durationsAreRead(text: String, days: Int, seconds: Int, defects: ValueDefects) throws {
    let (v, d) = try #require(read(text))
    #expect(v == CivilDuration(days: days, seconds: Int64(seconds)))
    #expect(d == defects)
  }

  @Test(arguments: [
    "", "P", "PT", "1D", "P1", "PD", "P1X", "P1Y", "P1M", "PT1.5H", "P-1D", "--P1D",
    "P9999999999999D", "P999999999999W", "PT999999999999H", "P1D1D1D1D1D1D1D1D1D1D1D1D1D1D1D1D1D",
  ])
  func whatIsNoDurationIsRefused(text: String) { #expect(read(text) == nil) }

  @Test(arguments: ["P15DT5H20S", "P7W", "-PT15M", "P1D", "PT0S", "-P1DT1S", "PT24H"])
  func durationsAreWrittenCanonically(text: String) throws {
    let v = try #require(read(text)).0
    #expect(written { v.append(to: $0) } == text)
  }
}

@Suite struct OtherValueTests {
  @Test(arguments: [
    ("+0100", 3600, ValueDefects()), ("-0530", -19_800, ValueDefects()),
    ("+012345", 5025, ValueDefects()),
    ("+01:00", 3600, ValueDefects.extendedForm), ("0100", 3600, ValueDefects.offsetForm),
    ("+1", 3600, ValueDefects.offsetForm),
    ("-0000", 0, ValueDefects.offsetForm), ("+02", 7200, ValueDefects.offsetForm),
    (" +0000", 0, ValueDefects.blanks),
  ])
  func offsetsAreRead(text: String, seconds: Int, defects: ValueDefects) {
    var d: ValueDefects = []
    #expect(text.withByteView { UTCOffset.parse($0, defects: &d) } == seconds)
    #expect(d == defects)
  }

  @Test(arguments: ["", "+", "+2400", "+0160", "+01000000", "Z", "+010", "+01:0000", "+010060"])
  func whatIsNoOffsetIsRefused(text: String) {
    var d: ValueDefects = []
    // An odd number of digits is one of hours first, so +010 is not 1:00 but 0:10.
    let value = text.withByteView { UTCOffset.parse($0, defects: &d) }
    #expect(value == (text == "+010" ? 600 : nil))
  }

  @Test func offsetsAreWritten() {
    #expect(written { UTCOffset.append(-19_800, to: $0) } == "-0530")
    #expect(written { UTCOffset.append(5025, to: $0) } == "+012345")
    #expect(written { UTCOffset.append(.min, to: $0) } == "-235959")
  }

  @Test func periodsHaveAnEndOrADuration() throws {
    var d: ValueDefects = []
    func read(_ s: String) -> PeriodValue? {
      d = []
      return s.withByteView { PeriodValue($0, defects: &d) }
    }
    let a = try #require(read("19970101T180000Z/19970102T070000Z"))
    #expect(a.end == .at(.utc(a.start.nominal.adding(seconds: 13 * 3600))))
    let b = try #require(read("19970101T180000Z/PT5H30M"))
    #expect(b.end == .duration(CivilDuration(seconds: 19_800)))
    #expect(d == [])
    let c = try #require(read("19970102T180000/19970101T180000"))
    #expect(c.end == .at(c.start) && d == .periodBackwards)
    #expect(read("19970102T180000") == nil)
    #expect(read("19970102T180000/") == nil)
    #expect(read("/PT1H") == nil)
  }
}
