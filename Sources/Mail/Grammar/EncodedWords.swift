public import Bytes
import Text

/// Reads unstructured header text: unfolds it, decodes its encoded words (RFC 2047, RFC 2231) and
/// guesses at unlabelled bytes.
///
/// Holds scratch memory that is used again and again; one per thread. Time is linear in the value.
public final class EncodedWords: @unchecked Sendable {
  // The bytes of adjacent words of one charset; characters may be split between words.
  private let bytes = ByteBuffer()
  // Where in them words of ISO-2022 begin that were put behind another.
  private let joints = ReusedList<Int>()
  private let unfolded = ByteBuffer()
  private let decoded = ByteBuffer()
  /// The charset that unlabelled bytes are in, if they are no UTF-8 and it can hold them; empty for
  /// windows-1252.
  let rawLabel = ByteBuffer(capacity: 16)
  /// False reads as the first readers did: raw bytes as windows-1252, no shift state across words.
  @exclusivity(unchecked) var knowsNewRules = true
  /// Set where what was read may be another text than the first readers saw.
  @exclusivity(unchecked) var usedNewRules = false

  /// A reader with empty scratch memory.
  public init() {}

  /// Appends the text of a raw header value to `text` as one line of valid UTF-8, without white
  /// space at its ends.
  ///
  /// A fold becomes one space, other spaces stay. White space between encoded words goes. Encoded
  /// words are recognised anywhere, also inside quotes and glued to text; each is decoded once.
  /// Words that do not end, or whose charset is unknown, stay as they are. Bytes above 0x7F outside
  /// words are UTF-8 (RFC 6532), else windows-1252. Control characters become a space or U+FFFD.
  /// `value` may not lie in `text`.
  @discardableResult
  public func appendUnstructured(_ value: ByteView, to text: ByteBuffer) -> HeaderDefects {
    let v = value.trimmed()
    if WideScan.plainTextEnd(v) == v.count {
      // Printable ASCII on one line without any encoded word, which would begin with `=`.
      text.append(v)
      return []
    }
    return appendFully(v, to: text)
  }

  /// The same without the fast path, of a value without white space at its ends.
  func appendFully(_ v: ByteView, to text: ByteBuffer) -> HeaderDefects {
    let start = text.count
    var defects: HeaderDefects = []
    var closings = EncodedWord.Closings()
    var literal = 0
    var search = 0
    var charset: Charset?  // of the words held in `bytes`

    while let p = v.firstRange(of: ByteView("=?"), from: search) {
      guard let word = EncodedWord.at(p, in: v, closings: &closings) else {
        if EncodedWord.contentStart(p, in: v) != nil { defects.insert(.encodedWordMalformed) }
        search = p + 2
        continue
      }
      guard let own = Charset.named(word.charset) else {
        defects.insert(.encodedWordCharset)
        search = word.end
        continue
      }
      let between = v.slice(literal, p)
      if let held = charset {
        let adjacent = between.trimmed().isEmpty
        if !adjacent || held != own || breaksShifts(word.charset) {
          flush(held, to: text, &defects)
        }
        if !adjacent { appendLiteral(between, to: text, &defects) }
      } else {
        appendLiteral(between, to: text, &defects)
      }
      if !bytes.isEmpty { joints.append(bytes.count) }
      word.appendBytes(to: bytes)
      charset = own
      literal = word.end
      search = word.end
    }
    if let held = charset { flush(held, to: text, &defects) }
    appendLiteral(v.from(literal), to: text, &defects)
    Self.trim(text, from: start)
    return defects
  }

  /// Appends unlabelled text as one line: no encoded words, else as ``appendUnstructured(_:to:)``,
  /// and white space at the ends stays.
  @discardableResult
  func appendRaw(_ v: ByteView, to text: ByteBuffer) -> HeaderDefects {
    var defects: HeaderDefects = []
    appendLiteral(v, to: text, &defects)
    return defects
  }

  /// Appends bytes in a charset as one line.
  @discardableResult
  func append(_ v: ByteView, charset: Charset, to text: ByteBuffer) -> HeaderDefects {
    var defects: HeaderDefects = []
    decoded.removeAll()
    if charset.decode(v, into: decoded).contains(.invalidBytes) {
      defects.insert(.undecodableBytes)
    }
    if HeaderLine.append(decoded.view, to: text) { defects.insert(.controlCharacters) }
    return defects
  }

  private func flush(_ charset: Charset, to text: ByteBuffer, _ defects: inout HeaderDefects) {
    let found = append(bytes.view, charset: charset, to: text, orCutAt: joints)
    defects.formUnion(found)
    bytes.removeAll()
    joints.removeAll()
  }

  // Words of ISO-2022 are read as one, unless that does not work and each begins in ASCII after all.
  private func append(
    _ v: ByteView, charset: Charset, to text: ByteBuffer, orCutAt joints: ReusedList<Int>
  ) -> HeaderDefects {
    guard !joints.isEmpty, charset.hasShifts else { return append(v, charset: charset, to: text) }
    let start = text.count
    let whole = append(v, charset: charset, to: text)
    guard whole.contains(.undecodableBytes) else { return whole }
    text.truncate(to: start)
    var found: HeaderDefects = []
    var from = 0
    for cut in joints {
      found.formUnion(append(v.slice(from, cut), charset: charset, to: text))
      from = cut
    }
    return found.union(append(v.from(from), charset: charset, to: text))
  }

  private func appendLiteral(
    _ value: ByteView, to text: ByteBuffer, _ defects: inout HeaderDefects
  ) {
    guard !value.isEmpty else { return }
    var v = value
    if HeaderLine.isFolded(v) {
      unfolded.removeAll()
      HeaderLine.appendUnfolded(v, to: unfolded)
      v = unfolded.view
    }
    if !v.isASCII {
      if !UTF8Text.isValid(v) { defects.insert(.raw8Bit) }
      decoded.removeAll()
      if !decodeRaw(v, defects) {
        decoded.removeAll()
        let found = Charset.decodeUnlabelled(v, into: decoded)
        if found.contains(.invalidBytes) { defects.insert(.undecodableBytes) }
      }
      v = decoded.view
    }
    if HeaderLine.append(v, to: text) { defects.insert(.controlCharacters) }
  }

  // Decodes bytes that are no UTF-8 in the charset of the body; false where it cannot hold them.
  private func decodeRaw(_ v: ByteView, _ defects: HeaderDefects) -> Bool {
    guard knowsNewRules, !rawLabel.isEmpty, defects.contains(.raw8Bit),
      let charset = Charset.named(rawLabel.view), charset.holdsRawBytes
    else { return false }
    guard !charset.decode(v, into: decoded).contains(.invalidBytes) else { return false }
    usedNewRules = true
    return true
  }

  // In these each word begins in ASCII (RFC 2047 section 3, RFC 1468), so bytes are not joined. Many
  // programs cut ISO-2022 without care: there a word goes on in the state in which the one before ended.
  private func breaksShifts(_ label: ByteView) -> Bool {
    if label.hasPrefixIgnoringCase("iso-2022") {
      usedNewRules = true
      return !knowsNewRules
    }
    return label.hasPrefixIgnoringCase("hz") || label.hasPrefixIgnoringCase("utf-7")
  }

  private static func trim(_ text: ByteBuffer, from start: Int) {
    var end = text.count
    while end > start, text.view[end - 1] == ASCII.space { end -= 1 }
    text.truncate(to: end)
    var s = start
    while s < end, text.view[s] == ASCII.space { s += 1 }
    text.removeFront(from: start, count: s - start)
  }
}

extension ByteBuffer {
  /// Cuts `count` bytes out at `start`, moving what follows them.
  func removeFront(from start: Int, count n: Int) {
    guard n > 0, start >= 0, start + n <= count else { return }
    let kept = count - start - n
    let tail = reserve(kept)
    tail.update(from: view.base + start + n, count: kept)
    (tail - (count - start)).update(from: tail, count: kept)
    truncate(to: start + kept)
  }
}
