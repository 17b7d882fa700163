import ArgumentParser
import Import
import Workbench

struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Shows what the parsers see, one JSON object a line, without rules.",
    discussion: """
      Of a source that the configuration names the owner is shown, and folders are those that an \
      import would see. A message or event that cannot be read has a line of its own with the error. Times without \
      an offset are UTC. With --from or --to each event lists its occurrences in that span.

      EXAMPLES (in the folder samples)
        winnow inspect exports/mara/Alle-Nachrichten.mbox | head -n 1
        winnow inspect --from 2026-02-01 --to 2026-02-28 exports > /tmp/feb.jsonl
      """)

  @Argument(help: "Files and folders with mail and calendars; - for standard input.")
  var sources: [String]

  @OptionGroup var common: CommonOptions

  @Option(
    name: [.long, .customLong("since")],
    help: "Only mail from this time on, and occurrences of events: a date or RFC 3339 time.")
  var from: TimePoint?

  @Option(
    name: [.long, .customLong("until")],
    help: "Only up to this time, included; a date means its whole day.")
  var to: TimePoint?

  @Option(name: .long, help: "Worker threads; one per processor unless given.")
  var jobs: Int?

  func validate() throws { try SourceNames.check(sources) }

  func run() throws {
    var o = common.importOptions
    o.sources = sources
    o.from = from
    o.to = to
    o.jobs = jobs
    try Inspect.execute(o).end()
  }
}
