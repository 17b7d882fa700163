internal import Bytes
internal import Mail
internal import Mailboxes

extension MailMessage {
  /// Reads the message in a file: `.eml`, `.emlx`, either as `.gz`, or the first one of a mailbox.
  ///
  /// - Throws: ``MailError`` where the file cannot be read or holds no message.
  public init(contentsOf path: String) throws {
    let mailbox = try Mailbox(path)
    for message in mailbox {
      self = message
      return
    }
    throw mailbox.faults.first ?? MailError(path: path, reason: "holds no message")
  }

  /// Reads the bytes of one message, whatever they are: what is broken is named in ``defects``.
  ///
  /// - Throws: ``MailError`` where there is not one header field.
  public init(_ bytes: some Sequence<UInt8>) throws {
    let reader = MessageReader()
    let bytes = Array(bytes)
    guard bytes.withByteView({ reader.read($0) }) else {
      throw MailError(path: "", reason: "\(MessageFault.noHeader.text)")
    }
    // The reader looks at the bytes until everything is copied out of them.
    self = bytes.withByteView { view in
      _ = reader.read(view)
      return MailMessage(reader)
    }
  }

  /// Copies what a reader holds.
  init(_ reader: MessageReader) {
    let message = reader.message
    let texts = message.text
    func list(_ range: Range<Int>?) -> [Address] {
      (range ?? 0..<0).map {
        Address(
          name: texts[message.addresses[$0].name].string,
          email: texts[message.addresses[$0].address].string)
      }
    }
    func id(_ range: ByteRange, in buffer: ByteBuffer) -> String? {
      range.isEmpty ? nil : buffer[range].string
    }
    from = list(message.from)
    sender = list(message.sender).first
    replyTo = list(message.replyTo)
    to = list(message.to)
    cc = list(message.cc)
    bcc = list(message.bcc)
    subject = message.subject.map { texts[$0].string }
    date = message.date.map { Timestamp(secondsSince1970: $0.seconds) }
    messageID = id(message.messageID, in: texts)
    references = message.references().map { message.idText[$0].string }
    inReplyTo = message.inReplyTo().flatMap { id($0, in: message.idText) }
    text = reader.readableText().string
    html = Self.html(reader)
    attachments = reader.attachmentParts().map { Attachment(part: $0, of: reader) }
    headers = Self.headers(message)
    defects = MailDefects.codes.filter { reader.defects.contains($0.bit) }.map(\.code)
  }

  private static func html(_ reader: MessageReader) -> String? {
    let bodies = reader.bodies
    let all = bodies.bodies.filter { reader.message.parts[$0.part].kind == .textHTML }
    return all.isEmpty ? nil : all.map { bodies.buffer[$0.range].string }.joined(separator: "\n")
  }

  private static func headers(_ message: Message) -> [Header] {
    let words = EncodedWords()
    let value = ByteBuffer(capacity: 256)
    return message.fields.map { field in
      value.removeAll()
      words.appendUnstructured(message.bytes[field.value], to: value)
      return Header(name: message.bytes[field.nameRange].string, value: value.string)
    }
  }
}

extension MailMessage.Attachment {
  fileprivate init(part index: Int, of reader: MessageReader) {
    let message = reader.message
    let part = message.parts[index]
    name = part.fileName.isEmpty ? nil : message.text[part.fileName].string
    mediaType = message.text[part.mediaType].string
    isInline = part.disposition == .inline
    var id = message.bytes[part.contentID].trimmed()
    if id[0] == 60, id[id.count - 1] == 62 { id = id.slice(1, id.count - 1) }
    contentID = id.isEmpty ? nil : id.string
    reader.withAttachment(index) { decoded in
      size = decoded.size
      sha256 = decoded.sha256.hex()
      bytes = decoded.bytes.array
    }
  }
}
