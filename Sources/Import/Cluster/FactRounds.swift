import Bytes
import Rules

/// Facts in their rounds, key by key.
final class FactRounds {
  private let input: FactInput
  let decoder: FactDecoder
  private let isGrouped: Bool
  private let group = FactGroup()
  private let last = ByteBuffer(capacity: 64)
  private var keys = DigestSet()
  private var isAtEnd = false
  // The next line that was not looked at; it holds until the next one is read.
  private var pending: FactLine?

  init(_ input: FactInput, _ decoder: FactDecoder, isGrouped: Bool) {
    self.input = input
    self.decoder = decoder
    self.isGrouped = isGrouped
  }

  private func peek() throws -> FactLine? {
    if pending == nil, !isAtEnd {
      pending = try input.next()
      isAtEnd = pending == nil
    }
    return pending
  }

  /// All lines of the next key in a round; nil where the round is over.
  func nextGroup(in round: FactRound) throws -> FactGroup? {
    guard let line = try peek(), line.round == round else {
      if let line = pending, line.round.rawValue < round.rawValue {
        throw RunError(
          .badSource,
          "\(FactInput.place(line.number)): a line of the round of leads behind items; rounds come in order: sort with LC_ALL=C sort"
        )
      }
      return nil
    }
    try check(line)
    group.begin(line)
    while let line = try peek(), group.rows.isEmpty || group.holds(line) {
      try group.add(line)
      pending = nil
    }
    return group
  }

  private func check(_ line: FactLine) throws {
    if isGrouped {
      guard let digest = Digest(hex: line.key) else { return }
      let word = digest.words.0 ^ UInt64(line.round.rawValue)
      if keys.contains(word) {
        throw RunError(
          .badSource,
          "\(FactInput.place(line.number)): lines of one key do not stand together, so that copies would not meet; group or sort them"
        )
      }
      return keys.insert(word)
    }
    let isBehind =
      last.isEmpty || last.view[0] < line.round.rawValue
      || last.view.from(1).buffer.lexicographicallyPrecedes(line.key.buffer)
    guard isBehind else {
      throw RunError(
        .badSource,
        "\(FactInput.place(line.number)): keys are out of order; sort with LC_ALL=C sort, or give --grouped where lines of a key stand together"
      )
    }
    last.removeAll()
    last.append(line.round.rawValue)
    last.append(line.key)
  }

  /// Calls `body` with each line of a group.
  func forEach(_ group: FactGroup, _ body: (FactDecoder.Fact) throws -> Void) throws {
    for row in group.rows { try body(decoder.read(group.json(row), line: row.line)) }
  }

  /// Reads the round of leads.
  func readLeads() throws -> FirstRound {
    let first = try FirstRound(self)
    while let group = try nextGroup(in: .leads) { try first.take(group) }
    if first.notes.isEmpty {
      throw RunError(
        .badSource,
        "standard input: no facts of the first round (keys with a:); look whether winnow map failed, nothing was published"
      )
    }
    return first
  }
}
