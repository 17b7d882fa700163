import Bytes
import Mail
import Mailboxes
import Rules
import Text

/// Gmail's label lists repeat from mail to mail: each is taken apart once a worker, but for long
/// ones, which would fill the memory.
final class LabelCache {
  /// The labels of a mail, and the folders that they are.
  struct Labels {
    /// All of them, as written.
    var names: [String]
    /// Those that are folders.
    var facts: LabelFacts
  }

  private var known: [[UInt8]: Labels] = [:]
  private let decoded = ByteBuffer(capacity: 256)
  private let words = EncodedWords()
  private let meanings = LabelMeanings()
  private static let longest = 512

  /// The labels of a raw X-Gmail-Labels value.
  func labels(_ raw: ByteView) -> Labels {
    if raw.count > Self.longest { return parse(raw) }
    let key = raw.array
    if let hit = known[key] { return hit }
    let parsed = parse(raw)
    if known.count > 4096 { known.removeAll(keepingCapacity: true) }
    known[key] = parsed
    return parsed
  }

  private func parse(_ raw: ByteView) -> Labels {
    decoded.removeAll()
    _ = words.appendUnstructured(raw, to: decoded)
    let labels = GmailLabels.parse(decoded: decoded.view, meanings: meanings)
    return Labels(
      names: labels.labels,
      facts: LabelFacts(
        folder: FolderWord(labels.folder), folders: labels.roles.map { FolderWord($0) }))
  }
}
