import Bytes

/// One encoded word (RFC 2047 section 2, RFC 2231 section 5), found but not decoded.
struct EncodedWord {
  /// The charset's label, without the language that RFC 2231 lets follow a `*`.
  let charset: ByteView
  /// Encoding B, else Q.
  let isBase64: Bool
  /// What stands between the last `?` and the closing `?=`.
  let content: ByteView
  /// One past the closing `?=`.
  let end: Int

  /// Remembers where the next `?=` is, so that thousands of openings cost one scan.
  struct Closings {
    private var known = -1
    mutating func next(in v: ByteView, from start: Int) -> Int? {
      if known < start { known = v.firstRange(of: ByteView("?="), from: start) ?? Int.max }
      return known == Int.max ? nil : known
    }
  }

  /// The encoded word that begins at `p` (where `=?` stands), or nil.
  ///
  /// Spaces, folds and question marks inside are let pass. A word in which another one begins does
  /// not end: the closing belongs to the inner one.
  static func at(_ p: Int, in v: ByteView, closings: inout Closings) -> EncodedWord? {
    guard let start = contentStart(p, in: v), let close = closings.next(in: v, from: start) else {
      return nil
    }
    let content = v.slice(start, close)
    var q = content.firstRange(of: ByteView("=?"))
    while let at = q {
      // `=` at the very end shares its `?` with the closing and is not found in `content`.
      if contentStart(start + at, in: v) != nil { return nil }
      q = content.firstRange(of: ByteView("=?"), from: at + 2)
    }
    var label = v.slice(p + 2, start - 3)
    if let star = label.firstIndex(of: UInt8(ascii: "*")) { label = label.prefix(star) }
    return EncodedWord(
      charset: label, isBase64: ASCII.lower(v[start - 2]) == UInt8(ascii: "b"), content: content,
      end: close + 2)
  }

  /// Where the content begins when `=?charset?e?` stands at `p`, or nil. Looks at 70 bytes at most.
  static func contentStart(_ p: Int, in v: ByteView) -> Int? {
    guard v[p] == UInt8(ascii: "="), v[p + 1] == UInt8(ascii: "?") else { return nil }
    var i = p + 2
    let limit = i + 64
    while i < limit {
      let c = v[i]
      if c == UInt8(ascii: "?") { break }
      switch c {
      case 0...0x20, 0x7F..., UInt8(ascii: "="), UInt8(ascii: "\""), UInt8(ascii: "<"),
        UInt8(ascii: ">"), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "@"):
        return nil
      default: i += 1
      }
    }
    guard i > p + 2, v[i] == UInt8(ascii: "?"), v[i + 2] == UInt8(ascii: "?") else { return nil }
    let e = ASCII.lower(v[i + 1])
    return e == UInt8(ascii: "q") || e == UInt8(ascii: "b") ? i + 3 : nil
  }

  /// Appends the bytes that the content stands for.
  func appendBytes(to out: ByteBuffer) {
    if isBase64 { Self.appendBase64(content, to: out) } else { Self.appendQ(content, to: out) }
  }

  /// Encoding Q: `_` is a space, `=XX` a byte, everything else itself; a fold is one space.
  static func appendQ(_ v: ByteView, to out: ByteBuffer) {
    var i = 0
    while i < v.count {
      let c = v[i]
      switch c {
      case UInt8(ascii: "_"):
        out.append(ASCII.space)
      case UInt8(ascii: "="):
        if let h = ASCII.hexValue(v[i + 1]), let l = ASCII.hexValue(v[i + 2]) {
          out.append(h << 4 | l)
          i += 2
        } else {
          out.append(c)
        }
      case ASCII.cr, ASCII.lf:
        while ASCII.isSpace(v[i + 1]) { i += 1 }
        out.append(ASCII.space)
      default:
        out.append(c)
      }
      i += 1
    }
  }

  /// Encoding B: foreign bytes are skipped, padding ends nothing, a left-over symbol is dropped.
  static func appendBase64(_ v: ByteView, to out: ByteBuffer) {
    var decoder = Base64Decoder(endsAtWords: false)
    decoder.decode(v, into: out)
    decoder.finish(into: out)
  }
}
