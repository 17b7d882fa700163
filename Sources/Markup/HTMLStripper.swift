import Bytes

/// Lays HTML out without a tree: what ``HTMLText`` does with input that is too large or nested too
/// deep for libxml2. Linear, keeps all words; element extents follow a few simple rules.
struct HTMLStripper {
  private static let maxDepth = 1000
  // How far an end tag may reach over elements whose end tags are missing.
  private static let reach = 64

  private var open: [HTMLTag] = []
  private var overflow = 0
  private var inlineOpen = InlineCounts()
  private let layout: UnsafeMutablePointer<TextLayout>
  private let scratch: ByteBuffer

  private init(_ layout: UnsafeMutablePointer<TextLayout>, _ scratch: ByteBuffer) {
    self.layout = layout
    self.scratch = scratch
  }

  /// Writes `input`'s text through `layout`, which has been begun and is finished by the caller.
  static func run(_ input: ByteView, layout: UnsafeMutablePointer<TextLayout>, scratch: ByteBuffer)
  {
    var stripper = HTMLStripper(layout, scratch)
    stripper.run(input)
  }

  private mutating func run(_ input: ByteView) {
    var tokens = HTMLTokenizer(input)
    while true {
      switch tokens.next() {
      case .end:
        while closeTop() {}
        return
      case .text: text(tokens.text)
      case .verbatim: layout.pointee.text(tokens.text)
      case .open: start(tokens)
      case .close:
        if tokens.tag != .inline || inlineOpen.closes(tokens.nameHash) { end(tokens.tag) }
      }
    }
  }

  /// Hands over text with its references decoded, piece by piece.
  private func text(_ v: ByteView) {
    var at = 0
    while at < v.count {
      let hit = v.firstIndex(of: 0x26, from: at) ?? v.count
      if hit > at { layout.pointee.text(v.slice(at, hit)) }
      guard hit < v.count else { return }
      if let match = CharacterReference.match(v, at: hit) {
        scratch.removeAll()
        scratch.append(scalar: match.scalar)
        layout.pointee.text(scratch.view)
        at = hit + match.length
      } else {
        layout.pointee.text(v.slice(hit, hit + 1))
        at = hit + 1
      }
    }
  }

  private mutating func start(_ tokens: HTMLTokenizer) {
    let tag = tokens.tag
    switch tag {
    case .lineBreak, .rule, .gap: layout.pointee.void(tag, style: tokens.style)
    case .image:
      scratch.removeAll()
      HTMLCanonical.decode(tokens.alt, into: scratch)
      layout.pointee.void(tag, style: tokens.style, alt: scratch.view)
    case .inline:
      if inlineOpen.opens(tokens.nameHash, styled: !tokens.style.isEmpty) { push(tokens) }
    default:
      closeImplied(by: tag)
      push(tokens)
    }
  }

  private mutating func push(_ tokens: HTMLTokenizer) {
    guard open.count < Self.maxDepth else {
      overflow += 1
      layout.pointee.passBy(tokens.tag)
      return
    }
    scratch.removeAll()
    HTMLCanonical.decode(tokens.href, into: scratch)
    layout.pointee.open(
      tokens.tag, style: tokens.style, url: scratch.view,
      number: ASCII.decimal(tokens.start.trimmed()) ?? 1)
    open.append(tokens.tag)
  }

  @discardableResult
  private mutating func closeTop() -> Bool {
    guard open.popLast() != nil else { return false }
    layout.pointee.close()
    return true
  }

  private mutating func end(_ tag: HTMLTag) {
    if overflow > 0 {
      overflow -= 1
      layout.pointee.passBy(tag)
      return
    }
    var i = open.count - 1
    let lowest = max(0, open.count - Self.reach)
    while i >= lowest {
      if open[i] == tag {
        while open.count > i { closeTop() }
        return
      }
      // An inline end tag never ends the block around it, a cell's content never the table.
      if open[i] == .table && tag != .table || open[i] == .cell && tag == .inline { return }
      i -= 1
    }
  }

  /// Ends the elements whose end tags may be left out, when one begins that cannot be inside.
  private mutating func closeImplied(by tag: HTMLTag) {
    switch tag {
    case .item: closeBack(to: [.item], within: [.bulletList, .numberedList, .table])
    case .definition: closeBack(to: [.definition], within: [.table])
    case .cell: closeBack(to: [.cell], within: [.row, .table])
    case .row: closeBack(to: [.row], within: [.table])
    case .link: break
    default: if open.last == .paragraph { closeTop() }
    }
  }

  private mutating func closeBack(to tags: [HTMLTag], within limits: [HTMLTag]) {
    var i = open.count - 1
    let lowest = max(0, open.count - Self.reach)
    while i >= lowest, !limits.contains(open[i]) {
      if tags.contains(open[i]) {
        while open.count > i { closeTop() }
        return
      }
      i -= 1
    }
  }
}
