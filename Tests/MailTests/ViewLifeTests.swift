import Bytes
import Testing

@testable import Mail

@Suite struct `Views of a message` {
  private static let ids = (0..<90).map { "<\($0).\(String(repeating: "x", count: 80))@a.example>" }

  @Test func `hold while its ids are read, and those of References while In-Reply-To is`() throws {
    let text = """
      Subject: What it is about
      Message-ID: <own@a.example>
      References: \(Self.ids.joined(separator: "\n "))
      In-Reply-To: \(Self.ids.joined(separator: "\n "))

      x
      """
    let reader = MessageReader()
    Array(text.utf8).withByteView { bytes in
      #expect(reader.read(bytes))
      let m = reader.message
      let subject = m.text[m.subject ?? .empty]
      let size = m.text.count
      let references = m.references()
      #expect(references.count == Self.ids.count && m.text.count == size)
      let first = m.idText[references.first ?? .empty]
      #expect(m.inReplyTo().map { m.idText[$0].equals(first) } == true)
      // Buffers have not moved.
      #expect(subject.base == m.text[m.subject ?? .empty].base)
      #expect(first.base == m.idText[references.first ?? .empty].base)
      #expect(subject.string == "What it is about")
      let thread = ByteBuffer()
      m.appendThreadID(to: thread)
      #expect(thread.view.equals(first))
    }
    // The next message has its own.
    Array("Message-ID: <b>\nIn-Reply-To: <c>\n\nx".utf8).withByteView { bytes in
      #expect(reader.read(bytes))
      #expect(reader.message.references().isEmpty)
      #expect(reader.message.inReplyTo().map { reader.message.idText[$0].string } == "c")
    }
  }
}
