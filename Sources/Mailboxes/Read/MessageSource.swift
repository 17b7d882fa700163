import Bytes
import Glibc

/// Reads one source, whatever its kind, as batches of raw messages.
///
/// Used by one thread at a time; the batches it gives belong to whoever receives them. Failures end
/// up in ``summary``: nothing here throws or traps.
public final class MessageSource: @unchecked Sendable {
  private enum Reader {
    case mbox(MboxSplitter)
    case file
    case maildir(files: [MaildirFile], next: Int)
    case done
  }

  /// A file of `cur` or `new`; a large Maildir has a million of them.
  private struct MaildirFile {
    var isNew: Bool
    var name: [UInt8]
  }

  private let source: FoundSource
  private let pool: BatchPool?
  private let limit: Int
  private var reader = Reader.done
  private var own = MailboxSummary()
  /// Bytes of a Maildir's files that make a batch.
  private static let maildirBatch = 1 << 20

  /// Opens a source. Calendars and other files have no messages.
  ///
  /// - Parameters:
  ///   - limit: longest message held in memory, in bytes; 64 MiB unless told.
  ///   - offset: where an earlier reading of this mbox ended, in bytes; ``MailboxSummary/error``
  ///     is `notMail` when no separator stands there now.
  ///   - index: index of the first message at `offset`.
  ///   - dialect: the dialect that the earlier reading found.
  ///   - skips: for a Maildir, tells which files are not to be opened: true in `new`, its name, its
  ///     whole path.
  public init(
    _ source: FoundSource, pool: BatchPool? = nil, limit: Int = 64 << 20, offset: Int = 0,
    index: Int = 0, dialect: MailboxDialect? = nil,
    skips: ((_ isNew: Bool, _ name: [UInt8], _ path: [UInt8]) -> Bool)? = nil
  ) {
    self.source = source
    self.pool = pool
    self.limit = limit
    switch source.kind {
    case .mbox: openMailbox(offset: offset, index: index, dialect: dialect)
    case .eml, .emlx: reader = .file
    case .maildir: openMaildir(skips)
    case .calendar, .other: break
    }
  }

  /// Opens the part of an mbox that owns the messages whose separators begin in `range`, in bytes
  /// from the file's beginning; its end may lie beyond the file's.
  ///
  /// The parts that a file is cut into, anywhere, give together what the whole gives: the same
  /// messages with the same offsets, bytes and flags. ``MessageEntry/index`` counts from 0 in each
  /// part; a message's place in the file is that and the sum of ``MailboxSummary/messages`` of the
  /// parts before. So are doubtful lines, skipped bytes and the store's own messages counted by the
  /// part that owns them; ``MailboxSummary/dialect`` is the file's in each.
  ///
  /// About 1 MiB at the file's beginning is read for the dialect, some lines before the range, and
  /// after it as far as its last message reaches. Where Content-Length is believed (mboxcl,
  /// mboxcl2) a message may hold separators of others, so each must be known from the file's first
  /// on: those before the range are passed from length to length. A file with CR line ends is read
  /// from its beginning.
  ///
  /// Of anything but an uncompressed mbox nothing is read, and the summary's error is
  /// ``MailboxError/Kind/noRange``.
  public init(
    _ source: FoundSource, range: Range<Int>, pool: BatchPool? = nil, limit: Int = 64 << 20
  ) {
    self.source = source
    self.pool = pool
    self.limit = limit
    guard source.kind == .mbox else {
      own.error = MailboxError(.noRange, path: source.path)
      return
    }
    openMailbox(offset: 0, index: 0, dialect: nil, range: range)
  }

  /// Reads an mbox or single message from an open descriptor, which may be a pipe and is closed in
  /// the end. `source` only names it.
  public init(
    descriptor: Int32, source: FoundSource, pool: BatchPool? = nil, limit: Int = 64 << 20
  ) {
    self.source = source
    self.pool = pool
    self.limit = limit
    let file = FileInput(descriptor: descriptor, path: source.path)
    reader = .mbox(
      MboxSplitter(FileReader.inflated(file, path: source.path), pool: pool, limit: limit))
  }

  /// What was found besides messages; complete when ``next()`` has returned nil.
  public var summary: MailboxSummary {
    guard case .mbox(let splitter) = reader else { return own }
    var s = splitter.summary
    if let path = s.error?.path, path.isEmpty { s.error?.path = source.path }
    return s
  }

  /// The next batch, or nil at the end.
  public func next() -> MessageBatch? {
    switch reader {
    case .mbox(let splitter): return splitter.next()
    case .file: return wholeFile()
    case .maildir(let files, let next): return maildir(files, next)
    case .done: return nil
    }
  }

  // MARK: - mbox and single files

  private func openMailbox(
    offset: Int, index: Int, dialect: MailboxDialect?, range: Range<Int>? = nil
  ) {
    switch Directory.openFile(root: source.root, relative: source.relative) {
    case .failure(let e): own.error = e
    case .success(let file):
      let input = FileReader.inflated(file, path: source.path)
      guard offset == 0 || input.skip(to: offset) else {
        own.error = input.error ?? MailboxError(.notMail, path: source.path)
        return
      }
      guard range == nil || input.isSeekable else {
        own.error = MailboxError(.noRange, path: source.path)
        return
      }
      reader = .mbox(
        MboxSplitter(
          input, pool: pool, limit: limit, offset: offset, index: index,
          dialect: offset == 0 ? nil : dialect, range: range ?? 0..<Int.max))
    }
  }

  private func wholeFile() -> MessageBatch? {
    reader = .done
    switch Directory.openFile(root: source.root, relative: source.relative) {
    case .failure(let e):
      own.error = e
      return nil
    case .success(let file):
      var batch = FileReader(limit: limit, buffer: BatchPool.buffer(from: pool))
      own.error = batch.add(
        file, kind: source.kind, store: [], path: nil, full: source.path,
        extra: source.isPartial ? .isPartial : [])
      return finish(batch)
    }
  }

  // MARK: - Maildir

  private func openMaildir(_ skips: ((Bool, [UInt8], [UInt8]) -> Bool)?) {
    var files: [MaildirFile] = []
    for isNew in [false, true] {
      let place = source.relative + [Self.part(isNew)]
      switch Directory.list(root: source.root, relative: place) {
      case .failure(let e):
        // One of the two may be missing.
        if e.errno != ENOENT { own.fileErrors.append(e) }
      case .success(let entries):
        for e in entries where e.name.first != 46 {
          switch e.type {
          case .file:
            if let skips,
              skips(isNew, e.name, (place + [e.name]).reduce(source.root, Directory.join))
            {
              continue
            }
            files.append(MaildirFile(isNew: isNew, name: e.name))
          case .directory: break
          case .symbolicLink: refuse(.symbolicLink, place + [e.name])
          case .pipe, .special: refuse(.notRegularFile, place + [e.name])
          }
        }
      }
    }
    reader = .maildir(files: files, next: 0)
  }

  private static func part(_ isNew: Bool) -> [UInt8] { Array(isNew ? "new".utf8 : "cur".utf8) }

  private func refuse(_ kind: MailboxError.Kind, _ relative: [[UInt8]]) {
    own.fileErrors.append(
      MailboxError(kind, path: relative.reduce(source.root, Directory.join)))
  }

  private func maildir(_ files: [MaildirFile], _ first: Int) -> MessageBatch? {
    var batch = FileReader(limit: limit, buffer: BatchPool.buffer(from: pool))
    var i = first
    while i < files.count, batch.buffer.count < Self.maildirBatch {
      let relative = source.relative + [Self.part(files[i].isNew), files[i].name]
      i += 1
      let full = relative.reduce(source.root, Directory.join)
      switch Directory.openFile(root: source.root, relative: relative) {
      case .failure(let e): own.fileErrors.append(e)
      case .success(let file):
        let flags = (relative.last ?? []).withByteView { StoreFlags.maildir(name: $0) }
        let path = relative.reduce([], Directory.join)
        if let e = batch.add(file, kind: .eml, store: flags, path: path, full: full) {
          own.fileErrors.append(e)
        }
      }
    }
    reader = i < files.count ? .maildir(files: files, next: i) : .done
    return finish(batch)
  }

  private func finish(_ read: FileReader) -> MessageBatch? {
    guard !read.entries.isEmpty else {
      pool?.put(read.buffer)
      return nil
    }
    let batch = MessageBatch(buffer: read.buffer, pool: pool)
    batch.entries = read.entries
    batch.files = read.files
    own.messages += read.entries.count
    own.empty += read.entries.reduce(0) { $0 + ($1.flags.contains(.isEmpty) ? 1 : 0) }
    own.endOffset += read.entries.reduce(0) { $0 + $1.offset + $1.length }
    return batch
  }
}

extension FoundSource {
  /// Opens the source, or one of a Maildir's files (``MessageBatch/files``), to read a message
  /// that was too long to hold at its offset. The caller closes the descriptor.
  public func open(file: [UInt8]? = nil) -> Result<Int32, MailboxError> {
    let names = file.map { $0.split(separator: 47).map(Array.init) } ?? relative
    return Directory.open(root: root, relative: names, directory: false)
  }
}
