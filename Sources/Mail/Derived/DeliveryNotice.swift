import Bytes

/// Delivery reports of systems that do not write RFC 3464, and the auto-replies of servers that
/// write no field of RFC 3834: told from who wrote them and how their subject begins or reads.
///
/// Both must agree, except for subjects that only programs write. A person who answers or forwards
/// such a mail puts `Re:` or `Fwd:` before its subject, so those never count.
extension Message {
  // Part of the local part of a sender that is a program. Postmasters may be persons: without a
  // subject from the list below this says nothing.
  private static let machineWords: StaticString = """
    postmaster|post_master|post-master|daemon|mailsystem|mail-system|mail_system|mailer|smtp|\
    system admin|imss|inetgw|mailgate|mail-gate
    """
  private static let machines = WordList(machineWords)

  // Programs of any kind, shops and parcel services too: their notices must speak of mail.
  private static let voiceWords: StaticString =
    "no-reply|noreply|no_reply|donotreply|do-not-reply"
  // Nearly every sender is neither.
  private static let programs = WordList(machineWords, voiceWords)
  private static let mailNotices = WordList(
    """
    returned mail|mail error|mail system error|mail delivery|failed mail|undeliverable mail|\
    delivery status notification|user unknown|メールエラー
    """)

  // Anywhere in a subject, in lower case where ASCII. The languages are those of Exchange, Domino
  // and the Japanese carriers.
  private static let notices = WordList(
    """
    undeliver|non-deliver|nondeliver|not deliver|could not be delivered|delivery fail|\
    delivery status notification|delivery warning|delivery problem|delivery error|\
    delivery notification|delivery report|delivery delayed|failure notice|failure notification|\
    failed mail|failed delivery|returned mail|returned to sender|mail error|mail system error|\
    mail delivery|message delayed|delayed mail|user unknown|bounce notification|\
    unzustellbar|nicht zustellbar|zustellung fehlgeschlagen|olevererbar|kan inte leverera|\
    kan ikke leveres|onbestelbaar|non remis|impossibile recapitare|no se puede entregar|\
    no se pudo entregar|mensagem não entregue|niedostarczalne|\
    メールエラー|配信できません|配信不能|送信できません|退信
    """)

  // Beginnings of subjects that people do not write: those of delivery agents. ``ReplyPrefix`` has
  // those of absence replies.
  private static let written = WordList(
    """
    non-delivery: |mail delivery failed: returning message|undelivered mail returned to sender|\
    delivery status notification (failure)|delivery status notification (delay)|\
    returned mail: see transcript
    """)

  // What stands before the subject of an answer or a forwarded mail.
  private static let answers = WordList("re:|fwd:|fw:|aw:|wg:|sv:|vs:|vb:")

  /// True when the mail is such a notice or reply. Looks at the first 256 bytes of the subject.
  var isUnmarkedNotice: Bool {
    guard let subject else { return false }
    let v = text[subject].trimmed().prefix(256)
    if Self.written.begins(v) || ReplyPrefix.begins(v) { return true }
    guard let range = from, !Self.answers.begins(v) else { return false }
    // A sender without an address is a program: `From: <>`, `From: MAILER-DAEMON <>`.
    let address = addresses[range].first.map { text[$0.address] } ?? .empty
    let local = address.prefix(address.lastIndex(of: 64) ?? address.count).prefix(128)
    guard local.isEmpty || Self.programs.isIn(local) else { return false }
    let isMachine = local.isEmpty || Self.machines.isIn(local)
    return (isMachine ? Self.notices : Self.mailNotices).isIn(v)
  }
}
