public import Bytes

/// Takes UTF-16 code units and appends UTF-8; surrogates that have no partner become U+FFFD.
struct UTF16Sink {
  let out: ByteBuffer
  /// A high surrogate that waits for its partner, or 0.
  private(set) var high: UInt32
  private(set) var clean = true

  init(out: ByteBuffer, high: UInt32 = 0) {
    self.out = out
    self.high = high
  }

  mutating func put(_ unit: UInt32) {
    if high != 0 {
      if unit & 0xFC00 == 0xDC00 {
        out.append(scalar: 0x10000 &+ (high & 0x3FF) << 10 &+ (unit & 0x3FF))
        high = 0
        return
      }
      putReplacement()
      high = 0
    }
    if unit & 0xFC00 == 0xD800 {
      high = unit
    } else if unit & 0xFC00 == 0xDC00 {
      putReplacement()
    } else {
      out.append(scalar: unit)
    }
  }

  /// Ends a run of units: a high surrogate that waits has no partner.
  mutating func end() {
    if high != 0 { putReplacement() }
    high = 0
  }

  mutating func putReplacement() {
    clean = false
    out.append(scalar: 0xFFFD)
  }
}

/// UTF-16 of a known order that comes in pieces of any size; what has no partner becomes U+FFFD.
public struct UTF16Decoder {
  private let low: Int
  private var high: UInt32 = 0
  private var half: UInt8?
  /// False once something had to be replaced.
  public private(set) var isClean = true

  /// A decoder at the start of a text, its byte order mark taken off.
  public init(isLittleEndian: Bool) { low = isLittleEndian ? 0 : 1 }

  /// Appends the text of the next piece; what is cut off at its end waits.
  public mutating func decode(_ bytes: ByteView, into out: ByteBuffer) {
    guard bytes.count > 0 else { return }
    var sink = UTF16Sink(out: out, high: high)
    var i = 0
    if let first = half {
      let pair = low == 0 ? (bytes[0], first) : (first, bytes[0])
      sink.put(UInt32(pair.0) << 8 | UInt32(pair.1))
      half = nil
      i = 1
    }
    let p = bytes.base
    while i &+ 1 < bytes.count {
      sink.put(UInt32(p[i &+ 1 &- low]) << 8 | UInt32(p[i &+ low]))
      i &+= 2
    }
    if i < bytes.count { half = bytes[i] }
    high = sink.high
    if !sink.clean { isClean = false }
  }

  /// Ends the text: what waits has no partner.
  public mutating func finish(into out: ByteBuffer) {
    var sink = UTF16Sink(out: out, high: high)
    sink.end()
    if half != nil { sink.putReplacement() }
    half = nil
    high = 0
    if !sink.clean { isClean = false }
  }
}

/// UTF-16 with and without a byte order mark.
enum UTF16Text {
  enum Order: UInt8 {
    case unknown, little, big
  }

  /// Appends the text. A mark outranks the label. Without either the order is big endian
  /// (RFC 2781 4.3) unless the zero bytes of Latin text say little endian clearly.
  static func append(
    _ bytes: ByteView, order: Order?, to out: ByteBuffer
  ) -> CharsetDefects {
    var text = bytes
    var order = order ?? .unknown
    if text[0] == 0xFE, text[1] == 0xFF {
      order = .big
      text = text.from(2)
    } else if text[0] == 0xFF, text[1] == 0xFE {
      order = .little
      text = text.from(2)
    } else if isPlainASCII(text) {
      return Charset.ascii.decode(text, into: out).union(.guessed)
    }
    let little = order == .little || (order == .unknown && looksLittle(text))
    var decoder = UTF16Decoder(isLittleEndian: little)
    decoder.decode(text, into: out)
    decoder.finish(into: out)
    return decoder.isClean ? [] : .invalidBytes
  }

  // A label of UTF-16 over bytes that are ASCII without a single zero: some gateways recode the
  // text and leave the label. From 32 bytes on no real UTF-16 looks so.
  private static func isPlainASCII(_ text: ByteView) -> Bool {
    let sample = text.prefix(4096)
    return sample.count >= 32 && sample.isASCII && sample.firstIndex(of: 0) == nil
  }

  private static func isText(_ c: UInt8) -> Bool { c < 0x7F && (c >= 0x20 || ASCII.isSpace(c)) }

  private static func looksLittle(_ text: ByteView) -> Bool {
    let sample = text.prefix(4096)
    var big = 0
    var little = 0
    var i = 0
    while i &+ 1 < sample.count {
      let a = sample.base[i]
      let b = sample.base[i &+ 1]
      if a == 0, isText(b) { big += 1 }
      if b == 0, isText(a) { little += 1 }
      i &+= 2
    }
    return little > 2 &* big
  }
}

/// UTF-32 with and without a byte order mark.
enum UTF32Text {
  /// Appends the text; values that are no scalars and an unfinished last unit become U+FFFD.
  static func append(
    _ bytes: ByteView, order: UTF16Text.Order?, to out: ByteBuffer
  ) -> CharsetDefects {
    var text = bytes
    var little = order == .little
    let mark = unit(text, 0, little: false)
    if text.count >= 4, mark == 0xFEFF {
      little = false
      text = text.from(4)
    } else if text.count >= 4, mark == 0xFFFE_0000 {
      little = true
      text = text.from(4)
    } else if order == .unknown {
      // One order gives a value beyond Unicode nearly always.
      little = text.count >= 4 && mark > 0x10FFFF
    }
    var clean = true
    var i = 0
    while i &+ 4 <= text.count {
      let value = unit(text, i, little: little)
      if value > 0x10FFFF || value & 0xFFFF_F800 == 0xD800 { clean = false }
      out.append(scalar: value)
      i &+= 4
    }
    if i < text.count {
      clean = false
      out.append(scalar: 0xFFFD)
    }
    return clean ? [] : .invalidBytes
  }

  private static func unit(_ v: ByteView, _ i: Int, little: Bool) -> UInt32 {
    let big =
      UInt32(v[i]) << 24 | UInt32(v[i &+ 1]) << 16 | UInt32(v[i &+ 2]) << 8 | UInt32(v[i &+ 3])
    return little ? big.byteSwapped : big
  }
}
