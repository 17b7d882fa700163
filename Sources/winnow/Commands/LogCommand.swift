import ArgumentParser
import Import
import Workbench

struct LogCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log",
    abstract: "Shows what became of mail and meetings, newest first, from the ledger.",
    discussion: """
      Days are those of the organisation's time zone, and both ends of a range belong to it. A \
      range is about when items were imported; with --by message-date about their own dates. \
      Without a ledger there is nothing to show, which is no error.

      EXAMPLES (in the folder samples)
        winnow log --range today
        winnow log --range 2026-02-01..2026-02-28 --user jonas --reason no-lead
        winnow log --range 30d --find "offer" --csv > /tmp/log.csv
      """)

  @OptionGroup var common: LedgerCommandOptions

  @Option(name: .long, help: "today, yesterday, 7d, 30d or FROM..TO with dates or times.")
  var range = "7d"

  @Option(name: .long, help: "What the range is about: import or message-date.")
  var by = "import"

  @Option(name: .long, help: "Only this user (id).")
  var user: String?

  @Option(name: .long, help: "Only this direction: in or out.")
  var direction: String?

  @Option(name: .long, help: "Only mail (activities), mail that made leads (captures), or tasks.")
  var view: String?

  @Option(name: .long, help: "Only with this text in a lead's id, a lead's name or the subject.")
  var find: String?

  @Option(name: .long, help: "Only with this reason.")
  var reason: String?

  @Option(name: .long, help: "Only what was kept, dropped or quarantined.")
  var outcome: String?

  @Flag(name: .long, help: "CSV with all columns on standard output.")
  var csv = false

  @Option(name: .long, help: "At most so many rows; a table shows 200 unless given.")
  var limit: Int?

  @Option(name: .long, help: "The present time: a date or RFC 3339 time.")
  var now: TimePoint?

  func validate() throws {
    if let limit, limit < 0 || limit > 1_000_000_000 {
      throw ValidationError("--limit takes a number from 0")
    }
    if by != "import", by != "message-date" {
      throw ValidationError("--by takes import or message-date")
    }
    if csv, common.json { throw ValidationError("give one of --csv and --json") }
  }

  func run() throws {
    var o = LogOptions()
    o.common = common.options
    o.common.now = now
    o.range = range
    o.isByItemDate = by == "message-date"
    o.user = user
    o.direction = direction
    o.view = view
    o.find = find
    o.reason = reason
    o.outcome = outcome
    o.isCSV = csv
    o.limit = limit
    try Log.execute(o).end()
  }
}

/// Options that all commands over the ledger take.
struct LedgerCommandOptions: ParsableArguments {
  @Option(name: .long, help: "The configuration; winnow.json in this folder unless given.")
  var config: String?

  @Option(name: .long, help: "The ledger; winnow.sqlite below output.directory unless given.")
  var ledger: String?

  @Flag(name: .long, help: "Machine-readable output on standard output.")
  var json = false

  @Flag(name: .long, help: "Only what was asked for, and errors.")
  var quiet = false

  @Option(name: .long, help: "Accepted, as everywhere; these commands show no progress.")
  var progress: ProgressMode = .auto

  var options: LedgerOptions {
    var o = LedgerOptions()
    o.config = config
    o.ledger = ledger
    o.isJSON = json
    o.isQuiet = quiet
    return o
  }
}
