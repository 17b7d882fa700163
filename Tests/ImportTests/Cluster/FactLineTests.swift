import Bytes
import JSONText
import Rules
import TestSupport
import Testing

@testable import Import

/// Facts on their way through lines of JSON.
@Suite(.seeded) struct FactLineTests {
  private func read<T: FactFields>(_ text: ByteBuffer, as: T.Type = T.self) -> (T, Bool) {
    let document = JSONDocument.parse(text.view)
    var value = T()
    guard let root = document.root else { return (value, false) }
    let scratch = ByteBuffer()
    var reader = FactJSONReader(root, scratch: scratch)
    value.walk(&reader)
    return (value, !reader.isDamaged)
  }

  private func write(_ value: some FactFields) -> ByteBuffer {
    var value = value
    let out = ByteBuffer()
    out.append("{")
    var writer = FactJSONWriter(out)
    value.walk(&writer)
    out.append("}")
    return out
  }

  private func source(_ n: inout SeededNumbers) -> SourceFact {
    var f = SourceFact()
    f.path = ["", "a/b.mbox", "Grüße \"x\"\n", "\u{1}"][n.below(4)]
    f.kind = "mbox"
    f.owner = ["", "sam"][n.below(2)]
    f.user = n.below(3) - 1
    if n.below(2) == 0 { f.ownerNote = ["", "guessed"][n.below(2)] }
    f.rank = n.below(1 << 25)
    f.files = n.below(5)
    f.part.from = n.below(1 << 40)
    f.part.to = n.below(1 << 40)
    f.size = n.below(1 << 40)
    if n.below(2) == 0 { f.look.modified = Int64(bitPattern: n.next()) }
    if n.below(2) == 0 {
      f.look.fingerprint = Digest(words: (n.next(), n.next(), n.next(), n.next()))
    }
    f.items = n.below(1 << 30)
    f.found.doubtful = (0..<n.below(4)).map { _ in n.below(100) }
    f.notes = (0..<n.below(3)).map { "note \($0)" }
    return f
  }

  @Test("what is said of a source comes back from its line, whatever it is")
  func sources() {
    var n = SeededNumbers(11)
    for _ in 0..<2000 {
      let fact = source(&n)
      let (back, isWhole) = read(write(fact), as: SourceFact.self)
      #expect(isWhole && back == fact)
    }
  }

  @Test("members in any order, unknown ones among them, are read alike")
  func order() {
    let text = ByteBuffer()
    text.append(#"{"x":{"y":[1]},"index":7,"from":3,"file":null,"source":"ab"}"#)
    let (place, isWhole) = read(text, as: FactPlace.self)
    #expect(isWhole && place == FactPlace(source: "ab", file: 0, from: 3, index: 7))
  }

  @Test(
    "a member of another kind makes the fact damaged",
    arguments: [
      #"{"source":7}"#, #"{"index":"7"}"#, #"{"index":1.5}"#, #"{"file":99999999999999999999}"#,
      #"{"source":["a"]}"#,
    ])
  func kinds(text: String) {
    let buffer = ByteBuffer()
    buffer.append(string: text)
    #expect(!read(buffer, as: FactPlace.self).1)
  }

  @Test("base64 of any bytes comes back")
  func base64() {
    var n = SeededNumbers(12)
    for length in 0..<200 {
      let bytes = (0..<length).map { _ in UInt8(n.below(256)) }
      let text = ByteBuffer()
      bytes.withByteView { Base64.encode($0, into: text) }
      #expect(text.count == (length + 2) / 3 * 4)
      let back = ByteBuffer()
      #expect(Base64Decoder.decode(text.view, into: back))
      #expect(back.array == bytes)
    }
  }

  @Test("parts of a file that follow each other are one file, whatever parts there are beside them")
  func parts() throws {
    func part(_ from: Int, _ to: Int, _ items: Int, size: Int = 100) -> SourceFact {
      var f = SourceFact()
      f.path = "a.mbox"
      f.kind = "mbox"
      f.size = size
      f.part.from = from
      f.part.to = to
      f.items = items
      return f
    }
    let whole = part(0, 100, 9)
    let cut = [part(0, 30, 2), part(30, 60, 0), part(60, 100, 7)]
    for parts in [cut, cut.reversed(), cut + cut, cut + [whole], cut + [part(30, 100, 7)], [whole]]
    {
      let sources = try FactSources(parts)
      #expect(sources.facts.count == 1 && sources.facts[0].items == 9)
      #expect(
        sources.position(FactPlace(source: whole.name.text, from: parts[0].part.from, index: 1))
          != nil)
    }
    let sources = try FactSources(cut)
    #expect(sources.position(FactPlace(source: whole.name.text, from: 60, index: 3))?.index == 5)
    #expect(sources.position(FactPlace(source: whole.name.text, from: 61, index: 3)) == nil)
    #expect(sources.position(FactPlace(source: "elsewhere")) == nil)
    for missing in [[cut[0], cut[2]], [cut[1], cut[2]], [cut[0], cut[1]], [part(1, 100, 9)]] {
      #expect(throws: RunError.self) { try FactSources(missing) }
    }
    // The file grew between two maps.
    #expect(throws: RunError.self) { try FactSources([cut[0], part(30, 110, 7, size: 110)]) }
  }
}
