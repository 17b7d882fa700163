import Bytes
import Glibc
import Records
import TestSupport
import Testing

@testable import Import
@testable import Rules

private struct Broken: Error, Equatable {}

/// How many were inside at once.
private final class Gauge: @unchecked Sendable {
  private let monitor = Monitor()
  private var inside = 0
  private(set) var most = 0

  func enter() {
    monitor.locked {
      inside += 1
      most = max(most, inside)
    }
  }

  func leave() { monitor.locked { inside -= 1 } }
}

/// Counts up to a number on whatever thread asks.
private final class Counter: @unchecked Sendable {
  private let monitor = Monitor()
  private var next = 0
  let end: Int
  let failsAt: Int?

  init(to end: Int, failsAt: Int? = nil) {
    self.end = end
    self.failsAt = failsAt
  }

  func take() throws -> Int? {
    try monitor.locked {
      if next == failsAt { throw Broken() }
      guard next < end else { return nil }
      next += 1
      return next - 1
    }
  }

  var taken: Int { monitor.locked { next } }
}

@Suite struct Pipelines {
  @Test(arguments: [1, 2, 3, 8])
  func resultsComeInTheOrderOfProduction(_ jobs: Int) throws {
    let counter = Counter(to: 500)
    var seen: [Int] = []
    try OrderedPipeline<Int, Int>.run(
      jobs: jobs, produce: { try counter.take() },
      makeWorker: {
        { n in
          // Uneven work, so that results overtake each other.
          var x = n
          for _ in 0..<(n % 7) * 1000 { x = x &* 31 &+ 1 }
          return x == Int.min ? -1 : n * 2
        }
      }, consume: { seen.append($0) })
    #expect(seen == (0..<500).map { $0 * 2 })
  }

  @Test(arguments: [1, 4])
  func aFailureOfTheProducerEndsTheRunAfterWhatItGave(_ jobs: Int) {
    let counter = Counter(to: 500, failsAt: 40)
    var seen = 0
    #expect(throws: Broken.self) {
      try OrderedPipeline<Int, Int>.run(
        jobs: jobs, produce: { try counter.take() }, makeWorker: { { $0 } },
        consume: { _ in seen += 1 })
    }
    #expect(seen == 40)
  }

  @Test(arguments: [1, 4])
  func aFailureOfTheConsumerStopsProduction(_ jobs: Int) {
    let counter = Counter(to: 1_000_000)
    #expect(throws: Broken.self) {
      try OrderedPipeline<Int, Int>.run(
        jobs: jobs, produce: { try counter.take() }, makeWorker: { { $0 } },
        consume: { if $0 == 10 { throw Broken() } })
    }
    #expect(counter.taken < 100)
  }

  @Test func whateverAThreadIsAtWhenTheConsumerFailsTheRunEnds() {
    for round in 0..<2_000 {
      let counter = Counter(to: 1_000_000)
      #expect(throws: Broken.self) {
        try OrderedPipeline<Int, Int>.run(
          jobs: 2 + round % 3, produce: { try counter.take() }, makeWorker: { { $0 } },
          consume: { if $0 == round % 20 { throw Broken() } })
      }
    }
  }

  @Test(arguments: [2, 4])
  func productionWaitsWhileHeavyItemsAreUnderWay(_ jobs: Int) throws {
    let counter = Counter(to: 300)
    let gauge = Gauge()
    var seen: [Int] = []
    try OrderedPipeline<Int, Int>.run(
      jobs: jobs, budget: 100, weigh: { $0 % 10 == 0 ? 100 : 1 },
      produce: { try counter.take() },
      makeWorker: {
        { n in
          guard n % 10 == 0 else { return n }
          gauge.enter()
          usleep(200)
          gauge.leave()
          return n
        }
      }, consume: { seen.append($0) })
    #expect(seen == Array(0..<300))
    #expect(gauge.most == 1)
  }
}

@Suite struct Facts {
  @Test func whatIsWrittenIsReadBack() {
    let out = ByteBuffer()
    let fact = MailFact()
    fact.verdict.reason = .noKeyword
    fact.verdict.isAmbiguous = true
    fact.identity = (7, .max)
    fact.date = -5
    fact.user = 3
    fact.direction = .outbound
    fact.place = MailFact.Place(
      source: 12, path: ByteView("a/b.mbox"), index: 345_678, offset: 1 << 40)
    fact.messageID = ByteView("id@x")
    fact.verdict.rule = ByteView("email.outbound.keywords")
    fact.rendered = MailFact.Rendered()
    fact.rendered?.shared.json = ByteView("{}")
    var v = FactAddress()
    v.mayCapture = true
    v.field = .cc
    v.key = ByteView("a@b.example")
    v.name = ByteView("Ann")
    fact.variants = [v, FactAddress()]
    fact.write(to: out)
    MailFact().write(to: out)

    var reader = FactReader(out.view)
    let read = MailFact()
    read.read(from: &reader)
    #expect(read.verdict.reason == .noKeyword)
    #expect(read.verdict.isAmbiguous)
    #expect(read.identity == (7, .max))
    #expect(read.date == -5)
    #expect(read.user == 3)
    #expect(read.direction == .outbound)
    #expect(read.place.source == 12 && read.place.path.equals("a/b.mbox"))
    #expect(read.place.index == 345_678 && read.place.offset == 1 << 40)
    #expect(read.messageID.equals("id@x"))
    #expect(read.verdict.rule.equals("email.outbound.keywords"))
    #expect(read.rendered?.shared.json.equals("{}") == true)
    #expect(read.variants.count == 2)
    #expect(read.variants[0].mayCapture && !read.variants[0].isKnown)
    #expect(read.variants[0].field == .cc)
    #expect(read.variants[0].key.equals("a@b.example"))
    read.read(from: &reader)
    #expect(read.verdict.reason == nil && read.user == -1 && read.variants.isEmpty)
    #expect(read.rendered == nil)
    #expect(reader.isAtEnd)
  }

  @Test func cutOffFactsAreReadWithoutHarm() {
    let out = ByteBuffer()
    let fact = MailFact()
    fact.variants = [FactAddress(), FactAddress()]
    fact.rendered = MailFact.Rendered()
    fact.rendered?.head = ByteView("head")
    fact.write(to: out)
    for n in 0..<out.count {
      var reader = FactReader(out.view.prefix(n))
      let read = MailFact()
      read.read(from: &reader)
      #expect(read.variants.count <= 2)
    }
  }
}

@Suite struct LeadSets {
  private struct Mention {
    var key: StaticString
    var name: StaticString
    var date: Int64
    var position: Int
  }

  private func leads(_ mentions: [Mention]) -> [String] {
    let set = CapturedLeads()
    for m in mentions {
      let fact = MailFact()
      fact.date = m.date
      fact.user = m.position
      fact.messageID = ByteView("id")
      var v = FactAddress()
      v.key = ByteView(m.key)
      v.name = ByteView(m.name)
      set.add(.init(v, of: fact, at: ItemPosition(file: 0, index: m.position)))
    }
    return (0..<set.count).compactMap { set[$0] }.map {
      "\($0.key.string) \($0.date) \($0.user) \($0.name.string)"
    }.sorted()
  }

  @Test(.seeded) func theOrderOfTheMailDoesNotMatter() {
    let mentions = [
      Mention(key: "a@x", name: "", date: 30, position: 0),
      Mention(key: "a@x", name: "Ann", date: 20, position: 1),
      Mention(key: "b@x", name: "Bob", date: .max, position: 2),
      Mention(key: "a@x", name: "", date: 10, position: 3),
      Mention(key: "a@x", name: "Anna", date: 20, position: 4),
      Mention(key: "b@x", name: "", date: 50, position: 5),
    ]
    let wanted = leads(mentions)
    #expect(wanted == ["a@x 10 3 Ann", "b@x 50 5 Bob"])
    var numbers = SeededNumbers()
    for _ in 0..<50 { #expect(leads(mentions.shuffled(using: &numbers)) == wanted) }
    #expect(leads(mentions + mentions) == wanted)
  }

  @Test func aListsOwnAddressIsNoLead() {
    let set = CapturedLeads()
    var v = FactAddress()
    v.key = ByteView("list@x")
    set.add(.init(v, of: MailFact(), at: ItemPosition(file: 0, index: 0)))
    #expect(set.find(ByteView("list@x")) != nil)
    set.addList(ByteView("list@x"))
    #expect(set.find(ByteView("list@x")) == nil)
  }
}

@Suite struct PersonNames {
  @Test(arguments: [
    ("Ann Smith", "Ann", "Smith", "Ann Smith"), ("Smith, Ann", "Ann", "Smith", "Ann Smith"),
    ("\"Smith, Ann\"", "Ann", "Smith", "Ann Smith"), ("Ann", "Ann", "", "Ann"),
    ("Ann via Friends List", "Ann", "", "Ann"), ("ann@client.example", "", "", ""),
    ("", "", "", ""),
    ("Maria  del   Mar", "Maria del", "Mar", "Maria del Mar"),
  ])
  func namesAreTakenApartAsFarAsTheySay(_ c: (String, String, String, String)) {
    let name = PersonName(displayName: c.0)
    #expect((name.first, name.last, name.full) == (c.1, c.2, c.3))
  }
}
