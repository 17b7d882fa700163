import Bytes
import Testing

@testable import Mail

/// A message with every kind of part that a skeleton has to tell apart.
private func sample(_ end: String) -> String {
  let body = (0..<400).map { "line \($0) of the raw attachment" }.joined(separator: end)
  let base64 = (0..<60).map { _ in "VGhlIHF1aWNrIGJyb3duIGZveCBqdW1wcyBvdmVyIHRoZSBsYXp5IGRvZy4K" }
    .joined(separator: end)
  let lines = [
    "From: Ann <ann@client.example>", "Subject: parts", "MIME-Version: 1.0",
    "Content-Type: multipart/mixed; boundary=\"outer\"", "", "preamble", "--outer",
    "Content-Type: multipart/alternative; boundary=inner", "", "--inner",
    "Content-Type: text/plain; charset=utf-8", "", "The text", "-- ", "Ann", "--inner",
    "Content-Type: text/html", "", "<p>The text</p>", "--inner--", "", "--outer",
    "Content-Type: application/octet-stream; name=a.bin", "Content-Transfer-Encoding: base64", "",
    base64, "--outer", "Content-Type: application/x-raw; name=raw.dat", "", body, "--outer",
    "Content-Type: application/x-qp; name=qp.dat", "Content-Transfer-Encoding: quoted-printable",
    "",
    "a =3D b=", "c  ", "last", "--outer", "Content-Type: message/rfc822", "",
    "Subject: inner", "", "inner body", "--outer--", "epilogue", "",
  ]
  return lines.joined(separator: end)
}

private struct Seen: Equatable {
  var text: String
  var attachments: [String]
}

private func seen(_ reader: MessageReader) -> Seen {
  let text = reader.readableText().string
  let attachments = reader.attachmentParts().map { i in
    reader.withAttachment(i) { "\($0.size) \($0.sha256.hex())" }
  }
  return Seen(text: text, attachments: attachments)
}

@Suite struct MessageSkeletons {
  @Test(arguments: ["\n", "\r\n"])
  func aSkeletonReadsLikeTheWholeMessage(_ end: String) throws {
    let message = sample(end)
    let whole = MessageReader()
    let wanted = message.withByteView { v in
      #expect(whole.read(v))
      return seen(whole)
    }
    #expect(wanted.attachments.count == 4)
    for size in [1, 2, 3, 7, 64, 1000, 100_000] {
      let skeleton = MessageSkeleton()
      try message.withByteView { v in
        var i = 0
        while i < v.count {
          try skeleton.feed(v.slice(i, i + size))
          i += size
        }
      }
      try skeleton.finish()
      let reader = MessageReader()
      #expect(reader.read(skeleton))
      #expect(seen(reader) == wanted, "in pieces of \(size)")
      #expect(skeleton.bytes.count < 1500)
    }
  }

  @Test func aBodyCanBeExtractedInASecondPass() throws {
    let message = sample("\n")
    for n in 0..<4 {
      let out = ByteBuffer()
      let skeleton = MessageSkeleton(extract: n) { out.append($0) }
      try message.withByteView { try skeleton.feed($0) }
      try skeleton.finish()
      #expect(SHA256.digest(out.view) == skeleton.elided[n].sha256)
      #expect(out.count == skeleton.elided[n].size)
    }
  }

  @Test func textBeyondTheLimitIsLeftOutAndTold() throws {
    let skeleton = MessageSkeleton()
    try "Subject: long\n\n".withByteView { try skeleton.feed($0) }
    let line = [UInt8](repeating: 120, count: 1 << 20) + [10]
    for _ in 0..<20 { try line.withByteView { try skeleton.feed($0) } }
    try skeleton.finish()
    #expect(skeleton.isTextCut)
    #expect(skeleton.bytes.count <= Limits.streamedText)
    let reader = MessageReader()
    #expect(reader.read(skeleton))
    #expect(reader.defects.contains(.textCut))
  }
}
