import CivilTime
import JSONText
import Recurrence
import TestSupport
import Testing
import TimeZones

@Suite struct TimeZoneGates {
  @Test(.needsShared) func instancesOverGapsAndFoldsAreTheRightInstants() throws {
    let cases = try #require(jsonLines("dst.jsonl"))
    var failures: [String] = []
    for c in cases {
      let z = zone(c.string("tzid") ?? "")
      let expected = c.list("expected_utc")
      let r = try rule(c.string("rrule") ?? "")
      let start = local(c.string("dtstart") ?? "")
      // The rule alone: every nominal time counts, even where two are one instant.
      var options = RecurrenceIterator.Options()
      if case .utc(let t) = r.until {
        options.until = z.localTime(at: t.nominalSeconds).adding(days: 1)
      }
      var iterator = RecurrenceIterator(r, start: start, options: options)
      var got: [String] = []
      var nominal: [String] = []
      while got.count < expected.count, let t = iterator.next() {
        nominal.append(text(t))
        got.append(utc(z.instant(of: t)))
      }
      // The set: by instant, each once.
      let set = OccurrenceSet(start: .zoned(start, z), localZone: .utc, rules: [r])
      let whole = set.occurrences(through: instant(expected.last ?? "") + 40_000_000)
      let wanted = Array(Set(expected)).sorted()
      let list = whole.list.map { utc($0.start) }
      if got != expected || nominal != c.list("nominal") || list != wanted {
        failures.append("\(c.string("id") ?? "") expected \(expected) got \(got), set \(list)")
      }
    }
    print("dst.jsonl: \(cases.count - failures.count) of \(cases.count)")
    #expect(cases.count > 500)
    #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
  }

  @Test(.needsShared) func publishedCasesWithAZoneAgree() throws {
    let cases = try #require(jsonLines("recurrence_tiered.jsonl"))
    var compared = 0
    for c in cases where c.string("tier") == "core" {
      guard let name = c.string("tzid"), !c.list("expected").isEmpty, c.list("rrule").count == 1,
        c.string("window_end") == nil, c.string("start_at") == nil
      else { continue }
      let z = zone(name)
      let start = local(c.string("dtstart") ?? "")
      let expected = c.list("expected").map { z.instant(of: local($0)) }
      let set = OccurrenceSet(
        start: .zoned(start, z), localZone: .utc, rules: [try rule(c.list("rrule")[0])],
        excluded: c.list("exdate").map { time($0, z) })
      let exhaustive = c.root?.member("exhaustive")?.bool ?? false
      let end = (expected.last ?? 0) + (exhaustive ? 400_000_000 : 0)
      var got = set.occurrences(through: end).list.map(\.start)
      if expected.first != z.instant(of: start), got.first == z.instant(of: start) {
        got.removeFirst()
      }
      #expect(got == expected, "\(c.string("id") ?? "")")
      compared += 1
    }
    print("core cases with a zone: \(compared)")
    #expect(compared > 50)
  }
}
