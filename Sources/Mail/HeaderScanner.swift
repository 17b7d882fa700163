import Bytes

/// Walks the fields of one header section, in one pass, without copying.
///
/// A line end is LF with at most one CR before it. Lines that are no fields are skipped when a
/// field follows before the next blank line; otherwise the body begins there, as in mail whose
/// blank line got lost.
struct HeaderScanner {
  /// Where the next line begins; after the last field, where the body begins.
  private(set) var position: Int
  /// True when the section ended without a blank line.
  private(set) var lacksSeparator = false
  /// True when lines that are no fields were skipped.
  private(set) var skippedLines = false

  /// A scanner over the header section that begins at `start`.
  init(at start: Int) { position = start }

  /// The next field's name and value, or nil when the section has ended.
  @inline(__always)
  mutating func next(in bytes: ByteView, end: Int) -> (name: ByteRange, value: ByteRange)? {
    while position < end {
      let c = bytes[position]
      if c == ASCII.lf {
        position += 1
        return nil
      }
      if c == ASCII.cr, bytes[position + 1] == ASCII.lf || position + 1 == end {
        position = min(position + 2, end)
        return nil
      }
      if c == 45, bytes[position + 1] == 45 {
        // A delimiter line: the blank line before it got lost.
        lacksSeparator = true
        return nil
      }
      if let colon = Self.colon(of: bytes, at: position, end: end) {
        var nameEnd = colon
        while nameEnd > position, ASCII.isBlank(bytes[nameEnd - 1]) { nameEnd -= 1 }
        let name = ByteRange(start: position, count: nameEnd - position)
        var lineEnd = Self.lineEnd(bytes, from: colon, end: end)
        var next = lineEnd.next
        while next < end, ASCII.isBlank(bytes[next]) {
          lineEnd = Self.lineEnd(bytes, from: next, end: end)
          next = lineEnd.next
        }
        position = next
        if next >= end, lineEnd.content == end { lacksSeparator = true }
        return (name, ByteRange(start: colon + 1, count: lineEnd.content - colon - 1))
      }
      guard let field = Self.nextField(bytes, after: position, end: end) else {
        lacksSeparator = true
        return nil
      }
      skippedLines = true
      position = field
    }
    lacksSeparator = true
    return nil
  }

  /// Offset of the colon that ends a field name beginning at `start`, or nil when the line is none.
  @inline(__always)
  static func colon(of bytes: ByteView, at start: Int, end: Int) -> Int? {
    var i = WideScan.nameEnd(bytes, from: start, to: end)
    guard i > start, i < end else { return nil }
    if bytes[i] == 58 { return i }
    guard ASCII.isBlank(bytes[i]) else { return nil }
    // Obsolete syntax: white space before the colon.
    while i < end, ASCII.isBlank(bytes[i]) { i += 1 }
    return i < end && bytes[i] == 58 ? i : nil
  }

  /// Where the line that holds `start` ends: its content and the beginning of the next line.
  @inline(__always)
  static func lineEnd(_ bytes: ByteView, from start: Int, end: Int) -> (content: Int, next: Int) {
    guard let lf = bytes.firstIndex(of: ASCII.lf, from: start, to: end) else { return (end, end) }
    return (lf > start && bytes[lf - 1] == ASCII.cr ? lf - 1 : lf, lf + 1)
  }

  // The next line that reads as a field, before a blank line; nil when there is none.
  private static func nextField(_ bytes: ByteView, after start: Int, end: Int) -> Int? {
    var line = lineEnd(bytes, from: start, end: end).next
    while line < end {
      let c = bytes[line]
      if c == ASCII.lf || (c == ASCII.cr && bytes[line + 1] == ASCII.lf)
        || (c == 45 && bytes[line + 1] == 45)
      {
        // Nothing but the blank line follows: these lines are the beginning of the body.
        return nil
      }
      if ASCII.isLetter(c), let colon = colon(of: bytes, at: line, end: end) {
        var plain = true
        for i in line..<colon {
          let b = bytes[i]
          if !(ASCII.isAlphanumeric(b) || b == 45 || b == 95 || b == 46 || b == 32) {
            plain = false
            break
          }
        }
        if plain { return line }
      }
      line = lineEnd(bytes, from: line, end: end).next
    }
    return nil
  }
}
