import Import

/// `winnow export`: the CRM's tasks to one calendar for each owner (CS-1-owner-push,
/// HL-unassigned-push).
///
/// An import that reads no source: the same rules, files, staging and summary.
public enum Export {
  /// Runs the job; of the options `config`, `ledger`, `out`, `user`, `now`, `isDryRun`, `isQuiet`
  /// and `isJSON` count. The ledger only tells who is paused: each export holds everything.
  ///
  /// - Throws: ``RunError`` for everything that publishes nothing.
  public static func execute(_ options: ImportOptions) throws -> ExitStatus {
    var options = options
    options.sources = []
    options.reads = .nothing
    return try ImportRun.execute(options)
  }
}
