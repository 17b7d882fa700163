public import Bytes

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
  /// below U+0020 are escaped, nothing else. Sixteen bytes a step while there is nothing to escape.
  public static func appendString(_ utf8: ByteView, to out: ByteBuffer) {
    let n = utf8.count
    let base = utf8.base
    let source = UnsafeRawPointer(base)
    // Room for the text, the quotes, one step of overshoot and some escapes; more when they are
    // used up.
    var spare = 32 &+ n >> 4
    var target = out.reserve(n &+ 24 &+ spare)
    target[0] = 34
    var written = 1
    var i = 0
    while i < n {
      let left = n &- i
      var clean = 0
      if left >= 16 {
        let chunk = source.loadUnaligned(fromByteOffset: i, as: SIMD16<UInt8>.self)
        UnsafeMutableRawPointer(target + written).storeBytes(of: chunk, as: SIMD16<UInt8>.self)
        clean = wideClean(source, i)
        i &+= clean
        written &+= clean
        if clean == 16 { continue }
      } else if left >= 8 {
        let word = source.loadUnaligned(fromByteOffset: i, as: UInt64.self)
        UnsafeMutableRawPointer(target + written).storeBytes(of: word, as: UInt64.self)
        let marks = special(word)
        clean = marks == 0 ? 8 : marks.trailingZeroBitCount >> 3
        i &+= clean
        written &+= clean
        if clean == 8 { continue }
      }
      let c = base[i]
      i &+= 1
      if c >= 0x20, c != 34, c != 92 {
        target[written] = c
        written &+= 1
        continue
      }
      if spare < 6 {
        out.advance(by: written)
        spare = 32 &+ (n &- i) >> 1
        target = out.reserve(n &- i &+ 24 &+ spare)
        written = 0
      }
      let length = escape(c, target + written)
      written &+= length
      spare &-= length
    }
    target[written] = 34
    out.advance(by: written &+ 1)
  }

  /// How many of the 16 bytes from `i` on stand before the first one to escape.
  @inline(__always)
  private static func wideClean(_ p: UnsafeRawPointer, _ i: Int) -> Int {
    let a = special(p.loadUnaligned(fromByteOffset: i, as: UInt64.self))
    if a != 0 { return a.trailingZeroBitCount >> 3 }
    let b = special(p.loadUnaligned(fromByteOffset: i &+ 8, as: UInt64.self))
    if b != 0 { return 8 &+ b.trailingZeroBitCount >> 3 }
    return 16
  }

  /// High bits at the bytes to escape; borrows can only add marks above the first true one.
  @inline(__always)
  private static func special(_ word: UInt64) -> UInt64 {
    let w = UInt64(littleEndian: word)
    let ones: UInt64 = 0x0101_0101_0101_0101
    let quote = w ^ (ones &* 34)
    let slash = w ^ (ones &* 92)
    let control = (w &- ones &* 32) & ~w
    return (control | (quote &- ones) & ~quote | (slash &- ones) & ~slash) & (ones &* 128)
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
