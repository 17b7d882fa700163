import Bytes
import Glibc

/// Splits one mbox stream into messages and gives them out in batches of 48 KiB and what the last
/// read brought besides, at most 128 KiB unless a message is longer; where an earlier reading is
/// continued, the first has about 1 MiB.
///
/// The stream is read once, in order: first ``probe`` bytes, by which the file's dialect is found
/// out and which are then split like the rest. At most one message of 64 MiB is held besides the
/// batch. The position only ever grows, and each pass ends with a message closed or with more of
/// the file in the buffer: it cannot stall. A part of the file alone can be split, too; see
/// `MboxSplitter+Range.swift`.
final class MboxSplitter {
  /// Usual capacity of a buffer, in bytes.
  static let bufferSize = (1 << 20) + (1 << 18)
  /// Most bytes read at once: what was read is searched while the processor's cache holds it.
  private static let chunk = 64 << 10
  /// Bytes of whole messages that make a batch: so it, and what comes of it, is read, worked on and
  /// written without leaving the cache.
  private static let batch = 48 << 10
  /// Longest message held in memory, in bytes.
  static let maximumMessage = 64 << 20

  /// The message that is being read. All offsets are offsets in the file.
  struct Open {
    var separator: Int
    var start: Int
    var fromLineLength: Int
    var hasSeparator: Bool
    var isQuoted = false
    var hasDoubtful = false
    /// Where Content-Length proved to lead, or -1.
    var trustedEnd = -1
    var isLengthChecked = false
    /// Above ``maximumMessage``, or not to be given out: its beginning is no longer in the buffer.
    var isDiscarding = false
    /// The end of a message whose beginning was not read: it lies before the range.
    var isFragment = false
  }

  enum Step {
    case closed
    case needMore
    case ended
  }

  let input: any ByteInput
  let pool: BatchPool?
  let limit: Int
  /// The messages whose separators begin here are given out.
  let range: Range<Int>
  /// Capacity of this splitter's buffers, in bytes.
  let size: Int
  @exclusivity(unchecked) var rule = SeparatorRule(dialect: MailboxDialect())
  @exclusivity(unchecked) var summary = MailboxSummary()
  @exclusivity(unchecked) var buffer: ByteBuffer
  /// What was read to find out the dialect, until it is split; it stands after ``buffer``.
  @exclusivity(unchecked) var ahead: (bytes: ByteBuffer, taken: Int)?
  /// Offset in the file of the buffer's first byte.
  @exclusivity(unchecked) var base: Int
  /// Offset in the buffer where the search goes on.
  @exclusivity(unchecked) var scan = 0
  /// Offset in the buffer up to which messages are closed.
  @exclusivity(unchecked) var closed = 0
  @exclusivity(unchecked) var open: Open?
  @exclusivity(unchecked) var entries: [MessageEntry] = []
  /// Messages closed in this buffer that lie before the range, and so are in no batch.
  @exclusivity(unchecked) var passed = 0
  @exclusivity(unchecked) var index: Int
  /// Whether a message that is not the store's own was closed before; nil where that is not known,
  /// since the reading began within the file.
  @exclusivity(unchecked) var hasMail: Bool?
  @exclusivity(unchecked) var eof = false
  /// Bytes buffered in vain because a Content-Length pointed there.
  @exclusivity(unchecked) var wasted = 0
  @exclusivity(unchecked) private var isStarted = false
  @exclusivity(unchecked) private var isFinished = false
  private let resumed: MailboxDialect?

  /// A splitter over an input. `offset`, `index` and `dialect` continue an earlier reading at the
  /// end it reached. `limit`: longest message held, in bytes; `size`: capacity of the buffers,
  /// of which four fifths are probed. `range`: gives out the messages whose separators begin in it;
  /// any but the whole needs a seekable input that stands at its beginning.
  init(
    _ input: any ByteInput, pool: BatchPool?, limit: Int = MboxSplitter.maximumMessage,
    offset: Int = 0, index: Int = 0, dialect: MailboxDialect? = nil,
    range: Range<Int> = 0..<Int.max, size: Int = MboxSplitter.bufferSize
  ) {
    self.input = input
    self.range = range
    self.size = size
    self.pool = pool
    self.limit = limit
    self.index = index
    hasMail = index > 0
    base = offset
    resumed = dialect
    buffer = BatchPool.buffer(from: pool)
  }

  /// The next batch, or nil at the end; ``summary`` is complete then.
  func next() -> MessageBatch? {
    if !isStarted {
      isStarted = true
      start()
    }
    while !isFinished {
      switch step() {
      case .closed:
        if closed >= probe, let batch = handOver() { return batch }
      case .needMore:
        if eof {
          closeLast()
          isFinished = true
        } else if buffer.count >= size || isEnough, hasClosed {
          if let batch = handOver() { return batch }
        } else {
          makeRoom()
          fill()
        }
      case .ended:
        isFinished = true
      }
    }
    return handOver()
  }

  // What was begun is copied into the next buffer: of long messages more are waited for, so that an
  // eighth is copied at most.
  private var isEnough: Bool {
    closed >= Self.batch && (buffer.count - closed) <= closed / 8
  }

  private var hasClosed: Bool { !entries.isEmpty || passed > 0 }

  // MARK: - Beginning

  // Where the first message begins, and how the file is written, is told by so many bytes, however
  // many came at once.
  private var probe: Int { size / 5 * 4 }

  private func start() {
    while !eof, buffer.count < probe { fill() }
    var view = buffer.view.prefix(probe)
    if let resumed {
      rule.dialect = resumed
      if resumed.isCROnly { translate(from: 0) }
      resume(buffer.view)
      return
    }
    if isCROnly(view) {
      rule.dialect.isCROnly = true
      translate(from: 0)
      view = buffer.view.prefix(probe)
    }
    switch DialectProbe.probe(view, eof: eof) {
    case .empty:
      // A file of blank lines is an empty mailbox; a mebibyte of them before anything is not.
      if eof { isFinished = true } else { notMail() }
    case .unknown: notMail()
    case .mailbox(var dialect, let start, let isHeaderless):
      dialect.isCROnly = rule.dialect.isCROnly
      rule.dialect = dialect
      summary.dialect = dialect
      if !isHeaderless { summary.skippedBytes = view.hasPrefix("\u{FEFF}") ? start - 3 : start }
      begin(at: start, hasSeparator: !isHeaderless)
      enterRange()
    }
    splitAgain()
  }

  // What was probed goes through in batches like the rest: one of a mebibyte would leave the cache,
  // and fill a result of its own size.
  private func splitAgain() {
    guard open != nil, buffer.count - closed > Self.chunk else { return }
    ahead = (buffer, closed)
    buffer = BatchPool.buffer(from: pool)
    base += closed
    scan -= closed
    closed = 0
    eof = false
    while buffer.count < scan, ahead != nil { fill() }
  }

  private func notMail() {
    summary.error = input.error ?? MailboxError(.notMail, path: [])
    summary.skippedBytes = buffer.count
    isFinished = true
  }

  private func resume(_ view: ByteView) {
    summary.dialect = rule.dialect
    var at = 0
    while at < view.count, ASCII.isSpace(view[at]) { at += 1 }
    summary.endOffset = base + view.count
    guard at < view.count else {
      isFinished = true
      return
    }
    guard view.from(at).hasPrefix("From ") else { return notMail() }
    begin(at: at, hasSeparator: true)
  }

  /// Opens the first message at an offset in the buffer.
  private func begin(at start: Int, hasSeparator: Bool) {
    let view = buffer.view
    let head = view.prefix(max(start, probe))
    // Whatever its form, the file's first line is a separator; one without an end ends there.
    let lineEnd = hasSeparator ? head.firstIndex(of: ASCII.lf, from: start) ?? head.count : start
    let next = hasSeparator ? min(lineEnd + 1, view.count) : start
    open = Open(
      separator: base + start, start: base + next, fromLineLength: lineEnd - start,
      hasSeparator: hasSeparator)
    scan = next
    closed = start
  }

  /// No LF in the first 64 KiB, but CR; of the ``probe``.
  private func isCROnly(_ view: ByteView) -> Bool {
    let head = view.prefix(1 << 16)
    return head.firstIndex(of: ASCII.lf) == nil && head.firstIndex(of: ASCII.cr) != nil
  }

  // MARK: - Buffer

  private func fill() {
    // Beyond its usual size only for a message that needs it.
    let room = min(Self.chunk, buffer.count < size ? size - buffer.count : max(size / 5, 1))
    if let (bytes, taken) = ahead {
      let piece = bytes.view.from(taken).prefix(room)
      buffer.append(piece)
      ahead = (bytes, taken + piece.count)
      if taken + piece.count == bytes.count {
        ahead = nil
        pool?.put(bytes)
      }
    } else {
      read(room)
    }
    summary.endOffset = base + buffer.count
  }

  private func read(_ room: Int) {
    let start = buffer.count
    let n = input.read(into: buffer.reserve(room), capacity: room)
    if n > 0 {
      buffer.advance(by: n)
      if rule.dialect.isCROnly { translate(from: start) }
    } else {
      eof = true
      summary.error = input.error
    }
  }

  private func translate(from start: Int) {
    let view = buffer.view
    let bytes = UnsafeMutablePointer(mutating: view.base)
    var at = start
    while let cr = view.firstIndex(of: ASCII.cr, from: at) {
      if view[cr + 1] != ASCII.lf { bytes[cr] = ASCII.lf }
      at = cr + 1
    }
  }

  /// Drops what is no longer needed of a message that is too long to hold.
  private func makeRoom() {
    guard var o = open, !hasClosed else { return }
    if !o.isDiscarding, base + buffer.count - o.start > limit {
      o.isDiscarding = true
      open = o
    }
    guard o.isDiscarding else { return }
    // A few bytes before the scan position tell whether a blank line stands there.
    keep(from: max(0, scan - 8))
  }

  private func keep(from start: Int) {
    let fresh = BatchPool.buffer(from: pool)
    fresh.append(buffer.view.from(start))
    pool?.put(buffer)
    buffer = fresh
    base += start
    scan -= start
    closed = 0
    passed = 0
  }

  // nil where all that was closed lies before the range: that is forgotten like a batch.
  private func handOver() -> MessageBatch? {
    guard !entries.isEmpty else {
      if !isFinished { keep(from: closed) }
      return nil
    }
    let batch = MessageBatch(buffer: buffer, pool: pool)
    batch.entries = entries
    batch.quoting = rule.dialect.quoting
    entries = []
    entries.reserveCapacity(batch.entries.count)
    let tail = isFinished ? buffer.count : closed
    let fresh =
      isFinished ? ByteBuffer(capacity: 16) : BatchPool.buffer(from: pool)
    fresh.append(buffer.view.from(tail))
    buffer.truncate(to: tail)
    buffer = fresh
    base += tail
    scan -= tail
    closed = 0
    passed = 0
    return batch
  }
}
