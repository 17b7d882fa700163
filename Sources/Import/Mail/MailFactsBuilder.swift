import Bytes
import Mail
import Mailboxes
import Rules
import Text

/// Puts mails into the words of the rules, one after the other into the same facts.
final class MailFactsBuilder {
  /// The facts of the mail last filled in.
  let facts: MailFacts
  private let texts: FoldedTexts
  private let labels: LabelCache
  // Whose folder and owner the facts hold: mails of one source come in long runs.
  private var source: MailboxContext?

  /// - Parameters:
  ///   - reader: Holds each mail for as long as rules are asked about it.
  ///   - labels: The thread's own.
  init(_ reader: MessageReader, labels: LabelCache) {
    texts = FoldedTexts(reader)
    facts = MailFacts(text: reader.message.text, texts: texts)
    self.labels = labels
  }

  /// Fills the facts with a message that its reader holds; what belongs to its records, the date
  /// and the labels, goes into `state`, too.
  func fill(_ m: Message, _ state: inout MailState, _ entry: MessageEntry, _ batch: MessageBatch) {
    begin(state.source)
    state.resolveDate(m, entry: entry, envelope: batch.envelope(entry))
    facts.date = state.date
    facts.senderAuth =
      switch m.authentication {
      case .unknown: .unknown
      case .none: .none
      case .pass: .pass
      case .fail: .fail
      }
    facts.isSenderDoubtful = m.defects.contains(.duplicateFrom) || (m.from?.count ?? 0) > 1
    facts.isSenderRewritten = Self.isRewritten(m)
    addParties(m)
    if let range = m.sender, let first = m.addresses[range].first {
      facts.senderKey = Self.key(of: first, m.text, facts.keys)
    }
    if let list = m.value(.listPost) { facts.listKey = listKey(list) }
    fillFolder(m, entry, &state)
  }

  /// Fills the facts with an item of which nothing but its fault is known.
  func fill(fault: StaticString, _ source: MailboxContext) {
    begin(source)
    facts.fault = fault
  }

  private func begin(_ source: MailboxContext) {
    texts.forget()
    facts.reset()
    if source === self.source { return }
    self.source = source
    facts.owner = source.ownerName
    facts.folder = source.folder
  }

  private func fillFolder(_ m: Message, _ entry: MessageEntry, _ state: inout MailState) {
    // Set only where they change: what follows from the folder holds from mail to mail.
    let isDraft = entry.store.contains(.draft)
    if facts.folder.isDraft != isDraft { facts.folder.isDraft = isDraft }
    var isDeleted = entry.store.contains(.deleted)
    if let status = m.value(.mozillaStatus), StoreFlags.mozilla(status).contains(.deleted) {
      isDeleted = true
    }
    if facts.folder.isDeleted != isDeleted { facts.folder.isDeleted = isDeleted }
    if let raw = m.value(.gmailLabels) {
      let found = labels.labels(raw)
      state.labels = found.names
      facts.folder.labels = found.facts
    } else if facts.folder.labels != nil {
      facts.folder.labels = nil
    }
  }

  // In one function: each that is called counts references to the lists anew.
  private func addParties(_ m: Message) {
    let (parties, keys, addresses, text) = (facts.parties, facts.keys, m.addresses, m.text)
    func add(_ field: AddressFields, _ range: Range<Int>?) {
      guard let range else { return }
      var i = range.lowerBound
      while i < min(range.upperBound, addresses.count) {
        let a = addresses[i]
        parties.append(
          MailParty(
            field: field, key: Self.key(of: a, text, keys), address: a.address, name: a.name,
            isTrusted: a.validity == .valid))
        i += 1
      }
    }
    add(.from, m.from)
    add(.to, m.to)
    add(.cc, m.cc)
    add(.bcc, m.bcc)
  }

  // Lists that may not forge the sender's domain write `Name via List <list@…>`.
  private static func isRewritten(_ m: Message) -> Bool {
    guard m.has(.listID) || m.has(.listPost) || m.has(.originalFrom), let range = m.from,
      let first = m.addresses[range].first
    else { return false }
    return m.has(.originalFrom)
      || m.text[first.name].firstRangeIgnoringCase(of: ByteView(" via ")) != nil
  }

  @inline(__always)
  private static func key(
    of a: MailAddress, _ text: ByteBuffer, _ keys: ByteBuffer
  ) -> ByteRange {
    if a.address.isEmpty || a.validity == .invalid { return .empty }
    let start = keys.count
    _ = AddressKey.append(text[a.address], to: keys)
    return ByteRange(start: start, count: keys.count - start)
  }

  // RFC 2369: `<mailto:list@example.com>`, perhaps with a query.
  private func listKey(_ value: ByteView) -> ByteRange {
    guard let mailto = value.firstRangeIgnoringCase(of: ByteView("mailto:")) else { return .empty }
    let rest = value.from(mailto + 7)
    var end = 0
    while end < rest.count, rest[end] != 62, rest[end] != 63, !ASCII.isSpace(rest[end]) { end += 1 }
    return facts.keys.place { _ = AddressKey.append(rest.prefix(end), to: facts.keys) }
  }
}
