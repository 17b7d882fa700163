import Bytes
import TestSupport
import Testing

@testable import Text

@Suite struct OneLineTests {
  @Test(arguments: [
    ("a\r\nBcc: x\n\ry", "a Bcc: x  y"), ("tab\tnul\u{0}del\u{7F}", "tab nul del "),
    ("nel\u{85}ls\u{2028}ps\u{2029}csi\u{9B}", "nel ls ps csi "), ("å € 😀\u{A0}b", "å € 😀\u{A0}b"),
    ("", ""), ("\r", " "), ("a\u{202E}b", "a\u{202E}b"),
  ])
  func controlsBecomeSpaces(text: String, line: String) {
    let out = ByteBuffer()
    text.withByteView { OneLine.append($0, to: out) }
    #expect(out.array == Array(line.utf8))
  }

  @Test(arguments: [
    ("\u{1B}[31mred\u{7}", "\\u{1b}[31mred\\u{7}"), ("a\r\n", "a\\u{d}\\u{a}"), ("\u{0}", "\\u{0}"),
    ("x\u{9D}y\u{2028}", "x\\u{9d}y\\u{2028}"),
    ("exe\u{202E}fdp.\u{2066}", "exe\\u{202e}fdp.\\u{2066}"),
    ("C:\\dir å", "C:\\dir å"),
  ])
  func terminalsGetEscapesAsText(text: String, shown: String) {
    let out = ByteBuffer()
    text.withByteView { OneLine.appendEscaped($0, to: out) }
    #expect(out.array == Array(shown.utf8))
  }

  @Test("lines of JSON say the same in escapes, and stay lines")
  func json() {
    let out = ByteBuffer()
    "{\"a\":\"x\u{202E}y\u{9B}\u{7F}\u{2028}å\"}\n{}\n".withByteView {
      OneLine.appendJSON($0, to: out)
    }
    #expect(out.string == "{\"a\":\"x\\u202ey\\u009b\\u007f\\u2028å\"}\n{}\n")
  }

  @Test func bytesThatAreNotUTF8BecomeReplacements() {
    let out = ByteBuffer()
    [0x61, 0x9B, 0xE2, 0x80, 0x0A].withByteView { OneLine.append($0, to: out) }
    #expect(out.string == "a\u{FFFD}\u{FFFD} ")
  }
}
