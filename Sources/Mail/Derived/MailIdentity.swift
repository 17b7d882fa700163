public import Bytes

/// What makes two copies the same mail wherever they lie.
///
/// SHA-256 over Message-ID, Date in UTC seconds, From address in lower case, Subject with white
/// space folded, every text body (UTF-8, LF, trailing white space off each line and the end; HTML
/// as markup) and name and media type of each attachment. Each item is followed by a NUL byte and
/// each group by another, so that nothing can slide from one to the next. Transport headers,
/// labels and Bcc differ between copies and are left out.
///
/// It is taken over what the first version of the reader saw: keys come from it, and a CRM that has a
/// mail under one key would get it again under another. What later versions read better (multiparts
/// with a transfer encoding, charsets guessed, shift states) shows in the record, not here.
public final class MailIdentity: @unchecked Sendable {
  private let hash = SHA256()
  private let scratch = ByteBuffer(capacity: 4096)
  // Longer texts are hashed piece by piece instead of being put together.
  private static let longest = 16 << 10
  @exclusivity(unchecked) private var isLong = false

  /// A calculator, reused by one thread.
  public init() {}

  /// The identity of a message whose bodies have been decoded.
  public func digest(_ message: Message, _ bodies: MessageBodies) -> Digest {
    prepare(message, bodies) ?? hash.digest(text)
  }

  /// Puts together what the identity of a message is a digest of: ``text``. A long one is not put
  /// together; its digest is returned at once.
  public func prepare(_ message: Message, _ bodies: MessageBodies) -> Digest? {
    isLong = false
    scratch.removeAll()
    scratch.append(message.text[message.messageID])
    scratch.append(0)
    if let date = message.date { scratch.append(decimal: Int(date.seconds)) }
    scratch.append(0)
    if let range = message.from, range.lowerBound < range.upperBound,
      range.lowerBound < message.addresses.count
    {
      scratch.appendLowercased(message.text[message.addresses[range.lowerBound].address])
    }
    scratch.append(0)
    if let subject = message.identitySubject ?? message.subject {
      appendFolded(message.text[subject])
    }
    scratch.append(0)
    if let opened = message.openedAs {
      // The first readers saw an attachment.
      scratch.append(0)
      opened.withByteView { scratch.append($0) }
      return nil
    }
    let isAsEver = message.defects.isDisjoint(with: [.encodedMultipart, .missingDelimiter])
    var i = 0
    while i < bodies.bodies.count {
      let body = bodies.bodies[i]
      i += 1
      if !isAsEver, isNew(body.part, in: message) { continue }
      appendTrimmed(bodies.buffer[body.identity])
      scratch.append(0)
    }
    scratch.append(0)
    var index = 0
    for part in message.parts {
      index += 1
      guard part.isLeaf && part.isAttachment || part.isEncodedMultipart else { continue }
      if !isAsEver, isNew(index - 1, in: message) { continue }
      append(message.text[part.fileName])
      scratch.append(0)
      append(message.text[part.mediaType])
      scratch.append(0)
    }
    guard isLong else { return nil }
    hash.update(scratch.view)
    return hash.finish()
  }

  // True for a part that the first readers did not see: it lies in a multipart that they left opaque,
  // or is a text that they took for a multipart without parts.
  private func isNew(_ part: Int, in message: Message) -> Bool {
    if message.parts[part].hasNoDelimiter, !message.parts[part].isEncodedMultipart { return true }
    var child = part
    for _ in 0...(Limits.depth + 1) {
      let parent = Int(message.parts[child].parent)
      guard parent >= 0, parent < child else { return false }
      if message.parts[parent].isEncodedMultipart { return true }
      child = parent
    }
    return false
  }

  /// What ``prepare(_:_:)`` put together; valid until it is called again.
  public var text: ByteView { scratch.view }

  private func append(_ v: ByteView) {
    if scratch.count &+ v.count <= Self.longest { return scratch.append(v) }
    if !isLong { hash.reset() }
    isLong = true
    hash.update(scratch.view)
    scratch.removeAll()
    hash.update(v)
  }

  // Runs of white space become one space; none at the ends. Copied word by word, or at once where
  // nothing is to be folded.
  private func appendFolded(_ v: ByteView) {
    if Self.isFolded(v) { return scratch.append(v) }
    var any = false
    var i = 0
    while i < v.count {
      while i < v.count, ASCII.isSpace(v.base[i]) { i &+= 1 }
      let start = i
      while i < v.count, !ASCII.isSpace(v.base[i]) { i &+= 1 }
      if i == start { break }
      if any { scratch.append(ASCII.space) }
      any = true
      scratch.append(v.slice(start, i))
    }
  }

  private static func isFolded(_ v: ByteView) -> Bool {
    guard v.count > 0, !ASCII.isSpace(v.base[0]), !ASCII.isSpace(v.base[v.count - 1]) else {
      return v.isEmpty
    }
    // Without branches, so that it becomes vector code.
    var marks: UInt8 = 0
    var i = 1
    while i < v.count {
      let c = v.base[i]
      marks |= (c < 32 ? 1 : 0) | (c == 32 ? 1 : 0) & (v.base[i &- 1] == 32 ? 1 : 0)
      i &+= 1
    }
    return marks == 0
  }

  // Appends the lines without trailing white space, in the longest runs that need no cut.
  private func appendTrimmed(_ text: ByteView) {
    var end = text.count
    while end > 0, ASCII.isSpace(text[end - 1]) { end -= 1 }
    let v = text.prefix(end)
    var runStart = 0
    var position = 0
    while true {
      let lf = v.blankBeforeLineEnd(from: position)
      if lf >= v.count { break }
      var cut = lf
      while cut > runStart, Self.isTrailing(v[cut - 1]) { cut -= 1 }
      append(v.slice(runStart, cut))
      runStart = lf
      position = lf
    }
    append(v.from(runStart))
  }

  private static func isTrailing(_ c: UInt8) -> Bool { ASCII.isBlank(c) || c == ASCII.cr }
}
