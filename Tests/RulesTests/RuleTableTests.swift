import Bytes
import JSONText
import TestSupport
import Testing

@testable import Rules

/// What of a rule can be told without an item.
private struct Entry {
  var kind: String
  var step: Int
  var name: String
  var reasons: [Reason]
  var settings: [String]

  static func of<C: AnyObject, P>(_ kind: String, _ books: RuleBook<C, P>...) -> [Entry] {
    books.flatMap(\.rules).map {
      Entry(
        kind: kind, step: $0.step, name: $0.name, reasons: $0.reasons, settings: $0.settings)
    }
  }
}

/// The rules of every kind of item as one table.
@Suite struct RuleTables {
  // Rules that are asked one after the other. Mail has two kinds of contexts, one list of steps.
  private let kinds: [[Entry]] = [
    Entry.of("mail", MailRules.book) + Entry.of("mail", MailRules.settling),
    Entry.of("meeting", MeetingRules.book),
    Entry.of("meeting, first", MeetingSettleRules.first),
    Entry.of("meeting, expansion", MeetingSettleRules.expansion),
    Entry.of("meeting, match", MeetingLeadMatchRule.book),
    Entry.of("meeting, last", MeetingSettleRules.last),
    Entry.of("task", TaskRules.book, TaskRules.settling),
  ]

  @Test("Every reason is given by a rule, and by one only of those that are asked together")
  func everyReason() {
    var given: Set<Reason> = []
    for entries in kinds {
      let reasons = entries.flatMap(\.reasons)
      #expect(Set(reasons).count == reasons.count, "\(entries[0].kind)")
      #expect(entries.allSatisfy { !$0.reasons.isEmpty })
      given.formUnion(reasons)
    }
    #expect(Reason.allCases.filter { !given.contains($0) } == [])
  }

  @Test("The rules of a kind of item have names of their own and ascend by step, from 1 to 11")
  func names() {
    for entries in kinds {
      let steps = entries.map(\.step)
      #expect(steps == steps.sorted() && steps.allSatisfy { 1...11 ~= $0 })
      #expect(Set(entries.map(\.name)).count == entries.count, "\(entries[0].kind)")
    }
    #expect(kinds[0].first?.step == 1 && kinds[0].last?.step == 11)
  }

  @Test("Mail's reasons stand in the order of its rules, by which files and reports sort")
  func order() {
    let places = kinds[0].flatMap(\.reasons).map(\.position)
    #expect(places == places.sorted())
  }

  @Test(
    "Every setting that a rule asks is one of the configuration, an option, a list or the ledger")
  func settings() throws {
    let text = ByteBuffer(capacity: 64 << 10)
    // What is left out when it is not set is set here.
    let access = #"{"basedOn": "role", "roles": ["Sales"]}"#
    read(#"{"access": {"inbox": \#(access), "calendar": \#(access)}}"#).config
      .writeEffective(to: text)
    let root = try #require(JSONDocument.parse(text.view).root)
    for entry in kinds.joined() {
      for path in entry.settings {
        // `sources` is a list of objects, empty unless it is configured.
        if path.hasPrefix("--") || path == "ledger" || path.hasPrefix("sources.") { continue }
        var place: JSONValue? = root
        for name in path.split(separator: ".") {
          place = place?.members.first { $0.key.string == String(name) }?.value
        }
        #expect(place != nil, "\(entry.kind) \(entry.name): \(path)")
      }
      #expect(Set(entry.settings).count == entry.settings.count)
    }
  }

  @Test("No verdict is given outside of Rules: others carry out what a finding says")
  func elsewhere() {
    let sources =
      "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/Sources"
    let all = files(below: sources, ending: ".swift")
    #expect(all.count > 300)
    let names = Set(Reason.allCases.map { "\($0)" })
    for file in all where !file.contains("/Sources/Rules/") {
      let text = String(decoding: bytes(ofFile: file), as: UTF8.self)
      for line in text.split(separator: "\n") where !line.contains("//") {
        for start in ["drop(.", "keep(.", "decide(.", "reason: .", "reason = ."] {
          guard let hit = line.firstRange(of: start) else { continue }
          let word = line[hit.upperBound...].prefix { $0.isLetter }
          #expect(!names.contains(String(word)), "\(file): \(line)")
        }
      }
    }
  }
}
