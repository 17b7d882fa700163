import Bytes

/// Looks at the beginning of an mbox file and finds its dialect.
///
/// The first separator names the file's own form; other forms belong to it when they make up
/// more than a third of the separators that nobody could doubt (a file that two programs wrote).
struct DialectProbe {
  /// What the beginning of a file turned out to be.
  enum Outcome: Equatable {
    /// An mbox whose first separator or, with `isHeaderless`, first message begins at `start`.
    case mailbox(MailboxDialect, start: Int, isHeaderless: Bool)
    /// Nothing but blank lines.
    case empty
    /// No mail.
    case unknown
  }

  /// Separators that are looked at.
  static let separators = 100

  private let view: ByteView
  private let eof: Bool
  private var dialect = MailboxDialect()

  private init(_ view: ByteView, eof: Bool) {
    self.view = view
    self.eof = eof
  }

  /// Probes the file's first bytes (CR-only files already turned into LF). `eof`: that is all.
  static func probe(_ view: ByteView, eof: Bool) -> Outcome {
    var p = DialectProbe(view, eof: eof)
    return p.run()
  }

  private mutating func run() -> Outcome {
    var start = view.hasPrefix("\u{FEFF}") ? 3 : 0
    while start < view.count, ASCII.isSpace(view[start]) || view[start] == 0 { start += 1 }
    if start == view.count { return .empty }
    if view.from(start).hasPrefix("From ") {
      adopt(EnvelopeLine(line(at: start)))
      survey(from: start)
      return .mailbox(dialect, start: start, isHeaderless: false)
    }
    // Blank lines before a message belong to nothing; a fold before one does not occur.
    let isMessage = HeaderScan.looksLikeMessage(view, from: start)
    if let first = firstUndoubted(from: start) {
      adopt(EnvelopeLine(line(at: first)))
      survey(from: first)
      return .mailbox(dialect, start: isMessage ? start : first, isHeaderless: isMessage)
    }
    guard isMessage else { return .unknown }
    dialect.isSingleMessage = true
    dialect.quoting = .none
    return .mailbox(dialect, start: start, isHeaderless: true)
  }

  private mutating func adopt(_ first: EnvelopeLine) {
    dialect.kinds = first.sender.bit
    dialect.isBare = !first.isDated
    dialect.hasGitDate = first.isGitDate
  }

  private func line(at start: Int) -> ByteView {
    view.slice(start, view.firstIndex(of: ASCII.lf, from: start) ?? view.count)
  }

  /// Calls `body` for each line that begins with `From ` from `start` on, until it returns false.
  private func eachFromLine(from start: Int, _ body: (Int) -> Bool) {
    var at = start
    while let hit = view.firstFrom(at) {
      at = hit + 5
      if hit == 0 || view[hit - 1] == ASCII.lf, !body(hit) { return }
    }
  }

  /// A form that only separators have, and a field after it.
  private func isUndoubted(_ line: EnvelopeLine, at: Int, length: Int) -> Bool {
    let hasForm =
      (line.isDated && !line.isGitDate)
      || (line.isBare && (line.sender == .dash || line.sender == .takeout))
    return hasForm && HeaderScan.isField(view, at: at + length + 1)
  }

  private func firstUndoubted(from start: Int) -> Int? {
    var found: Int?
    eachFromLine(from: start) { at in
      let text = line(at: at)
      guard isUndoubted(EnvelopeLine(text), at: at, length: text.count) else { return true }
      found = at
      return false
    }
    return found
  }

  private mutating func survey(from start: Int) {
    surveyForms(from: start)
    surveyBodies(from: start)
  }

  /// Which sender kinds are the file's own, and whether blank lines stand before separators.
  private mutating func surveyForms(from start: Int) {
    var counts = [0, 0, 0, 0, 0, 0]
    var blank = 0
    var own = 0
    var seen = 0
    let first = dialect.kinds
    eachFromLine(from: start) { at in
      let text = line(at: at)
      let form = EnvelopeLine(text)
      guard isUndoubted(form, at: at, length: text.count) else { return true }
      let isBlank = SeparatorRule.blankLine(view, before: at) > 0
      let isOwn = form.sender.bit & first != 0
      if isOwn || isBlank { counts[Int(form.sender.rawValue)] += 1 }
      if isOwn, at > start {
        own += 1
        if isBlank { blank += 1 }
      }
      seen += 1
      return seen < Self.separators
    }
    dialect.hasBlankLine = own == 0 || blank * 2 >= own
    let ownCount = counts.indices.reduce(0) { first & 1 << $1 != 0 ? $0 + counts[$1] : $0 }
    for i in counts.indices where first & 1 << i == 0 && counts[i] * 2 > ownCount {
      dialect.kinds |= 1 << i
    }
  }

  /// Whether Content-Length can be believed and whether bodies are quoted.
  private mutating func surveyBodies(from start: Int) {
    var hits = 0
    var misses = 0
    var beyond = 0
    var unquoted = 0
    var landing = -1
    var messages = 0
    let rule = SeparatorRule(dialect: dialect)
    eachFromLine(from: start) { at in
      if at < landing {
        if SeparatorRule.blankLine(view, before: at) > 0 { unquoted += 1 }
        return true
      }
      let verdict = rule.judge(view, at: at, atStart: at == start, eof: eof)
      guard at == start || at == landing || verdict != .content else {
        if SeparatorRule.blankLine(view, before: at) > 0 { unquoted += 1 }
        return true
      }
      landing = -1
      let next = (view.firstIndex(of: ASCII.lf, from: at) ?? view.count) + 1
      switch ContentLength.landing(view, messageStart: next, rule: rule, eof: eof) {
      case .lands(let to):
        hits += 1
        landing = to
      case .beyond: beyond += 1
      case .absent, .unread: break
      case .lie: misses += 1
      }
      messages += 1
      return messages < Self.separators
    }
    // A first message longer than the probe proves nothing yet; each landing is checked anyway.
    dialect.hasContentLength = hits > 0 ? hits >= misses : beyond > 0 && misses == 0
    if unquoted > 0 {
      dialect.quoting = .none
    } else if dialect.hasContentLength || dialect.isTakeout {
      dialect.quoting = .mboxo
    }
  }
}
