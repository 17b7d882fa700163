import GRDB
import GRDBSQLite
import Glibc

/// Making a ledger where there is none.
enum LedgerCreation {
  // Glibc's macro is not imported; the bit is the same on x86-64 and AArch64.
  private static let temporary: Int32 = 0o20_000_000 | O_DIRECTORY

  /// Builds the database in memory, writes it to a file without a name, syncs that and gives it its
  /// name: a kill leaves no file or a whole one, and nothing else.
  static func create(_ path: String, steps: [String]) throws {
    let folder = POSIXFile.folder(of: path)
    guard let s = POSIXFile.status(folder), s.st_mode & S_IFMT == S_IFDIR else {
      throw LedgerError.posix(
        ENOENT, path, "the ledger's folder does not exist", mend: "create \(folder)")
    }
    let queue = try DatabaseQueue()
    let written = try queue.inDatabase { db -> Int32 in
      try Schema.upgrade(db, steps: steps)
      var size: Int64 = 0
      guard let image = sqlite3_serialize(db.sqliteConnection, "main", &size, 0) else {
        throw DatabaseError(resultCode: .SQLITE_NOMEM)
      }
      defer { sqlite3_free(image) }
      return write(UnsafeRawBufferPointer(start: image, count: Int(size)), path, folder)
    }
    try queue.close()
    guard written == 0 else {
      throw LedgerError.posix(
        written, path, "the ledger cannot be created",
        mend: "check that its folder may be written and has room")
    }
  }

  /// 0 or errno. A file that somebody else made meanwhile stays: 0, too.
  private static func write(
    _ image: UnsafeRawBufferPointer, _ path: String, _ folder: String
  ) -> Int32 {
    var draft: String?
    var fd = open(folder, temporary | O_RDWR | O_CLOEXEC, 0o600)
    if fd < 0 {
      // A file system that knows no files without names.
      let name = "\(path).new-\(getpid())"
      fd = open(name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
      guard fd >= 0 else { return errno }
      draft = name
    }
    defer {
      close(fd)
      if let draft { unlink(draft) }
    }
    var done = 0
    while done < image.count {
      let n = Glibc.write(fd, image.baseAddress.map { $0 + done }, image.count - done)
      if n < 0, errno == EINTR { continue }
      guard n > 0 else { return errno }
      done += n
    }
    guard fsync(fd) == 0 else { return errno }
    // A link, not a rename: it never takes the place of a ledger that is there.
    let from = draft ?? "/proc/self/fd/\(fd)"
    if linkat(AT_FDCWD, from, AT_FDCWD, path, draft == nil ? AT_SYMLINK_FOLLOW : 0) != 0 {
      if errno == EEXIST { return 0 }
      guard let draft, rename(draft, path) == 0 else { return errno }
    }
    return POSIXFile.sync(folder)
  }
}

/// The first 100 bytes of an SQLite file, read before SQLite touches it: a foreign database is not
/// even recovered, a picture gets a clear answer.
enum LedgerHeader {
  /// The schema version in the header; nil where SQLite must look (a journal is there).
  static func version(_ path: String) throws -> Int? {
    guard let head = POSIXFile.head(path, count: 100) else {
      throw LedgerError.posix(
        errno, path, "the ledger cannot be read", mend: "check that it is a file you may read")
    }
    if POSIXFile.status(path + "-journal") != nil { return nil }
    guard head.count == 100, head.starts(with: "SQLite format 3\0".utf8) else {
      throw LedgerError(
        .notALedger, path, "this file is not a ledger",
        mend: "name another file with --ledger, or move this one away")
    }
    guard number(head, 68) == Schema.applicationID else { throw foreign(path) }
    return Int(clamping: number(head, 60))
  }

  static func foreign(_ path: String) -> LedgerError {
    LedgerError(
      .notALedger, path, "this is the database of another program",
      mend: "name another file with --ledger")
  }

  // Big-endian, as SQLite's file format has it.
  private static func number(_ head: [UInt8], _ offset: Int) -> Int64 {
    head[offset..<offset + 4].reduce(0) { $0 << 8 | Int64($1) }
  }
}
