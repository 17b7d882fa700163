public import Bytes

/// What decoding met on its way.
public struct CharsetDefects: OptionSet, Sendable {
  /// The bits.
  public let rawValue: UInt8
  /// From bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// Bytes that the charset does not define were replaced by U+FFFD.
  public static let invalidBytes = CharsetDefects(rawValue: 1)
  /// The label is unknown; the bytes were read as UTF-8, else as windows-1252. For callers of
  /// ``Charset/named(_:)`` to set; decoding itself never reports it.
  public static let unknownLabel = CharsetDefects(rawValue: 2)
  /// The bytes were not what the label promises (or had no label and were not UTF-8), so their
  /// charset was guessed from them. Nothing was lost by that alone.
  public static let guessed = CharsetDefects(rawValue: 4)
}

/// A character encoding that can be decoded to UTF-8, found by its label.
///
/// The set is closed: a label that is not in the table gives nil, and no label ever reaches
/// iconv_open(3), whose modules and suffixes an attacker could choose (CVE-2024-2961). Single-byte
/// sets are own tables, Unicode forms own code; only the large East Asian sets go through iconv
/// under names written in this module.
public struct Charset: Hashable, Sendable {
  let id: UInt8

  /// UTF-8, a byte order mark at the start removed.
  public static let utf8 = Charset(id: 0)
  /// windows-1252, which is also what ISO-8859-1 labels mean in practice (WHATWG). Its five
  /// undefined bytes are U+FFFD and not the C1 controls of the WHATWG table: a reader sees that
  /// something is missing, and 0x90 and 0x9D are no terminal commands in anybody's log.
  public static let windows1252 = Charset(id: 1)
  /// US-ASCII; text with bytes from 0x80 is read like text without a label and told as `guessed`.
  public static let ascii = Charset(id: 2)
  /// UTF-7 (RFC 2152).
  public static let utf7 = Charset(id: 9)
  /// The modified UTF-7 of IMAP mailbox names (RFC 3501 5.1.3), as in Maildir++ folder names.
  /// It has no label: it never stands in a message.
  public static let mailboxName = Charset(id: 10)

  /// EUC-JP, with the vendors' extensions.
  public static let eucJP = Charset(id: MultibyteSet.eucJP.rawValue)
  /// Shift_JIS, with the vendors' extensions.
  public static let shiftJIS = Charset(id: MultibyteSet.shiftJIS.rawValue)
  /// ISO-2022-JP (RFC 1468), in seven bits.
  public static let iso2022JP = Charset(id: 11)

  /// The charset that a label names, or nil when we do not know it.
  ///
  /// Labels are those of the WHATWG encoding standard and of mail in practice. Case, white space,
  /// hyphens and underscores, quotation marks, a leading `charset=`, an RFC 2231 language
  /// (`us-ascii*en`) and anything from a `;` on are ignored. Does not allocate.
  public static func named(_ label: ByteView) -> Charset? { CharsetLabels.find(label) }

  /// The usual name in lower case, for reports, such as `iso-8859-2`.
  public var name: String { CharsetLabels.name(of: id).string }

  /// True for ISO-2022, in which bytes mean what the last escape sequence says.
  public var hasShifts: Bool { id == 11 || id == 12 }

  /// True where bytes above 0x7F are characters of it, and most strings of bytes are none: it tells
  /// something that such bytes fit. Not UTF-8, which is tried before, nor what holds any bytes.
  public var holdsRawBytes: Bool { id >= MultibyteSet.gb18030.rawValue }

  /// Appends the bytes to `out` as valid UTF-8. Never fails: what the charset does not define
  /// becomes U+FFFD and is reported in the result. Time is linear in the bytes; `out` grows by at
  /// most three times their number and some bytes. State (ISO-2022, UTF-7) begins anew in each
  /// call.
  public func decode(_ bytes: ByteView, into out: ByteBuffer) -> CharsetDefects {
    switch id {
    case 0: UTF8Text.append(UTF8Text.withoutMark(bytes), to: out) ? [] : .invalidBytes
    case 1: SingleByte.append(bytes, table: 0, to: out)
    case 2: Self.decodeASCII(bytes, into: out)
    case 3...5: UTF16Text.append(bytes, order: UTF16Text.Order(rawValue: id - 3), to: out)
    case 6...8: UTF32Text.append(bytes, order: UTF16Text.Order(rawValue: id - 6), to: out)
    case 9: UTF7Text(shift: 43, last: 47).append(bytes, to: out)
    case 10: UTF7Text(shift: 38, last: 44).append(bytes, to: out)
    case 11: ISO2022JP.append(bytes, to: out)
    case 12: ISO2022KR.append(bytes, to: out)
    case 13: HZ.append(bytes, to: out)
    case 64...: SingleByte.append(bytes, table: Int(id) - 64, to: out)
    default: Self.decodeMultibyte(bytes, id: id, into: out)
    }
  }

  /// Appends bytes without a label to `out`: valid UTF-8 as it is, everything else as windows-1252
  /// and told as `guessed`. UTF-8 that is cut off inside its last character is still UTF-8.
  public static func decodeUnlabelled(_ bytes: ByteView, into out: ByteBuffer) -> CharsetDefects {
    let text = UTF8Text.withoutMark(bytes)
    switch UTF8Text.look(at: text) {
    case .valid:
      out.append(text)
      return []
    case .cutOff:
      _ = UTF8Text.append(text, to: out)
      return .invalidBytes
    case .invalid:
      return SingleByte.append(bytes, table: 0, to: out).union(.guessed)
    }
  }

  private static func decodeASCII(_ bytes: ByteView, into out: ByteBuffer) -> CharsetDefects {
    guard bytes.isASCII else { return decodeUnlabelled(bytes, into: out).union(.guessed) }
    out.append(bytes)
    return []
  }

  private static func decodeMultibyte(
    _ bytes: ByteView, id: UInt8, into out: ByteBuffer
  ) -> CharsetDefects {
    guard let set = MultibyteSet(rawValue: id) else { return utf8.decode(bytes, into: out) }
    var converter = Iconv(set)
    return converter.append(bytes, to: out) ? [] : .invalidBytes
  }
}
