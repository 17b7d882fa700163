import Bytes
import TestSupport
import Testing

@testable import Rules

private func matcher(_ words: [String], _ mode: KeywordMatcher.Mode) -> KeywordMatcher {
  KeywordMatcher(folded: words.map { Array($0.utf8) }, mode: mode)
}

private func hit(_ m: KeywordMatcher, _ text: String) -> KeywordMatcher.Hit? {
  text.withByteView { m.firstMatch(in: $0) }
}

/// Keywords in folded text (ES-8.1).
@Suite struct KeywordMatching {
  @Test func theHitSaysWhichKeywordAndWhere() {
    let m = matcher(["xyz", "offer"], .contains)
    #expect(hit(m, "two coffers") == .init(keyword: 1, range: ByteRange(start: 5, count: 5)))
    #expect(hit(m, "nothing") == nil)
    #expect(hit(m, "") == nil)
  }

  @Test(arguments: KeywordMatcher.Mode.allCases)
  func emptyKeywordsNeverMatch(_ mode: KeywordMatcher.Mode) {
    #expect(hit(matcher([""], mode), "text") == nil)
    #expect(matcher(["", ""], mode).isEmpty)
    #expect(!matcher(["", "a"], mode).isEmpty)
    let many = matcher(Array(repeating: "", count: 20) + ["b"], mode)
    #expect(hit(many, "a b")?.keyword == 20)
  }

  @Test(.seeded) func fewAndManyKeywordsFindTheSame() {
    // Nine and more go through the automaton; it must agree with looking for each.
    var numbers = SeededNumbers(7)
    func next(_ n: Int) -> Int { numbers.below(n) }
    func word(_ length: Int) -> String {
      String((0..<length).map { _ in Character(Unicode.Scalar(UInt8(97 + next(3)))) })
    }
    for round in 0..<400 {
      let words = (0..<12).map { _ in word(1 + next(6)) }
      let text = (0..<6).map { _ in word(next(9)) }.joined(separator: " ")
      for mode in [KeywordMatcher.Mode.contains, .word] {
        let each = words.contains { hit(matcher([$0], mode), text) != nil }
        let all = hit(matcher(words, mode), text)
        #expect((all != nil) == each, "round \(round): \(words) in \(text)")
        if let all, mode == .contains {
          let start = Int(all.range.start)
          let found = Array(text.utf8)[start..<(start + Int(all.range.count))]
          #expect(Array(found) == Array(words[all.keyword].utf8))
        }
      }
    }
  }

  @Test(arguments: [
    ("a*b", "xaxxbx", true), ("a*b", "a\nb", false), ("a?c", "abc", true),
    ("a?c", "a\u{1F389}c", true),
    ("a?c", "ac", false), ("?", "x", true), ("?", "", false), ("*", "x", true),
    ("a**b", "ab", true),
    ("*a", "bca", true), ("a?", "a", false), ("ä?", "äö", true), ("a*b*c", "acb", false),
    ("a*b*c", "abbc", true), ("a\u{0}b", "a\u{0}b", true),
  ])
  func wildcards(_ pattern: String, _ text: String, _ matches: Bool) {
    #expect((hit(matcher([pattern], .wildcard), text) != nil) == matches)
  }

  @Test(
    .slow,
    arguments: [
      (String(repeating: "a*", count: 60) + "b", KeywordMatcher.Mode.wildcard),
      (String(repeating: "?", count: 60) + "b", .wildcard), ("aaaa", .word),
    ])
  func hostilePatternsStayLinear(_ pattern: String, _ mode: KeywordMatcher.Mode) {
    let matcher = matcher([pattern], mode)
    expectLinear(25_000, make: { String(repeating: "a", count: $0) }) {
      #expect(hit(matcher, $0) == nil)
    }
  }

  @Test func anyBytesAreReadWithoutATrap() {
    let bytes: [UInt8] = [0xE2, 0x82, 0xFF, 0xC3, 0x28, 0xF0, 0x9F, 0x80]
    bytes.withByteView { v in
      for mode in KeywordMatcher.Mode.allCases {
        _ = KeywordMatcher(folded: [[0x28]], mode: mode).firstMatch(in: v)
        _ = KeywordMatcher(folded: [[0xF0, 63, 0x80]], mode: mode).firstMatch(in: v)
        _ = KeywordMatcher(folded: [[63, 63, 63]], mode: mode).firstMatch(in: v)
      }
    }
  }
}
