import Foundation
import Testing

@testable import Import

/// `calendar.onMissing` over two nights.
@Suite struct MissingMeetings {
  private func nights(_ setting: String, second: [String]) throws -> Outputs {
    let scene = Scene(
      calendars: [
        calendar([
          event("a"), event("b", more: ["RRULE:FREQ=DAILY;COUNT=2"]),
          event("old", start: "20260110T090000Z", end: "20260110T100000Z"),
        ])
      ], settings: setting)
    let folder = try scene.folder()
    func run() throws -> Outputs {
      let status = try folder.importAll {
        $0.out = nil
        $0.now = TimePoint("2026-03-01")
      }
      return try Outputs(folder, status: status, in: "out/latest")
    }
    #expect(try run().tasks.count == 4)
    try folder.write("sam.ics", calendar(second))
    return try run()
  }

  @Test("UP-9-delete: what is gone keeps its task, unless onMissing says otherwise")
  func gone() throws {
    let rest = [event("b", more: ["RRULE:FREQ=DAILY;COUNT=2", "EXDATE:20260311T090000Z"])]
    #expect(try nights("{}", second: rest).tasks.isEmpty)
    let marked = try nights(#"{"onMissing":"mark"}"#, second: rest)
    #expect(marked.tasks.compactMap { $0["uid"].text } == ["a", "b"])
    #expect(marked.tasks.allSatisfy { $0["status"].text == "cancelled" })
    #expect(marked.tasks[1]["recurrenceId"].text == "2026-03-11T09:00:00Z")
    #expect(marked.run["missingMeetings"].number == 2)
    let rows = try nights(#"{"onMissing":"delete-row"}"#, second: rest)
    #expect(rows.tasks.allSatisfy { $0["status"].text == "deleted" })
  }

  @Test("what is there but left out by a rule now is not gone")
  func leftOut() throws {
    let o = try nights(
      #"{"onMissing":"mark"}"#,
      second: [event("a", more: ["CLASS:PRIVATE"]), event("b", more: ["RRULE:FREQ=DAILY;COUNT=2"])])
    #expect(o.tasks.isEmpty)
  }
}
