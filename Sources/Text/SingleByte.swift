import Bytes
import CTextTables

extension Charset {
  /// The scalar that a byte is in windows-1252; U+FFFD for the five that it does not define.
  public static func windows1252Scalar(_ byte: UInt8) -> UInt32 {
    byte < 0x80 ? UInt32(byte) : UInt32(ctext_single_byte()[Int(byte & 127)])
  }
}

/// Character sets of one byte a character whose lower half is ASCII.
enum SingleByte {
  // Bounds the spare room that is reserved while the text is mostly ASCII.
  private static let chunk = 16 << 10

  /// Appends the text by the row `table` of ctext_single_byte.
  static func append(_ bytes: ByteView, table: Int, to out: ByteBuffer) -> CharsetDefects {
    guard table >= 0, table < Int(CTEXT_SINGLE_BYTE_COUNT) else {
      return Charset.utf8.decode(bytes, into: out)
    }
    let row = ctext_single_byte() + 128 * table
    let p = bytes.base
    let n = bytes.count
    var undefined = false
    var i = 0
    while i < n {
      let ascii = endOfASCII(p, i, n)
      out.append(bytes.slice(i, ascii))
      i = ascii
      // Up to the next long run of ASCII, which the loop above takes in wide steps.
      let end = min(n, i &+ chunk)
      let start = out.reserve(3 &* (end &- i))
      var q = start
      var plain = 0
      while i < end, plain < 16 {
        let c = p[i]
        i &+= 1
        if c < 0x80 {
          q[0] = c
          q += 1
          plain &+= 1
          continue
        }
        plain = 0
        let scalar = row[Int(c & 127)]
        if scalar < 0x800 {
          q[0] = UInt8(truncatingIfNeeded: 0xC0 | scalar >> 6)
          q[1] = UInt8(truncatingIfNeeded: 0x80 | scalar & 63)
          q += 2
        } else {
          if scalar == 0xFFFD { undefined = true }
          q[0] = UInt8(truncatingIfNeeded: 0xE0 | scalar >> 12)
          q[1] = UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 63)
          q[2] = UInt8(truncatingIfNeeded: 0x80 | scalar & 63)
          q += 3
        }
      }
      out.advance(by: q - start)
    }
    return undefined ? .invalidBytes : []
  }
}
