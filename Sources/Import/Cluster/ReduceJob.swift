import Bytes
import Records
import Rules

/// Settles the items of a run from their facts, key by key.
final class ReduceJob {
  private let steps: RunSteps
  private let sources: FactSources
  private let rounds: FactRounds
  private let fields = ActivityFields()
  private let record = ByteBuffer(capacity: 4096)
  private let stored = ByteBuffer(capacity: 256)
  // Items of each source.
  private var settled: [Int]

  init(_ steps: RunSteps, _ sources: FactSources, _ rounds: FactRounds) {
    self.steps = steps
    self.sources = sources
    self.rounds = rounds
    settled = [Int](repeating: 0, count: sources.facts.count)
  }

  /// Takes both rounds to their ends.
  ///
  /// - Parameter isPart: Other items are settled elsewhere.
  func run(_ first: FirstRound, isPart: Bool) throws {
    try first.combine(steps, sources)
    while let group = try rounds.nextGroup(in: .items) { try settle(group) }
    if !isPart { try sources.check(settled: settled) }
  }

  private func settle(_ group: FactGroup) throws {
    guard let row = group.rows.first else { return }
    let fact = try rounds.decoder.read(group.json(row), line: row.line)
    if fact.kind.equals("mail") { return try settleMails(group) }
    if fact.kind.equals("event") { return try settleMeetings(group) }
    guard fact.kind.equals("unreadable") else { throw fact.misplaced }
    // All lines of the key are of one place.
    let (fault, source) = try steps.calendars.fault(fact, sources)
    if !source.isInvitation { settled[source.number] += 1 }
    try steps.calendars.quarantine(fault, source)
  }

  // MARK: Mail

  // The copies of a mail in their order, each once.
  private func settleMails(_ group: FactGroup) throws {
    var rows = try group.rows.map { row in
      (row: row, position: try position(of: row, in: group))
    }
    if rows.count > 1 {
      rows.sort { $0.position < $1.position }
      rows = rows.enumerated().filter {
        $0.offset == 0 || rows[$0.offset - 1].position < $0.element.position
      }
      .map(\.element)
    }
    try steps.merge.settleCopies(rows.count) { i, mail in
      try read(rows[i].row, at: rows[i].position, in: group, into: mail)
    }
  }

  private func mailFact(_ row: FactGroup.Row, in group: FactGroup) throws -> FactDecoder.Fact {
    let fact = try rounds.decoder.read(group.json(row), line: row.line)
    guard fact.kind.equals("mail") else { throw fact.misplaced }
    return fact
  }

  private func position(of row: FactGroup.Row, in group: FactGroup) throws -> ItemPosition {
    let place = try mailFact(row, in: group).walk { c in
      var place = FactPlace()
      place.walk(&c)
      return place
    }
    guard let position = sources.position(place) else { throw FactSources.unknown(row.line) }
    return position
  }

  private func read(
    _ row: FactGroup.Row, at position: ItemPosition, in group: FactGroup, into mail: MailFact
  ) throws {
    let fact = try mailFact(row, in: group)
    var origin = MailFact.Origin()
    let hasRecord = try fact.walk { mail.walk(&$0, &origin, fields) }
    let key = Digest(hex: group.key.view)?.words
    mail.identity = mail.verdict.reason == nil ? (key?.0 ?? 0, key?.1 ?? 0) : (0, 0)
    mail.rendered = nil
    mail.memory = nil
    mail.listKey = .empty
    mail.invitation = .empty
    record.removeAll()
    stored.removeAll()
    if hasRecord {
      var c = FactBytesWriter(w: FactWriter(out: record))
      fields.walk(&c)
      let w = FactWriter(out: stored)
      for a in fields.attachments ?? [] where a.kept { w.digest(a.sha256.digest) }
    }
    mail.record = record.view
    mail.stored = stored.view
    let source = sources.number(origin.source.string) ?? -1
    mail.place.source = source
    mail.place.index = Int(position.index)
    mail.standing = MailFact.Standing(position: position)
    settled[source] += 1
  }

  // MARK: Meetings

  private func settleMeetings(_ group: FactGroup) throws {
    var items: [MeetingItem] = []
    try rounds.forEach(group) { fact in
      guard fact.kind.equals("event") else { throw fact.misplaced }
      items.append(try steps.calendars.item(fact, sources))
    }
    items.sort { $0.position < $1.position }
    var last: ItemPosition?
    items = items.filter { item in
      defer { last = item.position }
      return last != item.position
    }
    for item in items where !item.source.isInvitation { settled[item.source.number] += 1 }
    try steps.calendars.settle(group: items)
  }

  /// Items of each source that were settled, by name.
  var tally: [PartState.Settled] {
    sources.facts.indices.filter { settled[$0] > 0 }.map {
      PartState.Settled(source: sources.facts[$0].name.text, items: settled[$0])
    }
  }
}
