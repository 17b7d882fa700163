public import Bytes

/// A `Content-Type` or `Content-Disposition` value: what it is and its parameters (RFC 2045
/// section 5.1, RFC 2183, RFC 2231), as places in a text buffer. Storage for reuse.
public struct HeaderParameters: Sendable {
  /// One parameter, its sections joined and decoded.
  public struct Parameter: Hashable, Sendable {
    /// The name in lower case, without `*`.
    public var name: ByteRange
    /// The value: one line of UTF-8; of `boundary` the bytes as written.
    public var value: ByteRange
  }

  /// The media type (`text/plain`) or the disposition (`attachment`) in lower case; empty when it
  /// cannot be read.
  public internal(set) var value = ByteRange.empty
  /// The parameters in order of their first appearance, each name once.
  public internal(set) var list: [Parameter] = []

  /// An empty value.
  public init() {}

  /// Forgets everything and keeps the memory.
  public mutating func removeAll() {
    value = .empty
    list.removeAll(keepingCapacity: true)
  }

  /// The value of the parameter with this lower-case name, or nil; it may be empty.
  public func value(of name: StaticString, in text: ByteBuffer) -> ByteRange? {
    for p in list where text[p.name].equals(name) { return p.value }
    return nil
  }

  /// `boundary`: bytes as written, without white space at the end (RFC 2046 section 5.1.1).
  public func boundary(in text: ByteBuffer) -> ByteRange? { value(of: "boundary", in: text) }
  /// `charset`, as written.
  public func charset(in text: ByteBuffer) -> ByteRange? { value(of: "charset", in: text) }
  /// `filename`, else `name`: decoded, but not yet fit for output; see ``AttachmentName``.
  public func fileName(in text: ByteBuffer) -> ByteRange? {
    value(of: "filename", in: text) ?? value(of: "name", in: text)
  }
  /// `format` (RFC 3676), as written.
  public func format(in text: ByteBuffer) -> ByteRange? { value(of: "format", in: text) }
  /// `delsp` (RFC 3676), as written.
  public func delsp(in text: ByteBuffer) -> ByteRange? { value(of: "delsp", in: text) }
  /// `type` (RFC 2387), as written.
  public func rootType(in text: ByteBuffer) -> ByteRange? { value(of: "type", in: text) }
  /// `report-type` (RFC 6522), as written.
  public func reportType(in text: ByteBuffer) -> ByteRange? { value(of: "report-type", in: text) }
  /// `method` (RFC 6047), as written.
  public func method(in text: ByteBuffer) -> ByteRange? { value(of: "method", in: text) }
}
