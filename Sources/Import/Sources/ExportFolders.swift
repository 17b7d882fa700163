import Mailboxes

/// Which places of an export are folders of their own, also where their names say nothing.
///
/// Where a mail program's Inbox or Sent lies beside it, `Personal` is a folder like these; alone, or in a
/// directory that only groups exports, a name says nothing, and the direction decides between inbox and
/// sent. One answer for every command.
struct ExportFolders {
  // Directories in which a folder of a known role lies.
  private var homes: Set<[UInt8]> = []

  /// What was found of the whole export.
  init(_ found: [FoundSource]) {
    for source in found where Self.hasKnownRole(source) {
      homes.insert(Self.home(of: Self.unit(source)))
    }
  }

  /// True when the place of a source is a folder for sure.
  func isFolder(_ source: FoundSource) -> Bool {
    if ResolvedSource.isFolder(source) { return true }
    guard case .other(let name) = source.folder.role, !name.isEmpty else { return false }
    if Self.isInAppleMailbox(source) { return true }
    // Beside such a folder, or below one that is beside it.
    var place = Self.home(of: Self.unit(source))
    while place.count >= source.root.count || place.count > 1 {
      if homes.contains(place) { return true }
      let above = Self.home(of: place)
      if above.count >= place.count { return false }
      place = above
    }
    return false
  }

  private static func hasKnownRole(_ source: FoundSource) -> Bool {
    switch source.folder.role {
    case .other, .all: return false
    default: break
    }
    guard source.kind == .maildir else { return source.kind != .calendar }
    // The root of a Maildir is an inbox whatever its name.
    let name = String(decoding: unit(source).split(separator: 47).last ?? [], as: UTF8.self)
    return FolderRole.named(name) != nil
  }

  // The file or directory that stands for a folder.
  private static func unit(_ source: FoundSource) -> [UInt8] {
    switch source.kind {
    case .eml, .emlx: return home(of: source.path)
    case .mbox:
      let above = home(of: source.path)
      return isMailboxDirectory(above) ? above : source.path
    default: return source.path
    }
  }

  // `Name.mbox/mbox`, and what Apple's store keeps below such a directory.
  private static func isInAppleMailbox(_ source: FoundSource) -> Bool {
    source.path.split(separator: 47).dropLast().contains { isMailboxDirectory(Array($0)) }
  }

  private static func isMailboxDirectory(_ path: [UInt8]) -> Bool {
    let end = Array(".mbox".utf8)
    return path.count > end.count
      && path.suffix(end.count).map { $0 | 0x20 } == end.map { $0 | 0x20 }
  }

  // The directory around a path; the path itself where there is none.
  private static func home(of path: [UInt8]) -> [UInt8] {
    guard let slash = path.lastIndex(of: 47) else { return [] }
    return Array(path[..<slash])
  }
}
