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
  fileprivate var entry: MessageEntry?
  /// Why the entry is no message; nil for one that is.
  fileprivate var error: StaticString?
  fileprivate var state: MailState?
  fileprivate var finding: Finding?
  /// The mail's identity; nil for one that a rule dropped, and until it is hashed.
  fileprivate var id: Digest?

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
/// Mails go through in groups: all of a group are read, then all are decided, then all rendered in
/// their order. The code that one mail needs from end to end is larger than a processor's cache for
/// instructions, and would be fetched anew for each; that of one step is not.
final class MailWorker {
  let run: RunPlan
  private var lanes: [MailLane]
  private let labels = LabelCache()
  private let renderer: MailRenderer
  private let book: RuleBook<MailContext>
  private let hash = SHA256()
  /// How many mails are held side by side at most.
  private static let groupSize = 8
  /// How many bytes of mail: a larger mail is a group of its own, always in the first lane, so that
  /// no other lane ever keeps much memory.
  private static let groupBytes = 256 << 10
  private static let heavy = 8 << 20

  init(run: RunPlan) {
    self.run = run
    lanes = [MailLane(plan: run.mail)]
    renderer = MailRenderer(run: run)
    book = MailRules.book.asked(under: run.mail)
  }

  private func lane(_ i: Int) -> MailLane {
    while lanes.count <= i { lanes.append(MailLane(plan: run.mail)) }
    return lanes[i]
  }

  /// Works through one batch, or through one entry of it; the facts are appended to a buffer of
  /// their own.
  func process(_ work: MailWork, only wanted: MessageEntry? = nil) -> BatchResult {
    let result = run.shared.results.take()
    var count = 0
    var bytes = 0
    for entry in work.batch.entries {
      if let wanted, entry.separatorOffset != wanted.separatorOffset { continue }
      if count == Self.groupSize || (count > 0 && entry.length > Self.groupBytes - bytes) {
        finish(count, work, into: result)
        count = 0
        bytes = 0
      }
      read(entry, work, lane(count))
      count += 1
      bytes += entry.length
      result.bytes += entry.length
    }
    finish(count, work, into: result)
    // Or each worker would keep the texts of the largest mail that it has seen.
    if work.weight > Self.heavy { for lane in lanes { lane.entries.forget() } }
    return result
  }

  // The steps behind reading, of so many mails.
  private func finish(_ count: Int, _ work: MailWork, into result: BatchResult) {
    for i in 0..<count { decide(lanes[i], work) }
    identify(count)
    for i in 0..<count { settle(lanes[i], work, into: result) }
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

  /// Reads one message of a batch; says why when it cannot be read.
  func read(_ entry: MessageEntry, _ work: MailWork) -> StaticString? {
    lanes[0].entries.read(entry, work)
  }

  /// The message last read by ``read(_:_:)``.
  var reader: MessageReader { lanes[0].entries.reader }

  /// What the rules see of it, after ``prepare(_:_:_:)``.
  var context: MailContext { lanes[0].context }

  /// Fills the context with the mail that the reader holds.
  func prepare(_ state: inout MailState, _ entry: MessageEntry, _ batch: MessageBatch) {
    prepare(&state, entry, batch, lanes[0])
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

  private func read(_ entry: MessageEntry, _ work: MailWork, _ lane: MailLane) {
    lane.entry = entry
    lane.id = nil
    lane.error = lane.entries.read(entry, work)
  }

  private func decide(_ lane: MailLane, _ work: MailWork) {
    guard lane.error == nil, let entry = lane.entry else { return }
    var state = MailState(place: work.place(of: entry), source: work.source)
    prepare(&state, entry, work.batch, lane)
    lane.state = consume state
    lane.finding = book.decide(lane.context)
  }

  // Two identities are hashed in little more than the time of one.
  private func identify(_ count: Int) {
    var waiting: MailLane?
    for i in 0..<count where prepareIdentity(lanes[i]) {
      guard let other = waiting else {
        waiting = lanes[i]
        continue
      }
      let found = hash.digests(other.identity.text, lanes[i].identity.text)
      other.id = found.0
      lanes[i].id = found.1
      waiting = nil
    }
    if let waiting { waiting.id = hash.digest(waiting.identity.text) }
  }

  // Puts the identity of a mail that goes on together; true when its text is still to be hashed.
  private func prepareIdentity(_ lane: MailLane) -> Bool {
    if lane.error != nil || lane.finding?.reason != nil { return false }
    let reader = lane.entries.reader
    reader.decodeBodies()
    lane.id = lane.identity.prepare(reader.message, reader.bodies)
    return lane.id == nil
  }

  // Renders what may come of a mail that was decided.
  private func settle(_ lane: MailLane, _ work: MailWork, into result: BatchResult) {
    guard let entry = lane.entry else { return }
    if run.remembers { remember(entry, work) }
    if let error = lane.error {
      renderer.quarantine(
        lane.entries.bytes, error: error, at: work.place(of: entry), work.source, into: result)
      return
    }
    guard let state = lane.state.take(), let finding = lane.finding.take() else { return }
    var fact = MailFact()
    fact.direction = lane.context.direction
    fact.file = state.place.file
    fact.index = state.place.index
    fact.user = state.source.user
    fact.date = state.date ?? .max
    renderer.render(
      &fact, finding, lane.id, state, lane.entries.reader, lane.context,
      extract: lane.entries.extract(_:to:), into: result)
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
