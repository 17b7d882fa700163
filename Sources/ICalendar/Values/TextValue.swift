public import Bytes
import Text

/// Values as they are written turned into what they mean (RFC 5545 3.3.11, RFC 6868).
public enum TextValue {
  /// Appends a TEXT value with its escapes undone: `\n` and `\N` are LF, `\\`, `\;`, `\,` and (not
  /// in the RFC, but written) `\:` and `\"` the character. Any other backslash stays.
  public static func append(_ value: ByteView, to out: ByteBuffer) {
    var i = 0
    while let slash = value.firstIndex(of: 92, from: i) {
      out.append(value.slice(i, slash))
      let c = value[slash + 1]
      i = slash + 2
      switch c {
      case 110, 78: out.append(10)
      case 92, 59, 44, 58, 34: out.append(c)
      default:
        out.append(92)
        i = slash + 1
      }
    }
    out.append(value.from(i))
  }

  /// Appends a property's text: as ``append(_:to:)``, and the quoted-printable of vCalendar 1.0 is
  /// decoded with its CHARSET.
  public static func append(
    _ line: ContentLine, in component: CalendarComponent, to out: ByteBuffer
  ) {
    let value = component.value(line)
    guard line.parameterCount > 0, isQuotedPrintable(line, in: component) else {
      return append(value, to: out)
    }
    let plain = ByteBuffer(capacity: value.count)
    QuotedPrintable.decode(value, into: plain)
    let text = ByteBuffer(capacity: plain.count)
    if let charset = Charset.named(component.parameterValue("CHARSET", of: line)) {
      _ = charset.decode(plain.view, into: text)
    } else {
      _ = Charset.decodeUnlabelled(plain.view, into: text)
    }
    text.dropCRBeforeLF(from: 0)
    append(text.view, to: out)
  }

  /// True for ENCODING=QUOTED-PRINTABLE, also as a bare parameter.
  static func isQuotedPrintable(_ line: ContentLine, in component: CalendarComponent) -> Bool {
    for p in component.parameters(line) {
      let name = component.text[p.name]
      if p.form.contains(.bare), name.equalsIgnoringCase("QUOTED-PRINTABLE") { return true }
      if name.equalsIgnoringCase("ENCODING") {
        return component.text[p.value].trimmed().equalsIgnoringCase("QUOTED-PRINTABLE")
      }
    }
    return false
  }

  /// The pieces of a value between separators (commas, or semicolons of structured values) that no
  /// backslash protects, as written.
  public static func pieces(_ value: ByteView, separator: UInt8 = 44) -> Pieces {
    Pieces(value: value, separator: separator, place: 0)
  }

  /// A sequence of parts of a value.
  public struct Pieces: Sequence, IteratorProtocol {
    let value: ByteView
    let separator: UInt8
    var place: Int

    /// The next part, possibly empty.
    public mutating func next() -> ByteView? {
      guard place <= value.count else { return nil }
      let start = place
      var i = start
      while i < value.count, value.base[i] != separator { i += value.base[i] == 92 ? 2 : 1 }
      i = Swift.min(i, value.count)
      place = i + 1
      return value.slice(start, i)
    }
  }

  /// Appends a text value with its escapes put in (RFC 5545 3.3.11): LF and CRLF become `\n`, other
  /// control characters but TAB are left out.
  public static func appendEscaped(_ text: ByteView, to out: ByteBuffer) {
    for i in 0..<text.count {
      let c = text.base[i]
      switch c {
      case 92, 59, 44:
        out.append(92)
        out.append(c)
      case 10: out.append("\\n" as StaticString)
      case 13: if text[i + 1] != 10 { out.append("\\n" as StaticString) }
      case 9: out.append(c)
      case 0..<32, 127: break
      default: out.append(c)
      }
    }
  }
}

/// Parameter values turned into what they mean (RFC 5545 3.2, RFC 6868).
extension CalendarComponent {
  /// The value of a parameter: itself where it needs no decoding, else decoded into `scratch`,
  /// which is appended to; the view holds until the next append. A comma in it is a comma.
  public func text(_ p: CalendarParameter, scratch: ByteBuffer) -> ByteView {
    decode(text[p.value], form: p.form, scratch: scratch)
  }

  /// The value of the first parameter of a name, decoded; empty without one.
  public func parameterText(
    _ name: StaticString, of line: ContentLine, scratch: ByteBuffer
  ) -> ByteView {
    parameter(name, of: line).map { text($0, scratch: scratch) } ?? .empty
  }

  /// Calls `body` with each value of a parameter that is a list (MEMBER, DELEGATED-TO), decoded.
  public func forEachValue(
    of p: CalendarParameter, scratch: ByteBuffer, _ body: (ByteView) -> Void
  ) {
    let value = text[p.value]
    guard p.form.contains(.list) else { return body(text(p, scratch: scratch)) }
    var start = 0
    var i = 0
    var isQuoted = false
    while i <= value.count {
      let c = value[i]
      if i == value.count || (c == 44 && !isQuoted) {
        body(decode(value.slice(start, i).trimmed(), form: p.form, scratch: scratch))
        start = i + 1
      } else if c == 34 {
        isQuoted.toggle()
      } else if c == 92, p.form.contains(.backslash), !isQuoted {
        i += 1
      }
      i += 1
    }
  }

  private func decode(
    _ value: ByteView, form: CalendarParameter.Form, scratch: ByteBuffer
  ) -> ByteView {
    let mask: CalendarParameter.Form = [.caret, .backslash, .innerQuotes]
    guard !form.isDisjoint(with: mask) else { return value }
    let start = scratch.count
    var i = 0
    while i < value.count {
      let c = value[i]
      if c == 94 {
        i += 1
        switch value[i] {
        case 110, 78: scratch.append(10)
        case 94: scratch.append(94)
        case 39: scratch.append(34)
        default:
          scratch.append(94)
          continue
        }
      } else if c == 92, form.contains(.backslash), [44, 59, 58, 92].contains(value[i + 1]) {
        i += 1
        scratch.append(value[i])
      } else if c != 34 || !form.contains(.innerQuotes) {
        scratch.append(c)
      }
      i += 1
    }
    return scratch.view.from(start)
  }
}
