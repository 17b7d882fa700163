/// A line in a body that begins with `From ` and was not taken for a separator.
public struct DoubtfulLine: Hashable, Sendable {
  /// Offset of the line in the (inflated) file.
  public var offset: Int
  /// Its first 80 bytes at most, as they stand in the file.
  public var text: [UInt8]
}

/// What reading one source found besides its messages; complete once the source gave its last
/// batch.
public struct MailboxSummary: Sendable {
  /// The dialect, for an mbox that has at least one message.
  public var dialect: MailboxDialect?
  /// Entries given, empty ones included.
  public var messages = 0
  /// Separators with nothing between them and the next: one class, not that many faults.
  public var empty = 0
  /// Body lines that begin with `From ` and were left in their message.
  public var doubtfulLines = 0
  /// The first of them, at most ``doubtfulLimit``.
  public var doubtful: [DoubtfulLine] = []
  /// How many doubtful lines are listed.
  public static let doubtfulLimit = 20
  /// Bytes before the first separator that belong to no message.
  public var skippedBytes = 0
  /// Bytes at the end that began a separator which the file cuts off.
  public var cutSeparatorBytes = 0
  /// Internal messages of the mail store that nobody wrote (UW imapd, Dovecot), left out.
  public var pseudoMessages = 0
  /// Offset in the (inflated) file up to which it was read.
  public var endOffset = 0
  /// What ended the reading, or kept it from being trusted.
  public var error: MailboxError?
  /// Files of a Maildir that could not be read.
  public var fileErrors: [MailboxError] = []

  /// The summary of a source of which nothing was read.
  public init() {}
}
