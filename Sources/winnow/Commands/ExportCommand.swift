import ArgumentParser
import Import
import Workbench

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Writes the CRM's tasks to outbound/<owner>.ics, one calendar for each owner.",
    discussion: """
      What `winnow import` does with the tasks where calendar.direction is outbound or two-way, \
      without reading any source and whatever the direction is. Every task has a line in \
      decisions.jsonl. The output folder appears as a whole or not at all. Each task keeps its \
      UID in every export, and its SEQUENCE grows with each change, so that importing the file \
      again changes events instead of doubling them.

      EXAMPLES (in the folder samples)
        winnow export --out /tmp/calendars
        winnow export --user mara --dry-run
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var ledger: LedgerUseOptions

  @Option(
    name: .long,
    help:
      "The folder to write; an earlier result there is exchanged. A folder of its own below output.directory unless given."
  )
  var out: String?

  @Option(name: .long, help: "Only the tasks of this user (id).")
  var user: String?

  @Option(
    name: .long, help: "The present time, where a task has none: a date or RFC 3339 time.")
  var now: TimePoint?

  @Flag(name: .long, help: "Write nothing; show what would come of it.")
  var dryRun = false

  func run() throws {
    var o = common.importOptions
    ledger.apply(to: &o)
    o.out = out
    o.user = user
    o.now = now
    o.isDryRun = dryRun
    try Export.execute(o).end()
  }
}
