import Bytes
import JSONText
import TestSupport
import Testing

// Strings beside a writer that looks at one byte after the other.
@Suite(.seeded) struct Escaping {
  private func plainly(_ text: [UInt8]) -> [UInt8] {
    var out: [UInt8] = [34]
    for c in text {
      switch c {
      case 34, 92: out += [92, c]
      case 8: out += Array("\\b".utf8)
      case 9: out += Array("\\t".utf8)
      case 10: out += Array("\\n".utf8)
      case 12: out += Array("\\f".utf8)
      case 13: out += Array("\\r".utf8)
      case 0..<32:
        let hex = String(c, radix: 16)
        out += Array("\\u00\(hex.utf8.count < 2 ? "0" : "")\(hex)".utf8)
      default: out.append(c)
      }
    }
    return out + [34]
  }

  @Test func wideStepsEscapeWhatOneByteAtATimeWould() {
    var random = SeededNumbers()
    let specials: [UInt8] = [34, 92, 10, 13, 9, 0, 8, 12, 31, 1, 127, 128, 255, 32, 33, 35, 91, 93]
    let out = ByteBuffer(capacity: 16)
    for round in 0..<20_000 {
      let density = [0, 1, 10, 50, 100][round % 5]
      let text = (0..<Int.random(in: 0...160, using: &random)).map { _ -> UInt8 in
        Int.random(in: 0..<100, using: &random) < density
          ? specials[Int.random(in: 0..<specials.count, using: &random)]
          : UInt8.random(in: 97...122, using: &random)
      }
      out.removeAll()
      out.append("before")
      text.withByteView { JSONWriter.appendString($0, to: out) }
      #expect(out.array == Array("before".utf8) + plainly(text), "\(text)")
    }
  }

  @Test func longTextIsEscapedInPieces() {
    for length in [8191, 8192, 8193, 16_384, 20_000] {
      var text = [UInt8](repeating: 97, count: length)
      for i in stride(from: 0, to: length, by: 71) { text[i] = 10 }
      for i in [8190, 8191, 8192, length - 1] where i < length { text[i] = 34 }
      let out = ByteBuffer(capacity: 16)
      text.withByteView { JSONWriter.appendString($0, to: out) }
      #expect(out.array == plainly(text))
    }
  }

  @Test func textOfNothingButEscapesHasRoom() {
    let text = [UInt8](repeating: 1, count: 100_000)
    let out = ByteBuffer(capacity: 16)
    text.withByteView { JSONWriter.appendString($0, to: out) }
    #expect(out.array == plainly(text))
  }
}
