import ArgumentParser
import Glibc
import Import

/// The command line: everything it does is in the libraries.
struct Winnow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "winnow",
    abstract: "Turns exported mailboxes and calendars into CRM records.",
    discussion: """
      Reads mbox, EML and Maildir with a JSON configuration and the CRM's own lists, applies the
      rules of CRM email connectors and writes activities and leads for import, with the reason
      for every decision. Offline; the same input gives the same output.

      EXAMPLES
        winnow import --config winnow.json --out result
        winnow explain --config winnow.json --message-id 'CAF1@mail.example.com'
      """,
    version: Version.text,
    subcommands: [
      ImportCommand.self, ExplainCommand.self, CheckCommand.self, InspectCommand.self,
      SchemaCommand.self,
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
      // Help, version and usage errors are ArgumentParser's; the rest is ours to own up to.
      if code == .failure {
        Console.error("winnow: an error inside winnow: \(error)")
        exit(ExitStatus.inside.rawValue)
      }
      Winnow.exit(withError: error)
    }
  }
}

extension ExitStatus {
  /// Ends the command with this status.
  func end() throws {
    if self != .done { throw ExitCode(rawValue) }
  }
}
