import ArgumentParser
import Import
import Workbench

struct UsersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "users",
    abstract: "Lists, pauses, resumes and removes users.",
    discussion: """
      The users list and the ledger each have a state for a user; the stricter wins. These \
      commands change the ledger only, and hold from the next run on.

      EXAMPLES (in the folder samples)
        winnow users list --paused
        winnow users pause jonas
        winnow users resume jonas
      """,
    subcommands: [List.self, Pause.self, Resume.self, Remove.self])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list",
      abstract: "Shows the users with both states, provider, last event and last run.",
      discussion: """
        EXAMPLES (in the folder samples)
          winnow users list
          winnow users list --active --provider gmail --json
        """)

    @OptionGroup var common: LedgerCommandOptions

    @Flag(name: .long, help: "Only active users.")
    var active = false

    @Flag(name: .long, help: "Only paused users.")
    var paused = false

    @Option(name: .long, help: "Only users with this provider.")
    var provider: String?

    func validate() throws {
      if active, paused { throw ValidationError("give one of --active and --paused") }
    }

    func run() throws {
      try Users.list(
        common.options, filter: active ? .active : paused ? .paused : .all, provider: provider
      ).end()
    }
  }

  struct Pause: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "pause",
      abstract: "Leaves a user's mail and calendar alone until they are resumed.",
      discussion: """
        EXAMPLES (in the folder samples)
          winnow users pause jonas
        """)
    @OptionGroup var change: UserChangeOptions
    func run() throws { try change.run(.pause) }
  }

  struct Resume: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "resume",
      abstract: "Lets a paused user go on, or takes a removed one back.",
      discussion: """
        EXAMPLES (in the folder samples)
          winnow users resume jonas
        """)
    @OptionGroup var change: UserChangeOptions
    func run() throws { try change.run(.resume) }
  }

  struct Remove: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "remove",
      abstract: "Forgets a user's mailboxes; what was published stays.",
      discussion: """
        EXAMPLES (in the folder samples)
          winnow users remove jonas
        """)
    @OptionGroup var change: UserChangeOptions
    func run() throws { try change.run(.remove) }
  }
}

/// What `pause`, `resume` and `remove` take.
struct UserChangeOptions: ParsableArguments {
  @Argument(help: "The user's id.")
  var id: String

  @OptionGroup var common: LedgerCommandOptions

  @Option(name: .long, help: "The present time: a date or RFC 3339 time.")
  var now: TimePoint?

  func run(_ change: Users.UserChange) throws {
    var options = common.options
    options.now = now
    try Users.set(options, id: id, change).end()
  }
}
