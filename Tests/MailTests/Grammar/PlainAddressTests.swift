import Bytes
import Testing

@testable import Mail

private struct Read: Equatable {
  var addresses: [String]
  var defects: UInt64
}

private func read(
  _ value: String, _ parse: (ByteView, ByteBuffer, ReusedList<MailAddress>) -> HeaderDefects
)
  -> Read
{
  let text = ByteBuffer()
  let list = ReusedList<MailAddress>()
  let defects = value.withByteView { parse($0, text, list) }
  return Read(
    addresses: list.map {
      "\(text[$0.name].string)|\(text[$0.address].string)|\($0.validity)"
    }, defects: defects.rawValue)
}

@Suite struct PlainAddressFields {
  private static let pieces = [
    "a@b.example", "Ann <ann@client.example>", "Ann B. Smith <ann@client.example>",
    "\"Smith, Ann\" <a.b-c_d+e@mail.client.example>", "<x@y.example>", "root@localhost",
    "O'Neil & Sons <o@n.example>", "\"A/B+C\" <q@r.example>", "a..b@c.example", "a@b..c", ".a@b.c",
    "a@b.", "a@-b.example", "Ann  Smith <a@b.example>", "Ann<a@b.example>", "\"Ann\"<a@b.example>",
    "Ann <a@b.example> x", "a@b (Ann)", "Ann", "", " ", "Ann <a@b", "a@b@c",
    "=?utf-8?q?x?= <a@b.c>",
    "Grüße <a@b.c>", "\"a\\\"b\" <c@d.e>", "\" Ann\" <c@d.e>", "\"Ann \" <c@d.e>", "\"\" <c@d.e>",
    "Team: a@b.c;", "mailto:a@b.c", "a_b@c_d.example", "1@2.3", "Ann <ann@client.example>\r\n ",
    "Ann\r\n <a@b.example>", "\"x@y\" <a@b.example>", "x@y <a@b.example>", "-a@b.example",
    "a-@b.example",
    "Ann. <a@b.example>", ". <a@b.example>", "_ <a@b.example>", "'a@b.example'",
    "'Ann' <a@b.example>",
    "\"'Ann'\" <a@b.example>", "a@\(String(repeating: "b", count: 260)).example",
    "\(String(repeating: "l", count: 65))@b.example",
    "\(String(repeating: "l", count: 64))@b.example",
    "via <a@b.example>", "A.B <a@b.example>", "\"Ann,\" <a@b.example>", "&'- <a@b.example>",
  ]

  @Test func theFastPathReadsWhatTheFullParserReads() {
    let parser = AddressParser()
    var values = Self.pieces
    for a in Self.pieces {
      for b in Self.pieces {
        values.append(a + ", " + b)
        values.append(a + ",\r\n\t" + b)
        values.append(a + "," + b)
      }
    }
    var plain = 0
    for value in values {
      for authors in [false, true] {
        let fast = read(value) { parser.parse($0, text: $1, into: $2, authors: authors) }
        let full = read(value) { parser.parseFully($0, text: $1, into: $2, authors: authors) }
        #expect(fast == full, "\(value)")
      }
      value.withByteView { v in
        let list = ReusedList<MailAddress>()
        if AddressParser.parsePlain(v, text: ByteBuffer(), into: list) { plain += 1 }
      }
    }
    #expect(plain > 500)
  }

  @Test func aValueThatIsNotPlainLeavesNothingBehind() {
    "Ann <a@b.example>, (comment) c@d.example".withByteView { v in
      let text = ByteBuffer()
      text.append("before" as StaticString)
      let list = ReusedList<MailAddress>()
      let isPlain = AddressParser.parsePlain(v, text: text, into: list)
      #expect(!isPlain)
      #expect(list.isEmpty)
      #expect(text.string == "before")
    }
  }
}
