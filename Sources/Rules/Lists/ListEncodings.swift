import Bytes

/// windows-1252 as WHATWG defines it; every byte is a character.
enum Windows1252 {
  private static let high: [UInt16] = [
    0x20AC, 0x81, 0x201A, 0x192, 0x201E, 0x2026, 0x2020, 0x2021, 0x2C6, 0x2030, 0x160, 0x2039,
    0x152, 0x8D, 0x17D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x2DC,
    0x2122, 0x161, 0x203A, 0x153, 0x9D, 0x17E, 0x178,
  ]

  static func append(_ v: ByteView, to out: ByteBuffer) {
    for i in 0..<v.count {
      let c = v[i]
      if c < 0x80 {
        out.append(c)
      } else if c < 0xA0 {
        out.append(scalar: UInt32(high[Int(c) - 0x80]))
      } else {
        out.append(scalar: UInt32(c))
      }
    }
  }
}

/// UTF-16 that comes in chunks; half pairs become U+FFFD.
struct UTF16Decoder {
  let isLittleEndian: Bool
  private var half: UInt8?
  private var high: UInt32 = 0

  init(isLittleEndian: Bool) { self.isLittleEndian = isLittleEndian }

  mutating func decode(_ v: ByteView, into out: ByteBuffer) {
    for i in 0..<v.count {
      guard let first = half else {
        half = v[i]
        continue
      }
      half = nil
      let unit =
        isLittleEndian
        ? UInt32(first) | UInt32(v[i]) << 8 : UInt32(first) << 8 | UInt32(v[i])
      if high != 0, unit & 0xFC00 == 0xDC00 {
        out.append(scalar: 0x10000 + (high & 0x3FF) << 10 + unit & 0x3FF)
        high = 0
        continue
      }
      if high != 0 { out.append(scalar: 0xFFFD) }
      high = 0
      if unit & 0xFC00 == 0xD800 { high = unit } else { out.append(scalar: unit) }
    }
  }

  mutating func finish(into out: ByteBuffer) {
    if half != nil || high != 0 { out.append(scalar: 0xFFFD) }
    half = nil
    high = 0
  }
}
