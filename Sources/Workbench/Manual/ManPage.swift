/// The manual as one page for man(1), in the macros of man(7).
public struct ManPage {
  /// A command of the program.
  public struct Command {
    /// Its name.
    public var name: String
    /// How it is called.
    public var usage: String
    /// What it does, in a sentence.
    public var about: String
    /// Its help, as `--help` prints it; its options are taken from there.
    public var help: String

    /// A command.
    public init(name: String, usage: String, about: String, help: String = "") {
      self.name = name
      self.usage = usage
      self.about = about
      self.help = help
    }

    /// The lines of its help from `OPTIONS:` to the next blank one.
    fileprivate var options: [String] {
      let lines = help.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      guard let start = lines.firstIndex(of: "OPTIONS:") else { return [] }
      return Array(lines[(start + 1)...].prefix { !$0.isEmpty })
    }
  }

  /// The pages that follow the commands. The others are for those who change the program.
  private static let pages = [
    "Exporting", "Configuration", "Calendars", "Folders", "Reasons", "Files", "Nightly", "Ledger",
    "Availability", "Commands", "Limits", "Security", "Cluster",
  ]

  /// The page's text.
  public static func text(version: String, about: String, commands: [Command]) -> String {
    var out = ".TH WINNOW 1 \"\" \"winnow \(escaped(version))\" \"User Commands\"\n"
    out += ".SH NAME\nwinnow \\- \(escaped(about))\n.SH SYNOPSIS\n.B winnow\n"
    out += "\\fICOMMAND\\fR [\\fIOPTIONS\\fR]\n.SH COMMANDS\n"
    for command in commands {
      out += ".TP\n.B winnow \(escaped(command.name))\n\(line(command.about))\n.br\n"
      out += "\\fI\(escaped(command.usage))\\fR\n"
      if !command.options.isEmpty {
        out +=
          ".PP\n.RS 2\n.nf\n" + command.options.map { line(code: $0) + "\n" }.joined()
          + ".fi\n.RE\n"
      }
    }
    for name in pages {
      guard let page = ManualPage.named(name) else { continue }
      for block in Markdown.blocks(page.markdown) {
        // The commands have a section already.
        let isTitle = name == "Commands" && block == .heading(level: 1, "Commands")
        out += roff(isTitle ? .heading(level: 1, "Options and exit status") : block)
      }
    }
    out += ".SH SEE ALSO\n\\fBwinnow COMMAND \\-\\-help\\fR tells the options of a command.\n"
    return out
  }

  private static func roff(_ block: MarkdownBlock) -> String {
    switch block {
    case .heading(1, let text): ".SH \(escaped(Markdown.plain(text).uppercased()))\n"
    case .heading(_, let text): ".SS \(escaped(Markdown.plain(text)))\n"
    case .paragraph(let text): ".PP\n\(line(text))\n"
    case .item(_, let marker, let text):
      ".IP \"\(marker == "*" || marker == "-" ? "\\(bu" : marker)\" 4\n\(line(text))\n"
    case .code(let lines):
      ".PP\n.nf\n.RS 4\n" + lines.map { line(code: $0) + "\n" }.joined() + ".RE\n.fi\n"
    case .table(let header, let rows): rows.map { row($0, header) }.joined()
    }
  }

  private static func row(_ cells: [String], _ header: [String]) -> String {
    var out = ".TP\n.B \(line(cells.first ?? ""))\n"
    var parts: [String] = []
    for (c, cell) in cells.enumerated().dropFirst() where !cell.isEmpty {
      let name = c > 1 && c < header.count && !header[c].isEmpty ? header[c] + ": " : ""
      parts.append(line(name + cell))
    }
    out += (parts.isEmpty ? ["\\&"] : parts).joined(separator: "\n.br\n") + "\n"
    return out
  }

  private static func line(_ text: String) -> String { line(code: Markdown.plain(text)) }

  // A line that begins with a dot or an apostrophe would be a request.
  private static func line(code: String) -> String {
    let text = escaped(code)
    return text.hasPrefix(".") || text.hasPrefix("'") ? "\\&" + text : text
  }

  private static func escaped(_ text: String) -> String {
    var out = ""
    for c in text {
      switch c {
      case "\\": out += "\\e"
      case "-": out += "\\-"
      default: out.append(c)
      }
    }
    return out
  }
}
