import Bytes
import Testing

@testable import Markup

/// The text of some HTML.
func text(_ html: String) -> String {
  let out = ByteBuffer()
  html.withByteView { _ = HTMLText().convert($0, into: out) }
  return out.string
}

/// One piece of HTML and what a person reads.
struct Reading: Sendable, CustomTestStringConvertible {
  let html: String
  let text: String
  var testDescription: String { html }
  init(_ html: String, _ text: String) {
    self.html = html
    self.text = text
  }
}

@Suite struct HTMLReading {
  static let lines: [Reading] = [
    .init("<div>a</div><div>b</div>", "a\nb"),
    .init("<p>a</p><p>b</p>", "a\n\nb"),
    .init("<p class=MsoNormal>a</p><p class=MsoNormal>b</p>", "a\nb"),
    .init(
      "<p class=MsoNormal>a</p><p class=MsoNormal>&nbsp;</p><p class=MsoNormal>b</p>", "a\n\nb"),
    .init("a<br>b<br><br><br><br>c", "a\nb\n\nc"),
    .init("<div>a<br></div><div>b</div>", "a\nb"),
    .init("<div>a</div><div><br></div><div>b</div>", "a\n\nb"),
    .init("<h2>Head</h2>text", "Head\n\ntext"),
    .init(" a \n\t b&nbsp;&nbsp; c ", "a b c"),
    .init("<b>bo</b>ld and <i>it</i>", "bold and it"),
    .init("a<hr>b", "a\n----------\nb"),
    .init("<pre>\nx  y\n\n\n  z\n</pre>after", "x  y\n\n\n  z\n\nafter"),
    .init("<div style='white-space: pre-wrap'>x  y\nz</div>", "x  y\nz"),
    .init("<pre>a\r\nb</pre>", "a\nb"),
    .init("soft&shy;ware z&#8203;w", "software zw"),
  ]
  static let structure: [Reading] = [
    .init("<ul><li>a<li>b</ul>", "- a\n- b"),
    .init("x<ol start=3><li>a</li><li>b<ul><li>c</ul></ol>", "x\n\n3. a\n4. b\n  - c"),
    .init("<table><tr><td>a<td>b<tr><th>c</th><th>d</th></table>", "a\tb\nc\td"),
    .init("<table><tr><td><p>Name</p></td><td><p>Ann</p></td></tr></table>", "Name\tAnn"),
    .init("<table><tr><td>a<br>b</td><td>c</td></tr></table>", "a\nb\nc"),
    .init(
      "On x wrote:<blockquote>a<br><br>b<blockquote>c</blockquote></blockquote>d",
      "On x wrote:\n> a\n>\n> b\n>> c\n\nd"),
    .init(String(repeating: "<blockquote>", count: 9) + "x", ">>>>> x"),
    .init("<dl><dt>t<dd>d</dl>", "t\nd"),
    .init("<select><option>A<option>B</select>", "A B"),
  ]
  static let links: [Reading] = [
    .init(
      "<a href='https://x.example/p?a=1&amp;b=2'>here</a>.",
      "here <https://x.example/p?a=1&b=2>."),
    .init("<a href='https://x.example/'>https://x.example</a>", "https://x.example"),
    .init("<a href='http://www.x.example/'>www.x.example</a>", "www.x.example"),
    .init("<a href='mailto:ann@x.example?subject=hi'>ann@x.example</a>", "ann@x.example"),
    .init("<a href='mailto:ann@x.example'>Ann</a>", "Ann <ann@x.example>"),
    .init("<a href='javascript:alert(1)'>c</a> <a href='data:text/html,x'>d</a>", "c d"),
    .init("<a href=https://x.example/a><img src=x alt='Shop'></a>", "Shop <https://x.example/a>"),
    .init("<a href=https://x.example/a><img src=x></a>z", "z"),
    .init(
      "<a href='https://x.example/a'><table><tr><td>Buy</td></tr></table></a>",
      "Buy <https://x.example/a>"),
    .init("<a href='https://x.example/a b<c'>t</a>", "t <https://x.example/a%20b%3Cc>"),
    .init(
      "<a href='https://x.example/?copy=1&copy=2'>t</a>", "t <https://x.example/?copy=1&copy=2>"),
  ]
  static let gone: [Reading] = [
    .init(
      "<p>Hi</p><script>x()</script><style>p{}</style><noscript>n</noscript><template>t</template>"
        + "<title>T</title><p>Bye", "Hi\n\nBye"),
    .init("<div style='display:none'>a<div>b</div>c</div>d", "d"),
    .init("<span style=\"color:red; DISPLAY : none!important\">a<span>b</span>c</span>d", "d"),
    .init(
      "<span style='visibility:hidden'>a</span><b hidden>b</b><i style='mso-hide:all'>c</i>d", "d"),
    .init("<a href=https://x.example/ style='mso-hide:all'>Buy</a>", "Buy <https://x.example/>"),
    .init("<div style='font-size:0px'>a<div style='font-size:13px'>b</div>c</div>d", "b\nd"),
    .init("<div style='font-size:0.9em'>a</div>", "a"),
    .init("<div style='max-height:0;overflow:hidden'>pre</div>a", "a"),
    .init("<!--[if mso]><p>outlook</p><![endif]-->a<![if !mso]>b<![endif]>", "ab"),
    .init("<!--[if !mso]><!-->kept<!--<![endif]-->", "kept"),
    .init("<![CDATA[<p>c</p>]]><?php echo 1 ?><p>ok</p>", "ok"),
    .init("<!-->a<!--->b<!-- -- > --!>c<!-- never", "abc"),
    .init("<input type=hidden value=x style='display:none'>shown", "shown"),
  ]
  static let references: [Reading] = [
    .init("&lt;b&gt; &amp;amp;lt; &eacute;&euro;&hellip;", "<b> &amp;lt; é€…"),
    .init(
      "&#x110000; &#0; &#xD800; &#99999999999999999999;", "\u{FFFD} \u{FFFD} \u{FFFD} \u{FFFD}"),
    .init("&#128;&#146;&#x41;&#66", "€’AB"),
    .init("&nosuch; &notit; AT&T &copy2024", "&nosuch; ¬it; AT&T ©2024"),
  ]
  static let broken: [Reading] = [
    .init("1 < 2 & 3 > 2", "1 < 2 & 3 > 2"),
    .init("a <b c", "a <b c"),
    .init("<a href=\"x>Click</a> rest", "Click rest"),
    .init("<p>before<plaintext><b>x</b>", "before\n\n<b>x</b>"),
    .init("<xmp><b>&amp;</b></xmp>c", "<b>&amp;</b>\n\nc"),
    .init("<noscript>never closed", "never closed"),
    .init("\u{0}a\u{1}b", "ab"),
    .init("<scr\u{0}ipt>a</scr\u{0}ipt><p>t</p>", "a\n\nt"),
    .init("<section>a</section><o:p>b</o:p>", "a\nb"),
    .init("", ""),
  ]

  @Test(arguments: lines + structure + links + gone + references + broken)
  func isReadAsAPersonWould(_ r: Reading) {
    #expect(text(r.html) == r.text)
  }

  @Test(arguments: lines + structure + links + gone + references + broken)
  func hasTheStructureThatLibXML2Finds(_ r: Reading) {
    #expect(r.html.withByteView { ReferenceText().convert($0) } == r.text)
  }

  @Test func appendsAfterWhatTheBufferHolds() {
    let converter = HTMLText()
    let out = ByteBuffer()
    out.append("kept ")
    for _ in 0..<2 { "<p> a </p>".withByteView { _ = converter.convert($0, into: out) } }
    #expect(out.string == "kept aa")
  }

  @Test func nothingIsSharedBetweenDocuments() {
    let converter = HTMLText()
    let out = ByteBuffer()
    "<blockquote><ul><li><pre hidden><a href=https://x.example>t".withByteView {
      _ = converter.convert($0, into: out)
    }
    out.removeAll()
    "a  b".withByteView { _ = converter.convert($0, into: out) }
    #expect(out.string == "a b")
  }
}
