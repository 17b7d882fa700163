import Bytes
import Mail
import Testing

@testable import Mailboxes

@Suite struct `A message loader` {
  /// What a loader makes of an mbox: the texts of its messages, or why there is none.
  private func load(_ text: String, limit: Int = 64 << 20) throws -> [String] {
    let tree = TemporaryTree()
    let found = try #require(walk(tree.write("a.mbox", text)).sources.first)
    let source = MessageSource(found, limit: limit)
    let loader = MessageLoader()
    var told: [String] = []
    while let batch = source.next() {
      for entry in batch.entries {
        if let fault = loader.load(entry, of: batch, from: found) {
          told.append("! \(fault)")
        } else {
          let message = loader.reader.message
          told.append(
            message.text[message.messageID].string + " "
              + loader.reader.readableText().trimmed().string)
        }
      }
      batch.recycle()
    }
    return told
  }

  private let line = "From a@b.example Mon Mar  2 10:00:00 2026\n"

  @Test func `undoes the mailbox's quoting`() throws {
    let text = "\(line)Message-ID: <1>\n\n>From here\n>>From there\n\n\(line)Message-ID: <2>\n\nb\n"
    #expect(try load(text) == ["1 From here\n>From there", "2 b"])
  }

  @Test func `reads what is too large to be held from its file`() throws {
    let big = String(repeating: "A line of a long text.\n", count: 60_000)
    let text =
      "\(line)Message-ID: <1>\n\na\n\n\(line)Message-ID: <2>\n\n\(big)\n\(line)Message-ID: <3>\n\nc\n"
    let told = try load(text, limit: 1 << 20)
    #expect(told.count == 3 && told[0] == "1 a" && told[2] == "3 c")
    #expect(told[1].hasPrefix("2 A line of") && told[1].utf8.count > 1_300_000)
  }

  @Test func `says why something is no message`() throws {
    #expect(try load("\(line)\n\n\(line)Message-ID: <2>\n\nb\n") == ["! empty", "2 b"])
    #expect(
      try load("\(line)Message-ID: <1>\n\na\n\n\(line)Message-ID: <2>\nSubj") == [
        "1 a", "! cutOff",
      ])
  }

  @Test func `hands out the bodies of a large message`() throws {
    let body = String(repeating: "QUJD", count: 400_000)
    let tree = TemporaryTree()
    let head = "Message-ID: <1>\nContent-Type: application/x\nContent-Transfer-Encoding: base64\n\n"
    let path = tree.write("a.mbox", line + head + body + "\n")
    let found = try #require(walk(path).sources.first)
    let source = MessageSource(found, limit: 1 << 20)
    let loader = MessageLoader()
    let batch = try #require(source.next())
    let entry = try #require(batch.entries.first)
    #expect(loader.load(entry, of: batch, from: nil) == .unknownSource)
    #expect(loader.load(entry, of: batch, from: found) == nil)
    var count = 0
    #expect(try loader.large?.extract(0) { count += $0.count } == true)
    #expect(count == 1_200_000)
    loader.forget()
    #expect(loader.bytes.isEmpty && loader.large == nil)
  }
}
