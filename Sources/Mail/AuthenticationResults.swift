import Bytes

/// What the receiving server found out about the sender (RFC 8601), from the topmost field: those
/// below it may have been written by the sender.
public enum AuthenticationVerdict: UInt8, Sendable {
  /// No field.
  case unknown
  /// A field without a result that passes or fails.
  case none
  /// DMARC passed, or without DMARC one of DKIM and SPF did.
  case pass
  /// DMARC failed, or without DMARC one of DKIM and SPF failed and none passed.
  case fail
}

extension Message {
  /// See ``AuthenticationVerdict``.
  public var authentication: AuthenticationVerdict {
    guard let v = value(.authenticationResults) else { return .unknown }
    var dmarc: AuthenticationVerdict = .none
    var other: AuthenticationVerdict = .none
    var start = 0
    // The first item is the server's name; methods follow, separated by semicolons.
    while start <= v.count {
      let end = v.firstIndex(of: 59, from: start) ?? v.count
      let item = v.slice(start, end).trimmed()
      if let equals = item.firstIndex(of: 61) {
        let method = item.prefix(equals).trimmed()
        let result = Self.result(item.from(equals + 1).trimmed())
        if method.equalsIgnoringCase("dmarc") {
          if dmarc == .none { dmarc = result }
        } else if method.equalsIgnoringCase("dkim") || method.equalsIgnoringCase("spf") {
          if result == .pass || other == .none { other = result }
        }
      }
      start = end + 1
    }
    return dmarc == .none ? other : dmarc
  }

  private static func result(_ v: ByteView) -> AuthenticationVerdict {
    var end = 0
    while end < v.count, ASCII.isLetter(v[end]) { end += 1 }
    let word = v.prefix(end)
    if word.equalsIgnoringCase("pass") || word.equalsIgnoringCase("bestguesspass") { return .pass }
    if word.equalsIgnoringCase("fail") || word.equalsIgnoringCase("hardfail") { return .fail }
    return .none
  }
}
