import Bytes

extension Message {
  /// Reads the header section of `part` at `start`: the media type and its like, and for the
  /// message itself every field. Returns where the body begins.
  func readHeader(of part: inout Part, at start: Int) -> Int {
    let bytes = bytes
    let isRoot = part.parent < 0
    var scanner = HeaderScanner(at: start)
    var contentType: ByteRange?
    var encoding: ByteRange?
    var disposition: ByteRange?
    var count = 0
    let fields = fields
    while scanner.next(in: bytes) {
      count += 1
      if count > Limits.headerFields {
        defects.insert(.tooManyFields)
        continue
      }
      // Only Content-* says anything inside a multipart.
      if !isRoot, ASCII.lower(bytes[scanner.nameStart]) != 99 {
        if bytes[scanner.nameStart] | 32 == 120 { noteAltered(scanner, &part) }
        continue
      }
      let name = names.find(bytes, at: scanner.nameStart, count: scanner.nameCount)
      let value = ByteRange(
        start: scanner.valueStart, count: scanner.valueEnd &- scanner.valueStart)
      switch name {
      case .contentType: if contentType == nil { contentType = value } else { markRepeated() }
      case .contentTransferEncoding: if encoding == nil { encoding = value } else { markRepeated() }
      case .contentDisposition: if disposition == nil { disposition = value }
      case .contentID: if part.contentID.isEmpty { part.contentID = value }
      default: break
      }
      if isRoot {
        if !has(name) {
          note(name, at: fields.count)
        } else {
          switch name {
          case .from:
            defects.insert(.duplicateFrom)
            markRepeated()
          case .to, .cc, .bcc, .subject, .date, .messageID, .sender, .replyTo, .inReplyTo,
            .references:
            markRepeated()
          default: break
          }
        }
        let nameRange = ByteRange(start: scanner.nameStart, count: scanner.nameCount)
        fields.append(HeaderField(name: name, nameRange: nameRange, value: value))
      }
    }
    if scanner.lacksSeparator, isRoot { defects.insert(.missingSeparator) }
    if scanner.skippedLines, isRoot { defects.insert(.junkInHeader) }
    readContentFields(of: &part, type: contentType, encoding: encoding, disposition: disposition)
    return scanner.position
  }

  // Thunderbird's mark on what it put in the place of an attachment.
  private func noteAltered(_ scanner: HeaderScanner, _ part: inout Part) {
    let name = bytes.slice(scanner.nameStart, scanner.nameStart &+ scanner.nameCount)
    guard name.equalsIgnoringCase("X-Mozilla-Altered") else { return }
    let value = bytes.slice(scanner.valueStart, scanner.valueEnd).trimmed()
    if value.hasPrefixIgnoringCase("AttachmentDetached")
      || value.hasPrefixIgnoringCase("AttachmentDeleted")
    {
      part.isPlaceholder = true
    }
  }

  private func markRepeated() { defects.insert(.duplicateField) }

  /// A field's value, cut to ``Limits/fieldValue``.
  private func capped(_ range: ByteRange) -> ByteView {
    let v = bytes[range]
    if v.count > Limits.fieldValue {
      defects.insert(.fieldCut)
      return v.prefix(Limits.fieldValue)
    }
    return v
  }

  private func readContentFields(
    of part: inout Part, type: ByteRange?, encoding: ByteRange?, disposition: ByteRange?
  ) {
    if let encoding { part.encoding = transferEncoding(bytes[encoding]) }
    if let type, !readPlainType(bytes[type], into: &part) {
      headerDefects.formUnion(
        parameterParser.parse(capped(type), as: .contentType, text: text, into: &parameters))
      part.mediaType = parameters.value
      if part.mediaType.isEmpty { defects.insert(.badContentType) }
      part.charset = parameters.charset(in: text) ?? .empty
      part.boundary = parameters.boundary(in: text) ?? .empty
      part.fileName = parameters.fileName(in: text) ?? .empty
      part.method = parameters.method(in: text) ?? .empty
      part.reportType = parameters.reportType(in: text) ?? .empty
      part.isFlowed =
        parameters.format(in: text).map { text[$0].equalsIgnoringCase("flowed") } ?? false
      part.deletesSpace =
        parameters.delsp(in: text).map { text[$0].equalsIgnoringCase("yes") } ?? false
      if Int(part.boundary.count) > Limits.boundary { part.boundary = .empty }
    }
    classify(&part)
    if let disposition, !readPlainDisposition(bytes[disposition], into: &part) {
      headerDefects.formUnion(
        parameterParser.parse(
          capped(disposition), as: .contentDisposition, text: text, into: &parameters))
      let value = text[parameters.value]
      if value.equals("inline") {
        part.disposition = .inline
      } else if !value.isEmpty {
        part.disposition = .attachment
      }
      if let name = parameters.fileName(in: text), !name.isEmpty { part.fileName = name }
    }
    if part.isPlaceholder { defects.insert(.detachedAttachment) }
  }

  private func classify(_ part: inout Part) {
    let type = text[part.mediaType]
    if type.isEmpty {
      if part.parent >= 0, Int(part.parent) < parts.count, parts[Int(part.parent)].isDigest {
        part.kind = .message
        // RFC 2046 section 5.1.5: what says nothing in a digest is message/rfc822.
        part.mediaType = text.place { text.append("message/rfc822") }
      }
      return
    }
    if type.hasPrefix("multipart/") {
      part.kind = .multipart
      part.isAlternative = type.equals("multipart/alternative")
      part.isDigest = type.equals("multipart/digest")
    } else if type.hasPrefix("text/") {
      if type.equals("text/plain") {
        part.kind = .textPlain
      } else if type.equals("text/html") {
        part.kind = .textHTML
      } else {
        part.kind = .textOther
        if type.equals("text/x-moz-deleted") { part.isPlaceholder = true }
      }
    } else if type.equals("text") {
      part.kind = .textPlain
    } else if type.equals("message/rfc822") || type.equals("message/global") {
      part.kind = .message
    } else {
      part.kind = .other
    }
  }

  private func transferEncoding(_ raw: ByteView) -> TransferEncoding {
    var v = raw.trimmed()
    // Comments and parameters after the token are ignored; quotes around it too.
    if v[0] == 34 { v = v.from(1) }
    var end = 0
    while end < v.count, ASCII.isAlphanumeric(v[end]) || v[end] == 45 { end += 1 }
    v = v.prefix(end)
    if v.isEmpty || v.isWord("8bit") || v.isWord("7bit") || v.isWord("binary") { return .identity }
    if v.isWord("base64") { return .base64 }
    if v.isWord("quoted-printable") { return .quotedPrintable }
    if v.isWord("x-uuencode") || v.isWord("uuencode") || v.isWord("x-uue") || v.isWord("uue") {
      return .uuencode
    }
    if v.isWord("7-bit") || v.isWord("8-bit") { return .identity }
    defects.insert(.unknownEncoding)
    return .identity
  }

  /// Decodes the fields that every rule and output needs.
  func readMainFields() {
    // Raw bytes in headers are mostly in the charset of the text.
    for part in parts where !part.charset.isEmpty {
      words.rawLabel.append(text[part.charset])
      break
    }
    defer { words.rawLabel.removeAll() }
    from = readAddresses(.from)
    sender = readAddresses(.sender)
    replyTo = readAddresses(.replyTo)
    to = readAddresses(.to)
    cc = readAddresses(.cc)
    bcc = readAddresses(.bcc)
    if from == nil { defects.insert(.missingFrom) }
    if let f = field(.subject) {
      let value = capped(f.value)
      words.usedNewRules = false
      subject = text.place { headerDefects.formUnion(words.appendUnstructured(value, to: text)) }
      if words.usedNewRules {
        words.knowsNewRules = false
        identitySubject = text.place { words.appendUnstructured(value, to: text) }
        words.knowsNewRules = true
      }
    }
    if let f = field(.messageID) {
      let parsed = MessageID.parse(capped(f.value), text: text)
      messageID = parsed.id
      headerDefects.formUnion(parsed.defects)
    }
    if messageID.isEmpty { defects.insert(.missingMessageID) }
    if let f = field(.date) { date = MailDate.parse(bytes[f.value].prefix(2048)) }
    if let date {
      headerDefects.formUnion(date.flags.defects)
    } else {
      defects.insert(.badDate)
    }
  }

  private func readAddresses(_ name: HeaderName) -> Range<Int>? {
    guard let f = field(name) else { return nil }
    let start = addresses.count
    headerDefects.formUnion(
      addressParser.parse(bytes[f.value], text: text, into: addresses, authors: name == .from))
    if defects.contains(.duplicateField), name != .from, name != .sender {
      // Several fields are one list, as every mail program shows them.
      for other in fields where other.name == name && other.value != f.value {
        headerDefects.formUnion(
          addressParser.parse(bytes[other.value], text: text, into: addresses, authors: false))
      }
    }
    return start..<addresses.count
  }
}
