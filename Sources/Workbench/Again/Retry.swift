import Bytes
import Import
import Ledger

/// `winnow retry`: what was quarantined is read again after a fix, of the source or of winnow
/// (CS-7-retry).
///
/// A run like any other, but that it reads only the sources which hold quarantined items, from
/// their beginning: what they hold besides was published and is `unchanged`.
public enum Retry {
  /// Reads the quarantined items again; only the one with this number, if one is given.
  ///
  /// - Throws: ``RunError`` 64 when there is no such item.
  public static func execute(_ options: ImportOptions, only id: Int?) throws -> ExitStatus {
    let entries = try entries(options, only: id)
    if entries.isEmpty {
      if let id {
        throw RunError(
          .usage, "--only \(id): nothing that waits in quarantine has this number",
          details: ["`winnow retry --list` shows what does"])
      }
      if !options.talk.isQuiet { Console.out("nothing is quarantined") }
      return .done
    }
    var again = options
    again.memory.retried = Set(entries.map(\.item.path))
    return try ImportRun.execute(again)
  }

  /// Prints what is quarantined: number, attempts, place, error.
  public static func list(_ options: ImportOptions) throws -> ExitStatus {
    for e in try entries(options, only: nil) {
      Console.out(
        Plain.line(
          "\(e.id)  \(e.attempts) \(e.attempts == 1 ? "attempt" : "attempts")  \(e.item.path.withByteView(\.string))#\(e.item.number)  \(e.item.error)"
        ))
    }
    return .done
  }

  // Without the lists of leads and tasks, which the run reads itself.
  private static func entries(
    _ options: ImportOptions, only id: Int?
  ) throws -> [QuarantineEntry] {
    var found: [QuarantineEntry] = []
    _ = try LedgerPlace.execute(LedgerOptions(options)) { place in
      guard let ledger = try place.openForReading() else { return .done }
      defer { ledger.close() }
      found = try ledger.quarantined(id: id.map(Int64.init))
      return .done
    }
    return found
  }
}
