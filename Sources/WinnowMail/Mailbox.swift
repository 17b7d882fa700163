internal import Bytes
internal import Mail
internal import Mailboxes
import Synchronization

/// All mail of a mailbox, one after the other: an mbox in any dialect, a Maildir, `.eml` and `.emlx`
/// files, each also as `.gz`, or a folder with any of them.
///
/// ```swift
/// let mailbox = try Mailbox("Takeout/Mail/Sent.mbox")
/// for mail in mailbox { print(mail.date, mail.subject ?? "") }
/// for fault in mailbox.faults { print(fault) }
/// ```
///
/// The file is read as it is walked through, a piece at a time: memory is bounded by the largest
/// message (of one above 64 MiB the attachments' first bytes are kept), never by the file. Nothing
/// ends the walk early: what is no message, and files that cannot be read to their end, are listed in
/// ``faults``. Each loop reads the mailbox anew.
public final class Mailbox: Sequence, Sendable {
  private let sources: [FoundSource]
  private let found: [MailError]
  private let noted = Mutex<[MailError]>([])

  /// What could not be read, as far as the last loop came: complete when it has ended.
  public var faults: [MailError] { found + noted.withLock { $0 } }

  /// Finds the mail under a path, which is not read yet.
  ///
  /// - Throws: ``MailError`` where nothing is there, or nothing that looks like mail.
  public init(_ path: String) throws {
    let list = SourceWalker.walk([Array(path.utf8)])
    func error(_ e: MailboxError) -> MailError {
      MailError(path: String(decoding: e.path, as: UTF8.self), reason: e.reason)
    }
    if let missing = list.missing.first { throw error(missing) }
    sources = list.sources.filter { $0.kind != .calendar && $0.kind != .other }
    found = list.problems.map(error)
    guard !sources.isEmpty else {
      throw found.first ?? MailError(path: path, reason: "nothing in it looks like mail")
    }
  }

  /// Begins at the first mail.
  public func makeIterator() -> Iterator {
    noted.withLock { $0.removeAll() }
    return Iterator(self)
  }

  fileprivate func note(_ fault: MailError) { noted.withLock { $0.append(fault) } }

  /// Walks through a mailbox. Used by one thread at a time.
  public struct Iterator: IteratorProtocol {
    private let walk: Walk

    fileprivate init(_ mailbox: Mailbox) { walk = Walk(mailbox, mailbox.sources) }

    /// The next mail; nil at the end.
    public mutating func next() -> MailMessage? { walk.next() }
  }

  // Where a loop is.
  private final class Walk {
    private let mailbox: Mailbox
    private var sources: ArraySlice<FoundSource>
    private var source: MessageSource?
    private var batch: MessageBatch?
    private var position = 0
    private let loader = MessageLoader()

    init(_ mailbox: Mailbox, _ sources: [FoundSource]) {
      self.mailbox = mailbox
      self.sources = sources[...]
    }

    func next() -> MailMessage? {
      while true {
        guard let batch = nextBatch(), let found = sources.first else { return nil }
        let entry = batch.entries[position]
        position += 1
        let path = Self.path(of: entry, in: batch, found)
        if let fault = loader.load(entry, of: batch, from: found) {
          // Several blank lines between two mails are nobody's loss.
          if fault != .empty || entry.length > 0 {
            mailbox.note(MailError(path: path, reason: "\(fault.text)", offset: entry.offset))
          }
          continue
        }
        var message = MailMessage(loader.reader)
        message.place = MailMessage.Place(
          path: path, index: entry.index, offset: entry.offset, length: entry.length)
        return message
      }
    }

    // The batch with the next entry; nil at the end of the last source.
    private func nextBatch() -> MessageBatch? {
      while let found = sources.first {
        if let batch, position < batch.entries.count { return batch }
        let reading = source ?? MessageSource(found)
        source = reading
        batch = reading.next()
        position = 0
        if batch != nil { continue }
        for error in [reading.summary.error].compactMap(\.self) + reading.summary.fileErrors {
          mailbox.note(
            MailError(path: String(decoding: error.path, as: UTF8.self), reason: error.reason))
        }
        source = nil
        sources.removeFirst()
      }
      return nil
    }

    private static func path(
      of entry: MessageEntry, in batch: MessageBatch, _ source: FoundSource
    ) -> String {
      guard entry.file >= 0, Int(entry.file) < batch.files.count else {
        return String(decoding: source.path, as: UTF8.self)
      }
      let file = source.root + [47] + batch.files[Int(entry.file)]
      return String(decoding: file, as: UTF8.self)
    }
  }
}
