import Bytes
import Text

/// Character references of HTML (section 13.2.5.72 and on), decoded once.
///
/// Numeric references to no character become U+FFFD, those to the C1 controls what windows-1252
/// has there, as browsers read them.
enum CharacterReference {
  /// A decoded reference: its scalar value and the bytes it took, the `&` included.
  struct Match {
    var scalar: UInt32
    var length: Int
  }

  /// The reference whose `&` is at `start`, or nil when it is not one. Reads at most 40 bytes, but
  /// for superfluous digits.
  static func match(_ v: ByteView, at start: Int, inAttribute: Bool = false) -> Match? {
    v[start + 1] == 0x23 ? numeric(v, start) : named(v, start, inAttribute)
  }

  private static func numeric(_ v: ByteView, _ start: Int) -> Match? {
    var at = start + 2
    var value: UInt32 = 0
    let first: Int
    if v[at] | 0x20 == 0x78 {
      at += 1
      first = at
      while let digit = ASCII.hexValue(v[at]) {
        // Saturates: no more than 0x11_0000 times 16 fits easily.
        value = min(value &* 16 &+ UInt32(digit), 0x11_0000)
        at += 1
      }
    } else {
      first = at
      while ASCII.isDigit(v[at]) {
        value = min(value &* 10 &+ UInt32(v[at] &- 48), 0x11_0000)
        at += 1
      }
    }
    guard at > first else { return nil }
    if v[at] == 0x3B { at += 1 }
    return Match(scalar: meant(value), length: at - start)
  }

  /// The scalar value a number stands for: windows-1252 for C1, U+FFFD for what no text holds.
  private static func meant(_ value: UInt32) -> UInt32 {
    switch value {
    case 0x09, 0x0A, 0x0C, 0x0D: value
    case 0..<0x20, 0x7F, 0xD800..<0xE000, 0xFFFE, 0xFFFF, 0x11_0000...: 0xFFFD
    case 0x80..<0xA0: Charset.windows1252Scalar(UInt8(truncatingIfNeeded: value))
    default: value
    }
  }

  private static func named(_ v: ByteView, _ start: Int, _ inAttribute: Bool) -> Match? {
    var end = start + 1
    while end < v.count, end < start + 10, ASCII.isAlphanumeric(v[end]) { end += 1 }
    let name = v.slice(start + 1, end)
    if v[end] == 0x3B {
      let known = NamedReferences.legacy.scalar(name) ?? NamedReferences.other.scalar(name)
      if let known { return Match(scalar: known, length: end + 1 - start) }
    }
    // Without a semicolon: the longest old name that begins here, never inside a URL's query.
    var length = min(name.count, 6)
    while length >= 2 {
      if let known = NamedReferences.legacy.scalar(name.prefix(length)) {
        let next = v[start + 1 + length]
        if inAttribute, next == 0x3D || ASCII.isAlphanumeric(next) { return nil }
        return Match(scalar: known, length: length + 1)
      }
      length -= 1
    }
    return nil
  }

  /// Appends text with its references decoded.
  static func decode(_ v: ByteView, into out: ByteBuffer, inAttribute: Bool = false) {
    var at = 0
    while at < v.count {
      let hit = v.firstIndex(of: 0x26, from: at) ?? v.count
      out.append(v.slice(at, hit))
      guard hit < v.count else { return }
      if let match = match(v, at: hit, inAttribute: inAttribute) {
        out.append(scalar: match.scalar)
        at = hit + match.length
      } else {
        out.append(0x26)
        at = hit + 1
      }
    }
  }
}
