/// What a source is.
public enum SourceKind: String, Sendable, Hashable {
  /// Messages in one file, each after a separator line.
  case mbox
  /// One message in one file.
  case eml
  /// One message of Apple Mail's store.
  case emlx
  /// A directory with `cur` or `new`, one message a file.
  case maildir
  /// iCalendar, xCal or jCal; not read here.
  case calendar
  /// Nothing that can be read.
  case other
}

/// A file or Maildir found under a path that the user named.
public struct FoundSource: Sendable, Hashable {
  /// The path that was named, up to its first wildcard; links in it are followed.
  public var root: [UInt8]
  /// The names below ``root``; empty when the root itself is the source. No links are followed.
  public var relative: [[UInt8]]
  /// See ``SourceKind``.
  public var kind: SourceKind
  /// The file is gzip-compressed.
  public var isGzip: Bool
  /// `.partial.emlx`.
  public var isPartial: Bool
  /// The user named it (also by a pattern); a file of kind `other` that they named is their error,
  /// one found while walking a directory is merely skipped.
  public var isNamed: Bool
  /// The folder its place says it is.
  public var folder: MailFolder
  /// Size in bytes when found; 0 for a Maildir.
  public var size: Int
  /// Device and inode, to find the same file under two paths.
  public var device: UInt64
  /// See ``device``.
  public var inode: UInt64
  /// What the user called a pipe, whose bytes lie in a ``Spool``; nil for a file.
  public var pipe: [UInt8]?

  /// The whole path, as bytes.
  public var path: [UInt8] { relative.reduce(root, Directory.join) }

  /// The path as people know it.
  public var shownPath: [UInt8] { pipe ?? path }
}

extension FoundSource {
  /// A file that somebody else found, and that need not be here.
  public init(path: [UInt8], kind: SourceKind, size: Int) {
    self.init(
      root: path, relative: [], kind: kind, isGzip: false, isPartial: false, isNamed: false,
      folder: MailFolder(path: []), size: size, device: 0, inode: 0)
  }
}

/// Everything found under a list of paths.
public struct SourceList: Sendable {
  /// In the order of the paths given, below each in byte order.
  public var sources: [FoundSource] = []
  /// What could not be read, and links, FIFOs and the like that were left alone.
  public var problems: [MailboxError] = []
  /// Paths that do not exist or match nothing, as the user wrote them.
  public var missing: [MailboxError] = []
  /// Indexes of mail stores (`.msf`, `table_of_contents`, Dovecot's) left out without a word.
  public var storeFiles = 0
}
