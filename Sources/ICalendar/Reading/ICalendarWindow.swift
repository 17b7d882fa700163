import Bytes
import Glibc
import Text

// Lines out of a window over the stream.
extension ICalendarReader {
  /// Looks at the first bytes: a mark is passed over, UTF-16 and UTF-32 get a converter.
  func prepare() {
    isPrepared = true
    while end < 4, refill() {}
    let head = ByteView(base: base, count: end)
    if let form = WideInput.Form(head) {
      let source: any CalendarInput = input ?? EmptyInput()
      let converter = WideInput(source, form: form, head: head.from(form.mark))
      wide = converter
      wideOffset = form.mark
      input = converter
      if storage == nil {
        let p = UnsafeMutablePointer<UInt8>.allocate(capacity: Self.chunk + 16)
        storage = p
        capacity = Self.chunk
        base = UnsafePointer(p)
      }
      end = 0
      isAtEnd = false
      _ = refill()
    } else if head.hasPrefix("\u{FEFF}") {
      pos = 3
    }
    nextLF = -1
    nextCR = -1
    keep = pos
  }

  private final class EmptyInput: CalendarInput {
    var errorNumber: Int32 { 0 }
    func read(into destination: UnsafeMutablePointer<UInt8>, capacity: Int) -> Int { 0 }
  }

  /// The offset in the file of a place in the window.
  func offset(of place: Int) -> Int {
    guard let wide else { return windowOffset &+ place }
    // Everything up to `wideMark` is counted.
    if place >= wideMark {
      return wideOffset
        &+ wide.sourceBytes(ByteView(base: base, count: end).slice(wideMark, place))
    }
    return wideOffset &- wide.sourceBytes(ByteView(base: base, count: end).slice(place, wideMark))
  }

  /// Reads on: everything before `keep` is let go. False at the end of the stream.
  @inline(never)
  func refill() -> Bool {
    guard !isAtEnd, let input, var p = storage else { return false }
    if level == .component, !isOversize, end &- keep > CalendarLimits.componentBytes {
      becomeOversize()
    }
    if keep > 0 {
      if let wide {
        wideOffset &+= wide.sourceBytes(ByteView(base: base, count: end).slice(wideMark, keep))
        wideMark = 0
      }
      memmove(p, p + keep, end &- keep)
      windowOffset &+= keep
      end &-= keep
      pos &-= keep
      lineStart = max(0, lineStart &- keep)
      componentStart = max(0, componentStart &- keep)
      nextLF = nextLF < 0 ? -1 : max(-1, nextLF &- keep)
      nextCR = nextCR < 0 ? -1 : max(-1, nextCR &- keep)
      keep = 0
    }
    if capacity &- end < Self.chunk || (capacity > 4 << 20 && end < Self.chunk) {
      let bigger = end < Self.chunk ? Self.chunk &* 2 : max(capacity &* 2, end &+ Self.chunk)
      let fresh = UnsafeMutablePointer<UInt8>.allocate(capacity: bigger &+ 16)
      memcpy(fresh, p, end)
      p.deallocate()
      p = fresh
      storage = fresh
      capacity = bigger
      base = UnsafePointer(fresh)
    }
    let n = input.read(into: p + end, capacity: Self.chunk)
    if n <= 0 {
      isAtEnd = true
      return false
    }
    // "None in the window" has to be looked for again in what is new.
    if nextLF == end { nextLF = find(10, from: end, to: end &+ n) }
    if nextCR == end { nextCR = find(13, from: end, to: end &+ n) }
    end &+= n
    return true
  }

  @inline(__always)
  private func find(_ c: Int32, from: Int, to: Int) -> Int {
    guard from < to, let hit = memchr(base + from, c, to &- from) else { return to }
    return UnsafeRawPointer(hit) - UnsafeRawPointer(base)
  }

  /// Where the line at `pos` ends in the window, or nil when its end is not there yet.
  @inline(__always)
  private func lineEnd() -> Int? {
    if nextLF < pos { nextLF = find(10, from: pos, to: end) }
    if nextCR < pos { nextCR = find(13, from: pos, to: nextLF < end ? nextLF : end) }
    // The search for CR stopped at an LF: nothing is known beyond it.
    let e = nextLF < nextCR ? nextLF : nextCR
    return e < end ? e : nil
  }

  /// Reads the next content line, unfolded, to the end of the text that it belongs to.
  /// `continuing`: it is more of the line in hand. False at the end of the stream.
  func readLine(continuing: Bool = false) -> Bool {
    let target = level == .component ? component : calendar
    textStart = target.bytes.count
    if !continuing {
      lineStart = pos
      isLineCut = false
    }
    var isFirst = !continuing
    var began = false
    while true {
      guard let e = lineEnd() ?? moreLine(target) else {
        // The stream ends in this line.
        if pos >= end { return began }
        if isFirst { lineStartNumber = lineNumber }
        take(target, to: end)
        pos = end
        return true
      }
      if e == pos, isFirst, !began {
        // An empty line between content lines.
        pos = afterBreak(e)
        lineStart = pos
        lineNumber &+= 1
        if level != .component || isOversize { keep = pos }
        continue
      }
      if isFirst {
        lineStartNumber = lineNumber
        isFirst = false
      }
      began = true
      take(target, to: e)
      pos = afterBreak(e)
      lineNumber &+= 1
      if pos < end, base[pos] > 32 { return true }
      guard skipToFold() else { return true }
      if isOversize, isLineCut { keep = pos }
    }
  }

  /// Appends the rest of the line in hand, unless it has grown too long.
  @inline(__always)
  private func take(_ target: CalendarComponent, to e: Int) {
    if isLineCut { return }
    let n = e &- pos
    if target.bytes.count &- textStart &+ n > longestLine { return cut(target) }
    target.append(base + pos, n)
  }

  private func cut(_ target: CalendarComponent) {
    isLineCut = true
    target.bytes.truncate(to: textStart)
    if level == .component { becomeOversize() }
  }

  @inline(__always)
  private var longestLine: Int {
    level == .component && !isOversize
      ? CalendarLimits.componentBytes : CalendarLimits.calendarBytes
  }

  /// The first byte after the line end at `e`; reads on when CR is the window's last byte.
  @inline(__always)
  private func afterBreak(_ e: Int) -> Int {
    if base[e] == 13 {
      if e &+ 1 == end { return afterCR(e) }
      return base[e &+ 1] == 10 ? e &+ 2 : e &+ 1
    }
    return e &+ 1
  }

  @inline(never)
  private func afterCR(_ e: Int) -> Int {
    // `pos` and what is kept stay behind `e`, so its distance to `pos` is what survives.
    let distance = e &- pos
    guard refill() else { return pos &+ distance &+ 1 }
    let cr = pos &+ distance
    return base[cr &+ 1] == 10 ? cr &+ 2 : cr &+ 1
  }

  /// Reads on until the line at `pos` has its end in the window; nil at the end of the stream.
  @inline(never)
  private func moreLine(_ target: CalendarComponent) -> Int? {
    while true {
      if end &- pos > longestLine {
        cut(target)
        // What was looked through holds no line end.
        pos = end
        keep = pos
      }
      guard refill() else { return nil }
      if let e = lineEnd() { return e }
    }
  }

  /// True when the next line continues the one before (RFC 5545 3.1); then `pos` is after the
  /// blank. A few empty lines may stand between, as Mozilla's first calendars wrote them.
  @inline(never)
  private func skipToFold() -> Bool {
    var q = pos
    var breaks = 0
    while true {
      if q == end {
        let distance = q &- pos
        guard refill() else { return false }
        q = pos &+ distance
      }
      let c = base[q]
      if c == 32 || c == 9 { break }
      guard c == 10 || c == 13, q &- pos < 8 else { return false }
      q &+= 1
      // CRLF counts once.
      if c == 10 || q == end || base[q] != 10 { breaks &+= 1 }
    }
    lineNumber &+= breaks
    pos = q &+ 1
    return true
  }

  /// True when the next line begins like a content line, is empty, or there is none.
  func nextLooksLikeContent() -> Bool {
    while end &- pos < 64, refill() {}
    var i = pos
    while i < end, i &- pos < 64, NameBytes.isName(base[i]) { i &+= 1 }
    if i == end { return true }
    let c = base[i]
    if i == pos { return c == 13 || c == 10 }
    return c == 58 || c == 59
  }

  // MARK: The first pass for time zones

  /// Moves to the next line `BEGIN:VTIMEZONE`; false when there is none.
  func seekTimeZone() -> Bool {
    while true {
      while let colon = memchr(base + pos, 58, end &- pos) {
        let at = UnsafeRawPointer(colon) - UnsafeRawPointer(base)
        if at &+ 12 > end, !isAtEnd {
          pos = at
          break
        }
        let c = ASCII.lower(base[min(at &+ 1, end &- 1)])
        if c == 118, isLineStart(at &- 5) {
          let line = ByteView(base: base, count: end).slice(at &- 5, at &+ 10)
          if line.hasPrefixIgnoringCase("BEGIN:VTIMEZONE") {
            pos = at &- 5
            keep = pos
            return true
          }
          if line.hasPrefixIgnoringCase("BEGIN:VCALENDAR") { calendarCount &+= 1 }
        }
        pos = at &+ 1
      }
      // No colon is left, or one too near to the end of what is here.
      let waits = pos < end && base[pos] == 58
      if !waits { pos = end }
      keep = max(0, pos &- 16)
      guard refill() else {
        if waits, isAtEnd { continue }
        return false
      }
    }
  }

  private func isLineStart(_ i: Int) -> Bool {
    guard i > 0 else { return i == 0 }
    return base[i &- 1] == 10 || base[i &- 1] == 13 || base[i &- 1] == 0xBF
  }
}
