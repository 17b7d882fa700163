import Bytes

// A part of a file is split as the whole would be: what a verdict needs from before the range is
// read again, and nothing else. That is
//
// - the dialect, and where the first message begins: from the file's first bytes, as always;
// - whether the line at the range's start stands right after a separator, where a blank line
//   proves nothing: told by going back over the lines before it that begin with `From `;
// - where Content-Length is believed, which bytes are a message's own whatever they look like: only
//   the walk from the file's first message on tells. It reads the header sections and leaps over
//   the bodies that it has proved;
// - whether a first message that looks like the mail store's own is the file's first.

extension MboxSplitter {
  /// True for a message that is given out: its separator begins in the range.
  func isOwn(_ o: Open) -> Bool { range.contains(o.separator) }

  /// True when nothing is left that the range could own.
  func isBehindRange(_ o: Open) -> Bool { base + scan >= range.upperBound && !isOwn(o) }

  /// Goes to the range, once the file's first message is open.
  func enterRange() {
    guard let first = open, !isOwn(first) else { return }
    summary.skippedBytes = 0
    guard first.separator < range.lowerBound, !range.isEmpty, !rule.dialect.isSingleMessage else {
      open = nil
      return
    }
    // From here on in order: messages before the range are closed and not given out.
    if rule.dialect.hasContentLength || rule.dialect.isCROnly || range.lowerBound <= first.start {
      return
    }
    open = nil
    guard let place = anchor(before: range.lowerBound, floor: first.start), go(to: place) else {
      return
    }
    open = Open(
      separator: -1, start: place == first.start ? place : -1, fromLineLength: 0,
      hasSeparator: false, isDiscarding: true, isFragment: true)
    hasMail = nil
  }

  /// The first of the lines directly before `offset` that begin with `From `, or `offset` itself;
  /// no line that long and none before `floor`. nil when the file ends before `offset`.
  private func anchor(before offset: Int, floor: Int) -> Int? {
    // No separator is longer than this with its line end.
    let longest = EnvelopeLine.maximumLength + 2
    let window = ByteBuffer(capacity: longest + 5)
    var line = offset
    while line > floor {
      let start = max(floor, line - longest)
      window.removeAll()
      // `offset` may stand within the line's first word.
      let wanted = line - start + 5
      let n = input.peek(at: start, into: window.reserve(wanted), capacity: wanted) ?? 0
      guard n >= line - start else { return nil }
      window.advance(by: n)
      let view = window.view
      let lf = view.prefix(line - start - 1).lastIndex(of: ASCII.lf)
      guard lf != nil || start == floor else { return line }
      let before = lf.map { $0 + 1 } ?? 0
      guard view.from(before).hasPrefix("From ") else { return line }
      line = start + before
    }
    return line
  }

  /// Reads on at `place`, with the few bytes before it that show line ends. False where that fails.
  private func go(to place: Int) -> Bool {
    let start = max(0, place - 8)
    guard input.skip(to: start) else { return false }
    if let bytes = ahead?.bytes { pool?.put(bytes) }
    ahead = nil
    buffer.removeAll()
    base = start
    scan = place - start
    closed = 0
    passed = 0
    eof = false
    return true
  }

  /// Goes to the end that Content-Length proved for a message before the range, if that lies
  /// beyond what was read; true when it did.
  func leap(_ o: inout Open, _ view: ByteView) -> Bool {
    // The store's own messages are told by their header fields; CRs are turned in one run.
    guard o.separator < range.lowerBound, o.trustedEnd - 8 > base + view.count, hasMail == true,
      !rule.dialect.isCROnly, go(to: o.trustedEnd)
    else { return false }
    o.isDiscarding = true
    return true
  }

  /// True unless there is mail before a message that was not read.
  func isFirst(_ entry: MessageEntry) -> Bool {
    guard hasMail == nil else { return true }
    guard entry.separatorOffset > 0 else { return true }
    let before = MboxSplitter(
      PeekInput(input), pool: pool, limit: limit, range: 0..<entry.separatorOffset, size: size)
    while let batch = before.next() {
      if !batch.entries.isEmpty { return false }
    }
    return true
  }
}
