import Recurrence
import TestSupport
import Testing

@Suite struct RecurrenceGates {
  private func check(
    _ name: String, _ tiers: Set<String>? = nil, except: [String: String] = [:]
  ) {
    guard let cases = GateCase.read(name) else {
      print("skipped: ../shared is missing")
      return
    }
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

  @Test func rulesOnWhichUnrelatedEnginesAgree() { check("consensus.jsonl") }

  @Test func publishedCoreCases() {
    // README.md beside this file says why.
    check(
      "recurrence_tiered.jsonl", ["core"],
      except: [
        "rfc5545-3.8.5.3 (via rust-rrule):weekly_on_tue_and_thu_for_5_weeks":
          "its first rule is cut wrongly out of its source",
        "rfc5545-3.8.5.3 (via rust-rrule):every_3_hours_on_specific_day":
          "UNTIL in UTC needs the zone: see TimeZonesTests",
      ])
  }

  @Test func publishedCasesWithDTSTARTOffTheRule() {
    check("recurrence_tiered.jsonl", ["core-unsynced-dtstart"])
  }

  /// The other tiers are reported, not required.
  @Test(arguments: ["contested", "outside-rfc5545", "rscale", "must-reject-or-unsupported"])
  func otherTiers(tier: String) {
    guard let cases = GateCase.read("recurrence_tiered.jsonl") else { return }
    var agreed = 0
    var refused = 0
    let all = cases.filter { $0.tier == tier }
    for c in all {
      if c.rules.contains(where: { (try? rule($0)) == nil }) {
        refused += 1
      } else if let d = c.disagreement() {
        print("  \(tier) \(c.id) \(c.rules) \(c.start): \(c.expected.prefix(6)) | \(d)")
      } else {
        agreed += 1
      }
    }
    print("\(tier): \(agreed) of \(all.count) agree, \(refused) refused")
    if tier == "rscale" || tier == "outside-rfc5545" { #expect(refused == all.count) }
  }
}
