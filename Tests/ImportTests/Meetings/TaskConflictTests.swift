import Foundation
import Testing

@testable import Import

/// A CRM task that was exported, came back as an event and was moved in the calendar meanwhile.
@Suite struct TaskConflicts {
  private func outbound(
    _ conflict: String, changed: String
  ) throws -> (reasons: [String], ics: String, o: Outputs) {
    var scene = Scene(
      calendars: [
        calendar([
          event(
            "crm-task-T1@winnow.invalid", start: "20260310T120000Z", end: "20260310T130000Z",
            attendees: [], more: ["LAST-MODIFIED:\(changed)"])
        ])
      ], settings: #"{"direction":"two-way","conflict":"\#(conflict)"}"#)
    scene.more.append(#""tasks":"tasks.csv""#)
    scene.files["tasks.csv"] = """
      id,type,subject,start,end,owner,modifiedOn
      T1,Meeting,Talk,2026-03-10T09:00:00Z,2026-03-10T10:00:00Z,sam,2026-02-10T00:00:00Z

      """
    let o = try scene.meet()
    let ics = o.folder.contents(of: "result/outbound")["sam.ics"] ?? Data()
    return (o.reasons, String(decoding: ics, as: UTF8.self), o)
  }

  @Test("CS-6.2-two-way: the newer side wins by default, and the difference is told")
  func newest() throws {
    let calendars = try outbound("newest", changed: "20260220T000000Z")
    #expect(calendars.reasons == ["duplicate", "unchanged"])
    #expect(!calendars.ics.contains("T1@") && calendars.o.warnings.contains("task T1"))
    let crms = try outbound("newest", changed: "20260201T000000Z")
    #expect(crms.reasons == ["duplicate", "written"])
    #expect(crms.ics.contains("DTSTART:20260310T090000Z"))
  }

  @Test("CS-6.2-two-way: provider, crm and review decide whatever is newer")
  func settings() throws {
    #expect(try outbound("provider", changed: "20260201T000000Z").reasons[1] == "unchanged")
    #expect(try outbound("crm", changed: "20260220T000000Z").reasons[1] == "written")
    #expect(try outbound("review", changed: "20260220T000000Z").reasons[1] == "unchanged")
  }
}
