import Bytes

// What one element of an address list means.
extension AddressParser {
  /// Takes the tokens of a finished element and begins the next one at `next`.
  func endElement(_ text: ByteBuffer, at next: Int) {
    defer { beginElement(at: next) }
    var last: AddressToken?
    var comment: AddressToken?
    var angle: Int?
    var hasAt = false
    var words = 0
    for (i, t) in tokens.enumerated() {
      if t.kind == .comment {
        comment = t
        continue
      }
      last = t
      if t.kind == .open, angle == nil { angle = i }
      if t.kind == .at { hasAt = true }
      if t.kind != .dot && (t.spaced || words == 0) { words += 1 }
    }
    guard let last, let first = tokens.first(where: { $0.kind != .comment }) else { return }
    if let angle {
      endAngle(angle, text)
      return
    }
    if hasAt {
      flushPending(text)
      endBare(comment, text)
      return
    }
    if first.kind == .quoted, last.end == first.end, endQuoted(first, text) { return }
    let isWord = words == 1 && tokens.allSatisfy { isWordPart($0) }
    pending.append(Pending(start: first.start, end: last.end, isWord: isWord, comment: comment))
  }

  private func isWordPart(_ t: AddressToken) -> Bool {
    if t.kind == .dot || t.kind == .comment { return true }
    guard t.kind == .atom else { return false }
    for i in t.start..<t.end where !AddrSpec.isAtext(value[i]) { return false }
    return true
  }

  /// Reports the held elements: they were no beginning of a display name.
  func flushPending(_ text: ByteBuffer) {
    guard !pending.isEmpty else { return }
    for p in pending {
      let v = value.slice(p.start, p.end)
      if p.isWord {
        // A local name (`root`), as every parser reads it; no address for anybody outside.
        let address = appendLiteral(v, text)
        append(name: commentText(p.comment, text), address: address, .invalid)
      } else {
        append(name: appendPhrase(v, text), address: .empty, .invalid)
      }
    }
    pending.removeAll(keepingCapacity: true)
  }

  // `phrase <addr-spec>` with everything that goes wrong there. Long because of what goes wrong.
  private func endAngle(_ open: Int, _ text: ByteBuffer) {
    var lo = open
    while lo < tokens.count, tokens[lo].kind == .open { lo += 1 }
    var hi = lo
    while hi < tokens.count, tokens[hi].kind != .close, tokens[hi].kind != .open { hi += 1 }
    let isDoubled = lo > open + 1
    let isNested = hi < tokens.count && tokens[hi].kind == .open
    let isOpen = hi == tokens.count
    var trailing: AddressToken?
    var hasJunk = false
    var name = commentToken(tokens[..<open])
    if hi < tokens.count, !isNested {
      for t in tokens[(hi + 1)...] {
        if t.kind == .comment {
          trailing = t
        } else if t.kind != .close {
          hasJunk = true
        }
      }
    }
    let start = pending.first?.start ?? elementStart
    if pending.isEmpty {
      // Nothing joined.
    } else {
      defects.insert(.addressUnquotedComma)
      pending.removeAll(keepingCapacity: true)
    }
    let before = value.slice(start, tokens[open].start)
    if isDoubled || isNested || isOpen || hasJunk { defects.insert(.addressBrackets) }
    if isDoubled && hasJunk {
      append(name: appendLiteral(value.slice(start, lastEnd), text), address: .empty, .invalid)
      return
    }
    var nameRange = appendPhrase(before, text)
    if name == nil { name = trailing }
    if nameRange.isEmpty { nameRange = commentText(name, text) }

    let inner = tokens[lo..<hi]
    if !inner.contains(where: { $0.kind != .comment }) {
      if nameRange.isEmpty {
        defects.insert(.addressNull)
      } else {
        append(name: nameRange, address: .empty, .invalid)
      }
      return
    }
    guard spec.read(afterRoute(inner), of: value, &defects) else {
      // No addr-spec, but what the sender put in its place: an Exchange name, a local name.
      let v = value.slice(inner.first?.start ?? 0, inner.last?.end ?? 0)
      if v[0] == UInt8(ascii: "/") { defects.insert(.addressExchange) }
      if inner.contains(where: { $0.kind == .at }) {
        append(name: appendLiteral(value.slice(start, lastEnd), text), address: .empty, .invalid)
      } else {
        append(name: nameRange, address: appendLiteral(v, text), .invalid)
      }
      return
    }
    if isNested || isOpen || hasJunk || isGlued { spec.lower(to: .ambiguous) }
    if value[tokens[open].start] == UInt8(ascii: "[") { spec.lower(to: .ambiguous) }
    finish(nameRange, phraseHasAt: tokens[..<open].contains { $0.kind == .at }, text)
  }

  // `"ann@example.com"`: nothing but an address in quotes.
  private func endQuoted(_ t: AddressToken, _ text: ByteBuffer) -> Bool {
    let inner = value.slice(t.start + 1, t.end - 1)
    guard inner.firstIndex(of: UInt8(ascii: "@")) != nil else { return false }
    var part = AddressLexer(inner)
    var found: [AddressToken] = []
    while found.count < 256, case .token(var one) = part.next(inAngle: false, afterAt: false) {
      one.start += t.start + 1
      one.end += t.start + 1
      found.append(one)
    }
    guard part.position >= inner.count, spec.read(found[...], of: value, &defects) else {
      return false
    }
    flushPending(text)
    spec.lower(to: .ambiguous)
    finish(.empty, phraseHasAt: false, text)
    return true
  }

  // `addr-spec (comment)`, or words and an addr-spec among them, or several addr-specs.
  private func endBare(_ comment: AddressToken?, _ text: ByteBuffer) {
    let isQuoted = dropSingleQuotes()
    if spec.read(tokens[...], of: value, &defects) {
      if isQuoted { spec.lower(to: .ambiguous) }
      let name = commentText(comment, text)
      finish(name, phraseHasAt: false, text)
      return
    }
    // Blank-delimited runs with an `@` can be told from the words around them.
    var runs: [Range<Int>] = []
    var words = 0
    var i = 0
    while i < tokens.count {
      var j = i + 1
      var at = tokens[i].kind == .at
      while j < tokens.count, !tokens[j].spaced {
        if tokens[j].kind == .at { at = true }
        j += 1
      }
      if at { runs.append(i..<j) } else { words += 1 }
      i = j
    }
    let count = list.count
    let isList = runs.count > 1 && words == 0
    guard isList || (runs.count == 1 && words > 0), runs.allSatisfy({ readRun($0, text) }) else {
      list.truncate(to: count)
      let v = value.slice(elementStart, lastEnd)
      append(name: appendLiteral(v, text), address: .empty, .invalid)
      return
    }
    if isList {
      defects.insert(.addressSeparator)
    } else if let run = runs.first, let last = list.indices.last {
      let before = appendPhrase(value.slice(elementStart, tokens[run.lowerBound].start), text)
      list[last].name = before.isEmpty ? commentText(comment, text) : before
    }
  }

  private func readRun(_ run: Range<Int>, _ text: ByteBuffer) -> Bool {
    guard !tokens[run].contains(where: isEncoded), spec.read(tokens[run], of: value, &defects)
    else { return false }
    spec.lower(to: .ambiguous)
    finish(.empty, phraseHasAt: false, text)
    return true
  }

  // `'ann@example.com'`, as Outlook writes it: atext for the grammar, quotes for people.
  private func dropSingleQuotes() -> Bool {
    let quote = UInt8(ascii: "'")
    guard let first = tokens.first, let last = tokens.last, tokens.count > 1,
      first.kind == .atom, last.kind == .atom, value[first.start] == quote,
      value[last.end - 1] == quote, first.end > first.start + 1, last.end > last.start + 1
    else { return false }
    tokens[0].start += 1
    tokens[tokens.count - 1].end -= 1
    return true
  }

  private func isEncoded(_ t: AddressToken) -> Bool { t.kind == .encodedWord }
  private var lastEnd: Int { tokens.last?.end ?? elementStart }

  private func commentToken(_ t: ArraySlice<AddressToken>) -> AddressToken? {
    t.last { $0.kind == .comment }
  }

  // RFC 5322 obs-route: everything up to the colon.
  private func afterRoute(_ t: ArraySlice<AddressToken>) -> ArraySlice<AddressToken> {
    guard t.first(where: { $0.kind != .comment })?.kind == .at,
      let colon = t.firstIndex(where: { $0.kind == .colon })
    else { return t }
    defects.insert(.addressRoute)
    return t[(colon + 1)...]
  }

  private func finish(_ name: ByteRange, phraseHasAt: Bool, _ text: ByteBuffer) {
    let address = text.place { text.append(spec.spec.view) }
    if showsOtherAddress(text[name], than: text[address]) {
      defects.insert(.addressNameIsAddress)
      if phraseHasAt { spec.lower(to: .ambiguous) }
    }
    if groups > 1 { spec.lower(to: .ambiguous) }
    append(name: name, address: address, spec.validity)
  }

  private func append(name: ByteRange, address: ByteRange, _ validity: MailAddress.Validity) {
    switch validity {
    case .valid: break
    case .ambiguous: defects.insert(.addressAmbiguous)
    case .invalid: defects.insert(.addressInvalid)
    }
    // `""` and its like say nothing.
    if name.isEmpty && address.isEmpty { return }
    list.append(MailAddress(name: name, address: address, validity: validity))
  }

  // A word of the name with an `@` in it that is not the address itself.
  private func showsOtherAddress(_ name: ByteView, than address: ByteView) -> Bool {
    var from = 0
    while let at = name.firstIndex(of: UInt8(ascii: "@"), from: from) {
      var s = at
      var e = at + 1
      while s > from, Self.isAddressByte(name[s - 1]) { s -= 1 }
      while Self.isAddressByte(name[e]) { e += 1 }
      while e > at + 1, name[e - 1] == UInt8(ascii: ".") || name[e - 1] == UInt8(ascii: "'") {
        e -= 1
      }
      if name[s] == UInt8(ascii: "'") { s += 1 }
      if s < at, e > at + 1, !name.slice(s, e).equalsIgnoringCase(address) { return true }
      from = max(e, at + 1)
    }
    return false
  }

  private static func isAddressByte(_ c: UInt8) -> Bool { AddrSpec.isAtext(c) || c == 46 }
}
