public import Bytes

/// A place in a text file as editors show it.
public struct TextPosition: Hashable, Sendable {
  /// Line, from 1. Lines end with LF, CRLF or CR.
  public var line: Int
  /// Column in Unicode scalars, from 1.
  public var column: Int

  /// A place.
  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  /// The place of a byte offset (clamped to the text). A byte order mark has no width.
  public init(offset: Int, in text: ByteView) {
    let end = max(0, min(offset, text.count))
    var line = 1
    var start = text.hasPrefix("\u{FEFF}") ? 3 : 0
    var i = start
    while i < end {
      let c = text[i]
      i += 1
      if c == ASCII.lf || (c == ASCII.cr && text[i] != ASCII.lf) {
        line += 1
        start = i
      }
    }
    var column = 1
    i = start
    while i < end {
      if text[i] & 0xC0 != 0x80 { column += 1 }
      i += 1
    }
    self.line = line
    self.column = column
  }
}
