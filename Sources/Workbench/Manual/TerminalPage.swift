/// A page of the manual as a terminal shows it.
struct TerminalPage {
  /// Columns; no line but those of code is longer.
  let width: Int
  /// Whether headings are bold.
  let isStyled: Bool

  /// The page's text.
  func text(_ blocks: [MarkdownBlock]) -> String {
    var out = ""
    var wasItem = false
    for block in blocks {
      var isItem = false
      if case .item = block { isItem = true }
      if !out.isEmpty, !(isItem && wasItem) { out += "\n" }
      wasItem = isItem
      for line in lines(block) { out += line + "\n" }
    }
    return out
  }

  private func lines(_ block: MarkdownBlock) -> [String] {
    switch block {
    case .heading(let level, let text):
      let title = Markdown.plain(text)
      return wrap(level == 1 ? title.uppercased() : title, first: "", rest: "").map(bold)
    case .paragraph(let text): return wrap(Markdown.withCode(text), first: "", rest: "")
    case .item(let depth, let marker, let text):
      let indent = String(repeating: " ", count: 2 * depth)
      let hanging = indent + String(repeating: " ", count: marker.count + 1)
      return wrap(Markdown.withCode(text), first: indent + marker + " ", rest: hanging)
    case .code(let lines): return lines.map { $0.isEmpty ? "" : "    " + $0 }
    case .table(let header, let rows): return table(header, rows)
    }
  }

  private func bold(_ text: String) -> String { isStyled ? "\u{1B}[1m\(text)\u{1B}[0m" : text }

  // MARK: Tables

  private func table(_ header: [String], _ rows: [[String]]) -> [String] {
    let head = header.map(Markdown.plain)
    let cells = rows.map { $0.map(Markdown.plain) }
    var widths = head.map(TextTable.width)
    for row in cells {
      for (c, cell) in row.enumerated() where c < widths.count {
        widths[c] = max(widths[c], TextTable.width(cell))
      }
    }
    let before = widths.dropLast().reduce(0) { $0 + $1 + 2 }
    // The last column is wrapped where that leaves it room to be read.
    if before + min(widths.last ?? 0, 32) > width { return entries(head, cells) }
    let all = head.allSatisfy(\.isEmpty) ? cells : [head] + cells
    return all.flatMap { row(in: $0, widths, before) }
  }

  private func row(in cells: [String], _ widths: [Int], _ before: Int) -> [String] {
    var line = ""
    for (c, cell) in cells.enumerated() where c < widths.count - 1 {
      line += cell + String(repeating: " ", count: max(0, widths[c] - TextTable.width(cell)) + 2)
    }
    let rest = String(repeating: " ", count: before)
    return wrap(cells.last ?? "", first: line, rest: rest)
  }

  // A row whose cells are too wide to stand side by side: the first above, the others below it.
  private func entries(_ head: [String], _ rows: [[String]]) -> [String] {
    rows.flatMap { row in
      var lines = wrap(row.first ?? "", first: "", rest: "  ")
      for (c, cell) in row.enumerated().dropFirst() where !cell.isEmpty {
        let name = c > 1 && c < head.count && !head[c].isEmpty ? head[c] + ": " : ""
        lines += wrap(name + cell, first: "    ", rest: "      ")
      }
      return lines
    }
  }

  // MARK: Lines

  private func wrap(_ text: String, first: String, rest: String) -> [String] {
    var lines: [String] = []
    var line = first
    var used = TextTable.width(first)
    var isEmpty = true
    for word in text.split(separator: " ") {
      let columns = TextTable.width(String(word))
      if !isEmpty, used + 1 + columns > width {
        lines.append(line)
        line = rest
        used = TextTable.width(rest)
        isEmpty = true
      }
      if !isEmpty {
        line += " "
        used += 1
      }
      line += word
      used += columns
      isEmpty = false
    }
    while line.last == " " { line.removeLast() }
    return lines + [line]
  }
}
