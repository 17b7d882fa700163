import Foundation
import Rules
import TestSupport
import Testing

@testable import Import
@testable import Workbench

/// What a dry run and `explain` say of an item is what the import after them does with it.
@Suite("What is predicted comes true", .seeded) struct PredictionTests {
  /// How many worlds: `WINNOW_WORLDS`, or 200; 20 where it has to be quick.
  private static let worlds =
    getenv("WINNOW_WORLDS").flatMap { Int(String(cString: $0)) }
    ?? (getenv("WINNOW_QUICK") == nil ? 200 : 20)

  @Test(
    "a dry run, then an import, over two nights of random worlds: every item has the same decision",
    arguments: 0..<20)
  func dryRun(block: Int) throws {
    // In twenty arguments, so that they run side by side.
    for seed in stride(from: block, to: Self.worlds, by: 20) {
      var world = RandomWorld(seed: UInt64(seed))
      let folder = Folder()
      for night in 1...2 {
        try folder.replaceAll(with: world.files)
        let now = TimePoint("2026-03-0\(night)")
        let predicted = try Prediction(folder, now: now)
        let explained = seed % 4 == 0 ? try explanations(folder, now, &world) : []
        let status = try folder.importAll {
          $0.out = nil
          $0.now = now
          $0.skipsMissing = true
        }
        let result = try Outputs(folder, status: status, in: "out/latest")
        let done = result.decisions.filter { $0["item"].text != "task" }.map(Decided.init)
        let place: Comment = "seed \(seed), night \(night)"
        let missed = Set(predicted.items).symmetricDifference(done).sorted().prefix(4)
        #expect(missed.isEmpty && predicted.items.count == done.count, "\(place): \(missed)")
        for (reason, count) in predicted.reasons {
          #expect(result.run["reasons"][reason].number == count, place)
        }
        #expect(predicted.reasons.count == result.run["reasons"].keys.count, place)
        for (kind, count) in predicted.records {
          #expect(result.run["records"][kind].number == count, place)
        }
        for e in explained where !e.isUnread {
          let line = result.decisions.first {
            "\($0["source"]["path"].text ?? "")#\($0["source"]["index"].number ?? -1)" == e.key
          }
          #expect(line?["outcome"].text == e.outcome, "\(place), \(e.key)")
          #expect(line?["reason"].text == e.reason?.rawValue, "\(place), \(e.key)")
        }
        if night == 1, let user = world.paused() {
          var options = LedgerOptions()
          options.config = folder.file("winnow.json")
          options.isQuiet = true
          _ = try Users.set(options, id: user, .pause)
        }
        world.night()
      }
    }
  }

  // One mail and one event, whatever there is of them.
  private func explanations(
    _ folder: Folder, _ now: TimePoint?, _ world: inout RandomWorld
  ) throws -> [Explanation] {
    var run = ImportOptions()
    run.config = folder.file("winnow.json")
    run.now = now
    run.skipsMissing = true
    var list: [Explanation] = []
    for isMail in [true, false] {
      var o = ExplainOptions(run)
      if isMail { o.messageID = world.someMail() } else { o.uid = world.someEvent() }
      do {
        let (found, isSwitchedOff) = try Explain.explain(o)
        // Where mail is switched off altogether, explain looks at what would be without that.
        if !isSwitchedOff { list += found }
      } catch let error as RunError where error.status == .failed {
        continue
      }
    }
    return list
  }
}

/// What became of an item, in few words.
private struct Decided: Hashable, Comparable, CustomStringConvertible {
  let description: String

  init(_ text: String) { description = text }

  /// A line of decisions.jsonl.
  init(_ v: Value) {
    var words = [
      "\(v["source"]["path"].text ?? "")#\(v["source"]["index"].number ?? -1)",
      v["outcome"].text ?? "", v["reason"].text ?? "", v["rule"].text ?? "",
    ]
    // Of an event those who watch are told the address itself, also where files hide it.
    if v["item"].text == "mail" { words.append(v["matched"].text ?? "") }
    description = words.joined(separator: " ")
  }

  static func < (a: Decided, b: Decided) -> Bool { a.description < b.description }
}

/// What a run that publishes nothing says of every item.
private final class Prediction: DecisionObserver {
  private(set) var items: [Decided] = []
  private(set) var reasons: [String: Int] = [:]
  private(set) var records: [String: Int] = [:]

  init(_ folder: Folder, now: TimePoint?) throws {
    var o = ImportOptions()
    o.config = folder.file("winnow.json")
    o.isDryRun = true
    o.talk.isQuiet = true
    o.talk.progress = .none
    o.jobs = 2
    o.now = now
    o.skipsMissing = true
    let report = try RunAssembly.make(o, ledger: .rehearsal).rehearse(self)
    items.sort()
    for r in report.counts.given { reasons[r.reason.rawValue] = r.count }
    for (name, count) in report.records.named { records[name] = count }
  }

  func decided(_ m: MailDecision) {
    let f = m.finding
    items.append(
      Decided(
        "\(m.place) \(f.reason?.outcome.name ?? "") \(f.reason?.rawValue ?? "") \(f.rule) \(f.matched)"
      ))
  }

  func decided(_ e: MeetingDecision) {
    let o = e.outcome
    let outcome =
      o.reason == .quarantined ? "quarantined" : o.isKept ? "kept" : "dropped"
    items.append(
      Decided("\(e.place.text) \(outcome) \(o.reason.rawValue) \(o.rule)"))
  }
}
