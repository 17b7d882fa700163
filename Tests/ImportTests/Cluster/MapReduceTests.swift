import Bytes
import Foundation
import Records
import TestSupport
import Testing

@testable import Import

/// What map and reduce make of a folder, against what an import makes of it.
@Suite("Facts, sorted and reduced, are an import", .seeded) struct MapReduceTests {
  private static let worlds =
    getenv("WINNOW_WORLDS").flatMap { Int(String(cString: $0)) }
    ?? (getenv("WINNOW_QUICK") == nil ? 60 : 8)

  @Test(
    "random worlds, cut anywhere, doubled, in any order: the same lines in every file",
    arguments: 0..<10)
  func worlds(block: Int) throws {
    for seed in stride(from: block, to: Self.worlds, by: 10) {
      var n = SeededNumbers(UInt64(seed))
      let world = RandomWorld(seed: UInt64(seed))
      let folder = Folder()
      try folder.replaceAll(with: world.files)
      let cluster = Cluster(folder)
      _ = try folder.importAll {
        $0.now = cluster.now
        $0.memory.isStateless = true
        $0.skipsMissing = true
      }
      let wanted = cluster.result("result")
      let whole = try cluster.map()
      let cut = try cluster.mapInParts(&n)
      for (name, facts) in [("whole", whole), ("cut", cut), ("both", whole + cut + whole)] {
        try cluster.reduce(facts.shuffled(using: &n).sorted(), to: name)
        expect(cluster.result(name), wanted, "seed \(seed), \(name)")
      }
      try cluster.reduce(grouped(cut, &n), to: "grouped") { $0.isGrouped = true }
      expect(cluster.result("grouped"), wanted, "seed \(seed), grouped")
      try cluster.reduceInParts(cut.shuffled(using: &n), to: "parts")
      expect(cluster.result("parts"), wanted, "seed \(seed), parts")
    }
  }

  private func expect(_ found: [String: [String]], _ wanted: [String: [String]], _ place: String) {
    for name in Set(found.keys).union(wanted.keys).sorted() {
      let lost = Set(wanted[name] ?? []).subtracting(found[name] ?? [])
      let made = Set(found[name] ?? []).subtracting(wanted[name] ?? [])
      let isSame = found[name] == wanted[name]
      #expect(
        isSame,
        "\(place), \(name): lost \(lost.sorted().prefix(1)), made \(made.sorted().prefix(1))")
    }
  }

  // The rounds in their order, keys in any, the lines of each together.
  private func grouped(_ facts: [String], _ n: inout SeededNumbers) -> [String] {
    var byKey: [String: [String]] = [:]
    for fact in facts { byKey[String(fact.prefix(34)), default: []].append(fact) }
    let keys = byKey.keys.sorted().shuffled(using: &n)
    let inOrder = keys.filter { $0.hasPrefix("a") } + keys.filter { $0.hasPrefix("b") }
    return inOrder.flatMap { byKey[$0] ?? [] }
  }

  // MARK: What is refused

  private func scene() throws -> (Cluster, [String]) {
    let folder = Folder()
    try folder.replaceAll(with: RandomWorld(seed: 7).files)
    let cluster = Cluster(folder)
    return (cluster, try cluster.map().sorted())
  }

  private func refusal(
    _ cluster: Cluster, _ facts: [String], _ change: (inout ReduceOptions) -> Void = { _ in }
  ) throws -> RunError? {
    do {
      try cluster.reduce(facts, to: "refused", change)
      Issue.record("was taken")
      return nil
    } catch let error as RunError {
      #expect(!cluster.folder.exists("refused"))
      #expect(try cluster.folder.names().allSatisfy { !$0.hasPrefix(".winnow-") })
      return error
    }
  }

  @Test(
    "facts of another configuration, version or time are refused with 78, and nothing is written")
  func mixtures() throws {
    let (cluster, facts) = try scene()
    let i = facts.count / 2
    for (old, new) in [
      (#""v":1"#, #""v":2"#), (#""config":""#, #""config":"0"#), (#""now":1"#, #""now":2"#),
    ] {
      var mixed = facts
      #expect(mixed[i].contains(old))
      mixed[i] = mixed[i].replacingOccurrences(of: old, with: new)
      let error = try refusal(cluster, mixed)
      #expect(error?.status == .configuration)
      #expect(error?.message.contains("line \(i + 1)") == true, "\(error?.message ?? "")")
    }
    let error = try refusal(cluster, facts) { $0.run.user = "sam" }
    #expect(error?.status == .configuration)
  }

  @Test("a damaged line is named with its number and refused with 65")
  func damaged() throws {
    let (cluster, facts) = try scene()
    let damages: [(String) -> String] = [
      { String($0.dropFirst(3)) }, { $0.replacingOccurrences(of: "\t", with: " ") },
      { String($0.dropLast(4)) }, { _ in "" }, { String($0.prefix(35)) + "null" },
      { String($0.prefix(35)) + "{\"v\":1}" },
    ]
    for (i, damage) in damages.enumerated() {
      var broken = facts
      broken[i] = damage(broken[i])
      let error = try refusal(cluster, broken)
      #expect(error?.status == .badSource)
      #expect(error?.message.contains("line \(i + 1):") == true, "\(error?.message ?? "")")
    }
  }

  @Test("facts that are missing, out of order or not together are refused with 65")
  func incomplete() throws {
    let (cluster, facts) = try scene()
    for i in [facts.count - 1, facts.count / 2] where facts[i].hasPrefix("b:") {
      var missing = facts
      missing.remove(at: i)
      #expect(try refusal(cluster, missing)?.status == .badSource)
    }
    #expect(try refusal(cluster, facts.reversed())?.status == .badSource)
    var apart = facts
    apart.append(apart[apart.firstIndex { $0.hasPrefix("b:") } ?? 0])
    #expect(try refusal(cluster, apart) { $0.isGrouped = true }?.status == .badSource)
  }

  @Test("parts that share keys, or lack some, do not become a result")
  func parts() throws {
    let (cluster, facts) = try scene()
    let leads = facts.filter { $0.hasPrefix("a:") }
    let items = facts.filter { $0.hasPrefix("b:") }
    try cluster.reduce(leads + items, to: "all") { $0.part = "1" }
    try cluster.reduce(leads + items.prefix(1), to: "all") { $0.part = "2" }
    #expect(throws: RunError.self) { try cluster.finish("all", to: "refused") }
    try cluster.reduce(leads + items.dropLast(), to: "few") { $0.part = "1" }
    #expect(throws: RunError.self) { try cluster.finish("few", to: "refused") }
    // Done again, a part takes its own place.
    try cluster.reduce(leads + items, to: "few") { $0.part = "1" }
    try cluster.finish("few", to: "finished")
    #expect(cluster.folder.exists("finished/run.json"))
    #expect(!cluster.folder.exists("refused"))
  }

  @Test("map refuses calendars without --now, and ranges of anything but one mbox, with 64")
  func usage() throws {
    let (cluster, _) = try scene()
    let calendar = cluster.folder.files().first { $0.hasSuffix(".ics") }
    try #require(calendar != nil)
    let file = cluster.folder.file(calendar ?? "")
    let changes: [(inout MapOptions) -> Void] = [
      { $0.run.now = nil }, { $0.range = 0..<10 },
      {
        $0.range = 0..<10
        $0.run.sources = [file]
      },
    ]
    for change in changes {
      do {
        _ = try cluster.map(change)
        Issue.record("was taken")
      } catch let error as RunError {
        #expect(error.status == .usage)
      }
    }
  }
}
