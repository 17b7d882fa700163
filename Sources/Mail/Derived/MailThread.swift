public import Bytes

/// Which conversation a mail belongs to, as a function of the mail alone.
extension Message {
  /// The id that names the conversation: X-GM-THRID, else the first id in References, else
  /// In-Reply-To, else the mail's own Message-ID; empty when there is none of them.
  public func appendThreadID(to out: ByteBuffer) {
    if let v = value(.gmailThreadID)?.trimmed(), !v.isEmpty { return out.append(v) }
    let list = references()
    if list.count > 0 { return out.append(idText[list[0]]) }
    if let id = inReplyTo() { return out.append(idText[id]) }
    out.append(text[messageID])
  }
}
