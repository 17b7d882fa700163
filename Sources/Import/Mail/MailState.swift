import Bytes
import Mail
import Mailboxes
import Records
import Rules
import Text

/// Where a mail lies: for decisions and records.
struct MailPlace {
  /// Number of the file in the run's table.
  var file: Int
  /// The path as records show it.
  var path: ByteView
  /// Position among the items of its file.
  var index: Int
  /// First byte in the file.
  var offset: Int
  /// Number of bytes.
  var length: Int
}

/// What is known of one mail beside its own words: place, folder, labels, date.
struct MailState {
  var place: MailPlace
  /// Kept by the batch's work; not counted, since all workers read the same one.
  unowned(unsafe) let source: MailSource
  /// Seconds since 1970, or nil.
  var date: Int64?
  /// Where the date comes from: header, separator, store, received, none.
  var dateSource: StaticString = "none"
  /// Gmail's labels.
  var labels: [String] = []
  /// The folder: `inbox`, `sent`, … or its name.
  var folder = ""
  /// True when the folder, or one of the labels, is synced.
  var isFolderSynced = true
  /// Marked deleted by the store itself.
  var isDeleted = false

  init(place: MailPlace, source: MailSource) {
    self.place = place
    self.source = source
  }

  /// Finds the date: Date, else the separator line, else what the store keeps, else the topmost
  /// Received that can be read. Never the present time.
  mutating func resolveDate(
    _ m: Message, entry: MessageEntry, envelope: @autoclosure () -> EnvelopeLine?
  ) {
    // Before 1970 no mail was sent: a wrong clock, and every other source knows better.
    if let d = m.date, d.seconds >= 0 {
      date = d.seconds
      dateSource = "header"
    } else if let e = envelope(), e.isDated {
      date = Int64(e.seconds)
      dateSource = "separator"
    } else if let seconds = entry.storeDate {
      date = Int64(seconds)
      dateSource = "store"
    } else {
      for f in m.fields where f.name == .received {
        if let d = ReceivedDate.parse(m.bytes[f.value].prefix(4096)) {
          date = d.seconds
          dateSource = "received"
          return
        }
      }
      if let d = m.date {
        date = d.seconds
        dateSource = "header"
      }
    }
  }

  /// Finds the folder (contract section 3): the source's own, else Gmail's labels, else the
  /// place, else what the direction says.
  mutating func resolveFolder(
    _ m: Message, entry: MessageEntry, direction: Direction, cache: LabelCache, plan: FolderPlan
  ) {
    isDeleted = entry.store.contains(.deleted)
    if let status = m.value(.mozillaStatus), StoreFlags.mozilla(status).contains(.deleted) {
      isDeleted = true
    }
    let gmail = m.value(.gmailLabels).map { cache.labels($0) }
    labels = gmail?.labels ?? []
    if let fixed = source.fixedFolder {
      folder = fixed.word
      isFolderSynced = plan.isSynced(fixed)
      return
    }
    if entry.store.contains(.draft) {
      folder = FolderRole.drafts.word
      isFolderSynced = false
      return
    }
    if let gmail {
      folder = gmail.folder.word
      isFolderSynced =
        !gmail.folder.isNeverSynced
        && (plan.isSynced(gmail.folder) || gmail.roles.contains { plan.isSynced($0) }
          // Gmail's archive is what has lost the Inbox label, own labels or not.
          || (!gmail.roles.contains(.inbox) && !gmail.roles.contains(.sent)
            && plan.isSynced(.archive)))
      return
    }
    let byDirection: FolderRole = direction == .outbound ? .sent : .inbox
    let role: FolderRole
    switch source.place.role {
    case .all: role = byDirection
    case .other where !source.isFolderByPlace: role = byDirection
    default: role = source.place.role
    }
    folder = role.word
    isFolderSynced = plan.isSynced(role)
    if case .other(let name) = source.place.role, !source.isFolderByPlace, !name.isEmpty,
      plan.isSynced(source.place.role)
    {
      folder = name
      isFolderSynced = true
    }
  }
}

/// Which folders are synced (`email.folders`).
struct FolderPlan: Sendable {
  private var roles: Set<FolderRole> = []

  /// The folders of a configuration: `inbox`, `sent`, `archive` or names.
  init(_ words: [String]) {
    for w in words { roles.insert(FolderRole(word: w)) }
  }

  /// True for a folder in the list; drafts, spam, trash, chats never are.
  func isSynced(_ role: FolderRole) -> Bool {
    if role.isNeverSynced { return false }
    if roles.contains(role) { return true }
    guard case .other(let name) = role else { return false }
    let lower = name.lowercased()
    return roles.contains {
      if case .other(let own) = $0 { return own.lowercased() == lower }
      return false
    }
  }
}

/// Gmail's label lists repeat from mail to mail: each is taken apart once a worker, but for long
/// ones, which would fill the memory.
final class LabelCache {
  private var known: [[UInt8]: GmailLabels] = [:]
  private let decoded = ByteBuffer(capacity: 256)
  private let words = EncodedWords()
  private let meanings = LabelMeanings()
  private static let longest = 512

  /// The labels of a raw X-Gmail-Labels value.
  func labels(_ raw: ByteView) -> GmailLabels {
    if raw.count > Self.longest { return parse(raw) }
    let key = raw.array
    if let hit = known[key] { return hit }
    let parsed = parse(raw)
    if known.count > 4096 { known.removeAll(keepingCapacity: true) }
    known[key] = parsed
    return parsed
  }

  private func parse(_ raw: ByteView) -> GmailLabels {
    decoded.removeAll()
    _ = words.appendUnstructured(raw, to: decoded)
    return GmailLabels.parse(decoded: decoded.view, meanings: meanings)
  }
}

/// One source of mail in the words of the run: whose it is, what folder it is.
final class MailSource: @unchecked Sendable {
  /// Position of the owner in the plan's users, or -1.
  let user: Int
  /// The owner's id; empty when nobody is known.
  let ownerName: String
  private let ownerText: ByteBuffer
  /// The configuration's `folder`, unless `auto`.
  let fixedFolder: FolderRole?
  /// The folder that the place says.
  let place: MailFolder
  /// True when the place is a folder for sure, also where its name says nothing (Maildir++,
  /// folders below folders).
  let isFolderByPlace: Bool
  /// Number of the file in the run's table; for a Maildir of its first message's.
  let file: Int
  /// The path as records show it.
  let path: [UInt8]
  /// The named path that a Maildir's files are relative to, as records show it.
  let rootPath: [UInt8]
  /// Hides addresses in the names of files below it; asked on the reading thread only.
  private(set) var pseudonyms: Pseudonyms?
  /// The file or Maildir itself.
  let found: FoundSource?
  /// Its number among the run's sources; -1 outside of a run.
  private(set) var number = -1
  /// What names it in a ledger; empty without one.
  private(set) var memoryKey: [UInt8] = []

  init(
    user: Int, ownerName: String, fixedFolder: FolderRole?, place: MailFolder,
    isFolderByPlace: Bool, file: Int, path: [UInt8], rootPath: [UInt8],
    found: FoundSource?
  ) {
    self.user = user
    self.ownerName = ownerName
    ownerText = ByteBuffer(capacity: 32)
    ownerText.append(string: ownerName)
    self.fixedFolder = fixedFolder
    self.place = place
    self.isFolderByPlace = isFolderByPlace
    self.file = file
    self.path = path
    self.rootPath = rootPath
    self.found = found
  }

  /// ``ownerName`` as bytes.
  var owner: ByteView { ownerText.view }

  /// A resolved source as number `file` of the run.
  ///
  /// - Parameters:
  ///   - number: Its number among the run's sources.
  ///   - remembers: True in a run with a ledger.
  convenience init(
    _ source: ResolvedSource, file: Int, number: Int = -1, remembers: Bool = false
  ) {
    self.init(
      user: source.user, ownerName: source.ownerName, fixedFolder: source.fixedFolder,
      place: source.found.folder,
      isFolderByPlace: source.isFolderByPlace,
      file: file, path: Array(source.display.utf8), rootPath: Array(source.rootDisplay.utf8),
      found: source.found)
    pseudonyms = source.pseudonyms
    self.number = number
    if remembers { memoryKey = SourceMemory.key(source.found) }
  }
}
