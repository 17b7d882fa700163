public import Bytes
import Text

/// Reads identifier fields (RFC 5322 section 3.6.4).
public enum MessageID {
  /// Appends the identifier of a raw `Message-ID` or `Content-ID` value to `text`, without angle
  /// brackets, and returns its place; empty when there is none.
  ///
  /// What stands in the first pair of brackets, or without brackets all but the comments; folds go,
  /// other white space becomes one space. Case and everything else is kept: identity is a matter of
  /// bytes (no normalisation), made valid UTF-8 without control characters. The value may not lie
  /// in `text`.
  public static func parse(_ value: ByteView, text: ByteBuffer) -> (
    id: ByteRange, defects: HeaderDefects
  ) {
    var scanner = IDScanner(value)
    if let id = scanner.nextBracketed() {
      return append(id, to: text, id.isEmpty ? .messageIDMalformed : [])
    }
    return append(IDScanner.unbracketed(value), to: text, .messageIDMalformed)
  }

  static func append(
    _ id: ByteView, to text: ByteBuffer, _ found: HeaderDefects = []
  ) -> (id: ByteRange, defects: HeaderDefects) {
    var defects = found
    let start = text.count
    var i = WideScan.visibleEnd(id)
    text.append(id.prefix(i))  // nearly always all of it
    while i < id.count {
      let c = id.base[i]
      let length = UTF8Text.scalar(id, at: i).length
      if ASCII.isSpace(c) {
        var end = i
        while ASCII.isSpace(id[end]) { end += 1 }
        if !HeaderLine.isFolded(id.slice(i, end)) { text.append(ASCII.space) }
        i = end
        continue
      }
      if length == 0 {
        // A foreign byte stands for itself: two identifiers that differ in it stay different.
        text.append(scalar: c < 0xA0 ? 0xFFFD : UInt32(c))
        defects.insert([.raw8Bit, .messageIDMalformed])
      } else if c < 0x20 || c == 0x7F || (c == 0xC2 && id[i + 1] < 0xA0) {
        text.append("\u{FFFD}")
        defects.insert([.controlCharacters, .messageIDMalformed])
      } else {
        text.append(id.slice(i, i + length))
      }
      i += max(length, 1)
    }
    return (ByteRange(start: start, count: text.count - start), defects)
  }
}

/// Reads `References` and `In-Reply-To`.
public enum References {
  /// So many are kept at most: the first, which names the thread, and the last 99.
  public static let maximum = 100

  /// Appends the identifiers of a raw value to `list`, their text to `text`, in order.
  ///
  /// Only what stands in angle brackets counts; of a value without brackets a single word with an
  /// `@` in it. The address in `Message from Ann <ann@example.com> of …` is not one. `null` and
  /// empty brackets are not either. The value may not lie in `text`.
  @discardableResult
  public static func parse(
    _ value: ByteView, text: ByteBuffer, into list: ReusedList<ByteRange>
  ) -> HeaderDefects {
    var defects: HeaderDefects = []
    let first = list.count
    let mark = text.count
    var scanner = IDScanner(value)
    // One pass for nearly all values; a longer list is counted first.
    while list.count - first < maximum, let id = scanner.nextReference() {
      let one = MessageID.append(id, to: text)
      defects.formUnion(one.defects)
      list.append(one.id)
    }
    if list.count - first == maximum {
      list.truncate(to: first)
      text.truncate(to: mark)
      defects = parseMany(value, text: text, into: list)
    }
    if list.count == first, value.firstIndex(of: UInt8(ascii: "<")) == nil {
      let word = value.trimmed()
      if word.firstIndex(of: UInt8(ascii: "@")) != nil, !IDScanner.hasSpace(word) {
        let one = MessageID.append(word, to: text, .messageIDMalformed)
        defects.formUnion(one.defects)
        list.append(one.id)
      }
    }
    return defects
  }

  // Of so many identifiers, or more, the first and the last.
  private static func parseMany(
    _ value: ByteView, text: ByteBuffer, into list: ReusedList<ByteRange>
  ) -> HeaderDefects {
    var defects: HeaderDefects = []
    var scanner = IDScanner(value)
    var total = 0
    while scanner.nextReference() != nil { total += 1 }
    if total > maximum { defects.insert(.referencesTruncated) }
    scanner = IDScanner(value)
    var index = 0
    while let id = scanner.nextReference() {
      if index == 0 || index > total - maximum {
        let one = MessageID.append(id, to: text)
        defects.formUnion(one.defects)
        list.append(one.id)
      }
      index += 1
    }
    return defects
  }
}

/// Finds identifiers in a header value: one pass, no state but the position.
struct IDScanner {
  private let v: ByteView
  private var i = 0

  init(_ value: ByteView) { v = value }

  /// What stands between the next `<` and its `>`, or the end; nil when there is no `<`.
  mutating func nextBracketed() -> ByteView? {
    guard let open = v.firstIndex(of: UInt8(ascii: "<"), from: i) else {
      i = v.count
      return nil
    }
    var start = open + 1
    while v[start] == UInt8(ascii: "<") || ASCII.isSpace(v[start]) { start += 1 }
    let end = WideScan.bracket(v, from: start)
    i = v[end] == UInt8(ascii: ">") ? end + 1 : end
    return v.slice(start, end).trimmed()
  }

  /// The next bracketed text that can be an identifier: an address between a name and `of` or
  /// `on` (`Message from Ann <ann@example.com> of "Tue, …"`) is not one.
  mutating func nextReference() -> ByteView? {
    while true {
      let before = i
      guard let id = nextBracketed() else { return nil }
      var after = i
      while ASCII.isSpace(v[after]) { after += 1 }
      let isDated =
        v[after] == UInt8(ascii: "o") && v[after + 2] <= ASCII.space
        && (v[after + 1] == UInt8(ascii: "f") || v[after + 1] == UInt8(ascii: "n"))
      if isDated {
        let between = v.slice(before, i - id.count).trimmed()
        if between.count > 1 && ASCII.isLetter(between[0]) { continue }
      }
      if !id.isEmpty && !id.equalsIgnoringCase("null") { return id }
    }
  }

  /// A value without brackets: all of it without its comments, white space kept for the caller.
  static func unbracketed(_ v: ByteView) -> ByteView {
    var s = v.trimmed()
    // A comment before or after; one inside belongs to the identifier, whatever it says.
    if s[s.count - 1] == UInt8(ascii: ")"), let open = s.firstIndex(of: UInt8(ascii: "(")),
      open > 0, ASCII.isSpace(s[open - 1])
    {
      s = s.prefix(open).trimmed()
    }
    if s[0] == UInt8(ascii: "("), let close = s.firstIndex(of: UInt8(ascii: ")")) {
      s = s.from(close + 1).trimmed()
    }
    return s
  }

  /// True when white space stands in the view.
  static func hasSpace(_ v: ByteView) -> Bool {
    for i in 0..<v.count where ASCII.isSpace(v.base[i]) { return true }
    return false
  }
}
