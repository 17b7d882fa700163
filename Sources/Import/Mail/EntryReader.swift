import Bytes
import Mail
import Mailboxes

/// Brings the entries of batches into a message reader: mbox quoting undone, large ones read from
/// their file. One per worker.
final class EntryReader {
  /// The reader that holds the entry last read.
  let reader = MessageReader()
  /// The entry's bytes, for quarantine; of a large one what was kept in memory.
  private(set) var bytes = ByteView.empty
  /// The file behind a large message; nil for others.
  private(set) var large: LargeMessage?
  private let unquoted = ByteBuffer(capacity: 64 << 10)
  // Keeps the bytes of a large message alive while the reader looks at them.
  private var skeleton: MessageSkeleton?

  /// Reads an entry; says why when it is no message.
  func read(_ entry: MessageEntry, _ work: MailWork) -> StaticString? {
    skeleton = nil
    large = nil
    bytes = work.batch.message(entry)
    if entry.flags.contains(.isOversize) { return readLarge(entry, work) }
    if entry.flags.contains(.needsUnquote) {
      unquoted.removeAll()
      work.batch.quoting.unquote(bytes, into: unquoted)
      bytes = unquoted.view
    }
    if entry.flags.contains(.isEmpty) || bytes.isBlank { return "empty message" }
    guard reader.read(bytes) else { return "no header field: this is no message" }
    // An mbox that is still being written: the whole message comes with the next export.
    if entry.flags.contains(.hasNoFinalNewline), !entry.flags.contains(.hasNoSeparator),
      reader.message.defects.contains(.missingSeparator), let root = reader.message.parts.first,
      reader.message.bytes[root.body].firstIndex(of: ASCII.lf) == nil
    {
      return "the file ends inside the header section"
    }
    return nil
  }

  private func readLarge(_ entry: MessageEntry, _ work: MailWork) -> StaticString? {
    if entry.flags.contains(.isNotSeekable) {
      return "larger than 64 MiB in a file that cannot be sought; unpack it first"
    }
    let file =
      entry.file >= 0 && Int(entry.file) < work.batch.files.count
      ? work.batch.files[Int(entry.file)] : nil
    guard let found = work.source.found else { return "the source cannot be read again" }
    let large = LargeMessage(found: found, entry: entry, file: file)
    guard let skeleton = large.skeleton() else { return "the file could not be read again" }
    self.large = large
    self.skeleton = skeleton
    bytes = skeleton.bytes.view
    return reader.read(skeleton) ? nil : "no header field: this is no message"
  }

  /// Gives back what a large entry filled.
  func forget() {
    skeleton = nil
    large = nil
    bytes = .empty
    unquoted.removeAll()
    reader.forget()
  }

  /// Writes the decoded bytes of a body that was left out to a file.
  func extract(_ n: Int, to path: String) throws { try large?.extract(n, to: path) }
}
