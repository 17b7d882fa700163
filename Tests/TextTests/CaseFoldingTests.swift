import Bytes
import TestSupport
import Testing

@testable import Text

@Suite struct CaseFoldingTests {
  private func folded(_ bytes: [UInt8]) -> [UInt8] {
    let out = ByteBuffer()
    bytes.withByteView { CaseFolding.foldAppend($0, to: out) }
    return out.array
  }
  private func folded(_ s: String) -> String {
    String(decoding: folded(Array(s.utf8)), as: UTF8.self)
  }

  @Test func foldingAgreesWithPython() throws {
    let lines = try golden("folding.txt")
    #expect(lines.count > 450)
    for line in lines {
      let result = folded(bytes(hex: line[0]))
      #expect(result == bytes(hex: line[1]), "\(line[0])")
      #expect(folded(result) == result, "\(line[0]) folds again")
    }
  }

  @Test(arguments: [
    ("STRASSE", "straße"), ("É", "e\u{301}"), ("Å", "\u{212B}"), ("ΣΑΣ", "σας"), ("ﬁ", "FI"),
    ("각", "\u{1100}\u{1161}\u{11A8}"), ("q\u{307}\u{323}", "Q\u{323}\u{307}"), ("ǅ", "Ǆ"),
    ("Ω", "\u{2126}"), ("ᾳ", "\u{3B1}\u{345}"), ("Festive Offer", "fESTIVE oFFER"),
  ])
  func equalTextGivesEqualBytes(a: String, b: String) {
    #expect(Array(folded(a).utf8) == Array(folded(b).utf8))
  }

  @Test(arguments: [("i", "İ"), ("i", "ı"), ("e", "é"), ("か", "が"), ("a", "ａ")])
  func differentTextGivesDifferentBytes(a: String, b: String) {
    #expect(Array(folded(a).utf8) != Array(folded(b).utf8))
  }

  @Test func aMarkJoinsTheASCIILetterBeforeIt() {
    #expect(Array(folded("MENU CAFE\u{301} X").utf8) == Array("menu café x".utf8))
    #expect(Array(folded("\u{301}").utf8) == Array("\u{301}".utf8))
  }

  @Test func bytesThatAreNotUTF8BecomeReplacements() {
    #expect(folded([0x41, 0xFF, 0xCC]) == Array("a\u{FFFD}\u{FFFD}".utf8))
  }

  @Test func compositionKeepsCase() {
    let out = ByteBuffer()
    "CAFE\u{301} \u{212A}".withByteView { CaseFolding.composeAppend($0, to: out) }
    #expect(out.array == Array("CAFÉ K".utf8))
  }

  @Test(.slow) func aFloodOfMarksTakesLinearTime() {
    let marks: [Unicode.Scalar] = [
      "\u{301}", "\u{323}", "\u{345}", "\u{327}", "\u{308}", "\u{5B0}",
    ]
    func text(_ n: Int) -> [UInt8] {
      var text = "e".unicodeScalars
      for i in 0..<n { text.append(marks[i &* 7 % marks.count]) }
      return Array(String(text).utf8)
    }
    expectLinear(50_000, make: text) { _ = folded($0) }
    let result = folded(text(400_000))
    #expect(folded(result) == result)
    // The iota below turns into a letter and so stands after all other marks.
    #expect(result.count > 400_000)
  }
}
