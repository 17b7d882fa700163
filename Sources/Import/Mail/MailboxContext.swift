import Bytes
import Mailboxes
import Records
import Rules

/// One source of mail in the words of the run: whose it is, what folder it is.
///
/// Unchecked only for ``pseudonyms``, which one thread asks.
package final class MailboxContext: @unchecked Sendable {
  /// Position of the owner in the plan's users, or -1.
  let user: Int
  /// The owner's id; empty when nobody is known.
  package let ownerName: String
  private let ownerText: ByteBuffer
  /// What it says of the folder of all of its mail.
  let folder: FolderFacts
  /// The path as records show it.
  let path: [UInt8]
  /// The named path that a Maildir's files are relative to, as records show it.
  let rootPath: [UInt8]
  /// Hides addresses in the names of files below it; asked on the reading thread only.
  let pseudonyms: Pseudonyms?
  /// The source itself.
  let resolved: ResolvedSource
  /// The file or Maildir.
  var found: FoundSource? { resolved.found }
  /// Its number among the run's sources; -1 outside of a run.
  package let number: Int
  /// The first byte of the part of the file that is read.
  let rangeStart: Int
  // See ``nameText``.
  private let nameBuffer = ByteBuffer(capacity: 32)
  /// What names it in a ledger; empty without one.
  let memoryKey: [UInt8]

  /// A resolved source.
  ///
  /// - Parameters:
  ///   - number: Its number among the run's sources.
  ///   - remembers: True in a run with a ledger.
  package init(_ source: ResolvedSource, number: Int = -1, remembers: Bool = false) {
    user = source.user
    ownerName = source.ownerName
    ownerText = ByteBuffer(capacity: 32)
    ownerText.append(string: ownerName)
    var folder = FolderFacts(
      fixed: source.fixedFolder.map { FolderWord($0) },
      place: FolderWord(source.found.folder.role),
      isFolderByPlace: source.isFolderByPlace)
    folder.sentAs = source.sentAs
    self.folder = folder
    path = Array(source.display.utf8)
    rootPath = Array(source.rootDisplay.utf8)
    resolved = source
    pseudonyms = source.pseudonyms
    self.number = number
    rangeStart = source.range?.lowerBound ?? 0
    nameBuffer.append(string: SourceName(rank: source.rank, path: source.display).text)
    memoryKey = remembers ? SourceMemory.key(source.found) : []
  }

  /// What names it in facts; see ``SourceName``.
  var nameText: ByteView { nameBuffer.view }
  /// ``ownerName`` as bytes.
  package var owner: ByteView { ownerText.view }
}

extension FolderWord {
  /// A folder as its place, a label or the configuration names it.
  init(_ role: FolderRole) {
    self =
      switch role {
      case .inbox: .inbox
      case .sent: .sent
      case .drafts: .drafts
      case .trash: .trash
      case .spam: .spam
      case .archive: .archive
      case .chats: .chats
      case .outbox: .outbox
      case .all: .all
      case .other(let name): .named(name)
      }
  }
}
