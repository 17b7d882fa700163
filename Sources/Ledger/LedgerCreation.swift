import GRDB
import Glibc

/// Making a ledger where there is none.
enum LedgerCreation {
  /// Builds the file under another name, syncs it and puts it in its place: a kill leaves no file
  /// or a whole one.
  static func create(_ path: String, steps: [String]) throws {
    let folder = POSIXFile.folder(of: path)
    guard let s = POSIXFile.status(folder), s.st_mode & S_IFMT == S_IFDIR else {
      throw LedgerError.posix(
        ENOENT, path, "the ledger's folder does not exist", mend: "create \(folder)")
    }
    let draft = "\(path).new-\(getpid())"
    // Made here, for its mode: a ledger is for its owner's eyes.
    unlink(draft)
    let fd = open(draft, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard fd >= 0 else {
      throw LedgerError.posix(
        errno, path, "the ledger cannot be created",
        mend: "check that its folder may be written and has room")
    }
    close(fd)
    defer {
      for suffix in ["", "-wal", "-shm", "-journal"] { unlink(draft + suffix) }
    }
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    let queue = try DatabaseQueue(path: draft, configuration: configuration)
    do {
      try queue.inDatabase { db in
        try db.execute(sql: "PRAGMA page_size = 4096; PRAGMA auto_vacuum = NONE")
        try Schema.upgrade(db, steps: steps)
        try db.execute(sql: "PRAGMA journal_mode = WAL")
      }
      try queue.close()
    } catch {
      try? queue.close()
      throw error
    }
    try publish(draft, path, folder)
  }

  private static func publish(_ draft: String, _ path: String, _ folder: String) throws {
    func failed(_ code: Int32) -> LedgerError {
      .posix(code, path, "the ledger cannot be created", mend: "check its disk and folder")
    }
    let synced = POSIXFile.sync(draft)
    guard synced == 0 else { throw failed(synced) }
    // link, not rename: where another process made the ledger meanwhile, its file stays.
    if link(draft, path) != 0 {
      let code = errno
      if code == EEXIST { return }
      // A file system without hard links.
      guard code == EPERM || code == EOPNOTSUPP || code == ENOSYS || code == EMLINK else {
        throw failed(code)
      }
      guard rename(draft, path) == 0 else { throw failed(errno) }
    }
    let folderSynced = POSIXFile.sync(folder)
    guard folderSynced == 0 else { throw failed(folderSynced) }
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
