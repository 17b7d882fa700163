import Testing

@testable import Rules

/// Facts without a plan, and what is asked while a meeting is settled.
@Suite struct MeetingSettling {
  private func series(_ starts: [String], over span: MeetingSpan) -> MeetingItem {
    meeting(["ann@client.example"]) {
      $0.isRecurring = true
      $0.start = seconds(starts[0])
      $0.occurrences = occurrences(starts)
      $0.occurrences?.span = span
    }
  }

  @Test("one event's facts are judged by two plans, each by its own window")
  func twoPlans() {
    let short = Desk(#"{"calendar": {"window": {"from": "2026-03-01", "months": 1}}}"#)
    let open = Desk()
    let windows = [short, open].map { MeetingSpan($0.plan.user(0).window) }
    let item = series(
      ["2026-03-03T09:00:00Z", "2026-03-31T09:00:00Z", "2026-04-28T09:00:00Z"],
      over: windows[0].union(windows[1]))
    let contexts = [short, open].map { MeetingContext(plan: $0.plan, item: item) }
    #expect(contexts.map(\.occurrences.count) == [2, 3])
    #expect(contexts.map(\.occurrenceFault) == [nil, nil])
    #expect([short, open].map { $0.reason(item) } == ["matched", "matched"])
    // Under a plan that keeps to later times the same facts are dropped.
    let late = Desk(from: seconds("2026-05-01T00:00:00Z"))
    #expect(late.reason(item) == "outside-window")
  }

  @Test("a series that was expanded over too short a span is told, and not taken for left out")
  func otherSpan() {
    let desk = Desk()
    let item = series(
      ["2025-03-03T09:00:00Z"],
      over: MeetingSpan(
        from: seconds("2025-01-01T00:00:00Z"), through: seconds("2025-12-31T00:00:00Z")))
    let late = Desk(from: seconds("2026-01-01T00:00:00Z"))
    let c = MeetingContext(plan: late.plan, item: item)
    #expect(MeetingRules.book.decide(c).reason == nil)
    let s = MeetingSettlement(c)
    #expect(
      MeetingOutcome(s, by: MeetingSettleRules.expansion)?.reason == .quarantined)
    #expect(MeetingContext(plan: desk.plan, item: item).occurrenceFault != nil)
  }

  @Test("a series goes on where it was found to, or begins again behind the plan's horizon")
  func cut() {
    let desk = Desk()
    let window = desk.plan.user(0).window
    let span = MeetingSpan(from: .min, through: window.expansionEnd + 86_400 * 400, isOpen: true)
    var item = series(["2026-03-03T09:00:00Z"], over: span)
    #expect(!MeetingContext(plan: desk.plan, item: item).isCutAtHorizon)
    item.facts.occurrences?.goesOn = true
    #expect(MeetingContext(plan: desk.plan, item: item).isCutAtHorizon)
    let further = series(["2026-03-03T09:00:00Z", "2027-04-01T09:00:00Z"], over: span)
    let c = MeetingContext(plan: desk.plan, item: further)
    #expect(c.isCutAtHorizon && c.occurrences.count == 1)
  }

  @Test("instances that another calendar says are no occurrences of the series")
  func replaced() {
    let desk = Desk()
    let item = series(["2026-03-03T09:00:00Z", "2026-03-10T09:00:00Z"], over: MeetingSpan())
    let c = MeetingContext(
      plan: desk.plan, facts: item.facts,
      standing: MeetingStanding(replaced: [seconds("2026-03-03T09:00:00Z")]))
    #expect(c.occurrences.map(\.start) == [seconds("2026-03-10T09:00:00Z")])
  }

  @Test("an answer is no meeting, whatever else it says")
  func answers() {
    let desk = Desk()
    let reply = MeetingContext(
      plan: desk.plan, item: meeting(["ann@client.example"]) { $0.answer = "REPLY" })
    let o = MeetingOutcome(MeetingSettlement(reply), by: MeetingSettleRules.first)
    #expect(o?.reason == .notAppointment && o?.rule == "METHOD" && o?.matched == "REPLY")
    let plain = MeetingSettlement(MeetingContext(plan: desk.plan, item: meeting()))
    #expect(MeetingOutcome(plain, by: MeetingSettleRules.first) == nil)
  }

  @Test("what nothing is written of has a reason: another copy, the past, or what is published")
  func nothingWritten() {
    let c = MeetingContext(plan: Desk().plan, item: meeting(["ann@client.example"]))
    func reason(ledger: Bool = true, _ change: (MeetingSettlement) -> Void) -> String? {
      let s = MeetingSettlement(c, hasLedger: ledger)
      s.record = .task(MeetingTask())
      change(s)
      return MeetingOutcome(s, by: MeetingSettleRules.last).map {
        "\($0.reason.rawValue) \($0.rule) \($0.matched)"
      }
    }
    #expect(reason { _ in } == nil)
    #expect(reason { $0.unchanged = 2 } == "unchanged ledger ")
    #expect(
      reason {
        $0.unchanged = 1
        $0.frozen = 1
      } == "past-frozen calendar.freezePast ")
    #expect(
      reason {
        $0.frozen = 1
        $0.keeper = "kim.ics#0"
      } == "duplicate calendar.sharedMeetings kim.ics#0")
    #expect(
      reason {
        $0.written = 1
        $0.keeper = "kim.ics#0"
      } == nil)
    #expect(reason { $0.record = .task(MeetingTask(isCancelled: true)) } == "unchanged ledger ")
    #expect(reason { $0.record = .block(.primary) } == "unchanged ledger ")
    #expect(
      reason(ledger: false) { $0.record = .block(.primary) } == nil)
  }

  @Test("every rule that is asked while a meeting is settled explains itself")
  func words() {
    let s = MeetingSettlement(MeetingContext(plan: Desk().plan, item: meeting()))
    for record in [MeetingRecord.nothing, .block(.primary), .task(MeetingTask())] {
      s.record = record
      s.unchanged = 1
      for rule in MeetingSettleRules.all {
        let f = rule.ask(s)
        #expect(!rule.looksAt(s).isEmpty && !rule.opposite(s, f).isEmpty)
        #expect(f.reason.map { rule.reasons.contains($0) } ?? true)
      }
    }
  }
}
