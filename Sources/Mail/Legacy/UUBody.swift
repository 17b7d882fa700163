import Bytes

/// A body whose Content-Transfer-Encoding is x-uuencode: the file between its `begin` and `end`
/// lines (POSIX uuencode). No RFC names this encoding; mail of the nineties uses it.
struct UUBody {
  /// True when a `begin` line was met.
  private(set) var hasBegun = false
  private var hasEnded = false

  /// Decodes whole lines (the last one may lack its line end) and appends the bytes. Linear; a line
  /// gives at most 63 bytes whatever it says.
  mutating func decode(_ lines: ByteView, into out: ByteBuffer) {
    var position = 0
    while position < lines.count, !hasEnded {
      let ends = HeaderScanner.lineEnd(lines, from: position, end: lines.count)
      let line = lines.slice(position, ends.content)
      position = ends.next
      if !hasBegun {
        hasBegun = Self.isBegin(line)
      } else if line.hasPrefix("end"), line.trimmed().count == 3 {
        hasEnded = true
      } else {
        _ = UUEncode.decode(line, into: out)
      }
    }
  }

  // `begin`, three or four octal digits, a name.
  private static func isBegin(_ line: ByteView) -> Bool {
    guard line.hasPrefix("begin ") else { return false }
    var i = 6
    while i < line.count, line[i] >= 48, line[i] < 56 { i += 1 }
    return (i == 9 || i == 10) && line[i] == ASCII.space
  }
}
