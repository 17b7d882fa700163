import Testing

@testable import Rules

@Suite struct Reasons {
  @Test func positionsAreThoseOfTheList() {
    #expect(MemoryLayout<Reason>.size == 1)
    for (i, reason) in Reason.allCases.enumerated() {
      #expect(reason.position == i)
      #expect(Reason(position: i) == reason)
    }
    #expect(Reason(position: Reason.allCases.count) == nil)
    #expect(Reason(position: -1) == nil)
  }

  @Test("An item is kept for one of seven reasons, quarantined for one, and dropped for all others")
  func outcomes() {
    #expect(
      Reason.allCases.filter { $0.outcome == .kept } == [
        .matched, .captured, .noLeadTask, .blockedSlot, .contactCreated, .conflictCalendar,
        .written,
      ])
    #expect(Reason.allCases.filter { $0.outcome == .quarantined } == [.quarantined])
  }
}
