/// What the readers of header values met that a clean sender would not have written.
///
/// A set of bits; ``codes`` names each with the stable code that `defects` of `winnow inspect`
/// shows and `winnow schema inspect` lists.
public struct HeaderDefects: OptionSet, Hashable, Sendable {
  /// The bits.
  public let rawValue: UInt64
  /// From bits.
  public init(rawValue: UInt64) { self.rawValue = rawValue }

  init(bit: UInt64) { rawValue = 1 << bit }

  /// An encoded word (RFC 2047) that begins and does not end; kept as it stands.
  public static let encodedWordMalformed = HeaderDefects(bit: 0)
  /// An encoded word in a charset nobody knows; kept as it stands.
  public static let encodedWordCharset = HeaderDefects(bit: 1)
  /// Bytes that their charset does not define, shown as U+FFFD.
  public static let undecodableBytes = HeaderDefects(bit: 2)
  /// Unlabelled bytes above 0x7F that are not UTF-8 (RFC 6532); read as windows-1252.
  public static let raw8Bit = HeaderDefects(bit: 3)
  /// Control characters, shown as a space or U+FFFD.
  public static let controlCharacters = HeaderDefects(bit: 4)

  /// A mailbox whose address cannot be read or breaks RFC 5322.
  public static let addressInvalid = HeaderDefects(bit: 8)
  /// A mailbox that other parsers may read otherwise.
  public static let addressAmbiguous = HeaderDefects(bit: 9)
  /// More than one author in a field that should name one.
  public static let addressSeveralAuthors = HeaderDefects(bit: 10)
  /// A comma in a display name without quotes.
  public static let addressUnquotedComma = HeaderDefects(bit: 11)
  /// `<` without `>` or the other way round, or brackets in brackets.
  public static let addressBrackets = HeaderDefects(bit: 12)
  /// A quoted string that does not end.
  public static let addressQuoteUnclosed = HeaderDefects(bit: 13)
  /// A comment that does not end, or more than 32 in one another.
  public static let addressComment = HeaderDefects(bit: 14)
  /// A group inside a group.
  public static let addressGroupNested = HeaderDefects(bit: 15)
  /// A source route (RFC 5322 obs-route), dropped.
  public static let addressRoute = HeaderDefects(bit: 16)
  /// White space inside an addr-spec, dropped.
  public static let addressSpace = HeaderDefects(bit: 17)
  /// Dots at the ends of or doubled in an addr-spec; one at the very end is dropped.
  public static let addressDots = HeaderDefects(bit: 18)
  /// The display name shows another address than the mailbox has.
  public static let addressNameIsAddress = HeaderDefects(bit: 19)
  /// Letters of several scripts, or compatibility letters, that look like others.
  public static let addressMixedScript = HeaderDefects(bit: 20)
  /// An Exchange (X.500, IMCEA) name in the place of an address.
  public static let addressExchange = HeaderDefects(bit: 21)
  /// A local part over 64 or an address over 254 bytes.
  public static let addressTooLong = HeaderDefects(bit: 22)
  /// An empty address: `<>`.
  public static let addressNull = HeaderDefects(bit: 23)
  /// A `mailto:` prefix, dropped.
  public static let addressMailto = HeaderDefects(bit: 24)
  /// Mailboxes separated by `;` or by nothing.
  public static let addressSeparator = HeaderDefects(bit: 25)

  /// No date could be read, or none exists like that (30 February), or not in 1970–2199.
  public static let dateInvalid = HeaderDefects(bit: 32)
  /// No zone; read as UTC.
  public static let dateZoneMissing = HeaderDefects(bit: 33)
  /// A zone nobody knows or that is out of range; read as UTC.
  public static let dateZoneUnknown = HeaderDefects(bit: 34)
  /// No time of day; read as 00:00:00.
  public static let dateTimeMissing = HeaderDefects(bit: 35)
  /// Day and month told apart by convention only.
  public static let dateGuessed = HeaderDefects(bit: 36)

  /// A message identifier without angle brackets, or empty, or with foreign bytes.
  public static let messageIDMalformed = HeaderDefects(bit: 40)
  /// More references than are kept (the first and the last 99).
  public static let referencesTruncated = HeaderDefects(bit: 41)

  /// A media type or disposition that cannot be read.
  public static let contentTypeMalformed = HeaderDefects(bit: 48)
  /// A parameter that cannot be read, or separators missing.
  public static let parameterMalformed = HeaderDefects(bit: 49)
  /// A parameter given again; the first is used.
  public static let parameterDuplicate = HeaderDefects(bit: 50)
  /// Plain and extended form of a parameter differ; the extended one is used.
  public static let parameterConflict = HeaderDefects(bit: 51)
  /// More than 128 parameters; the rest is ignored.
  public static let parameterLimit = HeaderDefects(bit: 52)
  /// Sections of a parameter (RFC 2231) that do not follow one another.
  public static let parameterSections = HeaderDefects(bit: 53)
  /// A parameter in a charset nobody knows or that is not admitted; read as without a label.
  public static let parameterCharset = HeaderDefects(bit: 54)

  /// A defect and its stable code.
  public struct Code: Sendable {
    /// The one bit.
    public let defect: HeaderDefects
    /// The code, in kebab case.
    public let name: StaticString
  }

  /// Every code, in the order of the bits.
  public static let codes: [Code] = [
    Code(defect: .encodedWordMalformed, name: "encoded-word-malformed"),
    Code(defect: .encodedWordCharset, name: "encoded-word-charset"),
    Code(defect: .undecodableBytes, name: "header-undecodable-bytes"),
    Code(defect: .raw8Bit, name: "header-raw-8bit"),
    Code(defect: .controlCharacters, name: "header-control-characters"),
    Code(defect: .addressInvalid, name: "address-invalid"),
    Code(defect: .addressAmbiguous, name: "address-ambiguous"),
    Code(defect: .addressSeveralAuthors, name: "address-several-authors"),
    Code(defect: .addressUnquotedComma, name: "address-unquoted-comma"),
    Code(defect: .addressBrackets, name: "address-brackets"),
    Code(defect: .addressQuoteUnclosed, name: "address-quote-unclosed"),
    Code(defect: .addressComment, name: "address-comment"),
    Code(defect: .addressGroupNested, name: "address-group-nested"),
    Code(defect: .addressRoute, name: "address-route"),
    Code(defect: .addressSpace, name: "address-space"),
    Code(defect: .addressDots, name: "address-dots"),
    Code(defect: .addressNameIsAddress, name: "address-name-is-address"),
    Code(defect: .addressMixedScript, name: "address-mixed-script"),
    Code(defect: .addressExchange, name: "address-exchange"),
    Code(defect: .addressTooLong, name: "address-too-long"),
    Code(defect: .addressNull, name: "address-null"),
    Code(defect: .addressMailto, name: "address-mailto"),
    Code(defect: .addressSeparator, name: "address-separator"),
    Code(defect: .dateInvalid, name: "date-invalid"),
    Code(defect: .dateZoneMissing, name: "date-zone-missing"),
    Code(defect: .dateZoneUnknown, name: "date-zone-unknown"),
    Code(defect: .dateTimeMissing, name: "date-time-missing"),
    Code(defect: .dateGuessed, name: "date-guessed"),
    Code(defect: .messageIDMalformed, name: "message-id-malformed"),
    Code(defect: .referencesTruncated, name: "references-truncated"),
    Code(defect: .contentTypeMalformed, name: "content-type-malformed"),
    Code(defect: .parameterMalformed, name: "parameter-malformed"),
    Code(defect: .parameterDuplicate, name: "parameter-duplicate"),
    Code(defect: .parameterConflict, name: "parameter-conflict"),
    Code(defect: .parameterLimit, name: "parameter-limit"),
    Code(defect: .parameterSections, name: "parameter-sections"),
    Code(defect: .parameterCharset, name: "parameter-charset"),
  ]

  /// Calls `body` with the code of each defect in the set, in the order of ``codes``.
  public func forEachCode(_ body: (StaticString) -> Void) {
    guard rawValue != 0 else { return }
    for code in Self.codes where contains(code.defect) { body(code.name) }
  }
}
