import ArgumentParser
import Import
import Workbench

struct AvailabilityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "availability",
    abstract: "Shows the busy, free and double-booked time of each user, as of the export.",
    discussion: """
      Counts the primary and conflict calendars (others too, where calendar.primaryOnly is \
      false) and the CRM's tasks of the types in calendar.outboundTaskTypes. Busy is what is \
      neither marked free nor cancelled nor declined by the user; private and all-day events \
      count. Times only: no title, place or participant is shown. What stands in two calendars, \
      or in a calendar and in the CRM, counts once. Days and hours are those of \
      organization.timeZone.

      EXAMPLES (in the folder samples)
        winnow availability --from 2026-03-17 --to 2026-03-18 --hours 08:00-18:00
        winnow availability --user jonas --from 2026-03-16 --to 2026-03-20 --json
        winnow availability --from 2026-03-01 --to 2026-03-31 --ics > /tmp/busy.ics
      """)

  @Argument(
    help:
      "Calendars to read instead of the configuration's sources, - for standard input; owners are found out."
  )
  var sources: [String] = []

  @OptionGroup var common: CommonOptions
  @OptionGroup var ledger: LedgerUseOptions

  @Option(name: .long, help: "Only this user (id or address); may be given several times.")
  var user: [String] = []

  @Option(
    name: [.long, .customLong("since")], help: "The first day or moment: a date or RFC 3339 time.")
  var from: TimePoint

  @Option(
    name: [.long, .customLong("until")],
    help: "The last day, as a whole, or the moment up to which; at most 366 days later.")
  var to: TimePoint

  @Option(
    name: .long,
    help: "The shortest free time that is named, and a bar's unit: 5m to 24h.")
  var slot = "30m"

  @Option(name: .long, help: "The part of each day in which free time is looked for.")
  var hours = "09:00-17:00"

  @Flag(name: .long, help: "Write a calendar with a VFREEBUSY for each user.")
  var ics = false

  @Flag(name: .long, help: "Draw with ASCII characters; also done where the terminal is not UTF-8.")
  var ascii = false

  @Option(name: .long, help: "The present time, for --ics: a date or RFC 3339 time.")
  var now: TimePoint?

  @Flag(name: .long, help: "Leave out sources that are missing instead of stopping.")
  var skipMissing = false

  func validate() throws {
    try SourceNames.check(sources)
    if ics, common.json { throw ValidationError("--json or --ics, not both") }
  }

  func run() throws {
    var o = AvailabilityOptions(from: from, to: to)
    o.config = common.config
    o.sources = sources
    o.users = user
    o.slot = slot
    o.hours = hours
    o.form = ics ? .iCalendar : common.json ? .json : .text
    o.isASCII = ascii
    o.now = now
    o.ledger = ledger.ledger
    o.isStateless = ledger.noLedger
    o.skipsMissing = skipMissing
    o.isQuiet = common.quiet
    try Availability.execute(o).end()
  }
}
