import Bytes
import Mailboxes
import Rules

/// The sources of a run over facts: put together of what each part of it said of those that it
/// read.
struct FactSources {
  /// In their order; of one that was read in parts the sum.
  private(set) var facts: [SourceFact] = []
  private var numbers: [String: Int] = [:]
  // For each source: items before each part, by the part's first byte.
  private var before: [[Int: Int]] = []
  // For each source, the number of its first file in the run.
  private var firstFile: [Int] = []

  /// Puts the parts together.
  ///
  /// - Throws: ``RunError`` 65 where a part of a file is missing, or there are two sources in one
  ///   place.
  init(_ parts: [SourceFact]) throws {
    var byName: [String: [SourceFact]] = [:]
    for part in parts {
      byName[part.name.text, default: []].append(part)
    }
    var files = 0
    for (name, parts) in byName.sorted(by: { $0.key < $1.key }) {
      numbers[name] = facts.count
      firstFile.append(files)
      var (sum, before) = try Self.sum(parts)
      sum.files = min(max(1, sum.files), Int(UInt32.max >> 1))
      files = min(files + sum.files, Int(UInt32.max >> 1))
      facts.append(sum)
      self.before.append(before)
    }
  }

  /// The number of a source; nil where nothing was said of it.
  func number(_ name: String) -> Int? { numbers[name] }

  /// Where an item stands in the run; nil where nothing was said of its part of the file.
  func position(_ place: FactPlace) -> ItemPosition? {
    guard let number = numbers[place.source], let items = before[number][place.from] else {
      return nil
    }
    return ItemPosition(
      file: firstFile[number] + max(0, min(place.file, facts[number].files - 1)),
      index: items.clampedSum(place.index))
  }

  /// The same as facts name it.
  func place(_ position: ItemPosition) -> FactPlace {
    let file = Int(position.file)
    guard let number = firstFile.lastIndex(where: { $0 <= file }) else { return FactPlace() }
    let items = before[number].filter { $0.value <= Int(position.index) }
    // Of parts that begin with the same item the last: those before it are empty.
    let part = items.max { ($0.value, $0.key) < ($1.value, $1.key) }
    return FactPlace(
      source: facts[number].name.text, file: file - firstFile[number], from: part?.key ?? 0,
      index: Int(position.index) - (part?.value ?? 0))
  }

  /// What the plan of a run asks.
  func resolved(_ notes: [RunNote]) throws -> SourceResolver.Result {
    var result = SourceResolver.Result()
    let lists = Set(notes.map(\.guessed))
    if lists.count > 1 {
      throw RunError(
        .configuration,
        "no users list is configured, and parts of the run found out different owners, so that what is internal mail to one is not to another; list the users, or let every map see all sources",
        details: lists.map { Plain.line($0.sorted().joined(separator: ", ")) }.sorted())
    }
    result.guessedUsers = (lists.first ?? []).map { Array($0.utf8) }
    result.warnings = Set(notes.flatMap(\.warnings)).sorted()
    result.sources = facts.map { fact in
      var source = ResolvedSource(
        found: FoundSource(
          path: Array(fact.path.utf8), kind: SourceKind(rawValue: fact.kind) ?? .other,
          size: fact.size),
        user: fact.user, ownerName: fact.owner, display: fact.path, rootDisplay: fact.path,
        isFolderByPlace: false)
      source.role = Config.CalendarRole(rawValue: fact.role)
      source.rank = fact.rank
      return source
    }
    return result
  }

  /// Makes sure that every item of every source has come to a decision, and to one.
  ///
  /// - Parameter settled: Items of each source that were settled.
  /// - Throws: ``RunError`` 65.
  func check(settled: [Int]) throws {
    let wrong = facts.indices.filter { settled[$0] != facts[$0].items }
    if wrong.isEmpty { return }
    let isDoubled = wrong.contains { settled[$0] > facts[$0].items }
    throw RunError(
      .badSource,
      isDoubled
        ? "items were settled twice: two parts were given facts of the same keys, or a file was moved between two maps; nothing was published"
        : "facts of items are missing; nothing was published",
      details: wrong.prefix(20).map {
        "\(Plain.line(facts[$0].path)): \(settled[$0]) of \(facts[$0].items) items"
      })
  }

  // MARK: Parts of a file

  private static func sum(_ parts: [SourceFact]) throws -> (SourceFact, [Int: Int]) {
    var sum = parts[0]
    if let other = parts.first(where: { !$0.isSameFile(sum) }) {
      func shown(_ part: SourceFact) -> String {
        let owner = part.owner.isEmpty ? "nobody" : Plain.line(part.owner)
        let print = part.look.fingerprint.map { ", fingerprint \($0.hex(bytes: 4))" } ?? ""
        return "\(part.size) bytes of \(owner)\(print)"
      }
      throw RunError(
        .badSource,
        "\(Plain.line(sum.path)): the facts tell of two different files (\(shown(sum)); \(shown(other))): it was changed between two maps, or two files have this name; map it again"
      )
    }
    let (chosen, before) = try chain(parts)
    sum = chosen[0]
    for part in chosen.dropFirst() { sum.add(part) }
    sum.notes = Set(chosen.flatMap(\.notes)).sorted()
    return (sum, before)
  }

  // Parts that follow each other from the file's first byte to its last; whatever other parts there
  // are, the items before each of them follow from these where it begins where one of them does.
  private static func chain(_ parts: [SourceFact]) throws -> ([SourceFact], [Int: Int]) {
    var items: [Int: Int] = [0: 0]
    var previous: [Int: SourceFact] = [:]
    let sorted = parts.sorted { ($0.part.from, $0.part.to) < ($1.part.from, $1.part.to) }
    let end = max(sorted[0].size, sorted.map(\.part.to).max() ?? 0)
    for part in sorted {
      guard let before = items[part.part.from], part.part.to > part.part.from || end == 0,
        items[part.part.to] == nil
      else { continue }
      items[part.part.to] = before.clampedSum(part.items)
      previous[part.part.to] = part
    }
    var chosen: [SourceFact] = []
    var at = end
    while at > 0, let part = previous[at] {
      chosen.append(part)
      at = part.part.from
    }
    if end == 0 { return ([sorted[0]], [0: 0]) }
    guard at == 0 else {
      let reached = items.keys.max() ?? 0
      let next = sorted.map(\.part.from).filter { $0 > reached }.min() ?? end
      let isOverlap = sorted.contains { items[$0.part.from] == nil && $0.part.from < reached }
      throw RunError(
        .badSource,
        isOverlap
          ? "\(Plain.line(sorted[0].path)): ranges overlap, and none begins where another one ends, at byte \(reached); give reduce ranges that follow each other"
          : "\(Plain.line(sorted[0].path)): the facts of bytes \(reached) to \(next) are missing; give reduce those of every --range"
      )
    }
    return (chosen.reversed(), items)
  }
}

extension Int {
  /// The sum of two counts that somebody else wrote: none below 0, none beyond 32 bits.
  fileprivate func clampedSum(_ other: Int) -> Int {
    let most = Int(UInt32.max)
    return Swift.min(Swift.max(0, self), most) + Swift.min(Swift.max(0, other), most)
  }
}

extension SourceFact {
  /// True for what another map said of the same file while it was the same.
  fileprivate func isSameFile(_ other: SourceFact) -> Bool {
    kind == other.kind && owner == other.owner && role == other.role && size == other.size
      && look.fingerprint == other.look.fingerprint
  }

  /// What names it in facts.
  var name: SourceName { SourceName(rank: rank, path: path) }

  /// Adds what was found in the part of the file after it.
  fileprivate mutating func add(_ part: SourceFact) {
    self.part.to = part.part.to
    items = items.clampedSum(part.items)
    found.doubtfulLines = found.doubtfulLines.clampedSum(part.found.doubtfulLines)
    found.doubtful = Array(
      (found.doubtful + part.found.doubtful).prefix(MailboxSummary.doubtfulLimit))
    found.skippedBytes = found.skippedBytes.clampedSum(part.found.skippedBytes)
    found.cutSeparatorBytes = found.cutSeparatorBytes.clampedSum(part.found.cutSeparatorBytes)
    found.pseudoMessages = found.pseudoMessages.clampedSum(part.found.pseudoMessages)
  }
}
