import Bytes
import Foundation
import Glibc
import Records
import TestSupport
import Testing

@testable import Import

/// Map and reduce over one folder, in this process.
final class Cluster {
  let folder: Folder
  let now = TimePoint("2026-03-01")
  private var count = 0

  init(_ folder: Folder) { self.folder = folder }

  private func options() -> ImportOptions {
    var o = ImportOptions()
    o.config = folder.file("winnow.json")
    o.now = now
    o.jobs = 2
    o.skipsMissing = true
    o.talk.isQuiet = true
    o.talk.progress = .none
    return o
  }

  private func newFile() -> String {
    count += 1
    return folder.file("facts-\(count)")
  }

  private func lines(_ path: String) throws -> [String] {
    let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    return text.split(separator: "\n").map(String.init)
  }

  // MARK: Map

  /// The lines of one map.
  func map(_ change: (inout MapOptions) -> Void = { _ in }) throws -> [String] {
    var o = MapOptions()
    o.run = options()
    o.attachments = folder.file("store")
    change(&o)
    let path = newFile()
    let out = try OutputFile(creating: path)
    _ = try MapRun.execute(o, to: out)
    try out.close(sync: false)
    return try lines(path)
  }

  /// The lines of many maps: each mbox is cut into some parts, everything else is read by one.
  func mapInParts(_ n: inout SeededNumbers) throws -> [String] {
    let run = Value(
      try JSONSerialization.jsonObject(
        with: Data(contentsOf: URL(fileURLWithPath: folder.file("result/run.json")))))
    var facts: [String] = []
    var whole: [String] = []
    for input in run["inputs"].list {
      guard let path = input["path"].text, let size = input["size"].number else { continue }
      let place = folder.file(path)
      // Pseudonyms hide what a file is called.
      guard FileManager.default.fileExists(atPath: place) else { return try map() }
      guard input["kind"].text == "mbox" else {
        whole.append(place)
        continue
      }
      let cuts = ([0, size + 9] + (0..<n.below(6)).map { _ in n.below(size + 1) }).sorted()
      for (from, to) in zip(cuts, cuts.dropFirst()) {
        facts += try map {
          $0.run.sources = [place]
          $0.range = from..<to
        }
      }
    }
    if !whole.isEmpty || facts.isEmpty { facts += try map { $0.run.sources = whole } }
    return facts
  }

  // MARK: Reduce

  /// Reduces lines as they stand.
  func reduce(
    _ facts: [String], to out: String, _ change: (inout ReduceOptions) -> Void = { _ in }
  ) throws {
    var o = ReduceOptions()
    o.run = options()
    o.run.out = folder.file(out)
    o.attachments = folder.file("store")
    change(&o)
    _ = try run(o, facts)
  }

  /// The round of leads alone; gives its lines.
  func leads(_ facts: [String]) throws -> [String] {
    var o = ReduceOptions()
    o.run = options()
    o.isFirstRoundOnly = true
    return try run(o, facts)
  }

  private func run(_ options: ReduceOptions, _ facts: [String]) throws -> [String] {
    let path = newFile()
    try facts.map { $0 + "\n" }.joined().write(toFile: path, atomically: false, encoding: .utf8)
    let descriptor = open(path, O_RDONLY)
    defer { close(descriptor) }
    let written = newFile()
    let out = try OutputFile(creating: written)
    _ = try ReduceRun.execute(options, FactInput(descriptor: descriptor), to: out)
    try out.close(sync: false)
    return try lines(written)
  }

  /// The round of leads, then three parts of the keys, then their end.
  func reduceInParts(_ facts: [String], to out: String) throws {
    let leads = try leads(facts.filter { $0.hasPrefix("a:") }.sorted())
    for (part, digits) in ["0123", "456789", "abcdef"].enumerated() {
      let own = facts.filter { $0.hasPrefix("b:") && digits.contains($0.dropFirst(2).first ?? "x") }
      try reduce((leads + own).sorted(), to: out + "-parts") { $0.part = "\(part)" }
    }
    try finish(out + "-parts", to: out)
  }

  /// Puts parts together.
  func finish(_ parts: String, to out: String) throws {
    var o = ReduceOptions()
    o.run = options()
    o.run.out = folder.file(out)
    o.finish = folder.file(parts)
    _ = try ReduceRun.execute(o)
  }

  // MARK: Results

  /// What a result says, without the order of its lines.
  func result(_ name: String) -> [String: [String]] {
    var all: [String: [String]] = [:]
    for (file, data) in folder.contents(of: name) where file != "run.json" {
      // As bytes: CR LF is one character.
      all[file] = data.split(separator: 10).map { line in
        // Objects of a JSON array but for the last end in a comma.
        let isElement = file.hasSuffix(".json") && line.last == 44
        return String(decoding: isElement ? line.dropLast() : line, as: UTF8.self)
      }.sorted()
    }
    guard let data = folder.contents(of: name)["run.json"],
      let run = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
    else { return all }
    for member in ["items", "mail", "events", "reasons", "records", "inputs", "users", "cutSeries"]
    {
      let value = try? JSONSerialization.data(
        withJSONObject: [run[member] ?? NSNull()], options: .sortedKeys)
      all["run.json \(member)"] = [String(decoding: value ?? Data(), as: UTF8.self)]
    }
    return all
  }
}

extension Folder {
  /// What lies in it.
  func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path) }

  /// The files below it, by relative path.
  func files() -> [String] { contents(of: ".").keys.sorted() }
}
