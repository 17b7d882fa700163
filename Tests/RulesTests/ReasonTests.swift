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
}
