import CivilTime
import Testing

@Suite struct WeekTests {
  @Test func weekdaysFollowOneAnother() {
    #expect(CivilDate(year: 1970, month: 1, day: 1).weekday == .thursday)
    #expect(CivilDate(year: 2026, month: 3, day: 3).weekday == .tuesday)
    #expect(CivilDate(year: 1, month: 1, day: 1).weekday == .monday)
    for d in -800_000..<800_000 where d % 97 == 0 {
      let next = Weekday(daysSince1970: d + 1)
      #expect(next.days(after: Weekday(daysSince1970: d)) == 1)
    }
    #expect(Weekday(number: -1) == .sunday)
    #expect(Weekday(number: 7) == .monday)
  }

  // The definition, not the formula: count the days of each week that lie in the year.
  @Test(arguments: Weekday.allCases)
  func weekOneIsTheFirstWithFourDaysInTheYear(first: Weekday) {
    for year in 1970..<2070 {
      let newYear = CivilDate(year: year, month: 1, day: 1).daysSince1970
      var start = newYear - 6
      while Weekday(daysSince1970: start) != first { start += 1 }
      if start + 7 - newYear < 4 { start += 7 }
      #expect(CivilDate.firstWeek(of: year, startingOn: first) == start)
      let count = CivilDate.weeks(inYear: year, startingOn: first)
      #expect(count == 52 || count == 53)
      for n in 0..<count {
        for day in [0, 3, 6] {
          let w = CivilDate(daysSince1970: start + n * 7 + day).week(startingOn: first)
          #expect(w.year == year && w.number == n + 1)
        }
      }
      #expect(
        CivilDate.firstWeek(of: year + 1, startingOn: first) == start + count * 7)
    }
  }

  @Test func theDayOfTheYearCountsFromOne() {
    #expect(CivilDate(year: 2024, month: 12, day: 31).dayOfYear == 366)
    #expect(CivilDate(year: 2025, month: 3, day: 1).dayOfYear == 60)
    #expect(CivilDate.days(inYear: 1900) == 365)
    #expect(
      CivilDate(year: 2024, month: 2, day: 28).adding(days: 2)
        == CivilDate(year: 2024, month: 3, day: 1))
  }
}
