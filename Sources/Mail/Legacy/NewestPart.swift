public import Bytes

/// The newest part of a reply: what its sender wrote, without the history that was quoted
/// (`bodyScope: newest`).
///
/// Works on text with LF line ends, as ``Markup/HTMLText`` writes it too. One pass over the lines
/// with a bounded look to the neighbours, so linear. History begins at an attribution ("On …
/// wrote:" in some twenty languages), a quoted header (From, Sent, To, Subject), "-----Original
/// Message-----" or a `>` block that reaches to the end. A reply below one quoted block is found;
/// replies between quoted lines are kept whole, with what they answer.
public struct NewestPart: Hashable, Sendable {
  /// The newest part, without blank lines at its ends.
  public var range: ByteRange
  /// The same without the signature: "-- " and what follows, or "Sent from my phone".
  public var withoutSignature: ByteRange

  /// Finds the newest part. A forward without a comment is its own newest part.
  public static func find(in text: ByteView) -> NewestPart {
    var finder = NewestPartFinder(text: text)
    return finder.run()
  }
}

private struct NewestPartFinder {
  // Line starts around the one looked at.
  private static let lookBack = 6
  private static let lookAhead = 10

  let text: ByteView
  /// Start of every line; one more for the end.
  private var starts: [Int] = []

  init(text: ByteView) {
    self.text = text
    var at = 0
    while at < text.count {
      starts.append(at)
      at = (text.firstIndex(of: ASCII.lf, from: at) ?? text.count) + 1
    }
    starts.append(text.count)
  }

  private var lines: Int { starts.count - 1 }

  private func line(_ i: Int) -> QuoteLine {
    guard i >= 0, i < lines else { return QuoteLine(line: .empty) }
    var v = text.slice(starts[i], starts[i + 1])
    if v[v.count - 1] == ASCII.lf { v = v.prefix(v.count - 1) }
    return QuoteLine(line: v)
  }

  mutating func run() -> NewestPart {
    let found = history()
    var first = 0
    var end = found?.line ?? quotedTail()
    if let found, let reply = replyBelow(found) {
      // Below a quoted block; with words above it too, both are the reply.
      if isEmpty(0, found.line) { first = reply }
      end = lines
      if let next = history(from: reply) { end = next.line }
    } else if isEmpty(0, end), !(found.map { isQuotedToTheEnd($0.content) } ?? false) {
      // Nothing of the sender's own: a forward, or a reply that cannot be told from its history.
      end = lines
    }
    let whole = trimmed(first, end)
    return NewestPart(
      range: place(whole),
      withoutSignature: place(trimmed(whole.lowerBound, signature(whole))))
  }

  private func isEmpty(_ from: Int, _ end: Int) -> Bool {
    for i in from..<max(from, end) where !line(i).isBlank { return false }
    return true
  }

  private func isQuotedToTheEnd(_ from: Int) -> Bool {
    var quoted = false
    for i in from..<max(from, lines) {
      if !line(i).isQuoted, !line(i).isBlank { return false }
      quoted = quoted || line(i).isQuoted
    }
    return quoted
  }

  // MARK: Where history begins

  private struct History {
    /// The first line of its announcement.
    var line: Int
    /// The first line after the announcement.
    var content: Int
  }

  private func history(from first: Int = 0) -> History? {
    for i in first..<max(first, lines) {
      let l = line(i)
      guard l.line.count <= QuoteLine.longest, !l.isBlank else { continue }
      // Inside quoted text it announces older history; but an address broken before its ">" may
      // look quoted.
      if l.isQuoted, !l.endsInColon || line(i - 1).isQuoted { continue }
      if l.isForward || l.isOriginalMessage || l.isDashedAttribution {
        return History(line: i, content: i + 1)
      }
      if l.isBareDateHeader, !l.isQuoted { return History(line: i, content: i + 1) }
      if l.label == .from, isHeader(i) { return History(line: i, content: lines) }
      if l.endsInColon, let start = attribution(endingAt: i, notBefore: first) {
        return History(line: start, content: i + 1)
      }
    }
    return nil
  }

  /// From with at least two of Sent, To and Subject soon after.
  private func isHeader(_ first: Int) -> Bool {
    var sent = false
    var to = false
    var subject = false
    var blanks = 0
    for i in (first + 1)...(first + Self.lookAhead) {
      let l = line(i)
      if l.isBlank {
        blanks += 1
        if blanks > 4 { break }
        continue
      }
      switch l.label {
      case .sent: sent = true
      case .to: to = true
      case .subject: subject = true
      default: break
      }
    }
    return (sent ? 1 : 0) + (to ? 1 : 0) + (subject ? 1 : 0) >= 2
  }

  /// The first line of the attribution that ends with line `last`; nil when it is no attribution.
  private func attribution(endingAt last: Int, notBefore first: Int) -> Int? {
    var says = false
    var address = false
    var blanks = 0
    var fallback: Int?
    var i = last
    while i >= max(first, last - Self.lookBack) {
      let l = line(i)
      if l.isBlank {
        blanks += 1
        if blanks > 2 { return fallback }
        i -= 1
        continue
      }
      guard l.line.count <= QuoteLine.longest else { return fallback }
      if l.endsInColon, i < last { return fallback }
      says = says || QuoteWords.holds(l.line, QuoteWords.wrote)
      address = address || l.holdsAddress
      let begins = QuoteWords.begins(l.bare, QuoteWords.openers) || startsWithDigit(l)
      if says, begins, l.holdsDate { return i }
      if says, blanks == 0, address, l.holdsAddress, !begins { return attributionStart(i, first) }
      // "Ann wrote:" with nothing else, but with quoted lines after it.
      if says, i == last, line(next(after: last)).isQuoted { fallback = i }
      i -= 1
    }
    return fallback
  }

  private func startsWithDigit(_ l: QuoteLine) -> Bool { ASCII.isDigit(l.bare[0]) }

  /// A line with an address may go on from one with the date.
  private func attributionStart(_ i: Int, _ first: Int) -> Int {
    var j = i - 1
    while j >= max(first, i - 4), !line(j).isBlank || j > i - 3 {
      let l = line(j)
      if QuoteWords.begins(l.bare, QuoteWords.openers) || startsWithDigit(l), l.holdsDate {
        return j
      }
      j -= 1
    }
    return i
  }

  private func next(after i: Int) -> Int {
    var j = i + 1
    while j < min(lines, i + 4), line(j).isBlank { j += 1 }
    return j
  }

  /// The first line of a `>` block that reaches to the end, signatures after it passed over; the
  /// number of lines when there is none.
  private func quotedTail() -> Int {
    var end = lines
    while end > 0, line(end - 1).isBlank || line(end - 1).isQuoted { end -= 1 }
    if end == lines || isEmpty(end, lines) { end = beforeSignature() ?? lines }
    guard end < lines else { return lines }
    return end
  }

  /// As ``quotedTail()``, for a quoted block with a signature after it.
  private func beforeSignature() -> Int? {
    guard let sign = (0..<lines).last(where: { isSignatureMark($0) }) else { return nil }
    var end = sign
    while end > 0, line(end - 1).isBlank || line(end - 1).isQuoted { end -= 1 }
    for i in end..<sign where line(i).isQuoted { return end }
    return nil
  }

  // MARK: Replies below

  /// The first line after the quoted block that follows an announcement, when there are words of
  /// the sender's own.
  private func replyBelow(_ history: History) -> Int? {
    var i = history.content
    var quoted = false
    while i < lines, line(i).isBlank || line(i).isQuoted {
      quoted = quoted || line(i).isQuoted
      i += 1
    }
    guard quoted, i < lines else { return nil }
    // A signature or a list's footer is no reply.
    return isSignatureMark(i) || line(i).isRule ? nil : i
  }

  // MARK: Ends

  private func isSignatureMark(_ i: Int) -> Bool {
    let v = line(i).line
    return v.equals("--") || v.equals("-- ") || v.trimmed().equals("—")
  }

  /// The first line of the signature within lines.
  private func signature(_ whole: Range<Int>) -> Int {
    for i in whole {
      let l = line(i)
      if isSignatureMark(i) { return i }
      if l.isRule, l.line.trimmed().count >= 5, l.line.trimmed()[0] == 0x5F { return i }
    }
    // The last lines, when they are a telephone's.
    var end = whole.upperBound
    while end > whole.lowerBound {
      let last = line(end - 1)
      let signs = last.line.count < 120 && QuoteWords.begins(last.bare, QuoteWords.mobile)
      guard last.isBlank || signs else { break }
      end -= 1
    }
    return end
  }

  /// Without blank lines at both ends and without rules at the end.
  private func trimmed(_ from: Int, _ to: Int) -> Range<Int> {
    var first = from
    var end = max(from, to)
    while end > first, line(end - 1).isBlank || line(end - 1).isRule { end -= 1 }
    while first < end, line(first).isBlank { first += 1 }
    return first..<end
  }

  private func place(_ lines: Range<Int>) -> ByteRange {
    let start = starts[min(lines.lowerBound, starts.count - 1)]
    guard !lines.isEmpty else { return ByteRange(start: start, count: 0) }
    let end = starts[lines.upperBound]
    // Without the last line's end.
    return ByteRange(start: start, count: max(0, end - start - (text[end - 1] == ASCII.lf ? 1 : 0)))
  }
}
