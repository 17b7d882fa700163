import Events
import Testing

@Test func `an occurrence knows its ends`() {
  #expect(EventOccurrence(start: 1, end: 2).end == 2)
}
