public import Bytes

/// One mailbox of an address field (RFC 5322 section 3.4), as places in a message's text buffer.
public struct MailAddress: Hashable, Sendable, BitwiseCopyable {
  /// How far an address can be trusted to be what its sender's system meant.
  public enum Validity: UInt8, Sendable, BitwiseCopyable {
    /// An addr-spec by RFC 5322 or RFC 6532, with the obsolete forms.
    case valid
    /// Readable, but another parser may read another address: never make a lead of it.
    case ambiguous
    /// Not an addr-spec; kept as text.
    case invalid
  }

  /// The display name, decoded (RFC 2047), one line, without quotes; empty when there is none.
  public var name: ByteRange
  /// The addr-spec as written, without comments and obsolete white space; may be empty.
  public var address: ByteRange
  /// See ``Validity``.
  public var validity: Validity

  /// An address from its parts.
  public init(name: ByteRange, address: ByteRange, validity: Validity) {
    self.name = name
    self.address = address
    self.validity = validity
  }
}
