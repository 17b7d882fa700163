import ArgumentParser
import Glibc
import Import
import Workbench

/// The command line: everything it does is in the libraries.
struct Winnow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "winnow",
    abstract:
      "Turns exported mail and calendars into CRM records, with the reason for every decision.",
    discussion: """
      Reads mbox, EML, emlx, Maildir and calendars (iCalendar, xCal, jCal) with a JSON \
      configuration and the CRM's own lists, applies the rules of CRM email and calendar \
      connectors and writes activities, tasks, leads and busy blocks for import, with the reason \
      for every decision. Offline; the same input gives the same output. Runs that follow each \
      other publish each record once.

      Exit status: 0 done, 1 failed, 2 --fail-on matched, 64 wrong usage, 65 a source cannot \
      be read, 70 an error inside winnow or a damaged ledger, 73 the output cannot be created, \
      74 reading or writing failed, 75 another run holds the ledger, 78 the configuration is \
      wrong.

      EXAMPLES (in the folder samples)
        winnow import --out /tmp/result
        winnow explain --message-id koop-7@rivalsolar.example
      """,
    version: Version.text,
    subcommands: [
      ImportCommand.self, ExplainCommand.self, CheckCommand.self, InspectCommand.self,
      AvailabilityCommand.self, ExportCommand.self, MapCommand.self, ReduceCommand.self,
      LogCommand.self, UsersCommand.self,
      RetryCommand.self, PruneCommand.self, LedgerCommand.self, SchemaCommand.self,
      HelpCommand.self,
    ])
}

@main
enum Main {
  static func main() {
    signal(SIGPIPE, SIG_IGN)
    // Over a file size limit a write fails like one on a full disk.
    signal(SIGXFSZ, SIG_IGN)
    // A closed standard stream's number would go to the first file that is opened, and what is
    // said to the user into that file.
    for number in 0...2 where fcntl(Int32(number), F_GETFD) < 0 { _ = open("/dev/null", O_RDWR) }
    do {
      var command = try Winnow.parseAsRoot()
      try command.run()
    } catch let error as RunError {
      Console.error("winnow: \(error.message)")
      for line in error.details { Console.error("  \(line)") }
      exit(error.status.rawValue)
    } catch {
      let code = Winnow.exitCode(for: error)
      if code == .success {
        Console.out(HelpText.examplesLast(Winnow.fullMessage(for: error)))
        exit(ExitStatus.done.rawValue)
      }
      // Help, version and usage errors are ArgumentParser's; the rest is ours to own up to.
      if code == .failure {
        Console.error("winnow: an error inside winnow: \(error)")
        exit(ExitStatus.inside.rawValue)
      }
      // What was typed is quoted, and may hold what moves a terminal's cursor. A status alone says
      // nothing more.
      let text = Winnow.fullMessage(for: error)
      if !text.isEmpty {
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
          Console.error(Console.plain(String(line)))
        }
      }
      exit(code.rawValue)
    }
  }
}

/// Help as it is read: from the end.
enum HelpText {
  /// Moves the block that begins with `EXAMPLES` from the middle to the end, where it is still on
  /// the screen when the options have scrolled by.
  static func examplesLast(_ text: String) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    while lines.last?.isEmpty == true { lines.removeLast() }
    guard let start = lines.firstIndex(where: { $0.hasPrefix("EXAMPLES") }) else {
      return lines.joined(separator: "\n")
    }
    let end = lines[start...].firstIndex(of: "") ?? lines.endIndex
    let examples = lines[start..<end]
    lines.removeSubrange(start..<min(end + 1, lines.count))
    return (lines + [""] + examples).joined(separator: "\n")
  }
}

extension ExitStatus {
  /// Ends the command with this status.
  func end() throws {
    if self != .done { throw ExitCode(rawValue) }
  }
}
