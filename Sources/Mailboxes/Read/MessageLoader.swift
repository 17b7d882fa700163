public import Bytes
public import Mail

/// Why an entry is no message; its ``text`` says so to people.
public enum MessageFault: Error, Hashable, Sendable {
  /// Nothing, or nothing but white space, stands between two separators.
  case empty
  /// Not one header field.
  case noHeader
  /// The file ends inside the header section: an mbox that is still being written. The whole
  /// message comes with the next reading.
  case cutOff
  /// Too large to be held, in a file that cannot be sought.
  case notSeekable
  /// Too large to be held, and its file is not known.
  case unknownSource
  /// Too large to be held, and its file could not be read once more.
  case unreadable

  /// One line.
  public var text: StaticString {
    switch self {
    case .empty: "empty message"
    case .noHeader: "no header field: this is no message"
    case .cutOff: "the file ends inside the header section"
    case .notSeekable: "larger than 64 MiB in a file that cannot be sought; unpack it first"
    case .unknownSource: "the source cannot be read again"
    case .unreadable: "the file could not be read again"
    }
  }
}

/// Brings the entries of a ``MessageSource``'s batches into a message reader, whole: mbox quoting
/// undone, large ones read from their file. One per thread.
///
/// ```swift
/// let source = MessageSource(found)
/// let loader = MessageLoader()
/// while let batch = source.next() {
///   for entry in batch.entries where loader.load(entry, of: batch, from: found) == nil {
///     print(loader.reader.message.text[loader.reader.message.messageID].string)
///   }
///   batch.recycle()
/// }
/// ```
public final class MessageLoader {
  /// The reader that holds the message last loaded.
  public let reader = MessageReader()
  /// The message's bytes; of a large one what was kept in memory.
  @exclusivity(unchecked) public private(set) var bytes = ByteView.empty
  /// The file behind a large message; nil for others.
  @exclusivity(unchecked) public private(set) var large: LargeMessage?
  private let unquoted = ByteBuffer(capacity: 64 << 10)
  // Keeps the bytes of a large message alive while the reader looks at them.
  @exclusivity(unchecked) private var skeleton: MessageSkeleton?

  /// A loader that holds nothing.
  public init() {}

  /// Loads an entry; says why when it is no message. What was loaded before is gone.
  ///
  /// - Parameters:
  ///   - batch: The batch of the entry, which must outlive what is read of it.
  ///   - source: Where it came from; asked for messages too large to be held alone.
  public func load(
    _ entry: MessageEntry, of batch: MessageBatch,
    from source: @autoclosure () -> FoundSource?
  ) -> MessageFault? {
    skeleton = nil
    large = nil
    bytes = batch.message(entry)
    if entry.flags.contains(.isOversize) { return loadLarge(entry, batch, source()) }
    if entry.flags.contains(.needsUnquote) {
      unquoted.removeAll()
      batch.quoting.unquote(bytes, into: unquoted)
      bytes = unquoted.view
    }
    if entry.flags.contains(.isEmpty) || bytes.isBlank { return .empty }
    guard reader.read(bytes) else { return .noHeader }
    if entry.flags.contains(.hasNoFinalNewline), !entry.flags.contains(.hasNoSeparator),
      reader.message.defects.contains(.missingSeparator), let root = reader.message.parts.first,
      reader.message.bytes[root.body].firstIndex(of: ASCII.lf) == nil
    {
      return .cutOff
    }
    return nil
  }

  private func loadLarge(
    _ entry: MessageEntry, _ batch: MessageBatch, _ source: FoundSource?
  ) -> MessageFault? {
    if entry.flags.contains(.isNotSeekable) { return .notSeekable }
    let file =
      entry.file >= 0 && Int(entry.file) < batch.files.count ? batch.files[Int(entry.file)] : nil
    guard let source else { return .unknownSource }
    let large = LargeMessage(source: source, entry: entry, file: file)
    guard let skeleton = large.skeleton() else { return .unreadable }
    self.large = large
    self.skeleton = skeleton
    bytes = skeleton.bytes.view
    return reader.read(skeleton) ? nil : .noHeader
  }

  /// Gives back the memory of what was loaded.
  public func forget() {
    skeleton = nil
    large = nil
    bytes = .empty
    unquoted.removeAll()
    reader.forget()
  }
}
