import Bytes

/// A token of an address field (RFC 5322 section 3.2), as a place in the value.
struct AddressToken {
  enum Kind: UInt8 {
    case atom, encodedWord, quoted, comment, literal, at, dot, colon, comma, open, close
  }
  var kind: Kind
  /// White space stands before it.
  var spaced: Bool
  var start: Int
  var end: Int
}

/// Cuts an address field into tokens, leniently and in linear time.
///
/// An unclosed quote is an ordinary character. An unclosed comment goes to the end of the value,
/// unless a `<` follows: then parentheses are ordinary characters from there on.
struct AddressLexer {
  /// What ``next(inAngle:afterAt:)`` found.
  enum Item {
    case token(AddressToken)
    case semicolon
    case end
  }

  let v: ByteView
  var position = 0
  var defects: HeaderDefects = []
  /// Parentheses are ordinary from this offset on.
  var plainFrom = Int.max
  private var closings = EncodedWord.Closings()
  private var noQuoteFrom = Int.max
  private var noCloseFrom = Int.max
  /// Comments may nest this deep (reliability.md 5.3) before the field is flagged.
  static let maximumDepth = 32

  init(_ value: ByteView) { v = value }

  /// The next token. `inAngle`: between `<` and `>`; `afterAt`: the last token was `@`.
  mutating func next(inAngle: Bool, afterAt: Bool) -> Item {
    let before = position
    while ASCII.isSpace(v[position]) { position += 1 }
    let spaced = position > before
    guard position < v.count else { return .end }
    let start = position
    func token(_ kind: AddressToken.Kind, to end: Int) -> AddressToken {
      AddressToken(kind: kind, spaced: spaced, start: start, end: end)
    }
    position = start + 1
    switch v[start] {
    case UInt8(ascii: ";"): return .semicolon
    case UInt8(ascii: ","): return .token(token(.comma, to: position))
    case UInt8(ascii: "@"): return .token(token(.at, to: position))
    case UInt8(ascii: "."): return .token(token(.dot, to: position))
    case UInt8(ascii: ":"): return .token(token(.colon, to: position))
    case UInt8(ascii: ">"): return .token(token(.close, to: position))
    case UInt8(ascii: "<"): return .token(token(.open, to: position))
    case UInt8(ascii: "("):
      if start < plainFrom, let end = commentEnd(start) {
        position = end
        return .token(token(.comment, to: end))
      }
    case UInt8(ascii: "\""):
      if let end = quoteEnd(start) {
        position = end
        return .token(token(.quoted, to: end))
      }
      defects.insert(.addressQuoteUnclosed)
    case UInt8(ascii: "["):
      let rest = v.from(position)
      if rest.hasPrefixIgnoringCase("mailto:") || rest.hasPrefixIgnoringCase("smtp:") {
        return .token(token(.open, to: position))
      }
      if afterAt, let end = literalEnd(start) {
        position = end
        return .token(token(.literal, to: end))
      }
    case UInt8(ascii: "]"):
      if inAngle { return .token(token(.close, to: position)) }
    case UInt8(ascii: "="):
      if let word = EncodedWord.at(start, in: v, closings: &closings),
        word.content.firstIndex(of: UInt8(ascii: "<")) == nil,
        word.content.firstIndex(of: UInt8(ascii: "\"")) == nil
      {
        position = word.end
        return .token(token(.encodedWord, to: word.end))
      }
    case UInt8(ascii: "\\"): position += 1
    default: break
    }
    atomEnd(inAngle: inAngle)
    return .token(token(.atom, to: position))
  }

  /// Takes an X.500 name (`/O=…`), which may hold any of the specials, as one atom up to `>`.
  mutating func exchangeName() -> AddressToken? {
    var i = position
    while ASCII.isSpace(v[i]) { i += 1 }
    guard v[i] == UInt8(ascii: "/"), v[i + 2] == UInt8(ascii: "="), ASCII.isLetter(v[i + 1]),
      i < noCloseFrom
    else { return nil }
    guard let end = v.firstIndex(of: UInt8(ascii: ">"), from: i) else {
      noCloseFrom = i
      return nil
    }
    position = end
    return AddressToken(kind: .atom, spaced: false, start: i, end: end)
  }

  private mutating func atomEnd(inAngle: Bool) {
    while position < v.count {
      switch v.base[position] {
      case 9, 10, 13, 32, UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "@"),
        UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "."):
        return
      case UInt8(ascii: "("): if position < plainFrom { return }
      case UInt8(ascii: "\""): if position < noQuoteFrom { return }
      case UInt8(ascii: "]"): if inAngle { return }
      case UInt8(ascii: "\\"): position += 1
      default: break
      }
      position += 1
    }
    if position > v.count { position = v.count }
  }

  private mutating func quoteEnd(_ start: Int) -> Int? {
    guard start < noQuoteFrom else { return nil }
    var i = start + 1
    while i < v.count {
      let c = v.base[i]
      if c == UInt8(ascii: "\"") { return i + 1 }
      i += c == UInt8(ascii: "\\") ? 2 : 1
    }
    noQuoteFrom = start
    return nil
  }

  private mutating func commentEnd(_ start: Int) -> Int? {
    var depth = 0
    var i = start
    while i < v.count {
      switch v.base[i] {
      case UInt8(ascii: "("):
        depth += 1
        if depth > Self.maximumDepth { defects.insert(.addressComment) }
      case UInt8(ascii: ")"):
        depth -= 1
        if depth == 0 { return i + 1 }
      case UInt8(ascii: "\\"): i += 1
      default: break
      }
      i += 1
    }
    defects.insert(.addressComment)
    guard v.firstIndex(of: UInt8(ascii: "<"), from: start) != nil else { return v.count }
    plainFrom = start
    return nil
  }

  // A domain literal holds no white space before its end, and no separators.
  private func literalEnd(_ start: Int) -> Int? {
    var i = start + 1
    while i < v.count {
      switch v.base[i] {
      case UInt8(ascii: "]"): return i + 1
      case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "<"), UInt8(ascii: ">"),
        UInt8(ascii: "["):
        return nil
      default: i += 1
      }
    }
    return nil
  }
}
