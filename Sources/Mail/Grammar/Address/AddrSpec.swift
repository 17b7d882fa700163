import Bytes
import Text

/// Reads an addr-spec (RFC 5322 section 3.4.1, RFC 6532) out of tokens and judges it.
struct AddrSpec {
  /// The address without comments and white space, or nothing.
  let spec = ByteBuffer(capacity: 512)
  private let scratch = ByteBuffer(capacity: 512)
  /// The last reading's judgement.
  var validity = MailAddress.Validity.invalid

  /// Limits of RFC 5321 section 4.5.3.1, in bytes.
  static let maximumLocal = 64
  /// See ``maximumLocal``; the whole path of 256 less its brackets.
  static let maximumAddress = 254

  /// Reads `tokens` as one addr-spec into ``spec``; false when they are not one. Long because it is
  /// one automaton over the tokens.
  mutating func read(
    _ tokens: ArraySlice<AddressToken>, of v: ByteView, _ defects: inout HeaderDefects
  ) -> Bool {
    spec.removeAll()
    validity = .valid
    var found: HeaderDefects = []
    var afterWord = false
    var inDomain = false
    var domainStart = 0
    var hasLiteral = false
    var isClosed = false
    var first = true

    for t in tokens {
      if t.kind == .comment { continue }
      if isClosed && t.kind != .close { return false }
      if t.spaced && !first { found.insert(.addressSpace) }
      first = false
      switch t.kind {
      case .atom:
        guard !afterWord, !hasLiteral else { return false }
        appendAtom(v.slice(t.start, t.end), inDomain: inDomain)
        afterWord = true
      case .quoted:
        guard !afterWord, !inDomain else { return false }
        appendQuoted(v.slice(t.start, t.end))
        afterWord = true
      case .literal:
        guard inDomain, spec.count == domainStart else { return false }
        appendLiteral(v.slice(t.start, t.end))
        hasLiteral = true
        afterWord = true
      case .dot:
        guard !hasLiteral else { return false }
        if !afterWord {
          if inDomain { return false }
          found.insert(.addressDots)
        }
        spec.append(UInt8(ascii: "."))
        afterWord = false
      case .at:
        guard !inDomain, spec.count > 0 else { return false }
        if !afterWord { found.insert(.addressDots) }
        if spec.count > Self.maximumLocal { found.insert(.addressTooLong) }
        spec.append(UInt8(ascii: "@"))
        inDomain = true
        domainStart = spec.count
        afterWord = false
      case .close:
        found.insert(.addressBrackets)
        isClosed = true
      case .encodedWord, .colon, .comma, .open, .comment: return false
      }
    }
    guard inDomain, spec.count > domainStart else { return false }
    if !afterWord {
      // One dot at the end names the root: the same domain.
      spec.truncate(to: spec.count - 1)
      found.insert(.addressDots)
    }
    if spec.count > Self.maximumAddress { found.insert(.addressTooLong) }
    let local = spec.view.prefix(domainStart - 1)
    if local.hasPrefixIgnoringCase("IMCEA"), local.firstIndex(of: UInt8(ascii: "-")) != nil {
      found.insert(.addressExchange)
    }
    judgeForeignBytes(&found)
    if !found.isDisjoint(with: [.addressTooLong, .addressExchange]) {
      validity = .invalid
    } else if !found.isDisjoint(with: [.addressSpace, .addressBrackets, .addressMixedScript]) {
      lower(to: .ambiguous)
    }
    defects.formUnion(found)
    return true
  }

  /// Worsens the judgement.
  mutating func lower(to v: MailAddress.Validity) {
    if v.rawValue > validity.rawValue { validity = v }
  }

  private mutating func appendAtom(_ a: ByteView, inDomain: Bool) {
    for i in 0..<a.count {
      let c = a.base[i]
      let good = inDomain ? Self.isDomainByte(c) : Self.isAtext(c)
      if !good { lower(to: .invalid) }
    }
    spec.append(a)
  }

  // Kept with its quotes; folds go. Anything in it that an atom cannot hold is read otherwise by
  // somebody (CVE-2025-13033), so only quotes around a dot-atom are beyond doubt.
  private mutating func appendQuoted(_ q: ByteView) {
    let inner = q.slice(1, q.count - 1)
    if inner.isEmpty { lower(to: .ambiguous) }
    spec.append(UInt8(ascii: "\""))
    var i = 0
    while i < inner.count {
      var c = inner[i]
      if c == UInt8(ascii: "\\") {
        lower(to: .ambiguous)
        if inner[i + 1] == ASCII.cr || inner[i + 1] == ASCII.lf {
          i += 1  // a fold between backslash and character: the backslash quotes nothing
          continue
        }
        spec.append(c)
        i += 1
        c = inner[i]
      }
      if c == ASCII.cr || c == ASCII.lf {
        lower(to: .ambiguous)
      } else {
        if !Self.isAtext(c), c != UInt8(ascii: ".") { lower(to: .ambiguous) }
        if c < 0x20 || c == 0x7F { lower(to: .invalid) }
        spec.append(c)
      }
      i += 1
    }
    spec.append(UInt8(ascii: "\""))
  }

  private mutating func appendLiteral(_ l: ByteView) {
    let inner = l.slice(1, l.count - 1).trimmed()
    var dots = 0
    var good = !inner.isEmpty && inner.count <= 60
    let text = inner.hasPrefixIgnoringCase("IPv6:") ? inner.from(5) : inner
    let v6 = text.count < inner.count
    for i in 0..<min(text.count, 64) {
      let c = text[i]
      if c == UInt8(ascii: ".") { dots += 1 }
      if v6 {
        if ASCII.hexValue(c) == nil, c != UInt8(ascii: ":"), c != UInt8(ascii: ".") {
          good = false
        }
      } else if !ASCII.isDigit(c), c != UInt8(ascii: ".") {
        good = false
      }
    }
    if !good || (!v6 && dots != 3) { lower(to: .invalid) }
    spec.append(UInt8(ascii: "["))
    spec.append(inner)
    spec.append(UInt8(ascii: "]"))
  }

  // Leaves `spec` valid UTF-8 without control characters.
  private mutating func judgeForeignBytes(_ found: inout HeaderDefects) {
    if !spec.view.isASCII {
      if UTF8Text.isValid(spec.view) {
        judgeScripts(&found)
      } else {
        found.insert(.raw8Bit)
        lower(to: .invalid)
        scratch.removeAll()
        _ = Charset.decodeUnlabelled(spec.view, into: scratch)
        spec.removeAll()
        spec.append(scratch.view)
      }
    }
    scratch.removeAll()
    if HeaderLine.append(spec.view, to: scratch) { found.insert(.controlCharacters) }
    if !scratch.view.equals(spec.view) {
      lower(to: .invalid)
      spec.removeAll()
      spec.append(scratch.view)
    }
  }

  // RFC 6532 admits all of Unicode. Letters that imitate ASCII beside ASCII ones, and letters that
  // normalisation would turn into ASCII, make two readings of one address possible.
  private mutating func judgeScripts(_ found: inout HeaderDefects) {
    let v = spec.view
    var i = 0
    var latin = false
    var lookalike = false
    while i < v.count {
      let (s, n) = UTF8Text.scalar(v, at: i)
      i += max(n, 1)
      switch s {
      case UInt32(UInt8(ascii: ".")), UInt32(UInt8(ascii: "@")):
        latin = false
        lookalike = false
      case 0..<0x80: if ASCII.isLetter(UInt8(truncatingIfNeeded: s)) { latin = true }
      case 0x370..<0x590, 0x13A0..<0x1400: lookalike = true
      case 0x2100..<0x2150, 0x2460..<0x2500, 0x3002, 0xFF00..<0xFFF0, 0x1D400..<0x1D800:
        found.insert(.addressMixedScript)
      case 0x80...0xA0, 0xAD, 0x2000...0x200F, 0x2028...0x202F, 0x205F...0x206F, 0x3000, 0xFEFF,
        0xFFFD:
        lower(to: .invalid)
      default: break
      }
      if latin && lookalike { found.insert(.addressMixedScript) }
    }
  }

  /// RFC 5322 atext with RFC 6532.
  static func isAtext(_ c: UInt8) -> Bool {
    if ASCII.isAlphanumeric(c) || c >= 0x80 { return true }
    switch c {
    case UInt8(ascii: "!"), UInt8(ascii: "#")...UInt8(ascii: "'"), UInt8(ascii: "*"),
      UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: "="),
      UInt8(ascii: "?"), UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"),
      UInt8(ascii: "{")...UInt8(ascii: "~"):
      return true
    default: return false
    }
  }

  /// What host names hold, and the underscore that some do hold.
  static func isDomainByte(_ c: UInt8) -> Bool {
    ASCII.isAlphanumeric(c) || c >= 0x80 || c == UInt8(ascii: "-") || c == UInt8(ascii: "_")
  }
}
