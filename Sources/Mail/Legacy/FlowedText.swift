public import Bytes

/// Paragraphs of `format=flowed` text put together again (RFC 3676 section 4).
public enum FlowedText {
  /// Appends `text` with its soft line breaks undone. Lines end in LF or CRLF; those of the result
  /// in LF. Quote marks stand as one `>` per level and a space; space-stuffing is taken off the
  /// others; the signature line `-- ` stays a line of its own, with its space. With `delSp` the
  /// space before a soft break goes too.
  public static func unflow(_ text: ByteView, delSp: Bool, into out: ByteBuffer) {
    var at = 0
    // Quote depth of the paragraph that goes on, nil when the last line was fixed.
    var flowing: Int?
    while at < text.count {
      let end = text.firstIndex(of: ASCII.lf, from: at) ?? text.count
      var line = text.slice(at, end)
      if line[line.count - 1] == ASCII.cr { line = line.prefix(line.count - 1) }
      at = end + 1

      var depth = 0
      while line[depth] == 0x3E { depth += 1 }
      var content = line.from(depth)
      if content[0] == ASCII.space { content = content.from(1) }
      let isSignature = content.equals("-- ")
      let isFlowed = !isSignature && content[content.count - 1] == ASCII.space

      // A soft break only joins lines of one depth, never the signature's line.
      if let before = flowing, before != depth || isSignature {
        out.append(ASCII.lf)
        flowing = nil
      }
      if flowing == nil, depth > 0 {
        for _ in 0..<depth { out.append(0x3E) }
        if !content.isEmpty { out.append(ASCII.space) }
      }
      if isFlowed {
        out.append(delSp ? content.prefix(content.count - 1) : content)
        flowing = depth
      } else {
        out.append(content)
        if end < text.count { out.append(ASCII.lf) }
        flowing = nil
      }
    }
    // The text ended in a soft break.
    if flowing != nil, text[text.count - 1] == ASCII.lf { out.append(ASCII.lf) }
  }
}
