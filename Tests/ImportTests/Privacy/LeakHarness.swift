import Foundation
import Testing

/// The program over a folder of exports, and everything that it then wrote or said.
struct LeakHarness {
  let binary: WinnowBinary
  private var said = ""

  /// - Parameters:
  ///   - files: By path below `in`; mail is Sam's inbox, calendars are Sam's primary ones.
  ///   - settings: Further members of the configuration, each `"key": value`.
  init(_ files: [String: String], privacy: String = "full", _ settings: [String] = []) throws {
    binary = try WinnowBinary(mails: 0)
    try binary.write("leads.csv", "id,email\nL1,lena@lead.example\n")
    for (name, text) in files { try binary.write("in/\(name)", text) }
    let sources = files.keys.sorted().map { name in
      name.hasSuffix(".eml") || name.hasSuffix(".mbox")
        ? #"{"path":"in/\#(name)","owner":"sam","folder":"inbox"}"#
        : #"{"path":"in/\#(name)","owner":"sam","calendar":"primary"}"#
    }
    let capture = #""capture":["cc","bcc","subject","body","attachments"]"#
    let members =
      [
        #""version":1"#, #""organization":{"domains":["firm.example"],"timeZone":"UTC"}"#,
        #""users":[{"id":"sam","name":"Sam","email":"sam@firm.example"}]"#,
        #""leads":{"files":["leads.csv"],"id":"id","searchBy":["email"]}"#,
        #""sources":[\#(sources.joined(separator: ","))]"#,
        #""email":{"inbound":{"activity":{\#(capture)},"captureLeads":{"enabled":true}}}"#,
        #""output":{"formats":["jsonl","csv","json"],"privacy":"\#(privacy)"}"#,
      ] + settings
    try binary.write("winnow.json", "{\(members.joined(separator: ","))}")
  }

  func remove() { binary.remove() }

  /// Runs a command in the folder, and remembers what it says.
  @discardableResult
  mutating func run(_ arguments: String...) throws -> WinnowBinary.Outcome {
    let outcome = try binary.run(arguments)
    said += outcome.out + outcome.err
    return outcome
  }

  /// A run with a ledger, and one over the same again.
  mutating func importTwice() throws {
    for now in ["2026-03-01", "2026-03-02"] {
      let outcome = try run("import", "--now", now)
      #expect(outcome.status == 0, "\(outcome.err)")
    }
    try run("log", "--range", "2026-01-01..2026-12-31")
  }

  /// What was written, by path: results, ledger and all, without what was given.
  func written() -> [String: String] {
    var all: [String: String] = [:]
    let root = binary.folder
    for case let name as String in FileManager.default.enumerator(atPath: root.path) ?? .init() {
      let isGiven = name.hasPrefix("in/") || ["winnow.json", "leads.csv"].contains(name)
      guard !isGiven, let data = try? Data(contentsOf: root.appendingPathComponent(name)) else {
        continue
      }
      all[name] = String(decoding: data, as: UTF8.self)
    }
    return all
  }

  /// Fails where a word stands in any file, name of a file, or line that was said.
  func expectNothing(of words: [String], _ location: SourceLocation = #_sourceLocation) {
    var texts = written()
    texts["what was said"] = said
    #expect(texts.count > 5, "nothing was written", sourceLocation: location)
    for (name, text) in texts {
      for word in words {
        let isThere = (name + "\n" + text).range(of: word, options: .caseInsensitive) != nil
        #expect(!isThere, "\(word) in \(name)", sourceLocation: location)
      }
    }
  }

  /// True where a word stands in a file whose path has that ending.
  func holds(_ word: String, ending: String) -> Bool {
    written().contains { $0.key.hasSuffix(ending) && $0.value.contains(word) }
  }
}
