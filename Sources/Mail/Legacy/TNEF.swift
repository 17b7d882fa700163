public import Bytes
import Text

/// A file inside a `winmail.dat`.
public struct TNEFAttachment: Hashable, Sendable {
  /// Its name in UTF-8, in the buffer of names; empty when it has none.
  public var name: ByteRange = .empty
  /// Its media type in the buffer of names; empty when it does not say.
  public var mediaType: ByteRange = .empty
  /// Its Content-ID in the buffer of names, without angle brackets; empty when it has none.
  public var contentID: ByteRange = .empty
  /// Its bytes, a place in the input.
  public var data: ByteRange = .empty
  /// The bytes are another TNEF stream: an attached message, left as it is.
  public var isMessage = false
}

/// What was not quite right with a `winmail.dat`.
public struct TNEFDefects: OptionSet, Sendable {
  /// The bits.
  public let rawValue: UInt8
  /// Defects from bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// The signature is not there: nothing was read.
  public static let notTNEF = TNEFDefects(rawValue: 1)
  /// A length runs past the end: reading stopped there.
  public static let truncated = TNEFDefects(rawValue: 2)
  /// A checksum does not fit its attribute, which was read all the same.
  public static let checksum = TNEFDefects(rawValue: 4)
  /// A property list could not be read to its end.
  public static let badProperties = TNEFDefects(rawValue: 8)
  /// More attachments than ``TNEF/maxAttachments``; the others were left out.
  public static let tooManyAttachments = TNEFDefects(rawValue: 16)
}

/// What a `winmail.dat` holds beside its attachments: the message's body in up to three forms.
public struct TNEFMessage: Sendable {
  /// Where a body stands and how it is written.
  public struct Body: Sendable {
    /// Its bytes, a place in the input.
    public var data: ByteRange = .empty
    /// UTF-16, little endian; otherwise the stream's code page (HTML may say another).
    public var isUTF16 = false
  }
  /// Plain text (PidTagBody, or attBody).
  public var text = Body()
  /// HTML (PidTagHtml, PidTagBodyHtml).
  public var html = Body()
  /// Compressed RTF (PidTagRtfCompressed), not decompressed.
  public var compressedRTF = Body()
  /// The stream's Windows code page, 0 when it does not say.
  public var codePage = 0
  /// What was wrong.
  public var defects: TNEFDefects = []

  /// Appends a body as UTF-8 without the NUL at its end.
  public func decode(_ body: Body, of input: ByteView, into out: ByteBuffer) {
    TNEFText(codePage: codePage).append(input[body.data], isUTF16: body.isUTF16, to: out)
  }
}

/// Transport Neutral Encapsulation Format (MS-OXTNEF), the `winmail.dat` of Outlook.
///
/// One pass over the attributes; every length is checked against what is left, nothing is copied
/// but names.
public enum TNEF {
  /// Attachments that are reported of one stream.
  public static let maxAttachments = 1000

  /// True when the bytes begin as a TNEF stream does.
  public static func isTNEF(_ v: ByteView) -> Bool { u32(v, 0) == 0x223E_9F78 }

  /// Reads a stream. `visit` is called for every attachment, in order; names go to `names`.
  public static func parse(
    _ input: ByteView, names: ByteBuffer, visit: (TNEFAttachment) -> Void
  ) -> TNEFMessage {
    guard isTNEF(input) else {
      var message = TNEFMessage()
      message.defects = .notTNEF
      return message
    }
    var reader = TNEFReader(input: input, names: names)
    reader.run(visit)
    return reader.message
  }

  static func u16(_ v: ByteView, _ i: Int) -> Int { Int(v[i]) | Int(v[i &+ 1]) << 8 }
  static func u32(_ v: ByteView, _ i: Int) -> Int { u16(v, i) | u16(v, i &+ 2) << 16 }
}

/// Text of a stream: UTF-16 or the stream's code page.
struct TNEFText {
  let codePage: Int

  func append(_ v: ByteView, isUTF16: Bool, to out: ByteBuffer) {
    guard !isUTF16 else { return appendUTF16(v, to: out) }
    let text = v.prefix(v.firstIndex(of: 0) ?? v.count)
    guard let charset else {
      _ = Charset.decodeUnlabelled(text, into: out)
      return
    }
    _ = charset.decode(text, into: out)
  }

  private var charset: Charset? {
    let label = ByteBuffer()
    switch codePage {
    case 1250...1258, 874:
      label.append("windows-")
      label.append(decimal: codePage)
    case 28591...28606:
      label.append("iso-8859-")
      label.append(decimal: codePage - 28590)
    case 932: label.append("shift_jis")
    case 936: label.append("gbk")
    case 949: label.append("euc-kr")
    case 950: label.append("big5")
    case 866: label.append("ibm866")
    case 20866: label.append("koi8-r")
    case 65001: label.append("utf-8")
    default: return nil
    }
    return Charset.named(label.view)
  }

  private func appendUTF16(_ v: ByteView, to out: ByteBuffer) {
    var end = 0
    while end &+ 1 < v.count, TNEF.u16(v, end) != 0 { end += 2 }
    var decoder = UTF16Decoder(isLittleEndian: true)
    decoder.decode(v.prefix(end), into: out)
    decoder.finish(into: out)
  }
}
