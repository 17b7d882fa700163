public import Bytes
import Text

/// The decoded text bodies of one message: scratch space of one worker, reused.
public final class MessageBodies: @unchecked Sendable {
  /// One decoded text leaf.
  public struct Body: Sendable, BitwiseCopyable {
    /// Index in ``Message/parts``.
    public var part: Int
    /// Where its text lies in ``MessageBodies/buffer``: UTF-8, LF line ends.
    public var range: ByteRange
  }

  /// The decoded texts, one after the other.
  public let buffer = ByteBuffer(capacity: 16 << 10)
  /// The text leaves that are no attachments, in message order.
  public let bodies = ReusedList<Body>()
  /// Defects found while decoding.
  @exclusivity(unchecked) public private(set) var defects: MailDefects = []

  private let transfer = ByteBuffer(capacity: 16 << 10)
  private let joined = ByteBuffer(capacity: 4096)
  @exclusivity(unchecked) private var branch: [Int32] = []

  /// Empty scratch space.
  public init() {}

  /// Forgets the message last decoded; large buffers go back to the system.
  public func forget() {
    buffer.removeAll()
    transfer.removeAll()
    joined.removeAll()
    bodies.removeAll()
    defects = []
  }

  /// Decodes every text leaf that is no attachment: transfer encoding, charset, line ends.
  public func decode(_ message: Message) {
    buffer.removeAll()
    bodies.removeAll()
    defects = []
    for (i, part) in message.parts.enumerated() {
      switch part.kind {
      case .textPlain, .textHTML, .textOther:
        if part.isAttachment { continue }
        let range = buffer.place { appendText(of: part, in: message, to: buffer) }
        bodies.append(Body(part: i, range: range))
      default: continue
      }
    }
  }

  /// Appends a leaf's bytes with the transfer encoding undone.
  public func appendDecoded(_ part: Part, in message: Message, to out: ByteBuffer) {
    let raw = message.bytes[part.body]
    switch part.encoding {
    case .identity: out.append(raw)
    case .uuencode:
      var body = UUBody()
      body.decode(raw, into: out)
      if !body.hasBegun {
        defects.insert(.unknownEncoding)
        out.append(raw)
      }
    case .base64: if !Base64Decoder.decode(raw, into: out) { defects.insert(.badBase64) }
    case .quotedPrintable:
      if !QuotedPrintable.decode(raw, into: out) { defects.insert(.badQuotedPrintable) }
    }
  }

  /// Appends a text leaf as UTF-8 with LF line ends.
  private func appendText(of part: Part, in message: Message, to out: ByteBuffer) {
    var source = message.bytes[part.body]
    if part.encoding != .identity {
      transfer.removeAll()
      appendDecoded(part, in: message, to: transfer)
      source = transfer.view
    }
    let start = out.count
    let found: CharsetDefects
    if part.charset.isEmpty {
      found = Charset.decodeUnlabelled(source, into: out)
    } else if let charset = Charset.named(message.text[part.charset]) {
      found = charset.decode(source, into: out)
    } else {
      defects.insert(.unknownCharset)
      found = Charset.decodeUnlabelled(source, into: out)
    }
    if found.contains(.invalidBytes) { defects.insert(.badCharset) }
    if LineEnds.normalise(out, from: start) { defects.insert(.nulInText) }
  }

  /// Which leaves are the body as a person would read it: the text/plain ones, without any the
  /// HTML ones; of multipart/alternative one branch.
  public func readable(_ message: Message) -> (indexes: [Int], isHTML: Bool) {
    let plain = select(.textPlain, in: message)
    if !plain.isEmpty { return (plain, false) }
    return (select(.textHTML, in: message), true)
  }

  // Indexes into `bodies`. The first branch of an alternative that has such a leaf is taken.
  private func select(_ kind: PartKind, in message: Message) -> [Int] {
    branch.removeAll(keepingCapacity: true)
    branch.append(contentsOf: repeatElement(-1, count: message.parts.count))
    var chosen: [Int] = []
    for (i, body) in bodies.enumerated() where message.parts[body.part].kind == kind {
      var child = body.part
      var taken = true
      var hops = 0
      while hops <= Limits.depth + 1 {
        let parent = Int(message.parts[child].parent)
        guard parent >= 0, parent < child else { break }
        if message.parts[parent].isAlternative {
          if branch[parent] < 0 { branch[parent] = Int32(truncatingIfNeeded: child) }
          if Int(branch[parent]) != child {
            taken = false
            break
          }
        }
        child = parent
        hops += 1
      }
      if taken { chosen.append(i) }
    }
    return chosen
  }

  /// The readable text of plain leaves joined by one LF; a view into this object's buffers, valid
  /// until the next call. One leaf is not copied.
  public func plainText(_ indexes: [Int]) -> ByteView {
    if indexes.count == 1 { return buffer[bodies[indexes[0]].range] }
    joined.removeAll()
    for (n, i) in indexes.enumerated() {
      if n > 0 { joined.append(ASCII.lf) }
      joined.append(buffer[bodies[i].range])
    }
    return joined.view
  }
}

/// Line ends in decoded text.
enum LineEnds {
  /// Turns CR LF into LF and each run of NUL into one U+FFFD in everything from `start` on.
  /// Returns true when there were NULs. Bare CR stays. Touches nothing when there is neither.
  static func normalise(_ out: ByteBuffer, from start: Int) -> Bool {
    let v = out.view.from(start)
    let hasNUL = v.firstIndex(of: 0) != nil
    guard hasNUL || v.firstIndex(of: ASCII.cr) != nil else { return false }
    if hasNUL {
      let copy = v.array
      out.truncate(to: start)
      copy.withByteView { w in
        var i = 0
        while i < w.count {
          let next = w.firstIndex(of: 0, from: i) ?? w.count
          out.append(w.slice(i, next))
          i = next
          if i < w.count {
            out.append(scalar: 0xFFFD)
            while i < w.count, w[i] == 0 { i += 1 }
          }
        }
      }
    }
    out.dropCRBeforeLF(from: start)
    return hasNUL
  }
}
