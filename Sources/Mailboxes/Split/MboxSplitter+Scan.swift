import Bytes
import Glibc

extension MboxSplitter {
  /// Goes on to the end of the open message.
  func step() -> Step {
    guard var o = open else { return .ended }
    defer { if open != nil { open = o } }
    let view = buffer.view
    if rule.dialect.hasContentLength, !o.isLengthChecked, !checkLength(&o, view) {
      return .needMore
    }
    if leap(&o, view) { return .needMore }
    while let hit = view.firstFrom(scan) {
      let before = view[hit - 1]
      if hit > 0, before != ASCII.lf {
        if before == 62, FromQuoting.quoteDepth(view, before: hit) > 0 { o.isQuoted = true }
        scan = hit + 5
        continue
      }
      switch verdict(view, at: hit, o) {
      case .needMore:
        scan = hit
        return .needMore
      case .content:
        if isOwn(o), !note(view, at: hit) {
          scan = hit
          return .needMore
        }
        o.hasDoubtful = true
        scan = hit + 5
      case .cut:
        if isOwn(o) { summary.cutSeparatorBytes = view.count - hit }
        close(o, at: hit, view: view)
        open = nil
        return .ended
      case .separator(let next):
        close(o, at: hit, view: view)
        if base + hit >= range.upperBound {
          open = nil
          return .ended
        }
        o = Open(
          separator: base + hit, start: base + next, fromLineLength: next - hit,
          hasSeparator: true)
        scan = next
        closed = hit
        return .closed
      }
    }
    // The last four bytes may begin the next `From `.
    scan = max(scan, view.count - 4)
    return isBehindRange(o) ? .ended : .needMore
  }

  private func verdict(_ view: ByteView, at hit: Int, _ o: Open) -> SeparatorRule.Verdict {
    let offset = base + hit
    if offset < o.trustedEnd { return .content }
    if offset == o.trustedEnd {
      if let lf = view.firstIndex(of: ASCII.lf, from: hit) { return .separator(next: lf + 1) }
      return eof ? .separator(next: view.count) : .needMore
    }
    return rule.judge(view, at: hit, atStart: offset == o.start, eof: eof)
  }

  /// Finds out where the message's Content-Length leads; false when more of the file is needed.
  private func checkLength(_ o: inout Open, _ view: ByteView) -> Bool {
    let landing = ContentLength.landing(
      view, messageStart: o.start - base, rule: rule, eof: eof)
    switch landing {
    case .lands(let place): o.trustedEnd = base + place
    case .unread: return false
    case .lie, .absent: break
    case .beyond(let needed):
      if !eof, let place = peekLanding(o, view, needed) {
        o.trustedEnd = place
      } else if !eof, !input.isSeekable || needed <= size {
        // Without a way back, only what can be held is looked at, and lies are not paid for
        // more than once per byte read.
        let length = needed - (o.start - base)
        if length <= limit, wasted <= base + (256 << 20) {
          if buffer.count >= size { wasted += size / 5 }
          return false
        }
      }
    }
    o.isLengthChecked = true
    return true
  }

  /// Looks at the landing place in the file itself; nil when it leads nowhere.
  private func peekLanding(_ o: Open, _ view: ByteView, _ needed: Int) -> Int? {
    guard input.isSeekable, !rule.dialect.isCROnly, needed > size || !isOwn(o) else { return nil }
    // The place is `check`'s distance before what it asked for; two bytes before it show the
    // line end.
    let place = base + needed - EnvelopeLine.maximumLength - 8
    let window = EnvelopeLine.maximumLength + 16
    guard place > o.start else { return nil }
    let peeked = ByteBuffer(capacity: window)
    guard let n = input.peek(at: place - 2, into: peeked.reserve(window), capacity: window), n >= 2
    else { return nil }
    peeked.advance(by: n)
    let landing = ContentLength.check(peeked.view, at: 2, rule: rule, eof: true)
    guard case .lands(let at) = landing else { return nil }
    // Only the real end of the file counts as one.
    if at == n, n == window { return nil }
    return place - 2 + at
  }

  /// Closes the open message before the separator at `hit`, or at the end of the buffer.
  func close(_ o: Open, at hit: Int, view: ByteView) {
    if o.isFragment {
      passed += 1
      return
    }
    var end = base + hit
    if end > o.start, rule.dialect.hasBlankLine || o.trustedEnd == end {
      end -= SeparatorRule.blankLine(view, before: hit)
    }
    end = max(end, o.start)
    var flags: MessageEntry.Flags = []
    if !input.isSeekable { flags.insert(.isNotSeekable) }
    if !o.hasSeparator { flags.insert(.hasNoSeparator) }
    if o.isQuoted, !o.hasDoubtful, rule.dialect.quoting != .none { flags.insert(.needsUnquote) }
    let isBlank = !o.isDiscarding && view.slice(o.start - base, end - base).isBlank
    if isBlank { flags.insert(.isEmpty) }
    if o.isDiscarding || end - o.start > limit { flags.insert(.isOversize) }
    let isHeld = !flags.contains(.isOversize)
    let entry = MessageEntry(
      index: index, separatorOffset: o.separator, offset: o.start, length: end - o.start,
      range: isHeld ? ByteRange(start: o.start - base, count: end - o.start) : .empty,
      fromLine: isHeld ? fromLine(o, view) : .empty, flags: flags, store: [], storeDate: nil,
      file: -1)
    if hasMail != true, isHeld, isPseudo(view[entry.range]), isFirst(entry) {
      if isOwn(o) { summary.pseudoMessages += 1 }
      return
    }
    hasMail = true
    guard isOwn(o) else {
      passed += 1
      return
    }
    summary.messages += 1
    if isBlank { summary.empty += 1 }
    index += 1
    entries.append(entry)
  }

  /// Closes the last message at the end of the file.
  func closeLast() {
    guard let o = open else { return }
    let view = buffer.view
    open = nil
    let count = entries.count
    if rule.dialect.isSingleMessage { rule.dialect.hasBlankLine = false }
    close(o, at: view.count, view: view)
    guard entries.count > count, var last = entries.popLast() else { return }
    if view.count > 0, view[view.count - 1] != ASCII.lf {
      last.flags.insert(.hasNoFinalNewline)
    }
    if let error = summary.error, error.kind != .changedWhileReading {
      last.flags.insert(.isCutOff)
    }
    entries.append(last)
  }

  private func fromLine(_ o: Open, _ view: ByteView) -> ByteRange {
    guard o.hasSeparator else { return .empty }
    let start = o.separator - base
    let line = view.slice(start, start + min(o.fromLineLength, EnvelopeLine.maximumLength))
    var n = line.count
    while n > 0, line[n - 1] == ASCII.lf || line[n - 1] == ASCII.cr { n -= 1 }
    return ByteRange(start: start, count: n)
  }

  // False when more of the file is needed to show the line.
  private func note(_ view: ByteView, at hit: Int) -> Bool {
    if summary.doubtful.count < MailboxSummary.doubtfulLimit {
      let lineEnd = view.firstIndex(of: ASCII.lf, from: hit, to: hit + 80)
      if lineEnd == nil, hit + 80 > view.count, !eof { return false }
      let line = view.slice(hit, lineEnd ?? min(hit + 80, view.count))
      summary.doubtful.append(DoubtfulLine(offset: base + hit, text: line.trimmed().array))
    }
    summary.doubtfulLines += 1
    return true
  }

  /// The first message of a UW imapd or Dovecot file that holds its internal data.
  private func isPseudo(_ message: ByteView) -> Bool {
    guard
      let subject = HeaderScan.value("subject", in: message, from: 0, to: message.count),
      subject.firstRange(of: ByteView("FOLDER INTERNAL DATA")) != nil
    else { return false }
    return HeaderScan.value("x-imap", in: message, from: 0, to: message.count) != nil
      || HeaderScan.value("x-imapbase", in: message, from: 0, to: message.count) != nil
      || subject.hasPrefix("DON'T DELETE THIS MESSAGE")
  }
}
