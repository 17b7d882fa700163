import ArgumentParser
import Import

struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Reads the exports, decides every mail and meeting and writes the records.",
    discussion: """
      The output folder appears as a whole or not at all. Every item has a line in \
      decisions.jsonl with the reason for what became of it. Without --out the result goes to \
      a folder of its own under output.directory, "latest" beside it names the newest, and the \
      ledger there remembers what was published: the next run writes only what is new or changed.

      EXAMPLES (in the folder samples)
        winnow import --out /tmp/result
        winnow import --dry-run --from 2026-02-10 --user jonas --fail-on quarantine
      """)

  @Argument(
    help:
      "Mail and calendars to read instead of the configuration's sources, - for standard input; owners are found out."
  )
  var sources: [String] = []

  @OptionGroup var common: CommonOptions
  @OptionGroup var ledger: LedgerUseOptions

  @Option(
    name: [.long, .customLong("since")],
    help: "Only mail and meetings from this time on: a date or RFC 3339 time.")
  var from: TimePoint?

  @Option(
    name: [.long, .customLong("until")],
    help: "Only mail and meetings up to this time, included; a date means its whole day.")
  var to: TimePoint?

  @Option(name: .long, help: "The folder to write; an earlier result there is exchanged.")
  var out: String?

  @Flag(name: .long, help: "Write nothing; show what would come of it.")
  var dryRun = false

  @Option(name: .long, help: "Worker threads; one per processor unless given.")
  var jobs: Int?

  @Option(name: .long, help: "The present time for rules that ask it: a date or RFC 3339 time.")
  var now: TimePoint?

  @Option(name: .long, help: "Only the sources of this user (id or address).")
  var user: String?

  @Option(
    name: .long,
    help: "End with status 2 when one of these reasons, or quarantine, was given (a,b,…).")
  var failOn: String?

  @Flag(name: .long, help: "Leave out sources that are missing instead of stopping.")
  var skipMissing = false

  @Flag(name: .long, help: "Put the SHA-256 of every whole input file into run.json.")
  var hashInputs = false

  @Option(
    name: .long,
    help:
      "Put the result of an earlier run (its number or folder name) into a new folder once more.")
  var republish: String?

  @Flag(name: .long, help: "Read every source from its beginning; nothing is published twice.")
  var rescan = false

  func validate() throws {
    try SourceNames.check(sources)
    if let jobs, jobs < 1 || jobs > RunLimits.jobs {
      throw ValidationError("--jobs takes a number from 1 to \(RunLimits.jobs)")
    }
    if republish != nil, dryRun {
      throw ValidationError("--republish writes a folder; leave --dry-run out")
    }
    for name in failOnNames where name != "quarantine" && !ReasonNames.all.contains(name) {
      throw ValidationError(
        "--fail-on: \"\(name)\" is no reason; known are quarantine, \(ReasonNames.all.joined(separator: ", "))"
      )
    }
  }

  private var failOnNames: [String] {
    failOn.map { $0.split(separator: ",").map(String.init) } ?? []
  }

  func run() throws {
    var o = common.importOptions
    o.sources = sources
    o.out = out
    o.jobs = jobs
    o.isDryRun = dryRun
    ledger.apply(to: &o)
    o.memory.rescans = rescan
    o.memory.republish = republish
    o.now = now
    o.from = from
    o.to = to
    o.user = user
    o.failOn = failOnNames
    o.skipsMissing = skipMissing
    o.hashesInputs = hashInputs
    try ImportRun.execute(o).end()
  }
}
