@_exported public import struct CivilTime.Timestamp

/// One mail, read whole: a value that owns everything it holds.
///
/// ```swift
/// let mail = try MailMessage(contentsOf: "anfrage.eml")
/// print(mail.date, mail.from, mail.subject ?? "")
/// print(mail.text)
/// for file in mail.attachments { print(file.name ?? file.mediaType, file.size) }
/// ```
///
/// For millions of mails there is a faster form that copies nothing: `MessageReader` in the product
/// `Mail`.
public struct MailMessage: Hashable, Codable, Sendable {
  /// The mailboxes of From (RFC 5322 section 3.6.2), names decoded.
  public var from: [Address] = []
  /// Sender; nil where the field is missing.
  public var sender: Address?
  /// Reply-To.
  public var replyTo: [Address] = []
  /// To (RFC 5322 section 3.6.3), groups dissolved.
  public var to: [Address] = []
  /// Cc.
  public var cc: [Address] = []
  /// Bcc, which a sender's own copy may have.
  public var bcc: [Address] = []
  /// Subject on one line, decoded (RFC 2047); nil where the field is missing.
  public var subject: String?
  /// The Date field; nil where it is missing or cannot be read.
  public var date: Timestamp?
  /// Message-ID without its angle brackets; nil where it is missing.
  public var messageID: String?
  /// The first id of In-Reply-To.
  public var inReplyTo: String?
  /// The ids of References, oldest first; of a longer list the first and the last 99.
  public var references: [String] = []
  /// The body as a person would read it, with LF line ends: the plain parts, else the HTML as text.
  public var text = ""
  /// The HTML parts as they were sent, decoded; nil where there are none.
  public var html: String?
  /// What a mail program shows as files, in the order of the message.
  public var attachments: [Attachment] = []
  /// All fields of the header section in their order, values decoded and unfolded.
  public var headers: [Header] = []
  /// What is not as the standards ask, as the codes that the manual's page on files explains.
  public var defects: [String] = []
  /// Where in a mailbox it was read; nil for bytes.
  public var place: Place?

  /// One address (RFC 5322 section 3.4).
  public struct Address: Hashable, Codable, Sendable, CustomStringConvertible {
    /// The display name; empty where there is none.
    public var name: String
    /// The address as written.
    public var email: String

    /// An address.
    public init(name: String = "", email: String) {
      self.name = name
      self.email = email
    }

    /// `Ann Lee <ann@example.com>`.
    public var description: String { name.isEmpty ? email : "\(name) <\(email)>" }
  }

  /// One field of the header section.
  public struct Header: Hashable, Codable, Sendable {
    /// Its name as written.
    public var name: String
    /// Its value on one line.
    public var value: String

    /// A field.
    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// One attachment.
  public struct Attachment: Hashable, Codable, Sendable {
    /// The file name that the sender gave, decoded: never use it as a path unchecked. nil without.
    public var name: String?
    /// The media type in lower case, such as `application/pdf`; empty where none is given.
    public var mediaType = ""
    /// Content-ID without its angle brackets, by which HTML refers to images; nil without.
    public var contentID: String?
    /// True where the sender wants it shown in the text (Content-Disposition: inline).
    public var isInline = false
    /// How many bytes it has, decoded.
    public var size = 0
    /// SHA-256 of the decoded bytes, 64 hexadecimal digits.
    public var sha256 = ""
    /// The decoded bytes. Of an attachment in a message above 64 MiB the first of them only:
    /// ``isWhole`` tells.
    public var bytes: [UInt8] = []
    /// True where ``bytes`` is all of it.
    public var isWhole: Bool { bytes.count == size }

    /// An attachment of nothing.
    public init() {}
  }

  /// Where a mail was read.
  public struct Place: Hashable, Codable, Sendable {
    /// The file, or the Maildir's file.
    public var path: String
    /// The mail's number in its file, from 0.
    public var index: Int
    /// The offset of its first byte in the file (unpacked, where that is a `.gz`).
    public var offset: Int
    /// Its length there, in bytes.
    public var length: Int

    /// A place.
    public init(path: String, index: Int, offset: Int, length: Int) {
      self.path = path
      self.index = index
      self.offset = offset
      self.length = length
    }
  }

  /// A mail that says nothing.
  public init() {}

  /// The first header field of a name, whatever its case: ASCII letters compare alike.
  public func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }
}

/// Why something could not be read: one line for people, with the path.
public struct MailError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file; empty for bytes.
  public var path: String
  /// What is wrong.
  public var reason: String
  /// Where in the file, in bytes; nil where it is about the whole file.
  public var offset: Int?

  /// `in.mbox, byte 1200: empty message`.
  public var description: String {
    let place = offset.map { "\(path), byte \($0)" } ?? path
    return place.isEmpty ? reason : "\(place): \(reason)"
  }
}
