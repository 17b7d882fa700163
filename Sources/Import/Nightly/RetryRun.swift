import Bytes
import Ledger

/// `winnow retry`: what was quarantined is read again after a fix, of the source or of winnow
/// (features.md CS-7-retry).
///
/// A run like any other, but that it reads only the sources which hold quarantined items, from their
/// beginning: what they hold besides was published and is `unchanged`.
public enum RetryRun {
  /// Reads the quarantined items again; only the one with this number, if one is given.
  ///
  /// - Throws: ``RunError`` 64 when there is no such item.
  public static func execute(_ options: ImportOptions, only id: Int?) throws -> ExitStatus {
    let setup = try RunSetup.load(options)
    guard let path = LedgerBook.path(options, setup.config, setup.folder) else {
      throw RunError(.usage, "retry needs the ledger; leave --out and --no-ledger away")
    }
    var entries: [QuarantineEntry] = []
    do {
      let ledger = try LedgerFile.open(path, mode: .readOnly)
      entries = try ledger.quarantined(id: id.map(Int64.init))
      ledger.close()
    } catch {
      guard case .missing = error.kind else { throw RunError(error) }
      entries = []
    }
    if entries.isEmpty {
      if let id {
        throw RunError(
          .usage, "--only \(id): nothing that waits in quarantine has this number",
          details: ["`winnow retry --list` shows what does"])
      }
      if !options.isQuiet { Console.out("nothing is quarantined") }
      return .done
    }
    var again = options
    again.retried = Set(entries.map(\.item.path))
    return try ImportRun.execute(again)
  }

  /// Prints what is quarantined: number, attempts, place, error.
  public static func list(_ options: ImportOptions) throws -> ExitStatus {
    let setup = try RunSetup.load(options)
    guard let path = LedgerBook.path(options, setup.config, setup.folder) else {
      throw RunError(.usage, "retry needs the ledger")
    }
    do {
      let ledger = try LedgerFile.open(path, mode: .readOnly)
      defer { ledger.close() }
      for e in try ledger.quarantined() {
        Console.out(
          Plain.line(
            "\(e.id)  \(e.attempts) \(e.attempts == 1 ? "attempt" : "attempts")  \(e.item.path.withByteView(\.string))#\(e.item.number)  \(e.item.error)"
          ))
      }
    } catch {
      guard case .missing = error.kind else { throw RunError(error) }
    }
    return .done
  }
}
