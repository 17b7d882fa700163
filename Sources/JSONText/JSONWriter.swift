public import Bytes
import CPlatform

/// Appends JSON (RFC 8259) to a byte buffer, compact and in the order of the calls.
///
/// Commas are put by looking at the byte before: no state beside the buffer, nothing allocated per
/// value. Text given to it must be valid UTF-8. Keys and values alternate inside objects; that is
/// the caller's duty.
public struct JSONWriter {
  /// Where the text goes.
  public let out: ByteBuffer

  /// A writer that appends to `out`; what stands there already must end in a line end, if it ends
  /// in anything.
  @inlinable
  public init(_ out: ByteBuffer) { self.out = out }

  /// `{`
  @inlinable
  public func beginObject() {
    separate()
    out.append(123)
  }
  /// `}`
  @inlinable public func endObject() { out.append(125) }
  /// `[`
  @inlinable
  public func beginArray() {
    separate()
    out.append(91)
  }
  /// `]`
  @inlinable public func endArray() { out.append(93) }

  /// A member's name that needs no escaping, and the colon.
  @inlinable
  public func key(_ name: StaticString) {
    separate()
    out.append(34)
    out.append(name)
    out.append(34)
    out.append(58)
  }

  /// A member's name and the colon.
  public func key(text name: String) {
    separate()
    Self.appendString(name, to: out)
    out.append(58)
  }

  /// A string value, valid UTF-8.
  @inlinable
  public func string(_ utf8: ByteView) {
    separate()
    Self.appendString(utf8, to: out)
  }
  /// A string value.
  public func string(_ s: String) {
    separate()
    Self.appendString(s, to: out)
  }
  /// A string value.
  @inlinable public func string(_ s: StaticString) { string(ByteView(s)) }
  /// A string value, or null.
  public func string(orNull s: String?) {
    if let s { string(s) } else { null() }
  }

  /// A whole number.
  @inlinable
  public func number(_ n: Int) {
    separate()
    out.append(decimal: n)
  }
  /// A whole number, or null.
  public func number(orNull n: Int?) {
    if let n { number(n) } else { null() }
  }
  /// A number; what JSON cannot say (infinite, not a number) becomes null.
  public func number(_ d: Double) {
    guard d.isFinite else { return null() }
    separate()
    out.append(string: d.description)
  }
  /// `true` or `false`
  @inlinable
  public func bool(_ b: Bool) {
    separate()
    out.append(b ? "true" as StaticString : "false")
  }
  /// `null`
  @inlinable
  public func null() {
    separate()
    out.append("null" as StaticString)
  }
  /// A value that is JSON text already.
  public func raw(_ json: ByteView) {
    separate()
    out.append(json)
  }

  /// Members that are JSON text already, with the commas between them.
  public func members(_ json: ByteView) { raw(json) }

  /// A value that `append` writes as JSON text.
  public func raw(_ append: (ByteBuffer) -> Void) {
    separate()
    append(out)
  }

  /// A member of the object: its name, and a text in valid UTF-8.
  @inlinable
  public func member(_ name: StaticString, _ value: ByteView) {
    key(name)
    string(value)
  }
  /// A member: its name, and a text.
  public func member(_ name: StaticString, _ value: String) {
    key(name)
    string(value)
  }
  /// A member: its name, and a text or null.
  public func member(_ name: StaticString, orNull value: String?) {
    key(name)
    string(orNull: value)
  }
  /// A member: its name, and a whole number.
  public func member(_ name: StaticString, _ value: Int) {
    key(name)
    number(value)
  }
  /// A member: its name, and a whole number or null.
  public func member(_ name: StaticString, orNull value: Int?) {
    key(name)
    number(orNull: value)
  }
  /// A member: its name, and `true` or `false`.
  public func member(_ name: StaticString, _ value: Bool) {
    key(name)
    bool(value)
  }

  /// The comma, where one is due. Strings end in a quote, so the last byte is always structure.
  @inlinable
  func separate() {
    let n = out.count
    if n == 0 { return }
    switch out.view[n &- 1] {
    case 123, 91, 58, 10: return  // { [ : LF
    default: out.append(44)
    }
  }

  /// Appends the text as a JSON string with its quotes.
  public static func appendString(_ s: String, to out: ByteBuffer) {
    s.withByteView { appendString($0, to: out) }
  }

  /// Appends valid UTF-8 as a JSON string with its quotes: `"`, `\` and the control characters
  /// below U+0020 are escaped, nothing else.
  public static func appendString(_ utf8: ByteView, to out: ByteBuffer) {
    let n = utf8.count
    // Most strings of a record are short and have nothing to escape.
    if n <= 64 {
      let target = unsafe out.reserve(n &+ 2)
      if unsafe cplatform_json_copy_short(utf8.base, n, target + 1) != 0 {
        unsafe target[0] = 34
        unsafe target[n &+ 1] = 34
        out.advance(by: n &+ 2)
        return
      }
    }
    appendLong(utf8, to: out)
  }

  // A piece at a time, so that the room for the worst case stays small.
  private static func appendLong(_ utf8: ByteView, to out: ByteBuffer) {
    let piece = 8 << 10
    out.append(34)
    var i = 0
    while i < utf8.count {
      let n = min(piece, utf8.count &- i)
      unsafe out.advance(by: cplatform_json_escape(utf8.base + i, n, out.reserve(6 &* n &+ 32)))
      i &+= n
    }
    out.append(34)
  }

  /// Appends compact JSON text indented by two spaces a level, for people; empty containers and
  /// numbers stay on one line. Linear; the depth only counts.
  public static func appendPretty(_ json: ByteView, to out: ByteBuffer) {
    var depth = 0
    var i = 0
    func newLine() {
      out.append(10)
      for _ in 0..<depth { out.append("  " as StaticString) }
    }
    while i < json.count {
      let c = json[i]
      switch c {
      case 34:
        let start = i
        i += 1
        while i < json.count, json[i] != 34 { i += json[i] == 92 ? 2 : 1 }
        out.append(json.slice(start, i + 1))
      case 123, 91:
        out.append(c)
        if json[i + 1] == c + 2 {
          out.append(c + 2)
          i += 1
        } else {
          depth += 1
          newLine()
        }
      case 125, 93:
        depth = max(0, depth - 1)
        newLine()
        out.append(c)
      case 44:
        out.append(c)
        newLine()
      case 58: out.append(": " as StaticString)
      default: out.append(c)
      }
      i += 1
    }
    out.append(10)
  }
}
