import Bytes
import Rules
import TestSupport
import Testing

@testable import Import

/// Facts of calendars on their way through a file.
@Suite(.seeded) struct CalendarFactCoding {
  private static let texts = ["", "a", "Grüße, 你好", String(repeating: "x", count: 300), "\u{0}\n"]

  private func text(_ n: inout SeededNumbers) -> String { Self.texts[n.below(Self.texts.count)] }

  private func textOrNil(_ n: inout SeededNumbers) -> String? { n.below(3) == 0 ? nil : text(&n) }

  private func time(_ n: inout SeededNumbers) -> Int64 {
    switch n.below(6) {
    case 0: .min
    case 1: .max
    case 2: 0
    default: Int64(bitPattern: n.next())
    }
  }

  private func timeOrNil(_ n: inout SeededNumbers) -> Int64? { n.below(3) == 0 ? nil : time(&n) }

  private func yes(_ n: inout SeededNumbers) -> Bool { n.below(2) == 0 }

  private func bytes(_ n: inout SeededNumbers) -> [UInt8] {
    (0..<n.below(20)).map { _ in UInt8(n.below(256)) }
  }

  private func place(_ n: inout SeededNumbers) -> EventPlace {
    EventPlace(
      path: text(&n), index: n.below(1 << 31), offset: n.below(1 << 50),
      mail: yes(&n)
        ? nil : LedgerItem(path: bytes(&n), offset: n.below(1 << 40), isInvitation: yes(&n)))
  }

  private func occurrences(_ n: inout SeededNumbers) -> MeetingOccurrences {
    var o = MeetingOccurrences(
      (0..<n.below(5)).map { _ in
        MeetingOccurrence(
          start: time(&n), end: time(&n), original: timeOrNil(&n),
          days: yes(&n)
            ? nil : MeetingOccurrence.Days(first: n.below(1 << 20), end: -n.below(1 << 20)))
      })
    o.span = MeetingSpan(from: time(&n), through: time(&n), isOpen: yes(&n))
    o.isSeries = yes(&n)
    o.goesOn = yes(&n)
    o.fault = textOrNil(&n)
    o.takesPlace = yes(&n)
    o.first = timeOrNil(&n)
    o.repeats = yes(&n)
    return o
  }

  private func facts(_ n: inout SeededNumbers) -> MeetingFacts {
    var f = MeetingFacts()
    f.kind = MeetingKind(rawValue: UInt8(n.below(3))) ?? .event
    f.uid = text(&n)
    f.role = Config.CalendarRole.allCases[n.below(Config.CalendarRole.allCases.count)]
    f.user = n.below(100) - 1
    f.answer = text(&n)
    f.isPrivate = yes(&n)
    f.isAllDay = yes(&n)
    f.isRecurring = yes(&n)
    f.isCancelled = yes(&n)
    f.isFree = yes(&n)
    f.ownerDeclined = yes(&n)
    f.isFromTask = yes(&n)
    f.created = timeOrNil(&n)
    f.createdSource = CreationBasis(rawValue: UInt8(n.below(3))) ?? .created
    f.start = timeOrNil(&n)
    if yes(&n) { f.occurrences = occurrences(&n) }
    for _ in 0..<n.below(4) {
      f.parties.append(
        MeetingParty(
          key: bytes(&n), email: text(&n), name: text(&n), role: textOrNil(&n),
          status: textOrNil(&n), kind: textOrNil(&n), isResource: yes(&n), isCalendar: yes(&n),
          isOrganizer: yes(&n)))
    }
    return f
  }

  private func fact(_ n: inout SeededNumbers) -> CalendarFact {
    if n.below(5) == 0 {
      var fault = MeetingFault()
      fault.place = place(&n)
      fault.length = n.below(1 << 40)
      fault.message = text(&n)
      if yes(&n) { fault.digest = Digest(words: (n.next(), n.next(), n.next(), n.next())) }
      if yes(&n) { fault.bytes = bytes(&n) }
      return .fault(fault)
    }
    var fact = MeetingFact()
    fact.place = place(&n)
    fact.index = n.below(1 << 32)
    fact.facts = facts(&n)
    fact.hasUID = yes(&n)
    fact.newer = textOrNil(&n)
    fact.sequence = n.below(1 << 31)
    fact.modified = timeOrNil(&n)
    fact.changed = timeOrNil(&n)
    fact.instance = timeOrNil(&n)
    fact.isOverride = yes(&n)
    fact.namesDates = yes(&n)
    if yes(&n) { fact.span = MeetingFact.Span(start: time(&n), end: time(&n)) }
    fact.summary = textOrNil(&n)
    if yes(&n) {
      fact.content = MeetingFact.Content(
        description: textOrNil(&n), location: textOrNil(&n), link: textOrNil(&n),
        provider: text(&n), timeZone: textOrNil(&n), isTentative: yes(&n))
    }
    return .meeting(fact)
  }

  @Test("whatever a component says comes back from the bytes of its fact")
  func roundTrip() throws {
    var n = SeededNumbers(1)
    let out = ByteBuffer()
    let all = (0..<2000).map { _ in fact(&n) }
    for fact in all { fact.write(to: out) }
    var reader = FactReader(out.view)
    for fact in all { #expect(try CalendarFact(from: &reader) == fact) }
    #expect(reader.isAtEnd && !reader.isCut)
  }

  @Test("bytes that end too early are an error, wherever they end")
  func cutOff() {
    var n = SeededNumbers(2)
    for _ in 0..<40 {
      let out = ByteBuffer()
      fact(&n).write(to: out)
      for count in 0..<out.count {
        var reader = FactReader(out.view.prefix(count))
        #expect(throws: FactError.self) { try CalendarFact(from: &reader) }
      }
    }
  }

  @Test("bytes that say something else are read without harm, or an error")
  func damaged() {
    var n = SeededNumbers(3)
    for _ in 0..<4000 {
      let out = ByteBuffer()
      fact(&n).write(to: out)
      var bytes = out.view.array
      for _ in 0..<1 + n.below(3) { bytes[n.below(bytes.count)] = UInt8(n.below(256)) }
      bytes.withByteView { view in
        var reader = FactReader(view)
        _ = try? CalendarFact(from: &reader)
      }
    }
  }
}
