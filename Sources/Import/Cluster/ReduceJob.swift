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
    if fact.kind.equals("mail") {
      if group.rows.count > 1 { return try settleCopies(group) }
      let position = try position(of: fact)
      return try steps.merge.settleCopies(1) { _, mail in
        try read(fact, at: position, key: group.key.view, into: mail)
      }
    }
    if fact.kind.equals("event") { return try settleMeetings(group) }
    guard fact.kind.equals("unreadable") else { throw fact.misplaced }
    // All lines of the key are of one place.
    let (fault, source) = try steps.calendars.fault(fact, sources)
    if !source.isInvitation { settled[source.number] += 1 }
    try steps.calendars.quarantine(fault, source)
  }

  // MARK: Mail

  // The copies of a mail in their order, each once.
  private func settleCopies(_ group: FactGroup) throws {
    var rows: [(position: ItemPosition, row: FactGroup.Row)] = []
    for row in group.rows {
      rows.append((try position(of: mailFact(row, in: group)), row))
    }
    rows = rows.inOrder(\.position)
    try steps.merge.settleCopies(rows.count) { i, mail in
      try read(
        mailFact(rows[i].row, in: group), at: rows[i].position, key: group.key.view, into: mail)
    }
  }

  private func mailFact(_ row: FactGroup.Row, in group: FactGroup) throws -> FactDecoder.Fact {
    let fact = try rounds.decoder.read(group.json(row), line: row.line)
    guard fact.kind.equals("mail") else { throw fact.misplaced }
    return fact
  }

  private func position(of fact: FactDecoder.Fact) throws -> ItemPosition {
    let place = try fact.walk { c in
      var place = FactPlace()
      place.walk(&c)
      return place
    }
    guard let position = sources.position(place) else { throw fact.unknown }
    return position
  }

  private func read(
    _ fact: FactDecoder.Fact, at position: ItemPosition, key: ByteView, into mail: MailFact
  ) throws {
    var origin = MailFact.Origin()
    let hasRecord = try fact.walk { mail.walk(&$0, &origin, fields) }
    let words = Digest(hex: key)?.words
    mail.identity = mail.verdict.reason == nil ? (words?.0 ?? 0, words?.1 ?? 0) : (0, 0)
    mail.rendered = nil
    mail.memory = nil
    mail.invitation = .empty
    guard steps.merge.captured.covers(mail) else {
      throw RunError(
        .badSource,
        "\(FactInput.place(fact.line)): the fact of an address that this mail makes a lead, or of its mailing list, is missing; give every reduce all facts of the round of leads"
      )
    }
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
    guard let source = sources.number(origin.source.string) else { throw fact.unknown }
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
    items = items.inOrder(\.position)
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

extension Array {
  /// By their places in the run, one of each place.
  fileprivate func inOrder(_ position: (Element) -> ItemPosition) -> [Element] {
    var last: ItemPosition?
    return sorted { position($0) < position($1) }.filter { element in
      defer { last = position(element) }
      return last != position(element)
    }
  }
}
