import Bytes

/// Leads the tokens of HTML through the open elements to a ``TextLayout``, without a tree. Linear.
struct HTMLReader {
  private var layout = TextLayout()
  private var open = HTMLOpenElements()
  // Elements beyond the limit whose extents are not kept.
  private var overflow = 0
  private var isTooDeep = false
  private var inlineOpen = InlineCounts()
  private let scratch = ByteBuffer()

  /// Appends the text of `input` to `out`. Returns false when more than `maxDepth` elements were
  /// open at once: all words are there, but the lines of those inside are only told apart.
  mutating func read(_ input: ByteView, maxDepth: Int, into out: ByteBuffer) -> Bool {
    open.reset()
    overflow = 0
    isTooDeep = false
    inlineOpen.reset()
    layout.begin(out)
    var tokens = HTMLTokenizer(input)
    reading: while true {
      switch tokens.next() {
      case .end: break reading
      case .text: text(tokens.text)
      case .verbatim: layout.text(tokens.text)
      case .open: start(tokens, maxDepth)
      case .close:
        if tokens.tag != .inline || inlineOpen.closes(tokens.nameHash) { end(tokens.tag.kind) }
      }
    }
    while closeTop() {}
    layout.finish()
    return !isTooDeep
  }

  /// Hands over text, its references decoded.
  private mutating func text(_ v: ByteView) {
    guard v.firstIndex(of: 0x26) != nil else { return layout.text(v) }
    scratch.removeAll()
    CharacterReference.decode(v, into: scratch)
    layout.text(scratch.view)
  }

  private mutating func start(_ tokens: HTMLTokenizer, _ maxDepth: Int) {
    let tag = tokens.tag.kind
    if tag == .inline, !inlineOpen.opens(tokens.nameHash, styled: !tokens.style.isEmpty) { return }
    let ended = tag.endsBefore
    while let top = open.top, ended.contains(top) { closeTop() }
    switch tag {
    case .lineBreak, .rule, .gap: layout.void(tag, style: tokens.style)
    case .image: layout.void(tag, style: tokens.style, alt: attribute(tokens.alt))
    default:
      guard open.count < maxDepth else {
        isTooDeep = true
        overflow += 1
        layout.passBy(tag)
        return
      }
      let number =
        tokens.start.isEmpty ? 1 : ASCII.decimal(attribute(tokens.start).trimmed()) ?? 1
      layout.open(tag, style: tokens.style, url: attribute(tokens.href), number: number)
      open.push(tag)
    }
  }

  // An attribute's value, valid until the next.
  private func attribute(_ v: ByteView) -> ByteView {
    if v.isEmpty { return v }
    scratch.removeAll()
    CharacterReference.decode(v, into: scratch, inAttribute: true)
    scratch.dropControls()
    return scratch.view
  }

  @discardableResult
  private mutating func closeTop() -> Bool {
    guard open.pop() else { return false }
    layout.close()
    return true
  }

  private mutating func end(_ tag: HTMLTag) {
    switch tag {
    case .lineBreak, .rule, .gap, .image: return
    default: break
    }
    if overflow > 0 {
      overflow -= 1
      layout.passBy(tag)
      return
    }
    guard let i = open.ended(by: tag) else { return }
    while open.count > i { closeTop() }
  }
}

extension ByteBuffer {
  /// Takes control characters other than white space out; a form feed becomes a space.
  fileprivate func dropControls() {
    let v = view
    var i = 0
    while i < v.count, v.base[i] >= 0x20 || ASCII.isSpace(v.base[i]) { i += 1 }
    guard i < v.count else { return }
    let rest = v.from(i).array
    truncate(to: i)
    for c in rest {
      if c >= 0x20 || ASCII.isSpace(c) { append(c) } else if c == 0x0C { append(ASCII.space) }
    }
  }
}
