import Bytes
import Testing

@testable import Text

/// The one check of UTF-8 and the one decoder of UTF-16.
@Suite struct UnicodeForms {
  @Test(
    arguments: [
      ([], nil), ([0x61, 0xC3, 0xA4], nil), ([0xF0, 0x9F, 0x98, 0x80], nil),
      ([0x61, 0xC3], 1), ([0xC0, 0x80], 0), ([0xE0, 0x80, 0x80], 0), ([0x61, 0xED, 0xA0, 0x80], 1),
      ([0xF4, 0x90, 0x80, 0x80], 0), ([0x80], 0), ([0xFF], 0),
    ] as [([UInt8], Int?)])
  func theFirstByteThatIsNoUTF8IsFound(_ bytes: [UInt8], _ at: Int?) {
    for padding in [0, 7, 31, 64] {
      let text = [UInt8](repeating: 0x20, count: padding) + bytes
      text.withByteView {
        #expect(UTF8Text.firstInvalid($0) == at.map { $0 + padding })
        #expect(UTF8Text.isValid($0) == (at == nil))
      }
    }
    bytes.withByteView {
      if at == 0 { #expect(UTF8Text.scalar($0, at: 0).length == 0) }
      #expect(UTF8Text.scalar($0, at: bytes.count).length == 0)
    }
  }

  @Test func utf16InPiecesIsUTF16() {
    var units = Array("Zoë 😀 Grüße".utf16)
    units += [0xD800, 0x61, 0xDC00, 0xD83D]
    for isLittle in [true, false] {
      let bytes =
        units.flatMap { unit -> [UInt8] in
          let pair = [UInt8(truncatingIfNeeded: unit), UInt8(truncatingIfNeeded: unit >> 8)]
          return isLittle ? pair : pair.reversed()
        } + [0x41]
      for size in 1...5 {
        var decoder = UTF16Decoder(isLittleEndian: isLittle)
        let out = ByteBuffer()
        for start in stride(from: 0, to: bytes.count, by: size) {
          Array(bytes[start..<min(bytes.count, start + size)]).withByteView {
            decoder.decode($0, into: out)
          }
        }
        decoder.finish(into: out)
        #expect(out.string == "Zoë 😀 Grüße\u{FFFD}a\u{FFFD}\u{FFFD}\u{FFFD}" && !decoder.isClean)
      }
    }
  }
}
