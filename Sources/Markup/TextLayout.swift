import Bytes
import CPlatform

/// Writes elements and text as a person would read them: lines, paragraphs, lists, quotes.
///
/// White space collapses as in a browser, a no-break space counting as a space; soft hyphens and
/// zero-width marks that only steer line breaking go. Blocks begin and end lines, at most one blank
/// line stands in a row, list items begin with `- ` or their number, quotes with one `>` per
/// level (at most five) and a space, cells of one line are separated by a tab.
///
/// A struct, since every call changes some of it: class properties would be checked for exclusive
/// access each time, which took half of the time.
struct TextLayout {
  private struct Frame {
    var tag: HTMLTag
    var hides: Bool
    var preserves: Bool
    var tight: Bool
    var zeroFontBefore: Bool
    // Lists: the counter of the list around; rows: the row around.
    var counterBefore = 0
    var rowBefore = Row()
  }

  private struct Row {
    // The number of lines written when its first words came; -1 before that.
    var line = -1
  }

  private static let noList = -1
  private static let maxQuoteDepth = 5
  private static let maxIndent = 8
  private static let maxLinkLength = 8192

  private(set) var out = ByteBuffer()
  private var first = 0
  private var frames: [Frame] = []

  // What must be written before the next words.
  private var breaks = 0
  private var pendingSpace = false
  private var pendingTab = false
  private var marker: Int?
  private var sawNoBreakSpace = false
  private var atLineStart = true
  private var lines = 0

  private var hidden = 0
  private var zeroFont = false
  private var preserved = 0
  private var quotes = 0
  private var quotesOfLastLine = 0
  private var listLevel = 0
  private var counter = noList
  private var row = Row()

  private let link = ByteBuffer()
  private var linkOpen = false
  private var linkText = -1
  private var newlineAfterPre = false
  private var afterCR = false

  /// Begins a text at the end of `out`.
  mutating func begin(_ out: ByteBuffer) {
    self.out = out
    first = out.count
    frames.removeAll(keepingCapacity: true)
    (breaks, pendingSpace, pendingTab, marker, sawNoBreakSpace) = (0, false, false, nil, false)
    (atLineStart, lines, hidden, zeroFont, preserved) = (true, 0, 0, false, 0)
    (quotes, quotesOfLastLine, listLevel, counter, row) = (0, 0, 0, Self.noList, Row())
    (linkOpen, linkText, newlineAfterPre, afterCR) = (false, -1, false, false)
  }

  /// Ends the text: open links are written out, trailing white space goes.
  mutating func finish() {
    endLink()
    var n = out.count
    let bytes = out.view
    while n > first, ASCII.isSpace(bytes[n - 1]) { n -= 1 }
    out.truncate(to: n)
  }

  /// The number of elements open.
  var depth: Int { frames.count }

  // MARK: Elements

  /// An element begins. `url` is a link's target, `number` the first number of a list.
  mutating func open(_ tag: HTMLTag, style: HTMLStyle, url: ByteView = .empty, number: Int = 1) {
    afterCR = false
    var frame = Frame(
      tag: tag, hides: style.contains(.hidden), preserves: style.contains(.preserved),
      tight: style.contains(.tight), zeroFontBefore: zeroFont)
    if style.contains(.zeroFont) {
      zeroFont = true
    } else if style.contains(.sizedFont) {
      zeroFont = false
    }
    if frame.hides { hidden += 1 }
    if hidden == 0 { begin(tag, style, url, number, &frame) }
    if frame.preserves { preserved += 1 }
    frames.append(frame)
  }

  private mutating func begin(
    _ tag: HTMLTag, _ style: HTMLStyle, _ url: ByteView, _ number: Int, _ frame: inout Frame
  ) {
    breakLine(around: tag, tight: style.contains(.tight))
    switch tag {
    case .quote: quotes += 1
    case .pre, .verbatim, .plaintext:
      frame.preserves = true
      newlineAfterPre = true
    case .bulletList, .numberedList:
      frame.counterBefore = counter
      counter = tag == .bulletList ? Self.noList : max(0, number)
      listLevel += 1
    case .item:
      marker = counter
      if counter != Self.noList { counter &+= 1 }
    case .row:
      frame.rowBefore = row
      row = Row()
    case .cell: beginCell()
    case .link: beginLink(url)
    default: break
    }
  }

  /// The element that was opened last ends.
  mutating func close() {
    guard let frame = frames.popLast() else { return }
    afterCR = false
    if frame.preserves { preserved -= 1 }
    if hidden == 0 {
      switch frame.tag {
      case .quote: quotes -= 1
      case .bulletList, .numberedList:
        counter = frame.counterBefore
        listLevel -= 1
      case .row:
        row = frame.rowBefore
        pendingTab = false
      case .item: marker = nil
      case .link: endLink()
      default: break
      }
      breakLine(around: frame.tag, tight: frame.tight)
      if frame.tag == .quote { requireBreaks(2) }
    }
    if frame.hides { hidden -= 1 }
    zeroFont = frame.zeroFontBefore
  }

  /// An element without content: `br`, `hr`, `img` and the like.
  mutating func void(_ tag: HTMLTag, style: HTMLStyle, alt: ByteView = .empty) {
    afterCR = false
    guard hidden == 0, !style.contains(.hidden) else { return }
    switch tag {
    case .lineBreak: breakHere()
    case .rule:
      requireBreaks(1)
      if zeroFont { return }
      flush()
      out.append("----------")
      requireBreaks(1)
    case .image: text(alt)
    default: pendingSpace = true
    }
  }

  /// An element begins or ends whose extent is not kept: only lines are told apart.
  mutating func passBy(_ tag: HTMLTag) {
    if hidden == 0 { breakLine(around: tag, tight: true) }
  }

  private mutating func breakLine(around tag: HTMLTag, tight: Bool) {
    switch tag {
    case .block, .quote, .item, .definition, .table, .row, .textArea: requireBreaks(1)
    case .paragraph: requireBreaks(tight ? 1 : 2)
    case .heading, .pre, .verbatim, .plaintext: requireBreaks(2)
    case .bulletList, .numberedList: requireBreaks(listLevel == 0 ? 2 : 1)
    default: break
    }
  }

  private mutating func requireBreaks(_ n: Int) {
    // Nothing of this cell is written yet: it goes on in its row's line.
    if pendingTab { return }
    if sawNoBreakSpace { breakHere() }
    breaks = max(min(breaks, preserved > 0 ? breaks : 2), marker == nil ? n : 1)
    pendingSpace = false
  }

  /// A line ends here, empty or not.
  private mutating func breakHere() {
    if pendingTab { return }
    sawNoBreakSpace = false
    pendingSpace = false
    breaks = preserved > 0 ? breaks &+ 1 : min(2, breaks + 1)
  }

  private mutating func beginCell() {
    sawNoBreakSpace = false
    if row.line >= 0, row.line == lines {
      // Everything in this row so far stands in one line: go on in it.
      breaks = 0
      pendingTab = true
    } else {
      requireBreaks(1)
    }
  }

  // MARK: Words

  /// Decoded text of the element that is open.
  mutating func text(_ v: ByteView) {
    if hidden > 0 || zeroFont { return }
    var i = 0
    while i < v.count {
      let c = v.base[i]
      if c <= 0x20 {
        i += 1
        if !ASCII.isSpace(c), c != 0x0C { continue }
        if preserved > 0 {
          preserve(c == 0x0C ? ASCII.space : c)
        } else {
          pendingSpace = true
        }
        continue
      }
      let skipped = invisible(v, i)
      if skipped > 0 {
        i += skipped
        afterCR = false
        continue
      }
      let end = preserved > 0 ? wordEnd(v, i) : runEnd(v, i)
      flush()
      out.append(v.slice(i, end))
      i = end
    }
  }

  /// White space where it counts.
  private mutating func preserve(_ c: UInt8) {
    guard c == ASCII.lf || c == ASCII.cr else {
      flush()
      out.append(c)
      return
    }
    // CR LF counts once; the line end after <pre> does not count.
    if !(c == ASCII.lf && afterCR), !newlineAfterPre { breakHere() }
    newlineAfterPre = false
    afterCR = c == ASCII.cr
  }

  /// The length of a no-break space or of a mark nobody sees at `i`, 0 for anything else.
  private mutating func invisible(_ v: ByteView, _ i: Int) -> Int {
    switch (v.base[i], v[i + 1], v[i + 2]) {
    case (0x7F, _, _): return 1
    case (0xC2, 0xA0, _):
      noBreakSpace()
      return 2
    // Soft hyphen, combining grapheme joiner.
    case (0xC2, 0xAD, _), (0xCD, 0x8F, _): return 2
    // Zero width space, word joiner, byte order mark.
    case (0xE2, 0x80, 0x8B), (0xE2, 0x81, 0xA0), (0xEF, 0xBB, 0xBF): return 3
    // No characters: U+FFFE, U+FFFF.
    case (0xEF, 0xBF, 0xBE), (0xEF, 0xBF, 0xBF): return 3
    // Line and paragraph separator.
    case (0xE2, 0x80, 0xA8), (0xE2, 0x80, 0xA9):
      pendingSpace = true
      return 3
    default: return 0
    }
  }

  private mutating func noBreakSpace() {
    if preserved > 0 {
      flush()
      out.append(ASCII.space)
    } else if breaks > 0 || atLineStart {
      sawNoBreakSpace = true
    } else {
      pendingSpace = true
    }
  }

  /// The end of the words from `start` on that single spaces separate: they are written as they
  /// are.
  private func runEnd(_ v: ByteView, _ start: Int) -> Int {
    start + 1 + cplatform_plain_run(v.base + start + 1, v.count - start - 1)
  }

  private func wordEnd(_ v: ByteView, _ start: Int) -> Int {
    var i = start + 1
    while i < v.count {
      let c = v.base[i]
      if c <= 0x20 || c == 0x7F { break }
      // Lead bytes of the marks above; looked at again by the caller.
      if c == 0xC2 || c == 0xCD || c == 0xE2 || c == 0xEF { break }
      i += 1
    }
    return i
  }

  /// Writes what stands between the last words and the next.
  private mutating func flush() {
    newlineAfterPre = false
    afterCR = false
    if breaks > 0 {
      if !atLineStart { writeBreaks() }
      breaks = 0
    }
    if atLineStart {
      beginLine()
    } else if pendingTab {
      out.append(ASCII.tab)
    } else if pendingSpace {
      out.append(ASCII.space)
    }
    pendingSpace = false
    pendingTab = false
    sawNoBreakSpace = false
    if row.line < 0 { row.line = lines }
    if linkOpen, linkText < 0 { linkText = out.count }
  }

  private mutating func writeBreaks() {
    let common = min(quotes, quotesOfLastLine, Self.maxQuoteDepth)
    for i in 0..<breaks {
      // An empty line inside a quote belongs to it.
      if i > 0 { for _ in 0..<common { out.append(0x3E) } }
      out.append(ASCII.lf)
      lines += 1
    }
    atLineStart = true
  }

  private mutating func beginLine() {
    atLineStart = false
    quotesOfLastLine = quotes
    if quotes > 0 {
      for _ in 0..<min(quotes, Self.maxQuoteDepth) { out.append(0x3E) }
      out.append(ASCII.space)
    }
    for _ in 0..<max(0, min(listLevel - 1, Self.maxIndent)) { out.append("  ") }
    guard let number = marker else { return }
    marker = nil
    if number == Self.noList {
      out.append("- ")
    } else {
      out.append(decimal: number)
      out.append(". ")
    }
  }

  // MARK: Links

  private mutating func beginLink(_ url: ByteView) {
    endLink()
    let target = url.trimmed()
    let known =
      target.hasPrefixIgnoringCase("http://") || target.hasPrefixIgnoringCase("https://")
      || target.hasPrefixIgnoringCase("mailto:")
    guard known, target.count <= Self.maxLinkLength else { return }
    link.removeAll()
    for i in 0..<target.count {
      let c = target.base[i]
      switch c {
      case 0x20: link.append("%20")
      case 0x3C: link.append("%3C")
      case 0x3E: link.append("%3E")
      case 0..<0x20, 0x7F: break
      default: link.append(c)
      }
    }
    linkOpen = true
    linkText = -1
  }

  /// Writes the target after the link's words, unless these are the target.
  private mutating func endLink() {
    guard linkOpen else { return }
    linkOpen = false
    guard linkText >= 0 else { return }
    let words = out.view.slice(linkText, out.count)
    var target = link.view
    if target.hasPrefixIgnoringCase("mailto:") {
      target = target.slice(7, target.firstIndex(of: 0x3F) ?? target.count)
    }
    guard !target.isEmpty, !LinkTarget.isNamed(by: words, target) else { return }
    out.append(" <")
    out.append(target)
    out.append(0x3E)
  }
}
