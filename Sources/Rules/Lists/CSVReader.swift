import Bytes
import JSONText

/// Reads CSV (RFC 4180) record by record in constant memory, whatever line ends and encoding.
///
/// Cells are valid UTF-8: UTF-16 is read by its byte order mark; a record that is no UTF-8 is read
/// as windows-1252. Quotes count where a cell begins with one; a quote inside an unquoted cell and
/// text behind a closing quote are taken literally and told. Empty lines are passed over.
final class CSVReader {
  /// The longest cell that is kept, in bytes.
  static let maximumCell = 1 << 20
  /// The longest record in bytes; a longer one is a quote that was never closed.
  static let maximumRecord = 64 << 20

  /// The byte between cells: comma, semicolon, TAB or bar.
  private(set) var delimiter: UInt8 = 44
  /// The line on which the record begins, from 1.
  private(set) var line = 0
  /// True when the record holds U+0000.
  private(set) var hasNUL = false
  /// True when the record holds a quote where none may stand.
  private(set) var hasStrayQuote = false
  /// Records read as windows-1252, and the line of the first.
  private(set) var foreignRecords = 0
  private(set) var firstForeignLine = 0
  /// True when the file is UTF-16.
  private(set) var isUTF16 = false
  /// Why reading stopped before the end.
  private(set) var fault: (line: Int, message: String)?

  private let fill: (UnsafeMutablePointer<UInt8>, Int) -> Int
  // Owned by one thread and never handed out inout: the run-time check would cost more than a cell.
  @exclusivity(unchecked) private var window: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  @exclusivity(unchecked) private var start = 0
  @exclusivity(unchecked) private var end = 0
  private var isAtEnd = false
  private var nextLine = 1
  private var decoder: UTF16Decoder?
  private let raw = ByteBuffer(capacity: 64)
  private let decoded = ByteBuffer(capacity: 64)
  private var decodedTaken = 0

  private struct Cell {
    var start: Int
    var count: Int
    var inScratch: Bool
  }
  @exclusivity(unchecked) private var cells: [Cell] = []
  private let scratch = ByteBuffer(capacity: 256)

  /// A reader over a source of bytes, which gives 0 at its end and -1 on failure.
  init(capacity: Int = 256 << 10, fill: @escaping (UnsafeMutablePointer<UInt8>, Int) -> Int) {
    self.fill = fill
    self.capacity = max(16, capacity)
    window = UnsafeMutablePointer<UInt8>.allocate(capacity: self.capacity)
    begin()
  }

  deinit { window.deallocate() }

  /// The number of cells in the record.
  var count: Int { cells.count }

  /// The record's length in the file, in bytes.
  var length: Int { recordEnd - start }

  /// True when every cell is empty.
  var isBlank: Bool {
    for c in cells where c.count > 0 { return false }
    return true
  }

  /// A cell in valid UTF-8, empty when the record is shorter; valid until the next record.
  func cell(_ i: Int) -> ByteView {
    guard i >= 0, i < cells.count else { return .empty }
    let c = cells[i]
    if c.inScratch { return scratch.view(c.start..<c.start + c.count) }
    return ByteView(base: window + start + c.start, count: c.count)
  }

  /// Byte order mark, then the delimiter from the first line.
  private func begin() {
    more()
    let v = ByteView(base: window, count: end)
    if v.hasPrefix("\u{FEFF}") {
      start = 3
    } else if v.count >= 2, (v[0] == 0xFF && v[1] == 0xFE) || (v[0] == 0xFE && v[1] == 0xFF) {
      isUTF16 = true
      var d = UTF16Decoder(isLittleEndian: v[0] == 0xFF)
      d.decode(v.from(2), into: decoded)
      decoder = d
      end = 0
      if isAtEnd { decoder?.finish(into: decoded) }
      isAtEnd = false
      more()
    }
    var counts = (comma: 0, semicolon: 0, tab: 0, bar: 0)
    var inQuotes = false
    scan: for i in start..<end {
      switch window[i] {
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
    delimiter =
      counts.comma == best ? 44 : counts.semicolon == best ? 59 : counts.tab == best ? 9 : 124
    recordEnd = start
  }

  /// Fills the window behind what it holds; makes room by moving or doubling.
  private func more() {
    if start > 0 {
      window.update(from: window + start, count: end - start)
      end -= start
      start = 0
    }
    if end * 2 > capacity {
      let bigger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity * 2)
      bigger.update(from: window, count: end)
      window.deallocate()
      window = bigger
      capacity *= 2
    }
    while end < capacity, !isAtEnd {
      let n = decoder == nil ? fill(window + end, capacity - end) : fillDecoded(capacity - end)
      if n < 0 { fault = (nextLine, "the file cannot be read further") }
      if n <= 0 { isAtEnd = true } else { end += min(n, capacity - end) }
    }
  }

  private func fillDecoded(_ room: Int) -> Int {
    // A chunk of one byte decodes to nothing yet.
    while decodedTaken >= decoded.count {
      decoded.removeAll()
      decodedTaken = 0
      raw.removeAll()
      let n = fill(raw.reserve(64 << 10), 64 << 10)
      if n < 0 { return n }
      raw.advance(by: n)
      if n > 0 {
        decoder?.decode(raw.view, into: decoded)
      } else {
        decoder?.finish(into: decoded)
        if decoded.isEmpty { return 0 }
      }
    }
    let part = decoded.view(decodedTaken..<min(decoded.count, decodedTaken + room))
    (window + end).update(from: part.base, count: part.count)
    decodedTaken += part.count
    return part.count
  }

  @exclusivity(unchecked) private var recordEnd = 0

  /// Reads the next record; false at the end or at a ``fault``.
  func next() -> Bool {
    while fault == nil {
      start = recordEnd
      line = nextLine
      while true {
        if parse() { break }
        if fault != nil { return false }
        if end - start > Self.maximumRecord {
          fault = (
            line, "this record is longer than \(Self.maximumRecord >> 20) MiB: is a quote closed?"
          )
          return false
        }
        more()
        if fault != nil { return false }
      }
      if recordEnd == start { return false }
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
    let window = self.window
    let end = self.end
    let start = self.start
    let delimiter = self.delimiter
    var stray = false
    defer { if stray { hasStrayQuote = true } }
    var lines = 0
    var i = start
    if i >= end {
      recordEnd = start
      return isAtEnd
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
        cells.append(Cell(start: from - start, count: i - from, inScratch: false))
      }
      if i >= end {
        guard isAtEnd else { return false }
        recordEnd = end
        nextLine = line + lines
        return true
      }
      let c = window[i]
      i += 1
      if c == delimiter { continue }
      if c == 13 {
        // LF may be the byte after the window.
        if i >= end, !isAtEnd { return false }
        if i < end, window[i] == 10 { i += 1 }
      }
      recordEnd = i
      nextLine = line + lines + 1
      return true
    }
  }

  /// Parses a quoted cell from its quote; gives the place behind it, or nil when more is needed.
  private func quoted(_ open: Int, _ lines: inout Int) -> Int? {
    let openLine = line + lines
    let window = self.window
    let end = self.end
    let delimiter = self.delimiter
    var i = open + 1
    var from = i
    var cell: Cell?
    // Into the scratch only where a doubled quote has to go.
    func take(_ upTo: Int) {
      if cell == nil { cell = Cell(start: scratch.count, count: 0, inScratch: true) }
      scratch.append(ByteView(base: window + from, count: upTo - from))
    }
    while true {
      while i < end, window[i] != 34 {
        if window[i] == 10 || (window[i] == 13 && !(i + 1 < end && window[i + 1] == 10)) {
          lines += 1
        }
        i += 1
      }
      if i >= end || (i + 1 >= end && !isAtEnd) {
        if isAtEnd {
          fault = (openLine, "a quote that is opened on this line is never closed")
        }
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
    if rest >= end, !isAtEnd { return nil }
    if rest > i || cell != nil {
      take(close)
      if rest > i {
        hasStrayQuote = true
        scratch.append(ByteView(base: window + i, count: rest - i))
      }
      if var c = cell {
        c.count = scratch.count - c.start
        cells.append(c)
      }
    } else {
      cells.append(Cell(start: from - start, count: close - from, inScratch: false))
    }
    return rest
  }

  private func finishRecord() {
    let record = ByteView(base: window + start, count: recordEnd - start)
    hasNUL = record.firstIndex(of: 0) != nil
    guard UTF8Check.firstInvalid(record) != nil else { return }
    foreignRecords += 1
    if foreignRecords == 1 { firstForeignLine = line }
    for i in cells.indices {
      let v = cell(i).array
      let from = scratch.count
      v.withByteView { Windows1252.append($0, to: scratch) }
      cells[i] = Cell(start: from, count: scratch.count - from, inScratch: true)
    }
  }
}
