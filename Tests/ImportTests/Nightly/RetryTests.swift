import Foundation
import Testing

@testable import Import
@testable import Workbench

/// CS-7-retry: what was quarantined is read again after a fix.
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
      o.talk.isQuiet = true
      o.talk.progress = .none
      o.now = TimePoint("2026-03-01")
      return o
    }
    func latest(_ status: Status) throws -> Outputs {
      try Outputs(folder, status: status, in: "out/latest")
    }
    #expect(try latest(ImportRun.execute(options())).reasons == ["matched", "quarantined"])
    // Nothing was mended: an attempt more, and the mailbox is left alone.
    let second = try latest(Retry.execute(options(), only: nil))
    #expect(second.reasons == ["quarantined"] && second.run["items"]["unread"].number == 1)
    try folder.write("a.eml", mail(subject: "Mended", id: "a"))
    let third = try latest(Retry.execute(options(), only: 1))
    #expect(third.reasons == ["matched"] && third.activities.count == 1)
    #expect(throws: RunError.self) { try Retry.execute(options(), only: 1) }
    // The next run knows all of it.
    #expect(try latest(ImportRun.execute(options())).decisions.isEmpty)
  }

  @Test("CS-7-retry: a broken invitation is known by the mail that it came with")
  func brokenInvitation() throws {
    let broken = calendar(["BEGIN:VEVENT\r\nUID:x\r\nDTSTART:never\r\nEND:VEVENT\r\n"])
    var scene = Scene([], more: [#""calendar":{"invitesInMail":true}"#])
    scene.files = [
      "leads.csv": Scene.leadsCSV, "a.mbox": mbox([mail(id: "m")]),
      "b.mbox": mbox([mail(id: "n"), invitation(broken)]),
    ]
    scene.sources = #"[{"path":"a.mbox","owner":"sam"},{"path":"b.mbox","owner":"sam"}]"#
    let folder = try scene.folder()
    var o = ImportOptions()
    o.config = folder.file("winnow.json")
    o.talk.isQuiet = true
    o.talk.progress = .none
    o.now = TimePoint("2026-03-01")
    func latest(_ status: Status) throws -> Outputs {
      try Outputs(folder, status: status, in: "out/latest")
    }
    let first = try latest(ImportRun.execute(o))
    #expect(first.reasons.filter { $0 == "quarantined" }.count == 1)
    // Only the mailbox with the invitation is read again.
    let again = try latest(Retry.execute(o, only: nil))
    #expect(again.reasons.filter { $0 == "quarantined" }.count == 1)
    #expect(again.run["items"]["unread"].number == 1)
    let mended = calendar([event("x", organizer: "ann@client.test", attendees: ["sam@example.com"])]
    )
    try folder.write("b.mbox", mbox([mail(id: "n"), invitation(mended)]))
    let last = try latest(Retry.execute(o, only: 1))
    #expect(last.tasks.count == 1)
    #expect(throws: RunError.self) { try Retry.execute(o, only: 1) }
  }

  @Test("--republish puts the result of an earlier run into a new folder and notes nothing")
  func republish() throws {
    let folder = try Scene([mail(id: "m")]).folder()
    var o = ImportOptions()
    o.config = folder.file("winnow.json")
    o.talk.isQuiet = true
    o.talk.progress = .none
    _ = try ImportRun.execute(o)
    o.memory.republish = "1"
    o.out = folder.file("again")
    #expect(try ImportRun.execute(o) == .done)
    #expect(try Outputs(folder, status: .done, in: "again").activities.count == 1)
    o.memory.republish = "7"
    o.out = folder.file("other")
    #expect(throws: RunError.self) { try ImportRun.execute(o) }
  }
}
