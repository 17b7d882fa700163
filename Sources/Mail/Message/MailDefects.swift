/// What a message's structure and encodings were found guilty of. None of them drops a message.
public struct MailDefects: OptionSet, Hashable, Sendable {
  /// The bits.
  public let rawValue: UInt64
  /// From bits.
  public init(rawValue: UInt64) { self.rawValue = rawValue }

  /// The header section ended without a blank line.
  public static let missingSeparator = MailDefects(rawValue: 1 << 0)
  /// Lines in the header section that are no fields were skipped.
  public static let junkInHeader = MailDefects(rawValue: 1 << 1)
  /// More fields than ``Limits/headerFields``.
  public static let tooManyFields = MailDefects(rawValue: 1 << 2)
  /// A field longer than ``Limits/fieldValue`` was cut.
  public static let fieldCut = MailDefects(rawValue: 1 << 3)
  /// A field that may stand once stands more often. Recipients are put together, of others the first
  /// is taken.
  public static let duplicateField = MailDefects(rawValue: 1 << 4)
  /// From stands more than once.
  public static let duplicateFrom = MailDefects(rawValue: 1 << 5)
  /// A multipart without a usable boundary parameter, read as text.
  public static let missingBoundary = MailDefects(rawValue: 1 << 6)
  /// A multipart did not end with its close delimiter.
  public static let missingCloseDelimiter = MailDefects(rawValue: 1 << 7)
  /// A multipart that names base64 or quoted-printable; its parts are read all the same.
  public static let encodedMultipart = MailDefects(rawValue: 1 << 8)
  /// Deeper than ``Limits/depth``.
  public static let nestingTooDeep = MailDefects(rawValue: 1 << 9)
  /// More parts than ``Limits/parts``.
  public static let tooManyParts = MailDefects(rawValue: 1 << 10)
  /// Base64 with bytes outside the alphabet or wrong padding.
  public static let badBase64 = MailDefects(rawValue: 1 << 11)
  /// Invalid quoted-printable escapes, copied as they are.
  public static let badQuotedPrintable = MailDefects(rawValue: 1 << 12)
  /// A transfer encoding that nobody knows; the body is taken as it stands.
  public static let unknownEncoding = MailDefects(rawValue: 1 << 13)
  /// A charset label that is not known; read as UTF-8, else as windows-1252.
  public static let unknownCharset = MailDefects(rawValue: 1 << 14)
  /// Bytes that the charset does not define became U+FFFD.
  public static let badCharset = MailDefects(rawValue: 1 << 15)
  /// NUL bytes in text became U+FFFD.
  public static let nulInText = MailDefects(rawValue: 1 << 16)
  /// The message's line ends are bare CR.
  public static let bareCR = MailDefects(rawValue: 1 << 17)
  /// No field Date that can be read; see the date's source.
  public static let badDate = MailDefects(rawValue: 1 << 18)
  /// No From.
  public static let missingFrom = MailDefects(rawValue: 1 << 19)
  /// No Message-ID.
  public static let missingMessageID = MailDefects(rawValue: 1 << 20)
  /// The HTML went through the fallback that keeps words but little layout.
  public static let degradedHTML = MailDefects(rawValue: 1 << 21)
  /// The text holds uuencoded or yEnc data, left as text.
  public static let inlineEncodedData = MailDefects(rawValue: 1 << 22)
  /// Larger than ``Limits/wholeMessage``: streamed, body text cut at ``Limits/streamedText``.
  public static let textCut = MailDefects(rawValue: 1 << 23)
  /// An unreadable Content-Type, read as text/plain.
  public static let badContentType = MailDefects(rawValue: 1 << 24)
  /// A multipart in which none of its delimiters stands, read as text.
  public static let missingDelimiter = MailDefects(rawValue: 1 << 25)
  /// An attachment that a mail program detached or deleted; its placeholder is no attachment.
  public static let detachedAttachment = MailDefects(rawValue: 1 << 26)
  /// Text that its declared charset cannot hold was read in another that fits.
  public static let wrongCharset = MailDefects(rawValue: 1 << 27)

  /// The codes that `winnow inspect` shows, in bit order, with what each means.
  public static let codes: [(bit: MailDefects, code: String, meaning: String)] = [
    (.missingSeparator, "missing-separator", "the header section ended without a blank line"),
    (
      .junkInHeader, "junk-in-header", "lines in the header section that are no fields were skipped"
    ),
    (.tooManyFields, "too-many-fields", "fields after the 1,000th were not mapped"),
    (.fieldCut, "field-cut", "a field longer than 64 KiB was cut"),
    (
      .duplicateField, "duplicate-field",
      "a field that may occur once is repeated; recipients are put together, else the first counts"
    ),
    (.duplicateFrom, "duplicate-from", "From is repeated; the first counts and captures nothing"),
    (.missingBoundary, "missing-boundary", "a multipart without a boundary was read as text"),
    (.missingCloseDelimiter, "missing-close-delimiter", "a multipart does not end where it should"),
    (
      .encodedMultipart, "encoded-multipart",
      "a multipart names base64 or quoted-printable; its parts were read all the same"
    ),
    (.nestingTooDeep, "nesting-too-deep", "multiparts below level 100 were left opaque"),
    (.tooManyParts, "too-many-parts", "parts after the 10,000th belong to the last one"),
    (.badBase64, "bad-base64", "base64 with foreign bytes or wrong padding"),
    (
      .badQuotedPrintable, "bad-quoted-printable", "escapes that are none were copied as they stand"
    ),
    (
      .unknownEncoding, "unknown-encoding",
      "an unknown Content-Transfer-Encoding, body taken as it is"
    ),
    (.unknownCharset, "unknown-charset", "an unknown charset, read as UTF-8 or windows-1252"),
    (.badCharset, "bad-charset", "bytes that the charset does not define became U+FFFD"),
    (.nulInText, "nul-in-text", "NUL bytes in text became U+FFFD"),
    (.bareCR, "bare-cr", "lines end with CR alone"),
    (.badDate, "bad-date", "no readable Date; see dateSource"),
    (.missingFrom, "missing-from", "no From field"),
    (.missingMessageID, "missing-message-id", "no Message-ID"),
    (.degradedHTML, "degraded-html", "the HTML was nested too deep; words kept, layout lost"),
    (.inlineEncodedData, "inline-encoded-data", "uuencoded or yEnc data stands in the text"),
    (.textCut, "text-cut", "a message above 64 MiB: text beyond 16 MiB was left out"),
    (
      .missingDelimiter, "missing-delimiter",
      "a multipart without any of its delimiters was read as text"
    ),
    (
      .detachedAttachment, "detached-attachment",
      "an attachment was detached or deleted by a mail program; only its placeholder is left"
    ),
    (
      .wrongCharset, "wrong-charset",
      "text that its declared charset cannot hold was read in another that fits"
    ),
    (.badContentType, "bad-content-type", "an unreadable Content-Type, read as text/plain"),
  ]
}
