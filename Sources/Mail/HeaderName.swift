public import Bytes

/// The header fields that winnow knows by name; everything else is ``other``.
public enum HeaderName: UInt8, Sendable, CaseIterable {
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

  /// The field that a name means, without regard to ASCII case. One switch on the length first,
  /// so that most names are told apart by one comparison.
  static func named(_ n: ByteView) -> HeaderName {
    switch n.count {
    case 2:
      if n.equalsIgnoringCase("to") { return .to }
      if n.equalsIgnoringCase("cc") { return .cc }
    case 3: if n.equalsIgnoringCase("bcc") { return .bcc }
    case 4:
      if n.equalsIgnoringCase("from") { return .from }
      if n.equalsIgnoringCase("date") { return .date }
    case 6:
      if n.equalsIgnoringCase("sender") { return .sender }
      if n.equalsIgnoringCase("x-loop") { return .xLoop }
    case 7:
      if n.equalsIgnoringCase("subject") { return .subject }
      if n.equalsIgnoringCase("list-id") { return .listID }
    case 8:
      if n.equalsIgnoringCase("received") { return .received }
      if n.equalsIgnoringCase("reply-to") { return .replyTo }
      if n.equalsIgnoringCase("x-folder") { return .xFolder }
    case 9:
      if n.equalsIgnoringCase("list-post") { return .listPost }
      if n.equalsIgnoringCase("x-mc-user") { return .campaign }
    case 10:
      if n.equalsIgnoringCase("message-id") { return .messageID }
      if n.equalsIgnoringCase("references") { return .references }
      if n.equalsIgnoringCase("precedence") { return .precedence }
      if n.equalsIgnoringCase("content-id") { return .contentID }
      if n.equalsIgnoringCase("x-gm-thrid") { return .gmailThreadID }
      if n.equalsIgnoringCase("x-campaign") { return .campaign }
    case 11:
      if n.equalsIgnoringCase("in-reply-to") { return .inReplyTo }
      if n.equalsIgnoringCase("return-path") { return .returnPath }
      if n.equalsIgnoringCase("x-autoreply") { return .automatic }
    default: return longName(n)
    }
    return .other
  }

  private static func longName(_ n: ByteView) -> HeaderName {
    switch n.count {
    case 12:
      if n.equalsIgnoringCase("content-type") { return .contentType }
      if n.equalsIgnoringCase("delivered-to") { return .deliveredTo }
      if n.equalsIgnoringCase("thread-index") { return .threadIndex }
      if n.equalsIgnoringCase("holidayreply") { return .automatic }
      if n.equalsIgnoringCase("x-mailgun-id") { return .campaign }
      if n.equalsIgnoringCase("x-campaignid") { return .campaign }
    case 13:
      if n.equalsIgnoringCase("x-original-to") { return .originalTo }
      if n.equalsIgnoringCase("x-autorespond") { return .automatic }
      if n.equalsIgnoringCase("x-mailgun-sid") { return .campaign }
      if n.equalsIgnoringCase("x-campaign-id") { return .campaign }
    case 14:
      if n.equalsIgnoringCase("auto-submitted") { return .autoSubmitted }
      if n.equalsIgnoringCase("x-gmail-labels") { return .gmailLabels }
      if n.equalsIgnoringCase("x-apple-action") { return .appleAction }
    case 15:
      if n.equalsIgnoringCase("x-autoresponder") { return .automatic }
      if n.equalsIgnoringCase("x-auto-response") { return .automatic }
      if n.equalsIgnoringCase("x-original-from") { return .originalFrom }
      if n.equalsIgnoringCase("x-mailgun-batch") { return .campaign }
    case 16:
      if n.equalsIgnoringCase("list-unsubscribe") { return .listUnsubscribe }
      if n.equalsIgnoringCase("x-mozilla-status") { return .mozillaStatus }
    case 17: if n.equalsIgnoringCase("x-mail-autoreply") { return .automatic }
    case 19:
      if n.equalsIgnoringCase("content-disposition") { return .contentDisposition }
      if n.equalsIgnoringCase("x-failed-recipients") { return .failedRecipients }
      if n.equalsIgnoringCase("x-report-abuse-to") { return .campaign }
    case 22: if n.equalsIgnoringCase("authentication-results") { return .authenticationResults }
    case 25: if n.equalsIgnoringCase("content-transfer-encoding") { return .contentTransferEncoding }
    default: break
    }
    switch n.count {
    case 11: if n.equalsIgnoringCase("envelope-to") { return .envelopeTo }
    case 8 ..< 40:
      if n.hasPrefixIgnoringCase("x-mailchimp") || n.hasPrefixIgnoringCase("x-csa-complaints") {
        return .campaign
      }
    default: break
    }
    return .other
  }
}

/// One field of a header section (RFC 5322 section 2.2), as places in the message's bytes.
public struct HeaderField: Sendable {
  /// Which known field it is.
  public var name: HeaderName
  /// The name as written, without the colon and white space before it.
  public var nameRange: ByteRange
  /// Everything after the colon up to, not including, the last line end; may hold folds.
  public var value: ByteRange
}
