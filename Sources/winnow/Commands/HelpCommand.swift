import ArgumentParser
import Import
import Workbench

struct HelpCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "help",
    abstract: "Shows a page of the manual, or the help of a command.",
    discussion: """
      Without a topic it lists the pages. --man prints them as one page for man(1).

      EXAMPLES (in the folder samples)
        winnow help
        winnow help reasons
        winnow help import
        winnow help --man > /tmp/winnow.1
      """)

  @Argument(help: "A page of the manual, such as reasons or config, or a command.")
  var topic: [String] = []

  @Flag(help: "Prints the manual as a page for man(1).")
  var man = false

  @Flag(help: "Prints the page as Markdown.")
  var markdown = false

  func run() throws {
    if man {
      return Console.out(
        ManPage.text(
          version: Version.text, about: Winnow.configuration.abstract,
          commands: CommandList.commands),
        newline: false)
    }
    guard let word = topic.first else { return Console.out(Self.topics, newline: false) }
    let command = CommandList.command(topic)
    // A page goes before a command of the same name, whose help has another way.
    let page = topic.count == 1 ? ManualPage.named(word) : nil
    if let command, page == nil {
      return Console.out(HelpText.examplesLast(Winnow.helpMessage(for: command)))
    }
    if topic.count == 1, let reason = ManualTables.reason(word) { return Console.out(reason) }
    guard let page else {
      throw ValidationError(
        "\"\(Console.plain(topic.joined(separator: " ")))\" is no page of the manual and no command; "
          + "pages: \(ManualPage.topics.joined(separator: ", "))")
    }
    Console.out(markdown ? page.markdown : page.terminalText(), newline: false)
    if command != nil, !markdown {
      Console.out("\nwinnow \(word.lowercased()) --help shows the command's options.")
    }
  }

  private static var topics: String {
    let width = ManualPage.topics.map(\.count).max() ?? 0
    var out = "The pages of the manual; winnow help TOPIC shows one:\n\n"
    for page in ManualPage.all {
      let name = page.name.lowercased()
      let gap = String(repeating: " ", count: width - name.count + 2)
      out += "  \(name)\(gap)\(page.head.title)\n"
    }
    return out
      + "\nwinnow help exit-status shows the exit statuses, winnow help REASON what a reason means and"
      + "\nwhat to change. winnow COMMAND --help shows the options of a command.\n"
  }
}

/// The program's commands, for the manual and its man page.
enum CommandList {
  /// Those below `winnow`, as they are declared.
  static var commands: [ManPage.Command] {
    Winnow.configuration.subcommands.map { type in
      ManPage.Command(
        name: type._commandName, usage: usage(type), about: type.configuration.abstract,
        // Set in, and still within 80 columns.
        help: Winnow.helpMessage(for: type, columns: 66))
    }
  }

  /// Them as a table in Markdown, for the manual's page Commands.
  static var table: String {
    ManualTables.table(
      ["command", "what it does"],
      commands.map { ["`winnow \($0.name)`", $0.about] })
  }

  /// The command of that name, or of a name and a subcommand's; nil where there is none.
  static func command(_ names: [String]) -> (any ParsableCommand.Type)? {
    var found: any ParsableCommand.Type = Winnow.self
    for name in names {
      guard
        let next = found.configuration.subcommands.first(where: {
          $0._commandName == name.lowercased()
        })
      else { return nil }
      found = next
    }
    return found
  }

  private static func usage(_ type: any ParsableCommand.Type) -> String {
    let text = Winnow.usageString(for: type)
    return text.hasPrefix("Usage: ") ? String(text.dropFirst(7)) : text
  }
}
