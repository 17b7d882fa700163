/// The bounds of the mail parser. Over a bound a message is degraded with a defect, never dropped
/// silently. Anchors: Dovecot 100 levels and 10,000 parts, Postfix 100 levels and 102,400 bytes of
/// header, MIME-tools 64 levels and 1,000 parts.
public enum Limits {
  /// Levels of multipart nesting that are opened; a deeper one stays one opaque part.
  public static let depth = 100
  /// Parts of one message; the rest of the message stays inside the last part.
  public static let parts = 10_000
  /// Fields of one header section that are mapped; the section is read to its end all the same.
  public static let headerFields = 1_000
  /// Bytes of one unstructured field that are kept (address fields are kept whole).
  public static let fieldValue = 64 << 10
  /// Significant bytes of a boundary parameter (RFC 2046 allows 70; 7,043 have been seen).
  public static let boundary = 8_192
  /// Bytes of a message that is held in memory as a whole; larger ones are streamed.
  public static let wholeMessage = 64 << 20
  /// Bytes of body text that are kept of a streamed message.
  public static let streamedText = 16 << 20
  /// Bytes in which at least one LF must stand for a message not to be read as CR-only.
  public static let lineEndProbe = 64 << 10
}
