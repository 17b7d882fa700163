import ArgumentParser
import Import

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Checks the configuration, the lists and the sources; names every problem at once.",
    discussion: """
      EXAMPLES
        winnow check --config winnow.json
        winnow check --effective > effective.json
      """)

  @OptionGroup var common: CommonOptions

  @Flag(name: .long, help: "Print the configuration with every default filled in.")
  var effective = false

  @Option(
    name: .customLong("as"), help: "Tell whether this user (id) may make the changes he has made.")
  var asUser: String?

  @Option(name: .long, help: "End with status 2 on warnings: `--fail-on warning`.")
  var failOn: String?

  func validate() throws {
    if let failOn, failOn != "warning", failOn != "error" {
      throw ValidationError("--fail-on takes warning or error here")
    }
  }

  func run() throws {
    try CheckRun.execute(
      config: common.config, effective: effective, asUser: asUser,
      failsOnWarnings: failOn == "warning", isQuiet: common.quiet, isJSON: common.json
    ).end()
  }
}
