import Testing

@testable import Bytes

@Suite struct Base64StreamEnds {
  /// What stands in a body, and what is decoded of it.
  static let cases: [(body: String, text: String)] = [
    ("SGVsbG8=\n", "Hello"), ("SGVsbG8=\r\n\r\n", "Hello"), ("SGVsbG8=  \n\t\n", "Hello"),
    // streams in a row, on one line, on two, and padding that is too long
    ("SGVsbG8=V29ybGQ=", "HelloWorld"), ("SGVsbG8=\r\nV29ybGQ=\r\n", "HelloWorld"),
    ("SGVsbG8===\n\n\nV29ybGQ=\nIQ==\n", "HelloWorld!"), ("SGVsbG8=\nV29ybGQ=", "HelloWorld"),
    ("SGVsbG8=\nV29\nybGQ=\n", "HelloWorld"), ("SGVsbG8=\nV29ybGQ= \n", "HelloWorld"),
    // text that was put below, or behind
    ("SGVsbG8=\n-- \nfooter\n", "Hello"), ("SGVsbG8=\nSent from my phone\nV29ybGQ=\n", "Hello"),
    ("SGVsbG8= ignored\nV29ybGQ=\n", "Hello"), ("SGVsbG8=\nIQ==\n____\nV29ybGQ=\n", "Hello!"),
    ("SGVsbG8=\n\n\n* footer", "Hello"),
    // without padding foreign bytes are only skipped
    ("SGVs\n*bG8\n", "Hello"),
  ]

  private func decode(_ body: String, pieces: Int) -> (String, Bool) {
    let out = ByteBuffer()
    var decoder = Base64Decoder()
    body.withByteView { v in
      var i = 0
      while i < v.count {
        decoder.decode(v.slice(i, i + pieces), into: out)
        i += pieces
      }
    }
    decoder.finish(into: out)
    return (out.string, decoder.isDirty)
  }

  @Test(arguments: cases)
  func aStreamEndsWhereTextFollows(c: (body: String, text: String)) {
    #expect(decode(c.body, pieces: 10_000).0 == c.text)
  }

  @Test(arguments: cases, [1, 2, 3, 5, 7])
  func piecesMakeNoDifference(c: (body: String, text: String), size: Int) {
    #expect(decode(c.body, pieces: size) == decode(c.body, pieces: 10_000))
  }

  @Test func aVeryLongLineBehindPaddingIsBase64() {
    let long = String(repeating: "QUJD", count: 5000)
    #expect(decode("IQ==\n\(long)", pieces: 999).0 == "!" + String(repeating: "ABC", count: 5000))
  }
}
