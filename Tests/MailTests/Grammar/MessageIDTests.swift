import Bytes
import Mail
import TestSupport
import Testing

@Suite struct MessageIDTests {
  @Test(arguments: [
    ("<a@b>", "a@b"), ("  <a@b> \r\n", "a@b"), ("(c) <a@b> (d)", "a@b"), ("a@b", "a@b"),
    ("a@b (comment)", "a@b"), ("(comment) a@b", "a@b"), ("< a@b >", "a@b"), ("<a@b", "a@b"),
    ("<abc\r\n def@x>", "abcdef@x"), ("<[x.1@mail.example]>", "[x.1@mail.example]"),
    ("<A@B>", "A@B"), ("<\"a b\"@c>", "\"a b\"@c"), ("PM200011:12:45 AM", "PM200011:12:45 AM"),
    ("<>", ""), ("", ""), ("<a@b><c@d>", "a@b"), ("<<a@b>>", "a@b"),
    ("<../../../x@y>", "../../../x@y"), ("<nul\0@x>", "nul\u{FFFD}@x"),
  ])
  func identifiersAreReadWithoutBrackets(value: String, expected: String) {
    #expect(Reading.messageID(Array(value.utf8)) == expected)
  }

  // msgid_nfc.eml, msgid_nfd.eml: compared as bytes, since == on String would call them equal.
  @Test func identifiersAreNotNormalised() {
    let nfc = Reading.messageID(Array("<caf\u{E9}@x>".utf8))
    let nfd = Reading.messageID(Array("<cafe\u{301}@x>".utf8))
    #expect(Array(nfc.utf8) != Array(nfd.utf8))
    #expect(Array(nfc.utf8) == Array("caf\u{E9}@x".utf8))
  }

  @Test func foreignBytesBecomeUTF8AndStayDifferent() {
    let a = Reading.messageID([0x3C, 0xE9, 0x40, 0x78, 0x3E])
    let b = Reading.messageID([0x3C, 0xE8, 0x40, 0x78, 0x3E])
    #expect(a == "é@x")
    #expect(b == "è@x")
  }

  @Test(arguments: [
    ("<a@b> <c@d>", ["a@b", "c@d"]), ("<a@b><c@d>\r\n\t<e@f>", ["a@b", "c@d", "e@f"]),
    ("<a@b>,<c@d>", ["a@b", "c@d"]), ("a@b", ["a@b"]), ("a@b c@d", []), ("null", []),
    ("<null> <a@b>", ["a@b"]), ("<> <a@b>", ["a@b"]), ("", []),
    ("Your message of \"Tue, 20 Aug 2002 22:51:52 EDT.\"\n    <1@x.example>", ["1@x.example"]),
    ("Message from Ann <ann@x.example> of \"Tue, 6 Aug 2002\"\n <1@x.example>", ["1@x.example"]),
    ("Message from\n \"Ann\"\n <ann@x.example> of\n \"Tue\"", []),
    ("<1@x.example>; from ann@x.example on Fri, Aug 09, 2002", ["1@x.example"]),
    ("ann@x.example's message of \"Wed, 24 Jul 2002\"", []),
    ("<1@x.example> on Monday", ["1@x.example"]),
  ])
  func referencesAreWhatStandsInBrackets(value: String, expected: [String]) {
    #expect(Reading.references(value).ids == expected)
  }

  // header_references_2000.eml
  @Test func theFirstAndTheLast99ReferencesAreKept() {
    func chain(_ n: Int) -> String { (0..<n).map { "<\($0)@x>" }.joined(separator: "\r\n ") }
    let whole = Reading.references(chain(100))
    #expect(whole.ids == (0..<100).map { "\($0)@x" })
    #expect(whole.defects.isEmpty)
    for n in [101, 199, 2000] {
      let cut = Reading.references(chain(n))
      #expect(cut.ids == ["0@x"] + ((n - 99)..<n).map { "\($0)@x" })
      #expect(cut.defects == .referencesTruncated)
    }
  }

  @Test(.slow) func hostileAmountsTakeLinearTime() {
    for s in ["<", "(", "<a", "x <a@b> of ", "<a@b> ", "\0"] {
      expectLinear(37_500, "\(s)", make: { String(repeating: s, count: $0) }) {
        _ = Reading.references($0)
      }
      expectLinear(37_500, "\(s)", make: { Array(String(repeating: s, count: $0).utf8) }) {
        _ = Reading.messageID($0)
      }
    }
  }

  @Test func threadIndexesNameTheirConversation() {
    // 6 bytes of time, GUID 00 01 … 0f, and one reply.
    let first = "AQECAwQFAAECAwQFBgcICQoLDA0ODw=="
    let reply = "AQECAwQFAAECAwQFBgcICQoLDA0ODwAAAAAB"
    let out = ByteBuffer()
    let a = first.withByteView { ThreadIndex.parse($0) }
    let b = (" " + reply.prefix(20) + "\r\n " + reply.dropFirst(20)).withByteView {
      ThreadIndex.parse($0)
    }
    a?.appendConversation(to: out)
    #expect(out.string == "000102030405060708090a0b0c0d0e0f")
    #expect(a?.depth == 0)
    #expect(b?.depth == 1)
    #expect(a?.conversation.0 == b?.conversation.0)
    #expect(a?.conversation.1 == b?.conversation.1)
    for bad in ["", "AQECAwQFAAECAwQFBgcICQoLDA0O", "AQECAwQFAAECAwQFBgcICQoLDA0ODwA=", "<a@b>"] {
      #expect(bad.withByteView { ThreadIndex.parse($0) } == nil, "\(bad)")
    }
  }
}
