import Foundation
import Testing

@testable import Import

extension Folder {
  /// `winnow import` as a nightly job: publishes below `out`, with a ledger.
  @discardableResult
  func nightly(_ change: (inout ImportOptions) -> Void = { _ in }) throws -> Status {
    try importAll {
      $0.out = nil
      change(&$0)
    }
  }

  /// A command over the ledger, run as a user runs it.
  func winnow(_ arguments: String...) throws -> Program { try Program(arguments, in: self) }

  /// The same with `--json`, parsed.
  func json(_ arguments: String..., status: Int32 = 0) throws -> Value {
    let program = try Program(arguments + ["--json"], in: self)
    #expect(program.status == status, "\(program.err)")
    return try Value(json: program.out)
  }

  /// The results below `out`, oldest first.
  func results() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: file("out")).filter {
      $0.hasPrefix("20") && $0.contains("Z-")
    }.sorted { (Int($0.split(separator: "-")[1]) ?? 0) < (Int($1.split(separator: "-")[1]) ?? 0) }
  }

  /// The lines of a file, parsed.
  func lines(_ name: String) throws -> [Value] {
    try text(name).split(separator: "\n").map { try Value(json: String($0)) }
  }

  func text(_ name: String) throws -> String {
    try String(contentsOfFile: file(name), encoding: .utf8)
  }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name)) }

  /// Writes rubbish over the ledger's pages behind the first.
  func damageLedger() throws {
    var data = try Data(contentsOf: URL(fileURLWithPath: file("out/winnow.sqlite")))
    #expect(data.count > 40_000)
    for i in 8192..<data.count { data[i] = 0x5A }
    try data.write(to: URL(fileURLWithPath: file("out/winnow.sqlite")))
  }
}

/// A date so many days from today, as the command line takes it.
func day(_ offset: Int) -> String {
  let f = DateFormatter()
  f.locale = Locale(identifier: "en_US_POSIX")
  f.timeZone = TimeZone(identifier: "UTC")
  f.dateFormat = "yyyy-MM-dd"
  return f.string(from: Date(timeIntervalSinceNow: Double(offset) * 86_400))
}

/// The rows of an RFC 4180 text.
func csvRows(_ text: String) -> [[String]] {
  var rows: [[String]] = []
  var row: [String] = []
  var cell = ""
  var isQuoted = false
  var all = Array(text.unicodeScalars)[...]
  while let c = all.popFirst() {
    switch c {
    case "\"" where isQuoted && all.first == "\"": cell.unicodeScalars.append(all.removeFirst())
    case "\"": isQuoted.toggle()
    case "," where !isQuoted:
      row.append(cell)
      cell = ""
    case "\r" where !isQuoted && all.first == "\n":
      all.removeFirst()
      rows.append(row + [cell])
      row = []
      cell = ""
    default: cell.unicodeScalars.append(c)
    }
  }
  return rows
}
