import Bytes
import Mail
import Testing

@Suite struct AttachmentNameTests {
  static func clean(_ bytes: [UInt8]) -> String {
    let out = ByteBuffer()
    out.append("kept:")
    let r = bytes.withByteView { AttachmentName.append($0, to: out) }
    #expect(out.view.hasPrefix("kept:"))
    #expect(out.view.from(5).equals(out[r]))
    return out[r].string
  }
  static func clean(_ s: String) -> String { clean(Array(s.utf8)) }

  // The att_*.eml files of the manifest; the empty result lets the caller make up a name.
  @Test(arguments: [
    ("report.pdf", "report.pdf"), ("../../../pwn.txt", "pwn.txt"), ("/etc/passwd", "passwd"),
    ("..\\..\\windows\\system32\\x.dll", "x.dll"), ("C:evil.txt:stream", "C_evil.txt_stream"),
    ("a.txt\0.exe", "a.txt_.exe"), ("a\u{1B}[31m\u{7F}\u{85}.txt", "a_[31m__.txt"),
    ("a\r\nb.txt", "a__b.txt"), ("CON.txt", "_CON.txt"), ("nul", "_nul"),
    ("Aux .tar.gz", "_Aux .tar.gz"),
    ("com1.log", "_com1.log"), ("LPT\u{B9}", "_LPT\u{B9}"), ("com10", "com10"),
    ("console.txt", "console.txt"), (".", ""), ("..", ""), ("", ""), ("   ", ""), ("a/", ""),
    (" ... ", ""), ("report.pdf. . ", "report.pdf"), (".bashrc", "bashrc"),
    ("-rf.txt", "_-rf.txt"), ("gpj.\u{202E}exe", "gpj.exe"), ("a\u{200B}\u{FEFF}b", "ab"),
    ("..%2f..%2fx", "%2f..%2fx"), ("a\u{2215}b\u{FF0F}c", "a\u{2215}b\u{FF0F}c"),
    ("../\u{301}x", "\u{301}x"), ("<b>.html", "<b>.html"), ("=1+1.csv", "=1+1.csv"),
    ("invoice.pdf.exe", "invoice.pdf.exe"), ("Ünïcödé – 名前.docx", "Ünïcödé – 名前.docx"),
    ("a\u{2028}b", "a_b"),
  ])
  func namesBecomeHarmless(name: String, expected: String) {
    // As bytes: combining marks would hide differences from String ==.
    #expect(Array(Self.clean(name).utf8) == Array(expected.utf8))
  }

  @Test func longNamesAreCutBetweenScalarsBeforeTheExtension() {
    let long = Self.clean(String(repeating: "x", count: 5000) + ".pdf")
    #expect(long == String(repeating: "x", count: 196) + ".pdf")
    let wide = Self.clean(String(repeating: "😀", count: 100) + ".jpeg")
    #expect(wide == String(repeating: "😀", count: 48) + ".jpeg")
    #expect(Self.clean(String(repeating: "é", count: 100)).utf8.count == 200)
    #expect(Self.clean(String(repeating: "é", count: 101)) == String(repeating: "é", count: 100))
    let noExtension = Self.clean("a." + String(repeating: "y", count: 300))
    #expect(noExtension.utf8.count == 200)
  }

  @Test func invalidUTF8BecomesReplacementCharacters() {
    #expect(Self.clean([0x61, 0xC0, 0xAF, 0x62]) == "a\u{FFFD}\u{FFFD}b")
  }

  @Test(arguments: [
    ("report.PDF", "pdf"), ("a.tar.gz", "gz"), ("a.JPEG2000", "jpeg2000"), ("a.toolongext", ""),
    ("a.", ""), ("noext", ""), ("a.p/f", ""), ("a.é", ""), ("a.p f", ""), (".b", "b"), ("", ""),
  ])
  func onlyPlainExtensionsAreSafe(name: String, expected: String) {
    let out = ByteBuffer()
    let r = name.withByteView { AttachmentName.appendSafeExtension($0, to: out) }
    #expect(out[r].string == expected)
  }
}
