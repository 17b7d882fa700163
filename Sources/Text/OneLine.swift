public import Bytes

/// Text for places that hold one line: file names, log lines, table cells, the terminal.
public enum OneLine {
  private enum Style {
    case spaces, escapes, json
  }

  /// Appends UTF-8 text as a single line: C0 and C1 controls, DEL, U+2028 and U+2029 become one
  /// space each, CR LF one space together; what is not UTF-8 becomes U+FFFD.
  public static func append(_ text: ByteView, to out: ByteBuffer) {
    append(text, style: .spaces, to: out)
  }

  /// Appends UTF-8 text so that a terminal only shows it: what ``append(_:to:)`` makes a space, and
  /// the characters that turn the direction of writing, as `\u{1b}`. Backslashes stay as they are.
  public static func appendEscaped(_ text: ByteView, to out: ByteBuffer) {
    append(text, style: .escapes, to: out)
  }

  /// Appends lines of JSON so that a terminal only shows them: what ``appendEscaped(_:to:)``
  /// escapes stands in their strings as `\u202e`, which means the same.
  public static func appendJSON(_ lines: ByteView, to out: ByteBuffer) {
    append(lines, style: .json, to: out)
  }

  private static func append(_ text: ByteView, style: Style, to out: ByteBuffer) {
    let p = text.base
    let n = text.count
    var start = 0
    var i = 0
    while i < n {
      let c = p[i]
      if c >= 0x20, c < 0x7F {
        i &+= 1
        continue
      }
      let (value, length) = scalarUTF8(p, i, n)
      if value != .max, !isControl(value) || (style == .json && value == 10),
        style == .spaces || !turnsDirection(value)
      {
        i &+= length
        continue
      }
      out.append(text.slice(start, i))
      i &+= length
      if value == .max {
        out.append(scalar: 0xFFFD)
      } else if style == .escapes {
        appendEscape(value, to: out)
      } else if style == .json {
        appendJSONEscape(value, to: out)
      } else {
        if value == 13, text[i] == 10 { i &+= 1 }
        out.append(ASCII.space)
      }
      start = i
    }
    out.append(text.slice(start, n))
  }

  @inline(__always)
  private static func isControl(_ c: UInt32) -> Bool {
    c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029
  }

  // The marks, embeddings, overrides and isolates of the bidirectional algorithm (UAX 9 2).
  @inline(__always)
  private static func turnsDirection(_ c: UInt32) -> Bool {
    c == 0x61C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E)
      || (c >= 0x2066 && c <= 0x2069)
  }

  // All that is escaped lies below U+10000.
  private static func appendJSONEscape(_ value: UInt32, to out: ByteBuffer) {
    out.append("\\u")
    for shift in [12, 8, 4, 0] as [UInt32] { out.append(hexDigit(value >> shift)) }
  }

  private static func hexDigit(_ value: UInt32) -> UInt8 {
    let d = UInt8(truncatingIfNeeded: value & 15)
    return d < 10 ? 48 + d : 87 + d
  }

  private static func appendEscape(_ value: UInt32, to out: ByteBuffer) {
    out.append("\\u{")
    var shift = 28
    while shift > 0, value >> shift == 0 { shift -= 4 }
    while shift >= 0 {
      out.append(hexDigit(value >> UInt32(shift)))
      shift -= 4
    }
    out.append("}")
  }
}
