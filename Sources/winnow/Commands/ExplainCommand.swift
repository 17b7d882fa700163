import ArgumentParser
import Import
import Workbench

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Shows for one mail or event every rule in order, what it looked at, what it said.",
    discussion: """
      All rules are asked, also those after the one that dropped the item, each with what would \
      have to change for the opposite verdict. Duplicates and lead match depend on the other \
      items, so the whole run is gone through once; nothing is written. Name the mail by exactly \
      one of --message-id, --file and --index, an event by --uid, --file or --index; all \
      components of a series with that UID are shown.

      EXAMPLES (in the folder samples)
        winnow explain --message-id koop-7@rivalsolar.example
        winnow explain --index 2 exports/jonas/thunderbird/Inbox
        winnow explain --uid jf@google.com
      """)

  @Argument(help: "Where to look instead of the configuration's sources; - for standard input.")
  var sources: [String] = []

  @OptionGroup var common: CommonOptions
  @OptionGroup var ledger: LedgerUseOptions

  @Option(name: .long, help: "The mail's Message-ID, with or without angle brackets.")
  var messageID: String?

  @Option(name: .long, help: "The event's UID.")
  var uid: String?

  @Option(name: .long, help: "A file with one message, or a calendar; read instead of the sources.")
  var file: String?

  @Option(name: .long, help: "Position of the item in exactly one SOURCE, from 0.")
  var index: Int?

  @Option(name: .long, help: "The present time for rules that ask it: a date or RFC 3339 time.")
  var now: TimePoint?

  func validate() throws {
    try SourceNames.check(sources)
    let given = [messageID != nil, uid != nil, file != nil, index != nil].filter { $0 }.count
    if given != 1 {
      throw ValidationError("name one item: --message-id, --uid, --file or --index")
    }
    if index != nil, sources.count != 1 {
      throw ValidationError("--index needs exactly one SOURCE")
    }
  }

  func run() throws {
    var run = common.importOptions
    run.sources = sources
    run.now = now
    ledger.apply(to: &run)
    var o = ExplainOptions(run)
    o.messageID = messageID
    o.uid = uid
    o.file = file
    o.index = index
    try Explain.execute(o).end()
  }
}
