/// The blocks of a page of the manual: the part of Markdown that the pages use.
enum MarkdownBlock: Equatable {
  /// `# Title`, level 1 to 6.
  case heading(level: Int, String)
  /// Lines of text that belong together.
  case paragraph(String)
  /// An item of a list, with what is in front of it (`*`, `1.`) and how deep it lies.
  case item(depth: Int, marker: String, String)
  /// Lines of a fenced or indented block, as they are.
  case code([String])
  /// A table: its header, and its rows.
  case table(header: [String], rows: [[String]])
}

/// Reads the Markdown of the manual's pages.
enum Markdown {
  /// The blocks of a page. HTML comments, which mark generated parts, are left out.
  static func blocks(_ text: String) -> [MarkdownBlock] {
    var reader = Reader()
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) { reader.take(line) }
    reader.close()
    return reader.blocks
  }

  /// The text without its marks: code and bold as they are read, a link as its text.
  static func plain(_ text: String) -> String { plain(text, keepsCode: false) }

  /// The same with the marks around code, by which it is told from the sentence around it.
  static func withCode(_ text: String) -> String { plain(text, keepsCode: true) }

  private static func plain(_ text: String, keepsCode: Bool) -> String {
    var out = ""
    var rest = Substring(text)
    while let c = rest.first {
      rest.removeFirst()
      switch c {
      case "\\":
        if let escaped = rest.popFirst() { out.append(escaped) }
      case "`": if keepsCode { out.append(c) }
      case "*" where rest.first == "*": rest.removeFirst()
      case "[":
        guard let end = rest.range(of: "]("),
          let close = rest[end.upperBound...].firstIndex(of: ")")
        else {
          out.append(c)
          continue
        }
        out += plain(String(rest[..<end.lowerBound]), keepsCode: keepsCode)
        rest = rest[rest.index(after: close)...]
      default: out.append(c)
      }
    }
    return out
  }

  private struct Reader {
    var blocks: [MarkdownBlock] = []
    private var code: [String]?
    private var open: MarkdownBlock?

    mutating func take(_ line: Substring) {
      if var lines = code {
        if line.hasPrefix("```") {
          blocks.append(.code(lines))
          code = nil
        } else {
          lines.append(String(line))
          code = lines
        }
        return
      }
      let text = line.drop { $0 == " " }
      let indent = line.count - text.count
      if indent >= 4, takeIndented(line) { return }
      if line.hasPrefix("```") {
        close()
        code = []
      } else if text.isEmpty, case .code(let lines) = open {
        // Code may have blank lines; what ends it is text that is not set in.
        open = .code(lines + [""])
      } else if text.isEmpty || text.hasPrefix("<!--") {
        close()
      } else if let level = Self.heading(text) {
        close()
        blocks.append(.heading(level: level, String(text.dropFirst(level + 1))))
      } else if text.hasPrefix("|") {
        row(text)
      } else if let marker = Self.marker(text) {
        close()
        let body = text.dropFirst(marker.count).drop { $0 == " " }
        open = .item(depth: indent / 2, marker: marker, String(body))
      } else {
        add(String(text))
      }
    }

    // A line that is set in by four spaces and belongs to no list is code.
    private mutating func takeIndented(_ line: Substring) -> Bool {
      let code = String(line.dropFirst(4))
      switch open {
      case nil: open = .code([code])
      case .code(let lines): open = .code(lines + [code])
      default: return false
      }
      return true
    }

    mutating func close() {
      if case .code(var lines) = open {
        while lines.last == "" { lines.removeLast() }
        open = .code(lines)
      }
      if let open { blocks.append(open) }
      open = nil
    }

    private mutating func add(_ text: String) {
      switch open {
      case .paragraph(let before): open = .paragraph(before + " " + text)
      case .item(let depth, let marker, let before):
        open = .item(depth: depth, marker: marker, before + " " + text)
      default:
        close()
        open = .paragraph(text)
      }
    }

    private mutating func row(_ text: Substring) {
      let cells = Self.cells(text)
      guard case .table(let header, let rows) = open else {
        close()
        open = .table(header: cells, rows: [])
        return
      }
      // The line below the header says nothing but that this is a table.
      if rows.isEmpty, cells.allSatisfy({ !$0.isEmpty && $0.allSatisfy { "-:".contains($0) } }) {
        return
      }
      open = .table(header: header, rows: rows + [cells])
    }

    private static func heading(_ text: Substring) -> Int? {
      let level = text.prefix { $0 == "#" }.count
      return (1...6).contains(level) && text.dropFirst(level).first == " " ? level : nil
    }

    private static func marker(_ text: Substring) -> String? {
      if text.hasPrefix("* ") || text.hasPrefix("- ") { return String(text.prefix(1)) }
      let digits = text.prefix { $0.isASCII && $0.isNumber }
      return !digits.isEmpty && text.dropFirst(digits.count).hasPrefix(". ")
        ? String(digits) + "." : nil
    }

    // The cells of a row; `\|` is no bar.
    private static func cells(_ text: Substring) -> [String] {
      var cells: [String] = []
      var cell = ""
      var isEscaped = false
      for c in text.dropFirst() {
        if c == "|", !isEscaped {
          cells.append(cell)
          cell = ""
        } else {
          cell.append(c)
        }
        isEscaped = c == "\\" && !isEscaped
      }
      return cells.map { trimmed($0[...]) }
    }

    private static func trimmed(_ text: Substring) -> String {
      var text = text.drop { $0 == " " }
      while text.last == " " { text.removeLast() }
      return String(text)
    }
  }
}

extension Substring {
  // Foundation stays out of this module.
  fileprivate func range(of text: String) -> Range<Index>? {
    var i = startIndex
    while i < endIndex {
      if self[i...].hasPrefix(text) { return i..<index(i, offsetBy: text.count) }
      formIndex(after: &i)
    }
    return nil
  }
}
