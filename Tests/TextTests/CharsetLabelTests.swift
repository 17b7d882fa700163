import Bytes
import TestSupport
import Testing

@testable import Text

@Suite struct CharsetLabelTests {
  private func name(_ label: String) -> String? {
    label.withByteView { Charset.named($0)?.name }
  }

  @Test(arguments: [
    ("utf-8", "utf-8"), ("UTF8", "utf-8"), ("\"utf-8\"", "utf-8"), ("utf-8;", "utf-8"),
    ("charset=utf-8", "utf-8"), (" utf_8 \r\n", "utf-8"), ("'UTF-8'", "utf-8"),
    ("utf-8; format=flowed", "utf-8"), ("us-ascii*en", "us-ascii"), ("ANSI_X3.4-1968", "us-ascii"),
    ("iso-8859-1", "windows-1252"), ("ISO_8859-1:1987", "windows-1252"), ("latin1", "windows-1252"),
    ("8859-1", "windows-1252"), ("windows1252", "windows-1252"), ("cp1252", "windows-1252"),
    ("x-cp1252", "windows-1252"), ("1252", "windows-1252"), ("iso-8859-9", "windows-1254"),
    ("win-1251", "windows-1251"), ("cp-1251", "windows-1251"), ("x-cp1251", "windows-1251"),
    ("iso-8859-15", "iso-8859-15"), ("latin-9", "iso-8859-15"), ("iso8859-2", "iso-8859-2"),
    ("iso-8859-8-i", "iso-8859-8"), ("iso-8859-11", "windows-874"), ("tis-620", "windows-874"),
    ("koi8-r", "koi8-r"), ("koi8-ru", "koi8-u"), ("cp-850", "ibm850"), ("IBM850", "ibm850"),
    ("cp437", "ibm437"), ("cp866", "ibm866"), ("ibm00858", "ibm858"), ("x-sjis", "shift_jis"),
    ("cp932", "shift_jis"), ("windows-31j", "shift_jis"), ("Shift_JIS", "shift_jis"),
    ("ks_c_5601-1987", "euc-kr"), ("x-windows-949", "euc-kr"), ("euc-kr", "euc-kr"),
    ("gb2312", "gb18030"), ("GB_2312-80", "gb18030"), ("x-gbk", "gb18030"), ("cp936", "gb18030"),
    ("big5-hkscs", "big5"), ("x-x-big5", "big5"), ("cp950", "big5"), ("x-euc-jp", "euc-jp"),
    ("iso-2022-jp-2", "iso-2022-jp"), ("csISO2022JP", "iso-2022-jp"),
    ("iso-2022-kr", "iso-2022-kr"),
    ("hz-gb-2312", "hz-gb-2312"), ("x-mac-roman", "macintosh"),
    ("x-mac-cyrillic", "x-mac-cyrillic"),
    ("utf-7", "utf-7"), ("unicode-1-1-utf-7", "utf-7"), ("utf-16", "utf-16"),
    ("UTF-16LE", "utf-16le"),
    ("utf-32be", "utf-32be"), ("viscii", "viscii"), ("johab", "johab"), ("cp1125", "cp1125"),
    ("hp-roman8", "hp-roman8"), ("uft-8", "utf-8"), ("=utf-8", "utf-8"),
  ])
  func labelsOfRealMailAreKnown(label: String, charset: String) {
    #expect(name(label) == charset)
  }

  @Test(arguments: [
    "", " ", "\"\"", "iso-2022-cn-ext", "iso-2022-cn", "x-unknown", "unknown-8bit", "default",
    "none",
    "../../../tmp/evil", "utf-8//TRANSLIT", "ebcdic-us", "cp037", "binary", "8bit", "imap-utf-7",
    "9",
    "utf-9", "iso-8859-12", "windows-1249", "\u{0}", "å", "charset=", "utf-8\u{E5}",
    String(repeating: "a", count: 10_000),
  ])
  func otherLabelsAreUnknown(label: String) {
    #expect(name(label) == nil)
  }

  @Test func everyCharsetHasANameThatFindsIt() {
    for id in (0...22).map(UInt8.init) + (65...116).map(UInt8.init) where id != 10 {
      let charset = Charset(id: id)
      #expect(!charset.name.isEmpty, "\(id)")
      #expect(charset.name.withByteView { Charset.named($0) } == charset, "\(charset.name)")
    }
    #expect(Charset.mailboxName.name == "imap-utf-7")
  }
}
