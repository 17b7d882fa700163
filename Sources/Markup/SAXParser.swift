import Bytes
import CLibXML2

/// libxml2's HTML parser with callbacks that lead to a ``TextLayout``. No tree is built, so its
/// limits (text below 256 levels is dropped) do not hold.
final class SAXParser {
  /// How a run ended.
  enum End { case whole, tooDeep, failed }

  private static let ready: Void = xmlInitParser()

  private let layout: TextLayout
  private let context: htmlParserCtxtPtr?
  private let target: SAXTarget

  init(_ layout: TextLayout) {
    _ = Self.ready
    self.layout = layout
    context = htmlNewParserCtxt()
    target = SAXTarget(layout)
  }

  deinit { htmlFreeParserCtxt(context) }

  /// Parses canonical markup (see ``HTMLCanonical``) and lays it out.
  func run(_ markup: ByteView, maxDepth: Int) -> End {
    guard let context, markup.count <= Int(Int32.max) else { return .failed }
    // Set anew each time: reading options clears some of them.
    context.pointee.sax?.pointee = SAXTarget.handler
    context.pointee.userData = Unmanaged.passUnretained(target).toOpaque()
    target.begin(context, maxDepth: maxDepth)
    let options =
      HTML_PARSE_RECOVER.rawValue | HTML_PARSE_NOERROR.rawValue | HTML_PARSE_NOWARNING.rawValue
      | HTML_PARSE_NONET.rawValue | HTML_PARSE_IGNORE_ENC.rawValue
      | HTML_PARSE_NODEFDTD.rawValue | HTML_PARSE_COMPACT.rawValue
    let document = markup.base.withMemoryRebound(to: CChar.self, capacity: markup.count) {
      htmlCtxtReadMemory(context, $0, Int32(markup.count), nil, "UTF-8", Int32(options))
    }
    if let document { xmlFreeDoc(document) }
    if target.tooDeep { return .tooDeep }
    return target.ended ? .whole : .failed
  }
}

/// Where the callbacks arrive.
private final class SAXTarget {
  private let layout: TextLayout
  private var context: htmlParserCtxtPtr?
  private var maxDepth = 0
  // Elements that the layout was not told of, such as html and body, have no place on its stack.
  private(set) var tooDeep = false
  fileprivate(set) var ended = false

  init(_ layout: TextLayout) { self.layout = layout }

  func begin(_ context: htmlParserCtxtPtr, maxDepth: Int) {
    self.context = context
    self.maxDepth = maxDepth
    tooDeep = false
    ended = false
  }

  private static func of(_ user: UnsafeMutableRawPointer?) -> SAXTarget? {
    user.map { Unmanaged<SAXTarget>.fromOpaque($0).takeUnretainedValue() }
  }

  static var handler: xmlSAXHandler {
    var sax = xmlSAXHandler()
    sax.startElement = { user, name, attributes in
      guard let name, let target = SAXTarget.of(user) else { return }
      target.start(ByteView(cString: name), attributes)
    }
    sax.endElement = { user, name in
      guard let name, let target = SAXTarget.of(user) else { return }
      target.end(ByteView(cString: name))
    }
    sax.characters = { user, text, count in
      guard let text else { return }
      SAXTarget.of(user)?.layout.text(ByteView(base: text, count: Int(count)))
    }
    sax.ignorableWhitespace = sax.characters
    sax.cdataBlock = sax.characters
    sax.endDocument = { user in SAXTarget.of(user)?.ended = true }
    // Errors end here instead of on standard error.
    sax.serror = { _, _ in }
    sax.initialized = 0xDEED_BEAF  // XML_SAX2_MAGIC
    return sax
  }

  private func start(
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
    case .lineBreak, .rule, .gap: layout.void(tag, style: style)
    case .image: layout.void(tag, style: style, alt: value)
    case .link: layout.open(tag, style: style, url: value)
    default: layout.open(tag, style: style, number: ASCII.decimal(value.trimmed()) ?? 1)
    }
    if layout.depth > maxDepth {
      tooDeep = true
      xmlStopParser(context)
    }
  }

  private func end(_ name: ByteView) {
    guard !tooDeep, let tag = HTMLCanonical.tag(named: name) else { return }
    switch tag {
    case .lineBreak, .rule, .gap, .image: break
    default: layout.close()
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
