import Bytes

/// The folder that a message's place in the file system stands for.
public struct MailFolder: Hashable, Sendable {
  /// The folder's own name; empty when the place has none.
  public var name: String
  /// Its names from the top level down, ``name`` last.
  public var path: [String]
  /// What it is for.
  public var role: FolderRole

  /// A folder by its names from the top level down.
  public init(path: [String]) {
    self.path = path
    name = path.last ?? ""
    role = path.isEmpty ? .other("") : FolderRole.of(path: path)
  }

  /// The folder of a source at `root`/`relative`.
  ///
  /// Directories count as folders only where the store makes them so: Thunderbird's `.sbd`,
  /// Apple's `.mbox`, Maildir++ and its dots, `mbox` files that take their directory's name, and
  /// directories below a standard folder. Others only group exports.
  static func place(root: [UInt8], relative: [[UInt8]], kind: SourceKind) -> MailFolder {
    let above = root.split(separator: 47).map(Array.init).filter { $0 != [46] }
    let names = (above + relative).suffix(16).map(Array.init)
    guard kind != .calendar, kind != .other, let last = names.last else {
      return MailFolder(path: [])
    }
    let outer = Array(names.dropLast())
    switch kind {
    case .maildir: return maildir(names, inside: relative.count + 1)
    case .eml, .emlx: return MailFolder(path: directories(outer, inside: relative.count))
    default: break
    }
    let own = clean(last, isFile: true)
    var path = parents(outer)
    if isStoreWord(own) || (path.isEmpty && isNumber(own)) {
      path = directories(outer, inside: relative.count)
      return MailFolder(path: path.isEmpty ? [own] : path)
    }
    if path.isEmpty, FolderRole.named(own) == nil {
      // A file called after a customer in a directory called Inbox is a folder below it.
      let around = directories(outer, inside: relative.count)
      if let top = around.first, FolderRole.named(top) != nil { path = around }
    }
    return split(path, own)
  }

  // `INBOX.Sent`, `[Gmail]/Sent Mail` as one name: IMAP's separators inside a file name.
  private static func split(_ above: [String], _ own: String) -> MailFolder {
    guard above.isEmpty else { return MailFolder(path: above + [own]) }
    if own.hasPrefix("INBOX.") || own.hasPrefix("INBOX/") {
      return MailFolder(path: ["INBOX"] + pieces(own.dropFirst(6), [".", "/"]))
    }
    for root in ["[Gmail]", "[Google Mail]"] where own.hasPrefix(root) {
      return MailFolder(
        path: [root] + pieces(own.dropFirst(root.count), [".", "/", "_", "-", " "]))
    }
    return MailFolder(path: [own])
  }

  private static func pieces(_ text: Substring, _ separators: Set<Character>) -> [String] {
    let trimmed = text.drop { separators.contains($0) }
    let isList = separators.count == 2
    guard isList else { return trimmed.isEmpty ? [] : [String(trimmed)] }
    return trimmed.split { separators.contains($0) }.map(String.init)
  }

  /// The `.sbd` and `.mbox` directories right above a file, which are folders for sure.
  private static func parents(_ outer: [[UInt8]]) -> [String] {
    var path: [String] = []
    for name in outer.reversed() {
      let lower = MailNames.lowercased(name)
      guard MailNames.hasSuffix(lower, ".sbd") || MailNames.hasSuffix(lower, ".mbox") else { break }
      path.insert(clean(name, isFile: true), at: 0)
    }
    return path
  }

  /// The folder that a directory is: itself, and the directories around it from the nearest
  /// standard folder on. `inside`: how many of the names lie below the named path.
  private static func directories(_ outer: [[UInt8]], inside: Int) -> [String] {
    // Apple's store keeps messages deep below the folder's directory.
    if let box = outer.lastIndex(where: {
      MailNames.hasSuffix(MailNames.lowercased($0), ".mbox")
    }) {
      return parents(Array(outer[...box]))
    }
    guard let last = outer.last else { return [] }
    let names = outer.map { clean($0, isFile: false) }
    let first = max(0, outer.count - max(1, inside))
    for i in first..<names.count where FolderRole.named(names[i]) != nil {
      return Array(names[i...])
    }
    return [clean(last, isFile: false)]
  }

  // Maildir++ keeps its folders beside cur and new as `.Name.Sub`; other servers nest plainly.
  private static func maildir(_ names: [[UInt8]], inside: Int) -> MailFolder {
    guard let last = names.last else { return MailFolder(path: []) }
    if last.first == 46, last.count > 1 {
      let parts = last.dropFirst().split(separator: 46).map { ModifiedUTF7.decode(Array($0)) }
      return MailFolder(path: parts)
    }
    let own = clean(last, isFile: false)
    // The root of a Maildir is its inbox.
    if MailNames.lowercased(last) == Array("maildir".utf8) || inside == 1 {
      if FolderRole.named(own) == nil { return MailFolder(path: ["INBOX"]) }
    }
    return MailFolder(path: directories(names, inside: inside))
  }

  /// A name without its store's suffixes, with IMAP's modified UTF-7 decoded.
  private static func clean(_ name: [UInt8], isFile: Bool) -> String {
    var bytes = name
    let ends: [StaticString] = [".gz", ".mbox", ".mbx", ".sbd", ".txt"]
    for end in ends where isFile {
      if bytes.count > ByteView(end).count, MailNames.hasSuffix(MailNames.lowercased(bytes), end) {
        bytes.removeLast(ByteView(end).count)
      }
    }
    return ModifiedUTF7.decode(bytes)
  }

  /// What every folder's file is called in some stores (Apple, readpst) and exports.
  private static func isStoreWord(_ name: String) -> Bool {
    ["mbox", "mail", "messages", "export", "mailbox"].contains(FolderRole.normalized(name))
  }

  /// A year or a part's number, which says nothing of a folder unless the store made it one.
  private static func isNumber(_ name: String) -> Bool {
    let n = FolderRole.normalized(name)
    return !n.isEmpty && n.unicodeScalars.allSatisfy { $0.value &- 48 < 10 || $0 == " " }
  }
}
