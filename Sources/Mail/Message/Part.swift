public import Bytes

/// What a part is to a reader, told from its media type alone (RFC 2046).
public enum PartKind: UInt8, Sendable, BitwiseCopyable {
  /// `multipart/*` whose children were found.
  case multipart
  /// `message/rfc822` and `message/global`: one leaf; its own parts are parsed on demand.
  case message
  /// `text/plain`, also where the media type is absent or unreadable.
  case textPlain
  /// `text/html`.
  case textHTML
  /// Any other `text/*`.
  case textOther
  /// Everything else.
  case other
}

/// Content-Transfer-Encoding (RFC 2045 section 6).
public enum TransferEncoding: UInt8, Sendable, BitwiseCopyable {
  /// 7bit, 8bit, binary, absent, and values that nobody knows.
  case identity
  /// quoted-printable
  case quotedPrintable
  /// base64
  case base64
  /// x-uuencode and its spellings.
  case uuencode
}

/// Content-Disposition (RFC 2183).
public enum Disposition: UInt8, Sendable, BitwiseCopyable {
  /// No field, or an empty one.
  case none
  /// `inline`
  case inline
  /// `attachment`, and unknown values (RFC 2183 section 2.8).
  case attachment
}

/// One entity of a message (RFC 2045 section 2.4), as places in the message's bytes and text.
public struct Part: Sendable, BitwiseCopyable {
  /// Index of the enclosing part in ``Message/parts``; -1 for the message itself.
  public var parent: Int32 = -1
  /// Levels of multipart above this part.
  public var depth: UInt8 = 0
  /// See ``PartKind``.
  public var kind: PartKind = .textPlain
  /// See ``TransferEncoding``.
  public var encoding: TransferEncoding = .identity
  /// See ``Disposition``.
  public var disposition: Disposition = .none
  /// `multipart/alternative`
  public var isAlternative = false
  /// `multipart/digest`, whose parts are messages unless they say otherwise.
  public var isDigest = false
  /// `format=flowed` (RFC 3676).
  public var isFlowed = false
  /// `delsp=yes` (RFC 3676).
  public var deletesSpace = false
  /// The header section, in the message's bytes.
  public var header: ByteRange = .empty
  /// The body as it stands in the message, without the line end that belongs to the boundary.
  public var body: ByteRange = .empty
  /// The media type in lower case, in the message's text; empty when absent or unreadable.
  public var mediaType: ByteRange = .empty
  /// The charset label, in the message's text.
  public var charset: ByteRange = .empty
  /// The boundary parameter, in the message's text.
  public var boundary: ByteRange = .empty
  /// The file name, decoded, in the message's text; empty when there is none.
  public var fileName: ByteRange = .empty
  /// The Content-ID field's value as it stands, in the message's bytes.
  public var contentID: ByteRange = .empty
  /// The `method` parameter of a text/calendar part, in the message's text (RFC 6047).
  public var method: ByteRange = .empty
  /// The `report-type` parameter of multipart/report, in the message's text (RFC 6522).
  public var reportType: ByteRange = .empty

  /// A multipart that names a transfer encoding, which it may not have (RFC 2045 section 6.4): its
  /// parts are read all the same. The first readers left it opaque; see ``MailIdentity``.
  public var isEncodedMultipart = false
  /// A multipart in which none of its delimiters stands, read as text. The first readers saw nothing
  /// in it.
  public var hasNoDelimiter = false
  /// What a mail program left in the place of an attachment that it detached or deleted.
  public var isPlaceholder = false

  /// True when the part has no children here.
  public var isLeaf: Bool { kind != .multipart }

  /// True when a reader sees the part as a file: named, or said to be an attachment, or no text.
  public var isAttachment: Bool {
    switch kind {
    case .multipart: false
    case .textPlain, .textHTML, .textOther: disposition == .attachment || !fileName.isEmpty
    case .message, .other: true
    }
  }
}
