import Bytes
import Glibc

/// Finds mail and calendars under paths and patterns.
///
/// Names are bytes, listed by readdir(3) and sorted, so that the order does not depend on the
/// file system. Below the path that was named no symbolic link is followed; a directory is
/// entered once, whatever mounts make of it.
public struct SourceWalker {
  /// How deep directories may nest below a named path.
  public static let maximumDepth = 64

  /// Where the bytes of pipes are kept.
  public struct Pipes {
    /// What came through them.
    public var spool: Spool
    /// The folder for what is read now; nil where only what came before counts.
    public var folder: String?

    /// A place for what comes through pipes.
    public init(_ spool: Spool, folder: String?) {
      self.spool = spool
      self.folder = folder
    }
  }

  private var list = SourceList()
  private let pipes: Pipes?
  private var directories: Set<[UInt64]> = []
  private var seen: Set<[UInt8]> = []

  private init(_ pipes: Pipes?) { self.pipes = pipes }

  /// Everything under `paths` (bytes, not necessarily UTF-8), with `~`, `*`, `**` and `?`.
  ///
  /// - Parameter pipes: Takes what comes through `-`, which is standard input, and through pipes
  ///   that are named; without it they are no sources.
  public static func walk(_ paths: [[UInt8]], pipes: Pipes? = nil) -> SourceList {
    var walker = SourceWalker(pipes)
    for path in paths {
      if pipes != nil, path == Spool.standardInput { walker.piped(path) } else { walker.add(path) }
    }
    return walker.list
  }

  private mutating func add(_ text: [UInt8]) {
    // A file whose name holds a star is that file.
    let pattern = PathPattern(text)
    if case .success(let entry) = Directory.status(pattern.parts.isEmpty ? pattern.root : text) {
      let root = pattern.parts.isEmpty ? pattern.root : text
      named(root: root, relative: [], entry)
      return
    }
    guard !pattern.parts.isEmpty else {
      if case .failure(let e) = Directory.status(pattern.root) { list.missing.append(e) }
      return
    }
    let (paths, errors) = pattern.expand(depth: Self.maximumDepth)
    list.problems += errors
    if paths.isEmpty { list.missing.append(MailboxError(.noMatch, path: text)) }
    for relative in paths {
      // What a pattern matches was found in a directory: links stay unfollowed.
      let path = relative.reduce(pattern.root, Directory.join)
      switch Directory.status(path, follow: false) {
      case .success(let entry) where entry.type == .symbolicLink:
        list.problems.append(MailboxError(.symbolicLink, path: path))
      case .success(let entry): named(root: pattern.root, relative: relative, entry)
      case .failure(let e): list.problems.append(e)
      }
    }
  }

  private mutating func named(root: [UInt8], relative: [[UInt8]], _ entry: Directory.Entry) {
    switch entry.type {
    case .file: file(root: root, relative: relative, entry, isNamed: true)
    case .directory: directory(root: root, relative: relative, entry)
    case .pipe where relative.isEmpty && pipes != nil: piped(root)
    case .symbolicLink, .pipe, .special:
      let error = MailboxError(.notRegularFile, path: relative.reduce(root, Directory.join))
      // What a pattern matches was found, not named.
      if relative.isEmpty { list.missing.append(error) } else { list.problems.append(error) }
    }
  }

  private mutating func piped(_ path: [UInt8]) {
    guard let pipes else { return }
    switch pipes.spool.keep(path, in: pipes.folder) {
    case .failure(let e): list.missing.append(e)
    case .success(let kept):
      switch SourceSniffer.sniff(root: kept.path, relative: [], isPipe: true) {
      case .failure(let e): list.missing.append(MailboxError(e.kind, path: path, errno: e.errno))
      case .success(let found):
        let source = FoundSource(
          root: kept.path, relative: [], kind: found.kind, isGzip: found.isGzip, isPartial: false,
          isNamed: true, folder: MailFolder(path: []), size: kept.size, device: 0, inode: 0,
          pipe: path)
        if seen.insert(source.path).inserted { list.sources.append(source) }
      }
    }
  }

  private mutating func directory(root: [UInt8], relative: [[UInt8]], _ entry: Directory.Entry) {
    var waiting = [(relative, entry)]
    let start = list.sources.count
    while let (place, entry) = waiting.popLast() {
      guard directories.insert([entry.device, entry.inode]).inserted else { continue }
      guard place.count - relative.count <= Self.maximumDepth else {
        list.problems.append(MailboxError(.tooDeep, path: place.reduce(root, Directory.join)))
        continue
      }
      switch Directory.list(root: root, relative: place) {
      case .failure(let e): list.problems.append(e)
      case .success(let entries):
        let inner = contents(root: root, place: place, entry, entries)
        // A stack: the first comes out first.
        waiting += inner.reversed()
      }
    }
    // Depth first gives files before the directories beside them; the order is by whole path.
    list.sources[start...].sort { Self.precedes($0, $1) }
  }

  private static func precedes(_ a: FoundSource, _ b: FoundSource) -> Bool {
    PathPattern.precedes(sortPath(a), sortPath(b))
  }

  // A Maildir's messages lie in `cur` and `new`, so that is where it stands among its neighbours.
  private static func sortPath(_ s: FoundSource) -> [[UInt8]] {
    s.kind == .maildir ? s.relative + [Array("cur".utf8)] : s.relative
  }

  /// Adds a directory's files and returns its directories.
  private mutating func contents(
    root: [UInt8], place: [[UInt8]], _ entry: Directory.Entry, _ entries: [Directory.Entry]
  ) -> [([[UInt8]], Directory.Entry)] {
    let isMaildir = entries.contains {
      $0.type == .directory && ($0.name == Array("cur".utf8) || $0.name == Array("new".utf8))
    }
    if isMaildir {
      append(root: root, relative: place, kind: .maildir, entry, isNamed: false)
    }
    var inner: [([[UInt8]], Directory.Entry)] = []
    for e in entries {
      let path = place + [e.name]
      switch e.type {
      case .directory:
        if isMaildir, MailNames.isMaildirPart(e.name) { continue }
        inner.append((path, e))
      case .file:
        // Beside cur and new lie only the server's own files.
        if isMaildir || MailNames.isStoreFile(e.name) {
          list.storeFiles += 1
        } else {
          file(root: root, relative: path, e, isNamed: false)
        }
      case .symbolicLink:
        list.problems.append(
          MailboxError(.symbolicLink, path: path.reduce(root, Directory.join)))
      case .pipe, .special:
        list.problems.append(
          MailboxError(.notRegularFile, path: path.reduce(root, Directory.join)))
      }
    }
    return inner
  }

  private mutating func file(
    root: [UInt8], relative: [[UInt8]], _ entry: Directory.Entry, isNamed: Bool
  ) {
    switch SourceSniffer.sniff(root: root, relative: relative) {
    case .failure(let e):
      if isNamed { list.missing.append(e) } else { list.problems.append(e) }
    case .success(let found):
      append(
        root: root, relative: relative, kind: found.kind, entry, isNamed: isNamed,
        isGzip: found.isGzip, isPartial: found.isPartial)
    }
  }

  private mutating func append(
    root: [UInt8], relative: [[UInt8]], kind: SourceKind, _ entry: Directory.Entry,
    isNamed: Bool, isGzip: Bool = false, isPartial: Bool = false
  ) {
    let source = FoundSource(
      root: root, relative: relative, kind: kind, isGzip: isGzip, isPartial: isPartial,
      isNamed: isNamed, folder: MailFolder.place(root: root, relative: relative, kind: kind),
      size: kind == .maildir ? 0 : entry.size, device: entry.device, inode: entry.inode)
    guard seen.insert(source.path).inserted else { return }
    list.sources.append(source)
  }
}
