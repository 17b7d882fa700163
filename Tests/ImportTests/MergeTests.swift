import Bytes
import Rules
import TestSupport
import Testing

@testable import Import

/// Merges of the same facts, however those are shared out, ordered and repeated.
@Suite(.seeded) struct MergeProperties {
  /// Makes 1,000 sets of facts and tries the laws on each, and any partition of it.
  private func check<Value: Merge, Fact, Seen: Equatable>(
    _ empty: () -> Value, facts: (inout SeededNumbers) -> [Fact], add: (inout Value, Fact) -> Void,
    seen: (Value) -> Seen
  ) {
    for round in 0..<1000 {
      var numbers = SeededNumbers(UInt64(round))
      let all = facts(&numbers)
      func made(_ facts: [Fact]) -> Value { facts.reduce(into: empty(), add) }
      let holds =
        laws(all, &numbers, made: made, seen: seen)
        && partition(all, &numbers, made: made, seen: seen)
      #expect(holds, "round \(round)")
      if !holds { return }
    }
  }

  /// Three parts that may have facts in common: each law by itself.
  private func laws<Value: Merge, Fact, Seen: Equatable>(
    _ all: [Fact], _ numbers: inout SeededNumbers, made: ([Fact]) -> Value, seen: (Value) -> Seen
  ) -> Bool {
    func part() -> [Fact] {
      all.filter { _ in numbers.below(2) == 0 }.shuffled(using: &numbers)
    }
    // Made anew for each use: some of them are objects.
    let (a, b, c) = (part(), part(), part())
    func combined(_ x: Value, _ y: Value) -> Seen { seen(combining(x, y)) }
    func combining(_ x: Value, _ y: Value) -> Value {
      var x = x
      x.combine(y)
      return x
    }
    let isAssociative =
      combined(combining(made(a), made(b)), made(c))
      == combined(made(a), combining(made(b), made(c)))
    let isCommutative = combined(made(a), made(b)) == combined(made(b), made(a))
    let isIdempotent =
      combined(made(a), made(a)) == seen(made(a))
      && combined(combining(made(a), made(b)), made(b)) == combined(made(a), made(b))
    let hasNeutral =
      combined(made(a), made([])) == seen(made(a)) && combined(made([]), made(a)) == seen(made(a))
    #expect(isAssociative, "(a + b) + c is a + (b + c)")
    #expect(isCommutative, "a + b is b + a")
    #expect(isIdempotent, "a + a is a")
    #expect(hasNeutral, "a and nothing is a")
    return isAssociative && isCommutative && isIdempotent && hasNeutral
  }

  /// One part in order, and up to five in any order, in which facts come twice, combined two and
  /// two until one is left.
  private func partition<Value: Merge, Fact, Seen: Equatable>(
    _ all: [Fact], _ numbers: inout SeededNumbers, made: ([Fact]) -> Value, seen: (Value) -> Seen
  ) -> Bool {
    var shares = [[Fact]](repeating: [], count: 1 + numbers.below(5))
    let shared = all + all.filter { _ in numbers.below(3) == 0 }
    for fact in shared.shuffled(using: &numbers) {
      shares[numbers.below(shares.count)].append(fact)
    }
    var parts = shares.map(made)
    while parts.count > 1 {
      let other = parts.remove(at: numbers.below(parts.count))
      let i = numbers.below(parts.count)
      parts[i].combine(other)
      // Twice is once.
      if numbers.below(4) == 0 { parts[i].combine(other) }
    }
    return seen(parts[0]) == seen(made(all))
  }

  /// What an item at a position says is always the same: everything is made of its place.
  private func numbers(_ p: ItemPosition, _ key: Int = 0) -> SeededNumbers {
    SeededNumbers(UInt64(p.file) << 40 | UInt64(p.index) << 8 | UInt64(key))
  }

  private func positions(_ numbers: inout SeededNumbers) -> [ItemPosition] {
    var all: Set<ItemPosition> = []
    for _ in 0..<numbers.below(24) {
      all.insert(ItemPosition(file: numbers.below(3), index: numbers.below(12)))
    }
    return all.sorted()
  }

  @Test("captured leads: any partition and order of the same sightings gives the same leads")
  func capturedLeads() {
    struct Fact {
      var position: ItemPosition
      var key: Int
    }
    check({ CapturedLeads() }) { numbers in
      positions(&numbers).flatMap { p in
        (0..<4).filter { _ in numbers.below(2) == 0 }.map { Fact(position: p, key: $0) }
      }
    } add: { leads, fact in
      var numbers = numbers(fact.position, fact.key)
      if numbers.below(12) == 0 {
        Array("k\(fact.key)".utf8).withByteView { leads.addList($0) }
      }
      let date = numbers.below(5) == 0 ? Int64.max : Int64(numbers.below(4))
      let name = Array((numbers.below(3) == 0 ? "" : "Name \(numbers.below(9))").utf8)
      let origin = LeadOrigin(rawValue: UInt8(numbers.below(10))) ?? .attendee
      let id = Array("id \(fact.position.file) \(fact.position.index)".utf8)
      Array("k\(fact.key)".utf8).withByteView { key in
        name.withByteView { name in
          id.withByteView { id in
            leads.add(
              CapturedLeads.Sighting(
                key: key, name: name, date: date, messageID: id, user: numbers.below(3),
                origin: origin, position: fact.position))
          }
        }
      }
    } seen: { leads in
      (0..<leads.count).compactMap { i in
        leads[i].map { lead in
          "\(lead.key.string) \(lead.date) \(lead.messageID.string) \(lead.user) \(lead.origin) "
            + "\(lead.name.string) \(leads.isFromMail(i)) \(leads.find(lead.key) == nil)"
        }
      }.sorted()
    }
  }

  @Test("kept mails: any partition and order gives the same first ones and the same Message-IDs")
  func identities() {
    func identity(_ p: ItemPosition) -> (id: UInt64, messageID: UInt64) {
      var numbers = numbers(p)
      return (UInt64(numbers.below(8)), UInt64(numbers.below(4)))
    }
    check({ IdentityTable() }) {
      positions(&$0)
    } add: { table, p in
      let (id, messageID) = identity(p)
      table.add((id, 7), messageID: messageID, p)
    } seen: { table in
      (0..<8).map { i in
        table.find((UInt64(i), 7)).map { "\($0.file)#\($0.index)" } ?? ""
      } + ["\(table.count) \(table.reusedMessageIDs)"]
    }
  }

  @Test("versions of meetings: any partition and order gives the same ones that count")
  func versions() {
    check({ MeetingVersions() }) {
      positions(&$0)
    } add: { versions, p in
      var numbers = numbers(p)
      let meeting = MeetingVersions.Meeting(
        owner: numbers.below(2), isConflict: numbers.below(4) == 0, uid: "u\(numbers.below(3))")
      versions.add(
        meeting, instance: numbers.below(2) == 0 ? nil : Int64(numbers.below(3)),
        MeetingVersions.Version(
          sequence: numbers.below(3), modified: Int64(numbers.below(3)), position: p,
          place: "\(p.file)#\(p.index)"))
    } seen: {
      $0
    }
  }

  @Test("shared meetings: any partition and order gives the same keepers")
  func sharedMeetings() {
    check({ SharedMeetings() }) {
      positions(&$0)
    } add: { shared, p in
      var numbers = numbers(p)
      let key = SharedMeetings.Key(
        uid: "u\(numbers.below(3))",
        instance: numbers.below(2) == 0 ? nil : Int64(numbers.below(3)))
      shared.add(
        key,
        SharedMeetings.Copy(
          isOrganizers: numbers.below(3) == 0, position: p, place: "\(p.file)#\(p.index)"))
    } seen: {
      $0
    }
  }

  @Test("busy times: any partition and order gives the same overlaps")
  func busyTimes() {
    check({ BusyTimes() }) { numbers in
      Array(0..<numbers.below(20)).map { $0 + 100 * numbers.below(50) }
    } add: { busy, number in
      var numbers = SeededNumbers(UInt64(number))
      let start = Int64(numbers.below(20))
      busy.add(
        BusyTimes.Row(
          owner: Int32(numbers.below(2)), task: numbers.below(4) == 0 ? -1 : Int32(number % 100),
          start: start, end: start + Int64(numbers.below(8)), meeting: UInt64(numbers.below(6)),
          key: (UInt64(number), 1)))
    } seen: { busy in
      busy.conflicts(tasks: 100).mapValues { $0.map(\.0) }
    }
  }
}
