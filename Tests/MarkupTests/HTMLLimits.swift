import Bytes
import TestSupport
import Testing

@testable import Markup

@Suite struct HTMLLimits {
  private func convert(_ html: [UInt8]) -> (text: String, defects: HTMLDefects) {
    let out = ByteBuffer()
    let defects = html.withByteView { HTMLText().convert($0, into: out) }
    return (out.string, defects)
  }

  private func repeated(_ s: String, _ n: Int) -> String { String(repeating: s, count: n) }

  @Test func aThousandElementsKeepTheirExtents() {
    let (text, defects) = convert(Array((repeated("<div>", 1000) + "CORE").utf8))
    #expect(text == "CORE")
    #expect(defects.isEmpty)
  }

  @Test func deeperNestingKeepsAllWords() {
    let (text, defects) = convert(Array(("a" + repeated("<div>", 1001) + "CORE</div>b").utf8))
    #expect(text == "a\nCORE\nb")
    #expect(defects == .tooDeep)
  }

  @Test func theDeepestLevelsAreOpenAgainWhenTheyEnd() {
    let deep = repeated("<div>", 1001) + "a" + repeated("</div>", 1001)
    let (text, defects) = convert(Array((deep + "<ul><li>b</ul>").utf8))
    #expect(text == "a\n\n- b")
    #expect(defects == .tooDeep)
  }

  @Test func sizeMakesNoDifference() {
    let body = repeated("<li>word</li>\n", 400_000)
    let (text, defects) = convert(Array(body.utf8))
    #expect(defects.isEmpty)
    #expect(text.utf8.count == 400_000 * 7 - 1)
  }

  @Test func hundredThousandAttributesAreSkipped() {
    let attributes = (0..<100_000).map { "a\($0)=1" }.joined(separator: " ")
    let (text, defects) = convert(Array("<x \(attributes)>text".utf8))
    #expect(text == "text")
    #expect(defects.isEmpty)
  }

  @Test(
    .slow,
    arguments: [
      "<font style='display:none'>x", "<font>x</p>", "<", "&", "&a;", "&#9", "<a", "<?", "<!--",
      "<!-- --",
      "<div>", "<div></span>", "</p>", "<p><div>", "<table><tr><td>", "<noscript>x", "<title>",
      "<xmp>",
      "<textarea>x", "<a href=\"", "<a href='x", "<![CDATA[", "<!DOCTYPE [", "<blockquote>", "<li>",
      "<a href=https://x.example>t", "<p style=\"a:b;", "<pre>\n", "<td hidden>", "\u{0}",
      "<x a=\">",
    ])
  func takesLinearTime(_ piece: String) {
    expectLinear(repeating: piece, bytes: 25_000) { _ = convert($0) }
  }
}
