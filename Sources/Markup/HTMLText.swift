public import Bytes

/// What was not quite right with a piece of HTML.
public struct HTMLDefects: OptionSet, Sendable {
  /// The bits.
  public let rawValue: UInt8
  /// Defects from bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// More than ``HTMLText/maxDepth`` elements open at once: all words are kept, but what lies
  /// deeper is no quote, list or link any more.
  public static let tooDeep = HTMLDefects(rawValue: 2)
}

/// HTML to the text that a person would read (ES-8.1-body).
///
/// One instance per thread, used again and again. Takes time linear in the input's size; never
/// opens a file or a connection. What is hidden is said at ``HTMLStyle``: it is left out.
public final class HTMLText {
  /// The most elements that may be open at once.
  public static let maxDepth = 1000

  @exclusivity(unchecked) private var reader = HTMLReader()

  /// A converter.
  public init() {}

  /// Appends the text of `utf8` to `out`: valid UTF-8 when the input is, LF line ends, no white
  /// space at either end. The input may not lie in `out`.
  public func convert(_ utf8: ByteView, into out: ByteBuffer) -> HTMLDefects {
    reader.read(utf8, maxDepth: Self.maxDepth, into: out) ? [] : .tooDeep
  }
}
