import ArgumentParser
import Import

struct ReduceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reduce",
    abstract: "Reads facts of winnow map on standard input and writes the records.",
    discussion: """
      Facts are sorted by bytes (LC_ALL=C sort), or stand together by their keys with --grouped. Their \
      order, who made them and how often they are given change nothing in the result, which is that of \
      winnow import --no-ledger but for the order of its lines.

      EXAMPLES (in the folder samples)
        winnow map --now 2026-03-05 | LC_ALL=C sort | winnow reduce --out /tmp/result
        winnow reduce --part 3 --out /tmp/parts < facts-of-some-keys
        winnow reduce --finish /tmp/parts --out /tmp/result
      """)

  @OptionGroup var common: CommonOptions

  @Option(name: .long, help: "The folder to write; an earlier result there is exchanged.")
  var out: String?

  @Flag(
    name: .long, help: "Lines of a key stand together, keys of a round in any order, a: before b:.")
  var grouped = false

  @Option(
    name: .long,
    help: "Only this round, leads: its facts, put together, go to standard output.")
  var round: String?

  @Option(
    name: .long,
    help: "Only a part of the keys, under this name; its result in --out is for --finish.")
  var part: String?

  @Option(name: .long, help: "No facts: puts the parts in this folder together.")
  var finish: String?

  @Option(name: .long, help: "The folder that the maps stored attachments in.")
  var attachments: String?

  @OptionGroup var view: FactOptions

  func validate() throws {
    if let round, round != "leads" {
      throw ValidationError("--round takes leads, the one round that facts for the next come of")
    }
    if [round, part, finish].compactMap({ $0 }).count > 1 {
      throw ValidationError("--round, --part and --finish exclude each other")
    }
    if round != nil, out != nil || attachments != nil {
      throw ValidationError(
        "--round writes facts to standard output, and neither --out nor --attachments")
    }
    if finish != nil, attachments != nil {
      throw ValidationError(
        "--finish takes the attachments that its parts hold; give --attachments to --part")
    }
    if let part, part.isEmpty || part.count > 64 || !part.allSatisfy(Self.isNameLetter) {
      throw ValidationError("--part takes a number, or a name of letters, digits, - and _")
    }
    if part != nil, out == nil {
      throw ValidationError("--part needs --out, the folder that --finish will read")
    }
  }

  private static func isNameLetter(_ c: Character) -> Bool {
    c.isASCII && (c.isLetter || c.isNumber || c == "-" || c == "_")
  }

  func run() throws {
    var o = ReduceOptions()
    o.run = common.importOptions
    o.run.out = out
    view.apply(to: &o.run)
    o.isGrouped = grouped
    o.isFirstRoundOnly = round != nil
    o.part = part
    o.finish = finish
    o.attachments = attachments
    try ReduceRun.execute(o).end()
  }
}
