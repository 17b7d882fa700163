import Bytes
import CivilTime
import Recurrence
import TestSupport
import Testing

@Suite struct RuleReading {
  private func read(_ s: String) -> (RecurrenceRule?, RecurrenceDefects, RecurrenceError?) {
    var defects: RecurrenceDefects = []
    return s.withByteView { v in
      do throws(RecurrenceError) {
        let r = try RecurrenceRule(parsing: v, defects: &defects)
        return (r, defects, nil)
      } catch { return (nil, defects, error) }
    }
  }

  @Test(
    arguments: [
      ("FREQ=DAILY", "FREQ=DAILY", RecurrenceDefects()),
      ("freq=weekly;byday=mo,We", "FREQ=WEEKLY;BYDAY=MO,WE", .lowerCase),
      ("FREQ=DAILY;COUNT=5;", "FREQ=DAILY;COUNT=5", .emptyPart),
      (";FREQ=DAILY;;COUNT=5", "FREQ=DAILY;COUNT=5", .emptyPart),
      (" FREQ = DAILY ; COUNT = 5 ", "FREQ=DAILY;COUNT=5", .blanks),
      ("FREQ=WEEKLY;BYDAY=MO, TU", "FREQ=WEEKLY;BYDAY=MO,TU", .blanks),
      ("FREQ=DAILY;UNTIL=19971201Z", "FREQ=DAILY;UNTIL=19971201T000000Z", .untilForm),
      ("FREQ=DAILY;UNTIL=19971201", "FREQ=DAILY;UNTIL=19971201", []),
      ("FREQ=DAILY;UNTIL=19971201T090000", "FREQ=DAILY;UNTIL=19971201T090000", []),
      ("FREQ=DAILY;BYHOUR=009,+8", "FREQ=DAILY;BYHOUR=8,9", .numberForm),
      ("FREQ=DAILY;BYHOUR=09,08", "FREQ=DAILY;BYHOUR=8,9", []),
      ("RRULE:FREQ=DAILY", "FREQ=DAILY", .propertyName),
      ("FREQ=DAILY;X-MADE-UP=1;INTERVAL=1", "FREQ=DAILY", .experimentalPart),
      ("FREQ=WEEKLY;BYDAY=MO,;BYMONTH=", "FREQ=WEEKLY;BYDAY=MO", .emptyElement),
      ("FREQ=MONTHLY;BYDAY=0MO,SA", "FREQ=MONTHLY;BYDAY=SA", .zeroOrdinal),
      (
        "BYSETPOS=-1;BYDAY=FR,+1MO,MO,1MO;WKST=SU;INTERVAL=2;FREQ=MONTHLY",
        "FREQ=MONTHLY;INTERVAL=2;WKST=SU;BYDAY=MO,1MO,FR;BYSETPOS=-1", []
      ),
      ("FREQ=YEARLY;BYYEARDAY=-1,366,1,1", "FREQ=YEARLY;BYYEARDAY=-1,1,366", []),
    ] as [(String, String, RecurrenceDefects)])
  func whatExportsWriteIsTakenAndNoted(text: String, canonical: String, defects: RecurrenceDefects)
  {
    let (r, d, e) = read(text)
    #expect(e == nil)
    #expect(r?.text == canonical)
    #expect(d == defects)
  }

  @Test(
    arguments: [
      ("", .noFrequency, .frequency, 0), ("COUNT=5", .noFrequency, .frequency, 7),
      ("FREQ=DAILY;COUNT", .malformedPart, nil, 11), ("FREQ=DAILY;FOO=1", .unknownPart, nil, 11),
      ("FREQ=DAILY;COUNT=5;COUNT=5", .repeatedPart, .count, 19),
      ("FREQ=FORTNIGHTLY", .badValue, .frequency, 5),
      ("FREQ=DAILY;COUNT=0", .outOfRange, .count, 17),
      ("FREQ=DAILY;INTERVAL=0", .outOfRange, .interval, 20),
      ("FREQ=DAILY;INTERVAL=-1", .badValue, .interval, 20),
      ("FREQ=DAILY;COUNT=99999999999999999999", .outOfRange, .count, 17),
      ("FREQ=DAILY;COUNT=", .badValue, .count, 17), ("FREQ=DAILY;UNTIL=", .badValue, .until, 17),
      ("FREQ=DAILY;UNTIL=20260230", .badValue, .until, 17),
      ("FREQ=DAILY;COUNT=5;UNTIL=20260301", .untilAndCount, .until, 19),
      ("FREQ=DAILY;BYMONTH=13", .outOfRange, .byMonth, 19),
      ("FREQ=DAILY;BYMONTH=5L", .badValue, .byMonth, 19),
      ("FREQ=DAILY;BYHOUR=24", .outOfRange, .byHour, 18),
      ("FREQ=DAILY;BYMINUTE=60", .outOfRange, .byMinute, 20),
      ("FREQ=DAILY;BYSECOND=61", .outOfRange, .bySecond, 20),
      ("FREQ=MONTHLY;BYMONTHDAY=0", .outOfRange, .byMonthDay, 24),
      ("FREQ=MONTHLY;BYMONTHDAY=-32", .outOfRange, .byMonthDay, 24),
      ("FREQ=YEARLY;BYYEARDAY=367", .outOfRange, .byYearDay, 22),
      ("FREQ=YEARLY;BYWEEKNO=54", .outOfRange, .byWeekNumber, 21),
      ("FREQ=MONTHLY;BYDAY=54MO", .outOfRange, .byDay, 19),
      ("FREQ=MONTHLY;BYDAY=0MO", .outOfRange, .byDay, 19),
      ("FREQ=WEEKLY;BYDAY=XX", .badValue, .byDay, 18),
      ("FREQ=WEEKLY;BYDAY=M", .badValue, .byDay, 18),
      ("FREQ=MONTHLY;BYDAY=1;BYMONTH=1", .badValue, .byDay, 19),
      ("FREQ=WEEKLY;WKST=8", .badValue, .weekStart, 17),
      ("FREQ=MONTHLY;BYSETPOS=0;BYDAY=MO", .outOfRange, .bySetPosition, 22),
      ("FREQ=MONTHLY;BYSETPOS=1", .setPositionAlone, .bySetPosition, 13),
      ("FREQ=WEEKLY;BYDAY=1MO", .ordinalNotAllowed, .byDay, 12),
      ("FREQ=DAILY;BYDAY=-1MO", .ordinalNotAllowed, .byDay, 11),
      ("FREQ=YEARLY;BYWEEKNO=2;BYDAY=1MO", .ordinalNotAllowed, .byDay, 23),
      ("FREQ=MONTHLY;BYWEEKNO=2", .notWithThisFrequency, .byWeekNumber, 13),
      ("FREQ=MONTHLY;BYYEARDAY=2", .notWithThisFrequency, .byYearDay, 13),
      ("FREQ=WEEKLY;BYMONTHDAY=2", .notWithThisFrequency, .byMonthDay, 12),
      ("RSCALE=GREGORIAN;FREQ=YEARLY", .calendarScale, .calendarScale, 7),
      ("FREQ=YEARLY;SKIP=FORWARD", .calendarScale, .skip, 17),
    ] as [(String, RecurrenceError.Kind, RulePart?, Int)])
  func whatTheRFCForbidsIsRefusedWithItsPlace(
    text: String, kind: RecurrenceError.Kind, part: RulePart?, offset: Int
  ) {
    let e = read(text).2
    #expect(e?.kind == kind && e?.part == part && e?.offset == offset, "\(text)")
    #expect(e?.description.isEmpty == false)
  }
}

@Suite struct HouseRules {
  private func list(
    _ r: String, _ start: String, limit: Int = 4, always: Bool = true
  ) throws -> [String] {
    let isDate = start.utf8.count == 8
    return instances(
      try rule(r), moment(start), isDate: isDate, limit: limit, startAlwaysCounts: always
    ).times.map { text($0, isDate: isDate) }
  }

  @Test func aStartOffTheRuleComesFirstAndCounts() throws {
    let r = "FREQ=WEEKLY;BYDAY=MO;COUNT=3"
    #expect(try list(r, "20260303") == ["20260303", "20260309", "20260316"])
    #expect(try list(r, "20260303", always: false) == ["20260309", "20260316", "20260323"])
    var iterator = RecurrenceIterator(try rule(r), start: moment("20260303"))
    #expect(!iterator.startIsOnRule)
    while iterator.next() != nil {}
    #expect(iterator.stop == .count)
  }

  @Test func dayAndMonthComeFromTheStart() throws {
    #expect(
      try list("FREQ=YEARLY;BYMONTHDAY=15", "20260315", limit: 2) == ["20260315", "20270315"])
    #expect(
      try list("FREQ=YEARLY;BYWEEKNO=20", "20260512", limit: 3)
        == ["20260512", "20270518", "20280516"])
    #expect(try list("FREQ=YEARLY", "20240229", limit: 3) == ["20240229", "20280229", "20320229"])
  }

  @Test func datesTheCalendarLacksAreSkippedAndNotCounted() throws {
    #expect(
      try list("FREQ=MONTHLY;COUNT=4", "20260131") == [
        "20260131", "20260331", "20260531", "20260731",
      ]
    )
    #expect(
      try list("FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5", "20070115T090000", limit: 9).count == 5)
  }

  @Test func timesAreIgnoredWhereTheStartIsADate() throws {
    #expect(
      try list("FREQ=DAILY;BYHOUR=9,10;BYMINUTE=5", "20260303", limit: 2) == [
        "20260303", "20260304",
      ])
    #expect(
      try list("FREQ=HOURLY;INTERVAL=30;COUNT=3", "20260303")
        == ["20260303", "20260304", "20260305"])
    #expect(
      try list("FREQ=SECONDLY;BYDAY=MO;COUNT=3", "20260302")
        == ["20260302", "20260309", "20260316"])
  }

  @Test func leapSecondsCountAsTheSecondBefore() throws {
    #expect(
      try list("FREQ=DAILY;BYSECOND=59,60;COUNT=2", "20260303T101559")
        == ["20260303T101559", "20260304T101559"])
  }

  @Test func nothingIsGivenWhereUNTILIsBeforeTheStart() throws {
    #expect(try list("FREQ=DAILY;UNTIL=20260302", "20260303").isEmpty)
    #expect(try list("FREQ=DAILY;UNTIL=20260303", "20260303T120000") == ["20260303T120000"])
  }

  @Test func theCalendarEndsWithTheYear9999() throws {
    let (times, stop) = instances(try rule("FREQ=YEARLY"), moment("99980101"), isDate: true)
    #expect(times.count == 2)
    #expect(stop == .calendarEnd)
    for r in ["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY"] {
      let s = instances(
        try rule("FREQ=\(r);INTERVAL=900000000000000000"), moment("20260303T101112"))
      #expect(s.times.count == 1)
      #expect(s.stop == .calendarEnd)
      for n in [Int64.min, Int64.max, -99_999_999_999] {
        var i = RecurrenceIterator(
          try rule("FREQ=\(r)"), start: CivilDateTime(nominalSeconds: n))
        #expect(i.next() == nil)
        #expect(i.stop == .calendarEnd)
      }
    }
  }

  @Test(
    .slow,
    arguments: [
      "FREQ=SECONDLY", "FREQ=MINUTELY;BYSECOND=1,2,3", "FREQ=HOURLY;INTERVAL=24;BYHOUR=5",
      "FREQ=SECONDLY;INTERVAL=60;BYSECOND=30", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
      "FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30", "FREQ=SECONDLY;BYHOUR=3;BYSETPOS=2",
      "FREQ=SECONDLY;COUNT=900000000000;BYDAY=MO", "FREQ=MINUTELY;INTERVAL=1440;BYHOUR=5",
      "FREQ=DAILY;INTERVAL=7;BYDAY=MO", "FREQ=HOURLY;BYSETPOS=50;BYMINUTE=1",
      "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MONTHLY;BYDAY=6MO",
      "FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=4",
      "FREQ=YEARLY;BYHOUR=0,1,2,3;BYMINUTE=1;BYSECOND=1;BYSETPOS=366;BYDAY=1MO",
      "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6;BYDAY=MO",
    ])
  func absurdRulesEndWithAClearAnswerInTheStepsTheyAreGiven(r: String) throws {
    let rule = try rule(r)
    expectLinear(2_500, make: { $0 }) { steps in
      let (times, stop) = instances(rule, moment("20260303T101112"), limit: .max, steps: steps)
      #expect(stop == .tooManySteps || stop == .calendarEnd)
      #expect(times.count <= steps + 1)
    }
  }

  @Test func aFarWindowIsReachedAtOnce() throws {
    // Without COUNT, and with COUNT where every period has as many instances.
    for r in [
      "FREQ=SECONDLY", "FREQ=MINUTELY;INTERVAL=7;BYSECOND=5,15", "FREQ=DAILY;COUNT=99999999",
      "FREQ=SECONDLY;COUNT=99999999999", "FREQ=WEEKLY;BYDAY=MO,WE;COUNT=9999999",
      "FREQ=HOURLY;BYMINUTE=0,20,40;BYSETPOS=-1;COUNT=99999999",
    ] {
      var options = RecurrenceIterator.Options()
      options.from = moment("20260303T000000")
      options.steps = 50
      var i = RecurrenceIterator(
        try rule(r), start: moment("19000101T000005"), options: options)
      let next = i.next()
      let t = try #require(next, "\(r)")
      #expect(t >= moment("20260303T000000") && t < moment("20260312T000000"))
    }
  }
}
