import Bytes
import CPlatform
import Glibc

/// Files and directories by descriptors and byte names, never through a symbolic link below the
/// path that the user named.
enum Directory {
  enum EntryType {
    case file
    case directory
    case symbolicLink
    case pipe
    case special
  }

  struct Entry {
    var name: [UInt8]
    var type: EntryType
    var size: Int
    var device: UInt64
    var inode: UInt64
  }

  /// Calls `body` with the path as a C string; nil when it holds a NUL byte.
  static func withCString<R>(_ path: [UInt8], _ body: (UnsafePointer<CChar>) -> R) -> R? {
    guard !path.contains(0) else { return nil }
    return (path + [0]).withUnsafeBufferPointer { bytes in
      bytes.baseAddress.map { body(UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self)) }
    }
  }

  /// Opens `relative` below `root`, following links only within `root` itself. An empty
  /// `relative` opens `root`. Never blocks on a FIFO.
  static func open(root: [UInt8], relative: [[UInt8]], directory: Bool) -> Result<
    Int32, MailboxError
  > {
    let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY
    var path = root
    let isRootDirectory = directory || !relative.isEmpty
    var fd =
      withCString(root.isEmpty ? [46] : root) {
        cplatform_open($0, flags | (isRootDirectory ? O_DIRECTORY : 0), 0)
      } ?? -2
    if fd == -2 { return .failure(MailboxError(.badPath, path: root)) }
    if fd < 0 { return .failure(MailboxError(.system, path: path, errno: errno)) }
    for (i, name) in relative.enumerated() {
      path = join(path, name)
      let isLast = i == relative.count - 1
      let more = O_NOFOLLOW | (isLast && !directory ? 0 : O_DIRECTORY)
      let next = withCString(name) { cplatform_openat(fd, $0, flags | more, 0) } ?? -2
      let code = errno
      close(fd)
      if next == -2 { return .failure(MailboxError(.badPath, path: path)) }
      if next < 0 {
        let kind: MailboxError.Kind = code == ELOOP ? .symbolicLink : .system
        return .failure(MailboxError(kind, path: path, errno: code))
      }
      fd = next
    }
    return .success(fd)
  }

  /// Opens a regular file for reading.
  static func openFile(root: [UInt8], relative: [[UInt8]]) -> Result<FileInput, MailboxError> {
    open(root: root, relative: relative, directory: false).flatMap { fd in
      let path = relative.reduce(root, join)
      var s = stat()
      guard fstat(fd, &s) == 0, s.st_mode & S_IFMT == S_IFREG else {
        close(fd)
        return .failure(MailboxError(.notRegularFile, path: path))
      }
      return .success(FileInput(descriptor: fd, path: path))
    }
  }

  /// The entries of a directory without `.` and `..`, in byte order of their names.
  static func list(root: [UInt8], relative: [[UInt8]]) -> Result<[Entry], MailboxError> {
    open(root: root, relative: relative, directory: true).flatMap { fd in
      guard let dir = fdopendir(fd) else {
        close(fd)
        return .failure(MailboxError(.system, path: relative.reduce(root, join), errno: errno))
      }
      defer { closedir(dir) }
      var entries: [Entry] = []
      errno = 0
      while let e = readdir(dir) {
        let name = Self.name(e)
        if name == [46] || name == [46, 46] { continue }
        if let entry = status(fd, name) { entries.append(entry) }
        errno = 0
      }
      if errno != 0 {
        return .failure(MailboxError(.system, path: relative.reduce(root, join), errno: errno))
      }
      entries.sort { $0.name.lexicographicallyPrecedes($1.name) }
      return .success(entries)
    }
  }

  private static func name(_ e: UnsafeMutablePointer<dirent>) -> [UInt8] {
    withUnsafeBytes(of: &e.pointee.d_name) { raw in Array(raw.prefix { $0 != 0 }) }
  }

  // A name that vanished since it was listed gives nil.
  private static func status(_ fd: Int32, _ name: [UInt8]) -> Entry? {
    var s = stat()
    guard withCString(name, { fstatat(fd, $0, &s, AT_SYMLINK_NOFOLLOW) }) == 0 else { return nil }
    return entry(name, s)
  }

  /// What a path is; `follow`: the user named it, so a link counts as what it leads to.
  static func status(_ path: [UInt8], follow: Bool = true) -> Result<Entry, MailboxError> {
    var s = stat()
    guard let r = withCString(path, { follow ? stat($0, &s) : lstat($0, &s) }) else {
      return .failure(MailboxError(.badPath, path: path))
    }
    guard r == 0 else { return .failure(MailboxError(.system, path: path, errno: errno)) }
    return .success(entry(path, s))
  }

  private static func entry(_ name: [UInt8], _ s: stat) -> Entry {
    let type: EntryType
    switch s.st_mode & S_IFMT {
    case S_IFREG: type = .file
    case S_IFDIR: type = .directory
    case S_IFLNK: type = .symbolicLink
    case S_IFIFO: type = .pipe
    default: type = .special
    }
    return Entry(
      name: name, type: type, size: Int(s.st_size), device: UInt64(s.st_dev),
      inode: UInt64(s.st_ino))
  }

  /// `a` and `b` with one slash between.
  static func join(_ a: [UInt8], _ b: [UInt8]) -> [UInt8] {
    if a.isEmpty { return b }
    return a.last == 47 ? a + b : a + [47] + b
  }
}
