import Foundation
import Testing

@testable import Import

/// features.md CS-7-retry: what was quarantined is read again after a fix.
@Suite struct Retries {
  @Test(
    "CS-7-retry: only sources with quarantined items are read; what can be read now is published")
  func again() throws {
    var scene = Scene([])
    scene.files = [
      "leads.csv": Scene.leadsCSV, "a.eml": "no header here\n", "sam.mbox": mbox([mail(id: "m")]),
    ]
    scene.sources =
      #"[{"path":"sam.mbox","owner":"sam"},{"path":"a.eml","owner":"sam"}]"#
    let folder = try scene.folder()
    func options() -> ImportOptions {
      var o = ImportOptions()
      o.config = folder.file("winnow.json")
      o.isQuiet = true
      o.progress = .none
      o.now = TimePoint("2026-03-01")
      return o
    }
    func latest(_ status: Status) throws -> Outputs {
      try Outputs(folder, status: status, in: "out/latest")
    }
    #expect(try latest(ImportRun.execute(options())).reasons == ["matched", "quarantined"])
    // Nothing was mended: an attempt more, and the mailbox is left alone.
    let second = try latest(RetryRun.execute(options(), only: nil))
    #expect(second.reasons == ["quarantined"] && second.run["items"]["unread"].number == 1)
    try folder.write("a.eml", mail(subject: "Mended", id: "a"))
    let third = try latest(RetryRun.execute(options(), only: 1))
    #expect(third.reasons == ["matched"] && third.activities.count == 1)
    #expect(throws: RunError.self) { try RetryRun.execute(options(), only: 1) }
    // The next run knows all of it.
    #expect(try latest(ImportRun.execute(options())).decisions.isEmpty)
  }

  @Test("--republish puts the result of an earlier run into a new folder and notes nothing")
  func republish() throws {
    let folder = try Scene([mail(id: "m")]).folder()
    var o = ImportOptions()
    o.config = folder.file("winnow.json")
    o.isQuiet = true
    o.progress = .none
    _ = try ImportRun.execute(o)
    o.republish = "1"
    o.out = folder.file("again")
    #expect(try ImportRun.execute(o) == .done)
    #expect(try Outputs(folder, status: .done, in: "again").activities.count == 1)
    o.republish = "7"
    o.out = folder.file("other")
    #expect(throws: RunError.self) { try ImportRun.execute(o) }
  }
}
