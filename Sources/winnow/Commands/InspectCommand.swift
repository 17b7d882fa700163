import ArgumentParser
import Import

struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Shows what the parsers see, one JSON object a line, without rules.",
    discussion: """
      A message or event that cannot be read has a line of its own with the error. Times without \
      an offset are UTC. With --from or --to each event lists its occurrences in that span.

      EXAMPLES (in the folder samples)
        winnow inspect exports/mara/Alle-Nachrichten.mbox | head -n 1
        winnow inspect --from 2026-02-01 --to 2026-02-28 exports > /tmp/feb.jsonl
      """)

  @Argument(help: "Files and folders with mail and calendars.")
  var sources: [String]

  @OptionGroup var span: SpanOptions

  @Option(name: .long, help: "Worker threads; one per processor unless given.")
  var jobs: Int?

  func run() throws {
    try InspectRun.execute(sources: sources, from: span.from, to: span.to, jobs: jobs).end()
  }
}
