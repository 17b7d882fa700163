import Bytes
import CLibXML2

/// libxml2's pull parser over a stream: no network, no entities, no document type, bounded depth.
final class XMLSource {
  private static let ready: Void = xmlInitParser()

  private let reader: xmlTextReaderPtr?
  private let feed: Feed

  /// Where the parser's bytes come from; found by the C callback at its address.
  final class Feed {
    let input: (any CalendarInput)?
    var view: ByteView
    init(input: (any CalendarInput)?, view: ByteView) {
      self.input = input
      self.view = view
    }

    func read(_ to: UnsafeMutablePointer<CChar>?, _ count: Int32) -> Int32 {
      guard let to, count > 0 else { return 0 }
      return to.withMemoryRebound(to: UInt8.self, capacity: Int(count)) { p in
        if let input { return Int32(clamping: input.read(into: p, capacity: Int(count))) }
        let n = min(Int(count), view.count)
        p.update(from: view.base, count: n)
        view = view.from(n)
        return Int32(clamping: n)
      }
    }
  }

  /// What the parser stands on.
  enum Node { case start, end, text, documentType, other, finished, failed }

  init(_ feed: Feed) {
    _ = Self.ready
    self.feed = feed
    // Neither NOENT nor DTDLOAD, DTDATTR, XINCLUDE, HUGE: nothing is substituted or fetched, and
    // libxml2's own limits hold.
    let options =
      XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue
      | XML_PARSE_COMPACT.rawValue | XML_PARSE_NOCDATA.rawValue
    reader = xmlReaderForIO(
      { context, buffer, count in
        guard let context else { return 0 }
        return Unmanaged<Feed>.fromOpaque(context).takeUnretainedValue().read(buffer, count)
      }, { _ in 0 }, Unmanaged.passUnretained(feed).toOpaque(), nil, nil, Int32(options))
  }

  deinit { xmlFreeTextReader(reader) }

  /// Moves on.
  func next() -> Node {
    guard let reader else { return .failed }
    switch xmlTextReaderRead(reader) {
    case 1: break
    case 0: return .finished
    default: return .failed
    }
    switch xmlTextReaderNodeType(reader) {
    case 1: return .start
    case 15: return .end
    case 3, 4, 13, 14: return .text
    case 10: return .documentType
    default: return .other
    }
  }

  /// The element's name without its prefix; holds until the next move.
  var name: ByteView { Self.view(xmlTextReaderConstLocalName(reader)) }
  /// The text stood on; holds until the next move.
  var text: ByteView { Self.view(xmlTextReaderConstValue(reader)) }
  /// `<a/>`, which has no end of its own.
  var isEmptyElement: Bool { xmlTextReaderIsEmptyElement(reader) == 1 }
  /// True in xCal's namespace and in none.
  var isCalendarNamespace: Bool {
    let space = Self.view(xmlTextReaderConstNamespaceUri(reader))
    return space.isEmpty || space.equals("urn:ietf:params:xml:ns:icalendar-2.0")
  }
  /// The line of the node stood on, from 1.
  var line: Int {
    guard let node = xmlTextReaderCurrentNode(reader) else { return parserLine }
    let n = xmlGetLineNo(node)
    return n > 0 ? Int(n) : parserLine
  }
  /// The line that the parser has come to.
  var parserLine: Int { max(0, Int(xmlTextReaderGetParserLineNumber(reader))) }

  private static func view(_ p: UnsafePointer<xmlChar>?) -> ByteView {
    guard let p else { return .empty }
    var n = 0
    while p[n] != 0 { n += 1 }
    return ByteView(base: p, count: n)
  }
}
