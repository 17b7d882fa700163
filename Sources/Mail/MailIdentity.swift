public import Bytes

/// What makes two copies the same mail wherever they lie.
///
/// SHA-256 over Message-ID, Date in UTC seconds, From address in lower case, Subject with white
/// space folded, every text body (UTF-8, LF, trailing white space off each line and the end; HTML
/// as markup) and name and media type of each attachment. Each item is followed by a NUL byte and
/// each group by another, so that nothing can slide from one to the next. Transport headers,
/// labels and Bcc differ between copies and are left out.
public struct MailIdentity: Sendable {
  private let hash = SHA256()
  private let scratch = ByteBuffer(capacity: 4096)

  /// A calculator, reused by one thread.
  public init() {}

  /// The identity of a message whose bodies have been decoded.
  public func digest(_ message: Message, _ bodies: MessageBodies) -> Digest {
    scratch.removeAll()
    scratch.append(message.text[message.messageID])
    scratch.append(0)
    if let date = message.date { scratch.append(decimal: Int(date.seconds)) }
    scratch.append(0)
    if let range = message.from, let first = message.addresses[range].first {
      scratch.appendLowercased(message.text[first.address])
    }
    scratch.append(0)
    if let subject = message.subject { appendFolded(message.text[subject]) }
    scratch.append(0)
    for body in bodies.bodies {
      // What stands between two bodies is hashed with the second: one call less.
      hash.update(scratch.view)
      scratch.removeAll()
      update(trimmingLines: bodies.buffer[body.range])
      scratch.append(0)
    }
    scratch.append(0)
    for part in message.parts where part.isLeaf && part.isAttachment {
      scratch.append(message.text[part.fileName])
      scratch.append(0)
      scratch.append(message.text[part.mediaType])
      scratch.append(0)
    }
    hash.update(scratch.view)
    return hash.finish()
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

  // Hashes the lines without trailing white space, in the longest runs that need no cut.
  private func update(trimmingLines text: ByteView) {
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
      hash.update(v.slice(runStart, cut))
      runStart = lf
      position = lf
    }
    hash.update(v.from(runStart))
  }

  private static func isTrailing(_ c: UInt8) -> Bool { ASCII.isBlank(c) || c == ASCII.cr }
}
