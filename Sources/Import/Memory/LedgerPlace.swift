import Bytes
import Glibc
import Ledger
import Records
import Rules

/// What the commands over the ledger are all asked for.
public struct LedgerOptions: Sendable {
  /// The configuration's path, or nil for `winnow.json` here.
  public var config: String?
  /// `--ledger`; nil for `winnow.sqlite` below `output.directory`.
  public var ledger: String?
  /// `--now`; nil for the clock.
  public var now: TimePoint?
  /// `--json`
  public var isJSON = false
  /// `--quiet`
  public var isQuiet = false

  /// The defaults.
  public init() {}

  /// What an import was asked for, of these.
  package init(_ options: ImportOptions) {
    config = options.config
    ledger = options.memory.ledger
    now = options.now
    isJSON = options.talk.isJSON
    isQuiet = options.talk.isQuiet
  }
}

/// Configuration, users and ledger of a command that reads no mail.
///
/// The lists of leads and tasks are left alone: a log must not wait for a million leads.
package final class LedgerPlace {
  let options: LedgerOptions
  package let config: Config
  /// The folder that relative paths start from.
  let folder: String
  /// The CRM's users.
  package let users: UserIndex
  /// The ledger's path.
  package let path: String
  /// `--now`, or the clock; seconds since 1970.
  package let now: Int64

  /// Reads the configuration; with `--ledger` and no configuration here the defaults hold.
  ///
  /// - Throws: ``RunError`` 78 with every fault of configuration and users list at once.
  package init(_ options: LedgerOptions) throws {
    self.options = options
    var asked = ImportOptions()
    asked.config = options.config
    let setup = try RunSetup.load(
      asked, lists: [],
      advice: "name the configuration with --config, or the ledger with --ledger",
      isEnough: options.ledger != nil)
    config = setup.config
    folder = setup.folder
    users = setup.users
    path = options.ledger ?? LedgerBook.defaultPath(config, folder)
    now = options.now?.start(zone: config.organization.timeZone) ?? Int64(time(nil))
  }

  /// Where runs are published unless `--out` says otherwise.
  package var outputFolder: String { LedgerBook.outputFolder(config, folder) }

  /// True when the ledger is there.
  package var exists: Bool { access(path, F_OK) == 0 }

  /// Opens the ledger for reading; nil, and a line to standard error, when there is none yet. One
  /// that was named and is not there is an error: a slip of the pen, most likely.
  package func openForReading() throws -> LedgerFile? {
    if options.ledger == nil, !exists {
      tell("\(path): there is no ledger yet; the first `winnow import` without --out makes it")
      return nil
    }
    guard let ledger = try LedgerOpening.forReading(path) else {
      return try LedgerFile.open(path, mode: .readOnly)
    }
    return ledger
  }

  /// Says something to the person, on standard error, unless `--quiet`.
  package func tell(_ line: String) {
    if !options.isQuiet { Console.error("winnow: \(Plain.line(line))") }
  }

  /// Runs `body` with the failures of ledger and files in the words of the command line.
  package static func execute(
    _ options: LedgerOptions, _ body: (LedgerPlace) throws -> ExitStatus
  ) throws -> ExitStatus {
    do {
      return try body(LedgerPlace(options))
    } catch let error as LedgerError {
      throw RunError(error)
    } catch let error as OutputError {
      throw RunError(.ioError, "\(error.path): \(error.call) failed: \(error.explanation)")
    }
  }
}
