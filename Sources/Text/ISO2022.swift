import Bytes

// The seven-bit sets switch between tables by escape sequences. They are read by own code that
// turns each run into the eight-bit form of the same table and leaves that to `Iconv`: so state
// begins anew in each call, a flood of escape sequences costs nothing, and the vendors' rows that
// glibc's own ISO-2022 converters refuse (NEC row 13: circled numbers) are there.

/// Collects a run in an eight-bit form and converts it when the table changes.
private struct EightBitRun: ~Copyable {
  let out: ByteBuffer
  private let run = ByteBuffer(capacity: 256)
  private var converter: Iconv
  private(set) var clean = true

  init(_ set: MultibyteSet, to out: ByteBuffer) {
    converter = Iconv(set)
    self.out = out
  }

  mutating func put(_ byte: UInt8) { run.append(byte) }

  mutating func put(pair v: ByteView, after prefix: UInt8? = nil) {
    if let prefix { run.append(prefix) }
    run.append(v[0] | 0x80)
    run.append(v[1] | 0x80)
  }

  // The bytes from `start` on that need no state, as one piece; where it ends.
  mutating func putASCII(_ v: ByteView, from start: Int) -> Int {
    let stop = endOfASCII(v, start, before: 0x1B)
    run.append(v.slice(start, stop))
    return stop
  }

  // The pairs of graphic bytes from `start` on; where they end.
  mutating func putPairs(_ v: ByteView, from start: Int) -> Int {
    let limit = min(v.count, start &+ 4096) &- 1
    let target = run.reserve(4096)
    var i = start
    while i < limit, isGraphic(v.base[i]), isGraphic(v.base[i &+ 1]) {
      target[i &- start] = v.base[i] | 0x80
      target[i &- start &+ 1] = v.base[i &+ 1] | 0x80
      i &+= 2
    }
    run.advance(by: i &- start)
    return i
  }

  mutating func put(scalar: UInt32) {
    flush()
    out.append(scalar: scalar)
  }

  mutating func putReplacement() {
    put(scalar: 0xFFFD)
    clean = false
  }

  mutating func flush() {
    if run.isEmpty { return }
    if !converter.append(run.view, to: out) { clean = false }
    run.removeAll()
  }

  mutating func finish() -> CharsetDefects {
    flush()
    return clean ? [] : .invalidBytes
  }
}

// A byte of a table of 94 by 94.
private func isGraphic(_ c: UInt8) -> Bool { c > 0x20 && c < 0x7F }

/// ISO-2022-JP (RFC 1468) with the half-width katakana, JIS X 0212 and the sets of ISO-2022-JP-2
/// (RFC 1554) that stand in G0. As in Python a line end does not change the state.
enum ISO2022JP {
  private enum Table {
    case ascii, roman, katakana, jis0208, jis0212, gb2312, ksc5601
  }

  // The escape sequence that `v` begins with: its length and table, table nil to stay.
  private static func escape(_ v: ByteView) -> (length: Int, table: Table?)? {
    switch (v[1], v[2], v[3]) {
    case (0x28, 0x42, _): (3, .ascii)
    case (0x28, 0x4A, _), (0x28, 0x48, _): (3, .roman)
    case (0x28, 0x49, _): (3, .katakana)
    case (0x24, 0x40, _), (0x24, 0x42, _): (3, .jis0208)
    case (0x24, 0x41, _): (3, .gb2312)
    case (0x24, 0x28, 0x40), (0x24, 0x28, 0x42): (4, .jis0208)
    case (0x24, 0x28, 0x44): (4, .jis0212)
    case (0x24, 0x28, 0x41): (4, .gb2312)
    case (0x24, 0x28, 0x43): (4, .ksc5601)
    case (0x26, 0x40, _): (3, nil)
    default: nil
    }
  }

  static func append(_ bytes: ByteView, to out: ByteBuffer) -> CharsetDefects {
    var japanese = EightBitRun(.eucJP, to: out)
    var chinese = EightBitRun(.gb18030, to: out)
    var korean = EightBitRun(.eucKR, to: out)
    var table = Table.ascii
    var i = 0
    while i < bytes.count {
      let c = bytes.base[i]
      let rest = bytes.from(i)
      if c == 0x1B, let (length, next) = escape(rest) {
        i &+= length
        guard let next, next != table else { continue }
        switch table {
        case .gb2312: chinese.flush()
        case .ksc5601: korean.flush()
        default: if next == .gb2312 || next == .ksc5601 { japanese.flush() }
        }
        table = next
        continue
      }
      if table == .ascii, c < 0x80, c != 0x1B {
        i = japanese.putASCII(bytes, from: i)
        continue
      }
      if table == .jis0208, isGraphic(c), isGraphic(rest[1]) {
        i = japanese.putPairs(bytes, from: i)
        continue
      }
      // Control characters and space are the same in every table.
      var length = 1
      let isPair = isGraphic(c) && isGraphic(rest[1])
      switch table {
      case .gb2312:
        length = put(c, rest, isPair: isPair, &chinese)
      case .ksc5601:
        length = put(c, rest, isPair: isPair, &korean)
      case .jis0208:
        length = put(c, rest, isPair: isPair, &japanese)
      case .jis0212:
        length = put(c, rest, isPair: isPair, prefix: 0x8F, &japanese)
      case .katakana where c > 0x20 && c < 0x60:
        japanese.put(0x8E)
        japanese.put(c | 0x80)
      case .roman where c == 0x5C:
        japanese.put(scalar: 0xA5)
      case .roman where c == 0x7E:
        japanese.put(scalar: 0x203E)
      case .katakana where c > 0x20:
        japanese.putReplacement()
      default:
        if c < 0x80, c != 0x1B { japanese.put(c) } else { japanese.putReplacement() }
      }
      i &+= length
    }
    // Only the run of the last table holds anything.
    return chinese.finish().union(korean.finish()).union(japanese.finish())
  }

  private static func put(
    _ c: UInt8, _ rest: ByteView, isPair: Bool, prefix: UInt8? = nil, _ run: inout EightBitRun
  ) -> Int {
    if isPair {
      run.put(pair: rest, after: prefix)
      return 2
    }
    if c <= 0x20, c != 0x1B { run.put(c) } else { run.putReplacement() }
    return 1
  }
}

/// ISO-2022-KR (RFC 1557): SO and SI switch, each line begins in ASCII.
enum ISO2022KR {
  static func append(_ bytes: ByteView, to out: ByteBuffer) -> CharsetDefects {
    var run = EightBitRun(.eucKR, to: out)
    var shifted = false
    var i = 0
    while i < bytes.count {
      let c = bytes.base[i]
      let rest = bytes.from(i)
      i &+= 1
      switch c {
      case 0x0E: shifted = true
      case 0x0F: shifted = false
      case 0x1B where rest.hasPrefix("\u{1B}$)C"): i &+= 3
      case 0x1B, 0x80...: run.putReplacement()
      case 0x0A:
        shifted = false
        run.put(c)
      case _ where shifted && isGraphic(c):
        if isGraphic(rest[1]) {
          run.put(pair: rest)
          i &+= 1
        } else {
          run.putReplacement()
        }
      default: run.put(c)
      }
    }
    return run.finish()
  }
}

/// HZ (RFC 1843): GB 2312 between `~{` and `~}`, each line begins in ASCII.
enum HZ {
  static func append(_ bytes: ByteView, to out: ByteBuffer) -> CharsetDefects {
    var run = EightBitRun(.gb18030, to: out)
    var chinese = false
    var i = 0
    while i < bytes.count {
      let c = bytes.base[i]
      let rest = bytes.from(i)
      i &+= 1
      if c == 0x7E, let length = escape(rest, &chinese, &run) {
        i &+= length &- 1
      } else if c >= 0x80 {
        run.putReplacement()
      } else if chinese, isGraphic(c) {
        if isGraphic(rest[1]) {
          run.put(pair: rest)
          i &+= 1
        } else {
          run.putReplacement()
        }
      } else {
        if c == ASCII.lf { chinese = false }
        run.put(c)
      }
    }
    return run.finish()
  }

  private static func escape(
    _ v: ByteView, _ chinese: inout Bool, _ run: inout EightBitRun
  ) -> Int? {
    switch v[1] {
    case 0x7B where !chinese:
      chinese = true
      return 2
    case 0x7D where chinese:
      chinese = false
      return 2
    case 0x7E where !chinese:
      run.put(0x7E)
      return 2
    case ASCII.lf where !chinese:
      return 2
    case ASCII.cr where !chinese && v[2] == ASCII.lf:
      return 3
    default:
      return nil
    }
  }
}
