import CivilTime
import Foundation
import TestSupport
import Testing

@Suite struct Timestamps {
  @Test(
    "what a timestamp shows is what it reads", arguments: [-1, 0, 951_782_399, 253_402_300_799])
  func roundTrip(seconds: Int64) {
    let time = Timestamp(secondsSince1970: seconds)
    #expect(Timestamp(time.description) == time)
  }

  @Test("random instants come back, also through JSON")
  func random() throws {
    var numbers = SeededNumbers(7)
    for _ in 0..<2000 {
      let time = Timestamp(secondsSince1970: Int64(numbers.below(1 << 37)) - 1 << 35)
      #expect(Timestamp(time.description) == time)
      let json = try JSONEncoder().encode([time])
      #expect(try JSONDecoder().decode([Timestamp].self, from: json) == [time])
    }
  }

  @Test("what is outside the calendar is clamped")
  func clamped() {
    #expect(Timestamp(year: 2026, month: 2, day: 30) == Timestamp("2026-02-28"))
    #expect(
      Timestamp(year: 2026, month: 13, day: 0, hour: 25, minute: -1, second: 75)
        == Timestamp("2026-12-01T23:00:59Z"))
  }

  @Test("offsets, fractions and days are read as RFC 3339 has them")
  func forms() {
    #expect(Timestamp("2026-03-24T09:00:00+01:00") == Timestamp("2026-03-24T08:00:00Z"))
    #expect(Timestamp("2026-03-24t08:00:00.5z") == Timestamp("2026-03-24T08:00:00Z"))
    #expect(Timestamp("2026-03-24 08:00:00-00:30") == Timestamp("2026-03-24T08:30:00Z"))
    #expect(Timestamp("2026-03-24") == Timestamp("2026-03-24T00:00:00Z"))
  }

  @Test(
    "anything else is none",
    arguments: [
      "", "2026", "2026-02-30", "2026-3-24", "2026-03-24T", "2026-03-24T08:00Z",
      "2026-03-24T08:00:00", "2026-03-24T24:00:00Z", "2026-03-24T08:60:00Z",
      "2026-03-24T08:00:00.Z", "2026-03-24T08:00:00+1:00", "2026-03-24T08:00:00Zx", "٢٠٢٦-03-24",
      "2026-03-24T08:00:00+25:00", "yyyy-mm-dd",
    ])
  func refused(text: String) { #expect(Timestamp(text) == nil) }
}
