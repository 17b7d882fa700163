import Bytes
import Records
import TestSupport
import Testing

@testable import Import

/// Numbers as evenly spread as a hash, the same in every run.
private func mixed(_ i: Int) -> UInt64 {
  var x = UInt64(truncatingIfNeeded: i) &+ 0x9E37_79B9_7F4A_7C15
  x = (x ^ (x >> 30)) &* 0xBF58_476D_1CE4_E5B9
  x = (x ^ (x >> 27)) &* 0x94D0_49BB_1331_11EB
  return x ^ (x >> 31)
}

@Suite struct LeadKeys {
  @Test func aRememberedKeyIsTheKey() {
    let keys = LeadKeyCache()
    let hash = SHA256()
    // More addresses than are remembered, of lengths that are and are not; each comes again.
    for round in 0..<3 {
      for i in 0..<2000 {
        let name = String(repeating: "n", count: i % 70)
        let address = Array("\(name)\(i / 70)@x.example".utf8.dropLast(i % 5 == 0 ? 9 : 0))
        address.withByteView {
          #expect(keys.key(of: $0, hash) == RecordKeys.lead($0, hash), "\(round) \(i)")
        }
      }
    }
  }
}

@Suite struct Identities {
  @Test func theFirstMailUnderAnIdentityIsFound() {
    var table = IdentityTable()
    for i in 0..<10_000 {
      let isReused = table.insert(
        (mixed(i), UInt64(i)), messageID: 0, ItemPosition(file: i % 7, index: i))
      #expect(!isReused)
    }
    for i in 0..<10_000 {
      let hit = table.find((mixed(i), UInt64(i)))
      #expect(hit == ItemPosition(file: i % 7, index: i))
    }
    #expect(table.find((1, 2)) == nil)
    #expect(table.find((mixed(5), 6)) == nil)
  }

  @Test func anotherMailWithAMessageIDThatWasThereIsTold() {
    var table = IdentityTable()
    var told: [Bool] = []
    for (i, id) in [5, 5, 0, 0, 6, 5].enumerated() as EnumeratedSequence<[UInt64]> {
      told.append(table.insert((mixed(i), 0), messageID: id, ItemPosition(file: 0, index: i)))
    }
    #expect(told == [false, true, false, false, false, true])
    for i in 10..<5000 {
      let isReused = table.insert(
        (mixed(i), 0), messageID: mixed(i) | 1, ItemPosition(file: 0, index: i))
      #expect(!isReused)
    }
    let isReused = table.insert((1, 1), messageID: mixed(4999) | 1, ItemPosition(file: 0, index: 0))
    #expect(isReused)
  }

  @Test func aMessageIDAfterManyMailsWithoutIsRemembered() {
    var table = IdentityTable()
    for i in 0..<5_000 {
      _ = table.insert((mixed(i), 0), messageID: 0, ItemPosition(file: 0, index: i))
      if i % 1_000 == 999 {
        let ids = (0..<2).map { _ in
          table.insert(
            (mixed(i + 100_000), 0), messageID: mixed(i) | 1, ItemPosition(file: 0, index: i))
        }
        #expect(ids == [false, true])
      }
    }
    for i in [999, 4999] {
      let isReused = table.insert(
        (mixed(i), 1), messageID: mixed(i) | 1, ItemPosition(file: 0, index: i))
      #expect(isReused)
    }
  }

  /// Each mail is looked for among those with its Message-ID: of all of them only the first is
  /// there.
  @Test(.slow) func aMessageIDThatAllMailsShareDoesNotSlowTheTableDown() {
    expectLinear(25_000, make: { $0 }) { mails in
      var table = IdentityTable()
      var reused = 0
      for i in 0..<mails
      where table.insert((mixed(i), 0), messageID: 77, ItemPosition(file: 0, index: i)) {
        reused += 1
      }
      #expect(reused == mails - 1)
      // Neither parts that are put together nor one that grows look through all of them again.
      var parts = IdentityTable()
      for i in stride(from: mails, to: 0, by: -1) {
        parts.add((mixed(i), 0), messageID: 77, ItemPosition(file: 1, index: i))
      }
      parts.combine(table)
      #expect(parts.count == mails + 1 && parts.reusedMessageIDs == mails)
    }
  }

  @Test func aKeptMailTakesLessThan64Bytes() {
    var table = IdentityTable()
    var most = 0.0
    for i in 0..<400_000 {
      _ = table.insert((mixed(i), 0), messageID: mixed(i) | 1, ItemPosition(file: 0, index: i))
      if i >= 100_000 { most = max(most, Double(table.footprint) / Double(table.count)) }
    }
    #expect(most < 60, "\(most)")
  }

  @Test func digestsAreFoundByTheirFirstBytes() {
    var set = DigestSet()
    for _ in 0..<2 { for i in 0..<20_000 { set.insert(mixed(i)) } }
    #expect((0..<20_000).allSatisfy { set.contains(mixed($0)) })
    #expect(!set.contains(mixed(20_000)) && !set.contains(0))
    #expect(set.footprint < 20_000 * 24)
  }
}

@Suite struct Texts {
  @Test func textsOfAllSizesComeBack() {
    let store = TextStore()
    let sizes = [0, 1, 7, 8, 9, 255, 256, 257, 300, 5000, 1 << 20, (1 << 20) + 1, 3 << 20]
    let texts = sizes.enumerated().map { i, n in [UInt8](repeating: UInt8(65 + i), count: n) }
    var places = texts.map { $0.withByteView { store.add($0) } }
    func isRight(_ place: TextStore.Place, _ text: [UInt8]) -> Bool {
      text.withByteView { store[place].equals($0) }
    }
    for i in texts.indices { #expect(isRight(places[i], texts[i]), "\(sizes[i])") }
    // Each takes the next one's place and size, twice around.
    for round in 1...2 * sizes.count {
      for i in places.indices {
        texts[(i + round) % texts.count].withByteView { store.replace(&places[i], with: $0) }
      }
      for i in places.indices {
        let next = (i + round) % texts.count
        #expect(isRight(places[i], texts[next]), "\(sizes[i]) \(sizes[next])")
      }
    }
  }

  @Test func placesOfReplacedTextsAreUsedAgain() {
    let store = TextStore()
    var places = (0..<100).map { _ in store.add(ByteView("a")) }
    for round in 0..<1000 {
      let text = [UInt8](repeating: 66, count: mixed(round).trailingZeroBitCount * 37 + 1)
      text.withByteView { store.replace(&places[round % 100], with: $0) }
    }
    #expect(store.footprint == 1 << 20)
  }

  @Test func pathsAreNamedByNumber() {
    let paths = PathTable()
    func number(_ source: Int, _ path: String) -> Int {
      path.withByteView { paths.number(source: source, path: $0) }
    }
    #expect(number(0, "a") == 0 && number(0, "a") == 0)
    for i in 0..<50_000 { #expect(number(1, "maildir/cur/\(i):2,S") == 1 + i) }
    #expect(number(2, "last") == 50_001 && number(3, "last") == 50_002)
    #expect(paths.name(of: 0, index: 3) == "a#3")
    #expect(paths.name(of: 40_001, index: 0) == "maildir/cur/40000:2,S#0")
    #expect(paths.name(of: 50_001, index: 0) == "last#0")
    #expect(paths.name(of: 50_003, index: 7) == "#7")
  }
}

@Suite struct CapturedLeadMemory {
  /// Rows are set aside by the 16,384, texts by the MiB and rounded up to 8 bytes: beyond that
  /// nothing.
  @Test func aLeadTakes75BytesAndItsTexts() {
    let mebibyte = 1 << 20
    let set = CapturedLeads()
    let fact = MailFact()
    var text = 0
    // From the newest mail to the oldest, so that each lead changes with each of its mails; each
    // Message-ID is as long as the one before, so that it takes its place.
    for i in 0..<300_000 {
      let person = i % 100_000
      let key = Array("person.number.\(person)@firm\(person % 977).example".utf8)
      let random = 1_000_000_000 + mixed(i) % 1_000_000_000
      let id = Array("\(random).\(100_000 + person)@mail.firm.example".utf8)
      let name = Array("Person \(person)".utf8)
      if i < 100_000 { text += [key, id, name].map { ($0.count + 7) / 8 * 8 }.reduce(0, +) }
      key.withByteView { key in
        id.withByteView { id in
          name.withByteView { name in
            fact.date = Int64(1_000_000 - i)
            fact.messageID = id
            var v = FactAddress()
            v.key = key
            v.name = name
            set.add(.init(v, of: fact, at: ItemPosition(file: 0, index: i)))
          }
        }
      }
      guard i % 1000 == 999 || i >= 299_000 else { continue }
      let texts = (text / mebibyte + 1) * mebibyte
      let isWithin = set.footprint <= set.count * 75 + mebibyte + texts
      #expect(isWithin, "\(set.footprint) bytes for \(set.count) leads with \(text) bytes of text")
      if !isWithin { return }
    }
    #expect(set.count == 100_000)
  }

  @Test func leadsAreWrittenByDateThenAddress() {
    let set = CapturedLeads()
    let fact = MailFact()
    for (i, key) in (["d", "c", "b", "a"] as [StaticString]).enumerated() {
      fact.date = i == 0 ? .max : 7 - Int64(i / 3)
      var v = FactAddress()
      v.key = ByteView(key)
      set.add(.init(v, of: fact, at: ItemPosition(file: 0, index: i)))
      if let lead = set.find(v.key), lead != 1 { set.markWritten(lead) }
    }
    #expect(set.written().compactMap { set[$0]?.key.string } == ["a", "b", "d"])
  }
}
