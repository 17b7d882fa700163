import ArgumentParser
import Import

struct MapCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "map",
    abstract: "Writes what each item says as facts, for reduce on this or another machine.",
    discussion: """
      A fact is a line: a key, a tab and JSON. Sorted, or grouped by their keys, facts go into \
      winnow reduce, which writes the result of winnow import --no-ledger. A large mbox can be read in \
      parts with --range, anywhere and in any order; calendars need --now, the same for all facts.

      EXAMPLES (in the folder samples)
        winnow map --now 2026-03-05 | LC_ALL=C sort | winnow reduce --out /tmp/result
        winnow map --now 2026-03-05 --range 0:9000 exports/mara/Alle-Nachrichten.mbox > /tmp/1
      """)

  @Argument(
    help: "Mail and calendars to read instead of the configuration's sources.")
  var sources: [String] = []

  @OptionGroup var common: CommonOptions

  @Option(name: .long, help: "The bytes OFFSET:END of one mbox: messages that begin in them.")
  var range: String?

  @Option(name: .long, help: "The folder that attachments are stored in, the same for all maps.")
  var attachments: String?

  @OptionGroup var view: FactOptions

  @Option(name: .long, help: "Worker threads; one per processor unless given.")
  var jobs: Int?

  @Flag(name: .long, help: "Put the SHA-256 of every whole input file into run.json.")
  var hashInputs = false

  func validate() throws {
    try SourceNames.check(sources)
    if let jobs, jobs < 1 || jobs > RunLimits.jobs {
      throw ValidationError("--jobs takes a number from 1 to \(RunLimits.jobs)")
    }
    if let range, Self.bytes(range) == nil {
      throw ValidationError(
        "--range takes two byte offsets, OFFSET:END, the second not below the first")
    }
  }

  private static func bytes(_ text: String) -> Range<Int>? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let from = Int(parts[0]), let to = Int(parts[1]), from >= 0, to >= from,
      parts.allSatisfy({ $0.allSatisfy(\.isNumber) })
    else { return nil }
    return from..<to
  }

  func run() throws {
    var o = MapOptions()
    o.run = common.importOptions
    o.run.sources = sources
    o.run.jobs = jobs
    o.run.hashesInputs = hashInputs
    view.apply(to: &o.run)
    o.range = range.flatMap(Self.bytes)
    o.attachments = attachments
    try MapRun.execute(o).end()
  }
}

/// What facts are made for; the same in map and reduce.
struct FactOptions: ParsableArguments {
  @Option(name: .long, help: "The present time for rules that ask it: a date or RFC 3339 time.")
  var now: TimePoint?

  @Option(
    name: [.long, .customLong("since")],
    help: "Only mail and meetings from this time on: a date or RFC 3339 time.")
  var from: TimePoint?

  @Option(
    name: [.long, .customLong("until")],
    help: "Only mail and meetings up to this time, included; a date means its whole day.")
  var to: TimePoint?

  @Option(name: .long, help: "Only the sources of this user (id or address).")
  var user: String?

  @Flag(name: .long, help: "Leave out sources that are missing instead of stopping.")
  var skipMissing = false

  /// Puts them into the options of a run.
  func apply(to options: inout ImportOptions) {
    options.now = now
    options.from = from
    options.to = to
    options.user = user
    options.skipsMissing = skipMissing
  }
}
