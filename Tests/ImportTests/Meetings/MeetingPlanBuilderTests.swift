import Bytes
import Rules
import Testing

@testable import Import

@Suite struct MeetingPlans {
  private func plan(_ zone: String, now: Int64) -> MeetingPlan {
    let text = """
      {"profile": "upsales", "organization": {"timeZone": "\(zone)"},
       "users": [{"id": "sam", "email": "sam@own.example", "connectedAt": "2026-07-01"}]}
      """
    let file = text.withByteView { ConfigFile.read($0, file: "winnow.json") }
    #expect(file.diagnostics.isEmpty)
    let users = ListLoader.users(file, paths: []).0
    return MeetingPlanBuilder.plan(
      file.config, users: users, now: now, window: TimeWindow(from: nil, to: 2_000_000_000))
  }

  @Test func monthsAndDaysAreThoseOfTheOrganisationsZone() {
    // 2026-08-10T08:00:00Z; three months later the clocks have gone back.
    let now: Int64 = 1_786_348_800
    let stockholm = plan("Europe/Stockholm", now: now)
    let window = stockholm.user(0).window
    // 2026-07-01T00:00:00+02:00 and 2026-11-10T10:00:00+01:00.
    #expect(window.begin?.time == 1_782_856_800)
    #expect(window.end?.time == 1_794_301_200)
    #expect(window.to?.rule == "--to" && window.last?.rule == "calendar.window.months")
    #expect(stockholm.user(0).createdSince == nil)
    #expect(plan("UTC", now: now).user(0).window.end?.time == 1_794_297_600)
  }

  @Test func whatSkippedAndRepeatedTimesMean() {
    guard let clock = ConfigTime("2026-03-29 02:30"), let twice = ConfigTime("2026-10-25 02:30")
    else { return #expect(Bool(false)) }
    let plan = plan("Europe/Stockholm", now: 0)
    #expect(plan.clock.seconds(of: clock) == 1_774_747_800)  // 01:30 UTC
    #expect(plan.clock.seconds(of: twice) == 1_792_888_200)  // 00:30 UTC
  }
}
