import Bytes
import Testing

@testable import JSONText
@testable import Rules

/// A small generator of pseudo-random numbers, the same in every run.
private struct Numbers {
  var state: UInt64
  mutating func next(below n: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return n > 0 ? Int(state >> 33) % n : 0
  }
}

@Suite struct AnyBytes {
  private static func mutated(_ text: [UInt8], _ numbers: inout Numbers) -> [UInt8] {
    var bytes = text
    let special: [UInt8] = [
      0, 9, 10, 13, 34, 44, 47, 42, 58, 59, 92, 91, 93, 123, 125, 0x80, 0xC3, 0xFF,
    ]
    for _ in 0...numbers.next(below: 6) where !bytes.isEmpty {
      let at = numbers.next(below: bytes.count)
      switch numbers.next(below: 4) {
      case 0: bytes[at] = special[numbers.next(below: special.count)]
      case 1: bytes.insert(special[numbers.next(below: special.count)], at: at)
      case 2: bytes.removeSubrange(at..<min(bytes.count, at + 1 + numbers.next(below: 9)))
      default: bytes.removeLast(numbers.next(below: bytes.count))
      }
    }
    return bytes
  }

  @Test func brokenConfigurationsNeverStopTheProgram() {
    var numbers = Numbers(state: 7)
    let whole = Array(wholeExample.utf8)
    var withErrors = 0
    for _ in 0..<1500 {
      let f = Self.mutated(whole, &numbers).withByteView { ConfigFile.read($0, file: "c") }
      if f.diagnostics.hasErrors { withErrors += 1 }
      _ = ListLoader.users(f, paths: [])
      let out = ByteBuffer()
      f.config.writeEffective(to: out)
      #expect(JSONDocument.parse(out.view).faults.isEmpty)
    }
    #expect(withErrors > 500)
  }
}
