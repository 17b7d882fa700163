import Bytes

/// A body whose Content-Transfer-Encoding is x-uuencode: the file between its `begin` and `end`
/// lines (POSIX uuencode). No RFC names this encoding, mail of the nineties uses it.
enum UUBody {
  /// Appends the file that `raw` holds. False when no `begin` line stands in it; then nothing is
  /// appended. Linear; a line gives at most 45 bytes more than it holds.
  static func decode(_ raw: ByteView, into out: ByteBuffer) -> Bool {
    var position = 0
    var isInside = false
    while position < raw.count {
      let ends = HeaderScanner.lineEnd(raw, from: position, end: raw.count)
      let line = raw.slice(position, ends.content)
      position = ends.next
      if isInside {
        if line.hasPrefix("end"), line.trimmed().count == 3 { break }
        append(line, to: out)
      } else {
        isInside = isBegin(line)
      }
    }
    return isInside
  }

  // `begin`, three or four octal digits, a name.
  private static func isBegin(_ line: ByteView) -> Bool {
    guard line.hasPrefix("begin ") else { return false }
    var i = 6
    while i < line.count, line[i] >= 48, line[i] < 56 { i += 1 }
    return (i == 9 || i == 10) && line[i] == ASCII.space
  }

  private static func append(_ line: ByteView, to out: ByteBuffer) {
    // White space at the end of a line stands for zeros and gets lost: beyond the line there are
    // zeros, of which only the first character says how many there were.
    var left = line.isEmpty ? 0 : Int((line[0] &- 32) & 63)
    var i = 1
    while left > 0 {
      let q = value(line, i) << 18 | value(line, i + 1) << 12 | value(line, i + 2) << 6 | value(line, i + 3)
      out.append(UInt8(truncatingIfNeeded: q >> 16))
      if left > 1 { out.append(UInt8(truncatingIfNeeded: q >> 8)) }
      if left > 2 { out.append(UInt8(truncatingIfNeeded: q)) }
      left -= 3
      i += 4
    }
  }

  private static func value(_ line: ByteView, _ i: Int) -> UInt32 {
    i < line.count ? UInt32((line[i] &- 32) & 63) : 0
  }
}
