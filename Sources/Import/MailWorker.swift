import Bytes
import JSONText
import Mail
import Mailboxes
import Rules
import Text

/// Steps 1 to 9 and the rendering of one mail after the other: a pure function of the mail, the
/// plan and the lists. One per worker thread.
final class MailWorker {
  let run: RunPlan
  private let entries = EntryReader()
  let context: MailContext
  private let folded = FoldedTexts()
  private let labels = LabelCache()
  private let renderer: MailRenderer
  private let questions: MailQuestions
  private static let heavy = 8 << 20

  init(run: RunPlan) {
    self.run = run
    context = MailContext(plan: run.mail)
    renderer = MailRenderer(run: run)
    questions = MailQuestions(plan: run.mail)
    let folded = folded
    let reader = entries.reader
    context.asksBulk = { reader.message.isBulk }
    context.asksAutomatic = { reader.message.isAutomatic }
    context.foldedSubject = { folded.subject(of: reader) }
    context.foldedBodies = { folded.bodies(of: reader) }
  }

  /// Works through one batch; the facts are appended to a buffer of their own.
  func process(_ work: MailWork) -> BatchResult {
    let result = run.shared.results.take()
    let batch = work.batch
    let source = work.source
    for entry in batch.entries {
      result.bytes += entry.length
      let place = work.place(of: entry)
      if let error = entries.read(entry, work) {
        renderer.quarantine(entries.bytes, error: error, at: place, source, into: result)
        continue
      }
      var state = MailState(place: place, source: source)
      prepare(&state, entry, batch)
      settle(state, into: result)
    }
    // Or each worker would keep the texts of the largest mail that it has seen.
    if work.weight > Self.heavy { entries.forget() }
    return result
  }

  /// Reads one message of a batch; false when it cannot be read.
  func read(_ entry: MessageEntry, _ work: MailWork) -> Bool {
    entries.read(entry, work) == nil
  }

  /// The message last read.
  var reader: MessageReader { entries.reader }

  /// Fills the context with the mail that the reader holds.
  func prepare(_ state: inout MailState, _ entry: MessageEntry, _ batch: MessageBatch) {
    state.resolveDate(reader.message, entry: entry, envelope: batch.envelope(entry))
    fill(context, from: state)
    context.resolveDirection()
    state.resolveFolder(
      reader.message, entry: entry, direction: context.direction, cache: labels,
      plan: run.folders)
    context.folder = state.isFolderSynced ? .synced : .notSynced
    context.folderName = state.folder
    context.isDeletedInStore = state.isDeleted
  }

  /// Decides one mail that was read, and renders what may come of it.
  private func settle(_ state: MailState, into result: BatchResult) {
    let finding = questions.decide(context)
    var fact = MailFact()
    fact.direction = context.direction
    fact.file = state.place.file
    fact.index = state.place.index
    fact.user = state.source.user
    fact.date = state.date ?? .max
    renderer.render(
      &fact, finding, state, reader, context, extract: entries.extract(_:to:), into: result)
  }

  /// Puts a mail into the words of the rules.
  private func fill(_ c: MailContext, from state: MailState) {
    let m = reader.message
    folded.forget()
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
