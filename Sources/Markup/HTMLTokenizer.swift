import Bytes

/// Cuts HTML into text, start tags and end tags, in linear time whatever the input.
///
/// Comments (conditional ones too), declarations, processing instructions, CDATA sections, scripts,
/// style sheets and templates are passed over; `<![if !mso]>` is a tag without effect, so what it
/// encloses is kept. Attributes are read only where they change the text.
struct HTMLTokenizer {
  /// A token; its details are in the properties that follow.
  enum Token {
    /// Text with character references, in ``text``.
    case text
    /// Text without character references, in ``text``, white space counts.
    case verbatim
    /// A start tag: ``tag`` and the attributes.
    case open
    /// An end tag: ``tag``.
    case close
    /// Nothing left.
    case end
  }

  let input: ByteView
  private(set) var at = 0
  private(set) var text = ByteView.empty
  private(set) var tag = HTMLTag.inline
  /// Style of the last start tag. `mso-hide: all` counts as hidden but on links: those are the
  /// buttons that Outlook gets in another form, within a conditional comment.
  private(set) var style: HTMLStyle = []
  /// Raw attribute values of the last start tag; empty when absent.
  private(set) var href = ByteView.empty
  private(set) var alt = ByteView.empty
  private(set) var start = ByteView.empty
  /// Lower-case name of the last tag as a number, for telling one inline element from another.
  private(set) var nameHash: UInt8 = 0

  // True once a search to the end of the input has failed: it would fail again from any later
  // place.
  private var noMoreDoubleQuotes = false
  private var noMoreSingleQuotes = false
  private var noMoreBracketEnds = false
  private var noMoreDroppedEnds = false
  private var pending = Pending.nothing

  private enum Pending { case nothing, verbatim, rest, textArea }

  // No tag or declaration can end after this.
  private let lastEnd: Int

  init(_ input: ByteView) {
    self.input = input
    lastEnd = input.lastIndex(of: 0x3E) ?? -1
  }

  /// The next token.
  mutating func next() -> Token {
    if pending != .nothing, let token = pendingText() { return token }
    while at < input.count {
      guard input[at] == 0x3C else { return textToken(from: at) }
      if at > lastEnd { return lastText() }
      let c = input[at + 1]
      if ASCII.isLetter(c) {
        if let token = startTag() { return token }
      } else if c == 0x2F, ASCII.isLetter(input[at + 2]) {
        if let token = endTag() { return token }
      } else if c == 0x21 || c == 0x3F || (c == 0x2F && at + 2 < input.count) {
        guard let end = declarationEnd() else { return textToken(from: at) }
        at = end
      } else {
        return textToken(from: at)
      }
    }
    return .end
  }

  /// Text from `from`, whose first byte may be a `<`, up to the next `<`.
  private mutating func textToken(from: Int) -> Token {
    let end = input.firstIndex(of: 0x3C, from: from + 1) ?? input.count
    text = input.slice(from, end)
    at = end
    return .text
  }

  /// What follows the last `>`: text but for an unclosed comment.
  private mutating func lastText() -> Token {
    let end = input.firstRange(of: ByteView("<!--"), from: at) ?? input.count
    text = input.slice(at, end)
    at = input.count
    return .text
  }

  private mutating func pendingText() -> Token? {
    let kind = pending
    pending = .nothing
    let end: Int
    switch kind {
    case .nothing: return nil
    case .rest: end = input.count
    case .verbatim: end = rawEnd("xmp", from: at) ?? input.count
    case .textArea: end = rawEnd("textarea", from: at) ?? input.count
    }
    text = input.slice(at, end)
    at = end
    return kind == .textArea ? .text : .verbatim
  }

  // MARK: Tags

  private mutating func startTag() -> Token? {
    let name = elementName(from: at + 1)
    tag = HTMLTag.named(name)
    nameHash = Self.hash(name)
    let opened = at
    guard let end = tagEnd(from: opened + 1 + name.count, keep: tag != .ignored) else {
      return textToken(from: opened)
    }
    at = end
    switch tag {
    case .ignored: return nil
    case .script, .style:
      at = rawEnd(name, from: end) ?? input.count
      return nil
    case .dropped:
      // Without its end tag it would swallow the rest; then its content is shown instead.
      if !noMoreDroppedEnds {
        if let close = rawEnd(name, from: end) { at = close } else { noMoreDroppedEnds = true }
      }
      return nil
    case .verbatim: pending = .verbatim
    case .plaintext: pending = .rest
    case .textArea: pending = .textArea
    default: break
    }
    return .open
  }

  private mutating func endTag() -> Token? {
    let name = elementName(from: at + 2)
    tag = HTMLTag.named(name)
    nameHash = Self.hash(name)
    let opened = at
    guard let end = tagEnd(from: opened + 2 + name.count, keep: false) else {
      return textToken(from: opened)
    }
    at = end
    switch tag {
    case .ignored, .script, .style, .dropped: return nil
    default: return .close
    }
  }

  private func elementName(from start: Int) -> ByteView {
    var end = start
    while end < input.count {
      let c = input.base[end]
      if c == 0x3E || c == 0x2F || c <= 0x20 && c != 0 { break }
      end += 1
    }
    return input.slice(start, end)
  }

  private static func hash(_ name: ByteView) -> UInt8 {
    var hash = UInt8(truncatingIfNeeded: name.count)
    for i in 0..<min(name.count, 12) { hash = hash &* 31 &+ ASCII.lower(name.base[i]) }
    return hash
  }

  /// The offset after a tag's `>`, its attributes read on the way when `keep` is set. An
  /// attribute value whose quote is never closed ends the tag at the first `>` instead of eating
  /// the rest. Nil when there is no `>` at all.
  private mutating func tagEnd(from start: Int, keep: Bool) -> Int? {
    style = []
    href = .empty
    alt = .empty
    self.start = .empty
    var i = start
    while true {
      while i < input.count, input.base[i] == 0x2F || ASCII.isSpace(input.base[i]) { i += 1 }
      guard i < input.count else { break }
      if input.base[i] == 0x3E { return i + 1 }
      let name = i
      i += 1
      while i < input.count {
        let c = input.base[i]
        if c == 0x3D || c == 0x3E || c == 0x2F || ASCII.isSpace(c) { break }
        i += 1
      }
      let nameEnd = i
      while i < input.count, ASCII.isSpace(input.base[i]) { i += 1 }
      guard i < input.count else { break }
      var value = ByteView.empty
      if input.base[i] == 0x3D {
        i += 1
        while i < input.count, ASCII.isSpace(input.base[i]) { i += 1 }
        let quote = input[i]
        if quote == 0x22 || quote == 0x27 {
          guard let close = closingQuote(quote, from: i + 1) else { break }
          value = input.slice(i + 1, close)
          i = close + 1
        } else {
          let from = i
          while i < input.count, input.base[i] != 0x3E, !ASCII.isSpace(input.base[i]) { i += 1 }
          value = input.slice(from, i)
        }
      }
      if keep { attribute(input.slice(name, nameEnd), value) }
    }
    return input.firstIndex(of: 0x3E, from: start).map { $0 + 1 }
  }

  private mutating func closingQuote(_ quote: UInt8, from: Int) -> Int? {
    if quote == 0x22 ? noMoreDoubleQuotes : noMoreSingleQuotes { return nil }
    if let close = input.firstIndex(of: quote, from: from) { return close }
    if quote == 0x22 { noMoreDoubleQuotes = true } else { noMoreSingleQuotes = true }
    return nil
  }

  private mutating func attribute(_ name: ByteView, _ value: ByteView) {
    switch name.count {
    case 3 where tag == .image && alt.isEmpty && name.equalsIgnoringCase("alt"): alt = value
    case 4 where tag == .link && href.isEmpty && name.equalsIgnoringCase("href"): href = value
    case 5:
      if name.equalsIgnoringCase("style") {
        style.formUnion(HTMLStyle.parse(value))
        if style.contains(.hiddenInOutlook) {
          style.remove(.hiddenInOutlook)
          if tag != .link { style.insert(.hidden) }
        }
      } else if tag == .paragraph, name.equalsIgnoringCase("class") {
        // Outlook sets every line as a paragraph without margins.
        if value.hasPrefixIgnoringCase("Mso") { style.insert(.tight) }
      } else if tag == .numberedList, name.equalsIgnoringCase("start") {
        start = value
      }
    case 6 where name.equalsIgnoringCase("hidden"): style.insert(.hidden)
    default: break
    }
  }

  // MARK: What is passed over

  /// The offset after the comment, declaration or instruction at ``at``; nil when `<` is text
  /// there.
  private mutating func declarationEnd() -> Int? {
    let rest = input.from(at)
    if rest.hasPrefix("<!--") { return commentEnd(from: at + 4) }
    if !noMoreBracketEnds, rest.hasPrefix("<![CDATA[") {
      if let end = input.firstRange(of: ByteView("]]>"), from: at + 9) { return end + 3 }
      noMoreBracketEnds = true
    }
    guard let end = input.firstIndex(of: 0x3E, from: at) else { return nil }
    // A DOCTYPE's internal subset holds declarations with `>` of their own.
    if input[at + 2] | 0x20 == 0x64, !noMoreBracketEnds,
      input.firstIndex(of: 0x5B, from: at, to: end) != nil
    {
      if let close = input.firstRange(of: ByteView("]>"), from: at) { return close + 2 }
      noMoreBracketEnds = true
    }
    return end + 1
  }

  /// Comments end at `-->` or `--!>`; `<!-->` and `<!--->` are whole ones; unclosed ones take the
  /// rest.
  private func commentEnd(from start: Int) -> Int {
    if input[start] == 0x3E { return start + 1 }
    if input[start] == 0x2D, input[start + 1] == 0x3E { return start + 2 }
    var i = start
    while let hit = input.firstRange(of: ByteView("--"), from: i) {
      var end = hit + 2
      while input[end] == 0x2D { end += 1 }
      if input[end] == 0x3E { return end + 1 }
      if input[end] == 0x21, input[end + 1] == 0x3E { return end + 2 }
      i = end
    }
    return input.count
  }

  private func rawEnd(_ name: StaticString, from start: Int) -> Int? {
    rawEnd(ByteView(name), from: start)
  }

  /// The offset of `</name` at or after `start`.
  private func rawEnd(_ name: ByteView, from start: Int) -> Int? {
    var i = start
    while let hit = input.firstIndex(of: 0x3C, from: i) {
      if input[hit + 1] == 0x2F {
        let after = input[hit + 2 + name.count]
        if input.from(hit + 2).hasPrefixIgnoringCase(name),
          after == 0x3E || after == 0x2F || ASCII.isSpace(after) || after == 0
        {
          return hit
        }
      }
      i = hit + 1
    }
    return nil
  }
}
