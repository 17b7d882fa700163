import Bytes

/// What `winnow import` was asked for.
public struct ImportOptions: Sendable {
  /// The configuration's path, or nil for `winnow.json` here.
  public var config: String?
  /// Paths that override `sources`.
  public var sources: [String] = []
  /// `--out`
  public var out: String?
  /// Number of workers; nil for one per processor.
  public var jobs: Int?
  /// `--dry-run`
  public var isDryRun = false
  /// `--now`; nil for the clock.
  public var now: TimePoint?
  /// `--from`
  public var from: TimePoint?
  /// `--to`
  public var to: TimePoint?
  /// What earlier runs have to do with it.
  public var memory = Memory()
  /// `--user`: only sources of this user.
  public var user: String?
  /// `--fail-on`
  public var failOn: [String] = []
  /// `--skip-missing`
  public var skipsMissing = false
  /// `--hash-inputs`
  public var hashesInputs = false
  /// What is said, and how.
  public var talk = Talk()
  /// Which sources are read.
  package var reads = Reads.all

  /// What earlier runs have to do with a run.
  public struct Memory: Sendable {
    /// `--ledger`
    public var ledger: String?
    /// `--no-ledger`
    public var isStateless = false
    /// `--rescan`: reads everything again.
    public var rescans = false
    /// `--republish`: the number or the name of an earlier run.
    public var republish: String?
    /// For `retry`: the only sources whose mail is read, from their beginning, as the ledger names
    /// them; nil reads what is new everywhere.
    package var retried: Set<[UInt8]>?
  }

  /// What is said, and how.
  public struct Talk: Sendable {
    /// `--quiet`
    public var isQuiet = false
    /// `--json`: the summary as JSON on standard output.
    public var isJSON = false
    /// `--progress`
    public var progress: ProgressMode = .auto
  }

  /// Which sources a command reads.
  package enum Reads {
    /// Mail and calendars.
    case all
    /// The same in files; pipes are left alone: the next command wants what comes through them.
    case files
    /// Calendars only, for `winnow availability`.
    case calendars
    /// None: `winnow export` writes the CRM's tasks and nothing else.
    case nothing
  }

  /// The defaults.
  public init() {}
}
