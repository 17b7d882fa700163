import Bytes

/// The Content-Length field of the mboxcl dialects, which is never believed on its word.
enum ContentLength {
  enum Landing: Equatable {
    /// A separator of the file's own form, or the end of the file, stands at this offset.
    case lands(Int)
    /// The place is not in the view; it would have to reach this offset.
    case beyond(Int)
    /// The header section is not whole in the view.
    case unread
    /// It points anywhere else, or is no number.
    case lie
    case absent
  }

  /// Where the Content-Length of the message at `messageStart` leads. Headers above 256 KiB are
  /// not searched.
  static func landing(_ view: ByteView, messageStart: Int, rule: SeparatorRule, eof: Bool)
    -> Landing
  {
    let head = view.slice(messageStart, messageStart + 262_144)
    // One pass: the first field of the name, and the body's start. It ends at the next separator,
    // or a file of headers without bodies would be read over and over.
    var value: ByteView?
    var line = 0
    var body = -1
    while body < 0, let lf = head.firstIndex(of: ASCII.lf, from: line) {
      if lf == line || (lf == line + 1 && head[line] == ASCII.cr) { body = lf + 1 }
      if head[line] == 70, head.from(line).hasPrefix("From ") { return .absent }
      if value == nil, head[line + 14] == 58,
        head.from(line).hasPrefixIgnoringCase("content-length")
      {
        value = head.slice(line + 15, lf).trimmed()
      }
      line = lf + 1
    }
    guard body >= 0 else { return eof || head.count >= 262_144 ? .absent : .unread }
    guard let value else { return .absent }
    guard let length = ASCII.decimal(value), length < 1 << 40 else { return .lie }
    return check(view, at: messageStart + body + length, rule: rule, eof: eof)
  }

  /// Whether a separator or the end of the file stands at `place`, after at most two line ends.
  static func check(_ view: ByteView, at place: Int, rule: SeparatorRule, eof: Bool) -> Landing {
    if place + EnvelopeLine.maximumLength + 8 > view.count, !eof {
      return .beyond(place + EnvelopeLine.maximumLength + 8)
    }
    guard place <= view.count else { return .lie }
    var at = place
    var lines = 0
    while lines < 2, at < view.count {
      if view[at] == ASCII.lf {
        at += 1
      } else if view[at] == ASCII.cr, view[at + 1] == ASCII.lf {
        at += 2
      } else {
        break
      }
      lines += 1
    }
    if at == view.count { return .lands(at) }
    guard view.from(at).hasPrefix("From "), at > 0, view[at - 1] == ASCII.lf else { return .lie }
    let line = view.slice(at, view.firstIndex(of: ASCII.lf, from: at) ?? view.count)
    let form = EnvelopeLine(line)
    return rule.isOwn(form) || form.isDated ? .lands(at) : .lie
  }
}
