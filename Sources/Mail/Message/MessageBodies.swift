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
    /// The text that ``MailIdentity`` takes: the same, but where the first readers saw another one.
    var identity: ByteRange
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
  @exclusivity(unchecked) private var isBlank: [Bool] = []

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
        bodies.append(decodeText(of: part, at: i, in: message))
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
  private func decodeText(of part: Part, at index: Int, in message: Message) -> Body {
    var source = message.bytes[part.body]
    if part.encoding != .identity {
      transfer.removeAll()
      appendDecoded(part, in: message, to: transfer)
      source = transfer.view
    }
    var charset = part.charset.isEmpty ? nil : Charset.named(message.text[part.charset])
    if charset == nil, !part.charset.isEmpty { defects.insert(.unknownCharset) }
    var found: CharsetDefects = []
    let range = buffer.place { found = append(source, in: charset) }
    var body = Body(part: index, range: range, identity: range)
    guard found.contains(.invalidBytes) else {
      if part.encoding != .identity { mendLineEnds(&body) }
      return body
    }
    guard let declared = charset, let other = Self.charset(for: source, declaredAs: declared) else {
      defects.insert(.badCharset)
      return body
    }
    charset = other
    defects.insert(.wrongCharset)
    body.range = buffer.place { _ = append(source, in: charset) }
    return body
  }

  // Line ends that an encoding kept from the mail's way, CR alone or twice, are line ends, too.
  private func mendLineEnds(_ body: inout Body) {
    guard buffer[body.range].firstIndex(of: ASCII.cr) != nil else { return }
    let text = buffer[body.range].array
    body.range = buffer.place { text.withByteView { LineEnds.appendLines($0, to: buffer) } }
  }

  private func append(_ source: ByteView, in charset: Charset?) -> CharsetDefects {
    let start = buffer.count
    let found =
      charset?.decode(source, into: buffer) ?? Charset.decodeUnlabelled(source, into: buffer)
    if LineEnds.normalise(buffer, from: start) { defects.insert(.nulInText) }
    return found
  }

  // The charset that a text is in which its label cannot hold; nil where none fits.
  private static func charset(for text: ByteView, declaredAs label: Charset) -> Charset? {
    if UTF8Text.isValid(text) { return label == .utf8 ? nil : .utf8 }
    // Seven bits were announced, eight came: the same language in its other encodings.
    let candidates: [Charset] =
      label == .iso2022JP ? [.eucJP, .shiftJIS] : label == .utf8 ? [.windows1252] : []
    let scratch = ByteBuffer(capacity: 1024)
    return candidates.first { other in
      // Valid UTF-8 beside broken bytes is UTF-8 that was damaged, and so is what goes on as UTF-8 does.
      if label == .utf8, UTF8Text.hasContinuation(text) { return false }
      scratch.removeAll()
      return !other.decode(text, into: scratch).contains(.invalidBytes)
    }
  }

  /// Which leaves are the body as a person would read it, as indexes into ``bodies``: the text/plain
  /// and text/html ones, of multipart/alternative those of one branch. A plain branch goes before one
  /// of HTML unless it is blank; plain text beside HTML, such as a list's footer, comes with it.
  public func readable(_ message: Message) -> [Int] {
    if bodies.count == 1, let only = bodies.first, message.parts[only.part].kind != .textOther {
      return [0]
    }
    isBlank.removeAll(keepingCapacity: true)
    for body in bodies { isBlank.append(UTF8Text.isBlank(buffer[body.range])) }
    chooseBranches(message)
    var chosen: [Int] = []
    var hasHTML = false
    for (i, body) in bodies.enumerated() where isTaken(body.part, in: message) {
      let kind = message.parts[body.part].kind
      if kind == .textOther { continue }
      if kind == .textHTML { hasHTML = true }
      chosen.append(i)
    }
    // Beside HTML a blank plain text says nothing.
    if hasHTML {
      chosen.removeAll { message.parts[bodies[$0].part].kind == .textPlain && isBlank[$0] }
    }
    return chosen
  }

  // Of each alternative the branch that is read: the first with a plain text that is not blank, else
  // with HTML, else with a plain text.
  private func chooseBranches(_ message: Message) {
    branch.removeAll(keepingCapacity: true)
    branch.append(contentsOf: repeatElement(-1, count: message.parts.count))
    let passes: [(kind: PartKind, blank: Bool)] = [
      (.textPlain, false), (.textHTML, true), (.textPlain, true),
    ]
    for pass in passes {
      for (i, body) in bodies.enumerated()
      where message.parts[body.part].kind == pass.kind && (pass.blank || !isBlank[i]) {
        forEachAlternative(above: body.part, in: message) { parent, child in
          if branch[parent] < 0 { branch[parent] = Int32(truncatingIfNeeded: child) }
          return true
        }
      }
    }
  }

  private func isTaken(_ part: Int, in message: Message) -> Bool {
    var isTaken = true
    forEachAlternative(above: part, in: message) { parent, child in
      isTaken = Int(branch[parent]) == child
      return isTaken
    }
    return isTaken
  }

  // The alternatives around a part, from the inside, each with its branch that holds the part.
  private func forEachAlternative(
    above part: Int, in message: Message, _ visit: (_ parent: Int, _ child: Int) -> Bool
  ) {
    var child = part
    for _ in 0...(Limits.depth + 1) {
      let parent = Int(message.parts[child].parent)
      guard parent >= 0, parent < child else { return }
      if message.parts[parent].isAlternative, !visit(parent, child) { return }
      child = parent
    }
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
  /// Appends text whose CR, with LF or alone, becomes LF.
  static func appendLines(_ v: ByteView, to out: ByteBuffer) {
    var i = 0
    while i < v.count {
      let cr = v.firstIndex(of: ASCII.cr, from: i) ?? v.count
      out.append(v.slice(i, cr))
      if cr == v.count { return }
      out.append(ASCII.lf)
      i = v[cr + 1] == ASCII.lf ? cr + 2 : cr + 1
    }
  }

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
