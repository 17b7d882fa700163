/// Quoted-printable (RFC 2045 section 6.7), read leniently, line by line.
///
/// Soft line breaks are undone (also with white space after the `=`), white space at line ends is
/// dropped as the RFC asks, escapes that are not two hexadecimal digits are copied as they stand.
/// Line ends stay as they are in the input.
public enum QuotedPrintable {
  /// Decodes `v` and appends it to `out`; returns true when every escape was good.
  @discardableResult
  public static func decode(_ v: ByteView, into out: ByteBuffer) -> Bool {
    var clean = true
    var dst = out.reserve(v.count)
    let first = dst
    var lineStart = 0
    while lineStart < v.count {
      let lf = v.firstIndex(of: ASCII.lf, from: lineStart)
      let next = lf.map { $0 &+ 1 } ?? v.count
      var end = lf ?? v.count
      let contentEnd = end
      if lf != nil, end > lineStart, v.base[end &- 1] == ASCII.cr { end &-= 1 }
      let ending = end
      while end > lineStart, ASCII.isBlank(v.base[end &- 1]) { end &-= 1 }
      var soft = false
      if end > lineStart, v.base[end &- 1] == 61, lf != nil || contentEnd == v.count {
        // "=" at the very end of the input is a soft break that lost its line end.
        soft = true
        end &-= 1
      }
      var i = lineStart
      while i < end {
        let escape = v.firstIndex(of: 61, from: i, to: end) ?? end
        let run = escape &- i
        if run > 0 {
          dst.update(from: v.base + i, count: run)
          dst += run
        }
        i = escape
        if i < end {
          if i &+ 2 < end, let h = ASCII.hexValue(v.base[i &+ 1]),
            let l = ASCII.hexValue(v.base[i &+ 2])
          {
            dst[0] = h << 4 | l
            dst += 1
            i &+= 3
          } else {
            clean = false
            dst[0] = 61
            dst += 1
            i &+= 1
          }
        }
      }
      if !soft, lf != nil {
        let n = next &- ending
        dst.update(from: v.base + ending, count: n)
        dst += n
      }
      lineStart = next
    }
    out.advance(by: dst - first)
    return clean
  }
}
