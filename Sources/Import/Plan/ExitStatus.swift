/// The exit statuses of all commands, and the error that carries one.
public enum ExitStatus: Int32, Sendable {
  /// Done, also with quarantined items.
  case done = 0
  /// The run failed; nothing was published.
  case failed = 1
  /// `--fail-on` matched.
  case failOn = 2
  /// Wrong usage.
  case usage = 64
  /// A source is missing, unreadable or not what it claims to be.
  case badSource = 65
  /// An error inside winnow, or a damaged ledger.
  case inside = 70
  /// The output cannot be created.
  case cannotCreate = 73
  /// Reading or writing failed during the run.
  case ioError = 74
  /// Another run holds the ledger.
  case locked = 75
  /// The configuration is wrong.
  case configuration = 78
}

extension ExitStatus: CaseIterable {
  /// What it says, in Markdown, for the manual.
  public var meaning: StaticString {
    switch self {
    case .done: "done, also with quarantined items"
    case .failed: "the run failed and nothing was published; for `explain`: no such item"
    case .failOn: "`--fail-on` matched; for `check --as`: the user may not make these changes"
    case .usage: "wrong usage"
    case .badSource:
      """
      a source is missing, unreadable or not what it claims to be. All are named, and nothing was \
      published (`--skip-missing` leaves them out)
      """
    case .inside: "an error inside winnow, or a damaged ledger"
    case .cannotCreate: "the output cannot be created"
    case .ioError: "reading or writing failed during the run"
    case .locked: "another run holds the ledger"
    case .configuration:
      "the configuration or a list is wrong. All faults are named with file, line and column"
    }
  }
}

/// An error for the person at the keyboard: one line that says what, where and how to mend it.
public struct RunError: Error, Sendable {
  /// The exit status.
  public var status: ExitStatus
  /// The line.
  public var message: String
  /// More lines, one fact each.
  public var details: [String]

  /// An error.
  public init(_ status: ExitStatus, _ message: String, details: [String] = []) {
    self.status = status
    self.message = message
    self.details = details
  }
}
