public import Bytes

/// A message too large to hold, read in pieces of any size: headers, structure and text stay as
/// they are, the body of every attachment is decoded on the way, measured and left out.
///
/// What stays is a message that ``MessageReader`` reads like any other. In the place of a body that
/// was left out stands one line that says which; see ``MessageReader/elided``.
public final class MessageSkeleton {
  /// The body of an attachment that was left out.
  public struct Elided: Sendable {
    /// Decoded bytes.
    public var size = 0
    /// SHA-256 over them.
    public var sha256 = Digest(words: (0, 0, 0, 0))
    /// The first of them, for telling the kind of file.
    public var head: [UInt8] = []
  }

  /// The message without the bodies of its attachments.
  public let bytes = ByteBuffer(capacity: 64 << 10)
  /// The bodies left out, in message order.
  public private(set) var elided: [Elided] = []
  /// True when text beyond ``Limits/streamedText`` was left out.
  public private(set) var isTextCut = false

  private enum Mode {
    case header, text, attachment, nothing
  }

  private var mode = Mode.header
  private let window = ByteBuffer(capacity: 2 << 20)
  private var boundaries: [[UInt8]] = []
  private var headerStart = 0
  private var isAtLineStart = true
  private let reader = MessageParser()
  private let part = Message()
  private let decoded = ByteBuffer(capacity: 1 << 20)
  private let hash = SHA256()
  private var base64 = Base64Decoder()
  private var uuencoded = UUBody()
  private var encoding = TransferEncoding.identity
  private let line = ByteBuffer(capacity: 4096)
  // Gets the decoded bytes of one chosen body, for storing it in a second pass.
  private let wanted: Int?
  private let deliver: (ByteView) throws -> Void

  /// A skeleton; with `extract`, the decoded bytes of the body with that number go to `deliver`.
  public init(extract wanted: Int? = nil, deliver: @escaping (ByteView) throws -> Void = { _ in }) {
    self.wanted = wanted
    self.deliver = deliver
  }

  // Longer lines than this hold no delimiter: RFC 2046 allows 70 bytes of boundary.
  private static let longestDelimiter = Limits.boundary + 8
  private static let headLength = 8192

  /// Takes in the next bytes of the message.
  public func feed(_ piece: ByteView) throws {
    window.append(piece)
    try consume(isEnd: false)
  }

  /// Ends the message.
  public func finish() throws {
    try consume(isEnd: true)
    try endBody()
  }

  /// The line that stands for body number `n`.
  static func marker(_ n: Int) -> String { "winnow: body \(n) left out" }

  /// The number of the body that a leaf's raw bytes stand for, or nil.
  static func number(in raw: ByteView) -> Int? {
    let v = raw.trimmed()
    guard v.count < 64, v.hasPrefix("winnow: body "), v.hasSuffix(ByteView(" left out")) else {
      return nil
    }
    return ASCII.decimal(v.slice(13, v.count - 9))
  }

  private func consume(isEnd: Bool) throws {
    var position = 0
    let v = window.view
    while position < v.count {
      let next: Int
      if mode == .header || isAtLineStart {
        guard let lf = v.firstIndex(of: ASCII.lf, from: position) else {
          // A line that is not complete waits, unless it is longer than any that matters.
          if !isEnd, v.count - position <= (mode == .header ? 1 << 20 : Self.longestDelimiter) {
            break
          }
          try take(v.from(position), isLine: true)
          position = v.count
          isAtLineStart = false
          break
        }
        next = lf + 1
        try take(v.slice(position, next), isLine: true)
        isAtLineStart = true
      } else {
        // Inside a body: up to the last line end before the next line that begins with "--".
        let hit = v.firstRange(of: ByteView("\n--"), from: position)
        if let hit {
          next = hit + 1
          isAtLineStart = true
        } else {
          let keep = isEnd ? v.count : max(position, v.count - 2)
          next = keep
        }
        if next == position { break }
        try take(v.slice(position, next), isLine: false)
      }
      position = next
      if mode != .header, isAtLineStart, !(v[position] == 45 && v[position + 1] == 45),
        position + 1 < v.count
      {
        isAtLineStart = false
      }
    }
    window.discardPrefix(position)
  }

  private func take(_ piece: ByteView, isLine: Bool) throws {
    if isLine, mode == .header {
      bytes.append(piece)
      if piece.trimmed().isEmpty, bytes.count - headerStart > piece.count { try endHeader() }
      return
    }
    if isLine, piece[0] == 45, piece[1] == 45, let level = level(of: piece) {
      try endBody()
      bytes.append(piece)
      boundaries.removeLast(boundaries.count - 1 - level.index)
      if level.isClose {
        boundaries.removeLast()
        mode = .nothing
      } else {
        mode = .header
        headerStart = bytes.count
      }
      return
    }
    switch mode {
    case .text:
      if bytes.count + piece.count <= Limits.streamedText {
        bytes.append(piece)
      } else {
        isTextCut = true
      }
    case .attachment: try decode(piece)
    case .header, .nothing: break
    }
  }

  private func level(of piece: ByteView) -> (index: Int, isClose: Bool)? {
    var end = piece.count
    while end > 2, ASCII.isSpace(piece[end - 1]) { end -= 1 }
    let text = piece.slice(2, end)
    for i in boundaries.indices.reversed() {
      let found: Bool? = boundaries[i].withByteView { b in
        if text.equals(b) { return false }
        return text.count == b.count + 2 && text.hasPrefix(b) && text.hasSuffix(ByteView("--"))
          ? true : nil
      }
      if let found { return (i, found) }
    }
    return nil
  }

  private func endHeader() throws {
    mode = .text
    guard reader.parse(bytes.view.from(headerStart), into: part), let p = part.parts.first else {
      return
    }
    switch p.kind {
    case .multipart: break
    default:
      if p.isAttachment, !hasBoundary(p) { beginAttachment(p) }
    }
    if hasBoundary(p), p.encoding == .identity || p.encoding == .uuencode,
      boundaries.count < Limits.depth
    {
      boundaries.append(part.text[p.boundary].array)
      mode = .nothing
    }
  }

  // The header alone has no body in which delimiters stand, so the kind may have been given up.
  private func hasBoundary(_ p: Part) -> Bool {
    part.text[p.mediaType].hasPrefix("multipart/") && !p.boundary.isEmpty
  }

  private func beginAttachment(_ p: Part) {
    mode = .attachment
    encoding = p.encoding
    base64 = Base64Decoder()
    uuencoded = UUBody()
    hash.reset()
    elided.append(Elided())
    line.removeAll()
    pendingLineEnd.removeAll()
  }

  // The line end before a delimiter belongs to the delimiter: it waits for what follows.
  private let pendingLineEnd = ByteBuffer(capacity: 16)

  private func decode(_ piece: ByteView) throws {
    decoded.removeAll()
    switch encoding {
    case .base64: base64.decode(piece, into: decoded)
    case .quotedPrintable:
      // Whole lines only: an escape may not be cut.
      line.append(piece)
      guard let lf = line.view.lastIndex(of: ASCII.lf) else {
        if line.count < 1 << 20 { return }
        QuotedPrintable.decode(line.view, into: decoded)
        line.removeAll()
        try pass(decoded.view)
        return
      }
      // The last line end may belong to a delimiter, and a soft break needs its line end: the last
      // whole line waits.
      guard let before = line.view.prefix(lf).lastIndex(of: ASCII.lf) else { return }
      QuotedPrintable.decode(line.view.prefix(before + 1), into: decoded)
      line.discardPrefix(before + 1)
      try pass(decoded.view)
      return
    case .uuencode:
      line.append(piece)
      guard let lf = line.view.lastIndex(of: ASCII.lf) else { return }
      uuencoded.decode(line.view.prefix(lf + 1), into: decoded)
      line.discardPrefix(lf + 1)
    case .identity:
      decoded.append(pendingLineEnd.view)
      pendingLineEnd.removeAll()
      var end = piece.count
      if end > 0, piece[end - 1] == ASCII.lf { end -= 1 }
      if end > 0, end < piece.count, piece[end - 1] == ASCII.cr { end -= 1 }
      decoded.append(piece.prefix(end))
      pendingLineEnd.append(piece.from(end))
    }
    try pass(decoded.view)
  }

  private func pass(_ v: ByteView) throws {
    guard let i = elided.indices.last else { return }
    hash.update(v)
    elided[i].size += v.count
    let room = Self.headLength - elided[i].head.count
    if room > 0 { elided[i].head += v.prefix(room).array }
    if wanted == i { try deliver(v) }
  }

  private func endBody() throws {
    guard mode == .attachment, let i = elided.indices.last else { return }
    decoded.removeAll()
    switch encoding {
    case .base64: base64.finish(into: decoded)
    case .quotedPrintable:
      var end = line.count
      if end > 0, line.view[end - 1] == ASCII.lf { end -= 1 }
      if end > 0, end < line.count, line.view[end - 1] == ASCII.cr { end -= 1 }
      QuotedPrintable.decode(line.view.prefix(end), into: decoded)
    case .uuencode: uuencoded.decode(line.view, into: decoded)
    case .identity: break
    }
    try pass(decoded.view)
    elided[i].sha256 = hash.finish()
    bytes.append(string: Self.marker(i))
    bytes.append(ASCII.lf)
    mode = .nothing
  }
}
