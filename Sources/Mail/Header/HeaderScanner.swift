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

  /// The name of the field last found.
  private(set) var nameStart = 0
  /// See ``nameStart``.
  private(set) var nameCount = 0
  /// The value of the field last found.
  private(set) var valueStart = 0
  /// See ``valueStart``.
  private(set) var valueEnd = 0

  /// Finds the next field, its name and value; false when the section has ended.
  mutating func next(in bytes: ByteView) -> Bool {
    let end = bytes.count
    while position < end {
      let start = position
      let c = bytes[start]
      // No letter is below `-`: nearly no field begins so.
      if c <= 45, endsSection(bytes, c) { return false }
      if c == 58 {
        // A colon without a name is nothing, wherever it stands in the section.
        skippedLines = true
        position = Self.lineEnd(bytes, from: start, end: end).next
        continue
      }
      let stop = bytes.fieldNameEnd(from: start)
      if let colon = Self.colon(of: bytes, after: stop), stop > start {
        nameStart = start
        nameCount = stop &- start
        valueStart = colon &+ 1
        readValue(of: bytes, from: colon)
        return true
      }
      guard let field = Self.nextField(bytes, after: start, end: end) else {
        lacksSeparator = true
        return false
      }
      skippedLines = true
      position = field
    }
    lacksSeparator = true
    return false
  }

  // True when the line that begins with `c` is blank or a delimiter.
  private mutating func endsSection(_ bytes: ByteView, _ c: UInt8) -> Bool {
    if c == ASCII.lf {
      position += 1
      return true
    }
    if c == ASCII.cr, bytes[position + 1] == ASCII.lf || position + 1 == bytes.count {
      position = min(position + 2, bytes.count)
      return true
    }
    if c == 45, bytes[position + 1] == 45 {
      // A delimiter line: the blank line before it got lost.
      lacksSeparator = true
      return true
    }
    return false
  }

  // The line that holds `start` and every line after it that begins with white space.
  @inline(__always)
  private mutating func readValue(of bytes: ByteView, from start: Int) {
    let lf = bytes.unfoldedLineEnd(from: start)
    if lf < bytes.count {
      valueEnd = bytes[lf &- 1] == ASCII.cr ? lf &- 1 : lf
      position = lf &+ 1
    } else {
      valueEnd = lf
      position = lf
      lacksSeparator = true
    }
  }

  // The colon that ends a field name whose last byte stands before `stop`, or nil.
  @inline(__always)
  private static func colon(of bytes: ByteView, after stop: Int) -> Int? {
    if bytes[stop] == 58 { return stop }
    // Obsolete syntax: white space before the colon.
    var i = stop
    while ASCII.isBlank(bytes[i]) { i += 1 }
    return i > stop && bytes[i] == 58 ? i : nil
  }

  /// Where the line that holds `start` ends: its content and the beginning of the next line.
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
      if ASCII.isLetter(c),
        let colon = colon(of: bytes, after: bytes.fieldNameEnd(from: line))
      {
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
