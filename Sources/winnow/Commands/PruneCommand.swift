import ArgumentParser
import Import
import Workbench

struct PruneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prune",
    abstract: "Deletes stored bodies and attachments older than organization.retentionDays.",
    discussion: """
      Days are counted from import. Bodies go from activities.*, the folders attachments, \
      quarantine (but for the reasons) and crm are emptied, subjects and names go from the \
      ledger's log. Keys and decisions stay, so nothing is published again. Without \
      retentionDays nothing happens.

      EXAMPLES (in the folder samples)
        winnow prune --dry-run
        winnow prune /tmp/result
      """)

  @Argument(help: "A result folder; without it those of all runs in the ledger.")
  var folder: String?

  @OptionGroup var common: LedgerCommandOptions

  @Flag(name: .long, help: "Change nothing; show what would be taken out.")
  var dryRun = false

  @Option(name: .long, help: "The present time: a date or RFC 3339 time.")
  var now: TimePoint?

  func run() throws {
    var o = Prune.Options()
    o.common = common.options
    o.common.now = now
    o.folder = folder
    o.isDryRun = dryRun
    try Prune.execute(o).end()
  }
}
