import Bytes

/// What a mail folder or label is for.
public enum FolderRole: Hashable, Sendable {
  case inbox
  case sent
  case drafts
  case trash
  case spam
  case archive
  case chats
  case outbox
  /// Every message of an account (Takeout's and Gmail's "All mail"): says nothing of a message.
  case all
  /// A folder of the user's own, by name.
  case other(String)

  /// The word that the configuration and the outputs use: `inbox`, `sent`, … or the name.
  public var word: String {
    switch self {
    case .inbox: return "inbox"
    case .sent: return "sent"
    case .drafts: return "drafts"
    case .trash: return "trash"
    case .spam: return "spam"
    case .archive: return "archive"
    case .chats: return "chats"
    case .outbox: return "outbox"
    case .all: return "all"
    case .other(let name): return name
    }
  }

  /// Mail in it is never synced, whatever the configuration says: drafts, trash, spam, chats and
  /// what was never sent.
  public var isNeverSynced: Bool {
    switch self {
    case .drafts, .trash, .spam, .chats, .outbox: return true
    default: return false
    }
  }

  /// The role of one of the words that `folder` and `folders` take, else a folder of that name.
  public init(word: String) {
    self = Self.named(word) ?? .other(word)
  }

  /// The standard folders with the names that are known for each, in lower case, for the manual.
  package static var knownNames: [(role: FolderRole, names: [String])] {
    ByteView(FolderNames.folders).string.split(separator: "\n").compactMap { line in
      let names = line.split(separator: "|").map(String.init)
      guard let word = names.first, let role = bare(word) else { return nil }
      var seen: Set<String> = []
      return (role, names.dropFirst().filter { seen.insert($0).inserted })
    }
  }

  /// The role of a standard folder's name in any language, without regard to case, white space,
  /// hyphens and composition; nil for other names.
  public static func named(_ name: String) -> FolderRole? {
    let key = normalized(name)
    return key.utf8.allSatisfy { $0 < 0x80 } ? find(ascii: key) : table[key]
  }

  // A plain name by its bytes: the table of all names takes longer to make than a small run.
  static func find(ascii key: String) -> FolderRole? {
    let text = ByteView(FolderNames.folders)
    return key.withByteView { key in
      if key.isEmpty || key.firstIndex(of: bar) != nil { return nil }
      var from = 0
      while let hit = text.firstRange(of: key, from: from) {
        let end = text[hit + key.count]
        if text[hit - 1] == bar, end == bar || end == ASCII.lf || end == 0 {
          let line = text.prefix(hit).lastIndex(of: ASCII.lf) ?? -1
          let word = text.firstIndex(of: bar, from: line) ?? 0
          return bare(text.slice(line + 1, word).string)
        }
        from = hit + 1
      }
      return nil
    }
  }

  private static let bar = UInt8(ascii: "|")

  /// The role of a folder by its names from the top level down.
  ///
  /// Only top-level names are looked up: a folder below Inbox called Sent is just a folder.
  /// `INBOX` in capitals (the IMAP name space), `[Gmail]` and the like are no level of their own.
  /// Folders below Trash, Spam, Drafts and Chats share their fate.
  public static func of(path: [String]) -> FolderRole {
    var names = path[...]
    if names.count > 1, names.first == "INBOX" || isProviderRoot(names.first ?? "") {
      names = names.dropFirst()
    }
    guard let top = names.first, let last = names.last else { return .other("") }
    guard let role = named(top) else { return .other(last) }
    return names.count == 1 || role.isNeverSynced ? role : .other(last)
  }

  /// `[Gmail]`, `[Google Mail]`.
  static func isProviderRoot(_ name: String) -> Bool {
    let n = normalized(name)
    return n == "[gmail]" || n == "[google mail]"
  }

  /// Lower case, runs of white space (no-break space too), `_` and `-` as one space, trimmed.
  static func normalized(_ name: String) -> String {
    var out = ""
    var isGap = false
    for scalar in name.lowercased().unicodeScalars {
      switch scalar.value {
      case 9, 10, 13, 32, 0xA0, 0x202F, 0x3000, 45, 95, 0x2010, 0x2011: isGap = !out.isEmpty
      case 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: break
      // Typographic and typewriter apostrophes are one.
      case 0x2019:
        if isGap { out.append(" ") }
        isGap = false
        out.append("'")
      default:
        if isGap { out.append(" ") }
        isGap = false
        out.unicodeScalars.append(scalar)
      }
    }
    return out
  }

  static let table: [String: FolderRole] = {
    var table: [String: FolderRole] = [:]
    let text = ByteView(FolderNames.folders).string
    for line in text.split(separator: "\n") {
      let names = line.split(separator: "|")
      guard let first = names.first, let role = bare(String(first)) else { continue }
      for name in names.dropFirst() {
        let key = normalized(String(name))
        if table[key] == nil { table[key] = role }
      }
    }
    return table
  }()

  private static func bare(_ word: String) -> FolderRole? {
    switch word {
    case "inbox": return .inbox
    case "sent": return .sent
    case "drafts": return .drafts
    case "trash": return .trash
    case "spam": return .spam
    case "archive": return .archive
    case "chats": return .chats
    case "outbox": return .outbox
    case "all": return .all
    default: return nil
    }
  }
}
