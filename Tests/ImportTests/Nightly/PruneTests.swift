import Foundation
import Testing

@testable import Import

/// `winnow prune` (ES-5.1-retention).
@Suite(.serialized) struct PruneTests {
  private static let attachment = [
    "MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=b",
  ]
  private static let parts =
    "--b\nContent-Type: text/plain\n\nSecret, \"quoted\"\n\nline;two\n--b\n"
    + "Content-Type: application/pdf; name=\"a.pdf\"\nContent-Disposition: attachment\n\nPDFBYTES\n--b--\n"

  private func scene(retention: String = "30") -> Scene {
    var scene = Scene(
      [
        mail(subject: "One", id: "a", more: Self.attachment, body: Self.parts),
        mail(subject: "Two", id: "b", body: "Second body, Secret"),
      ],
      email: #"{"inbound":{"activity":{"capture":["cc","subject","body","attachments"]}}}"#,
      more: [#""output":{"formats":["jsonl","json","csv"]}"#])
    scene.files["x/bad.eml"] = "No header here, only a Secret.\n"
    scene.sources = #"[{"path":"sam.mbox","owner":"sam"},{"path":"x/*.eml","owner":"sam"}]"#
    scene.organization =
      #"{"domains":["example.com"],"timeZone":"UTC","retentionDays":\#(retention)}"#
    return scene
  }

  private func holds(_ word: String, _ folder: Folder, _ path: String) -> Bool {
    folder.contents(of: path).values.contains { $0.range(of: Data(word.utf8)) != nil }
  }

  @Test(
    "ES-5.1-retention: bodies, attachments and quarantined bytes go; records, keys, reasons stay")
  func prunes() throws {
    let folder = try scene().folder()
    try folder.nightly()
    let result = "out/" + (try folder.results()[0])
    let before = try folder.lines(result + "/activities.jsonl")
    #expect(before.count == 2 && before[0]["bodyText"].text?.contains("Secret") == true)
    #expect(before[0]["attachments"][0]["kept"].raw as? Bool == true)
    #expect(holds("PDFBYTES", folder, result))
    let mode = try FileManager.default.attributesOfItem(
      atPath: folder.file(result + "/activities.csv"))[.posixPermissions]
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o600], ofItemAtPath: folder.file(result + "/activities.jsonl"))
    let dry = try folder.json("prune", "--now", day(40), "--dry-run")
    #expect(dry["bodies"].number == 2 && dry["dryRun"].raw as? Bool == true)
    #expect(holds("Secret", folder, result))
    let done = try folder.json("prune", "--now", day(40))
    #expect(done["bodies"].number == 2 && done["bytes"].number == dry["bytes"].number)
    #expect(done["files"].number == dry["files"].number && done["results"][0]["run"].number == 1)
    #expect(!holds("Secret", folder, result) && !holds("PDFBYTES", folder, result))
    #expect(!folder.exists(result + "/attachments"))
    let kept = try FileManager.default.contentsOfDirectory(
      atPath: folder.file(result + "/quarantine"))
    #expect(kept.count == 1 && kept.allSatisfy { $0.hasSuffix(".json") })
    let after = try folder.lines(result + "/activities.jsonl")
    #expect(after.map { $0["key"].text } == before.map { $0["key"].text })
    #expect(after.map { $0["subject"].text } == ["One", "Two"] && !after[0].has("bodyText"))
    let gone = after[0]["attachments"][0]
    #expect(gone["name"].text == "a.pdf" && gone["path"].isNull && gone["reason"].text == "pruned")
    #expect(gone["kept"].raw as? Bool == false && gone["sha256"].text?.utf8.count == 64)
    // The other forms say the same.
    let array = try Value(json: folder.text(result + "/activities.json"))
    #expect(array.list.map { $0["key"].text } == after.map { $0["key"].text })
    #expect(array.list.allSatisfy { !$0.has("bodyText") })
    let rows = csvRows(try folder.text(result + "/activities.csv"))
    let (body, stored) = (
      rows[0].firstIndex(of: "bodyText")!, rows[0].firstIndex(of: "attachments")!
    )
    #expect(rows.count == 3 && rows.allSatisfy { $0.count == rows[0].count })
    #expect(rows.dropFirst().allSatisfy { $0[body] == "" && $0[stored] == "" })
    #expect(rows.dropFirst().map { $0[0] } == after.map { $0["key"].text ?? "" })
    let modes = try ["csv", "jsonl"].map {
      try FileManager.default.attributesOfItem(
        atPath: folder.file(result + "/activities.\($0)"))[.posixPermissions] as? Int
    }
    #expect(modes == [mode as? Int, 0o600])
    #expect(try folder.lines(result + "/decisions.jsonl").count == 3)
    // A second time there is nothing to do, and nothing is published again.
    #expect(try folder.json("prune", "--now", day(40))["results"].list.isEmpty)
    try folder.nightly { $0.memory.rescans = true }
    let again = "out/" + (try folder.results()[1])
    #expect(try folder.lines(again + "/activities.jsonl").isEmpty)
    #expect(
      try folder.json("log")["rows"].list.filter { $0["run"].number == 1 }.allSatisfy {
        $0["subject"].text == ""
      })
  }

  @Test("ES-5.1-retention: days count from import, and what is younger is kept")
  func counting() throws {
    let folder = try scene().folder()
    try folder.nightly()
    #expect(try folder.json("prune", "--now", day(29))["results"].list.isEmpty)
    #expect(try folder.winnow("prune").out.contains("nothing is old enough"))
    #expect(holds("Secret", folder, "out/" + (try folder.results()[0])))
  }

  @Test("ES-5.1-retention: null keeps everything, and prune says so")
  func forever() throws {
    let folder = try scene(retention: "null").folder()
    try folder.nightly()
    let said = try folder.winnow("prune", "--now", day(4000))
    #expect(said.status == 0 && said.out.contains("retentionDays is not set"))
    #expect(holds("Secret", folder, "out/" + (try folder.results()[0])))
  }

  @Test("a result of a run without a ledger is pruned by its folder; what is no result is 65")
  func stateless() throws {
    let folder = try scene().folder()
    try folder.importAll()
    #expect(try folder.winnow("prune", "--now", day(40)).out.contains("no ledger"))
    #expect(try folder.winnow("prune", "--ledger", "no.sqlite", "--now", day(40)).status == 74)
    #expect(!folder.exists("no.sqlite.lock"))
    #expect(try folder.winnow("prune", "result", "--now", day(10)).out.contains("it is kept"))
    #expect(try folder.json("prune", "result", "--now", day(40))["bodies"].number == 2)
    #expect(!holds("Secret", folder, "result"))
    #expect(try folder.json("prune", "result", "--now", day(40))["bodies"].number == 0)
    try folder.write("mine/activities.jsonl", "Secret\n")
    try folder.write("mine/attachments/x", "Secret\n")
    #expect(try folder.winnow("prune", "mine", "--now", day(40)).status == 65)
    #expect(holds("Secret", folder, "mine"))
  }

  @Test("the folder of a run that the ledger knows is noted there when it is named")
  func named() throws {
    let folder = try scene().folder()
    try folder.nightly()
    let result = "out/" + (try folder.results()[0])
    #expect(try folder.json("prune", result, "--now", day(40))["results"][0]["run"].number == 1)
    #expect(try folder.json("prune", "--now", day(40))["results"].list.isEmpty)
  }

  @Test("links are not followed, strange files are left alone, moved folders are told")
  func strangers() throws {
    let folder = try scene().folder()
    try folder.nightly()
    let result = "out/" + (try folder.results()[0])
    try folder.write("precious/keep.txt", "Precious")
    try FileManager.default.removeItem(atPath: folder.file(result + "/attachments"))
    try FileManager.default.createSymbolicLink(
      atPath: folder.file(result + "/attachments"),
      withDestinationPath: folder.file("precious"))
    try folder.write(result + "/notes.txt", "Mine, Secret")
    #expect(try folder.winnow("prune", "--now", day(40)).status == 0)
    #expect(folder.exists("precious/keep.txt") && folder.exists(result + "/notes.txt"))
    let moved = try scene().folder()
    try moved.nightly()
    let name = try moved.results()[0]
    try FileManager.default.moveItem(
      atPath: moved.file("out/" + name), toPath: moved.file("archive"))
    #expect(try moved.winnow("prune", "--now", day(40)).out.contains("was moved"))
    #expect(holds("Secret", moved, "archive"))
  }

  @Test("what a stopped prune left is cleared, and files are whole at any time")
  func stopped() throws {
    let folder = try scene().folder()
    try folder.nightly()
    let result = "out/" + (try folder.results()[0])
    try folder.write(result + "/activities.jsonl.pruning", "half a li")
    #expect(try folder.json("prune", "--now", day(40))["bodies"].number == 2)
    #expect(!folder.exists(result + "/activities.jsonl.pruning"))
    #expect(try folder.lines(result + "/activities.jsonl").count == 2)
    // A file that winnow did not write so is left as it is.
    let other = try scene().folder()
    try other.nightly()
    let broken = "out/" + (try other.results()[0]) + "/activities.jsonl"
    try other.write(broken, "{\"key\":\n")
    let failed = try other.winnow("prune", "--now", day(40))
    #expect(failed.status == 74 && failed.err.contains("activities.jsonl"))
    #expect(try other.text(broken) == "{\"key\":\n")
    #expect(!other.exists(broken + ".pruning"))
  }

  @Test("while a run holds the ledger, prune is 75")
  func locked() throws {
    let folder = try scene().folder()
    try folder.nightly()
    let fd = open(folder.file("out/winnow.sqlite.lock"), O_RDWR)
    // A process that another test begins at this moment holds what was open until it is one.
    #expect(flock(fd, LOCK_EX) == 0)
    #expect(try folder.winnow("prune", "--now", day(40)).status == 75)
    #expect(try folder.winnow("ledger", "check", "--deep").status == 75)
    #expect(try folder.winnow("ledger", "check").status == 0)
    close(fd)
  }
}
