public import Bytes

/// The header fields that winnow knows by name; everything else is ``other``.
public enum HeaderName: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case other
  // RFC 5322
  case from, sender, replyTo, to, cc, bcc, date, subject, messageID, inReplyTo, references
  case received, returnPath
  // RFC 2045, 2183, 2392
  case contentType, contentTransferEncoding, contentDisposition, contentID
  // RFC 2369, 2919, 3834 and the marks of mass mailers and responders
  case listID, listUnsubscribe, listPost, precedence, autoSubmitted, automatic, campaign
  case xLoop, appleAction, failedRecipients, originalFrom
  // RFC 8601
  case authenticationResults
  // What mail stores add
  case mozillaStatus, gmailThreadID, gmailLabels, threadIndex, xFolder
  case deliveredTo, originalTo, envelopeTo
}

/// One field of a header section (RFC 5322 section 2.2), as places in the message's bytes.
public struct HeaderField: Sendable, BitwiseCopyable {
  /// Which known field it is.
  public var name: HeaderName
  /// The name as written, without the colon and white space before it.
  public var nameRange: ByteRange
  /// Everything after the colon up to, not including, the last line end; may hold folds.
  public var value: ByteRange
}
