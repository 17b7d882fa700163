import ArgumentParser
import Import

struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Prints the JSON Schema (2020-12) of a file that winnow reads or writes.",
    discussion: """
      EXAMPLES
        winnow schema config > winnow.schema.json
        winnow schema inspect
      """)

  @Argument(help: "config, activity, task, lead, block, decision, run or inspect.")
  var name: SchemaName

  func run() throws { Console.out(name.text, newline: false) }
}

extension SchemaName: ExpressibleByArgument {}
