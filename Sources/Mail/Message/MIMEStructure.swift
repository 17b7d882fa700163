import Bytes

/// Finds the parts of a message (RFC 2046 section 5.1) into a flat array, without recursion.
///
/// One walk over the bytes: a leaf's content is only searched for the next line that begins with
/// `--`, and not at all when no multipart is open. A delimiter is a whole line, white space at its
/// end apart; the innermost open multipart whose boundary it is wins, and everything opened inside
/// it ends there.
struct MIMEStructure: ~Copyable {
  private struct Open {
    var part: Int
    var boundary: ByteRange
  }

  private let open = ReusedList<Open>()

  /// Fills `message.parts` from `message.bytes`. Part 0 is the message itself.
  mutating func parse(_ message: Message) {
    open.removeAll()
    let bytes = message.bytes
    var position = openPart(message, at: 0, parent: -1, depth: 0)
    while !open.isEmpty {
      guard let delimiter = nextDelimiter(message, from: position) else { break }
      let level = delimiter.level
      if !delimiter.isClose, message.parts.count >= Limits.parts {
        message.defects.insert(.tooManyParts)
        // The rest of the message belongs to the last part as it stands.
        break
      }
      close(message, above: level, at: delimiter.lineStart, bytes: bytes)
      position = delimiter.next
      let part = open[level].part
      if delimiter.isClose {
        open.removeLast()
        // With its end but without a part it is empty, not a text.
        if message.parts.count - 1 == part { message.parts[part].boundary = .empty }
        message.parts[part].body = ByteRange(
          start: Int(message.parts[part].body.start),
          count: delimiter.next - Int(message.parts[part].body.start))
      } else {
        position = openPart(
          message, at: position, parent: part, depth: Int(message.parts[part].depth) + 1)
      }
    }
    if !open.isEmpty {
      message.defects.insert(.missingCloseDelimiter)
      open.removeAll()
    }
    if message.defects.contains(.missingCloseDelimiter) { readTexts(message) }
  }

  // A multipart in which nothing was found is the text that stands in it.
  private func readTexts(_ message: Message) {
    for i in message.parts.indices where message.parts[i].kind == .multipart {
      let hasChild = i + 1 < message.parts.count && Int(message.parts[i + 1].parent) == i
      if hasChild || message.parts[i].boundary.isEmpty
        || message.bytes[message.parts[i].body].isBlank
      {
        continue
      }
      if message.parts[i].isEncodedMultipart {
        // Its delimiters are in the encoding: it stays closed.
        message.parts[i].kind = .other
        continue
      }
      message.defects.insert(.missingDelimiter)
      message.parts[i].kind = .textPlain
      message.parts[i].hasNoDelimiter = true
    }
  }

  // Reads the header section at `start`, appends the part with its body running to the end of the
  // message for now, and opens it when it is a multipart. Returns where to search on.
  private mutating func openPart(_ message: Message, at start: Int, parent: Int, depth: Int) -> Int
  {
    let bytes = message.bytes
    var part = Part()
    part.parent = Int32(truncatingIfNeeded: parent)
    part.depth = UInt8(clamping: depth)
    let bodyStart = message.readHeader(of: &part, at: start)
    part.header = ByteRange(start: start, count: bodyStart - start)
    part.body = ByteRange(start: bodyStart, count: bytes.count - bodyStart)
    if part.kind == .multipart {
      if part.boundary.isEmpty {
        message.defects.insert(.missingBoundary)
        part.kind = .textPlain
      } else if part.encoding == .base64 || part.encoding == .quotedPrintable {
        // RFC 2045 section 6.4 forbids it, and mail programs pass over it. Nothing is decoded and parsed
        // again: that is how scanners are fooled.
        message.defects.insert(.encodedMultipart)
        part.isEncodedMultipart = true
      }
      if part.kind != .multipart {
        // It is text.
      } else if depth >= Limits.depth {
        message.defects.insert(.nestingTooDeep)
        part.kind = .other
      } else {
        open.append(Open(part: message.parts.count, boundary: part.boundary))
      }
    }
    message.parts.append(part)
    // The first delimiter may stand right after the blank line: search from the line end before it.
    return bodyStart
  }

  // Ends the bodies of everything opened inside `level`, and of the leaf last begun.
  private mutating func close(
    _ message: Message, above level: Int, at lineStart: Int, bytes: ByteView
  ) {
    var end = lineStart
    if end > 0, bytes[end - 1] == ASCII.lf { end -= 1 }
    if end > 0, end < lineStart, bytes[end - 1] == ASCII.cr { end -= 1 }
    let multipart = open[level].part
    while open.count > level + 1 {
      message.defects.insert(.missingCloseDelimiter)
      cut(message, open[open.count - 1].part, at: end)
      open.removeLast()
    }
    let last = message.parts.count - 1
    // A leaf that ended before (an epilogue lies between) keeps its end.
    if last > multipart, message.parts[last].isLeaf,
      message.parts[last].body.end == bytes.count || message.parts[last].body.end > end
    {
      cut(message, last, at: end)
    }
  }

  private func cut(_ message: Message, _ part: Int, at end: Int) {
    let start = Int(message.parts[part].body.start)
    message.parts[part].body = ByteRange(start: start, count: max(0, end - start))
  }

  private struct Delimiter {
    var level: Int
    var lineStart: Int
    var next: Int
    var isClose: Bool
  }

  private func nextDelimiter(_ message: Message, from start: Int) -> Delimiter? {
    let bytes = message.bytes
    var position = start
    let last = message.parts.count - 1
    // Base64 holds no "-": one memchr for it passes over megabytes.
    let isBase64 =
      last >= 0 && message.parts[last].isLeaf && message.parts[last].encoding == .base64
    while position < bytes.count {
      let line: Int
      if position == start || bytes[position - 1] == ASCII.lf,
        bytes[position] == 45, bytes[position + 1] == 45
      {
        line = position
      } else if isBase64 {
        guard let dash = bytes.firstIndex(of: 45, from: position) else { return nil }
        guard dash > 0, bytes[dash - 1] == ASCII.lf, bytes[dash + 1] == 45 else {
          position = dash + 1
          continue
        }
        line = dash
      } else {
        guard let hit = bytes.firstDashes(from: position) else { return nil }
        line = hit + 1
      }
      let end = HeaderScanner.lineEnd(bytes, from: line, end: bytes.count)
      var contentEnd = end.content
      while contentEnd > line, ASCII.isBlank(bytes[contentEnd - 1]) { contentEnd -= 1 }
      let text = bytes.slice(line + 2, contentEnd)
      var level = open.count - 1
      while level >= 0 {
        let boundary = message.text[open[level].boundary]
        if text.count == boundary.count, text.equals(boundary) {
          return Delimiter(level: level, lineStart: line, next: end.next, isClose: false)
        }
        if text.count == boundary.count + 2, text[text.count - 1] == 45,
          text[text.count - 2] == 45, text.hasPrefix(boundary)
        {
          return Delimiter(level: level, lineStart: line, next: end.next, isClose: true)
        }
        level -= 1
      }
      position = end.next
    }
    return nil
  }
}
