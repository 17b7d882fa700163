package import Bytes
import CPlatform

/// Writes an RFC 4180 file: UTF-8, comma, CRLF, cells quoted where they must be.
package enum CSVWriter {
  /// Appends one cell. With `guarded`, a text that a spreadsheet would take for a formula gets an
  /// apostrophe before it; ``withoutGuard(_:)`` takes it off, because a text that begins with an
  /// apostrophe gets one too.
  package static func appendCell(_ text: ByteView, to out: ByteBuffer, guarded: Bool) {
    let needsApostrophe = guarded && isFormula(text)
    let mustQuote =
      text.firstIndex(of: 34) != nil || text.firstIndex(of: 44) != nil
      || text.firstIndex(of: ASCII.lf) != nil || text.firstIndex(of: ASCII.cr) != nil
      || (text.count > 0 && (ASCII.isSpace(text[0]) || ASCII.isSpace(text[text.count - 1])))
    if mustQuote { out.append(34) }
    if needsApostrophe { out.append(39) }
    let start = out.count
    var position = 0
    while let quote = text.firstIndex(of: 34, from: position) {
      out.append(text.slice(position, quote + 1))
      out.append(34)
      position = quote + 1
    }
    out.append(text.from(position))
    // CSV has no escape for what programs do with control characters; JSON keeps them.
    if cplatform_has_control(text.base, text.count) != 0 { replaceControls(out, from: start) }
    if mustQuote { out.append(34) }
  }

  // Each control character but TAB, LF and CR becomes U+FFFD.
  private static func replaceControls(_ out: ByteBuffer, from start: Int) {
    let cell = out.view.from(start).array
    out.truncate(to: start)
    for byte in cell {
      if (byte < 0x20 && byte != 9 && byte != ASCII.lf && byte != ASCII.cr) || byte == 0x7F {
        out.append("\u{FFFD}")
      } else {
        out.append(byte)
      }
    }
  }

  /// The text of a cell that was written with `guarded`. An apostrophe that the guard does not put
  /// belongs to the text, so that what was written without the guard is nearly always read as it
  /// was: only an apostrophe before a formula could be either.
  package static func withoutGuard(_ cell: ByteView) -> ByteView {
    guard cell[0] == 39 else { return cell }
    let text = cell.from(1)
    return isFormula(text) ? text : cell
  }

  /// True when the guard puts an apostrophe before the text.
  package static func isFormula(_ text: ByteView) -> Bool {
    var i = 0
    // What programs skip before a formula: spaces, no-break space, byte order mark, zero width.
    skipping: while i < text.count {
      switch text[i] {
      case 32: i += 1
      case 0xC2 where text[i + 1] == 0xA0: i += 2
      case 0xEF where text[i + 1] == 0xBB && text[i + 2] == 0xBF: i += 3
      case 0xE2 where text[i + 1] == 0x80 && text[i + 2] >= 0x8B && text[i + 2] <= 0x8F: i += 3
      default: break skipping
      }
    }
    switch text[i] {
    case 39: return true
    case 43, 45: return !isNumber(text)
    case 61, 64: return true
    case 9, 10, 13: return i < text.count
    case 0xEF:
      // Full-width + - = @: U+FF0B, U+FF0D, U+FF1D, U+FF20.
      guard text[i + 1] == 0xBC else { return false }
      return [0x8B, 0x8D, 0x9D, 0xA0].contains(text[i + 2])
    default: return false
    }
  }

  // Plain numbers (-5.00) and telephone numbers (+49 30 1234567).
  private static func isNumber(_ t: ByteView) -> Bool {
    guard t.count >= 2, t.count <= 24 else { return false }
    var digits = 0
    for i in 1..<t.count {
      let c = t[i]
      if ASCII.isDigit(c) {
        digits += 1
      } else if t[0] == 43 {
        guard c == 32 || c == 40 || c == 41 || c == 45 || c == 46 else { return false }
      } else {
        guard c == 46 || c == 44 else { return false }
      }
    }
    return digits > 0
  }

  /// Appends the end of a row.
  package static func endRow(_ out: ByteBuffer) { out.append("\r\n") }
}
