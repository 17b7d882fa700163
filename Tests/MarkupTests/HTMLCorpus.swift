import Bytes
import Glibc
import TestSupport
import Testing

@testable import Markup

@Suite struct HTMLCorpus {
  /// Words outside tags, comments, scripts, style sheets and titles, by the plainest means.
  private func words(_ html: [UInt8]) -> [[UInt8]] {
    var found: [[UInt8]] = []
    var word: [UInt8] = []
    var i = 0
    func begins(_ s: StaticString, _ at: Int) -> Bool {
      html.withByteView { $0.from(at).hasPrefixIgnoringCase(s) }
    }
    func after(_ s: StaticString, _ at: Int) -> Int {
      html.withByteView { $0.firstRangeIgnoringCase(of: ByteView(s), from: at) ?? html.count }
    }
    while i < html.count {
      let c = html[i]
      if ASCII.isAlphanumeric(c) {
        word.append(c)
        i += 1
        continue
      }
      if !word.isEmpty { found.append(word) }
      word = []
      if c == 0x26 {
        // References are tested elsewhere.
        i += 1
        while i < html.count, ASCII.isAlphanumeric(html[i]) || html[i] == 0x23 { i += 1 }
      } else if begins("<!--", i) {
        i = after("-->", i)
      } else if begins("<script", i) {
        i = after("</script", i)
      } else if begins("<style", i) {
        i = after("</style", i)
      } else if begins("<title", i) {
        i = after("</title", i)
      } else if c == 0x3C {
        var quote: UInt8 = 0
        while i < html.count, quote != 0 || html[i] != 0x3E {
          if quote != 0 {
            if html[i] == quote { quote = 0 }
          } else if html[i] == 0x22 || html[i] == 0x27, html[i - 1] == 0x3D {
            quote = html[i]
          }
          i += 1
        }
      } else {
        i += 1
      }
    }
    return found
  }

  /// Bodies of the mails of a folder that are HTML, not encoded, of ASCII.
  private func bodies(_ folder: String) -> [[UInt8]] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var bodies: [[UInt8]] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard let file = fopen(folder + "/" + name, "rb") else { continue }
      defer { fclose(file) }
      var bytes = [UInt8](repeating: 0, count: 1 << 20)
      let n = fread(&bytes, 1, bytes.count, file)
      bytes.removeLast(bytes.count - n)
      bytes.withByteView { v in
        guard v.isASCII, let end = v.firstRange(of: ByteView("\n\n")) else { return }
        let head = v.prefix(end)
        func says(_ s: StaticString) -> Bool {
          head.firstRangeIgnoringCase(of: ByteView(s)) != nil
        }
        let body = v.from(end + 2)
        func holds(_ s: StaticString) -> Bool {
          body.firstRangeIgnoringCase(of: ByteView(s)) != nil
        }
        guard says("Content-Type: text/html"), !says("base64"), !says("quoted-printable"),
          !holds("display:"), !holds("hidden"), !holds("noscript"), !holds("<iframe")
        else { return }
        bodies.append(body.array)
      }
    }
    return bodies
  }

  @Test(.needsShared, .slow) func everyVisibleWordOfRealMailIsInTheText() throws {
    let shared = try #require(SharedFolder.path)
    let converter = HTMLText()
    let reference = ReferenceText()
    var documents = 0
    var count = 0
    for folder in ["spam-1", "hard-ham-1", "easy-ham-2"] {
      for body in bodies(shared + "/corpus/mail/spamassassin/" + folder) {
        documents += 1
        let out = ByteBuffer()
        let defects = body.withByteView { converter.convert($0, into: out) }
        #expect(defects.isEmpty)
        let same = body.withByteView { reference.convert($0) } == out.string
        #expect(same, "not as libxml2 reads it: document \(documents) in \(folder)")
        var at = 0
        for word in words(body) {
          count += 1
          let hit = word.withByteView { out.view.firstRange(of: $0, from: at) }
          guard let hit, hit - at < 5000 else {
            Issue.record("lost: \(String(decoding: word, as: UTF8.self)) in \(folder)")
            break
          }
          at = hit + word.count
        }
      }
    }
    print("\(documents) documents, \(count) words")
    #expect(documents > 100)
  }
}
