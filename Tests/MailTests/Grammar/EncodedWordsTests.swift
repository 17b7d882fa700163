import Bytes
import Mail
import TestSupport
import Testing

@Suite struct EncodedWordsTests {
  @Test(arguments: [
    ("plain  text", "plain  text"),
    (" leading and trailing \r\n", "leading and trailing"),
    ("first\r\n \t \r\n second", "first second"),
    ("a\n\tb  c", "a b  c"),
    ("bare\rreturn", "bare return"),
    ("", ""),
    ("=?utf-8?q?a?=", "a"),
    ("=?UTF-8?B?YQ==?=", "a"),
    ("=?utf-8?Q?Caf=C3=A9_au=20lait?=", "Café au lait"),
    ("=?us-ascii?q?a?= =?utf-8?q?b?= c =?utf-8?q?d?=", "ab c d"),
    ("=?utf-8?q?a?=\r\n =?utf-8?q?b?=", "ab"),
    ("=?utf-8*en?q?a?=", "a"),
    ("=?iso-8859-1?q?=E9=80?=", "é€"),
    ("=?utf-8?q?a?= =?utf-8?q??= b", "a b"),
    ("=?utf-8?q??= =?utf-8?b??=", ""),
  ])
  func textIsUnfoldedAndDecoded(value: String, expected: String) {
    let r = Reading.unstructured(value)
    #expect(r.text == expected)
    #expect(r.defects.isEmpty)
  }

  // mail.md 4f; ew_split_char.eml
  @Test(arguments: [
    ("=?utf-8?q?caf=C3?= =?utf-8?q?=A9_ok?=", "café ok"),
    ("=?utf-8?b?w6k=?=\n =?UTF8?q?=C3?==?utf-8?b?qQ==?=", "éé"),
    ("=?gb2312?b?1tA=?= =?gb2312?q?=CE?= =?gb2312?q?=C4?=", "中文"),
    ("=?utf-8?b?YQ==?= =?utf-8?b?YmM=?=", "abc"),
  ])
  func bytesOfAdjacentWordsOfOneCharsetAreJoined(value: String, expected: String) {
    #expect(Reading.unstructured(value).text == expected)
  }

  // ew_iso2022_open.eml
  @Test func shiftsEndWithTheirWord() {
    #expect(Reading.unstructured("=?iso-2022-jp?b?GyRCJCI=?= tail").text == "あ tail")
    #expect(
      Reading.unstructured("=?iso-2022-jp?b?GyRCJCI=?= =?iso-2022-jp?q?abc?=").text == "あabc")
  }

  @Test(arguments: [
    ("abc=?utf-8?q?x?=def", "abcxdef"),
    ("\"=?utf-8?q?a?=\" b", "\"a\" b"),
    ("(=?utf-8?q?a?=)", "(a)"),
    ("=?utf-8?Q?spaces and\ttabs in?= it", "spaces and tabs in it"),
    ("=?utf-8?Q?Are_you_there??= yes", "Are you there? yes"),
    ("=?utf-8?b?YWI?= unpadded", "ab unpadded"),
    ("=?utf-8?B?YWI=Y2Q=?=", "abcd"),
    ("=?utf-8?b?YW Jj?=", "abc"),
    ("=?utf-8?q?=4?= =?utf-8?q?=zz?=", "=4=zz"),
    ("=?utf-8?q?a\r\n b?=", "a b"),
    ("=?utf-8?q?x=?=", "x="),
    ("=?utf-8?q?_padded_?=", "padded"),
  ])
  func sloppyWordsAreDecoded(value: String, expected: String) {
    #expect(Reading.unstructured(value).text == expected)
  }

  // ew_empty.eml, ew_unknown_charset.eml
  @Test(arguments: [
    ("=?utf-8?q??= =?utf-8?b??= =?utf-8?q? ? =?utf-8?q?x", "=?utf-8?q? ? =?utf-8?q?x"),
    ("=?utf-8?q?cut =?utf-8?q?b?=", "=?utf-8?q?cut b"),
    ("=?utf-8?q?cut?", "=?utf-8?q?cut?"),
  ])
  func wordsThatDoNotEndStay(value: String, expected: String) {
    let r = Reading.unstructured(value)
    #expect(r.text == expected)
    #expect(r.defects == .encodedWordMalformed)
  }

  @Test func wordsInUnknownCharsetsStayWithTheSpacesAroundThem() {
    let r = Reading.unstructured("=?utf-8?q?a?=  =?x-klingon?q?tlh=FF?=  =?utf-8?q?c?= ok")
    #expect(r.text == "a  =?x-klingon?q?tlh=FF?=  c ok")
    #expect(r.defects == .encodedWordCharset)
    #expect(Reading.unstructured("=??Q?a?= =? =?x").text == "=??Q?a?= =? =?x")
  }

  // ew_double.eml
  @Test func decodingHappensOnce() {
    let r = Reading.unstructured("=?utf-8?q?=3D=3Futf-8=3Fq=3F=3Cscript=3E=3F=3D?=")
    #expect(r.text == "=?utf-8?q?<script>?=")
  }

  // crlf_injection_ew.eml, ansi_terminal.eml, header_nul.eml
  @Test(arguments: [
    ("=?utf-8?q?a=0D=0ABcc:_x?=", "a Bcc: x", false),
    ("=?utf-8?q?a=0Ab=09c?=", "a b c", false),
    ("a\0b", "a\u{FFFD}b", true),
    ("\u{1B}[31mred", "\u{FFFD}[31mred", true),
    ("a\u{85}b\u{2028}c\u{9B}d\u{7F}", "a b c\u{FFFD}d\u{FFFD}", true),
    ("Â\u{A0}“quoted”", "Â\u{A0}“quoted”", false),
  ])
  func noControlCharacterSurvives(value: String, expected: String, isDefect: Bool) {
    let r = Reading.unstructured(value)
    #expect(r.text == expected)
    #expect(r.defects.contains(.controlCharacters) == isDefect)
  }

  // header_8bit_latin1.eml
  @Test func unlabelledBytesAreUTF8ElseWindows1252() {
    let utf8 = Reading.unstructured("Grüße")
    #expect(utf8.text == "Grüße")
    #expect(utf8.defects.isEmpty)
    let latin = Reading.unstructured([0x47, 0x72, 0xFC, 0xDF, 0x65, 0x20, 0x80])
    #expect(latin.text == "Grüße €")
    #expect(latin.defects == .raw8Bit)
  }

  // ew_prefix_bomb.eml, ew_many.eml
  @Test(.slow) func thousandsOfOpeningsTakeLinearTime() {
    for s in ["=?x?y?", "=?utf-8?q?", "=?utf-8?q?a=?", "=?", "=?utf-8?b?w6k=?= "] {
      expectLinear(25_000, "\(s)", make: { String(repeating: s, count: $0) + "?=" }) {
        _ = Reading.unstructured($0)
      }
    }
    let words = Reading.unstructured(String(repeating: "=?utf-8?b?w6k=?=\r\n ", count: 3000))
    #expect(words.text == String(repeating: "é", count: 3000))
  }
}
