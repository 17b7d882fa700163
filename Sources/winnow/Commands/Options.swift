import ArgumentParser
import Import

/// Options that mean the same in every command.
struct CommonOptions: ParsableArguments {
  @Option(name: .long, help: "The configuration; winnow.json in this folder unless given.")
  var config: String?

  @Flag(name: .long, help: "Machine-readable output on standard output.")
  var json = false

  @Flag(name: .long, help: "No summary, no progress, no warnings; errors only.")
  var quiet = false

  @Option(name: .long, help: "How progress is shown on standard error: auto, plain or none.")
  var progress: ProgressMode = .auto

  /// What they say, for the commands that run a job.
  var importOptions: ImportOptions {
    var o = ImportOptions()
    o.config = config
    o.talk.isQuiet = quiet
    o.talk.isJSON = json
    o.talk.progress = progress
    return o
  }
}

extension ProgressMode: ExpressibleByArgument {}

/// Which ledger a command sees; the same in every command.
struct LedgerUseOptions: ParsableArguments {
  @Option(
    name: .long,
    help: "The ledger of published records; output.directory/winnow.sqlite unless given.")
  var ledger: String?

  @Flag(name: .long, help: "No ledger: the run stands alone.")
  var noLedger = false

  func validate() throws {
    if ledger != nil, noLedger {
      throw ValidationError("--ledger and --no-ledger exclude each other")
    }
  }

  /// Puts them into the options of a run.
  func apply(to options: inout ImportOptions) {
    options.memory.ledger = ledger
    options.memory.isStateless = noLedger
  }
}

/// Sources as every command takes them.
enum SourceNames {
  /// Refuses what cannot be read.
  static func check(_ names: [String]) throws {
    if names.filter({ $0 == "-" }).count > 1 {
      throw ValidationError(
        "- is given twice, but standard input can be read only once; name the second one with <(command)"
      )
    }
  }
}

extension TimePoint: ExpressibleByArgument {
  /// A time as given on the command line; see ``TimePoint/init(_:)``.
  public init?(argument: String) { self.init(argument) }
}
