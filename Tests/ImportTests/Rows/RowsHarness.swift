import Bytes
import Foundation
import Testing

@testable import Import

// The testing library has an ExitStatus of its own.
typealias Status = Import.ExitStatus

/// A parsed JSON value; what is not there is nil, whatever is asked of it.
struct Value: @unchecked Sendable, CustomStringConvertible {
  let raw: Any?

  init(_ raw: Any?) { self.raw = raw is NSNull ? nil : raw }

  init(json: String) throws {
    self.init(try JSONSerialization.jsonObject(with: Data(json.utf8), options: .fragmentsAllowed))
  }

  subscript(_ key: String) -> Value { Value((raw as? [String: Any])?[key]) }
  subscript(_ i: Int) -> Value {
    let list = raw as? [Any] ?? []
    return Value(list.indices.contains(i) ? list[i] : nil)
  }
  func has(_ key: String) -> Bool { (raw as? [String: Any])?[key] != nil }
  var text: String? { raw as? String }
  var number: Int? { raw as? Int }
  var list: [Value] { (raw as? [Any] ?? []).map { Value($0) } }
  var texts: [String] { list.compactMap(\.text) }
  var keys: [String] { (raw as? [String: Any] ?? [:]).keys.sorted() }
  var isNull: Bool { raw == nil }
  var description: String { raw.map { "\($0)" } ?? "null" }
}

/// A folder that is gone when the last one who knows it is.
final class Folder: @unchecked Sendable {
  let path: String

  init() {
    path = NSTemporaryDirectory() + "winnow-rows-" + UUID().uuidString
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }

  func write(_ name: String, _ text: String) throws {
    let full = file(name)
    try FileManager.default.createDirectory(
      atPath: (full as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(fileURLWithPath: full))
  }

  /// Writes all of these files, and removes every other one but results and ledger.
  func replaceAll(with files: [String: String]) throws {
    for name in contents(of: "in").keys where files["in/" + name] == nil {
      try FileManager.default.removeItem(atPath: file("in/" + name))
    }
    for (name, text) in files where contents(of: ".")[name] != Data(text.utf8) {
      try write(name, text)
    }
  }

  /// The bytes of every file below a folder, by relative path.
  func contents(of name: String) -> [String: Data] {
    var all: [String: Data] = [:]
    for case let item as String in FileManager.default.enumerator(atPath: file(name)) ?? .init() {
      if let data = FileManager.default.contents(atPath: file(name) + "/" + item) {
        all[item] = data
      }
    }
    return all
  }
}

/// One message in wire form. Defaults: Ann, a lead of the list, writes to Sam, a user.
func mail(
  from: String = "Ann Lee <ann@client.test>", to: String? = "sam@example.com",
  cc: String? = nil, bcc: String? = nil, subject: String? = "Hello", id: String? = nil,
  date: String? = "Mon, 2 Mar 2026 10:00:00 +0000", more: [String] = [],
  body: String = "Good morning."
) -> String {
  var lines = ["From: \(from)"]
  if let to { lines.append("To: \(to)") }
  if let cc { lines.append("Cc: \(cc)") }
  if let bcc { lines.append("Bcc: \(bcc)") }
  if let subject { lines.append("Subject: \(subject)") }
  if let id { lines.append("Message-ID: <\(id)>") }
  if let date { lines.append("Date: \(date)") }
  return (lines + more).joined(separator: "\n") + "\n\n" + body + "\n"
}

/// The same from Sam to Ann.
func sent(
  to: String? = "ann@client.test", cc: String? = nil, bcc: String? = nil,
  subject: String? = "Hello", id: String? = nil, date: String? = "Mon, 2 Mar 2026 10:00:00 +0000",
  more: [String] = [], body: String = "Good morning."
) -> String {
  mail(
    from: "Sam Low <sam@example.com>", to: to, cc: cc, bcc: bcc, subject: subject, id: id,
    date: date, more: more, body: body)
}

/// Messages as an mbox file.
func mbox(_ mails: [String]) -> String {
  mails.map { "From someone@client.test Mon Mar  2 10:00:00 2026\n" + $0 + "\n" }.joined()
}

/// What one run is made of: a folder with mail, lists and a configuration.
///
/// Users are Sam (`sam@example.com`, alias `sl@example.com`) and Kim, a contractor with an address
/// outside the organisation (`kim@free.test`). Leads: L1 ann@client.test, L2 bo@client.test, L3 and
/// L4 share office@client.test, L5 has no address but a contact `poc@desk.test`.
struct Scene {
  /// Files by relative path; `.mbox` paths listed in ``sources`` are Sam's.
  var files: [String: String]
  /// The value of `email`.
  var email = "{}"
  /// Further members of the configuration, each `"key": value`.
  var more: [String] = []
  var profile = "generic"
  var users = """
    [{"id":"sam","name":"Sam Low","email":"sam@example.com","aliases":["sl@example.com"],
      "role":"Sales User"},
     {"id":"kim","name":"Kim","email":"kim@free.test","role":"Sales User"}]
    """
  var leads = """
    {"files":["leads.csv"],"id":"id","searchBy":["email","contact"]}
    """
  var sources = #"[{"path":"sam.mbox","owner":"sam"}]"#
  var organization = #"{"domains":["example.com"],"timeZone":"UTC"}"#

  static let leadsCSV = """
    id,email,contact
    L1,ann@client.test,
    L2,bo@client.test,
    L3,office@client.test,
    L4,office@client.test,ann@client.test
    L5,,poc@desk.test

    """

  init(_ mails: [String], email: String = "{}", more: [String] = []) {
    files = ["sam.mbox": mbox(mails), "leads.csv": Self.leadsCSV]
    self.email = email
    self.more = more
  }

  /// Mail of both users, each in a file of their own; Sam's comes first.
  init(sam: [String], kim: [String], email: String = "{}") {
    self.init(sam, email: email)
    files["kim.mbox"] = mbox(kim)
    sources = #"[{"path":"sam.mbox","owner":"sam"},{"path":"kim.mbox","owner":"kim"}]"#
  }

  var config: String {
    let members = [
      #""version":1"#, #""profile":"\#(profile)""#, #""organization":\#(organization)"#,
      #""users":\#(users)"#, #""leads":\#(leads)"#, #""sources":\#(sources)"#,
      #""email":\#(email)"#,
    ]
    return "{" + (members + more).joined(separator: ",\n") + "}"
  }

  /// Writes everything into a folder of its own.
  func folder() throws -> Folder {
    let folder = Folder()
    for (name, text) in files { try folder.write(name, text) }
    try folder.write("winnow.json", config)
    return folder
  }

  /// Runs the import and reads everything that it wrote.
  func run(_ change: (inout ImportOptions) -> Void = { _ in }) throws -> Outputs {
    let folder = try folder()
    return try Outputs(folder, status: folder.importAll(change))
  }
}

extension Folder {
  /// `winnow import --config winnow.json --out result`, with changes.
  @discardableResult
  func importAll(
    to out: String = "result", _ change: (inout ImportOptions) -> Void = { _ in }
  ) throws -> Status {
    var o = ImportOptions()
    o.config = file("winnow.json")
    o.out = file(out)
    o.jobs = 2
    o.talk.isQuiet = true
    o.talk.progress = .none
    change(&o)
    return try ImportRun.execute(o)
  }
}

/// What a run wrote, parsed.
struct Outputs {
  let folder: Folder
  let status: Status
  let decisions: [Value]
  let activities: [Value]
  let leads: [Value]
  let tasks: [Value]
  let blocks: [Value]
  let run: Value

  init(_ folder: Folder, status: Status, in out: String = "result") throws {
    func lines(_ name: String) throws -> [Value] {
      let text = try String(contentsOfFile: folder.file(out + "/" + name), encoding: .utf8)
      return try text.split(separator: "\n").map { try Value(json: String($0)) }
    }
    self.folder = folder
    self.status = status
    decisions = try lines("decisions.jsonl")
    activities = try lines("activities.jsonl")
    leads = try lines("leads.jsonl")
    tasks = try lines("tasks.jsonl")
    blocks = try lines("blocks.jsonl")
    run = try Value(
      json: String(contentsOfFile: folder.file(out + "/run.json"), encoding: .utf8))
  }

  /// The reasons in source order.
  var reasons: [String] { decisions.map { $0["reason"].text ?? "" } }
  /// The leads that activities name, in their order: the CRM's id, else the address.
  var filed: [String] {
    activities.map { $0["lead"]["id"].text ?? $0["lead"]["email"].text ?? "" }
  }
  /// Addresses of the captured leads, in order.
  var captured: [String] { leads.compactMap { $0["email"].text } }
  /// All warnings of run.json as one text.
  var warnings: String { run["warnings"].texts.joined(separator: "\n") }
}

/// The reasons that mails get under the settings of `email`.
func reasons(_ mails: [String], email: String = "{}", more: [String] = []) throws -> [String] {
  try Scene(mails, email: email, more: more).run().reasons
}

/// The reason of a run that must fail before it reads mail, with all its lines.
func fault(_ scene: Scene) throws -> (status: Status, text: String) {
  do {
    let out = try scene.run()
    return (out.status, "")
  } catch let e as RunError {
    return (e.status, ([e.message] + e.details).joined(separator: "\n"))
  }
}
