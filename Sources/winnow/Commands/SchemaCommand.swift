import ArgumentParser
import Import

struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Prints the JSON Schema (2020-12) of a file that winnow reads or writes.",
    discussion: """
      The schema of the configuration tells every key, its values and its default, and serves \
      an editor for completion.

      EXAMPLES (in the folder samples)
        winnow schema config > /tmp/winnow.schema.json
        winnow schema inspect
        winnow schema task --fields
      """)

  @Argument(help: "config, activity, task, lead, block, decision, run or inspect.")
  var name: SchemaName

  @Flag(help: "Prints the fields of a record as a Markdown table instead.")
  var fields = false

  func run() throws {
    guard fields else { return Console.out(name.text, newline: false) }
    guard let table = name.fields else {
      throw ValidationError(
        "--fields shows records: activity, task, lead, block or decision.")
    }
    Console.out(table, newline: false)
  }
}

extension SchemaName: ExpressibleByArgument {}
