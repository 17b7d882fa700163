import ArgumentParser
import Import
import Workbench

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Checks the configuration, the lists and the sources; names every problem at once.",
    discussion: """
      Each finding stands on a line of its own on standard error: file, line, column, key, what \
      is wrong and what is allowed. On standard output: each source with its kind, owner and \
      folder, then the counts. Exit status 78 with errors in the configuration or the lists, \
      65 with errors in the sources only.

      EXAMPLES (in the folder samples)
        winnow check
        winnow check --effective > /tmp/effective.json
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var ledger: LedgerUseOptions

  @Option(name: .long, help: "The present time for rules that ask it: a date or RFC 3339 time.")
  var now: TimePoint?

  @Flag(name: .long, help: "Print the configuration with every default filled in.")
  var effective = false

  @Option(
    name: .customLong("as"),
    help: "Tell whether this user (id) may make the changes of their overrides; 2 if not.")
  var asUser: String?

  @Option(name: .long, help: "With `warning`, end with status 2 when there are warnings.")
  var failOn: String?

  func validate() throws {
    if let failOn, failOn != "warning", failOn != "error" {
      throw ValidationError("--fail-on takes warning or error here")
    }
  }

  func run() throws {
    var o = common.importOptions
    ledger.apply(to: &o)
    o.now = now
    try Check.execute(
      o, effective: effective, asUser: asUser, failsOnWarnings: failOn == "warning"
    ).end()
  }
}
