import Bytes
import Ledger
import Rules

/// What the ledger knows of mail, asked and told while a run settles: which records were published,
/// which addresses are leads, whose mail waits for an address to become one.
final class MailMemory {
  private let book: LedgerBook
  private let sources: SourceMemory
  private let hasLeads: Bool
  private let hasLists: Bool
  private var isListCache: [[UInt8]: Bool] = [:]
  private var isLeadCache: [[UInt8]: Bool] = [:]
  private var words: [String: WordID] = [:]
  private let users: [String]
  private let privacyShowsText: Bool
  // What earlier runs could not read.
  private let quarantined: Set<RecordKey>

  /// - Parameters:
  ///   - users: The ids of the plan's users.
  ///   - showsText: False where `output.privacy` keeps subjects out of everything that is stored.
  init(book: LedgerBook, sources: SourceMemory, users: [String], showsText: Bool) throws {
    self.book = book
    self.sources = sources
    self.users = users
    privacyShowsText = showsText
    var any = false
    try book.reader.forEachLead { _ in
      any = true
      return false
    }
    hasLeads = any
    quarantined = try book.quarantined()
    hasLists = try book.reader.hasLists()
  }

  /// True when earlier runs could not read something.
  var hasQuarantined: Bool { !quarantined.isEmpty }

  /// True when earlier runs captured any lead.
  var knowsLeads: Bool { hasLeads }

  /// True when an earlier run captured a lead with this address.
  func isLead(_ key: ByteView) throws -> Bool {
    guard hasLeads else { return false }
    let text = key.array
    if let known = isLeadCache[text] { return known }
    if isLeadCache.count > 100_000 { isLeadCache.removeAll() }
    let found = try book.reader.lead(address: key.string) != nil
    isLeadCache[text] = found
    return found
  }

  /// Notes the address of a mailing list.
  func keepList(_ key: ByteView) throws {
    if try isList(key) { return }
    isListCache[key.array] = true
    try book.session.keepList(AddressHash(address: key))
  }

  /// True when an earlier run saw that the address is a mailing list's.
  func isList(_ key: ByteView) throws -> Bool {
    if !hasLists, isListCache.isEmpty { return false }
    let text = key.array
    if let known = isListCache[text] { return known }
    guard hasLists else { return false }
    if isListCache.count > 100_000 { isListCache.removeAll() }
    let found = try book.reader.isList(AddressHash(address: key))
    isListCache[text] = found
    return found
  }

  /// For each record, by its key in hexadecimal, whether it was published before.
  func arePublished(_ records: [ByteView]) throws -> [Bool] {
    let keys = records.map { RecordKey(hex: $0) ?? RecordKey(words: (0, 0)) }
    return try book.reader.published(keys).map { $0 != nil }
  }

  /// Notes that this run publishes a record.
  func publish(_ record: ByteView, _ kind: RecordKind) throws {
    guard let key = RecordKey(hex: record) else { return }
    try book.session.publishNew(key, kind)
  }

  /// Notes a lead that this run writes.
  func capture(_ lead: CapturedLeads.Lead, key: Digest, owner: String) throws {
    let record = RecordKey(key)
    try book.session.publishNew(record, .lead)
    try book.session.capture(
      CapturedLead(
        address: lead.key.string, key: record, name: lead.name.isEmpty ? nil : lead.name.string,
        owner: owner.isEmpty ? nil : try word(owner),
        firstSeen: lead.date == .max ? nil : lead.date,
        firstMessageID: lead.messageID.isEmpty ? nil : lead.messageID.string))
  }

  /// The number of a word in the ledger.
  func word(_ text: String) throws -> WordID {
    if let id = words[text] { return id }
    let id = try book.session.word(text)
    words[text] = id
    return id
  }

  /// Keeps a mail in mind for the day when one of these addresses becomes a lead.
  func keep(_ fact: MailFact, for addresses: [ByteView]) throws {
    guard !addresses.isEmpty, let place = place(of: fact) else { return }
    for a in addresses { try book.session.keepForBackfill(AddressHash(address: a), place) }
  }

  private func place(of fact: MailFact) -> StoredPlace? {
    guard let m = fact.memory else { return nil }
    let file = m.file.isEmpty ? nil : m.file.array
    guard let id = sources.id(of: fact.place.source, file: file) else { return nil }
    return StoredPlace(
      source: id, offset: Int64(m.separator), length: Int64(m.length),
      item: Int64(fact.place.index))
  }

  /// Writes down a decision for the log.
  func decide(_ fact: MailFact, _ reason: Reason, hits: ReusedList<Int>) throws {
    guard let m = fact.memory else { return }
    let outcome = reason.outcome
    var d = DecisionRow(
      kind: .mail, outcome: Self.outcome(outcome),
      direction: fact.direction == .outbound ? .outbound : .inbound,
      reason: try word(reason.rawValue))
    d.user = try user(fact.user)
    d.date = fact.date == .max ? nil : fact.date
    if fact.identity != (0, 0) { d.item = RecordKey(words: fact.identity) }
    if privacyShowsText { d.subject = m.subject }
    for i in hits where i < fact.variants.count {
      let v = fact.variants[i]
      d.leads.append(LeadNote(id: v.id, name: v.isKnown ? v.leadName : v.name, address: v.key))
      if let key = RecordKey(hex: v.record) { d.records.append(key) }
      if !v.isKnown { d.isCapture = true }
    }
    try book.session.decide(d)
    if outcome == .quarantined {
      try quarantine(
        path: m.path, offset: m.separator, length: m.length, index: fact.place.index,
        owner: try user(fact.user), error: fact.verdict.matched.string)
    } else if hasQuarantined {
      try resolve(path: m.path, offset: m.separator)
    }
  }

  private func user(_ i: Int) throws -> WordID? {
    i >= 0 && i < users.count ? try word(users[i]) : nil
  }

  static func outcome(_ o: Outcome) -> ItemOutcome {
    switch o {
    case .kept: .kept
    case .dropped: .dropped
    case .quarantined: .quarantined
    }
  }

  /// Notes that an item could not be read; again counts an attempt more.
  func quarantine(
    path: ByteView, offset: Int, isInvitation: Bool = false, length: Int, index: Int,
    owner: WordID?, error: String
  ) throws {
    // Nothing could read it again.
    if SourceMemory.isPipe(path) { return }
    try book.session.quarantine(
      QuarantinedItem(
        item: Self.item(path, offset, isInvitation), path: path.array, offset: Int64(offset),
        length: Int64(length), number: Int64(index), owner: owner, error: error))
  }

  /// Notes that an item could be read, if an earlier run could not.
  func resolve(path: ByteView, offset: Int, isInvitation: Bool = false) throws {
    guard hasQuarantined else { return }
    let item = Self.item(path, offset, isInvitation)
    if quarantined.contains(item) { try book.session.resolveQuarantined(item) }
  }

  // A mail and the invitation in it lie at the same place.
  private static func item(_ path: ByteView, _ offset: Int, _ isInvitation: Bool) -> RecordKey {
    let hash = SHA256()
    let text = ByteBuffer(capacity: 256)
    text.append("quarantine\0")
    text.append(path)
    text.append(0)
    text.append(decimal: offset)
    if isInvitation { text.append("\0invitation") }
    hash.update(text.view)
    return RecordKey(hash.finish())
  }
}

/// What a fact carries for the ledger: where its mail can be read again, and what the log shows.
struct LedgerNote {
  /// Where the mail's separator line begins, in bytes; of a file of its own 0.
  var separator = 0
  /// Bytes of the mail.
  var length = 0
  /// What names its own file, in a Maildir or for an EML; empty in an mbox.
  var file: ByteView = .empty
  /// The path of its file, to read it again.
  var path: ByteView = .empty
  /// Its subject, cut.
  var subject: ByteView = .empty
  /// The addresses that hit several leads of which none was taken, each followed by LF.
  var ambiguous: ByteView = .empty

  /// ``ambiguous``, parted.
  var ambiguousAddresses: [ByteView] {
    var list: [ByteView] = []
    var at = 0
    while let end = ambiguous.firstIndex(of: 10, from: at) {
      list.append(ambiguous.slice(at, end))
      at = end + 1
    }
    return list
  }

  /// Bytes of a subject that are kept.
  static let longestSubject = 300

  /// Appends it.
  func write(to w: FactWriter) {
    w.u64(UInt64(clamping: separator))
    w.u64(UInt64(clamping: length))
    w.bytes(file)
    w.bytes(path)
    w.bytes(subject)
    w.bytes(ambiguous)
  }

  /// Reads what ``write(to:)`` wrote.
  init(from view: ByteView) {
    var r = FactReader(view)
    separator = Int(clamping: r.u64())
    length = Int(clamping: r.u64())
    file = r.bytes()
    path = r.bytes()
    subject = r.bytes()
    ambiguous = r.bytes()
  }

  /// Nothing.
  init() {}
}
