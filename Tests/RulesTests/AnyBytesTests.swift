import Bytes
import TestSupport
import Testing

@testable import JSONText
@testable import Rules

@Suite(.seeded) struct AnyBytes {
  private static func mutated(_ text: [UInt8], _ numbers: inout SeededNumbers) -> [UInt8] {
    var bytes = text
    let special: [UInt8] = [
      0, 9, 10, 13, 34, 44, 47, 42, 58, 59, 92, 91, 93, 123, 125, 0x80, 0xC3, 0xFF,
    ]
    for _ in 0...numbers.below(6) where !bytes.isEmpty {
      let at = numbers.below(bytes.count)
      switch numbers.below(4) {
      case 0: bytes[at] = special[numbers.below(special.count)]
      case 1: bytes.insert(special[numbers.below(special.count)], at: at)
      case 2: bytes.removeSubrange(at..<min(bytes.count, at + 1 + numbers.below(9)))
      default: bytes.removeLast(numbers.below(bytes.count))
      }
    }
    return bytes
  }

  @Test func brokenConfigurationsNeverStopTheProgram() {
    var numbers = SeededNumbers(7)
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
