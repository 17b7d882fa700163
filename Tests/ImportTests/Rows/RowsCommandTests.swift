import Foundation
import Testing

@testable import Import

/// The built program, run as a user runs it.
struct Program {
  let status: Int32
  let out: String
  let err: String

  private static let path: String? = {
    // Beside the test bundle, or beside the runner.
    var places = CommandLine.arguments + [Bundle.main.bundlePath, Bundle.main.executablePath ?? ""]
    places.append(#filePath.components(separatedBy: "/Tests/")[0] + "/.build/debug/x")
    for place in places {
      let candidate = (place as NSString).deletingLastPathComponent + "/winnow"
      if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
    }
    return nil
  }()

  init(_ arguments: [String], in folder: Folder) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(Self.path, "winnow is not built"))
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    // Files, so that no pipe can fill up.
    let files = try ["out", "err"].map { name in
      let path = folder.path + "." + name
      try Data().write(to: URL(fileURLWithPath: path))
      return (path, try #require(FileHandle(forWritingAtPath: path)))
    }
    process.standardOutput = files[0].1
    process.standardError = files[1].1
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    status = process.terminationStatus
    out = try String(contentsOfFile: files[0].0, encoding: .utf8)
    err = try String(contentsOfFile: files[1].0, encoding: .utf8)
    for file in files { try FileManager.default.removeItem(atPath: file.0) }
  }
}

/// Contract section 2: commands and their exit statuses.
@Suite(.serialized) struct CommandRows {
  @Test(
    "import: summary, --quiet, --json, --fail-on, --user, --hash-inputs, --since, --until"
  )
  func importing() throws {
    let folder = try Scene([mail(), mail(from: "x@else.test")]).folder()
    func run(_ more: String...) throws -> Program {
      try Program(["import", "--config", "winnow.json", "--out", "r"] + more, in: folder)
    }
    let plain = try run()
    #expect(plain.status == 0 && plain.out.contains("2 items in: 1 kept, 1 dropped, 0 quarantined"))
    let quiet = try run("--quiet")
    #expect(quiet.status == 0 && quiet.out == "" && quiet.err == "")
    let json = try Value(json: run("--json").out)
    #expect(json["items"]["in"].number == 2 && json["reasons"]["no-lead"].number == 1)
    #expect(try run("--quiet", "--fail-on", "no-lead").status == 2)
    #expect(try run("--quiet", "--fail-on", "duplicate,quarantine").status == 0)
    let unknown = try run("--quiet", "--fail-on", "nolead")
    #expect(unknown.status == 64 && unknown.err.contains("nolead"))
    #expect(try run("--quiet", "--user", "sam").status == 0)
    let nobody = try run("--quiet", "--user", "zoe")
    #expect(nobody.status == 64 && nobody.err.contains("zoe"))
    for (a, b) in [("--from", "--to"), ("--since", "--until")] {
      let o = try Value(json: run("--json", a, "2027-01-01", b, "2027-02-01").out)
      #expect(o["reasons"]["outside-window"].number == 2)
    }
    let hashed = try run("--quiet", "--hash-inputs")
    #expect(hashed.status == 0)
    let text = try String(contentsOfFile: folder.file("r/run.json"), encoding: .utf8)
    #expect(try Value(json: text)["inputs"][0]["sha256"].text?.utf8.count == 64)
    #expect(try run("--nonsense").status == 64)
  }

  @Test("import: a missing source is 65 and publishes nothing, unless --skip-missing")
  func missing() throws {
    var scene = Scene([mail()])
    scene.sources = #"[{"path":"sam.mbox","owner":"sam"},{"path":"gone.mbox","owner":"sam"}]"#
    let folder = try scene.folder()
    let arguments = ["import", "--config", "winnow.json", "--out", "r", "--quiet"]
    let failed = try Program(arguments, in: folder)
    #expect(failed.status == 65 && failed.err.contains("gone.mbox"))
    #expect(!FileManager.default.fileExists(atPath: folder.file("r")))
    #expect(try Program(arguments + ["--skip-missing"], in: folder).status == 0)
  }

  @Test("import: bare, without any configuration")
  func bare() throws {
    let folder = Folder()
    try folder.write("X.mbox", mbox([mail(more: ["Delivered-To: me@home.test"])]))
    let done = try Program(["import", "X.mbox"], in: folder)
    #expect(done.status == 0 && done.out.contains("1 item in: 0 kept"))
    #expect(done.err.contains("guessed"))
    #expect(FileManager.default.fileExists(atPath: folder.file("out/latest/decisions.jsonl")))
    #expect(try Program(["import"], in: folder).status == 78)
  }

  @Test("check: every fault at once with its place; 78, 65, 2 and 0")
  func check() throws {
    let folder = try Scene([mail()]).folder()
    func check(_ more: String...) throws -> Program { try Program(["check"] + more, in: folder) }
    let good = try check()
    #expect(good.status == 0 && good.out.contains("sam.mbox: mbox, owner sam"))
    #expect(good.out.contains("2 users"))
    #expect(try check("--fail-on", "warning").status == 0)
    try folder.write(
      "winnow.json",
      """
      { "version": 1, "profil": "generic",
        "email": { "outbond": {}, "folders": ["inbox"], "guards": {"bulk": "drop"} },
        "users": "none.csv",
        "sources": [{"path": "sam.mbox"}] }
      """)
    let bad = try check()
    #expect(bad.status == 78)
    for part in [
      "winnow.json:1:", "did you mean \"profile\"", "email.outbond", "email.guards.bulk",
      "noCapture",
    ] {
      #expect(bad.err.contains(part), "\(part) in \(bad.err)")
    }
    let json = try Value(json: check("--json").out)
    #expect(json["findings"].list.count >= 3 && json["findings"][0]["line"].number != nil)
    try folder.write(
      "winnow.json",
      #"{"version":1,"sources":[{"path":"gone.mbox"}],"email":{"inbound":{"enabled":false}}}"#)
    #expect(try check().status == 65)
    try folder.write(
      "winnow.json",
      #"{"version":1,"sources":[{"path":"sam.mbox"}],"email":{"inbound":{"enabled":false}}}"#)
    #expect(try check().status == 0)
    #expect(try check("--fail-on", "warning").status == 2)
    try folder.write("winnow.json", #"{"version":1}"#)
    #expect(try check().status == 0)
  }

  @Test(
    "check --effective: the same configuration when it is read again, any profile",
    arguments: [
      "generic", "leadsquared", "highlevel", "upsales", "leadgains",
    ])
  func effective(_ profile: String) throws {
    var scene = Scene([mail()], email: #"{"inbound":{"exclude":{"admin":["a.test"]}}}"#)
    scene.profile = profile
    let folder = try scene.folder()
    let first = try Program(["check", "--effective", "--quiet"], in: folder)
    #expect(first.status == 0, "\(first.err)")
    try folder.write("winnow.json", first.out)
    let second = try Program(["check", "--effective", "--quiet"], in: folder)
    #expect(second.out == first.out && second.status == 0)
    let parsed = try Value(json: first.out)
    let isStrict = profile == "leadsquared"
    for d in ["outbound", "inbound"] {
      let types = parsed["email"][d]["activity"]["attachmentTypes"]
      #expect(
        isStrict ? types.list.count == 14 && !types.texts.contains("pdf") : types.text == "all")
    }
    for g in ["bulk", "automatic", "noReply"] {
      #expect(parsed["email"]["guards"][g].text == (isStrict ? "keep" : "noCapture"))
    }
    #expect(parsed["email"]["guards"]["unauthenticated"].text == "keep")
    #expect(parsed["email"]["folders"].texts == ["inbox", "sent"])
  }

  @Test(
    "ES-5.2-settings-access, ES-5.2-admin-default, ES-5.2-role, ES-F-who: check --as tells who may change the settings"
  )
  func asUser() throws {
    var scene = Scene(
      [], more: [#""access":{"settings":{"basedOn":"role","roles":["Sales Manager"]}}"#])
    let people = [
      ("bob", "Administrator", true), ("john", "Sales Manager", true),
      ("frodo", "Sales User", false),
    ]
    scene.users =
      "["
      + people.map {
        #"{"id":"\#($0.0)","email":"\#($0.0)@example.com","role":"\#($0.1)","overrides":{"inbound":{"exclude":["x.test"]}}}"#
      }.joined(separator: ",") + "]"
    scene.email = #"{"inbound":{"exclude":{"allowUser":true}}}"#
    scene.sources = "[]"
    let folder = try scene.folder()
    for (id, _, may) in people {
      let p = try Program(["check", "--as", id], in: folder)
      #expect(
        p.out.contains("\(id): \(may ? "may" : "may not") change the settings"), "\(p.out)\(p.err)")
      #expect(p.status == (may ? 0 : 2))
    }
    #expect(try Program(["check", "--as", "sauron"], in: folder).status == 78)
  }

  @Test(
    "explain: every rule, what it looked at and matched, the opposite; by id, file, index"
  )
  func explain() throws {
    var scene = Scene(
      [
        mail(id: "one@x", body: "two coffers"), mail(from: "x@linkedin.test", id: "two@x"),
        mail(id: "three@x", body: "none"),
      ],
      email: """
        {"disableForAllUsers":true,"inbound":{"behaviour":"keywords",
         "keywords":{"admin":["Offer"]},"exclude":{"admin":["linkedin.test"]}}}
        """)
    scene.files["mails/x.eml"] = mail(id: "file@x", body: "An offer of ours")
    scene.files["mails/bad.eml"] = "Only words.\n"
    scene.sources = #"[{"path":"sam.mbox","owner":"sam"},{"path":"mails/*.eml","owner":"sam"}]"#
    let folder = try scene.folder()
    func explain(_ more: String...) throws -> Program {
      try Program(["explain"] + more, in: folder)
    }
    let one = try explain("--message-id", "<one@x>")
    #expect(one.status == 0 && one.err.contains("disableForAllUsers"))
    for part in [
      "2. owner: goes on", "3. switches: goes on", "4. folder", "5. time", "6. bulk",
      "6. automatic",
      "6. noReply", "6. unauthenticated", "7. internal", "8. exclusions", "9. keywords: goes on",
      "keyword \"Offer\" found in the plain body: two c[offer]s", "10. duplicates: goes on",
      "lead L1, found by email", "for the opposite", "Verdict: kept, matched",
    ] {
      #expect(one.out.contains(part), "\(part) in \(one.out)")
    }
    let two = try explain("--message-id", "two@x")
    // All rules are asked, also after one has dropped the mail.
    #expect(two.out.contains("8. exclusions: drops it: excluded-admin"))
    #expect(two.out.contains("linkedin.test in from") && two.out.contains("9. keywords: drops it"))
    #expect(two.out.contains("Verdict: dropped, excluded-admin"))
    let three = try Value(json: explain("--index", "2", "--json", "sam.mbox").out)
    #expect(three["mail"].text == "three@x" && three["steps"].list.count >= 10)
    let file = try explain("--file", "mails/x.eml")
    #expect(file.out.contains("owner: sam") && file.out.contains("Verdict: kept, matched"))
    #expect(!file.out.contains("one@x"))
    #expect(file.out.contains("date: 2026-03-02T10:00:00Z (header)"))
    // The header line that makes a mail bulk is shown.
    try folder.write("news.mbox", mbox([mail(more: ["List-Unsubscribe: <mailto:off@n.test>"])]))
    let news = try explain("--index", "0", "news.mbox")
    #expect(news.out.contains("matched List-Unsubscribe: <mailto:off@n.test>"), "\(news.err)")
    let bad = try explain("--file", "mails/bad.eml")
    #expect(
      bad.status == 0 && bad.out.contains("Verdict: quarantined, quarantined"),
      "\(bad.out)\(bad.err)")
    #expect(try explain("--message-id", "nine@x").status == 1)
    #expect(try explain("--index", "9", "sam.mbox").status == 1)
    #expect(try explain("--index", "0").status == 64)
    #expect(try explain().status == 64)
  }
}
