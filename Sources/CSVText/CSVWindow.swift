internal import Bytes
internal import Text

/// The part of a CSV file that is looked at, as UTF-8 or in a code page; it moves on and grows as
/// the reader asks.
final class CSVWindow {
  // Owned by one thread and never handed out inout: the run-time check would cost more than a cell.
  @exclusivity(unchecked) private(set) var base: UnsafeMutablePointer<UInt8>
  /// What lies before it is done with.
  @exclusivity(unchecked) var start = 0
  /// One past the last byte that is there.
  @exclusivity(unchecked) private(set) var end = 0
  /// True when no more will come.
  private(set) var isAtEnd = false
  /// True when the file could not be read to its end.
  private(set) var hasFailed = false
  /// True when the file begins with a byte order mark.
  private(set) var hasMark = false
  /// True when the file is UTF-16.
  var isUTF16: Bool { decoder != nil }

  private let fill: (UnsafeMutablePointer<UInt8>, Int) -> Int
  private var capacity: Int
  // Bytes of the file before the window.
  private var passed = 0
  private var decoder: UTF16Decoder?
  private let raw = ByteBuffer(capacity: 64)
  private let decoded = ByteBuffer(capacity: 64)
  private var decodedTaken = 0

  init(capacity: Int, fill: @escaping (UnsafeMutablePointer<UInt8>, Int) -> Int) {
    self.fill = fill
    self.capacity = max(16, capacity)
    base = UnsafeMutablePointer<UInt8>.allocate(capacity: self.capacity)
    more()
    takeMark()
  }

  deinit { base.deallocate() }

  private func takeMark() {
    let v = ByteView(base: base, count: end)
    if v.hasPrefix("\u{FEFF}") {
      hasMark = true
      start = 3
    } else if v.count >= 2, (v[0] == 0xFF && v[1] == 0xFE) || (v[0] == 0xFE && v[1] == 0xFF) {
      hasMark = true
      var d = UTF16Decoder(isLittleEndian: v[0] == 0xFF)
      d.decode(v.from(2), into: decoded)
      if isAtEnd { d.finish(into: decoded) }
      decoder = d
      passed = 2
      end = 0
      isAtEnd = false
      more()
    }
  }

  /// The offset in the file of a byte of the window.
  func offset(of index: Int) -> Int { passed + fileBytes(index) }

  // How many bytes of the file the first `n` of the window stand for.
  private func fileBytes(_ n: Int) -> Int {
    guard isUTF16 else { return n }
    var units = 0
    for i in 0..<min(n, end) where base[i] & 0xC0 != 0x80 { units += base[i] < 0xF0 ? 1 : 2 }
    return 2 * units
  }

  /// Fills the window after what it holds; makes room by moving or doubling.
  func more() {
    if start > 0 {
      passed += fileBytes(start)
      base.update(from: base + start, count: end - start)
      end -= start
      start = 0
    }
    if end * 2 > capacity {
      let bigger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity * 2)
      bigger.update(from: base, count: end)
      base.deallocate()
      base = bigger
      capacity *= 2
    }
    while end < capacity, !isAtEnd {
      let n = decoder == nil ? fill(base + end, capacity - end) : fillDecoded(capacity - end)
      if n < 0 { hasFailed = true }
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
    (base + end).update(from: part.base, count: part.count)
    decodedTaken += part.count
    return part.count
  }
}
