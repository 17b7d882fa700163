import Recurrence
import TestSupport
import Testing

@Suite(.needsShared) struct RecurrenceGates {
  private func check(
    _ name: String, _ tiers: Set<String>? = nil, except: [String: String] = [:]
  ) throws {
    let cases = try #require(GateCase.read(name))
    var failures: [String] = []
    var total = 0
    var excused = 0
    for c in cases where tiers?.contains(c.tier) ?? true {
      total += 1
      let d = c.disagreement()
      if d == nil { #expect(except[c.id] == nil, "\(c.id) needs no excuse") }
      if d != nil, except[c.id] != nil { excused += 1 }
      if let d, except[c.id] == nil {
        failures.append("\(c.id) \(c.rules) \(c.start): expected \(c.expected.prefix(8)) got \(d)")
      }
    }
    print(
      "\(name) \(tiers ?? []): \(total - failures.count - excused) of \(total), \(excused) excused")
    #expect(total > 0)
    #expect(failures.isEmpty, "\(failures.count) of \(total):\n\(failures.joined(separator: "\n"))")
  }

  @Test func rulesOnWhichUnrelatedEnginesAgree() throws { try check("consensus.jsonl") }

  @Test func publishedCoreCases() throws {
    // README.md beside this file says why.
    try check(
      "recurrence_tiered.jsonl", ["core"],
      except: [
        "rfc5545-3.8.5.3 (via rust-rrule):weekly_on_tue_and_thu_for_5_weeks":
          "its first rule is cut wrongly out of its source",
        "rfc5545-3.8.5.3 (via rust-rrule):every_3_hours_on_specific_day":
          "UNTIL in UTC needs the zone: see TimeZonesTests",
      ])
  }

  @Test func publishedCasesWithDTSTARTOffTheRule() throws {
    try check("recurrence_tiered.jsonl", ["core-unsynced-dtstart"])
  }

  /// Of the other tiers nobody can ask that all agree; README.md beside this file explains the
  /// rest.
  @Test(arguments: [
    ("contested", 67, 0), ("outside-rfc5545", 0, 96), ("rscale", 0, 32),
    ("must-reject-or-unsupported", 1, 7),
  ])
  func otherTiersAreAsTheyWere(tier: String, agreeing: Int, refused: Int) throws {
    let cases = try #require(GateCase.read("recurrence_tiered.jsonl")).filter { $0.tier == tier }
    let readable = cases.filter { c in c.rules.allSatisfy { (try? rule($0)) != nil } }
    let differing = readable.filter { $0.disagreement() != nil }
    let agreed = readable.count - differing.count
    #expect(cases.count - readable.count == refused, "\(tier): refused")
    #expect(agreed == agreeing, "\(tier): agreeing, without \(differing.map(\.id))")
  }
}
