import Bytes
import CLibXML2

@testable import Markup

/// HTML to text by the structure that libxml2 finds in it.
final class ReferenceText {
  private let layout: UnsafeMutablePointer<TextLayout>
  private let canonical = ByteBuffer(capacity: 64 << 10)
  private let parser: SAXParser

  init() {
    layout = .allocate(capacity: 1)
    layout.initialize(to: TextLayout())
    parser = SAXParser(layout)
  }

  deinit {
    layout.deinitialize(count: 1)
    layout.deallocate()
  }

  /// The text; nil when libxml2 gave up or more than a thousand elements were open.
  func convert(_ utf8: ByteView) -> String? {
    canonical.removeAll()
    HTMLCanonical.write(utf8, into: canonical)
    let out = ByteBuffer()
    layout.pointee.begin(out)
    let ended = parser.run(canonical.view, maxDepth: HTMLText.maxDepth)
    layout.pointee.finish()
    return ended == .whole ? out.string : nil
  }
}

/// libxml2's HTML parser with callbacks that lead to a ``TextLayout``. No tree is built, so its
/// limits (text below 256 levels is dropped) do not hold.
final class SAXParser {
  /// How a run ended.
  enum End { case whole, tooDeep, failed }

  private static let ready: Void = xmlInitParser()

  private let context: htmlParserCtxtPtr?
  private let target: UnsafeMutablePointer<SAXTarget>

  /// A parser that writes to the layout at an address, which must outlive it.
  init(_ layout: UnsafeMutablePointer<TextLayout>) {
    _ = Self.ready
    context = htmlNewParserCtxt()
    target = .allocate(capacity: 1)
    target.initialize(to: SAXTarget(layout: layout, context: context))
  }

  deinit {
    htmlFreeParserCtxt(context)
    target.deinitialize(count: 1)
    target.deallocate()
  }

  /// Parses canonical markup (see ``HTMLCanonical``) and lays it out.
  func run(_ markup: ByteView, maxDepth: Int) -> End {
    guard let context, markup.count <= Int(Int32.max) else { return .failed }
    // Set anew each time: reading options clears some of them.
    context.pointee.sax?.pointee = SAXTarget.handler()
    context.pointee.userData = UnsafeMutableRawPointer(target)
    target.pointee.begin(maxDepth: maxDepth)
    let options =
      HTML_PARSE_RECOVER.rawValue | HTML_PARSE_NOERROR.rawValue | HTML_PARSE_NOWARNING.rawValue
      | HTML_PARSE_NONET.rawValue | HTML_PARSE_IGNORE_ENC.rawValue
      | HTML_PARSE_NODEFDTD.rawValue | HTML_PARSE_COMPACT.rawValue
    let document = markup.base.withMemoryRebound(to: CChar.self, capacity: markup.count) {
      htmlCtxtReadMemory(context, $0, Int32(markup.count), nil, "UTF-8", Int32(options))
    }
    if let document { xmlFreeDoc(document) }
    if target.pointee.tooDeep { return .tooDeep }
    return target.pointee.ended ? .whole : .failed
  }
}

/// Where the callbacks arrive; at a fixed address, which is the parser's user data.
private struct SAXTarget {
  private let layout: UnsafeMutablePointer<TextLayout>
  private let context: htmlParserCtxtPtr?
  private var maxDepth = 0
  private(set) var tooDeep = false
  private(set) var ended = false

  init(layout: UnsafeMutablePointer<TextLayout>, context: htmlParserCtxtPtr?) {
    self.layout = layout
    self.context = context
  }

  mutating func begin(maxDepth: Int) {
    self.maxDepth = maxDepth
    tooDeep = false
    ended = false
  }

  private static func at(_ user: UnsafeMutableRawPointer?) -> UnsafeMutablePointer<SAXTarget>? {
    user?.assumingMemoryBound(to: SAXTarget.self)
  }

  static func handler() -> xmlSAXHandler {
    var sax = xmlSAXHandler()
    sax.startElement = { user, name, attributes in
      guard let name, let target = SAXTarget.at(user) else { return }
      target.pointee.start(ByteView(cString: name), attributes)
    }
    sax.endElement = { user, name in
      guard let name, let target = SAXTarget.at(user) else { return }
      target.pointee.end(ByteView(cString: name))
    }
    sax.characters = { user, text, count in
      guard let text, let target = SAXTarget.at(user) else { return }
      target.pointee.layout.pointee.text(ByteView(base: text, count: Int(count)))
    }
    sax.ignorableWhitespace = sax.characters
    sax.cdataBlock = sax.characters
    sax.endDocument = { user in SAXTarget.at(user)?.pointee.ended = true }
    // Errors end here instead of on standard error.
    sax.serror = { _, _ in }
    sax.initialized = 0xDEED_BEAF  // XML_SAX2_MAGIC
    return sax
  }

  private mutating func start(
    _ name: ByteView, _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
  ) {
    guard !tooDeep, let tag = HTMLCanonical.tag(named: name) else { return }
    var style: HTMLStyle = []
    var value = ByteView.empty
    if var pair = attributes {
      while let key = pair[0] {
        let text = pair[1].map { ByteView(cString: $0) } ?? .empty
        if key[0] == 0x66 { style = HTMLCanonical.style(letters: text) } else { value = text }
        pair += 2
      }
    }
    switch tag {
    case .lineBreak, .rule, .gap: layout.pointee.void(tag, style: style)
    case .image: layout.pointee.void(tag, style: style, alt: value)
    case .link: layout.pointee.open(tag, style: style, url: value)
    default:
      layout.pointee.open(tag, style: style, number: ASCII.decimal(value.trimmed()) ?? 1)
    }
    if layout.pointee.depth > maxDepth {
      tooDeep = true
      xmlStopParser(context)
    }
  }

  private func end(_ name: ByteView) {
    guard !tooDeep, let tag = HTMLCanonical.tag(named: name) else { return }
    switch tag {
    case .lineBreak, .rule, .gap, .image: break
    default: layout.pointee.close()
    }
  }
}

extension ByteView {
  /// The bytes of a C string.
  fileprivate init(cString: UnsafePointer<UInt8>) {
    var n = 0
    while cString[n] != 0 { n += 1 }
    self.init(base: cString, count: n)
  }
}
