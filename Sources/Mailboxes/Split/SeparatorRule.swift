import Bytes

/// Decides whether a line that begins with `From ` separates two messages.
struct SeparatorRule {
  enum Verdict: Equatable {
    /// A separator; the message begins at `next`.
    case separator(next: Int)
    /// Text of a body.
    case content
    /// The file ends within the line, which may have been about to become a separator.
    case cut
    /// Undecided without more of the file.
    case needMore
  }

  /// What stands after a From_ line.
  private enum Follow {
    /// Two fields, or one and the end of the header section.
    case headers
    /// One field, or one after one damaged line.
    case field
    /// Another separator of the file's own form.
    case separator
    /// The end of the file.
    case end
    /// None of these.
    case other
    case needMore
  }

  /// Bytes after the beginning of a line that are enough to decide on it.
  static let lookahead = 4096

  var dialect: MailboxDialect

  /// Judges the line at `at` in `view`. `atStart`: it stands where a message would begin, so
  /// nothing can be said from a blank line before it. `eof`: the file ends where the view does.
  func judge(_ view: ByteView, at: Int, atStart: Bool, eof: Bool) -> Verdict {
    guard !dialect.isSingleMessage else { return .content }
    guard let lf = view.firstIndex(of: ASCII.lf, from: at, to: at + EnvelopeLine.maximumLength + 2)
    else {
      if view.count - at > EnvelopeLine.maximumLength { return .content }
      guard eof else { return .needMore }
      return judgeLast(view, at: at, atStart: atStart)
    }
    let line = EnvelopeLine(view.slice(at, lf))
    let own = isOwn(line)
    // Most lines of prose end here.
    guard own || isForeign(line, next: view.from(lf + 1)) else {
      if !eof, line.sender == .dash, view.count - lf < 16 { return .needMore }
      return .content
    }
    let isBlank = atStart || Self.blankLine(view, before: at) > 0
    let accepted: Bool
    switch follow(view, from: lf + 1, eof: eof) {
    case .needMore: return .needMore
    case .headers: accepted = own || isBlank || !dialect.hasBlankLine
    case .field: accepted = isBlank || (own && !dialect.hasBlankLine)
    case .separator, .end: accepted = own && (isBlank || !dialect.hasBlankLine)
    case .other: accepted = false
    }
    return accepted ? .separator(next: lf + 1) : .content
  }

  /// True for the file's own form.
  func isOwn(_ line: EnvelopeLine) -> Bool {
    guard line.sender.bit & dialect.kinds != 0 else { return false }
    if line.isDated { return !line.isGitDate || dialect.hasGitDate }
    guard line.isBare else { return false }
    return line.sender == .dash || line.sender == .takeout || dialect.isBare
  }

  /// True for another writer's form, where the file is not locked to one.
  private func isForeign(_ line: EnvelopeLine, next: ByteView) -> Bool {
    guard !dialect.isLocked else { return false }
    if line.isDated { return !line.isGitDate }
    return line.sender == .dash && line.isBare && next.hasPrefixIgnoringCase("x-mozilla-")
  }

  private func judgeLast(_ view: ByteView, at: Int, atStart: Bool) -> Verdict {
    let text = view.from(at)
    let isBlank = atStart || Self.blankLine(view, before: at) > 0 || !dialect.hasBlankLine
    guard isBlank else { return .content }
    if isOwn(EnvelopeLine(text)) { return .separator(next: view.count) }
    return EnvelopeLine.couldBeCut(text) ? .cut : .content
  }

  private func follow(_ all: ByteView, from start: Int, eof: Bool) -> Follow {
    if start >= all.count { return eof ? .end : .needMore }
    let enough = eof || all.count - start >= Self.lookahead
    // However much was read, the verdict is the same.
    let view = all.prefix(start + Self.lookahead)
    guard let lf = view.firstIndex(of: ASCII.lf, from: start) else {
      return enough ? (HeaderScan.isField(view, at: start) ? .field : .other) : .needMore
    }
    let second = lf + 1
    guard enough || view.firstIndex(of: ASCII.lf, from: second) != nil else { return .needMore }
    let first = view.slice(start, second)
    if first.hasPrefix("From "), isOwn(EnvelopeLine(first)) { return .separator }
    // Old spools kept the first hop's separator quoted above the header fields.
    let isFirst = HeaderScan.isField(view, at: start) || first.hasPrefix(">From ")
    let isSecond = HeaderScan.isField(view, at: second)
    if isFirst {
      let next = view[second]
      return isSecond || ASCII.isSpace(next) || second >= view.count ? .headers : .field
    }
    return isSecond && !first.trimmed().isEmpty ? .field : .other
  }

  /// Length of the blank line (LF or CRLF) that ends right before `at`, or 0.
  static func blankLine(_ view: ByteView, before at: Int) -> Int {
    guard at >= 2, view[at - 1] == ASCII.lf else { return 0 }
    if view[at - 2] == ASCII.lf { return 1 }
    guard view[at - 2] == ASCII.cr else { return 0 }
    return at == 2 || view[at - 3] == ASCII.lf ? 2 : 0
  }
}
