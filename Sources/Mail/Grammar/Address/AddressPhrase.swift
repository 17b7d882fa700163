import Bytes

// Display names and comments as text.
extension AddressParser {
  /// Appends a phrase (RFC 5322 section 3.2.5) decoded: quotes and comments go, quoted pairs are
  /// undone, white space outside quotes becomes one space, encoded words are decoded, also those
  /// that stand in quotes.
  func appendPhrase(_ v: ByteView, _ text: ByteBuffer) -> ByteRange {
    phrase.removeAll()
    let plain = lexer.plainFrom - (v.base - value.base)
    var quoted = false
    var i = 0
    while i < v.count {
      let c = v.base[i]
      i += 1
      switch c {
      case UInt8(ascii: "\""):
        quoted.toggle()
      case UInt8(ascii: "\\"):
        if i < v.count {
          phrase.append(v.base[i])
          i += 1
        }
      case UInt8(ascii: "(") where !quoted && i <= plain:
        i = skipComment(v, from: i)
      case _ where !quoted && ASCII.isSpace(c):
        while ASCII.isSpace(v[i]) { i += 1 }
        phrase.append(ASCII.space)
      default:
        phrase.append(c)
      }
    }
    return text.place { defects.formUnion(words.appendUnstructured(phrase.view, to: text)) }
  }

  private func skipComment(_ v: ByteView, from start: Int) -> Int {
    var depth = 1
    var i = start
    while i < v.count, depth > 0 {
      switch v.base[i] {
      case UInt8(ascii: "("): depth += 1
      case UInt8(ascii: ")"): depth -= 1
      case UInt8(ascii: "\\"): i += 1
      default: break
      }
      i += 1
    }
    return i
  }

  /// Appends the text inside a comment, decoded; nothing for nil.
  func commentText(_ comment: AddressToken?, _ text: ByteBuffer) -> ByteRange {
    guard let comment else { return .empty }
    var end = comment.end
    if value[end - 1] == UInt8(ascii: ")") { end -= 1 }
    let v = value.slice(comment.start + 1, end)
    phrase.removeAll()
    var i = 0
    while i < v.count {
      if v.base[i] == UInt8(ascii: "\\"), i + 1 < v.count { i += 1 }
      phrase.append(v.base[i])
      i += 1
    }
    return text.place { defects.formUnion(words.appendUnstructured(phrase.view, to: text)) }
  }

  /// Appends what cannot be read as it stands, on one line: no encoded word is decoded, since the
  /// result could be taken for an address.
  func appendLiteral(_ v: ByteView, _ text: ByteBuffer) -> ByteRange {
    text.place { defects.formUnion(words.appendRaw(v.trimmed(), to: text)) }
  }
}
