import Glibc
import Import

/// A table for people: columns as wide as their cells, the last ones cut to fit a terminal.
struct TextTable {
  private var rows: [[String]]
  private let flexible: Int

  /// - Parameters:
  ///   - head: The names of the columns.
  ///   - flexible: From this column on cells are cut where the terminal is too narrow.
  init(_ head: [String], flexible: Int) {
    rows = [head]
    self.flexible = flexible
  }

  /// Adds a row; what would move a cursor is shown as `\u{…}`.
  mutating func add(_ cells: [String]) { rows.append(cells.map(Plain.line)) }

  /// Columns of the terminal on standard output; nil when that is no terminal.
  static var terminalWidth: Int? {
    var size = winsize()
    guard isatty(1) == 1, ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return nil
    }
    return Int(size.ws_col)
  }

  /// The table, a line a row; no line is wider than `width` where that leaves 8 columns a cell.
  func text(width: Int?) -> String {
    let count = rows.first?.count ?? 0
    var widths = [Int](repeating: 0, count: count)
    for row in rows {
      for (c, cell) in row.enumerated() where c < count {
        widths[c] = max(widths[c], Self.width(cell))
      }
    }
    if let width { shrink(&widths, by: widths.reduce(0, +) + 2 * max(0, count - 1) - width) }
    var out = ""
    for row in rows {
      var line = ""
      for (c, cell) in row.enumerated() where c < count {
        let (text, used) = Self.fitted(cell, widths[c])
        line += text
        if c < count - 1 { line += String(repeating: " ", count: widths[c] - used + 2) }
      }
      while line.utf8.last == 32 { line.removeLast() }
      out += line + "\n"
    }
    return out
  }

  // The widest of the flexible columns gives way until all fit.
  private func shrink(_ widths: inout [Int], by columns: Int) {
    for _ in 0..<max(0, columns) {
      var widest = flexible
      for c in widths.indices where c > widest && widths[c] > widths[widest] { widest = c }
      guard widest < widths.count, widths[widest] > 8 else { return }
      widths[widest] -= 1
    }
  }

  // The text, cut with an ellipsis where it is wider, and its width.
  private static func fitted(_ s: String, _ width: Int) -> (String, Int) {
    let whole = Self.width(s)
    if whole <= width { return (s, whole) }
    var out = String.UnicodeScalarView()
    var used = 0
    for u in s.unicodeScalars {
      let w = columns(u)
      if used + w > width - 1 { break }
      out.append(u)
      used += w
    }
    out.append("\u{2026}")
    return (String(out), used + 1)
  }

  /// Columns that a text takes on a terminal.
  static func width(_ s: String) -> Int { s.unicodeScalars.reduce(0) { $0 + columns($1) } }

  /// Columns of a scalar on a terminal: none for marks, two for East Asian wide ones.
  private static func columns(_ u: Unicode.Scalar) -> Int {
    if u.value < 0x300 { return 1 }
    switch u.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    switch u.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF,
      0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}
