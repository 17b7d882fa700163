public import Bytes

/// A file that stands encoded inside a text body, as before MIME.
public struct EncodedBlock: Hashable, Sendable {
  /// How it is encoded.
  public enum Kind: Sendable {
    /// `begin 644 name` to `end`.
    case uuencode
    /// `=ybegin` to `=yend`.
    case yEnc
  }
  /// How it is encoded.
  public var kind: Kind
  /// The whole block in the text, first and last line with its line end included.
  public var range: ByteRange
  /// The encoded lines between them.
  public var data: ByteRange
  /// The name as written; may be empty.
  public var name: ByteRange
  /// The size that a yEnc block states, in bytes, -1 when none: never to be trusted.
  public var statedSize = -1

  /// Calls `visit` for every whole block in a text body, in order. Lines end in LF or CRLF. Linear.
  public static func scan(_ text: ByteView, visit: (EncodedBlock) -> Void) {
    var at = 0
    while at < text.count {
      let c = text[at]
      if c == 0x62, let block = UUEncode.block(text, at: at) {
        visit(block)
        at = block.range.end
      } else if c == 0x3D, let found = YEnc.block(text, at: at) {
        visit(found)
        at = found.range.end
      } else {
        at = (text.firstIndex(of: ASCII.lf, from: at) ?? text.count) + 1
      }
    }
  }

  /// The line at `at` without its end, and where the next one begins.
  static func line(_ text: ByteView, at: Int) -> (line: ByteView, next: Int) {
    let end = text.firstIndex(of: ASCII.lf, from: at) ?? text.count
    let line = text.slice(at, end)
    let cut = line[line.count - 1] == ASCII.cr ? line.prefix(line.count - 1) : line
    return (cut, min(end + 1, text.count))
  }
}

/// uuencode (POSIX), recognised only as a whole and plausible block.
public enum UUEncode {
  /// The block whose `begin` line is at `start`: 3 or 4 octal digits, a name, data lines whose
  /// lengths fit what they say, `end`. Reading stops at the first line that does not fit, so that
  /// a scan over many false beginnings stays linear.
  static func block(_ text: ByteView, at start: Int) -> EncodedBlock? {
    let (first, dataStart) = EncodedBlock.line(text, at: start)
    guard first.hasPrefix("begin ") else { return nil }
    var i = 6
    while first[i] &- 0x30 < 8 { i += 1 }
    guard i == 9 || i == 10, first[i] == ASCII.space else { return nil }
    let name = first.from(i + 1).trimmed()
    guard !name.isEmpty else { return nil }

    var at = dataStart
    while at < text.count {
      let (line, next) = EncodedBlock.line(text, at: at)
      if line.trimmed().equals("end") {
        return EncodedBlock(
          kind: .uuencode, range: ByteRange(start: start, count: next - start),
          data: ByteRange(start: dataStart, count: at - dataStart),
          name: ByteRange(start: name.base - text.base, count: name.count))
      }
      guard isData(line) else { return nil }
      at = next
    }
    return nil
  }

  /// True when a line's length fits its first character, trailing spaces lost or a checksum added.
  private static func isData(_ line: ByteView) -> Bool {
    if line.isEmpty { return true }
    guard let n = value(line[0]) else { return false }
    let whole = 1 + (n + 2) / 3 * 4
    // Writers that end early with the last group's needed characters.
    let least = 1 + (n * 8 + 5) / 6
    var end = line.count
    while end > 1, line[end - 1] == ASCII.space { end -= 1 }
    guard end <= whole + 1, n == 0 || line.count >= least || hasLostSpaces(line, least) else {
      return false
    }
    for i in 1..<max(1, end) where value(line[i]) == nil { return false }
    return true
  }

  // Spaces at the end stand for zeros and are easily lost on the way.
  private static func hasLostSpaces(_ line: ByteView, _ least: Int) -> Bool {
    least - line.count <= 4 && line.count > 1
  }

  private static func value(_ c: UInt8) -> Int? {
    c >= 0x20 && c <= 0x60 ? Int((c &- 0x20) & 63) : nil
  }

  /// Appends the decoded bytes of a block's data. False when a line had to be guessed at.
  public static func decode(_ data: ByteView, into out: ByteBuffer) -> Bool {
    var isWhole = true
    var at = 0
    while at < data.count {
      let (line, next) = EncodedBlock.line(data, at: at)
      at = next
      guard let n = value(line[0]) else { continue }
      if line.count < 1 + (n * 8 + 5) / 6 { isWhole = false }
      var left = n
      var i = 1
      while left > 0 {
        // Past the end of the line there are zeros.
        let a = UInt32(value(line[i]) ?? 0)
        let b = UInt32(value(line[i + 1]) ?? 0)
        let c = UInt32(value(line[i + 2]) ?? 0)
        let d = UInt32(value(line[i + 3]) ?? 0)
        let group = a << 18 | b << 12 | c << 6 | d
        out.append(UInt8(truncatingIfNeeded: group >> 16))
        if left > 1 { out.append(UInt8(truncatingIfNeeded: group >> 8)) }
        if left > 2 { out.append(UInt8(truncatingIfNeeded: group)) }
        left -= 3
        i += 4
      }
    }
    return isWhole
  }
}

/// yEnc, version 1.3 of its draft. Bytes above 127 must not have been decoded by a charset.
public enum YEnc {
  /// The block whose `=ybegin` line is at `start`, up to its `=yend` line.
  static func block(_ text: ByteView, at start: Int) -> EncodedBlock? {
    let (first, afterFirst) = EncodedBlock.line(text, at: start)
    guard first.hasPrefix("=ybegin ") else { return nil }
    guard first.firstRange(of: ByteView("line=")) != nil,
      let nameAt = first.firstRange(of: ByteView(" name="))
    else { return nil }
    let name = first.from(nameAt + 6).trimmed()
    var at = afterFirst
    // The part line of a file in several parts is no data.
    if text.from(at).hasPrefix("=ypart ") { at = EncodedBlock.line(text, at: at).next }
    let dataStart = at
    while at < text.count {
      // Data never begins a line with "=y": '=' escapes only critical bytes.
      if text[at] == 0x3D, text[at + 1] == 0x79 {
        guard text.from(at).hasPrefix("=yend") else { return nil }
        return EncodedBlock(
          kind: .yEnc,
          range: ByteRange(start: start, count: EncodedBlock.line(text, at: at).next - start),
          data: ByteRange(start: dataStart, count: at - dataStart),
          name: ByteRange(start: name.base - text.base, count: name.count),
          statedSize: size(first))
      }
      at = (text.firstIndex(of: ASCII.lf, from: at) ?? text.count) + 1
    }
    return nil
  }

  private static func size(_ line: ByteView) -> Int {
    guard let at = line.firstRange(of: ByteView(" size=")) else { return -1 }
    var end = at + 6
    while ASCII.isDigit(line[end]) { end += 1 }
    return ASCII.decimal(line.slice(at + 6, end)) ?? -1
  }

  /// Appends the decoded bytes of a block's data. False when it ends within an escape.
  public static func decode(_ data: ByteView, into out: ByteBuffer) -> Bool {
    var isEscaped = false
    for i in 0..<data.count {
      let c = data.base[i]
      if c == ASCII.cr || c == ASCII.lf { continue }
      if isEscaped {
        out.append(c &- 106)
        isEscaped = false
      } else if c == 0x3D {
        isEscaped = true
      } else {
        out.append(c &- 42)
      }
    }
    return !isEscaped
  }
}
