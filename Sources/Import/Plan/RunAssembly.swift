import Glibc
import Ledger
import Rules

/// What a run is made of: configuration, lists, users, ledger and sources.
///
/// Made in this one place for every command, so that what one command tells of an item is what
/// another does with it.
package struct RunAssembly {
  /// What becomes of the ledger.
  package enum LedgerUse {
    /// It only tells who is paused or removed.
    case users
    /// It is seen as the next import will find it, and stays as it is.
    case rehearsal
    /// Where the run notes what it publishes.
    case publishing
  }

  let options: ImportOptions
  /// Configuration and lists; the users as the ledger knows them.
  package let setup: RunSetup
  package internal(set) var sources: SourceResolver.Result
  /// The ledger, open; nil for a run that stands alone.
  package let book: LedgerBook?
  /// Where the ledger lies, or would; nil for a run that stands alone.
  let ledgerPath: String?

  /// Puts a run together.
  ///
  /// - Parameters:
  ///   - use: What becomes of the ledger.
  ///   - adjust: Changes what the command wants otherwise than the configuration, before anything
  ///     is derived from it.
  /// - Throws: ``RunError`` with every fault of configuration and lists at once, for sources that
  ///   cannot be read, for a ledger that cannot be opened.
  package static func make(
    _ options: ImportOptions, ledger use: LedgerUse,
    adjust: (inout RunSetup) throws -> Void = { _ in }
  ) throws -> RunAssembly {
    var setup = try RunSetup.load(options)
    try adjust(&setup)
    if use == .users {
      try setup.apply(userStates(options, setup))
      return RunAssembly(
        options: options, setup: setup,
        sources: try RunSources(setup: setup, options: options).resolve(), book: nil,
        ledgerPath: nil)
    }
    let sources = try RunSources(setup: setup, options: options).resolve()
    guard options.reads == .all, let path = LedgerBook.path(options, setup.config, setup.folder)
    else {
      return RunAssembly(
        options: options, setup: setup, sources: sources, book: nil, ledgerPath: nil)
    }
    let book: LedgerBook
    do {
      if use == .publishing {
        // Nothing is made where it must not lie.
        try setup.refuseOverlap(
          options.out ?? LedgerBook.outputFolder(setup.config, setup.folder), sources.sources)
        book = try LedgerBook.begin(path, options, setup)
      } else {
        book = try LedgerBook.rehearse(path, options, setup)
      }
    } catch let error as LedgerError {
      throw RunError(error)
    }
    setup.apply(book.userStates)
    return RunAssembly(
      options: options, setup: setup, sources: sources, book: book, ledgerPath: path)
  }

  /// What `winnow users` said, where there is a ledger. Also for a run that publishes elsewhere:
  /// who is paused is paused.
  package static func userStates(
    _ options: ImportOptions, _ setup: RunSetup
  ) throws -> [UserEntry] {
    if options.memory.isStateless { return [] }
    let path = options.memory.ledger ?? LedgerBook.defaultPath(setup.config, setup.folder)
    do {
      guard let ledger = try LedgerOpening.forReading(path) else {
        if options.memory.ledger == nil { return [] }
        throw LedgerError(
          .missing, path, "there is no ledger", mend: "run an import first, or check --ledger")
      }
      defer { ledger.close() }
      return try ledger.users()
    } catch let error as LedgerError {
      throw RunError(error)
    }
  }

  /// Goes through the run without publishing anything; an observer is told of every decision.
  package func rehearse(_ observer: (any DecisionObserver)? = nil) throws -> RunReport {
    defer { book?.abandon() }
    var job = RunJob(options: options, setup: setup, sources: sources, staging: nil, book: book)
    job.observer = observer
    do {
      var report = try job.run()
      report.ledger.path = ledgerPath
      return report
    } catch let error as LedgerError {
      throw RunError(error)
    }
  }
}

/// Told of every decision of a run, in the order in which they are made.
package protocol DecisionObserver: AnyObject {
  /// A mail was decided.
  func decided(_ mail: MailDecision)
  /// A component of a calendar was decided.
  func decided(_ event: MeetingDecision) throws
}

/// One decision on a mail, for those who watch.
package struct MailDecision {
  /// The place of the mail: its file and its position in it, as records show them.
  package var place: String
  /// What was decided, by which setting, on what match.
  package var finding: Finding
  /// What steps 10 and 11 looked at, for as long as the call lasts; nil where a step before them
  /// decided.
  package var settlement: MailSettlement?
}
