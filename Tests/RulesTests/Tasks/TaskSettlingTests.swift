import Testing

@testable import Rules

/// What the run's calendars say about CRM tasks that go out.
@Suite struct TaskSettlingRules {
  private func context(
    _ conflict: String = "newest", modified: String = "2026-03-01T10:00:00Z",
    times: String = #""start": "2026-03-05T09:00:00Z", "end": "2026-03-05T10:00:00Z""#
  ) throws -> TaskContext {
    let desk = Desk(
      #"{"calendar": {"direction": "two-way", "conflict": "\#(conflict)"}}"#,
      tasks: """
        [{"id": "T1", "type": "Meeting", "owner": "sam", "modifiedOn": "\(modified)", \(times)}]
        """)
    return TaskContext(plan: desk.plan, row: try #require(desk.tasks.first))
  }

  private func moved(_ modified: String) -> ReturnedTask {
    ReturnedTask(
      user: 0, start: seconds("2026-03-05T11:00:00Z"), end: seconds("2026-03-05T12:00:00Z"),
      modified: seconds(modified), place: "sam.ics#2")
  }

  private func decide(_ c: TaskContext) -> Finding {
    for rule in TaskRules.settling.rules {
      let f = rule.ask(c)
      #expect(f.reason.map(rule.reasons.contains) ?? true)
      #expect(!rule.looksAt(c).isEmpty && !rule.opposite(c, f).isEmpty)
    }
    return TaskRules.settling.decide(c)
  }

  @Test("A task that an import made of a meeting is a duplicate, also when it was moved")
  func ownTask() throws {
    let c = try context()
    c.known.importedUID = "u@x.example"
    c.known.returned = moved("2026-03-02T10:00:00Z")
    #expect(
      decide(c)
        == Finding(reason: .duplicate, rule: "the meeting's own task", matched: "u@x.example"))
  }

  @Test("calendar.conflict says whose time counts where both were changed")
  func conflicts() throws {
    let older = "2026-03-01T09:00:00Z"
    let newer = "2026-03-01T11:00:00Z"
    for (setting, time, winner) in [
      ("newest", older, TaskConflict.Winner.task), ("newest", newer, .event), ("crm", newer, .task),
      ("provider", older, .event), ("review", older, .nobody),
    ] {
      let c = try context(setting)
      c.known.returned = moved(time)
      #expect(c.conflict?.winner == winner)
      let wanted =
        winner == .task
        ? Finding(reason: .written, rule: "calendar.outboundTaskTypes", matched: "Meeting")
        : Finding(reason: .unchanged, rule: "calendar.conflict", matched: "sam.ics#2")
      #expect(decide(c) == wanted, "\(setting) \(time)")
    }
  }

  @Test("An event at the task's own time, or another owner's, is no conflict")
  func noConflict() throws {
    let c = try context()
    var there = moved("2026-03-02T10:00:00Z")
    there.user = 1
    c.known.returned = there
    #expect(c.conflict == nil && decide(c).reason == .written)
    there.user = 0
    there.start -= 7200
    there.end -= 7200
    c.known.returned = there
    #expect(c.conflict == nil && decide(c).reason == .written)
  }

  @Test("Times are read only of a task that goes out; what cannot be read is quarantined")
  func times() throws {
    let broken = try context(times: #""start": "soon""#)
    let f = TaskRules.book.decide(broken)
    #expect(f.reason == .quarantined && f.rule == "tasks" && f.matched.contains("\"soon\""))
    let away = TaskContext(
      plan: Desk(#"{"calendar": {"direction": "inbound"}}"#).plan, row: broken.row)
    #expect(TaskRules.book.decide(away).reason == .directionDisabled)
  }
}
