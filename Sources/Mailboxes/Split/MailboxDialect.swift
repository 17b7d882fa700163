public import Bytes

/// How a writer protects body lines that begin with `From `.
public enum FromQuoting: UInt8, Sendable {
  /// Not at all: `>From ` is the writer's own text (mboxcl2, old Thunderbird).
  case none
  /// `From ` becomes `>From `, nothing else is touched (mboxo, mboxcl, Takeout).
  case mboxo
  /// Every `>*From ` gets one more `>` (mboxrd, readpst). Also read where nothing speaks for
  /// either: in an mboxo file `>>From ` is much rarer than `>From ` in an mboxrd file's originals.
  case mboxrd

  /// Appends the message with the quoting of its body undone. Header lines are left as they are.
  public func unquote(_ message: ByteView, into out: ByteBuffer) {
    var copied = 0
    var at = HeaderScan.bodyStart(message) ?? message.count
    while self != .none, let hit = message.firstFrom(at) {
      at = hit + 5
      let depth = Self.quoteDepth(message, before: hit)
      guard depth == 1 || (depth > 1 && self == .mboxrd) else { continue }
      out.append(message.slice(copied, hit - 1))
      copied = hit
    }
    out.append(message.from(copied))
  }

  /// Number of `>` that stand between the line's start and `at`; 0 when anything else does.
  static func quoteDepth(_ view: ByteView, before at: Int) -> Int {
    var i = at
    while i > 0, view[i - 1] == 62 { i -= 1 }
    return i == 0 || view[i - 1] == ASCII.lf ? at - i : 0
  }
}

/// What one mbox file's separators look like, and how it protects bodies: found once at its
/// beginning (``DialectProbe``) and kept for the whole file, also when it is read on later.
public struct MailboxDialect: Hashable, Sendable {
  /// The sender kinds that count as the file's own, one bit each.
  var kinds: UInt8 = 0
  /// The file's own separators carry no date.
  var isBare = false
  /// The file's own separators carry git's magic date.
  var hasGitDate = false
  /// A blank line stands before separators, and belongs to them.
  public internal(set) var hasBlankLine = true
  /// Content-Length fields land on separators and are believed where they do.
  public internal(set) var hasContentLength = false
  /// Lines end with CR alone; they are given to the caller with LF.
  public internal(set) var isCROnly = false
  /// The file is one message without any separator.
  public internal(set) var isSingleMessage = false
  /// See ``FromQuoting``.
  public internal(set) var quoting = FromQuoting.mboxrd

  init() {}

  /// Google Takeout's separators, and no others.
  public var isTakeout: Bool { kinds == EnvelopeLine.Sender.takeout.bit }
  /// Thunderbird's separators (`From - `), and no others.
  public var isThunderbird: Bool { kinds == EnvelopeLine.Sender.dash.bit }
  /// Only the writer's own form is a separator.
  var isLocked: Bool { isTakeout || isThunderbird }

  /// The dialect as a number to store beside the file's offset in a ledger.
  public var code: UInt32 {
    var c = UInt32(kinds)
    c |= isBare ? 1 << 8 : 0
    c |= hasGitDate ? 1 << 9 : 0
    c |= hasBlankLine ? 1 << 10 : 0
    c |= hasContentLength ? 1 << 11 : 0
    c |= isCROnly ? 1 << 12 : 0
    c |= isSingleMessage ? 1 << 13 : 0
    return c | UInt32(quoting.rawValue) << 14
  }

  /// The dialect of a stored ``code``; nil for a number that no dialect has.
  public init?(code: UInt32) {
    guard code >> 16 == 0, let q = FromQuoting(rawValue: UInt8(truncatingIfNeeded: code >> 14 & 3))
    else { return nil }
    kinds = UInt8(truncatingIfNeeded: code)
    isBare = code & 1 << 8 != 0
    hasGitDate = code & 1 << 9 != 0
    hasBlankLine = code & 1 << 10 != 0
    hasContentLength = code & 1 << 11 != 0
    isCROnly = code & 1 << 12 != 0
    isSingleMessage = code & 1 << 13 != 0
    quoting = q
  }

  /// A word for reports: `takeout`, `thunderbird`, `mboxcl`, `mboxcl2`, `mboxo`, `mboxrd`,
  /// `unquoted`, `message`.
  public var name: StaticString {
    if isSingleMessage { return "message" }
    if isTakeout { return "takeout" }
    if isThunderbird { return "thunderbird" }
    if hasContentLength { return quoting == .none ? "mboxcl2" : "mboxcl" }
    switch quoting {
    case .none: return "unquoted"
    case .mboxo: return "mboxo"
    case .mboxrd: return "mboxrd"
    }
  }
}
