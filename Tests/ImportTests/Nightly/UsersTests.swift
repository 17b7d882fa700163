import Foundation
import Testing

@testable import Import

/// `winnow users` (ES-11, CS-8).
@Suite(.serialized) struct UsersTests {
  private func scene() -> Scene {
    var scene = Scene(sam: [mail(id: "a")], kim: [mail(to: "kim@free.test", id: "b")])
    scene.users = """
      [{"id":"sam","name":"Sam Low","email":"sam@example.com","role":"Sales User","provider":"gmail"},
       {"id":"kim","name":"Kim","email":"kim@free.test","role":"Sales User","status":"paused"}]
      """
    return scene
  }

  private func user(_ folder: Folder, _ id: String) throws -> Value {
    let all = try folder.json("users", "list")["users"].list
    return all.first { $0["id"].text == id } ?? Value(nil)
  }

  @Test("CS-8-users: list and ledger, the stricter wins, both are shown where they differ")
  func list() throws {
    let folder = try scene().folder()
    let before = try folder.winnow("users", "list")
    #expect(before.status == 0 && before.out.contains("Sam Low"))
    #expect(!folder.exists("out"))
    try folder.nightly()
    #expect(try folder.winnow("users", "pause", "sam").status == 0)
    #expect(try folder.winnow("users", "resume", "kim").out.contains("still says paused"))
    let sam = try user(folder, "sam")
    #expect(sam["state"].text == "paused" && sam["listState"].text == "active")
    #expect(sam["ledgerState"].text == "paused" && sam["provider"].text == "gmail")
    #expect(sam["lastRun"]["number"].number == 1 && sam["lastRun"]["started"].text != nil)
    let kim = try user(folder, "kim")
    #expect(kim["state"].text == "paused" && kim["ledgerState"].text == "active")
    let line = try #require(
      folder.winnow("users", "list").out.split(separator: "\n").first { $0.hasPrefix("sam") })
    #expect(line.contains("paused  active  paused"))
  }

  @Test("CS-8-users: --active, --paused and --provider")
  func filters() throws {
    let folder = try scene().folder()
    func ids(_ more: String...) throws -> [String] {
      let out = try Program(["users", "list", "--json"] + more, in: folder).out
      return try Value(json: out)["users"].list.compactMap { $0["id"].text }
    }
    #expect(try ids("--active") == ["sam"] && ids("--paused") == ["kim"])
    #expect(try ids("--provider", "Gmail") == ["sam"] && ids("--provider", "outlook") == [])
    #expect(try folder.winnow("users", "list", "--active", "--paused").status == 64)
  }

  @Test("CS-7-refresh: the last event received stands beside each user")
  func lastEvent() throws {
    let folder = try Scene(calendars: [calendar([event()])]).folder()
    try folder.nightly { $0.now = TimePoint("2026-03-01") }
    #expect(try user(folder, "sam")["lastEventReceived"].text == "2026-03-01T00:00:00Z")
  }

  @Test("ES-11.1-pause, ES-11.2-deactivate: paused is left alone, resumed gets what came meanwhile")
  func pausing() throws {
    let folder = try scene().folder()
    try folder.nightly()
    let said = try folder.winnow("users", "pause", "sam")
    #expect(said.status == 0 && said.out.contains("sam: paused (was active)"))
    #expect(try folder.winnow("users", "pause", "sam").out.contains("paused already"))
    try folder.write("sam.mbox", mbox([mail(id: "a"), mail(subject: "Late", id: "z")]))
    try folder.nightly()
    var last = try #require(folder.results().last)
    let paused = try folder.lines("out/\(last)/decisions.jsonl")
    #expect(Set(paused.compactMap { $0["reason"].text }) == ["user-paused"])
    #expect(try folder.winnow("users", "resume", "sam").out.contains("active again (was paused)"))
    try folder.nightly()
    last = try #require(folder.results().last)
    let activities = try folder.lines("out/\(last)/activities.jsonl")
    #expect(activities.compactMap { $0["subject"].text } == ["Late"])
  }

  @Test("ES-11.1-delete, ES-11.3-remove: removed; what was published stays, and stays known")
  func removing() throws {
    let folder = try scene().folder()
    try folder.nightly()
    #expect(try folder.winnow("users", "remove", "sam", "--quiet").out == "")
    #expect(try user(folder, "sam")["state"].text == "removed")
    try folder.nightly()
    let last = try #require(folder.results().last)
    #expect(
      try folder.lines("out/\(last)/decisions.jsonl").compactMap { $0["reason"].text }
        == ["user-removed", "user-paused"])
    let back = try folder.json("users", "resume", "sam", "--now", "2030-01-01")
    #expect(back["before"].text == "removed" && back["state"].text == "active")
    #expect(try user(folder, "sam")["connectedAt"].text == "2030-01-01T00:00:00Z")
    let first = try folder.results()[0]
    #expect(try folder.lines("out/\(first)/activities.jsonl").count == 1)
  }

  @Test("an unknown id is 64 with the nearest; a removal also takes those the list forgot")
  func unknown() throws {
    var scene = scene()
    let folder = try scene.folder()
    let slip = try folder.winnow("users", "pause", "sma")
    #expect(slip.status == 64 && slip.err.contains("did you mean sam"))
    #expect(!folder.exists("out"))
    #expect(try folder.winnow("users", "pause", "sam").status == 0)
    #expect(folder.exists("out/winnow.sqlite"))
    scene.users = #"[{"id":"kim","email":"kim@free.test"}]"#
    scene.sources = #"[{"path":"kim.mbox","owner":"kim"}]"#
    try folder.write("winnow.json", scene.config)
    #expect(try folder.winnow("users", "resume", "sam").status == 64)
    #expect(try folder.winnow("users", "remove", "sam").status == 0)
    let sam = try user(folder, "sam")
    #expect(sam["state"].text == "removed" && sam["listState"].isNull)
  }
}
