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
    let isPlain = Self.isPlain(v)
    var start = 0
    // The first item is the server's name; methods follow, separated by semicolons.
    while start <= v.count {
      let end =
        isPlain ? v.firstIndex(of: 59, from: start) ?? v.count : Self.itemEnd(v, from: start)
      while ASCII.isSpace(v[start]) { start += 1 }
      let initial = ASCII.lower(v[start])
      // Only `dmarc`, `dkim` and `spf` say anything.
      if initial == 100 || initial == 115 {
        let item = v.slice(start, end)
        var letters = 0
        while ASCII.isLetter(item[letters]) { letters &+= 1 }
        if item[letters] == 61 {
          let method = item.prefix(letters)
          if method.isWord("dmarc") {
            if dmarc == .none { dmarc = Self.result(item.from(letters &+ 1)) }
          } else if method.isWord("dkim") || method.isWord("spf") {
            let result = Self.result(item.from(letters &+ 1))
            if result == .pass || other == .none { other = result }
          }
        } else if let equals = item.firstIndex(of: 61) {
          let result = item.from(equals + 1)
          // A method may carry its version: `dkim/1`.
          var method = item.prefix(equals).trimmed()
          if let slash = method.firstIndex(of: 47) { method = method.prefix(slash).trimmed() }
          if method.isWord("dmarc") {
            if dmarc == .none { dmarc = Self.result(result) }
          } else if method.isWord("dkim") || method.isWord("spf") {
            let result = Self.result(result)
            if result == .pass || other == .none { other = result }
          }
        }
      }
      start = end + 1
    }
    return dmarc == .none ? other : dmarc
  }

  // Without comments, quoted strings and escapes every semicolon parts two items.
  private static func isPlain(_ v: ByteView) -> Bool {
    v.firstIndex(of: 40) == nil && v.firstIndex(of: 34) == nil && v.firstIndex(of: 92) == nil
  }

  // The next semicolon outside comments and quoted strings: what stands in those may be the
  // sender's own words.
  private static func itemEnd(_ v: ByteView, from start: Int) -> Int {
    var depth = 0
    var isQuoted = false
    var i = WideScan.mark(v, from: start)
    while i < v.count {
      switch v.base[i] {
      case 92: i += 1
      case 34: if depth == 0 { isQuoted.toggle() }
      case 40: if !isQuoted { depth += 1 }
      case 41: if !isQuoted { depth = max(0, depth - 1) }
      default: if depth == 0 && !isQuoted { return i }
      }
      i = WideScan.mark(v, from: i + 1)
    }
    return v.count
  }

  private static func result(_ v: ByteView) -> AuthenticationVerdict {
    var start = 0
    while ASCII.isSpace(v[start]) { start &+= 1 }
    var end = start
    while ASCII.isLetter(v[end]) { end &+= 1 }
    let word = v.slice(start, end)
    if word.isWord("pass") || word.isWord("bestguesspass") { return .pass }
    if word.isWord("fail") || word.isWord("hardfail") { return .fail }
    return .none
  }
}
