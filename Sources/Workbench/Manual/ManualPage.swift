import CManual
import Glibc

/// A page of the manual, which the command carries in itself.
public struct ManualPage: Sendable {
  /// Its name, as its file has it: `Reasons`.
  public let name: String
  /// Its Markdown.
  public let markdown: String

  /// All pages, in the order in which the first one lists them.
  public static let all: [ManualPage] = {
    var count = 0
    let pages = UnsafeBufferPointer(start: winnow_manual(&count), count: count)
    return pages.map { page in
      let text = UnsafeBufferPointer(start: page.text, count: page.length)
      return ManualPage(
        name: String(cString: page.name), markdown: String(decoding: text, as: UTF8.self))
    }
  }()

  /// Words for a page that are not its name.
  static let otherNames = [
    "config": "Configuration",
    "exit-status": "Commands#Exit statuses", "exit": "Commands#Exit statuses",
    "status": "Commands#Exit statuses", "options": "Commands#Global options",
    "lists": "Configuration#The lists", "keys": "Configuration#Every key",
    "export": "Exporting", "calendar": "Calendars", "folder": "Folders", "reason": "Reasons",
    "csv": "Files", "records": "Files", "fields": "Files", "privacy": "Security",
    "map": "Cluster", "reduce": "Cluster", "manual": "winnow", "topics": "winnow",
  ]

  /// The page for a topic, whatever its case, or the section of one that it is about; nil where there
  /// is none.
  public static func named(_ topic: String) -> ManualPage? {
    let word = topic.lowercased()
    let parts = (otherNames[word] ?? word).split(separator: "#", maxSplits: 1)
    guard let name = parts.first?.lowercased(),
      let page = all.first(where: { $0.name.lowercased() == name })
    else { return nil }
    return parts.count == 1 ? page : page.section(String(parts[1]))
  }

  // From a heading of the second level to the next.
  private func section(_ title: String) -> ManualPage {
    var lines: [Substring] = []
    var isInside = false
    for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("## ") { isInside = line.dropFirst(3) == title }
      if isInside { lines.append(line) }
    }
    return lines.isEmpty
      ? self : ManualPage(name: name, markdown: lines.joined(separator: "\n") + "\n")
  }

  /// The topics, as ``named(_:)`` takes them.
  public static var topics: [String] { all.map { $0.name.lowercased() } }

  /// Its title, and the sentence below it.
  public var head: (title: String, summary: String) {
    var title = name
    for block in Markdown.blocks(markdown) {
      switch block {
      case .heading(1, let text): title = Markdown.plain(text)
      case .paragraph(let text): return (title, Markdown.plain(text))
      default: return (title, "")
      }
    }
    return (title, "")
  }

  /// The page as a terminal shows it: as wide as that is, at most 100 columns, 80 where it is none.
  public func terminalText() -> String {
    let width = min(TextTable.terminalWidth ?? 80, 100)
    let isDumb = getenv("TERM").map { String(cString: $0) == "dumb" } ?? true
    let isStyled = isatty(1) == 1 && getenv("NO_COLOR") == nil && !isDumb
    return TerminalPage(width: max(width, 40), isStyled: isStyled)
      .text(Markdown.blocks(markdown))
  }
}
