import Bytes
import Mail
import Mailboxes
import Records

/// A message loader in the words of the run. One per worker.
final class EntryReader {
  private let loader = MessageLoader()
  /// The reader that holds the entry last read.
  let reader: MessageReader
  /// The entry's bytes, for quarantine; of a large one what was kept in memory.
  var bytes: ByteView { loader.bytes }

  init() { reader = loader.reader }

  /// Reads an entry; says why when it is no message.
  func read(_ entry: MessageEntry, _ work: MailWork) -> StaticString? {
    loader.load(entry, of: work.batch, from: work.source.found)?.text
  }

  /// Gives back what a large entry filled.
  func forget() { loader.forget() }

  /// Writes the decoded bytes of a body that was left out to a file.
  func extract(_ n: Int, to path: String) throws {
    guard let large = loader.large else { return }
    let out = try OutputFile(creating: path)
    guard try large.extract(n, { try out.write($0) }) else {
      throw OutputError(path: large.source.path.withByteView(\.string), call: "read")
    }
    try out.close(sync: false)
  }
}
