import Bytes
import CPlatform
import Glibc
import Ledger
import Mailboxes

/// What earlier runs read, and where this one begins: an mbox that only grew is read from where it
/// ended, files of one message that are unchanged are not opened.
///
/// An mbox is the one that was read when device and inode are the same, the sampled blocks before
/// the end of the last reading are, and so are the separators of the last 100 messages before it;
/// and where the reading ended, the file ends or a separator stands. A source is read on only with
/// the configuration, the users and the owner that it was read with before. What changed while it
/// was read is not noted, and read again by the next run. Times of change alone prove nothing. What
/// lies between the samples may have been changed without being seen: `ledger check --deep` and
/// `import --rescan` read everything.
///
/// Decides before the pipeline starts; while it runs only ``skipsFile(_:folder:isNew:name:full:)``,
/// ``holdsBack(_:_:of:)`` and ``note(_:of:)`` are called, by one thread at a time.
package final class SourceMemory: @unchecked Sendable {
  /// How much of a source is to be read.
  enum Start {
    /// All of it.
    case whole
    /// From an offset on.
    case from(offset: Int, index: Int, dialect: MailboxDialect?)
    /// Nothing is new.
    case nothing
  }

  private let book: LedgerBook
  private var entries: [Int: Entry] = [:]
  private var knownFiles: [[UInt8]: KnownFile] = [:]
  private var readFiles: [[UInt8]: ReadFile] = [:]
  // In a retry: the sources that are read, and no others.
  private let retried: Set<[UInt8]>?
  private static let mailboxNote: UInt8 = 1
  private static let fileNote: UInt8 = 2

  /// - Parameter retried: The only sources that are read, from their beginning; nil for a usual
  ///   run.
  init(
    book: LedgerBook, sources: [ResolvedSource], retried: Set<[UInt8]>? = nil
  ) throws {
    self.book = book
    self.retried = retried
    var mailboxes: [[UInt8]: KnownSource] = [:]
    try book.reader.forEachSource { known in
      if known.state.note?.first == Self.fileNote {
        knownFiles[known.state.path] = KnownFile(
          id: known.id, inode: known.state.inode, size: known.state.size,
          modified: known.state.modified, isCurrent: book.isCurrent(known),
          owner: known.state.owner)
      } else {
        mailboxes[known.state.path] = known
      }
      return true
    }
    // What came through a pipe is known by its mail alone.
    for (i, source) in sources.enumerated() where source.role == nil && source.found.pipe == nil {
      let path = Self.key(source.found)
      let owner = source.ownerName.isEmpty ? nil : try book.session.word(source.ownerName)
      switch source.found.kind {
      case .mbox: entries[i] = mailbox(source.found, path, mailboxes[path], owner)
      case .eml, .emlx:
        var entry = Entry(path: path, state: FileState(path: source.found.path))
        entry.owner = owner
        if skips(path, entry.state, owner) {
          entry.start = .nothing
          entry.unread = 1
        }
        entries[i] = entry
      default:
        entries[i] = Entry(path: path)
        entries[i]?.owner = owner
      }
      entries[i]?.found = source.found.path
      entries[i]?.isFile = source.found.kind == .eml || source.found.kind == .emlx
      entries[i]?.isMaildir = source.found.kind == .maildir
    }
  }

  /// What names a source in the ledger: its path from the root, links resolved.
  static func key(_ found: FoundSource) -> [UInt8] {
    if found.pipe != nil { return found.path }
    let path = found.path.withByteView(\.string)
    // A name that is no UTF-8 stays as it is.
    return Array(path.utf8) == found.path ? Array(Paths.real(path).utf8) : found.path
  }

  /// True for the key of what came through a pipe, which is another one in the next run.
  static func isPipe(_ key: ByteView) -> Bool { key.hasPrefix("/proc/self/fd/") }

  // MARK: Before the pipeline

  private func mailbox(
    _ found: FoundSource, _ path: [UInt8], _ known: KnownSource?, _ owner: WordID?
  ) -> Entry {
    var entry = Entry(path: path, state: FileState(path: found.path), known: known)
    entry.owner = owner
    if let retried, !retried.contains(path) {
      // What is new in it waits for the next import.
      entry.start = .nothing
      entry.unread = Int(clamping: known?.state.items ?? 0)
      return entry
    }
    if retried == nil, let known, book.isCurrent(known), known.state.owner == owner,
      let state = entry.state,
      MailboxProof.isSame(found, state, known.state)
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

  private func skips(_ path: [UInt8], _ state: FileState?, _ owner: WordID?) -> Bool {
    guard let state else { return false }
    let known = knownFiles[path]
    if known != nil { knownFiles[path]?.isSeen = true }
    if let retried {
      if retried.contains(path) {
        readFiles[path] = ReadFile(path: path, state: state, owner: owner, old: known?.id)
      }
      return !retried.contains(path)
    }
    let isSame =
      known.map {
        $0.isCurrent && $0.owner == owner && $0.inode == state.inode && $0.size == state.size
          && $0.modified == state.modified
      } ?? false
    if !isSame {
      readFiles[path] = ReadFile(path: path, state: state, owner: owner, old: known?.id)
    }
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

  /// True when a source that ``again(_:_:)`` does not find is not there any more; false when only
  /// this run does not look at it.
  func isGone(_ known: KnownSource) -> Bool {
    let path = known.state.path
    guard known.state.note?.first == Self.fileNote else { return FileState(path: path) == nil }
    for entry in entries.values where path.starts(with: entry.path + [47]) { return true }
    if FileState(path: path) != nil { return false }
    // A Maildir's message is called otherwise in its folder than in the ledger.
    guard let slash = path.lastIndex(of: 47) else { return true }
    return !["cur", "new"].contains { FileState(path: path[...slash] + Array($0.utf8)) != nil }
  }

  /// True for a source that is a file of one message.
  static func isFile(_ known: KnownSource) -> Bool { known.state.note?.first == fileNote }

  /// Declares that a source does not hold what it held: the next run reads all of it.
  func distrust(_ known: KnownSource) {
    for (i, entry) in entries where entry.path == known.state.path {
      entries[i]?.isDistrusted = true
    }
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
    guard skips(path, FileState(path: full), entries[number]?.owner) else { return false }
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

  /// True when the last message of a file is perhaps still being written: the file changed while it
  /// was read, or the message has no line end and the file changes now. Such a message is left for
  /// the next run. Waits a moment where the file was written to a moment ago.
  func holdsBack(_ batch: MessageBatch, _ summary: MailboxSummary, of number: Int) -> Bool {
    guard let entry = entries[number], let last = batch.entries.last, !entry.isMaildir else {
      return false
    }
    if summary.error?.kind == .changedWhileReading {
      // A blank line at most stands after the last message.
      return entry.isFile || summary.endOffset - last.offset - last.length <= 4
    }
    guard !entry.isFile, last.flags.contains(.hasNoFinalNewline),
      !last.flags.contains(.isNotSeekable), let before = entry.state
    else { return false }
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    let age = Int64(now.tv_sec) &* 1_000_000_000 &+ Int64(now.tv_nsec) &- before.modified
    if age < Self.quiet { usleep(UInt32(clamping: (Self.quiet - max(age, 0)) / 1000)) }
    return FileState(path: entry.found) != before
  }

  // Nanoseconds after which a file that was written to counts as written.
  private static let quiet: Int64 = 2_000_000_000

  // MARK: After the pipeline

  /// The ledger's number of the source that a mail stands in.
  ///
  /// - Parameter file: The path key of the mail's own file in a Maildir or of an EML; nil in an
  ///   mbox.
  func id(of number: Int, file: [UInt8]?) -> SourceID? {
    guard let file else { return entries[number]?.id }
    guard let read = readFiles[file] else { return knownFiles[file]?.id }
    if let id = read.id { return id }
    let id = book.session.newSource()
    readFiles[file]?.id = id
    return id
  }

  /// Writes down what was read.
  func finish(_ sources: [ResolvedSource], _ summaries: [MailboxSummary]) throws {
    for (i, source) in sources.enumerated() {
      guard let entry = entries[i], i < summaries.count else { continue }
      switch source.found.kind {
      case .mbox:
        if entry.isDistrusted, let known = entry.known {
          try book.session.dropSource(known.id)
        } else if summaries[i].error == nil {
          if case .nothing = entry.start { continue }
          try finish(source, entry, summaries[i])
        }
      case .maildir:
        // A file that could not be read, or is gone since it was listed, was not read.
        for e in summaries[i].fileErrors {
          guard let slash = e.path.lastIndex(of: 47) else { continue }
          readFiles[Self.key(folder: entry.path, name: Array(e.path[(slash + 1)...]))] = nil
        }
        try forgetGone(in: entry.path)
      default: if summaries[i].error != nil { readFiles[entry.path] = nil }
      }
    }
    for file in readFiles.values {
      let id = file.id ?? book.session.newSource()
      var state = SourceState(path: file.path)
      Self.fill(&state, file.state)
      state.owner = file.owner
      state.items = 1
      state.note = [Self.fileNote]
      try book.session.setSource(id, state)
      if let old = file.old { try book.session.dropSource(old) }
    }
  }

  // Messages that were moved elsewhere or deleted, or the ledger would keep them for ever.
  private func forgetGone(in folder: [UInt8]) throws {
    let prefix = folder + [47]
    for (path, file) in knownFiles where !file.isSeen && readFiles[path] == nil {
      guard path.starts(with: prefix), !path[prefix.count...].contains(47) else { continue }
      try book.session.dropSource(file.id)
    }
  }

  private func finish(
    _ source: ResolvedSource, _ entry: Entry, _ summary: MailboxSummary
  ) throws {
    // What changed since it was looked at may not be what was read.
    guard let id = entry.id, let now = entry.state, FileState(path: source.found.path) == now else {
      return
    }
    var state = SourceState(path: entry.path)
    Self.fill(&state, now)
    state.owner = entry.owner
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
    state.fingerprint = MailboxProof.bytes(print)
    if !source.found.isGzip {
      let fd = cplatform_open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0)
      guard fd >= 0 else { return }
      defer { close(fd) }
      let old = isResumed ? known?.marks.flatMap { SeparatorMarks(stored: $0) } : nil
      let offsets = (old?.list.map(\.offset) ?? []) + entry.separators
      // A file without a proof is read whole the next time.
      state.marks = SeparatorMarks(offsets, descriptor: fd)?.stored
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
