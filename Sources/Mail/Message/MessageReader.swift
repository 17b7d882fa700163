public import Bytes
import Markup

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
  private let htmlText = ByteBuffer(capacity: 16 << 10)
  private let attachment = ByteBuffer(capacity: 64 << 10)
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
    return parser.parse(bytes, into: message)
  }

  /// Gives back the large buffers that a large message filled; what it returned is invalid then.
  public func forget() {
    areBodiesDecoded = false
    bodies.forget()
    htmlText.removeAll()
    attachment.removeAll()
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

  /// The body as a person would read it: the text/plain leaves, without any the HTML ones as
  /// text. UTF-8, LF line ends.
  public func readableText() -> ByteView {
    decodeBodies()
    // The usual mail has one text, which needs no choice.
    if bodies.bodies.count == 1, let only = bodies.bodies.first,
      message.parts[only.part].kind == .textPlain
    {
      return bodies.buffer[only.range]
    }
    let (indexes, isHTML) = bodies.readable(message)
    if indexes.isEmpty { return .empty }
    return isHTML ? textOfHTML(indexes) : bodies.plainText(indexes)
  }

  /// The same for a record: where the text/plain leaves are blank and there is HTML, its text, as
  /// a mail program shows it.
  public func recordText() -> ByteView {
    let text = readableText()
    return hasHTML && text.trimmed().isEmpty ? htmlAsText() : text
  }

  /// The HTML leaves as text, whether or not there is a plain one; empty when there are none.
  public func htmlAsText() -> ByteView {
    decodeBodies()
    let indexes = bodies.bodies.indices.filter {
      message.parts[bodies.bodies[$0].part].kind == .textHTML
    }
    return indexes.isEmpty ? .empty : textOfHTML(indexes)
  }

  private func textOfHTML(_ indexes: [Int]) -> ByteView {
    htmlText.removeAll()
    for (n, i) in indexes.enumerated() {
      if n > 0 { htmlText.append(ASCII.lf) }
      if !html.convert(bodies.buffer[bodies.bodies[i].range], into: htmlText).isEmpty {
        bodyDefects.insert(.degradedHTML)
      }
    }
    return htmlText.view
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
    let readable = bodies.readable(message).indexes.map { bodies.bodies[$0].part }
    // Both in message order: one step through them side by side.
    var next = 0
    var found: [Int] = []
    for (i, part) in message.parts.enumerated() where part.isLeaf {
      if next < readable.count, readable[next] == i {
        next += 1
        continue
      }
      switch part.kind {
      case .textPlain, .textHTML, .textOther:
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
