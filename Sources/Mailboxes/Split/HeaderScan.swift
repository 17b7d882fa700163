import Bytes
import CPlatform

/// The little that splitting has to know about header sections (RFC 5322 2.2).
enum HeaderScan {
  /// Where the body begins, after the first blank line; nil when there is none.
  static func bodyStart(_ view: ByteView) -> Int? {
    var line = 0
    while let lf = view.firstIndex(of: ASCII.lf, from: line) {
      if lf == line || (lf == line + 1 && view[line] == ASCII.cr) { return lf + 1 }
      line = lf + 1
    }
    return nil
  }

  /// True when the line at `start` has a field's form: a name and a colon within 80 bytes.
  static func isField(_ view: ByteView, at start: Int) -> Bool {
    var i = start
    let limit = start + 80
    while i < limit, view[i] > 32, view[i] < 127, view[i] != 58 { i += 1 }
    guard i > start else { return false }
    while i < limit, ASCII.isBlank(view[i]) { i += 1 }
    return view[i] == 58
  }

  /// The trimmed value of the first field called `name` in the header section at `start`,
  /// first line only; nil when it is missing. Looks at 64 KiB and up to `limit`.
  static func value(_ name: StaticString, in view: ByteView, from start: Int, to limit: Int)
    -> ByteView?
  {
    let wanted = ByteView(name)
    let end = min(limit, start &+ 65_536)
    var line = start
    while line < end {
      let lf = view.firstIndex(of: ASCII.lf, from: line, to: end) ?? end
      let text = view.slice(line, lf)
      if text.trimmed().isEmpty { return nil }
      if text[wanted.count] == 58, text.hasPrefixIgnoringCase(wanted) {
        return text.from(wanted.count + 1).trimmed()
      }
      line = lf + 1
    }
    return nil
  }

  /// True when the bytes at `start` look like a message: the first line is a field or an mbox
  /// quote of one, and a field that mail always has stands among the first 40 lines.
  static func looksLikeMessage(_ view: ByteView, from start: Int) -> Bool {
    guard isField(view, at: start) else { return false }
    let head = view.slice(start, start &+ 16_384)
    let known: [StaticString] = [
      "from", "to", "subject", "date", "message-id", "received", "return-path", "mime-version",
      "content-type", "delivered-to", "x-mozilla-status", "x-gm-thrid", "sender", "reply-to", "cc",
    ]
    for name in known where value(name, in: head, from: 0, to: head.count) != nil { return true }
    return false
  }
}

extension ByteView {
  /// Offset of the first `From ` at or after `start`, or nil.
  func firstFrom(_ start: Int) -> Int? {
    guard start < count, let hit = cplatform_find_from(base + start, count - start) else {
      return nil
    }
    return hit - base
  }
}
