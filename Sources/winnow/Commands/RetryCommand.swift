import ArgumentParser
import Import
import Workbench

struct RetryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retry",
    abstract: "Reads what was quarantined again, after a fix of the source or of winnow.",
    discussion: """
      A run of its own that reads only the sources which hold quarantined items. What can be read \
      now is decided and published, what cannot counts one attempt more; everything else in them \
      is unchanged.

      EXAMPLES (in the folder samples, after a run without --out)
        winnow retry --list
        winnow retry --only 1
      """)

  @OptionGroup var common: CommonOptions

  @Option(name: .long, help: "The ledger; output.directory/winnow.sqlite unless given.")
  var ledger: String?

  @Option(name: .long, help: "Only the item with this number.")
  var only: Int?

  @Flag(name: .long, help: "Show what is quarantined, and do nothing.")
  var list = false

  @Option(name: .long, help: "The present time for rules that ask it: a date or RFC 3339 time.")
  var now: TimePoint?

  func run() throws {
    var o = common.importOptions
    o.memory.ledger = ledger
    o.now = now
    if list { return try Retry.list(o).end() }
    try Retry.execute(o, only: only).end()
  }
}
