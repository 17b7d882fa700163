public import Bytes
import Markup
import Text

/// Reads one message after the other: header, structure, and on demand its text and attachments.
///
/// Everything it allocates is used again for the next message. One per thread. What it returns is
/// valid until the next ``read(_:)``.
public final class MessageReader: @unchecked Sendable {
  /// The message last read.
  public let message = Message()
  /// Its decoded text bodies, after ``decodeBodies()``.
  public let bodies = MessageBodies()
  /// Defects found in bodies and HTML, beside ``Message/defects``.
  @exclusivity(unchecked) public private(set) var bodyDefects: MailDefects = []

  private let parser = MessageParser()
  private let html = HTMLText()
  private let lineText = ByteBuffer()
  private let htmlText = ByteBuffer(capacity: 16 << 10)
  private let attachment = ByteBuffer(capacity: 64 << 10)
  private let package = ByteBuffer()
  @exclusivity(unchecked) private var opened: ByteBuffer?
  private let hash = SHA256()
  @exclusivity(unchecked) private var areBodiesDecoded = false

  /// Bodies that a ``MessageSkeleton`` left out of the message last read.
  @exclusivity(unchecked) private var elided: [MessageSkeleton.Elided] = []

  /// A reader.
  public init() {}

  /// Reads what is left of a message that is too large to hold; its attachments come with their
  /// size and digest, and only their first bytes.
  public func read(_ skeleton: MessageSkeleton) -> Bool {
    let isMessage = read(skeleton.bytes.view)
    elided = skeleton.elided
    if skeleton.isTextCut { bodyDefects.insert(.textCut) }
    return isMessage
  }

  /// Reads a message; false when the bytes hold no header field at all and so no message.
  public func read(_ bytes: ByteView) -> Bool {
    areBodiesDecoded = false
    bodyDefects = []
    elided.removeAll()
    opened = nil
    guard parser.parse(bytes, into: message) else { return false }
    // Signed mail inside signed mail is possible; more than that nobody writes.
    for _ in 0..<3 where !openSigned() { break }
    return true
  }

  // Puts the content of an opaque-signed S/MIME mail in its place; false where it is none.
  private func openSigned() -> Bool {
    guard message.parts.count == 1, let root = message.parts.first, root.kind == .other else {
      return false
    }
    let type = message.text[root.mediaType]
    guard type.equals("application/pkcs7-mime") || type.equals("application/x-pkcs7-mime") else {
      return false
    }
    package.removeAll()
    bodies.appendDecoded(root, in: message, to: package)
    let content = ByteBuffer(capacity: package.count)
    guard SignedContent.append(of: package.view, to: content) else { return false }
    var openedAs = message.openedAs
    if openedAs == nil {
      openedAs = message.text[root.fileName].array + [0] + type.array + [0]
    }
    let whole = ByteBuffer(capacity: content.count + Int(root.body.start))
    for field in message.fields {
      let name = message.bytes[field.nameRange]
      if name.hasPrefixIgnoringCase("content-") { continue }
      whole.append(message.bytes.slice(Int(field.nameRange.start), field.value.end))
      whole.append(ASCII.lf)
    }
    let start = content.view.prefix(16)
    if !start.hasPrefixIgnoringCase("content-"), !start.hasPrefixIgnoringCase("mime-version") {
      whole.append(ASCII.lf)
    }
    whole.append(content.view)
    // The message looks at them until the next one is read.
    opened = whole
    guard parser.parse(whole.view, into: message) else { return false }
    message.openedAs = openedAs
    return true
  }

  /// Gives back the large buffers that a large message filled; what it returned is invalid then.
  public func forget() {
    areBodiesDecoded = false
    bodies.forget()
    htmlText.removeAll()
    lineText.removeAll()
    attachment.removeAll()
    package.removeAll()
    opened = nil
  }

  /// Decodes the text bodies, once.
  public func decodeBodies() {
    if areBodiesDecoded { return }
    areBodiesDecoded = true
    bodies.decode(message)
    bodyDefects.formUnion(bodies.defects)
  }

  /// All defects known by now.
  public var defects: MailDefects { message.defects.union(bodyDefects) }

  /// The body as a person would read it: see ``MessageBodies/readable(_:)``. UTF-8, LF line ends.
  public func readableText() -> ByteView {
    decodeBodies()
    // The usual mail has one text, which needs no choice.
    if message.parts.count == 1, bodies.bodies.count == 1, let only = bodies.bodies.first,
      message.parts[only.part].kind == .textPlain
    {
      return bodies.buffer[only.range]
    }
    let text = text(of: bodies.readable(message))
    guard UTF8Text.isBlank(text) else { return text }
    let packed = packedText()
    // Anew, since both are put together in one place.
    return packed.isEmpty ? self.text(of: bodies.readable(message)) : packed
  }

  /// The body that Outlook packed into a `winmail.dat` (MS-OXTNEF), where the message has none of its
  /// own; else empty. UTF-8.
  private func packedText() -> ByteView {
    for part in message.parts where part.kind == .other {
      let type = message.text[part.mediaType]
      guard
        type.equals("application/ms-tnef") || type.equals("application/vnd.ms-tnef")
          || message.text[part.fileName].equalsIgnoringCase("winmail.dat")
      else { continue }
      package.removeAll()
      bodies.appendDecoded(part, in: message, to: package)
      let names = ByteBuffer(capacity: 64)
      let found = TNEF.parse(package.view, names: names) { _ in }
      htmlText.removeAll()
      if !found.text.data.isEmpty { found.decode(found.text, of: package.view, into: htmlText) }
      if !UTF8Text.isBlank(htmlText.view) {
        lineText.removeAll()
        LineEnds.appendLines(htmlText.view, to: lineText)
        return lineText.view
      }
      htmlText.removeAll()
      guard !found.html.data.isEmpty else { continue }
      let markup = ByteBuffer(capacity: Int(found.html.data.count))
      found.decode(found.html, of: package.view, into: markup)
      _ = html.convert(markup.view, into: htmlText)
      if !UTF8Text.isBlank(htmlText.view) { return htmlText.view }
    }
    return .empty
  }

  /// The HTML leaves as text, whether or not there is a plain one; empty when there are none.
  public func htmlAsText() -> ByteView {
    decodeBodies()
    return text(
      of: bodies.bodies.indices.filter {
        message.parts[bodies.bodies[$0].part].kind == .textHTML
      })
  }

  // Leaves joined by one LF, those of HTML as text.
  private func text(of indexes: [Int]) -> ByteView {
    func isHTML(_ i: Int) -> Bool { message.parts[bodies.bodies[i].part].kind == .textHTML }
    guard indexes.contains(where: isHTML) else {
      return indexes.isEmpty ? .empty : bodies.plainText(indexes)
    }
    let plain = indexes.filter { !isHTML($0) }
    if !plain.isEmpty, isTwin(plain, of: indexes.filter(isHTML)) { return bodies.plainText(plain) }
    htmlText.removeAll()
    for (n, i) in indexes.enumerated() {
      if n > 0 { htmlText.append(ASCII.lf) }
      let body = bodies.bodies[i]
      if message.parts[body.part].kind == .textHTML {
        if !html.convert(bodies.buffer[body.range], into: htmlText).isEmpty {
          bodyDefects.insert(.degradedHTML)
        }
      } else {
        htmlText.append(bodies.buffer[body.range])
      }
    }
    return htmlText.view
  }

  // True where plain texts and HTML beside each other say the same: an alternative that is not marked
  // as one. Compared are letters and digits alone, at the beginning and in the middle.
  private func isTwin(_ plain: [Int], of markup: [Int]) -> Bool {
    htmlText.removeAll()
    for i in markup { _ = html.convert(bodies.buffer[bodies.bodies[i].range], into: htmlText) }
    let shown = ByteBuffer(capacity: htmlText.count)
    Self.appendLetters(htmlText.view, to: shown)
    let text = ByteBuffer(capacity: 1024)
    for i in plain { Self.appendLetters(bodies.buffer[bodies.bodies[i].range], to: text) }
    if shown.isEmpty { return true }
    let middle = shown.view.from(shown.count / 2).prefix(48)
    return text.view.firstRange(of: shown.view.prefix(48)) != nil
      && text.view.firstRange(of: middle) != nil
  }

  private static func appendLetters(_ v: ByteView, to out: ByteBuffer) {
    for i in 0..<v.count where v[i] >= 0x80 || ASCII.isAlphanumeric(v[i]) { out.append(v[i]) }
  }

  /// Notes uuencoded and yEnc data inside the text as a defect; it stays text.
  public func noteEncodedData() {
    decodeBodies()
    for body in bodies.bodies where message.parts[body.part].kind == .textPlain {
      EncodedBlock.scan(bodies.buffer[body.range]) { _ in bodyDefects.insert(.inlineEncodedData) }
    }
  }

  /// True when some part is text/html and no attachment.
  public var hasHTML: Bool {
    message.parts.contains { $0.kind == .textHTML && !$0.isAttachment }
  }

  /// One attachment of a message.
  public struct Attachment {
    /// Index of its part in ``Message/parts``.
    public var part: Int
    /// The decoded bytes, valid during the visit only; of a body that was left out the first.
    public var bytes: ByteView
    /// Number of decoded bytes.
    public var size: Int
    /// SHA-256 over all of them.
    public var sha256: Digest
    /// The number of a body that was left out, for reading it again; else nil.
    public var elided: Int?
  }

  /// Which leaves are attachments: all that are not the readable body, except text leaves without
  /// a name and a disposition.
  public func attachmentParts() -> [Int] {
    decodeBodies()
    let readable = bodies.readable(message).map { bodies.bodies[$0].part }
    // Both in message order: one step through them side by side.
    var next = 0
    var found: [Int] = []
    for (i, part) in message.parts.enumerated() where part.isLeaf {
      if next < readable.count, readable[next] == i {
        next += 1
        continue
      }
      if part.isPlaceholder { continue }
      switch part.kind {
      case .textPlain, .textHTML:
        // What is to be shown in the text, and has no name, is no file.
        if part.fileName.isEmpty, part.disposition != .attachment { continue }
      case .textOther:
        if part.fileName.isEmpty, part.disposition == .none { continue }
      default: break
      }
      found.append(i)
    }
    return found
  }

  /// Decodes one part and hands its bytes and digest to `body`.
  public func withAttachment<R>(_ part: Int, _ body: (Attachment) throws -> R) rethrows -> R {
    attachment.removeAll(keepingUpTo: 16 << 20)
    var view = ByteView.empty
    if !elided.isEmpty, part >= 0, part < message.parts.count,
      let n = MessageSkeleton.number(in: message.bytes[message.parts[part].body]), n < elided.count
    {
      let left = elided[n]
      return try left.head.withByteView {
        try body(
          Attachment(part: part, bytes: $0, size: left.size, sha256: left.sha256, elided: n))
      }
    }
    if part >= 0, part < message.parts.count {
      let p = message.parts[part]
      if p.encoding == .identity {
        view = message.original[p.body]
      } else {
        bodies.appendDecoded(p, in: message, to: attachment)
        bodyDefects.formUnion(bodies.defects)
        view = attachment.view
      }
    }
    hash.update(view)
    return try body(Attachment(part: part, bytes: view, size: view.count, sha256: hash.finish()))
  }
}
