import Bytes
import JSONText
import Mail
import Mailboxes
import Rules
import Text

/// One mail on its way through a worker: what reads it, and what was found out about it so far.
final class MailLane {
  let entries = EntryReader()
  let context: MailContext
  fileprivate let folded = FoldedTexts()
  fileprivate let identity = MailIdentity()
  fileprivate var state: MailState?
  fileprivate var entry: MessageEntry?
  fileprivate var finding: Finding?
  /// The mail's identity; nil for one that a rule dropped, and while ``isUndigested``.
  fileprivate var id: Digest?
  /// True while the identity's text waits to be hashed.
  fileprivate var isUndigested = false

  fileprivate init(plan: MailPlan) {
    context = MailContext(plan: plan)
    let folded = folded
    let reader = entries.reader
    context.asksBulk = { reader.message.isBulk }
    context.asksAutomatic = { reader.message.isAutomatic }
    context.foldedSubject = { folded.subject(of: reader) }
    context.foldedBodies = { folded.bodies(of: reader) }
  }
}

/// Steps 1 to 9 and the rendering of one mail after the other: a pure function of the mail, the
/// plan and the lists. One per worker thread.
///
/// Mails are read and decided two at a time, because two identities are hashed in little more than
/// the time of one; then they are rendered in their order.
final class MailWorker {
  let run: RunPlan
  private let first: MailLane
  private let second: MailLane
  private let labels = LabelCache()
  private let renderer: MailRenderer
  private let questions: MailQuestions
  private let hash = SHA256()
  private static let heavy = 8 << 20
  // Two mails of a heavier batch would take much memory side by side.
  private static let pairable = 2 << 20

  init(run: RunPlan) {
    self.run = run
    first = MailLane(plan: run.mail)
    second = MailLane(plan: run.mail)
    renderer = MailRenderer(run: run)
    questions = MailQuestions(plan: run.mail)
  }

  /// Works through one batch, or through one entry of it; the facts are appended to a buffer of
  /// their own.
  func process(_ work: MailWork, only wanted: MessageEntry? = nil) -> BatchResult {
    let result = run.shared.results.take()
    let batch = work.batch
    let source = work.source
    var isFirstWaiting = false
    for entry in batch.entries {
      if let wanted, entry.separatorOffset != wanted.separatorOffset { continue }
      result.bytes += entry.length
      let place = work.place(of: entry)
      let lane = isFirstWaiting ? second : first
      if let error = lane.entries.read(entry, work) {
        if isFirstWaiting { settle(first, work, into: result) }
        isFirstWaiting = false
        if run.remembers { remember(entry, work) }
        renderer.quarantine(lane.entries.bytes, error: error, at: place, source, into: result)
        continue
      }
      var state = MailState(place: place, source: source)
      prepare(&state, entry, batch, lane)
      lane.state = consume state
      decide(lane)
      lane.entry = entry
      if isFirstWaiting {
        hashPair()
        settle(first, work, into: result)
        settle(second, work, into: result)
        isFirstWaiting = false
      } else if work.weight <= Self.pairable {
        isFirstWaiting = true
      } else {
        settle(first, work, into: result)
      }
    }
    if isFirstWaiting { settle(first, work, into: result) }
    // Or each worker would keep the texts of the largest mail that it has seen.
    if work.weight > Self.heavy {
      first.entries.forget()
      second.entries.forget()
    }
    return result
  }

  /// Tells the renderer where the mail can be read again.
  private func remember(_ entry: MessageEntry, _ work: MailWork) {
    let source = work.source
    var name: [UInt8] = []
    if let found = source.found, found.kind != .mbox {
      let file = Int(entry.file)
      if found.kind == .maildir, file >= 0, file < work.batch.files.count {
        let path = work.batch.files[file]
        let base = path.lastIndex(of: 47).map { Array(path[($0 + 1)...]) } ?? path
        name = SourceMemory.key(folder: source.memoryKey, name: base)
      } else {
        name = source.memoryKey
      }
    }
    let isFile = !name.isEmpty
    renderer.remember(
      source: source.number, separator: isFile ? 0 : entry.separatorOffset, length: entry.length,
      file: name, path: isFile ? name : source.memoryKey)
  }

  /// Reads one message of a batch; false when it cannot be read.
  func read(_ entry: MessageEntry, _ work: MailWork) -> Bool {
    first.entries.read(entry, work) == nil
  }

  /// The message last read by ``read(_:_:)``.
  var reader: MessageReader { first.entries.reader }

  /// What the rules see of it, after ``prepare(_:_:_:)``.
  var context: MailContext { first.context }

  /// Fills the context with the mail that the reader holds.
  func prepare(_ state: inout MailState, _ entry: MessageEntry, _ batch: MessageBatch) {
    prepare(&state, entry, batch, first)
  }

  private func prepare(
    _ state: inout MailState, _ entry: MessageEntry, _ batch: MessageBatch, _ lane: MailLane
  ) {
    let message = lane.entries.reader.message
    let context = lane.context
    state.resolveDate(message, entry: entry, envelope: batch.envelope(entry))
    lane.folded.forget()
    fill(context, message, from: state)
    context.resolveDirection()
    state.resolveFolder(
      message, entry: entry, direction: context.direction, cache: labels, plan: run.folders)
    context.folder = state.isFolderSynced ? .synced : .notSynced
    context.folderName = state.folder
    context.isDeletedInStore = state.isDeleted
  }

  // Asks the rules; the identity of a mail that goes on is put together.
  private func decide(_ lane: MailLane) {
    let finding = questions.decide(lane.context)
    let isDropped = finding.reason != nil
    lane.finding = consume finding
    lane.id = nil
    lane.isUndigested = false
    if isDropped { return }
    let reader = lane.entries.reader
    reader.decodeBodies()
    lane.id = lane.identity.prepare(reader.message, reader.bodies)
    lane.isUndigested = lane.id == nil
  }

  private func hashPair() {
    guard first.isUndigested, second.isUndigested else { return }
    let found = hash.digests(first.identity.text, second.identity.text)
    first.id = found.0
    second.id = found.1
    first.isUndigested = false
    second.isUndigested = false
  }

  /// Renders what may come of a mail that was decided.
  private func settle(_ lane: MailLane, _ work: MailWork, into result: BatchResult) {
    guard let state = lane.state.take(), let finding = lane.finding.take() else { return }
    if run.remembers, let entry = lane.entry { remember(entry, work) }
    if lane.isUndigested { lane.id = hash.digest(lane.identity.text) }
    lane.isUndigested = false
    var fact = MailFact()
    fact.direction = lane.context.direction
    fact.file = state.place.file
    fact.index = state.place.index
    fact.user = state.source.user
    fact.date = state.date ?? .max
    renderer.render(
      &fact, finding, lane.id, state, lane.entries.reader, lane.context,
      extract: lane.entries.extract(_:to:), into: result)
    lane.state = nil
  }

  /// Puts a mail into the words of the rules.
  private func fill(_ c: MailContext, _ m: Message, from state: MailState) {
    c.reset()
    c.user = state.source.user
    c.text = m.text.view
    c.date = state.date
    c.senderAuth =
      switch m.authentication {
      case .unknown: .unknown
      case .none: .none
      case .pass: .pass
      case .fail: .fail
      }
    c.isSenderDoubtful = m.defects.contains(.duplicateFrom) || (m.from?.count ?? 0) > 1
    c.isSenderRewritten = isRewritten(m)
    addParties(.from, m.from, m, c)
    addParties(.to, m.to, m, c)
    addParties(.cc, m.cc, m, c)
    addParties(.bcc, m.bcc, m, c)
    if let range = m.sender, let first = m.addresses[range].first {
      c.senderKey = key(of: first, in: m, c)
    }
    if let list = m.value(.listPost) { c.listKey = listKey(list, c) }
  }

  // By number: to walk through the list itself counts a reference to it.
  private func addParties(
    _ field: AddressFields, _ range: Range<Int>?, _ m: Message, _ c: MailContext
  ) {
    guard let range else { return }
    var i = range.lowerBound
    while i < min(range.upperBound, m.addresses.count) {
      let a = m.addresses[i]
      c.parties.append(
        MailParty(
          field: field, key: key(of: a, in: m, c), address: a.address, name: a.name,
          isTrusted: a.validity == .valid))
      i += 1
    }
  }

  // Lists that may not forge the sender's domain write `Name via List <list@…>`.
  private func isRewritten(_ m: Message) -> Bool {
    guard m.has(.listID) || m.has(.listPost) || m.has(.originalFrom), let range = m.from,
      let first = m.addresses[range].first
    else { return false }
    return m.has(.originalFrom)
      || m.text[first.name].firstRangeIgnoringCase(of: ByteView(" via ")) != nil
  }

  private func key(of a: MailAddress, in m: Message, _ c: MailContext) -> ByteRange {
    if a.address.isEmpty || a.validity == .invalid { return .empty }
    return c.keys.place { _ = AddressKey.append(m.text[a.address], to: c.keys) }
  }

  // RFC 2369: `<mailto:list@example.com>`, perhaps with a query.
  private func listKey(_ value: ByteView, _ c: MailContext) -> ByteRange {
    guard let mailto = value.firstRangeIgnoringCase(of: ByteView("mailto:")) else { return .empty }
    let rest = value.from(mailto + 7)
    var end = 0
    while end < rest.count, rest[end] != 62, rest[end] != 63, !ASCII.isSpace(rest[end]) { end += 1 }
    return c.keys.place { _ = AddressKey.append(rest.prefix(end), to: c.keys) }
  }
}
