import Bytes

@testable import Markup

/// Rewrites HTML with the few elements and attributes that matter for its text, in one form.
///
/// libxml2's own tokenizer takes time square in the attributes of a tag and differs between 2.9 and
/// 2.14 on malformed input; what it is good at is which element ends where. So it gets markup
/// that every version reads alike: known names, at most two quoted attributes, text with only
/// `&lt;` and `&amp;` in it. It was the product's way once, and is the measure of it now.
enum HTMLCanonical {
  /// Writes the canonical form of `input` at the end of `out`.
  static func write(_ input: ByteView, into out: ByteBuffer) {
    var tokens = HTMLTokenizer(input)
    var inlineOpen = InlineCounts()
    // Until white space counts somewhere it is collapsed here: libxml2 takes long for each
    // character.
    var collapses = true
    out.append("<html><body>")
    while true {
      switch tokens.next() {
      case .end: return
      case .text: escape(tokens.text, into: out, collapses: collapses)
      case .verbatim: escapeVerbatim(tokens.text, into: out)
      case .open:
        if tokens.tag != .inline
          || inlineOpen.opens(tokens.nameHash, styled: !tokens.style.isEmpty)
        {
          if tokens.tag == .pre || tokens.style.contains(.preserved) { collapses = false }
          start(tokens, into: out)
        }
      case .close:
        if tokens.tag != .inline || inlineOpen.closes(tokens.nameHash),
          tokens.tag != .lineBreak, tokens.tag != .rule, tokens.tag != .image
        {
          out.append("</")
          out.append(name(of: tokens.tag))
          out.append(0x3E)
        }
      }
    }
  }

  /// The name that stands for an element. Links and inline elements get names that libxml2 never
  /// ends on its own account (it would end `a` before a table).
  static func name(of tag: HTMLTag) -> StaticString {
    switch tag {
    case .block, .textArea: "div"
    case .paragraph: "p"
    case .heading: "h1"
    case .quote: "blockquote"
    case .pre, .verbatim, .plaintext: "pre"
    case .bulletList: "ul"
    case .numberedList: "ol"
    case .item: "li"
    case .definition: "dd"
    case .table: "table"
    case .row: "tr"
    case .cell: "td"
    case .link: "label"
    case .image: "img"
    case .lineBreak: "br"
    case .rule: "hr"
    case .gap: "area"
    default: "ins"
    }
  }

  /// The element that a canonical name stands for; nil for the frame around all.
  static func tag(named name: ByteView) -> HTMLTag? {
    switch name[0] {
    case 0x61: .gap
    case 0x62: name.count > 4 ? .quote : name.count == 2 ? .lineBreak : nil
    case 0x64: name[1] == 0x64 ? .definition : .block
    case 0x68: name[1] == 0x31 ? .heading : name[1] == 0x72 ? .rule : nil
    case 0x69: name[1] == 0x6D ? .image : .inline
    case 0x6C: name[1] == 0x69 ? .item : .link
    case 0x6F: .numberedList
    case 0x70: name.count == 1 ? .paragraph : .pre
    case 0x74: name[1] == 0x61 ? .table : name[1] == 0x72 ? .row : .cell
    case 0x75: .bulletList
    default: .inline
    }
  }

  private static func start(_ tokens: HTMLTokenizer, into out: ByteBuffer) {
    out.append(0x3C)
    out.append(name(of: tokens.tag))
    if !tokens.style.isEmpty {
      // The bits as a letter each: f="ac".
      out.append(" f=\"")
      for bit in 0..<6 as Range<UInt8> where tokens.style.rawValue >> bit & 1 == 1 {
        out.append(0x61 + bit)
      }
      out.append(0x22)
    }
    let value = tokens.tag == .image ? tokens.alt : tokens.tag == .link ? tokens.href : tokens.start
    if !value.isEmpty {
      out.append(" v=\"")
      escape(value, into: out, inAttribute: true)
      out.append(0x22)
    }
    out.append(0x3E)
  }

  /// The style that the letters of an `f` attribute stand for.
  static func style(letters: ByteView) -> HTMLStyle {
    var raw: UInt8 = 0
    for i in 0..<letters.count where letters[i] &- 0x61 < 6 { raw |= 1 << (letters[i] &- 0x61) }
    return HTMLStyle(rawValue: raw)
  }

  /// Appends text decoded and escaped again, control characters left out.
  private static func escape(
    _ v: ByteView, into out: ByteBuffer, inAttribute: Bool = false, collapses: Bool = false
  ) {
    var run = 0
    var i = 0
    while i < v.count {
      let c = v.base[i]
      if !needsCare(c) {
        i += 1
        if collapses, ASCII.isSpace(c), ASCII.isSpace(v[i]) {
          out.append(v.slice(run, i))
          while ASCII.isSpace(v[i]) { i += 1 }
          run = i
        }
        continue
      }
      out.append(v.slice(run, i))
      if c == 0x26, let match = CharacterReference.match(v, at: i, inAttribute: inAttribute) {
        i += match.length
        if match.scalar < 0x80 {
          escape(UInt8(truncatingIfNeeded: match.scalar), into: out)
        } else {
          out.append(scalar: match.scalar)
        }
      } else {
        escape(c, into: out)
        i += 1
      }
      run = i
    }
    out.append(v.slice(run, v.count))
  }

  private static func escapeVerbatim(_ v: ByteView, into out: ByteBuffer) {
    var run = 0
    for i in 0..<v.count where needsCare(v.base[i]) {
      out.append(v.slice(run, i))
      escape(v.base[i], into: out)
      run = i + 1
    }
    out.append(v.slice(run, v.count))
  }

  private static func needsCare(_ c: UInt8) -> Bool {
    c < 0x20 && !ASCII.isSpace(c) || c == 0x26 || c == 0x3C || c == 0x22
  }

  private static func escape(_ c: UInt8, into out: ByteBuffer) {
    switch c {
    case 0x22: out.append("&quot;")
    case 0x26: out.append("&amp;")
    case 0x3C: out.append("&lt;")
    case 0x0C: out.append(ASCII.space)
    case 0..<0x20 where !ASCII.isSpace(c): break
    default: out.append(c)
    }
  }
}
