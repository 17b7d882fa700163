import ArgumentParser
import Import

struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Shows what the parsers see, one JSON object a line, without rules.",
    discussion: """
      EXAMPLES
        winnow inspect Takeout/Mail/Inbox.mbox | head -1
        winnow inspect --from 2026-01-01 --to 2026-01-31 Maildir > january.jsonl
      """)

  @Argument(help: "Files and folders with mail.")
  var sources: [String]

  @OptionGroup var span: SpanOptions

  @Option(name: .long, help: "Worker threads; one per processor unless given.")
  var jobs: Int?

  func run() throws {
    try InspectRun.execute(sources: sources, from: span.from, to: span.to, jobs: jobs).end()
  }
}
