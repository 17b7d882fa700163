import GRDB

/// Why the ledger could not do what was asked: what is wrong, where, and how to mend it.
public struct LedgerError: Error, Sendable, CustomStringConvertible {
  /// The kinds of failure; each has one exit status.
  public enum Kind: Sendable, Equatable {
    /// The file's structure or content is damaged.
    case damaged
    /// The file is no database, or the database of another program.
    case notALedger
    /// The file was written by a newer program (its schema version).
    case newer(Int)
    /// The file needs an upgrade, which reading alone cannot do (its schema version).
    case older(Int)
    /// There is no ledger, and the mode forbids to create one.
    case missing
    /// Another run holds the lock.
    case locked(LockHolder?)
    /// Another process was writing for longer than the busy timeout, or the file changed under a
    /// reader.
    case busy
    /// No space, no permission, no folder, a failed read, write or fsync.
    case inputOutput
    /// A record was to be written as new although it was published before: the caller's fault; the
    /// run was not committed.
    case publishedTwice(RecordKey)
    /// A record was to be written as changed although it was never published; the run was not
    /// committed.
    case neverPublished(RecordKey)
    /// An earlier run was committed and is not marked yet: recovery comes first.
    case recoveryNeeded
    /// Used in a way that its documentation forbids.
    case misuse
  }

  /// The sort of failure.
  public let kind: Kind
  /// The file it is about.
  public let path: String
  /// What is wrong, one line without a full stop.
  public let what: String
  /// How to mend it, one line without a full stop.
  public let mend: String

  /// An error; what and how to mend it are one line each, without a full stop.
  public init(_ kind: Kind, _ path: String, _ what: String, mend: String) {
    self.kind = kind
    self.path = path
    self.what = what
    self.mend = mend
  }

  /// The program's exit status for it: 70 damaged or internal, 74 input and output, 75 held by
  /// another process.
  public var exitStatus: Int32 {
    switch kind {
    case .damaged, .notALedger, .newer, .older, .publishedTwice, .neverPublished, .recoveryNeeded,
      .misuse:
      70
    case .missing, .inputOutput: 74
    case .locked, .busy: 75
    }
  }

  /// One line: path, what is wrong, how to mend it.
  public var description: String { "\(path): \(what); \(mend)" }
}

extension LedgerError {
  static let mendDamage =
    "run `winnow ledger check`; it says how to build the ledger again from the output folders"

  /// The error that SQLite's result code stands for.
  init(_ error: DatabaseError, path: String) {
    let text = error.message ?? "error \(error.extendedResultCode.rawValue)"
    switch error.resultCode {
    case .SQLITE_NOTADB:
      self.init(
        .notALedger, path, "this file is not a ledger (\(text))",
        mend: "name another file with --ledger, or move this one away")
    case .SQLITE_CORRUPT, .SQLITE_FORMAT, .SQLITE_MISMATCH, .SQLITE_CONSTRAINT, .SQLITE_SCHEMA,
      .SQLITE_ERROR, .SQLITE_TOOBIG, .SQLITE_RANGE:
      self.init(.damaged, path, "the ledger is damaged (\(text))", mend: Self.mendDamage)
    case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_PROTOCOL:
      self.init(
        .busy, path, "another process is writing to the ledger (\(text))",
        mend: "wait until it has ended and run again")
    case .SQLITE_FULL:
      self.init(
        .inputOutput, path, "no space left for the ledger (\(text))",
        mend: "make room on its disk and run again; nothing was published")
    case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_CANTOPEN, .SQLITE_AUTH:
      self.init(
        .inputOutput, path, "the ledger cannot be opened for writing (\(text))",
        mend: "check the rights of the file and its folder")
    case .SQLITE_IOERR, .SQLITE_NOLFS:
      self.init(
        .inputOutput, path, "reading or writing the ledger failed (\(text))",
        mend: "check the disk and run again; the next run finishes or repeats this one")
    default:
      self.init(.misuse, path, "unexpected ledger error (\(text))", mend: "report this as a bug")
    }
  }

  /// Any error as a ``LedgerError``.
  static func from(_ error: any Error, path: String) -> LedgerError {
    switch error {
    case let error as LedgerError: error
    case let error as DatabaseError: LedgerError(error, path: path)
    default:
      LedgerError(
        .misuse, path, "unexpected ledger error (\(error))", mend: "report this as a bug")
    }
  }

  /// An error from errno.
  static func posix(_ code: Int32, _ path: String, _ what: String, mend: String) -> LedgerError {
    LedgerError(.inputOutput, path, "\(what) (\(POSIXFile.errorText(code)))", mend: mend)
  }
}
