import Bytes

/// What one line of a body says about quoted history.
struct QuoteLine {
  /// Longer lines are prose.
  static let longest = 400

  let line: ByteView

  /// The line without white space and the asterisks of Outlook's bold type around it.
  var bare: ByteView {
    var v = line.trimmed()
    while v[0] == 0x2A || v[0] == ASCII.space { v = v.from(1) }
    while v.count > 0, v[v.count - 1] == 0x2A || ASCII.isSpace(v[v.count - 1]) {
      v = v.prefix(v.count - 1)
    }
    return v
  }

  /// Without characters, NBSP counting as none.
  var isBlank: Bool {
    let v = line.trimmed()
    if v.isEmpty { return true }
    return v.count == 2 && v[0] == 0xC2 && v[1] == 0xA0
  }

  var isQuoted: Bool { line.trimmed()[0] == 0x3E }

  /// Only dashes, underscores and the like, at least two.
  var isRule: Bool {
    let v = line.trimmed()
    if v.equals("—") || v.equals("――") { return true }
    guard v.count >= 2 else { return false }
    for i in 0..<v.count {
      switch v.base[i] {
      case 0x2D, 0x5F, 0x2A, 0x3D, 0x7E, 0x23, 0x2B: continue
      default: return false
      }
    }
    return true
  }

  /// "-----Original Message-----" in any language, or Apple's announcement of a forward.
  var isOriginalMessage: Bool { isAnnouncement(QuoteWords.original) }
  var isForward: Bool {
    isAnnouncement(QuoteWords.forwarded)
      || (bare.count < 80 && endsInColon && QuoteWords.begins(bare, QuoteWords.forwarded))
  }

  private func isAnnouncement(_ words: StaticString) -> Bool {
    let v = bare
    guard v.count < 120, v.hasPrefix("--") || v.hasPrefix("__") else { return false }
    return QuoteWords.holds(v, words)
  }

  /// "---- Ann wrote ----".
  var isDashedAttribution: Bool {
    let v = bare
    guard v.count < Self.longest, v.hasPrefix("---"), v.hasSuffix(ByteView("---")) else {
      return false
    }
    return QuoteWords.holds(v, QuoteWords.wrote)
  }

  var endsInColon: Bool {
    let v = line.trimmed()
    return v[v.count - 1] == 0x3A || v.hasSuffix(ByteView("："))
  }

  /// Labels of quoted headers.
  enum Label { case from, sent, to, subject, other }

  /// The header label that the line begins with.
  var label: Label? {
    let v = bare
    var end = 0
    while end < min(v.count, 32), v.base[end] != 0x3A, !v.from(end).hasPrefix("：") { end += 1 }
    guard end < min(v.count, 32), end > 0 else { return nil }
    let name = QuoteLine(line: v.prefix(end)).bare.trimmedNoBreakSpace
    if QuoteWords.equals(name, QuoteWords.from) { return .from }
    if QuoteWords.equals(name, QuoteWords.sent) { return .sent }
    if QuoteWords.equals(name, QuoteWords.to) { return .to }
    if QuoteWords.equals(name, QuoteWords.subject) { return .subject }
    return QuoteWords.equals(name, QuoteWords.replyTo) ? .other : nil
  }

  /// A time such as 19:04 or 13.16, or a year.
  var holdsDate: Bool {
    var digits = 0
    for i in 0...line.count {
      if ASCII.isDigit(line[i]) {
        digits += 1
        continue
      }
      if digits == 4 { return true }
      if digits > 0, digits <= 2, line[i] == 0x3A || line[i] == 0x2E,
        ASCII.isDigit(line[i + 1]), ASCII.isDigit(line[i + 2])
      {
        return true
      }
      digits = 0
    }
    return false
  }

  var holdsAddress: Bool { line.firstIndex(of: 0x40) != nil }

  /// Gmail's short form: "2016-03-03 17:21 GMT+01:00 Some One <a@b>:", "2013/7/20 sam <a@b>".
  var isBareDateHeader: Bool {
    let v = line.trimmed()
    guard v.count < Self.longest, ASCII.isDigit(v[0]), ASCII.isDigit(v[1]), ASCII.isDigit(v[2]),
      ASCII.isDigit(v[3]), v[4] == 0x2D || v[4] == 0x2F, ASCII.isDigit(v[5])
    else { return false }
    return v.firstRange(of: ByteView(" GMT")) != nil
      || v.firstIndex(of: 0x3C) != nil
        && (holdsAddress || endsInColon || v.hasSuffix(ByteView("<")))
  }
}

extension ByteView {
  fileprivate var trimmedNoBreakSpace: ByteView {
    var v = trimmed()
    while v.hasSuffix(ByteView("\u{A0}")) { v = v.prefix(v.count - 2).trimmed() }
    return v
  }
}
