import Bytes
import Testing

@testable import JSONText

func document(_ text: String, _ dialect: JSONDialect = .strict) -> JSONDocument {
  text.withByteView { JSONDocument.parse($0, dialect: dialect) }
}

@Suite struct JSONReading {
  @Test func valuesOfEveryKindAreRead() throws {
    let root = try #require(
      document(
        #"{"a":[1,-2,3.5e2,true,false,null],"b":{"c":"x\u00e4\ud83d\ude00\n\/"},"e":[],"f":{}}"#
      ).root)
    let a = try #require(root.member("a"))
    #expect(a.count == 6)
    let items = Array(a.elements)
    #expect(items.map(\.kind) == [.number, .number, .number, .true, .false, .null])
    #expect(items[0].int == 1)
    #expect(items[1].int == -2)
    #expect(items[2].int == nil)
    #expect(items[2].double == 350)
    #expect(items[3].bool == true)
    #expect(root.member("b")?.member("c")?.string == "xä😀\n/")
    #expect(root.member("e")?.count == 0)
    #expect(root.members.map { $0.key.string ?? "" } == ["a", "b", "e", "f"])
    #expect(root.member("nothing") == nil)
  }

  @Test(arguments: [
    "", " ", "{", "[", "[1", "[1,]", "{\"a\":1,}", "{a:1}", "{'a':1}", "[1 2]", "{\"a\" 1}",
    "{\"a\":}", "nul", "truex", "NaN", "01", "1.", "1e", "-", "+1", ".5", "\"abc", "\"a\nb\"",
    "\"\\x\"", "\"\\u12g4\"", "[] x", "[]]", "// c\n1", "/* c */1", "\u{FEFF}1", "}", "]", ",",
    "{,}", "[,]", "\"\\", "{\"a\":1 \"b\":2}",
  ])
  func brokenTextsAreRefused(_ text: String) {
    let d = document(text)
    #expect(d.root == nil)
    #expect(d.isBroken)
    #expect(d.faults.count == 1)
  }

  @Test func commentsTrailingCommasAndByteOrderMarkAreTakenInConfigurations() throws {
    let text =
      "\u{FEFF}// one\n{ /* two */ \"a\": [1, 2, /* x */ ], // three\r\n \"b\": 1,}\n// end"
    let d = document(text, .config)
    #expect(d.faults.isEmpty)
    #expect(d.root?.member("a")?.count == 2)
    #expect(d.root?.member("b")?.int == 1)
    #expect(document("1 /* open", .config).isBroken)
    #expect(document("[1,,2]", .config).isBroken)
  }

  @Test func everyDuplicateNameIsTold() {
    #expect(document(#"{"a":1,"b":{"x":1,"x":2},"a":3}"#).faults.map(\.offset) == [18, 25])
    let many = "{" + (0..<40).map { "\"k\($0)\":0" }.joined(separator: ",") + ",\"k\\u0037\":1}"
    #expect(document(many).faults.count == 1)
    #expect(document(#"{"a":{"x":1},"b":{"x":1}}"#).faults.isEmpty)
  }

  @Test func loneSurrogatesAndInvalidBytesAreFaultsWithTheirPlace() {
    #expect(document(#"["\ud800x"]"#).faults.map(\.offset) == [2])
    #expect(document(#"["\udc00\ud800"]"#).faults.count == 2)
    let bytes: [UInt8] = [91, 34, 77, 0xFC, 34, 93]
    let d = bytes.withByteView { JSONDocument.parse($0) }
    #expect(d.faults.map(\.offset) == [3])
    #expect(d.root != nil)
  }

  @Test func nulInAStringIsReported() throws {
    let root = try #require(document(#"["a\u0000b","ab"]"#).root)
    #expect(Array(root.elements).map(\.hasNUL) == [true, false])
  }

  @Test func depthIsCappedAt64() {
    func nested(_ n: Int) -> JSONDocument {
      document(String(repeating: "[", count: n) + String(repeating: "]", count: n))
    }
    #expect(nested(64).root != nil)
    #expect(nested(65).isBroken)
    #expect(document(String(repeating: "{\"a\":", count: 100_000)).isBroken)
  }

  @Test func numbersBeyondTheirRangeAreNotRead() throws {
    let root = try #require(
      document("[123456789012345678901234567890,1e400,1.0,999999999999999999]").root)
    let items = Array(root.elements)
    #expect(items.map(\.int) == [nil, nil, nil, 999_999_999_999_999_999])
    #expect(items[1].double == nil)
  }

  @Test(arguments: [
    ("{\n  \"a\": x\n}", 2, 8), ("[\r\n\r\n x]", 3, 2), ("[\r x]", 2, 2), ("[\"åäö\", x]", 1, 9),
  ])
  func placesAreLinesAndColumnsFrom1(_ text: String, _ line: Int, _ column: Int) throws {
    let fault = try #require(document(text).faults.first)
    let place = text.withByteView { TextPosition(offset: fault.offset, in: $0) }
    #expect(place == TextPosition(line: line, column: column))
  }

  @Test func anArrayIsReadElementByElement() {
    func read(_ text: String) -> (elements: Int, faults: Int) {
      text.withByteView { v in
        var r = JSONArrayReader(v)
        var n = 0
        while r.next() != nil { n += 1 }
        return (n, r.faults.count)
      }
    }
    #expect(read("[{\"a\":1},2,[3]]") == (3, 0))
    #expect(read(" [ ] ") == (0, 0))
    #expect(read("[1] x") == (1, 1))
    #expect(read("[1,2") == (2, 1))
    #expect(read("[1,]") == (1, 1))
    #expect(read("{\"a\":1}") == (0, 1))
    #expect(read("") == (0, 1))
    #expect(read("[{\"a\":1,\"a\":2},3]") == (2, 1))
  }
}

@Suite struct JSONWriting {
  @Test func whatIsWrittenIsReadBack() throws {
    let source =
      #"{"a":[1,-2,3.5e2,true,false,null,[],{}],"b":{"c":"x","d":[{"e":[]}]},"f":"\u0000\"\\"}"#
    let out = ByteBuffer()
    try #require(document(source).root).write(to: JSONWriter(out))
    #expect(out.string == source)
    let pretty = ByteBuffer()
    JSONWriter.appendPretty(out.view, to: pretty)
    let again = ByteBuffer()
    try #require(document(pretty.string).root).write(to: JSONWriter(again))
    #expect(again.string == source)
  }

  @Test func linesOfRecordsNeedNoReset() {
    let out = ByteBuffer()
    let w = JSONWriter(out)
    for i in 0..<2 {
      w.beginObject()
      w.key("i")
      w.number(i)
      w.key("s")
      w.string("{")
      w.key("l")
      w.beginArray()
      w.string(",")
      w.bool(true)
      w.endArray()
      w.endObject()
      out.append(ASCII.lf)
    }
    #expect(
      out.string
        == "{\"i\":0,\"s\":\"{\",\"l\":[\",\",true]}\n{\"i\":1,\"s\":\"{\",\"l\":[\",\",true]}\n")
  }

  @Test func everyByteAtEveryPlaceIsEscapedRight() {
    // Each ASCII byte at each offset of a 40-byte text, against the plain definition.
    for c in UInt8(0)...127 {
      for at in stride(from: 0, to: 40, by: 3) {
        var text = [UInt8](repeating: 0xC3, count: 0)
        for i in 0..<20 { text += i % 2 == 0 ? [0xC3, 0xA4] : [97, 98] }
        text.insert(c, at: at / 2 * 2)
        let out = ByteBuffer(capacity: 16)
        text.withByteView { JSONWriter.appendString($0, to: out) }
        let expected =
          "\"" + String(decoding: text, as: UTF8.self).unicodeScalars.map(plain).joined() + "\""
        #expect(out.string == expected)
      }
    }
  }

  private func plain(_ s: UnicodeScalar) -> String {
    switch s.value {
    case 34: "\\\""
    case 92: "\\\\"
    case 8: "\\b"
    case 9: "\\t"
    case 10: "\\n"
    case 12: "\\f"
    case 13: "\\r"
    case 0..<16: "\\u000" + String(s.value, radix: 16)
    case 16..<32: "\\u00" + String(s.value, radix: 16)
    default: String(s)
    }
  }

  @Test func longTextsOfNothingButEscapesFit() {
    let text = [UInt8](repeating: 1, count: 10_000)
    let out = ByteBuffer(capacity: 16)
    text.withByteView { JSONWriter.appendString($0, to: out) }
    #expect(out.count == 60_002)
  }
}
