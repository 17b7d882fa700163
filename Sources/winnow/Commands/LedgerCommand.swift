import ArgumentParser
import Import
import Workbench

struct LedgerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ledger",
    abstract: "Checks the ledger of nightly runs, and builds a damaged one again.",
    discussion: """
      EXAMPLES (in the folder samples)
        winnow ledger check
        winnow ledger check --deep
      """,
    subcommands: [Check.self])

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "check",
      abstract: "Looks at the whole ledger; with --deep also at the output folders and mailboxes.",
      discussion: """
        Exit status 0 for a sound ledger, 70 for a damaged one, with how to mend it. --rebuild \
        puts a damaged ledger out of the way, deletes nothing, and takes the keys of what was \
        published from the output folders, so that the next run publishes nothing twice.

        EXAMPLES (in the folder samples)
          winnow ledger check
          winnow ledger check --deep --json
          winnow ledger check --rebuild
        """)

    @Argument(help: "Further result folders, outside of output.directory.")
    var results: [String] = []

    @OptionGroup var common: LedgerCommandOptions

    @Flag(name: .long, help: "Compare every key in the output, every byte of the mailboxes.")
    var deep = false

    @Flag(name: .long, help: "Build a damaged or lost ledger again from the output folders.")
    var rebuild = false

    func run() throws {
      var o = LedgerCheck.Options()
      o.common = common.options
      o.isDeep = deep
      o.rebuilds = rebuild
      o.folders = results
      try LedgerCheck.execute(o).end()
    }
  }
}
