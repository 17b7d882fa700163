public import Bytes
import Text

/// One parsed message: places in its bytes and in its decoded text, reused from message to message.
///
/// A reference type owned by one thread. Everything that it holds is valid until the next
/// ``MessageParser/parse(_:into:)`` with the same object, and the bytes must outlive it.
public final class Message: @unchecked Sendable {
  /// The message as it stands (after bare CR line ends became LF).
  @exclusivity(unchecked) public internal(set) var bytes: ByteView = .empty
  /// The same range of the message before bare CR became LF: what a digest is taken over.
  @exclusivity(unchecked) var original: ByteView = .empty
  /// The fields of the message's own header section, in order.
  public let fields = ReusedList<HeaderField>(capacity: 64)
  /// All entities; part 0 is the message itself.
  public let parts = ReusedList<Part>()
  /// Decoded header text: names, addresses, the subject, the Message-ID, file names. Nothing is
  /// appended to it after parsing, so that views of it hold until the next message.
  public let text = ByteBuffer(capacity: 4096)
  /// The ids of ``references()`` and ``inReplyTo()``, for which the same holds once they were read.
  public var idText: ByteBuffer {
    // Whoever looks at it first gets what the lists will refer to.
    if !hasIDs { readIDs() }
    return idBuffer
  }
  private let idBuffer = ByteBuffer(capacity: 1024)
  /// Structure and encoding defects.
  @exclusivity(unchecked) public internal(set) var defects: MailDefects = []
  /// Header grammar defects.
  @exclusivity(unchecked) public internal(set) var headerDefects: HeaderDefects = []

  /// All mailboxes of From, Sender, Reply-To, To, Cc and Bcc; see the ranges.
  public let addresses = ReusedList<MailAddress>(capacity: 16)
  /// Where each address field's mailboxes lie in ``addresses``; nil when the field is missing.
  @exclusivity(unchecked) public internal(set) var from: Range<Int>?
  /// See ``from``.
  @exclusivity(unchecked) public internal(set) var sender: Range<Int>?
  /// See ``from``.
  @exclusivity(unchecked) public internal(set) var replyTo: Range<Int>?
  /// See ``from``.
  @exclusivity(unchecked) public internal(set) var to: Range<Int>?
  /// See ``from``.
  @exclusivity(unchecked) public internal(set) var cc: Range<Int>?
  /// See ``from``.
  @exclusivity(unchecked) public internal(set) var bcc: Range<Int>?
  /// Subject, decoded, one line; nil when the field is missing.
  @exclusivity(unchecked) public internal(set) var subject: ByteRange?
  /// Subject as the first readers decoded it, where that is another text; see ``MailIdentity``.
  @exclusivity(unchecked) var identitySubject: ByteRange?
  /// Of an opened S/MIME mail name and media type of what it came in, each ended by a zero byte; nil
  /// for others. See ``MailIdentity``.
  @exclusivity(unchecked) var openedAs: [UInt8]?
  /// True for an S/MIME mail whose signed content was read in its place. ``bytes`` is made of its own
  /// header and that content.
  public var isOpened: Bool { openedAs != nil }
  /// Message-ID without brackets; empty when missing.
  @exclusivity(unchecked) public internal(set) var messageID: ByteRange = .empty
  /// Date, or nil when missing or unreadable.
  @exclusivity(unchecked) public internal(set) var date: MailDate?

  // A bit for each name that is there, and where its first field is; see `note`.
  @exclusivity(unchecked) private var present: UInt64 = 0
  private let firstField = UnsafeMutablePointer<UInt16>.allocate(capacity: 64)
  let names = HeaderNameTable.shared
  // Readers of header values with scratch memory of their own, reused.
  let words = EncodedWords()
  let addressParser: AddressParser
  let parameterParser: ParameterParser
  @exclusivity(unchecked) var parameters = HeaderParameters()
  private let ids = ReusedList<ByteRange>()
  private let replyIDs = ReusedList<ByteRange>()
  @exclusivity(unchecked) private var hasIDs = false

  /// An empty message.
  public init() {
    addressParser = AddressParser(words: words)
    parameterParser = ParameterParser(words: words)
    firstField.initialize(repeating: 0, count: 64)
  }

  deinit { firstField.deallocate() }

  func reset(to view: ByteView) {
    bytes = view
    fields.removeAll()
    parts.removeAll()
    addresses.removeAll()
    text.removeAll()
    defects = []
    headerDefects = []
    from = nil
    sender = nil
    replyTo = nil
    to = nil
    cc = nil
    bcc = nil
    subject = nil
    identitySubject = nil
    openedAs = nil
    messageID = .empty
    date = nil
    present = 0
    hasIDs = false
  }

  /// The first field of that name, or nil.
  public func field(_ name: HeaderName) -> HeaderField? {
    guard has(name) else { return nil }
    let i = Int(firstField[Int(name.rawValue & 63)])
    return i < fields.count ? fields[i] : nil
  }

  // Notes the first field of a name. A test holds that there are no more names than bits.
  @inline(__always)
  func note(_ name: HeaderName, at index: Int) {
    present |= 1 &<< UInt64(name.rawValue)
    firstField[Int(name.rawValue & 63)] = UInt16(clamping: index)
  }

  /// The raw value of the first field of that name (folds and all), or nil.
  public func value(_ name: HeaderName) -> ByteView? {
    field(name).map { bytes[$0.value] }
  }

  /// The ids of References, oldest first: the first and the last 99. Their text is in ``idText``.
  public func references() -> ReusedList<ByteRange> {
    if !hasIDs { readIDs() }
    return ids
  }

  /// The first id of In-Reply-To, or nil. Its text is in ``idText``.
  public func inReplyTo() -> ByteRange? {
    if !hasIDs { readIDs() }
    return replyIDs.first
  }

  // Both at once: the second of them may not move what somebody looks at of the first.
  private func readIDs() {
    hasIDs = true
    idBuffer.removeAll()
    read(.references, into: ids)
    read(.inReplyTo, into: replyIDs)
  }

  private func read(_ name: HeaderName, into list: ReusedList<ByteRange>) {
    list.removeAll()
    guard let value = value(name) else { return }
    headerDefects.formUnion(References.parse(value, text: idBuffer, into: list))
  }

  /// True when a field of that name is there.
  public func has(_ name: HeaderName) -> Bool { present &>> UInt64(name.rawValue) & 1 != 0 }
}

/// Parses messages, one at a time, reusing what it allocated. One per thread.
public final class MessageParser: @unchecked Sendable {
  @exclusivity(unchecked) private var structure = MIMEStructure()
  private let lineEnds = ByteBuffer(capacity: 4096)

  /// A parser.
  public init() {}

  /// Reads `bytes` into `message`. Returns false when there is no header field at all: then it is
  /// no message. Linear in the bytes; never traps, whatever they are.
  public func parse(_ bytes: ByteView, into message: Message) -> Bool {
    var view = bytes
    var start = 0
    // Blank lines before the first field, in any number; they are no header section.
    while start < view.count, ASCII.isSpace(view[start]) {
      if ASCII.isBlank(view[start]) {
        // A first line that begins with white space continues nothing: skip the line.
        start = HeaderScanner.lineEnd(view, from: start, end: view.count).next
      } else {
        start += 1
      }
    }
    if start == 0, view[0] == 0xEF, view[1] == 0xBB, view[2] == 0xBF { start = 3 }
    view = view.from(start)
    let isBareCR =
      view.firstIndex(of: ASCII.lf, from: 0, to: Limits.lineEndProbe) == nil
      && view.firstIndex(of: ASCII.cr, from: 0, to: Limits.lineEndProbe) != nil
    message.original = view
    if isBareCR {
      lineEnds.removeAll()
      let p = lineEnds.reserve(view.count)
      for i in 0..<view.count { p[i] = view[i] == ASCII.cr ? ASCII.lf : view[i] }
      lineEnds.advance(by: view.count)
      view = lineEnds.view
    }
    message.reset(to: view)
    if isBareCR { message.defects.insert(.bareCR) }
    structure.parse(message)
    guard !message.fields.isEmpty else { return false }
    message.readMainFields()
    return true
  }
}
