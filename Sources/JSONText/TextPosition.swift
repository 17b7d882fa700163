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
    var counter = LineCounter(text)
    self = counter.position(of: offset)
  }
}

/// Counts lines for offsets that come in rising order, in one pass over the text.
public struct LineCounter {
  private let text: ByteView
  private var line = 1
  private var scanned: Int
  private var column = 1

  /// A counter at the beginning of the text, which must outlive it.
  public init(_ text: ByteView) {
    self.text = text
    scanned = text.hasPrefix("\u{FEFF}") ? 3 : 0
  }

  /// The place of an offset (clamped to the text); not before the one asked last.
  public mutating func position(of offset: Int) -> TextPosition {
    let end = max(0, min(offset, text.count))
    while scanned < end {
      let c = text[scanned]
      scanned += 1
      if c == ASCII.lf || (c == ASCII.cr && text[scanned] != ASCII.lf) {
        line += 1
        column = 1
      } else if c & 0xC0 != 0x80 {
        column += 1
      }
    }
    return TextPosition(line: line, column: column)
  }
}
