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
  /// below U+0020 are escaped, nothing else. Sixteen bytes a step.
  public static func appendString(_ utf8: ByteView, to out: ByteBuffer) {
    let n = utf8.count
    // Most strings of a record are short and have nothing to escape.
    if n <= 64 {
      let target = out.reserve(n &+ 2)
      if cplatform_json_copy_short(utf8.base, n, target + 1) != 0 {
        target[0] = 34
        target[n &+ 1] = 34
        out.advance(by: n &+ 2)
        return
      }
    }
    appendLong(utf8, to: out)
  }

  private static func appendLong(_ utf8: ByteView, to out: ByteBuffer) {
    let n = utf8.count
    let source = utf8.base
    // Room for the text, the quotes, one step of overshoot and some escapes; more when they are
    // used up.
    var spare = 32 &+ n >> 4
    var target = out.reserve(n &+ 24 &+ spare)
    target[0] = 34
    var written = 1
    var i = 0
    // From where on source and target are byte for byte alike.
    var cleanFrom = 0
    while i < n {
      if n &- i >= 16 {
        let marks = cplatform_json_copy16(source + i, target + written)
        if marks == 0 {
          i &+= 16
          written &+= 16
          continue
        }
        let clean = marks.trailingZeroBitCount
        i &+= clean
        written &+= clean
      } else if n &- cleanFrom >= 16 {
        // The last 16 bytes once more, over what is there already.
        let known = 16 &- (n &- i)
        let marks =
          cplatform_json_copy16(source + (i &- known), target + (written &- known))
          >> UInt32(truncatingIfNeeded: known)
        if marks == 0 {
          written &+= n &- i
          break
        }
        let clean = marks.trailingZeroBitCount
        i &+= clean
        written &+= clean
      } else {
        let c = source[i]
        if c >= 0x20, c != 34, c != 92 {
          target[written] = c
          written &+= 1
          i &+= 1
          continue
        }
      }
      if spare < 6 {
        out.advance(by: written)
        spare = 32 &+ (n &- i) >> 1
        target = out.reserve(n &- i &+ 24 &+ spare)
        written = 0
      }
      let length = escape(source[i], target + written)
      i &+= 1
      written &+= length
      spare &-= length
      cleanFrom = i
    }
    target[written] = 34
    out.advance(by: written &+ 1)
  }

  /// Writes the escape of a byte and gives its length, 2 or 6.
  @inline(__always)
  private static func escape(_ c: UInt8, _ target: UnsafeMutablePointer<UInt8>) -> Int {
    target[0] = 92
    switch c {
    case 34, 92: target[1] = c
    case 8: target[1] = 98
    case 9: target[1] = 116
    case 10: target[1] = 110
    case 12: target[1] = 102
    case 13: target[1] = 114
    default:
      target[1] = 117
      target[2] = 48
      target[3] = 48
      target[4] = c >> 4 == 0 ? 48 : 49
      target[5] = c & 15 < 10 ? 48 &+ (c & 15) : 87 &+ (c & 15)
      return 6
    }
    return 2
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
