public import Bytes

/// Finds keywords in text, in time linear in the text (ES-8.1).
///
/// Both sides have been case-folded and normalised by the caller. A phrase is one contiguous
/// string; nothing is a pattern but `*` and `?` in ``Mode/wildcard``, which never backtracks over
/// more than one line.
public struct KeywordMatcher: Sendable {
  /// How a keyword stands in the text.
  public enum Mode: String, Sendable, CaseIterable {
    /// Anywhere, also inside a word.
    case contains
    /// Not touching a letter or digit on either side.
    case word
    /// `*` is any run of characters of one line, `?` one character.
    case wildcard
  }

  /// A keyword found: which one and where in the folded text.
  public struct Hit: Sendable, Equatable {
    /// Index in the list the matcher was made from.
    public var keyword: Int
    /// Where in the folded text.
    public var range: ByteRange
  }

  private let mode: Mode
  private let folded: [[UInt8]]
  private let automaton: KeywordAutomaton?

  /// A matcher for folded keywords; empty ones never match.
  public init(folded: [[UInt8]], mode: Mode) {
    self.folded = folded
    self.mode = mode
    // Up to eight keywords one memmem(3) each is faster than a step per byte.
    automaton = mode == .wildcard || folded.count <= 8 ? nil : KeywordAutomaton(folded)
  }

  /// True when there is nothing to look for.
  public var isEmpty: Bool { folded.allSatisfy(\.isEmpty) }

  /// The first keyword in list order (few keywords) or in text order (many) that the folded text
  /// holds, or nil.
  public func firstMatch(in text: ByteView) -> Hit? {
    if let automaton {
      return automaton.firstMatch(in: text) { start, length in
        mode == .contains || Self.isWord(text, start, length)
      }
    }
    for (i, keyword) in folded.enumerated() where !keyword.isEmpty {
      let hit: ByteRange? = keyword.withByteView { k in
        switch mode {
        case .contains:
          text.firstRange(of: k).map { ByteRange(start: $0, count: k.count) }
        case .word: Self.firstWord(k, in: text)
        case .wildcard: Wildcard.firstMatch(k, in: text)
        }
      }
      if let hit { return Hit(keyword: i, range: hit) }
    }
    return nil
  }

  private static func firstWord(_ k: ByteView, in text: ByteView) -> ByteRange? {
    var start = 0
    while let hit = text.firstRange(of: k, from: start) {
      if isWord(text, hit, k.count) { return ByteRange(start: hit, count: k.count) }
      start = hit + 1
    }
    return nil
  }

  // A side is free when the keyword's own edge is not a letter or digit, or its neighbour is not.
  static func isWord(_ text: ByteView, _ start: Int, _ length: Int) -> Bool {
    let before = Scalars.before(text, start).map(Scalars.isWordCharacter) ?? false
    let first = Scalars.at(text, start).map(Scalars.isWordCharacter) ?? false
    let last = Scalars.before(text, start + length).map(Scalars.isWordCharacter) ?? false
    let after = Scalars.at(text, start + length).map(Scalars.isWordCharacter) ?? false
    return !(before && first) && !(last && after)
  }
}

/// Single scalars of UTF-8 text, read totally.
enum Scalars {
  /// The scalar that begins at `i`, or nil at the end or inside a sequence.
  static func at(_ v: ByteView, _ i: Int) -> Unicode.Scalar? {
    guard i >= 0, i < v.count else { return nil }
    let c = v[i]
    if c < 0x80 { return Unicode.Scalar(c) }
    let n = length(c)
    guard n > 1, i + n <= v.count else { return nil }
    var value = UInt32(c) & (0x7F >> UInt32(n))
    for k in 1..<n { value = value << 6 | UInt32(v[i + k] & 0x3F) }
    return Unicode.Scalar(value)
  }

  /// The scalar that ends before `i`, or nil at the beginning.
  static func before(_ v: ByteView, _ i: Int) -> Unicode.Scalar? {
    var s = i - 1
    while s > 0, s > i - 4, v[s] & 0xC0 == 0x80 { s -= 1 }
    return at(v, s)
  }

  /// Bytes of the sequence that begins with `c`; 1 for anything that begins none.
  static func length(_ c: UInt8) -> Int { c < 0xC0 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4 }

  /// Letters and digits, and marks that belong to them.
  static func isWordCharacter(_ s: Unicode.Scalar) -> Bool {
    if s.value < 0x80 { return ASCII.isAlphanumeric(UInt8(truncatingIfNeeded: s.value)) }
    switch s.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .decimalNumber, .letterNumber, .otherNumber, .nonspacingMark, .spacingMark:
      return true
    default: return false
    }
  }
}

/// `*` and `?` in a line, without backtracking: the leftmost place of each literal run in turn.
enum Wildcard {
  static func firstMatch(_ pattern: ByteView, in text: ByteView) -> ByteRange? {
    var line = 0
    while line <= text.count {
      let end = text.firstIndex(of: ASCII.lf, from: line) ?? text.count
      if let hit = match(pattern, text, from: line, to: end) { return hit }
      line = end + 1
    }
    return nil
  }

  private static func match(_ p: ByteView, _ t: ByteView, from: Int, to: Int) -> ByteRange? {
    var position = from
    var first: Int?
    var segment = 0
    while segment <= p.count {
      let star = p.firstIndex(of: 42, from: segment) ?? p.count
      if star > segment {
        guard let hit = find(p.slice(segment, star), t, from: position, to: to) else { return nil }
        if first == nil { first = segment == 0 ? hit.start : position }
        position = hit.end
      }
      segment = star + 1
    }
    let start = first ?? from
    return ByteRange(start: start, count: position - start)
  }

  private static func find(
    _ segment: ByteView, _ t: ByteView, from: Int, to: Int
  ) -> (start: Int, end: Int)? {
    var start = from
    while start <= to {
      var i = start
      var k = 0
      while k < segment.count, i < to {
        if segment[k] == 63 {
          i += Scalars.length(t[i])
        } else if segment[k] == t[i] {
          i += 1
        } else {
          break
        }
        k += 1
      }
      if k == segment.count, i <= to { return (start, i) }
      start += start < to ? Scalars.length(t[start]) : 1
    }
    return nil
  }
}
