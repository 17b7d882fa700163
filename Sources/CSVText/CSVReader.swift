package import Bytes
internal import Text

/// Reads CSV (RFC 4180) record by record in constant memory, whatever line ends and encoding.
///
/// Cells are valid UTF-8: UTF-16 is read by its byte order mark; a record that is no UTF-8 is read
/// as windows-1252. Quotes count where a cell begins with one; a quote inside an unquoted cell and
/// text after a closing quote are taken literally and reported. Empty lines are skipped.
package final class CSVReader {
  /// The longest record in bytes, unless another is given; a longer one is a quote never closed.
  package static let maximumRecord = 64 << 20

  /// The byte between cells: comma, semicolon, TAB or bar.
  package let delimiter: UInt8
  /// The line on which the record begins, from 1.
  package private(set) var line = 0
  /// True when the record holds U+0000.
  package private(set) var hasNUL = false
  /// True when the record holds a quote where none may stand.
  package private(set) var hasStrayQuote = false
  /// Records read as windows-1252, and the line of the first.
  package private(set) var foreignRecords = 0
  package private(set) var firstForeignLine = 0
  /// True when the file is UTF-16.
  package var isUTF16: Bool { input.isUTF16 }
  /// True when the file begins with a byte order mark.
  package var hasMark: Bool { input.hasMark }
  /// Why reading stopped before the end.
  package private(set) var fault: CSVFault?

  let input: CSVWindow
  private let longest: Int
  private var nextLine = 1
  // Where the next record begins, and where the text of this one ends, before its line end.
  // Unchecked as the window's places are: these are looked at for every cell.
  @exclusivity(unchecked) private var recordEnd = 0
  @exclusivity(unchecked) private var textEnd = 0

  struct Cell {
    /// Where it begins as it is written, from the record's first byte.
    var from: Int
    /// Where its text begins, in the record or in the scratch.
    var start: Int
    var count: Int
    var inScratch: Bool
  }
  @exclusivity(unchecked) private(set) var cells: [Cell] = []
  private let scratch = ByteBuffer(capacity: 256)

  /// A reader over a source of bytes, which gives 0 at its end and -1 on failure.
  ///
  /// - Parameters:
  ///   - delimiter: The byte between cells; nil for the one that the first line has most of.
  ///   - longest: The longest record in bytes.
  package init(
    capacity: Int = 256 << 10, delimiter: UInt8? = nil, longest: Int = CSVReader.maximumRecord,
    fill: @escaping (UnsafeMutablePointer<UInt8>, Int) -> Int
  ) {
    input = CSVWindow(capacity: capacity, fill: fill)
    self.longest = longest
    self.delimiter = delimiter ?? Self.delimiter(of: input)
    recordEnd = input.start
    line = 1
    if input.hasFailed { fail(at: input.end, Self.unreadable) }
  }

  private static let unreadable =
    "the file cannot be read further: look whether its disk or network is there"

  private static func delimiter(of input: CSVWindow) -> UInt8 {
    var counts = (comma: 0, semicolon: 0, tab: 0, bar: 0)
    var inQuotes = false
    scan: for i in input.start..<input.end {
      switch input.base[i] {
      case 34: inQuotes.toggle()
      case 10, 13: if !inQuotes { break scan }
      case 44: if !inQuotes { counts.comma += 1 }
      case 59: if !inQuotes { counts.semicolon += 1 }
      case 9: if !inQuotes { counts.tab += 1 }
      case 124: if !inQuotes { counts.bar += 1 }
      default: break
      }
    }
    let best = max(counts.comma, counts.semicolon, counts.tab, counts.bar)
    return counts.comma == best
      ? 44 : counts.semicolon == best ? 59 : counts.tab == best ? 9 : 124
  }

  private func fail(at index: Int, _ message: String) {
    if fault == nil { fault = CSVFault(place: place(at: index), message: message) }
  }

  // MARK: The record

  /// The number of cells in the record.
  package var count: Int { cells.count }

  /// The record's length in the file, in bytes.
  package var length: Int { recordEnd - input.start }

  /// True when every cell is empty.
  package var isBlank: Bool {
    for c in cells where c.count > 0 { return false }
    return true
  }

  /// A cell in valid UTF-8, empty when the record is shorter; valid until the next record.
  package func cell(_ i: Int) -> ByteView {
    guard i >= 0, i < cells.count else { return .empty }
    let c = cells[i]
    if c.inScratch { return scratch.view(c.start..<c.start + c.count) }
    return ByteView(base: input.base + input.start + c.start, count: c.count)
  }

  /// A cell as it is written, with its quotes; valid until the next record.
  package func written(_ i: Int) -> ByteView {
    guard i >= 0, i < cells.count else { return .empty }
    let from = input.start + cells[i].from
    let end = i + 1 < cells.count ? input.start + cells[i + 1].from - 1 : textEnd
    return ByteView(base: input.base + from, count: max(0, end - from))
  }

  /// The record as it is written, with its line end; valid until the next one.
  package var written: ByteView { ByteView(base: input.base + input.start, count: length) }

  /// The record's line end as it is written; empty when the file ends without.
  package var lineEnd: ByteView {
    ByteView(base: input.base + textEnd, count: max(0, recordEnd - textEnd))
  }

  /// Reads the next record; false at the end or at a ``fault``.
  package func next() -> Bool {
    while fault == nil {
      input.start = recordEnd
      line = nextLine
      while !parse() {
        if fault != nil { return false }
        if input.end - input.start > longest {
          fail(
            at: input.start,
            "the record that begins here is longer than \(longest >> 20) MiB: is a quote in it closed?"
          )
          return false
        }
        input.more()
        recordEnd = input.start
        if input.hasFailed {
          fail(at: input.end, Self.unreadable)
          return false
        }
      }
      if recordEnd == input.start { return false }
      if cells.count == 1, cells[0].count == 0 { continue }
      finishRecord()
      return true
    }
    return false
  }

  /// Parses one record from `start`; false when it needs more of the file.
  private func parse() -> Bool {
    cells.removeAll(keepingCapacity: true)
    scratch.removeAll()
    hasStrayQuote = false
    // Locals: the loops below look at every byte.
    let window = input.base
    let end = input.end
    let start = input.start
    let delimiter = self.delimiter
    var stray = false
    defer { if stray { hasStrayQuote = true } }
    var lines = 0
    var i = start
    if i >= end {
      recordEnd = start
      textEnd = start
      return input.isAtEnd
    }
    while true {
      if i < end, window[i] == 34 {
        guard let after = quoted(i, &lines) else { return false }
        i = after
      } else {
        let from = i
        while i < end {
          let c = window[i]
          if c == delimiter || c == 10 || c == 13 { break }
          if c == 34 { stray = true }
          i += 1
        }
        cells.append(
          Cell(from: from - start, start: from - start, count: i - from, inScratch: false))
      }
      textEnd = i
      if i >= end {
        guard input.isAtEnd else { return false }
        recordEnd = end
        nextLine = line + lines
        return true
      }
      let c = window[i]
      i += 1
      if c == delimiter { continue }
      if c == 13 {
        // LF may be the byte after the window.
        if i >= end, !input.isAtEnd { return false }
        if i < end, window[i] == 10 { i += 1 }
      }
      recordEnd = i
      nextLine = line + lines + 1
      return true
    }
  }

  /// Parses a quoted cell from its quote; gives the place after it, or nil when more is needed.
  private func quoted(_ open: Int, _ lines: inout Int) -> Int? {
    let window = input.base
    let end = input.end
    let delimiter = self.delimiter
    let start = input.start
    var i = open + 1
    var from = i
    var text: Int?
    // Into the scratch only where a doubled quote has to go.
    func take(_ upTo: Int) {
      if text == nil { text = scratch.count }
      scratch.append(ByteView(base: window + from, count: upTo - from))
    }
    while true {
      while i < end, window[i] != 34 {
        if window[i] == 10 || (window[i] == 13 && !(i + 1 < end && window[i + 1] == 10)) {
          lines += 1
        }
        i += 1
      }
      if i >= end || (i + 1 >= end && !input.isAtEnd) {
        guard i >= end, input.isAtEnd else { return nil }
        fail(
          at: open,
          "the quote that opens here is never closed: close it, and write a quote inside a cell twice"
        )
        return nil
      }
      if i + 1 < end, window[i + 1] == 34 {
        take(i + 1)
        i += 2
        from = i
        continue
      }
      break
    }
    let close = i
    i += 1
    var rest = i
    while rest < end, window[rest] != delimiter, window[rest] != 10, window[rest] != 13 {
      rest += 1
    }
    if rest >= end, !input.isAtEnd { return nil }
    if rest > i || text != nil {
      take(close)
      if rest > i {
        hasStrayQuote = true
        scratch.append(ByteView(base: window + i, count: rest - i))
      }
      let begin = text ?? 0
      cells.append(
        Cell(from: open - start, start: begin, count: scratch.count - begin, inScratch: true))
    } else {
      cells.append(
        Cell(from: open - start, start: from - start, count: close - from, inScratch: false))
    }
    return rest
  }

  private func finishRecord() {
    hasNUL = written.firstIndex(of: 0) != nil
    guard UTF8Text.firstInvalid(written) != nil else { return }
    foreignRecords += 1
    if foreignRecords == 1 { firstForeignLine = line }
    for i in cells.indices {
      let bytes = cell(i).array
      let from = scratch.count
      bytes.withByteView { _ = Charset.windows1252.decode($0, into: scratch) }
      cells[i].start = from
      cells[i].count = scratch.count - from
      cells[i].inScratch = true
    }
  }
}
