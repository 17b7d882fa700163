import Glibc

/// Something that kept a file or a part of it from being read; a value, never thrown past a file.
public struct MailboxError: Error, Hashable, Sendable {
  /// What kind of failure.
  public enum Kind: String, Hashable, Sendable {
    /// A system call failed; see ``MailboxError/errno``.
    case system
    /// Not a regular file: FIFO, socket, device.
    case notRegularFile
    /// A pipe, where only what was read before counts.
    case unreadPipe
    /// A symbolic link found inside a directory that is walked.
    case symbolicLink
    /// Nothing in the file looks like mail.
    case notMail
    /// The gzip stream is damaged or ends too early; what came before it was read.
    case damagedGzip
    /// The file's size or modification time changed while it was read.
    case changedWhileReading
    /// Directories nest deeper than ``SourceWalker/maximumDepth``.
    case tooDeep
    /// A pattern that matches nothing.
    case noMatch
    /// A path that holds a NUL byte.
    case badPath
    /// What comes through a pipe could not be kept.
    case noRoom
    /// Not an uncompressed mbox, so no part of it can be read alone.
    case noRange
  }

  /// See ``Kind``.
  public var kind: Kind
  /// The path, as bytes; not necessarily UTF-8.
  public var path: [UInt8]
  /// The error number of a failed system call, else 0.
  public var errno: Int32

  /// An error about one path.
  public init(_ kind: Kind, path: [UInt8], errno: Int32 = 0) {
    self.kind = kind
    self.path = path
    self.errno = errno
  }

  /// True when something that is there could not be read. A file that is gone since it was listed
  /// is no error: mail servers move files while they are read.
  public var isUnreadable: Bool { kind == .system && errno != ENOENT }

  private var systemReason: String {
    var text = [CChar](repeating: 0, count: 256)
    guard strerror_r(errno, &text, 255) == 0 else { return "error \(errno)" }
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// One line for people, without the path.
  public var reason: String {
    switch kind {
    case .system: return systemReason
    case .noRoom:
      return
        "what comes through it cannot be kept (\(systemReason)); set TMPDIR to a folder with room for all of it"
    case .notRegularFile: return "not a regular file"
    case .unreadPipe: return "a pipe is read by the run that it is for"
    case .symbolicLink: return "a symbolic link, not followed"
    case .notMail: return "nothing in it looks like mail"
    case .damagedGzip: return "the gzip data is damaged or cut off"
    case .changedWhileReading: return "the file changed while it was read"
    case .tooDeep: return "directories nest too deeply"
    case .noMatch: return "matches no file"
    case .badPath: return "the path holds a NUL byte"
    case .noRange: return "only an uncompressed mbox can be read in parts"
    }
  }
}
