public import Bytes

/// One address of a mail as the rules see it.
public struct MailParty: Sendable, BitwiseCopyable {
  /// The field it stands in (a set of one).
  public var field: AddressFields
  /// Its comparison key, in ``MailFacts/keys``; empty when it is no address.
  public var key: ByteRange
  /// The address as written, in ``MailFacts/text``.
  public var address: ByteRange
  /// The display name, in ``MailFacts/text``.
  public var name: ByteRange
  /// True when every parser would read the same address.
  public var isTrusted: Bool

  /// A party.
  public init(
    field: AddressFields, key: ByteRange, address: ByteRange, name: ByteRange, isTrusted: Bool
  ) {
    self.field = field
    self.key = key
    self.address = address
    self.name = name
    self.isTrusted = isTrusted
  }
}

/// What the receiving server found out about the sender (RFC 8601).
public enum SenderAuth: UInt8, Sendable {
  /// No Authentication-Results.
  case unknown
  /// Results, but none that pass or fail.
  case none
  /// Authenticated.
  case pass
  /// Refuted.
  case fail

  /// The name in records.
  public var name: StaticString {
    switch self {
    case .unknown: "unknown"
    case .none: "none"
    case .pass: "pass"
    case .fail: "fail"
    }
  }
}

/// The parts of a mail that are read only when a rule asks for them, because most mail never gets
/// that far.
///
/// One object serves mail after mail, as ``MailFacts`` does, and speaks of the mail that the facts
/// were filled from.
public protocol MailTextSource: AnyObject {
  /// The mail was sent in bulk: Precedence bulk or junk, List-Unsubscribe, campaign headers.
  var isBulk: Bool { get }
  /// A program sent the mail: automatic answers, delivery and read reports.
  var isAutomatic: Bool { get }
  /// True when a Delivered-To or X-Original-To field names an address whose key `isWanted` admits.
  func isDelivered(to isWanted: (ByteView) -> Bool) -> Bool
  /// Subject, case-folded and normalised as keywords are.
  var foldedSubject: ByteView { get }
  /// The plain bodies, then HTML as text, each case-folded and normalised as keywords are.
  var foldedBodies: [ByteView] { get }
}

/// Texts that are known from the beginning.
public final class GivenTexts: MailTextSource {
  /// See ``MailTextSource``.
  public var isBulk = false
  /// See ``MailTextSource``.
  public var isAutomatic = false
  /// Keys of the addresses that it was delivered to.
  public var delivered: [[UInt8]] = []
  /// See ``MailTextSource``.
  public func isDelivered(to isWanted: (ByteView) -> Bool) -> Bool {
    delivered.contains { $0.withByteView(isWanted) }
  }
  /// Subject, case-folded.
  public var subject: [UInt8] = [] { didSet { subjectText = Self.buffer(subject) } }
  /// The bodies, case-folded.
  public var bodies: [[UInt8]] = [] { didSet { bodyTexts = bodies.map(Self.buffer) } }
  private var subjectText = ByteBuffer()
  private var bodyTexts: [ByteBuffer] = []

  /// No text at all.
  public init() {}

  /// See ``MailTextSource``.
  public var foldedSubject: ByteView { subjectText.view }
  /// See ``MailTextSource``.
  public var foldedBodies: [ByteView] { bodyTexts.map(\.view) }

  private static func buffer(_ bytes: [UInt8]) -> ByteBuffer {
    let buffer = ByteBuffer(capacity: max(1, bytes.count))
    bytes.withByteView { buffer.append($0) }
    return buffer
  }
}

/// One mail in the words of the rules: what it says and where it lay, nothing of any plan and no
/// bytes of the wire. Several plans can judge the same facts, see ``MailContext``.
///
/// A class that is filled anew for mail after mail, by one thread. Its `var`s are unchecked: the
/// checks for exclusive access to them would be 6 % of a run's instructions.
public final class MailFacts {
  /// Why the item is no message (step 1); nil for one that was read. Nothing else is known then but
  /// ``owner``.
  @exclusivity(unchecked) public var fault: StaticString?
  /// The id of the mailbox's owner; empty when nobody is known.
  @exclusivity(unchecked) public var owner = ""
  /// Decoded header text that the parties' ranges point into; its owner fills and empties it.
  public let text: ByteBuffer
  /// The comparison keys that the parties' ranges point into.
  public let keys = ByteBuffer(capacity: 1024)
  /// From, To, Cc, Bcc in this order.
  public let parties = ReusedList<MailParty>()
  /// Sender's key when there is a Sender field.
  @exclusivity(unchecked) public var senderKey: ByteRange = .empty
  /// The key of the mailing list's own address, when the mail came through one.
  @exclusivity(unchecked) public var listKey: ByteRange = .empty
  /// Seconds since 1970, or nil when no date at all could be found.
  @exclusivity(unchecked) public var date: Int64?
  /// From stands more than once or could be read in two ways.
  @exclusivity(unchecked) public var isSenderDoubtful = false
  /// A mailing list put its own address into From (`Name via List`).
  @exclusivity(unchecked) public var isSenderRewritten = false
  /// See ``SenderAuth``.
  @exclusivity(unchecked) public var senderAuth: SenderAuth = .unknown
  /// See ``FolderFacts``.
  @exclusivity(unchecked) public var folder = FolderFacts() {
    didSet { folderChanges &+= 1 }
  }
  /// How often ``folder`` was set.
  @exclusivity(unchecked) private(set) var folderChanges = 0
  /// See ``MailTextSource``.
  public let texts: any MailTextSource

  /// Facts of nothing yet, over a header text and what is read on demand.
  public init(
    text: ByteBuffer = ByteBuffer(capacity: 1024), texts: any MailTextSource = GivenTexts()
  ) {
    self.text = text
    self.texts = texts
  }

  /// Forgets the mail before; ``owner`` and ``folder`` stay, which most mails of a source share.
  public func reset() {
    fault = nil
    keys.removeAll()
    parties.removeAll()
    senderKey = .empty
    listKey = .empty
    date = nil
    isSenderDoubtful = false
    isSenderRewritten = false
    senderAuth = .unknown
  }

  /// The key of a party.
  public func key(_ p: MailParty) -> ByteView { keys[p.key] }
}
