import CPlatform

/// Base64 (RFC 2045 section 6.8), read as leniently as mail needs it, in pieces of any size.
///
/// Bytes outside the alphabet are skipped, padding ends a quantum and reading goes on after it
/// (concatenated streams), a left-over single symbol is dropped. When the line after padding holds
/// anything outside the alphabet, the stream has ended: what lists and scanners add below a body
/// is no base64. Nothing is allocated from a declared size.
public struct Base64Decoder: Sendable {
  @usableFromInline var bits: UInt32 = 0
  @usableFromInline var symbols = 0
  /// True when bytes outside the alphabet, misplaced padding or a left-over symbol were met.
  public private(set) var isDirty = false
  private var padded = false
  private var hasEnded = false
  private var after = After.nothing
  // The line after padding, until its end shows what it is.
  private var held: [UInt8] = []

  // What is being looked at after padding.
  private enum After {
    case nothing, restOfLine, restAfterBlank, blankLines, nextLine, nextLineAfterBlank
  }

  // False for the way that needs no instruction set; see cplatform_base64_blocks.
  private let usesBlocks: Bool
  // False where nothing but base64 can follow.
  private let endsAtWords: Bool

  /// A decoder at the start of a stream.
  ///
  /// - Parameter endsAtWords: False for text that is base64 as a whole, as in a header: what
  ///   follows padding is never looked at for words.
  public init(endsAtWords: Bool = true) {
    usesBlocks = true
    self.endsAtWords = endsAtWords
  }

  /// A decoder without vector instructions, for tests.
  init(usesBlocks: Bool) {
    self.usesBlocks = usesBlocks
    endsAtWords = true
  }

  /// Values 0–63 of the alphabet; 64 white space, 65 padding, 66 anything else.
  private static let table: StaticString = """
    BBBBBBBBB@@BB@BBBBBBBBBBBBBBBBBB@BBBBBBBBBB>BBB?456789:;<=BBBABBB\u{0}\u{1}\u{2}\u{3}\u{4}\
    \u{5}\u{6}\u{7}\u{8}\u{9}\u{a}\u{b}\u{c}\u{d}\u{e}\u{f}\u{10}\u{11}\u{12}\u{13}\u{14}\
    \u{15}\u{16}\u{17}\u{18}\u{19}BBBBBB\u{1a}\u{1b}\u{1c}\u{1d}\u{1e}\u{1f} !\"#$%&'()*+,-./0\
    123BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB\
    BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB
    """

  /// The value of a symbol of the alphabet (RFC 4648 section 4), or nil.
  public static func value(of symbol: UInt8) -> UInt8? {
    let value = table.utf8Start[Int(symbol)]
    return value < 64 ? value : nil
  }

  /// Decodes the next piece and appends the bytes to `out`.
  public mutating func decode(_ v: ByteView, into out: ByteBuffer) {
    var position = 0
    while position < v.count, !hasEnded {
      let rest = v.from(position)
      position += after == .nothing ? decodeQuanta(rest, into: out) : judge(rest, into: out)
    }
  }

  // Decodes up to the first padding that ends a quantum; returns how many bytes it took.
  // Long because its state lives in registers, which a call would spill.
  private mutating func decodeQuanta(_ v: ByteView, into out: ByteBuffer) -> Int {
    let t = Self.table.utf8Start
    let src = v.base
    let n = v.count
    // 32 more: whole blocks are written at once.
    var dst = out.reserve(n / 4 * 3 + 6 + 32)
    let first = dst
    var i = 0
    var acc = bits
    var have = symbols
    while i < n {
      if have == 0 {
        // Whole quanta without white space in between: the common case by far.
        if usesBlocks {
          var written = 0
          i &+= cplatform_base64_blocks(src + i, n &- i, dst, &written)
          dst += written
        }
        while i &+ 4 <= n {
          let a = UInt32(t[Int(src[i])])
          let b = UInt32(t[Int(src[i &+ 1])])
          let c = UInt32(t[Int(src[i &+ 2])])
          let d = UInt32(t[Int(src[i &+ 3])])
          if (a | b | c | d) & 0x40 != 0 { break }
          let q = a << 18 | b << 12 | c << 6 | d
          dst[0] = UInt8(truncatingIfNeeded: q >> 16)
          dst[1] = UInt8(truncatingIfNeeded: q >> 8)
          dst[2] = UInt8(truncatingIfNeeded: q)
          dst += 3
          i &+= 4
        }
        if i >= n { break }
      }
      let value = t[Int(src[i])]
      i &+= 1
      if value < 64 {
        if padded {
          // A new stream after padding.
          padded = false
          isDirty = true
        }
        acc = acc << 6 | UInt32(value)
        have &+= 1
        if have == 4 {
          dst[0] = UInt8(truncatingIfNeeded: acc >> 16)
          dst[1] = UInt8(truncatingIfNeeded: acc >> 8)
          dst[2] = UInt8(truncatingIfNeeded: acc)
          dst += 3
          acc = 0
          have = 0
        }
      } else if value == 65 {
        if have >= 2 {
          dst = Self.flush(acc, have, dst)
          acc = 0
          have = 0
          padded = true
          if !endsAtWords { continue }
          after = .restOfLine
          break
        } else if have == 1 || !padded {
          isDirty = true
        }
      } else if value == 66 {
        isDirty = true
      }
    }
    bits = acc
    symbols = have
    out.advance(by: dst - first)
    return i
  }

  /// Ends the stream: appends what a missing padding left over.
  public mutating func finish(into out: ByteBuffer) {
    if !held.isEmpty { release(into: out) }
    after = .nothing
    if symbols >= 2 {
      let dst = out.reserve(3)
      out.advance(by: Self.flush(bits, symbols, dst) - dst)
      isDirty = true
    } else if symbols == 1 {
      isDirty = true
    }
    bits = 0
    symbols = 0
  }

  // Looks at what follows padding until it shows whether the stream goes on; returns how many bytes
  // that took. It has ended when a word follows on the same line, or when the next line with
  // anything on it is not base64.
  private mutating func judge(_ v: ByteView, into out: ByteBuffer) -> Int {
    var i = 0
    while i < v.count {
      let c = v[i]
      let isBlank = ASCII.isBlank(c) || c == ASCII.cr
      switch after {
      case .nothing: return i
      case .restOfLine, .restAfterBlank:
        if c == ASCII.lf {
          after = .blankLines
        } else if isBlank {
          after = .restAfterBlank
        } else if c != 61 {
          if after == .restAfterBlank {
            end()
            return v.count
          }
          after = .nothing
          return i
        }
      case .blankLines, .nextLine, .nextLineAfterBlank:
        if c == ASCII.lf {
          if after != .blankLines {
            held.append(c)
            release(into: out)
            return i + 1
          }
        } else if isBlank {
          if after != .blankLines { after = .nextLineAfterBlank }
        } else if after == .nextLineAfterBlank || Self.table.utf8Start[Int(c)] == 66 {
          end()
          return v.count
        } else {
          after = .nextLine
          held.append(c)
          if held.count >= 4096 {
            release(into: out)
            return i + 1
          }
        }
      }
      i += 1
    }
    return v.count
  }

  private mutating func end() {
    hasEnded = true
    isDirty = true
    held.removeAll()
  }

  // The line held back is base64. Judging goes on when it ends in padding itself: it is one line,
  // so this does not go deeper.
  private mutating func release(into out: ByteBuffer) {
    let line = held
    held.removeAll()
    after = .nothing
    line.withByteView { decode($0, into: out) }
  }

  private static func flush(
    _ acc: UInt32, _ have: Int, _ dst: UnsafeMutablePointer<UInt8>
  ) -> UnsafeMutablePointer<UInt8> {
    if have == 2 {
      dst[0] = UInt8(truncatingIfNeeded: acc >> 4)
      return dst + 1
    }
    dst[0] = UInt8(truncatingIfNeeded: acc >> 10)
    dst[1] = UInt8(truncatingIfNeeded: acc >> 2)
    return dst + 2
  }

  /// Decodes a whole view; returns true when it was clean.
  @discardableResult
  public static func decode(_ v: ByteView, into out: ByteBuffer) -> Bool {
    var d = Base64Decoder()
    d.decode(v, into: out)
    d.finish(into: out)
    return !d.isDirty
  }
}

/// Base64 (RFC 4648 section 4) as one text, without line ends.
public enum Base64 {
  private static let symbols = ByteView(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")

  /// Appends the text of some bytes, with its padding.
  public static func encode(_ v: ByteView, into out: ByteBuffer) {
    let p = out.reserve((v.count + 2) / 3 * 4)
    var n = 0
    var i = 0
    while i < v.count {
      let left = v.count - i
      // Past the end a view reads as 0.
      let word = UInt32(v[i]) << 16 | UInt32(v[i + 1]) << 8 | UInt32(v[i + 2])
      p[n] = symbols[Int(word >> 18)]
      p[n + 1] = symbols[Int(word >> 12 & 63)]
      p[n + 2] = left > 1 ? symbols[Int(word >> 6 & 63)] : 61
      p[n + 3] = left > 2 ? symbols[Int(word & 63)] : 61
      n += 4
      i += 3
    }
    out.advance(by: n)
  }
}
