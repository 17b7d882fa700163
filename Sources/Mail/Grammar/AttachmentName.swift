public import Bytes
import Text

/// Makes names that came with a message fit to be shown and saved (reliability.md row 8). Such a
/// name is data only: files are stored under their digest.
public enum AttachmentName {
  /// Longest name, in bytes of UTF-8.
  public static let maximum = 200

  /// Appends a decoded name as a display name; nothing when it holds no usable character, and the
  /// caller then makes one up.
  ///
  /// The last component by the bytes `/` and `\`; colons and control characters become `_`; marks
  /// that turn the direction of writing or take no room go; dots and blanks at the ends go; names
  /// that Windows reserves and names that begin with a dash get a `_` in front; at most
  /// ``maximum`` bytes, cut between scalars before the extension. The name may not lie in `out`.
  @discardableResult
  public static func append(_ name: ByteView, to out: ByteBuffer) -> ByteRange {
    let start = out.count
    var first = name.count
    while first > 0, !isSeparator(name[first - 1]) { first -= 1 }
    out.append(UInt8(ascii: "_"))
    appendClean(name.from(first), to: out)
    trimEnds(out, from: start + 1)
    let clean = out.view((start + 1)..<out.count)
    guard !clean.isEmpty else {
      out.truncate(to: start)
      return .empty
    }
    if clean[0] != UInt8(ascii: "-"), !isReserved(clean) { out.removeFront(from: start, count: 1) }
    shorten(out, from: start)
    return ByteRange(start: start, count: out.count - start)
  }

  /// Appends the extension of a name for use in a file name, in lower case and without its dot:
  /// one to eight of `a`–`z` and `0`–`9`; nothing when it is anything else.
  @discardableResult
  public static func appendSafeExtension(_ name: ByteView, to out: ByteBuffer) -> ByteRange {
    guard let dot = name.lastIndex(of: UInt8(ascii: ".")) else { return .empty }
    let e = name.from(dot + 1)
    guard e.count >= 1, e.count <= 8 else { return .empty }
    for i in 0..<e.count where !ASCII.isAlphanumeric(e[i]) { return .empty }
    return out.place { out.appendLowercased(e) }
  }

  private static func isSeparator(_ c: UInt8) -> Bool {
    c == UInt8(ascii: "/") || c == UInt8(ascii: "\\")
  }

  private static func appendClean(_ v: ByteView, to out: ByteBuffer) {
    var i = 0
    while i < v.count {
      let (s, n) = UTF8Text.scalar(v, at: i)
      switch s {
      case _ where n == 0: out.append("\u{FFFD}")
      case 0..<0x20, 0x7F..<0xA0, UInt32(UInt8(ascii: ":")), 0x2028, 0x2029:
        out.append(UInt8(ascii: "_"))
      case 0xAD, 0x61C, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x206F, 0xFEFF: break
      default: out.append(v.slice(i, i + n))
      }
      i += max(n, 1)
    }
  }

  private static func trimEnds(_ out: ByteBuffer, from start: Int) {
    var end = out.count
    while end > start, isEnd(out.view[end - 1]) { end -= 1 }
    out.truncate(to: end)
    var s = start
    while s < end, isEnd(out.view[s]) { s += 1 }
    out.removeFront(from: start, count: s - start)
  }

  private static func isEnd(_ c: UInt8) -> Bool {
    c == UInt8(ascii: ".") || c == ASCII.space
  }

  // CON, PRN, AUX, NUL, COM0–9, LPT0–9 (also with superscript 1–3), CONIN$, CONOUT$, whatever
  // follows the first dot, and blanks before it.
  private static func isReserved(_ name: ByteView) -> Bool {
    let stem = name.prefix(name.firstIndex(of: UInt8(ascii: ".")) ?? name.count).trimmed()
    let device = stem.prefix(3)
    if device.equalsIgnoringCase("com") || device.equalsIgnoringCase("lpt") {
      if stem.count == 4 { return ASCII.isDigit(stem[3]) }
      return stem.count == 5 && stem[3] == 0xC2
        && (stem[4] == 0xB9 || stem[4] == 0xB2 || stem[4] == 0xB3)
    }
    return stem.equalsIgnoringCase("con") || stem.equalsIgnoringCase("prn")
      || stem.equalsIgnoringCase("aux") || stem.equalsIgnoringCase("nul")
      || stem.equalsIgnoringCase("conin$") || stem.equalsIgnoringCase("conout$")
  }

  private static func shorten(_ out: ByteBuffer, from start: Int) {
    let name = out.view(start..<out.count)
    guard name.count > maximum else { return }
    var tail = 0
    if let dot = name.lastIndex(of: UInt8(ascii: ".")), name.count - dot <= 16 {
      tail = name.count - dot
    }
    var cut = maximum - tail
    while cut > 0, name[cut] & 0xC0 == 0x80 { cut -= 1 }
    while cut > 1, isEnd(name[cut - 1]) { cut -= 1 }
    out.removeFront(from: start + cut, count: name.count - tail - cut)
  }
}
