import Bytes
import TestSupport
import Testing

@testable import Text

@Suite struct CharsetTests {
  @Test func decodingAgreesWithPythonsCodecs() throws {
    let lines = try golden("charsets.txt")
    #expect(lines.count > 300)
    for line in lines {
      let (text, defects) = try decoded(bytes(hex: line[1]), as: String(line[0]))
      let expected = String(decoding: bytes(hex: line[2]), as: UTF8.self)
      #expect(Array(text.utf8) == Array(expected.utf8), "\(line[0]) \(line[1])")
      let replaced = expected.unicodeScalars.contains("\u{FFFD}")
      #expect(defects.contains(.invalidBytes) == replaced, "\(line[0]) \(line[1])")
    }
  }

  @Test func undefinedBytesOfWindows1252AreReplacedAndTold() throws {
    let (text, defects) = try decoded([0x81, 0x80, 0x9D, 0xE5], as: "iso-8859-1")
    #expect(text == "\u{FFFD}€\u{FFFD}å")
    #expect(defects == .invalidBytes)
  }

  @Test func longSingleByteTextIsDecodedInChunks() throws {
    let part = Array("En rad text, ".utf8) + [0xE5, 0xE4, 0xF6, 0x20]
    let many = [[UInt8]](repeating: part, count: 5000).flatMap { $0 }
    let (text, defects) = try decoded(many, as: "latin1")
    #expect(text == String(repeating: "En rad text, åäö ", count: 5000))
    #expect(defects.isEmpty)
    let high = [UInt8](repeating: 0x80, count: 40_000)
    #expect(try decoded(high, as: "cp1252").text == String(repeating: "€", count: 40_000))
  }

  @Test func ukrainianKOI8HasTheBelarusianLetter() throws {
    #expect(try decoded([0xAE, 0xBE, 0xA4], as: "koi8-u").text == "ўЎє")
  }

  @Test func aByteOrderMarkIsNotText() throws {
    #expect(try decoded([0xEF, 0xBB, 0xBF, 0x61], as: "utf-8").text == "a")
    #expect(try decoded([0x61, 0xEF, 0xBB, 0xBF], as: "utf-8").text == "a\u{FEFF}")
    let out = ByteBuffer()
    _ = [0xEF, 0xBB, 0xBF, 0x62].withByteView { Charset.decodeUnlabelled($0, into: out) }
    #expect(out.string == "b")
  }

  @Test func overlongSlashIsNoSlash() throws {
    let (text, defects) = try decoded([0xC0, 0xAF, 0xED, 0xA0, 0x80, 0xF5, 0x80], as: "utf-8")
    #expect(!text.utf8.contains(47))
    #expect(defects == .invalidBytes)
  }

  @Test(
    arguments: [
      ([0x63, 0x61, 0x66, 0xE9], "café", CharsetDefects.guessed),
      ([0x63, 0x61, 0x66, 0xC3, 0xA9], "café", []),
      ([0x68, 0x69], "hi", []),
      ([0xC3, 0xA5, 0x20, 0xE2, 0x82], "å \u{FFFD}", .invalidBytes),
      ([0xE5, 0x81], "å\u{FFFD}", [.guessed, .invalidBytes]),
      ([], "", []),
    ] as [([UInt8], String, CharsetDefects)])
  func bytesWithoutLabelAreUTF8ElseWindows1252(
    input: [UInt8], text: String, defects: CharsetDefects
  ) {
    let out = ByteBuffer()
    let found = input.withByteView { Charset.decodeUnlabelled($0, into: out) }
    #expect(out.string == text)
    #expect(found == defects)
  }

  @Test func highBytesUnderAnASCIILabelAreGuessed() throws {
    #expect(try decoded("plain", as: "us-ascii").defects.isEmpty)
    #expect(try decoded("å", as: "us-ascii") == ("å", .guessed))
    #expect(try decoded([0xE5], as: "ascii") == ("å", .guessed))
  }

  @Test func theOrderOfUTF16IsFoundFromItsZeros() throws {
    #expect(try decoded([0x61, 0, 0x62, 0], as: "utf-16").text == "ab")
    #expect(try decoded([0, 0x61, 0, 0x62], as: "utf-16").text == "ab")
    #expect(try decoded([0x30, 0x42], as: "utf-16").text == "あ")
    #expect(try decoded([0xFF, 0xFE, 0x61, 0], as: "utf-16be").text == "a")
    #expect(try decoded([0x61, 0, 0x62], as: "utf-16le") == ("a\u{FFFD}", .invalidBytes))
  }

  @Test func plainASCIIUnderAUTF16LabelStaysLegible() throws {
    let text = "This text was recoded on its way and kept its label."
    #expect(try decoded(text, as: "utf-16le") == (text, .guessed))
  }

  @Test(arguments: [
    ("+ADw-script+AD4-", "<script>", true), ("a +- b", "a + b", true), ("1 + 1", "1 + 1", false),
    ("+2D0-x", "\u{FFFD}x", false), ("end +", "end +", false), ("+AGEA", "a", false),
    ("+AGE.x", "a.x", true),
  ])
  func utf7IsText(input: String, text: String, isClean: Bool) throws {
    let (out, defects) = try decoded(input, as: "unicode-1-1-utf-7")
    #expect(out == text)
    #expect(defects.isEmpty == isClean)
  }

  @Test func mailboxNamesAreModifiedUTF7() {
    let out = ByteBuffer()
    let defects = "&AMU-ngrat & &- +".withByteView { Charset.mailboxName.decode($0, into: out) }
    #expect(out.string == "Ångrat & & +")
    #expect(defects == .invalidBytes)
  }

  @Test func stateOfISO2022BeginsAnewInEachCall() throws {
    #expect(try decoded("\u{1B}$B$\"", as: "iso-2022-jp").text == "あ")
    #expect(try decoded(" tail", as: "iso-2022-jp") == (" tail", []))
    #expect(try decoded("\u{1B}$B$\"\n$\"\u{1B}(B x", as: "iso-2022-jp").text == "あ\nあ x")
  }

  @Test func vendorRowsOfISO2022JPAreRead() throws {
    #expect(try decoded("\u{1B}$B-!-j\u{1B}(B", as: "iso-2022-jp-ms") == ("①㈱", []))
    #expect(try decoded("\u{1B}(I1\u{1B}(J\\~\u{1B}(B\\~", as: "iso-2022-jp").text == "ｱ¥‾\\~")
    let (text, defects) = try decoded("\u{1B}$Bz\u{1B}(Bb\u{1B}[0m", as: "iso-2022-jp")
    #expect(text == "\u{FFFD}b\u{FFFD}[0m")
    #expect(defects == .invalidBytes)
  }

  @Test func anUndefinedPairIsOneReplacementAndLeavesTheRestInStep() throws {
    #expect(try decoded([0xC9, 0xA1, 0xB0, 0xA1], as: "euc-kr") == ("\u{FFFD}가", .invalidBytes))
    #expect(try decoded([0xA4, 0x3C, 0x62], as: "euc-jp") == ("\u{FFFD}<b", .invalidBytes))
    #expect(try decoded([0x61, 0x82], as: "shift_jis") == ("a\u{FFFD}", .invalidBytes))
    #expect(try decoded([0x80, 0x31], as: "gbk") == ("€1", []))
    #expect(try decoded([0xA3, 0xE1, 0xA2, 0xCC], as: "big5") == ("€十", []))
  }

  @Test func heldBackBig5LettersComeBeforeWhatFollows() throws {
    #expect(try decoded([0x88, 0x66, 0xFF, 0x61], as: "big5").text == "Ê\u{FFFD}a")
    #expect(try decoded([0x88, 0x66], as: "big5").text == "Ê")
  }

  @Test(.seeded) func everyCharsetMakesValidUTF8OfAnyBytes() {
    var numbers = SeededNumbers(2047)
    func random() -> UInt64 { numbers.next() }
    // Bytes that open, switch or close something in one of the sets.
    let telling: [UInt8] = [
      0x1B, 0x24, 0x28, 0x42, 0x7E, 0x7B, 0x2B, 0x2D, 0x8E, 0x8F, 0x81, 0x30, 0xFF, 0,
    ]
    for id in (0...22).map(UInt8.init) + (64...119).map(UInt8.init) + [255] {
      let out = ByteBuffer()
      for _ in 0..<200 {
        let input = (0..<random() % 40).map { _ in
          random() % 3 == 0
            ? telling[Int(random() % UInt64(telling.count))] : UInt8(truncatingIfNeeded: random())
        }
        out.removeAll()
        _ = input.withByteView { Charset(id: id).decode($0, into: out) }
        #expect(UTF8Text.look(at: out.view) == .valid, "\(id) \(input)")
        #expect(out.count <= 3 * input.count + 64)
      }
    }
  }

  @Test(.slow) func hostileAmountsTakeLinearTime() throws {
    for (piece, label) in [
      ("\u{1B}$B$\"\u{1B}(Ba", "iso-2022-jp"), ("\u{1B}$B\u{1B}(B", "iso-2022-jp"),
      ("+AGE-b", "utf-7"),
    ] {
      try expectLinear(repeating: piece, bytes: 100_000) { _ = try decoded($0, as: label) }
    }
    let escapes = String(repeating: "\u{1B}$B\u{1B}(B", count: 100_000) + "ok"
    #expect(try decoded(escapes, as: "iso-2022-jp").text == "ok")
    for label in [
      "gb18030", "big5", "euc-jp", "shift_jis", "euc-kr", "iso-2022-jp", "euc-tw", "johab",
      "viscii", "utf-7", "utf-8", "utf-16", "koi8-r", "iso-2022-kr", "hz",
    ] {
      let charset = try #require(label.withByteView { Charset.named($0) })
      expectLinear(
        60_000, "\(label)",
        make: { n in
          (0..<n).map { UInt8(truncatingIfNeeded: 0x80 | $0 &* 2_654_435_761 >> 7) }
        }
      ) { garbage in
        let out = ByteBuffer()
        _ = garbage.withByteView { charset.decode($0, into: out) }
        #expect(out.count <= 3 * garbage.count + 64, "\(label)")
      }
    }
  }
}
