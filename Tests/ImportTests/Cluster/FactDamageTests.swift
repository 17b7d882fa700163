import Bytes
import Foundation
import TestSupport
import Testing

@testable import Import

/// What must not become a result: facts that are lost, files that were changed or damaged on the
/// way.
@Suite("Facts that were lost or changed on the way are refused") struct FactDamageTests {
  private let folder: Folder
  private let cluster: Cluster

  init() throws {
    let attachment = """
      MIME-Version: 1.0
      Content-Type: application/pdf; name="a.pdf"
      Content-Transfer-Encoding: base64
      """
    var scene = Scene(
      [
        mail(from: "New Person <new@client.test>", id: "m1@x.test"),
        mail(
          id: "m2@x.test", more: attachment.split(separator: "\n").map(String.init),
          body: "JVBERi0xLjQK"),
        mail(from: "new@client.test", id: "m3@x.test"),
      ],
      email: """
        {"inbound":{"captureLeads":{"enabled":true},
          "activity":{"capture":["subject","body","attachments"]}}}
        """)
    scene.files["in/none"] = ""
    folder = try scene.folder()
    cluster = Cluster(folder)
  }

  private func status(_ body: () throws -> Void) -> Status? {
    do {
      try body()
      return nil
    } catch let error as RunError {
      #expect(!folder.exists("refused"))
      return error.status
    } catch {
      Issue.record("\(error)")
      return nil
    }
  }

  private func reduce(_ facts: [String], _ change: (inout ReduceOptions) -> Void = { _ in })
    -> Status?
  {
    status { try cluster.reduce(facts.sorted(), to: "refused", change) }
  }

  @Test("nothing at all is no result")
  func nothing() { #expect(reduce([]) == .badSource) }

  @Test("the fact of a lead that a mail makes is missed")
  func lead() throws {
    let facts = try cluster.map()
    #expect(facts.contains { $0.contains(#""lead":{"#) })
    #expect(reduce(facts.filter { !$0.contains(#""lead":{"#) }) == .badSource)
    #expect(reduce(facts) == nil)
  }

  @Test("a file that was changed between two ranges is told, also where its size stayed")
  func changed() throws {
    let place = folder.file("sam.mbox")
    func part(_ range: Range<Int>) throws -> [String] {
      try cluster.map {
        $0.run.sources = [place]
        $0.range = range
      }
    }
    let first = try part(0..<200)
    let text = try String(contentsOfFile: place, encoding: .utf8)
    #expect(reduce(try first + part(200..<9999)) == nil)
    try FileManager.default.removeItem(atPath: folder.file("refused"))
    try folder.write("sam.mbox", text.replacingOccurrences(of: "New Person", with: "Old Person"))
    #expect(reduce(try first + part(200..<9999)) == .badSource)
  }

  @Test("ranges that leave a gap or overlap are told")
  func ranges() throws {
    func part(_ range: Range<Int>) throws -> [String] {
      try cluster.map {
        $0.run.sources = [folder.file("sam.mbox")]
        $0.range = range
      }
    }
    for ranges in [[0..<200, 300..<9999], [200..<9999], [0..<200], [0..<400, 300..<9999]] {
      #expect(reduce(try ranges.flatMap(part)) == .badSource)
    }
  }

  @Test("an attachment of the store that is not what its name says is not taken; map mends it")
  func store() throws {
    let facts = try cluster.map()
    let name = try #require(folder.files().first { $0.hasPrefix("store/") })
    // As long as the attachment, then shorter.
    for damage in ["%PDF-1.5\n", "%PDF"] {
      try folder.write(name, damage)
      #expect(reduce(facts) == .badSource)
    }
    _ = try cluster.map()
    #expect(reduce(facts) == nil)
    #expect(folder.files().contains { $0.hasPrefix("refused/attachments/") })
  }

  @Test(
    "numbers that no fact has are no harm",
    arguments: [
      #""files":9223372036854775807"#, #""files":-9223372036854775808"#,
      #""items":9223372036854775807"#, #""size":-1"#, #""to":9223372036854775807"#,
    ])
  func numbers(member: String) throws {
    let name = String(member.prefix { $0 != ":" })
    let facts = try cluster.map().map {
      $0.replacing(try Regex(name + ":[0-9]+"), with: member)
    }
    _ = reduce(facts)
    try? FileManager.default.removeItem(atPath: folder.file("refused"))
    let places = try cluster.map().map {
      $0.replacing(try Regex(#""index":[0-9]+"#), with: #""index":9223372036854775807"#)
    }
    _ = reduce(places)
  }

  @Test("a part whose files were cut or removed does not become a result")
  func parts() throws {
    let facts = try cluster.map().sorted()
    for damage in ["decisions.jsonl", "activities.jsonl", "attachments"] {
      try cluster.reduce(facts, to: "parts") { $0.part = "1" }
      let path = folder.file("parts/part-1/\(damage)")
      if damage == "attachments" {
        try FileManager.default.removeItem(atPath: path)
      } else {
        try folder.write("parts/part-1/\(damage)", "")
      }
      #expect(status { try cluster.finish("parts", to: "refused") } == .badSource)
    }
    try cluster.reduce(facts, to: "parts") { $0.part = "1" }
    #expect(status { try cluster.finish("parts", to: "parts/part-2") } == .cannotCreate)
    try cluster.finish("parts", to: "refused")
    #expect(folder.exists("refused/run.json"))
    try folder.write("parts/mine.txt", "x")
    let strange = #expect(throws: RunError.self) {
      try cluster.reduce(facts, to: "parts") { $0.part = "2" }
    }
    #expect(strange?.status == .cannotCreate)
  }
}
