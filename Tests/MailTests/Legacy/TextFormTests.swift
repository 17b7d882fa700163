import Bytes
import TestSupport
import Testing

@testable import Mail

@Suite struct FlowedTextReading {
  private func unflow(_ s: String, delSp: Bool = false) -> String {
    let out = ByteBuffer()
    s.withByteView { FlowedText.unflow($0, delSp: delSp, into: out) }
    return out.string
  }

  @Test(arguments: [
    ("one \ntwo\nthree\n", "one two\nthree\n"),
    ("one \r\ntwo\r\n", "one two\n"),
    (" From here\n >no quote\n", "From here\n>no quote\n"),
    ("> a \n> b\n>> c \n> d\ne\n", "> a b\n>> c \n> d\ne\n"),
    (">a\n> b", "> a\n> b"),
    ("text \n-- \nBob\n", "text \n-- \nBob\n"),
    ("> x \n> -- \n> Bob\n", "> x \n> -- \n> Bob\n"),
    (" \nx\n", "\nx\n"),
    ("\n\na\n", "\n\na\n"),
    (">\n> a\n", ">\n> a\n"),
    ("", ""),
  ])
  func joinsSoftBreaks(_ source: String, _ expected: String) {
    #expect(unflow(source) == expected)
  }

  @Test func delSpTakesTheSpaceAway() {
    #expect(unflow("これは \n長い\n", delSp: true) == "これは長い\n")
    #expect(unflow("-- \nBob\n", delSp: true) == "-- \nBob\n")
  }
}

@Suite struct EncodedBlockReading {
  private func blocks(_ s: String) -> [(kind: EncodedBlock.Kind, name: String, data: String)] {
    s.withByteView { v in
      var found: [(kind: EncodedBlock.Kind, name: String, data: String)] = []
      EncodedBlock.scan(v) { b in
        let out = ByteBuffer()
        _ =
          b.kind == .yEnc
          ? YEnc.decode(v[b.data], into: out) : UUEncode.decode(v[b.data], into: out)
        found.append((b.kind, v[b.name].string, out.string))
      }
      return found
    }
  }

  static let cat = "begin 644 cat.txt\n#0V%T\n`\nend\n"

  @Test func wholeUuencodedBlocksAreFoundAndDecoded() {
    let found = blocks("Hello\n" + Self.cat + "bye\n" + Self.cat.replacing("\n", with: "\r\n"))
    #expect(found.map(\.name) == ["cat.txt", "cat.txt"])
    #expect(found.map(\.data) == ["Cat", "Cat"])
  }

  @Test func theBlockHasItsPlaceInTheText() {
    ("Hi\n" + Self.cat + "bye").withByteView { v in
      EncodedBlock.scan(v) { b in
        #expect(v[b.range].string == Self.cat)
        #expect(v[b.data].string == "#0V%T\n`\n")
      }
    }
  }

  @Test(arguments: [
    "begin 644 cat.txt\n#0V%T\n`\n", "begin 64 cat.txt\n`\nend\n", "begin 648 cat.txt\n`\nend\n",
    "begin 644 \n`\nend\n", "begin 644 the work\nwe are done\nend\n",
    "begin 644 x\nM0V%T\nend\n", "begin 644 x\n#0V%T0V%T0V%T\nend\n", "xbegin 644 x\n`\nend\n",
  ])
  func whatIsNoWholeBlockIsText(_ text: String) {
    #expect(blocks(text).isEmpty)
  }

  @Test func spacesLostAtLineEndsAreZeros() {
    #expect(blocks("begin 644 z\n#0V\nend\n").first?.data == "C`\u{0}")
  }

  @Test func yEncBlocksAreFoundAndDecoded() {
    let data = String(decoding: "CAT=".utf8.map { $0 &+ 42 }, as: UTF8.self)
    let found = blocks(
      "x\n=ybegin line=128 size=99999999999 name=a b.txt\r\n\(data)\r\n=}\n=yend size=3\nrest")
    #expect(found.map(\.name) == ["a b.txt"])
    #expect(found.first?.data == "CAT=\u{13}")
  }

  @Test func yEncWithoutEndIsText() {
    #expect(blocks("=ybegin line=128 size=3 name=x\nmkt\n").isEmpty)
    #expect(blocks("=ybegin nothing\n=yend\n").isEmpty)
  }

  @Test func aStatedSizeIsNeverBelieved() {
    "=ybegin line=128 size=184467440737095516160 name=x\nm\n=yend\n".withByteView { v in
      EncodedBlock.scan(v) { #expect($0.statedSize == -1) }
    }
  }

  @Test(
    .slow,
    arguments: ["begin 644 x\n", "begin 644 x\n`\n", "=ybegin line=1 name=x\n", "=y", "b\n"])
  func scanningIsLinear(_ piece: String) {
    expectLinear(
      62_500, make: { String(repeating: piece, count: $0 / piece.utf8.count) }
    ) { _ = blocks($0) }
  }
}
