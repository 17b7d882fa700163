import Bytes
import CPlatform
import Glibc
import Ledger
import Mailboxes

/// What earlier runs read, and where this one begins (contract section 6): an mbox that only grew is
/// read from where it ended, files of one message that are unchanged are not opened.
///
/// An mbox is the one that was read when device and inode are the same, the sampled blocks before
/// the end of the last reading are, and so are the separators of the last 100 messages before it.
/// Times of change alone prove nothing. What lies between the samples may have been changed without
/// being seen: `ledger check --deep` and `import --rescan` read everything.
///
/// Decides before the pipeline starts; while it runs only ``skipsFile(_:_:)`` and ``note(_:of:)``
/// are called, by one thread at a time.
final class SourceMemory: @unchecked Sendable {
  /// How much of a source is to be read.
  enum Start {
    /// All of it.
    case whole
    /// From an offset on.
    case from(offset: Int, index: Int, dialect: MailboxDialect?)
    /// Nothing is new.
    case nothing
  }

  /// One source of the run.
  private struct Entry {
    var path: [UInt8]
    var state: FileState?
    var known: KnownSource?
    var start = Start.whole
    var id: SourceID?
    var separators: [Int] = []
    var unread = 0
  }

  /// A file of one message that an earlier run read: enough to see that it is the same.
  private struct KnownFile {
    var id: SourceID
    var inode: Int64
    var size: Int64
    var modified: Int64
  }

  /// A file of one message that this run reads.
  private struct ReadFile {
    var path: [UInt8]
    var state: FileState
    var old: SourceID?
    var id: SourceID?
  }

  private let book: LedgerBook
  private var entries: [Int: Entry] = [:]
  private var knownFiles: [[UInt8]: KnownFile] = [:]
  private var readFiles: [[UInt8]: ReadFile] = [:]
  private let readsOn: Bool
  // In a retry: the sources that are read, and no others.
  private let retried: Set<[UInt8]>?
  private static let mailboxNote: UInt8 = 1
  private static let fileNote: UInt8 = 2

  /// - Parameter retried: The only sources that are read, from their beginning; nil for a usual run.
  init(
    book: LedgerBook, sources: [ResolvedSource], retried: Set<[UInt8]>? = nil
  ) throws {
    self.book = book
    self.retried = retried
    readsOn = book.isSameSetup || retried != nil
    var mailboxes: [[UInt8]: KnownSource] = [:]
    try book.reader.forEachSource { known in
      if known.state.note?.first == Self.fileNote {
        knownFiles[known.state.path] = KnownFile(
          id: known.id, inode: known.state.inode, size: known.state.size,
          modified: known.state.modified)
      } else {
        mailboxes[known.state.path] = known
      }
      return true
    }
    for (i, source) in sources.enumerated() where source.role == nil {
      let path = Self.key(source.found)
      switch source.found.kind {
      case .mbox: entries[i] = mailbox(source.found, path, mailboxes[path])
      case .eml, .emlx:
        var entry = Entry(path: path, state: FileState(path: source.found.path))
        if skips(path, entry.state) {
          entry.start = .nothing
          entry.unread = 1
        }
        entries[i] = entry
      default: entries[i] = Entry(path: path)
      }
    }
  }

  /// What names a source in the ledger: its path from the root, links resolved.
  static func key(_ found: FoundSource) -> [UInt8] {
    let path = found.path.withByteView(\.string)
    // A name that is no UTF-8 stays as it is.
    return Array(path.utf8) == found.path ? Array(Paths.real(path).utf8) : found.path
  }

  // MARK: Before the pipeline

  private func mailbox(_ found: FoundSource, _ path: [UInt8], _ known: KnownSource?) -> Entry {
    var entry = Entry(path: path, state: FileState(path: found.path), known: known)
    if let retried, !retried.contains(path) {
      // What is new in it waits for the next import.
      entry.start = .nothing
      return entry
    }
    if retried == nil, readsOn, let known, let state = entry.state,
      isSame(found, state, known.state)
    {
      entry.id = known.id
      entry.unread = Int(clamping: known.state.items)
      if known.state.offset == state.size || found.isGzip {
        entry.start = .nothing
      } else {
        let code = known.state.note.flatMap(Self.dialect)
        entry.start = .from(
          offset: Int(clamping: known.state.offset), index: entry.unread, dialect: code)
      }
    } else {
      entry.id = book.session.newSource()
    }
    return entry
  }

  private func isSame(_ found: FoundSource, _ now: FileState, _ then: SourceState) -> Bool {
    guard now.device == then.device, now.inode == then.inode, now.size >= then.offset,
      then.offset >= 0
    else { return false }
    let path = found.path.withByteView(\.string)
    // Offsets in a compressed file are of no use: it is the same as a whole, or read as a whole.
    if found.isGzip, now.size != then.size { return false }
    let end = found.isGzip ? Int(clamping: now.size) : Int(clamping: then.offset)
    guard let print = Fingerprint.of(path, whole: false, upTo: end)?.fingerprint,
      then.fingerprint == Self.bytes(print)
    else { return false }
    if found.isGzip { return true }
    guard let marks = then.marks.flatMap({ SeparatorMarks(stored: $0) }) else { return false }
    let fd = cplatform_open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0)
    guard fd >= 0 else { return false }
    defer { close(fd) }
    return marks.hold(in: fd)
  }

  private static func bytes(_ d: Digest) -> [UInt8] { withUnsafeBytes(of: d.words) { Array($0) } }

  private static func note(_ dialect: MailboxDialect?) -> [UInt8] {
    guard let code = dialect?.code else { return [mailboxNote] }
    return [mailboxNote] + (0..<4).map { UInt8(truncatingIfNeeded: code >> UInt32(8 * $0)) }
  }

  private static func dialect(_ note: [UInt8]) -> MailboxDialect? {
    guard note.count == 5 else { return nil }
    var code: UInt32 = 0
    for i in 0..<4 { code |= UInt32(note[i + 1]) << UInt32(8 * i) }
    return MailboxDialect(code: code)
  }

  private func skips(_ path: [UInt8], _ state: FileState?) -> Bool {
    guard let state else { return false }
    if let retried {
      if retried.contains(path) {
        readFiles[path] = ReadFile(path: path, state: state, old: knownFiles[path]?.id)
        return false
      }
      return true
    }
    let known = knownFiles[path]
    let isSame =
      readsOn
      && known.map {
        $0.inode == state.inode && $0.size == state.size && $0.modified == state.modified
      } ?? false
    if !isSame { readFiles[path] = ReadFile(path: path, state: state, old: known?.id) }
    return isSame
  }

  /// How much of the source with this number is to be read.
  func start(_ number: Int) -> Start { entries[number]?.start ?? .whole }

  /// Messages that are not read again, of all sources.
  var unread: Int { entries.values.reduce(0) { $0 + $1.unread } }

  /// How a mail of an earlier run can be read again.
  struct Again {
    /// The number of its source in this run.
    var source: Int
    var found: FoundSource
    var dialect: MailboxDialect?
  }

  /// Where the source with that id is found in this run, as far as it was not read from its
  /// beginning; nil when it was, or when it is not there.
  func again(_ known: KnownSource, _ sources: [ResolvedSource]) -> Again? {
    let path = known.state.path
    for (i, entry) in entries {
      switch sources[i].found.kind {
      case .mbox where entry.path == path:
        if case .whole = entry.start { return nil }
        return Again(
          source: i, found: sources[i].found,
          dialect: known.state.note.flatMap(Self.dialect))
      case .eml, .emlx:
        if entry.path == path, readFiles[path] == nil {
          return Again(source: i, found: sources[i].found)
        }
      case .maildir where path.starts(with: entry.path + [47]):
        let base = path[(entry.path.count + 1)...]
        if readFiles[path] != nil { return nil }
        if let file = Self.file(of: sources[i].found, base: base) {
          return Again(source: i, found: file)
        }
      default: break
      }
    }
    return nil
  }

  /// True where the source of an earlier run is read from its beginning in this one.
  func isReadAgain(_ known: KnownSource) -> Bool {
    if readFiles[known.state.path] != nil { return true }
    for entry in entries.values where entry.path == known.state.path {
      if case .whole = entry.start { return true }
    }
    return false
  }

  // A Maildir's message by its unique name, wherever it lies now and whatever its flags are.
  private static func file(of maildir: FoundSource, base: ArraySlice<UInt8>) -> FoundSource? {
    let root = maildir.path.withByteView(\.string)
    for folder in ["cur", "new"] {
      for name in Paths.entries(of: Paths.join(root, folder)) {
        let bytes = Array(name.utf8)
        guard bytes.starts(with: base),
          bytes.count == base.count || bytes[base.count] == 58
        else { continue }
        var file = maildir
        file.kind = .eml
        file.relative += [Array(folder.utf8), bytes]
        return file
      }
    }
    return nil
  }

  // MARK: In the pipeline

  /// True for a file of a Maildir that is not to be opened. `folder` is the Maildir's key.
  func skipsFile(_ number: Int, folder: [UInt8], isNew: Bool, name: [UInt8], full: [UInt8]) -> Bool
  {
    let path = Self.key(folder: folder, name: name)
    guard skips(path, FileState(path: full)) else { return false }
    entries[number]?.unread += 1
    return true
  }

  /// What names a Maildir's message whatever its flags are and whether it was seen.
  static func key(folder: [UInt8], name: [UInt8]) -> [UInt8] {
    var base = name[...]
    if let colon = name.lastIndex(of: 58) { base = name[..<colon] }
    return folder + [47] + base
  }

  /// Notes the separators of a batch of the source with this number.
  func note(_ batch: MessageBatch, of number: Int) {
    guard entries[number] != nil else { return }
    entries[number]?.separators += batch.entries.suffix(SeparatorMarks.limit).map(\.separatorOffset)
    let extra = (entries[number]?.separators.count ?? 0) - SeparatorMarks.limit
    if extra > 0 { entries[number]?.separators.removeFirst(extra) }
  }

  // MARK: After the pipeline

  /// The ledger's number of the source that a mail stands in.
  ///
  /// - Parameter file: The path key of the mail's own file in a Maildir or of an EML; nil in an mbox.
  func id(of number: Int, file: [UInt8]?) -> SourceID? {
    guard let file else { return entries[number]?.id }
    if let id = readFiles[file]?.id { return id }
    let id = book.session.newSource()
    readFiles[file]?.id = id
    return id
  }

  /// Writes down what was read.
  func finish(_ sources: [ResolvedSource], _ summaries: [MailboxSummary]) throws {
    for (i, source) in sources.enumerated() {
      guard let entry = entries[i], i < summaries.count, summaries[i].error == nil else { continue }
      if case .nothing = entry.start { continue }
      if source.found.kind == .mbox { try finish(source, entry, summaries[i]) }
    }
    for file in readFiles.values {
      let id = file.id ?? book.session.newSource()
      var state = SourceState(path: file.path)
      Self.fill(&state, file.state)
      state.items = 1
      state.note = [Self.fileNote]
      try book.session.setSource(id, state)
      if let old = file.old { try book.session.dropSource(old) }
    }
  }

  private func finish(
    _ source: ResolvedSource, _ entry: Entry, _ summary: MailboxSummary
  ) throws {
    guard let id = entry.id, let now = entry.state else { return }
    var state = SourceState(path: entry.path)
    Self.fill(&state, now)
    let isResumed = if case .from = entry.start { true } else { false }
    state.offset = Int64(clamping: summary.endOffset)
    state.items = Int64(clamping: entry.unread + summary.messages)
    let known = entry.known?.state
    // What `ledger check --deep` digested still begins the file.
    state.digest = isResumed ? known?.digest : nil
    state.note = isResumed ? known?.note : Self.note(summary.dialect)
    let path = source.found.path.withByteView(\.string)
    let end = source.found.isGzip ? Int(clamping: now.size) : summary.endOffset
    guard let print = Fingerprint.of(path, whole: false, upTo: end)?.fingerprint else { return }
    state.fingerprint = Self.bytes(print)
    if !source.found.isGzip {
      let fd = cplatform_open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0)
      guard fd >= 0 else { return }
      defer { close(fd) }
      let old = isResumed ? known?.marks.flatMap { SeparatorMarks(stored: $0) } : nil
      let offsets = (old?.list.map(\.offset) ?? []) + entry.separators
      // A file without a proof is read whole the next time.
      state.marks = SeparatorMarks(offsets, descriptor: fd)?.stored ?? []
    }
    try book.session.setSource(id, state)
    if !isResumed, let old = entry.known { try book.session.dropSource(old.id) }
  }

  private static func fill(_ state: inout SourceState, _ file: FileState) {
    state.device = file.device
    state.inode = file.inode
    state.size = file.size
    state.modified = file.modified
    state.changed = file.changed
  }
}
