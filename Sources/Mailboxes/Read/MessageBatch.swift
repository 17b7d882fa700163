public import Bytes
import Synchronization

/// One message of a batch: where it lies in its file and in the batch's buffer.
public struct MessageEntry: Sendable {
  /// What the splitter knows about a message.
  public struct Flags: OptionSet, Sendable, Hashable {
    /// The flags as bits.
    public let rawValue: UInt16
    /// Flags from bits.
    public init(rawValue: UInt16) { self.rawValue = rawValue }
    /// Some body line begins with `>From ` and the file's dialect quotes: pass it through
    /// ``FromQuoting/unquote(_:into:)`` before parsing.
    public static let needsUnquote = Flags(rawValue: 1)
    /// Nothing between this separator and the next.
    public static let isEmpty = Flags(rawValue: 2)
    /// Longer than the reader holds in memory: ``MessageEntry/range`` is empty, the bytes are in
    /// the file at ``MessageEntry/offset``.
    public static let isOversize = Flags(rawValue: 4)
    /// The file ends in it without a line end: perhaps it is still being written.
    public static let hasNoFinalNewline = Flags(rawValue: 8)
    /// It has no separator line of its own (EML, Maildir, a headless mbox).
    public static let hasNoSeparator = Flags(rawValue: 16)
    /// An error ended the file within it; see the source's summary.
    public static let isCutOff = Flags(rawValue: 32)
    /// The file's offsets cannot be seeked to (gzip, pipe); an oversize message can only be
    /// quarantined.
    public static let isNotSeekable = Flags(rawValue: 64)
    /// `.partial.emlx`: attachments are kept elsewhere.
    public static let isPartial = Flags(rawValue: 128)
  }

  /// Position among the messages of its file, from 0, empty ones included; 0 where each message
  /// is a file of its own.
  public var index: Int
  /// Offset in the (inflated) file of the separator line; equals `offset` without one.
  public var separatorOffset: Int
  /// Offset in the (inflated) file of the message's first byte.
  public var offset: Int
  /// Bytes of the message in the file, without the blank line before the next separator.
  public var length: Int
  /// The message in ``MessageBatch/bytes``.
  public var range: ByteRange
  /// The separator line in ``MessageBatch/bytes``, without its line end, at most 998 bytes.
  public var fromLine: ByteRange
  /// See ``Flags``.
  public var flags: Flags
  /// What the store itself says about the message (Maildir name, emlx); empty for mbox and EML.
  public var store: StoreFlags
  /// A date the store keeps (emlx), in seconds since 1970 UTC.
  public var storeDate: Int?
  /// Index into ``MessageBatch/files`` where each message is a file of its own, else -1.
  public var file: Int32
}

/// Whole messages in one contiguous buffer, handed from the reading thread to a worker.
///
/// Whoever receives it owns it; nobody else keeps a reference to its buffer. Give it back with
/// ``recycle()``, or let it go.
public final class MessageBatch: @unchecked Sendable {
  let buffer: ByteBuffer
  private let pool: BatchPool?
  private var isRecycled = false
  /// The messages, in file order.
  public internal(set) var entries: [MessageEntry] = []
  /// Relative paths of the messages' files (Maildir), as bytes.
  public internal(set) var files: [[UInt8]] = []
  /// How bodies are quoted.
  public internal(set) var quoting = FromQuoting.none

  init(buffer: ByteBuffer, pool: BatchPool?) {
    self.buffer = buffer
    self.pool = pool
  }

  /// Everything in the buffer; entries' ranges refer to it.
  public var bytes: ByteView { buffer.view }

  /// The raw bytes of a message, still quoted; empty for oversize and empty messages.
  public func message(_ entry: MessageEntry) -> ByteView { bytes[entry.range] }

  /// The separator line of a message, for its date; see ``EnvelopeLine``.
  public func envelope(_ entry: MessageEntry) -> EnvelopeLine? {
    entry.fromLine.isEmpty ? nil : EnvelopeLine(bytes[entry.fromLine])
  }

  /// Leaves the last message out, for those who want to read it another time.
  public func dropLast() { if !entries.isEmpty { entries.removeLast() } }

  /// Gives the buffer back to the pool. Views into it are invalid afterwards.
  public func recycle() {
    guard !isRecycled else { return }
    isRecycled = true
    entries.removeAll()
    pool?.put(buffer)
  }
}

/// Buffers waiting to be used again, shared by the reading thread and its workers.
public final class BatchPool: Sendable {
  private let spare: Mutex<[ByteBuffer]>
  private let limit: Int

  /// A pool that keeps at most `limit` buffers of at most 4 MiB.
  public init(limit: Int = 16) {
    self.limit = limit
    spare = Mutex([])
  }

  func take() -> ByteBuffer {
    spare.withLock { $0.popLast() } ?? ByteBuffer(capacity: MboxSplitter.bufferSize)
  }

  /// A buffer from the pool, if there is one; else a new one.
  static func buffer(from pool: BatchPool?) -> ByteBuffer {
    pool?.take() ?? ByteBuffer(capacity: MboxSplitter.bufferSize)
  }

  func put(_ buffer: ByteBuffer) {
    buffer.removeAll(keepingUpTo: 4 << 20)
    spare.withLock { if $0.count < limit { $0.append(buffer) } }
  }
}
