public import Bytes

/// Validity of UTF-8 by RFC 3629.
public enum UTF8Check {
  /// Offset of the first byte that is no UTF-8 (overlong forms, surrogates and values above
  /// U+10FFFF included), or nil.
  public static func firstInvalid(_ v: ByteView) -> Int? {
    if v.isASCII { return nil }
    var i = 0
    while i < v.count {
      let c = v[i]
      if c < 0x80 {
        i += 1
        continue
      }
      let a = v[i + 1]
      switch c {
      case 0xC2...0xDF:
        guard isTail(a) else { return i }
        i += 2
      case 0xE0...0xEF:
        guard isTail(a), isTail(v[i + 2]), c != 0xE0 || a >= 0xA0, c != 0xED || a < 0xA0 else {
          return i
        }
        i += 3
      case 0xF0...0xF4:
        guard isTail(a), isTail(v[i + 2]), isTail(v[i + 3]), c != 0xF0 || a >= 0x90,
          c != 0xF4 || a < 0x90
        else { return i }
        i += 4
      default: return i
      }
    }
    return nil
  }

  @inline(__always)
  private static func isTail(_ c: UInt8) -> Bool { c & 0xC0 == 0x80 }
}
