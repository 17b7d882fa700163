import Bytes

@testable import Mail

/// What a reader sees in one message, as values that tests compare.
struct SeenMail {
  let reader = MessageReader()
  let isMessage: Bool
  // The reader points into these.
  private let bytes: ByteBuffer

  /// Reads a message written with LF.
  init(_ message: String, lineEnd: String = "\n") {
    self.init(bytes: Array(message.utf8), lineEnd: lineEnd)
  }

  init(bytes message: [UInt8], lineEnd: String = "\n") {
    let buffer = ByteBuffer(capacity: 256)
    for b in message {
      if b == 10 { buffer.append(string: lineEnd) } else { buffer.append(b) }
    }
    bytes = buffer
    isMessage = reader.read(buffer.view)
  }

  var message: Message { reader.message }
  var subject: String? { message.subject.map { message.text[$0].string } }
  var text: String { reader.readableText().string }
  var html: Bool { reader.hasHTML }

  /// `multipart/mixed(text/plain,…)`: the tree by media types.
  var tree: String { branch(0) }

  private func branch(_ index: Int) -> String {
    guard index < message.parts.count else { return "" }
    let part = message.parts[index]
    let type = part.mediaType.isEmpty ? "-" : message.text[part.mediaType].string
    let children = message.parts.indices.filter { message.parts[$0].parent == Int32(index) }
    if children.isEmpty { return type }
    return type + "(" + children.map(branch).joined(separator: ",") + ")"
  }

  /// The bodies of the leaves as they stand.
  var leaves: [String] {
    message.parts.filter(\.isLeaf).map { message.bytes[$0.body].string }
  }

  /// `name|media type|decoded bytes` of each attachment.
  var attachments: [String] {
    reader.attachmentParts().map { i in
      let part = message.parts[i]
      return reader.withAttachment(i) {
        "\(message.text[part.fileName].string)|\(message.text[part.mediaType].string)|\($0.bytes.string)"
      }
    }
  }

  /// The defects of structure and bodies.
  var defects: MailDefects {
    _ = text
    _ = attachments
    return reader.defects.subtracting([.badDate, .missingFrom, .missingMessageID])
  }

  var identity: String {
    reader.decodeBodies()
    return MailIdentity().digest(message, reader.bodies).hex()
  }
}
