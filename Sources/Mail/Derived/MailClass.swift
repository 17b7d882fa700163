import Bytes

/// Whether a program wrote a mail, told from its header and structure.
///
/// Two classes that must not be mixed up: mail that answers or reports by itself (``isAutomatic``,
/// RFC 3834) and mail sent to many at once (``isBulk``). People writing through a list are
/// neither: `List-Id` or `Precedence: list` alone says nothing.
extension Message {
  /// Auto-replies, delivery and read reports, and other mail that answers by itself.
  public var isAutomatic: Bool {
    if let v = value(.autoSubmitted) {
      let word = Self.firstToken(v)
      if !word.isEmpty, !word.equalsIgnoringCase("no") { return true }
    }
    if has(.automatic) || has(.failedRecipients) { return true }
    if let v = value(.precedence), Self.firstToken(v).equalsIgnoringCase("auto_reply") {
      return true
    }
    if let v = value(.appleAction), v.trimmed().equalsIgnoringCase("vacation") { return true }
    if let v = value(.returnPath), Self.isNullPath(v.trimmed()) { return true }
    return isReport || isFromMailer || isUnmarkedNotice
  }

  // The null reverse-path (RFC 5321 section 4.5.5), also as systems write it that must name one.
  private static func isNullPath(_ v: ByteView) -> Bool {
    if v.firstIndex(of: 60) == 0, v.from(1).trimmed().equals(">") { return true }
    return v.hasPrefixIgnoringCase("<mailer-daemon@") || v.equalsIgnoringCase("<mailer-daemon>")
      || v.hasPrefixIgnoringCase("mailer-daemon@")
  }

  /// Newsletters and other mail sent to many at once.
  public var isBulk: Bool {
    if let v = value(.precedence) {
      let word = Self.firstToken(v)
      if word.equalsIgnoringCase("bulk") || word.equalsIgnoringCase("junk") { return true }
    }
    return has(.listUnsubscribe) || has(.campaign)
  }

  /// A delivery, disposition or feedback report (RFC 3464, 8098, 5965). A forwarded message is
  /// none: the report must be the message itself.
  public var isReport: Bool {
    guard let root = parts.first else { return false }
    let type = text[root.mediaType]
    if type.equals("multipart/report") {
      let report = text[root.reportType]
      if report.isEmpty || report.equalsIgnoringCase("delivery-status")
        || report.equalsIgnoringCase("disposition-notification")
        || report.equalsIgnoringCase("feedback-report")
      {
        return true
      }
    }
    for part in parts.prefix(8) where part.depth <= 1 {
      let type = text[part.mediaType]
      if type.equals("message/delivery-status") || type.equals("message/global-delivery-status")
        || type.equals("message/disposition-notification")
        || type.equals("message/feedback-report")
      {
        return true
      }
    }
    return false
  }

  /// True when the first From address is a mail system's own `mailer-daemon@`. A postmaster may be
  /// a person, so that name alone says nothing.
  private var isFromMailer: Bool {
    guard let range = from, let first = addresses[range].first else { return false }
    let address = text[first.address]
    let local = address.prefix(address.lastIndex(of: 64) ?? address.count)
    return local.isWord("mailer-daemon") || local.isWord("mailerdaemon")
      || local.isWord("mailer_daemon") || local.isWord("mail-daemon")
  }

  /// The first token of a structured field: up to white space, `;`, `,` or a comment.
  static func firstToken(_ v: ByteView) -> ByteView {
    let t = v.trimmed()
    var end = 0
    while end < t.count, !ASCII.isSpace(t[end]), t[end] != 59, t[end] != 44, t[end] != 40 {
      end += 1
    }
    return t.prefix(end)
  }
}
