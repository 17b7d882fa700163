import Bytes
import CPlatform
import TestSupport
import Testing

@Suite(.seeded) struct Searches {
  /// Bytes in which parts of the needles are frequent.
  private static func noise(_ count: Int, _ random: inout SeededNumbers) -> [UInt8] {
    let letters = Array("From \n--From -x>".utf8)
    return (0..<count).map { _ in
      Int.random(in: 0..<4, using: &random) > 0 ? 97 : letters.randomElement(using: &random) ?? 0
    }
  }

  @Test func fastSearchesFindWhatThePlainOnesFind() {
    var random = SeededNumbers()
    for round in 0..<20_000 {
      var bytes = Self.noise(round % 300, &random)
      if bytes.count > 8, round % 3 == 0 {
        let at = Int.random(in: 0..<(bytes.count - 5), using: &random)
        bytes.replaceSubrange(at..<(at + 5), with: Array("From ".utf8))
      }
      bytes.withByteView { v in
        for start in [0, 1, 17, 64, v.count - 1, v.count, v.count + 1, -3] {
          #expect(v.firstDashes(from: start) == v.firstRange(of: ByteView("\n--"), from: start))
        }
        let hit = cplatform_find_from(v.base, v.count)
        #expect(hit.map { $0 - v.base } == v.firstRange(of: ByteView("From ")))
      }
    }
  }
}
