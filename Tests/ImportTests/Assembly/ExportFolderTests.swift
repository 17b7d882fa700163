import Foundation
import Testing

@testable import Import
@testable import Mailboxes

@Suite struct ExportFolderTests {
  private func run(_ files: [String: String], folders: String = "[]") throws -> Outputs {
    var scene = Scene([], email: folders == "[]" ? "{}" : #"{"folders":\#(folders)}"#)
    scene.files["sam.mbox"] = nil
    for (name, text) in files { scene.files[name] = text }
    scene.sources = #"[{"path":"ex","owner":"sam"}]"#
    return try scene.run()
  }

  private func reasons(_ out: Outputs) -> [String: String] {
    Dictionary(
      out.decisions.map { ($0["source"]["path"].text ?? "", $0["reason"].text ?? "") },
      uniquingKeysWith: { a, _ in a })
  }

  @Test(
    "a folder beside Inbox or Sent is one of its own, whatever the program",
    arguments: [
      ("ex/INBOX", "ex/Personal"), ("ex/Sent Items.mbox", "ex/Personal.mbox"),
      ("ex/Inbox/1.eml", "ex/Personal/1.eml"), ("ex/Posteingang/1.eml", "ex/Familie/2024/1.eml"),
      ("ex/host/Sent", "ex/host/Personal"),
    ])
  func beside(known: String, own: String) throws {
    func content(_ path: String, _ subject: String) -> String {
      path.hasSuffix(".eml") ? mail(subject: subject) : mbox([mail(subject: subject)])
    }
    let out = try run([known: content(known, "a"), own: content(own, "b")])
    #expect(reasons(out)[known] == "matched")
    #expect(reasons(out)[own] == "folder-not-synced")
    #expect(out.warnings.contains("left out: 1 mail in folders that are not read"))
    #expect(out.warnings.contains("email.folders"))
  }

  @Test("named in email.folders it is read")
  func named() throws {
    let out = try run(
      ["ex/Inbox": mbox([mail(subject: "a")]), "ex/Personal": mbox([mail(subject: "b")])],
      folders: #"["inbox","Personal"]"#)
    #expect(out.reasons == ["matched", "matched"])
    #expect(!out.warnings.contains("left out"))
  }

  @Test("a lone file, and directories that only group an export, are no folders")
  func alone() throws {
    let out = try run([
      "ex/2019.mbox": mbox([mail(subject: "a")]), "ex/eml/1.eml": mail(subject: "b"),
      "ex/kim/old.mbox": mbox([mail(subject: "c")]),
    ])
    #expect(out.reasons.allSatisfy { $0 == "matched" })
  }

  @Test("the root of a Maildir makes no folders of what lies beside it")
  func maildir() throws {
    let out = try run([
      "ex/Maildir/cur/1.host:2,S": mail(subject: "a"), "ex/Maildir/new/.keep": "",
      "ex/eml/1.eml": mail(subject: "b"),
    ])
    #expect(out.reasons.allSatisfy { $0 == "matched" })
  }

  @Test("explain of one file says what the import does with it")
  func explained() throws {
    var scene = Scene([])
    scene.files["sam.mbox"] = nil
    scene.files["ex/Inbox"] = mbox([mail(subject: "a", id: "a@x.test")])
    scene.files["ex/Personal"] = mbox([mail(subject: "b", id: "b@x.test")])
    scene.sources = #"[{"path":"ex","owner":"sam"}]"#
    let folder = try scene.folder()
    let said = try Program(["explain", "--index", "0", "ex/Personal"], in: folder)
    #expect(said.out.contains("folder: Personal") && said.out.contains("folder-not-synced"))
  }
}
