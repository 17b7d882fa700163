import Bytes
import CivilTime
import Testing

@Suite struct CivilDateTests {
  @Test(arguments: [
    (1970, 1, 1, 0), (1969, 12, 31, -1), (2000, 2, 29, 11_016), (2000, 3, 1, 11_017),
    (2026, 3, 3, 20_515), (1900, 3, 1, -25_508), (2199, 12, 31, 84_005), (1, 1, 1, -719_162),
    (-1, 3, 1, -719_834),
  ])
  func daysAreCountedFrom1970(year: Int, month: Int, day: Int, days: Int) {
    let date = CivilDate(year: year, month: month, day: day)
    #expect(date.daysSince1970 == days)
    #expect(CivilDate(daysSince1970: days) == date)
  }

  @Test func everyDayOfEightCenturiesFollowsTheOneBefore() {
    var expected = CivilDate(year: 1600, month: 1, day: 1)
    for n in expected.daysSince1970..<CivilDate(year: 2400, month: 1, day: 1).daysSince1970 {
      #expect(CivilDate(daysSince1970: n) == expected)
      expected.day += 1
      if !expected.isValid {
        expected.day = 1
        expected.month += 1
      }
      if expected.month > 12 {
        expected.month = 1
        expected.year += 1
      }
    }
  }

  @Test(arguments: [
    (2026, 2, 29, false), (2024, 2, 29, true), (1900, 2, 29, false), (2000, 2, 29, true),
    (2026, 4, 31, false), (2026, 13, 1, false), (2026, 0, 1, false), (2026, 1, 0, false),
    (0, 1, 1, false), (10_000, 1, 1, false), (9999, 12, 31, true),
  ])
  func onlyDaysOfTheCalendarAreValid(year: Int, month: Int, day: Int, isValid: Bool) {
    #expect(CivilDate(year: year, month: month, day: day).isValid == isValid)
  }

  @Test(arguments: [
    (1_772_529_300, "2026-03-03T09:15:00Z"), (0, "1970-01-01T00:00:00Z"),
    (-1, "1969-12-31T23:59:59Z"), (-62_167_219_200, "0000-01-01T00:00:00Z"),
    (253_402_300_799, "9999-12-31T23:59:59Z"), (Int64.max, "9999-12-31T23:59:59Z"),
    (Int64.min, "0000-01-01T00:00:00Z"),
  ])
  func instantsAreWrittenAsRFC3339(seconds: Int64, expected: String) {
    let out = ByteBuffer()
    CivilDate.append(utcSeconds: seconds, to: out)
    #expect(out.string == expected)
  }
}
