import Bytes
import TestSupport
import Testing

@testable import Markup

/// Tags in any order, read by our own rules and by libxml2.
@Suite struct HTMLStructure {
  private static let tags = [
    "div", "p", "h1", "h2", "blockquote", "pre", "listing", "ul", "ol", "menu", "li", "dd", "dt",
    "dl", "table", "tbody", "tr", "td", "th", "a", "img", "br", "hr", "option", "font", "span",
    "b", "textarea", "xmp", "title", "section", "center", "body", "o:p",
  ]
  private static let attributes = [
    "", "", "", "", " style='display:none'", " style='font-size:0'", " style='font-size:12px'",
    " style='white-space:pre'", " class=MsoNormal", " hidden",
    " href='https://x.example/a?b&amp;c'",
    " href=mailto:a@b.example", " alt='x &lt; y\tz'", " start=5", " style='margin:0'",
    " href='\u{c}http://a b\u{1}'", " /",
  ]
  private static let words = [
    "a", "b c", " ", "\n", "word ", "&nbsp;", "&amp;", "&lt;b&gt;", "\r\n", "&#12;", "\u{1}",
    "\u{c}", "\u{7f}", "é", "\u{200b}", "\u{ad}", "\u{2028}", "\u{feff}", "\u{ffff}", "<", ">",
    "&", "&bogus;", "&copy2", "<!-- c -->", "<![if x]>", "  two  spaces  ", "\u{a0}", "&#0;",
    "tab\there", "1 < 2", "</", "€",
  ]

  private static func soup(
    of words: [String], _ attributes: [String], _ random: inout some RandomNumberGenerator
  ) -> String {
    var soup = ""
    for _ in 0..<Int.random(in: 1...50, using: &random) {
      let tag = tags.randomElement(using: &random) ?? ""
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<4: soup += "<\(tag)\(attributes.randomElement(using: &random) ?? "")>"
      case 4..<7: soup += "</\(tag)>"
      default: soup += words.randomElement(using: &random) ?? ""
      }
    }
    return soup
  }

  @Test(.seeded, arguments: [false, true])
  func anyOrderOfTagsIsReadAsLibXML2ReadsIt(_ isPlain: Bool) {
    var random = SeededNumbers()
    let reference = ReferenceText()
    let converter = HTMLText()
    let out = ByteBuffer()
    for _ in 0..<4000 {
      let html = Self.soup(
        of: isPlain ? ["a", "b c", " ", "w "] : Self.words, isPlain ? [""] : Self.attributes,
        &random)
      html.withByteView { v in
        out.removeAll()
        let defects = converter.convert(v, into: out)
        #expect(defects.isEmpty)
        #expect(reference.convert(v) == out.string, "\(html)")
      }
    }
  }

  @Test func carriageReturnsAndLineFeedsCountOnceHoweverTheyAreCutUp() {
    #expect(text("<pre>a\r\nb\r<!-- -->\nc\r</i>\nd\re\n\rf</pre>") == "a\nb\nc\nd\ne\n\nf")
  }

  @Test func wordsAreTheSameWhereverTheyLie() {
    for pad in 0..<40 {
      for mark in ["  ", "\n", "\u{a0}", "\u{ad}", "\u{2028}", "\u{1}", "€", " \u{200b}", "\u{7f}"]
      {
        let html = String(repeating: "x", count: pad) + " y\(mark)z " + "w w w w w w w w w w w w w"
        let wanted = html.withByteView { ReferenceText().convert($0) }
        #expect(text(html) == wanted)
      }
    }
  }
}
