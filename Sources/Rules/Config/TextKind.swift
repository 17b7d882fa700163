import Bytes

extension TextKind {
  /// What is wrong with a text of this kind, or nil. The text is trimmed and not empty.
  func fault(_ v: ByteView) -> String? {
    switch self {
    case .plain, .path, .keyword: return nil
    case .domain:
      let key = ByteBuffer(capacity: 256)
      let isEntry = v.firstIndex(of: 64) ?? 0 == 0 && AddressEntry.appendEntry(v, to: key)
      return isEntry ? nil : "expected a domain like example.com or *.example.com"
    case .entry:
      let key = ByteBuffer(capacity: 256)
      if AddressEntry.appendEntry(v, to: key) { return nil }
      return "expected an address, a domain like example.com or *.example.com"
    case .timeZone:
      for i in 0..<v.count {
        let c = v[i]
        if !ASCII.isAlphanumeric(c), c != 47, c != 95, c != 43, c != 45 {
          return "expected the name of a time zone like Europe/Stockholm"
        }
      }
      return v.count > 64 || v[0] == 47 ? "expected the name of a time zone like UTC" : nil
    case .folder:
      for never in ["drafts", "spam", "trash", "chats"] as [StaticString]
      where v.equalsIgnoringCase(never) {
        return "mail in drafts, spam, trash and chats is never read"
      }
      return nil
    }
  }
}
