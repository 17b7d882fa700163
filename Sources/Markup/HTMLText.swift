public import Bytes
import CLibXML2

/// What was not quite right with a piece of HTML.
public struct HTMLDefects: OptionSet, Sendable {
  /// The bits.
  public let rawValue: UInt8
  /// Defects from bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// More than ``HTMLText/maxInput`` bytes: read without a tree, all words kept.
  public static let tooLarge = HTMLDefects(rawValue: 1)
  /// More than ``HTMLText/maxDepth`` elements open at once: read without a tree, all words kept.
  public static let tooDeep = HTMLDefects(rawValue: 2)
  /// libxml2 gave up: read without a tree, all words kept.
  public static let unreadable = HTMLDefects(rawValue: 4)
}

/// HTML to the text that a person would read (contract 7, `text`; features.md ES-8.1-body).
///
/// One instance per thread, used again and again. Takes time linear in the input's size; never opens
/// a file or a connection. What is hidden is said at ``HTMLStyle``: it is left out.
public final class HTMLText {
  /// The largest input, in bytes, that is parsed as a tree of elements.
  public static let maxInput = 4 << 20
  /// The most elements that may be open at once for that.
  public static let maxDepth = 1000

  // At a fixed address: the parser's callbacks find it by that.
  private let layout: UnsafeMutablePointer<TextLayout>
  private let canonical = ByteBuffer(capacity: 64 << 10)
  private let scratch = ByteBuffer()
  private let parser: SAXParser

  /// A converter with its own parser context.
  public init() {
    layout = .allocate(capacity: 1)
    layout.initialize(to: TextLayout())
    parser = SAXParser(layout)
  }

  deinit {
    layout.deinitialize(count: 1)
    layout.deallocate()
  }

  /// Appends the text of `utf8` to `out`: valid UTF-8 when the input is, LF line ends, no white
  /// space at either end. The input may not lie in `out`.
  public func convert(_ utf8: ByteView, into out: ByteBuffer) -> HTMLDefects {
    guard utf8.count <= Self.maxInput else { return strip(utf8, into: out, .tooLarge) }
    let start = out.count
    canonical.removeAll()
    HTMLCanonical.write(utf8, into: canonical)
    layout.pointee.begin(out)
    let ended = parser.run(canonical.view, maxDepth: Self.maxDepth)
    layout.pointee.finish()
    guard ended != .whole else { return [] }
    out.truncate(to: start)
    return strip(utf8, into: out, ended == .tooDeep ? .tooDeep : .unreadable)
  }

  private func strip(_ utf8: ByteView, into out: ByteBuffer, _ defect: HTMLDefects) -> HTMLDefects {
    stripOnly(utf8, into: out)
    return defect
  }

  /// The way without libxml2, for tests and measurements as well.
  func stripOnly(_ utf8: ByteView, into out: ByteBuffer) {
    layout.pointee.begin(out)
    HTMLStripper.run(utf8, layout: layout, scratch: scratch)
    layout.pointee.finish()
  }
}
