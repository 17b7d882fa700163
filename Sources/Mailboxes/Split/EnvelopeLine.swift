public import Bytes

/// An mbox separator line (`From sender date`, RFC 4155 appendix A and what writers make of it),
/// taken apart into the shape that tells one writer from another.
public struct EnvelopeLine: Sendable {
  /// What stands where the sender should stand.
  public enum Sender: UInt8, Sendable {
    /// Nothing after `From `.
    case none
    /// `-`, as Thunderbird and Netscape write it.
    case dash
    /// Digits and `@xxx`, as Google Takeout writes it.
    case takeout
    /// One token with an `@` (also `???@???`).
    case address
    /// One token without an `@`: a local user, a hash.
    case token
    /// A quoted phrase, as readpst writes it.
    case quoted

    /// The kind's bit in a set of kinds.
    var bit: UInt8 { 1 << rawValue }
  }

  /// See ``Sender``.
  public var sender: Sender
  /// What follows the sender is a date and nothing doubtful after it.
  public var isDated: Bool
  /// Nothing at all follows the sender.
  public var isBare: Bool
  /// The date is `Mon Sep 17 00:00:00 2001`, which `git format-patch` writes into every patch.
  public var isGitDate: Bool
  /// Seconds since 1970-01-01T00:00:00Z, when dated; a missing zone counts as UTC.
  public var seconds: Int

  /// Longest line that is taken apart, in bytes; a longer one is no separator (RFC 5322 2.1.1
  /// allows 998).
  public static let maximumLength = 998

  /// Takes apart a line that begins with `From `, with or without its line end.
  public init(_ line: ByteView) {
    sender = .none
    isDated = false
    isBare = false
    isGitDate = false
    seconds = 0
    guard line.count <= Self.maximumLength, line.hasPrefix("From ") else { return }
    let rest = line.from(5).trimmed()
    let end: Int
    (sender, end) = Self.sender(rest)
    let tail = rest.from(end).trimmed()
    isBare = tail.isEmpty
    var words = EnvelopeDate()
    if let date = words.parse(tail) {
      isDated = true
      seconds = date
      isGitDate = tail.hasPrefix("Mon Sep 17 00:00:00 2001")
    } else if sender == .token, let date = words.parse(rest) {
      // `From Thu Aug 22 …`: no sender at all.
      sender = .none
      isDated = true
      seconds = date
    }
  }

  private static func sender(_ rest: ByteView) -> (Sender, Int) {
    guard rest.count > 0 else { return (.none, 0) }
    if rest[0] == 34, let close = rest.firstIndex(of: 34, from: 1) { return (.quoted, close + 1) }
    let space = rest.firstIndex(of: ASCII.space) ?? rest.count
    let end = rest.firstIndex(of: ASCII.tab, from: 0, to: space) ?? space
    let token = rest.prefix(end)
    if token.equals("-") { return (.dash, end) }
    guard let at = token.firstIndex(of: 64) else { return (.token, end) }
    if at > 0, token.from(at).equals("@xxx") {
      var digits = 0
      while digits < at, ASCII.isDigit(token[digits]) { digits += 1 }
      if digits == at { return (.takeout, end) }
    }
    return (.address, end)
  }

  /// True when the line, cut off by the end of the file, could have become a separator: one
  /// token, and then at most the beginning of a date.
  public static func couldBeCut(_ line: ByteView) -> Bool {
    let rest = line.from(5)
    guard rest.count <= 120, rest.count > 0, !ASCII.isBlank(rest[0]) else { return rest.isEmpty }
    let (_, end) = sender(rest)
    let tail = rest.from(end).trimmed()
    guard !tail.isEmpty else { return true }
    if tail.count < 3 { return EnvelopeDate.isDayNamePrefix(tail) }
    return EnvelopeDate.isDayName(tail.prefix(3))
  }
}
