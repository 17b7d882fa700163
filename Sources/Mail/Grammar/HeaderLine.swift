import Bytes

/// Text that fits one line of output: no control character survives.
enum HeaderLine {
  /// Appends valid UTF-8 to `text`. CR, LF, TAB, U+0085, U+2028 and U+2029 become a space (CR LF
  /// one), other C0, DEL and C1 become U+FFFD. Returns whether anything but TAB, CR, LF was there.
  @discardableResult
  static func append(_ v: ByteView, to text: ByteBuffer) -> Bool {
    var strange = false
    var i = 0
    var run = 0
    while true {
      i = WideScan.lineTextEnd(v, from: i)
      guard i < v.count else { break }
      let c = v.base[i]
      let length: Int
      let space: Bool
      switch c {
      case 0xC2:
        guard v[i + 1] &- 0x80 < 0x20 else {
          i += 1
          continue
        }
        length = 2
        space = v[i + 1] == 0x85
      case 0xE2:
        guard v[i + 1] == 0x80, v[i + 2] == 0xA8 || v[i + 2] == 0xA9 else {
          i += 1
          continue
        }
        length = 3
        space = true
      default:
        length = c == ASCII.cr && v[i + 1] == ASCII.lf ? 2 : 1
        space = ASCII.isSpace(c)
      }
      text.append(v.slice(run, i))
      if space { text.append(ASCII.space) } else { text.append("\u{FFFD}") }
      if !ASCII.isSpace(c) { strange = true }
      i += length
      run = i
    }
    text.append(v.from(run))
    return strange
  }

  /// Appends the bytes with each fold (white space that holds a line end) as one space.
  static func appendUnfolded(_ v: ByteView, to out: ByteBuffer) {
    var i = 0
    var run = 0
    while i < v.count {
      let c = v.base[i]
      guard c == ASCII.cr || c == ASCII.lf else {
        i += 1
        continue
      }
      var s = i
      while s > run, ASCII.isBlank(v.base[s - 1]) { s -= 1 }
      while i < v.count, ASCII.isSpace(v.base[i]) { i += 1 }
      out.append(v.slice(run, s))
      out.append(ASCII.space)
      run = i
    }
    out.append(v.from(run))
  }

  /// True when the view holds CR or LF.
  static func isFolded(_ v: ByteView) -> Bool {
    v.firstIndex(of: ASCII.lf) != nil || v.firstIndex(of: ASCII.cr) != nil
  }
}
