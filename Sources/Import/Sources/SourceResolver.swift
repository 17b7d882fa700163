import Bytes
import Mail
import Mailboxes
import Records
import Rules
import Text

/// One source that will be read: the file, whose it is, how that was found out.
package struct ResolvedSource {
  package var found: FoundSource
  /// Position in the plan's users, or -1.
  package var user: Int
  /// The owner's id or address; empty when nobody is known.
  package var ownerName: String
  /// How the owner was found out, for the report; nil when the configuration says it.
  package var ownerNote: String?
  /// `folder`, unless auto.
  package var fixedFolder: FolderRole?
  /// `sentAs`, where the source has its own.
  var sentAs: SentAs?
  /// Which calendar of its owner it is; nil for mail.
  package var role: Config.CalendarRole?
  /// The path as records show it.
  package var display: String
  /// The same of the path that was named.
  var rootDisplay: String
  /// Hides addresses in the names of files below it.
  var pseudonyms: Pseudonyms?
  /// True when the place is a folder for sure, also where its name says nothing (Maildir++, folders
  /// below folders).
  var isFolderByPlace: Bool

  /// The part of the file that is read, in bytes; nil for the whole.
  var range: Range<Int>?
  /// Where it stands among all that the configuration names; those that it does not name stand
  /// after them.
  var rank = 0
  /// The first ``rank`` of sources that the configuration does not name.
  static let firstOther = 1 << 24

  /// See ``isFolderByPlace``.
  static func isFolder(_ found: FoundSource) -> Bool {
    found.folder.path.count > 1 || (found.kind == .maildir && found.folder.role != .inbox)
  }
}

/// Finds the sources of a run and their owners.
package struct SourceResolver {
  let users: UserIndex
  let configFolder: String
  /// Hides addresses in paths when `output.privacy` asks for it.
  var pseudonyms: Pseudonyms?
  /// `email.provider`, for a warning when a source says otherwise.
  var provider = Config.Provider.any
  /// `calendar.provider`, likewise.
  var calendarProvider = Config.Provider.any
  /// Where what comes through pipes is kept; nil where only what was read before counts.
  var pipeFolder: String?
  /// False leaves mail alone, without a word: the caller wants calendars only.
  var takesMail = true
  /// Which messages at most are looked at when an owner is guessed.
  static let guessLimit = 1000

  /// What was found.
  package struct Result {
    package var sources: [ResolvedSource] = []
    /// Positions of calendars whose role (primary, conflict or other) nobody has stated.
    var undecided: [(source: Int, probe: CalendarProbe)] = []
    /// Things to tell.
    package var warnings: [String] = []
    /// Sources that are missing or no mail, one line each.
    package var faults: [String] = []
    /// Users made of guessed addresses, when there is no users list.
    package var guessedUsers: [[UInt8]] = []

    /// Nothing.
    package init() {}
  }

  /// A path of the configuration, or of the command line.
  package struct Wanted {
    var path: String
    var owner: String?
    var folder = "auto"
    var sentAs: SentAs?
    var calendar: Config.CalendarRole?
  }

  /// Finds what is under the paths, whose it is, and which calendars are primary.
  func resolve(_ wanted: [Wanted]) -> Result {
    var result = Result()
    var seen: Set<[UInt8]> = []
    // All of it first: what lies beside a file tells whether it is a folder.
    let walked = wanted.map { item in
      var notes = Result()
      return (item: item, found: walk(item, &notes), notes: notes)
    }
    let folders = ExportFolders(walked.flatMap(\.found))
    for (item, sources, notes) in walked {
      result.warnings += notes.warnings
      result.faults += notes.faults
      for found in sources where seen.insert(found.path).inserted {
        let (rank, count) = (seen.count - 1, result.sources.count)
        add(found, item, to: &result)
        if result.sources.count > count {
          result.sources[count].rank = rank
          if result.sources[count].role == nil {
            result.sources[count].isFolderByPlace = folders.isFolder(found)
          }
        }
      }
    }
    decideRoles(&result)
    return result
  }

  /// What lies under one path; what is missing or cannot be read is reported in the result.
  func walk(_ wanted: Wanted, _ result: inout Result) -> [FoundSource] {
    let folder = configFolder == "." || wanted.path == "-" ? "" : configFolder
    let list = SourceWalker.walk(
      [Array(Paths.join(folder, wanted.path).utf8)],
      pipes: SourceWalker.Pipes(Pipes.spool, folder: pipeFolder))
    for source in list.sources where source.pipe != nil && source.size == 0 {
      result.warnings.append(
        "\(displayPath(source.shownPath)): nothing came through it; look whether the command that writes to it failed"
      )
    }
    for problem in list.missing where problem.kind == .unreadPipe {
      result.warnings.append("\(text(problem.path)): left out, \(problem.reason)")
    }
    for problem in list.missing where problem.kind != .unreadPipe {
      result.faults.append("\(text(problem.path)): \(problem.reason)")
    }
    for problem in list.problems {
      if problem.isUnreadable {
        result.faults.append("\(text(problem.path)): \(problem.reason)")
        continue
      }
      result.warnings.append("\(text(problem.path)): left out, \(problem.reason)")
    }
    return list.sources
  }

  private func text(_ path: [UInt8]) -> String {
    let out = ByteBuffer()
    path.withByteView { OneLine.append($0, to: out) }
    return out.string
  }

  /// Adds a source with its owner, or what is wrong with it.
  func add(
    _ found: FoundSource, _ wanted: Wanted, to result: inout Result
  ) {
    let display = displayPath(found.shownPath)
    switch found.kind {
    case .calendar: return addCalendar(found, wanted, to: &result)
    case .other:
      if found.isNamed {
        result.faults.append("\(display): is neither mail nor calendar that winnow can read")
      } else {
        result.warnings.append("\(display): left out, nothing in it looks like mail")
      }
      return
    default: if !takesMail { return }
    }
    var source = ResolvedSource(
      found: found, user: -1, ownerName: "", ownerNote: nil,
      fixedFolder: wanted.folder == "auto" ? nil : FolderRole(word: wanted.folder),
      display: display, rootDisplay: displayPath(found.pipe ?? found.root), pseudonyms: pseudonyms,
      isFolderByPlace: ResolvedSource.isFolder(found))
    source.sentAs = wanted.sentAs
    resolveOwner(&source, wanted.owner, &result)
    if provider != .any, let seen = ProviderProbe.provider(of: found), seen != provider {
      result.warnings.append(
        "\(display): provider-mismatch, email.provider is \(provider.rawValue) and its headers are of \(seen.rawValue)"
      )
    }
    result.sources.append(source)
  }

  package func displayPath(_ bytes: [UInt8]) -> String {
    let path = text(bytes)
    let base = configFolder == "." || configFolder.isEmpty ? "./" : configFolder + "/"
    let shown = path.hasPrefix(base) ? String(path.dropFirst(base.count)) : path
    return pseudonyms?.text(shown) ?? shown
  }

  private func resolveOwner(
    _ source: inout ResolvedSource, _ owner: String?, _ result: inout Result
  ) {
    if resolveOwnerBySetting(&source, owner) { return }
    let counts = OwnerGuess(source.found)
    if users.users.isEmpty {
      guard let address = counts.mostFrequent else { return }
      takeGuess(address, for: &source, &result)
      source.ownerNote = "guessed: the address most mail was delivered to or sent from"
      return
    }
    let owners = users.addressKeys.map { counts.share(of: $0) }
    guard let best = owners.indices.max(by: { owners[$0] < owners[$1] }), owners[best] >= 0.8 else {
      return
    }
    source.user = best
    source.ownerName = users.users[best].id
    source.ownerNote = "guessed from \(Int(owners[best] * 100)) % of its delivery headers"
  }

  /// The owner that the configuration or the path names; false when neither does.
  func resolveOwnerBySetting(_ source: inout ResolvedSource, _ owner: String?) -> Bool {
    if let owner {
      source.ownerName = owner
      source.user = users.user(id: owner) ?? -1
      return true
    }
    guard let user = byPath(source.found) else { return false }
    source.user = user
    source.ownerName = users.users[user].id
    source.ownerNote = "by the folder's name"
    return true
  }

  /// Makes a guessed address the owner, in a run without a users list.
  func takeGuess(_ address: [UInt8], for source: inout ResolvedSource, _ result: inout Result) {
    if let known = result.guessedUsers.firstIndex(of: address) {
      source.user = known
    } else {
      source.user = result.guessedUsers.count
      result.guessedUsers.append(address)
    }
    source.ownerName = address.withByteView(\.string)
  }

  // A folder of the path that equals a user's id, address or local part.
  private func byPath(_ found: FoundSource) -> Int? {
    let names = text(found.shownPath).lowercased().split(separator: "/").dropLast(
      found.kind == .maildir ? 0 : 1)
    for name in names.reversed() {
      let isOwner = { (i: Int) in
        users.users[i].id.lowercased() == name
          || users.addressKeys[i].contains { key in
            let address = key.withByteView(\.string)
            return address == name || address.prefix { $0 != "@" } == name
          }
      }
      if let i = users.users.indices.first(where: isOwner) { return i }
    }
    return nil
  }
}

/// Counts whose mailbox a source is: Delivered-To, X-Original-To, and From of mail labelled Sent,
/// in its first messages.
struct OwnerGuess {
  private var counts: [[UInt8]: Int] = [:]
  private var messages = 0

  init(_ found: FoundSource) {
    let source = MessageSource(found)
    let reader = MessageReader()
    let labels = LabelCache()
    let key = ByteBuffer(capacity: 128)
    let isSentFolder = found.folder.role == .sent
    reading: while let batch = source.next() {
      for entry in batch.entries where !entry.flags.contains(.isOversize) {
        if messages >= SourceResolver.guessLimit { break reading }
        guard reader.read(batch.message(entry)) else { continue }
        messages += 1
        count(reader.message, isSentFolder, labels, key)
      }
      batch.recycle()
    }
  }

  private mutating func count(
    _ m: Message, _ isSentFolder: Bool, _ labels: LabelCache, _ key: ByteBuffer
  ) {
    var addresses: Set<[UInt8]> = []
    for f in m.fields where f.name == .deliveredTo || f.name == .originalTo {
      key.removeAll()
      if AddressKey.append(m.bytes[f.value].trimmed(), to: key) { addresses.insert(key.array) }
    }
    let isSent =
      m.value(.gmailLabels).map { labels.labels($0).facts.folders.contains(.sent) } ?? isSentFolder
    if isSent, let range = m.from, let first = m.addresses[range].first {
      key.removeAll()
      if AddressKey.append(m.text[first.address], to: key) { addresses.insert(key.array) }
    }
    for a in addresses { counts[a, default: 0] += 1 }
  }

  /// The address that occurs most; the first by bytes among equals.
  var mostFrequent: [UInt8]? {
    counts.max {
      $0.value != $1.value ? $0.value < $1.value : $1.key.lexicographicallyPrecedes($0.key)
    }?.key
  }

  /// Which part of all that was counted falls on these address keys.
  func share(of keys: [[UInt8]]) -> Double {
    let total = counts.values.reduce(0, +)
    return total == 0 ? 0 : Double(keys.reduce(0) { $0 + (counts[$1] ?? 0) }) / Double(total)
  }
}
