import Bytes
import Text

/// The reading itself: one loop and an explicit stack, no recursion.
struct JSONParser {
  let source: ByteView
  let document: JSONDocument
  let dialect: JSONDialect
  var position = 0
  private var stack: [Int] = []
  // The nodes of an object's names, while they are looked at.
  private var names: [Int] = []

  init(source: ByteView, document: JSONDocument, dialect: JSONDialect) {
    self.source = source
    self.document = document
    self.dialect = dialect
  }

  private enum Expected {
    case value
    case elementOrEnd
    case nameOrEnd
    case commaOrEnd
  }

  mutating func parseDocument() {
    guard begin() else { return }
    guard parseValue(baseDepth: 0), skipSpace() else { return }
    if position < source.count { stop("expected the end of the text after its value") }
  }

  /// Size, byte order mark, leading space: false when there is nothing to read.
  mutating func begin() -> Bool {
    if source.count > JSONDocument.maximumBytes {
      return stop("the text is longer than \(JSONDocument.maximumBytes >> 20) MiB")
    }
    if (source[0] == 0xFF && source[1] == 0xFE) || (source[0] == 0xFE && source[1] == 0xFF)
      || (source.count > 3 && (source[0] == 0 || source[1] == 0))
    {
      return stop("the text is UTF-16 or UTF-32, JSON is read as UTF-8: save it as UTF-8")
    }
    if source.hasPrefix("\u{FEFF}") {
      if dialect == .strict {
        return stop("a byte order mark is not allowed here: save without it")
      }
      position = 3
    }
    guard skipSpace() else { return false }
    if position >= source.count { return stop("the text is empty, expected a JSON value") }
    return true
  }

  @discardableResult
  mutating func stop(_ message: String, at offset: Int? = nil) -> Bool {
    fault(message, at: offset ?? position)
    document.isBroken = true
    return false
  }

  private func fault(_ message: String, at offset: Int) {
    // Enough to mend a file; a hostile one may hold millions.
    guard document.faults.count < 1000 else { return }
    document.faults.append(JSONFault(offset: offset, message: message))
  }

  /// White space and, in the config dialect, comments. False when a comment does not end.
  mutating func skipSpace() -> Bool {
    while position < source.count {
      let c = source[position]
      if ASCII.isSpace(c) {
        position += 1
      } else if c == 47, dialect == .config {
        if source[position + 1] == 47 {
          position += 2
          while position < source.count, source[position] != ASCII.lf,
            source[position] != ASCII.cr
          {
            position += 1
          }
        } else if source[position + 1] == 42 {
          guard let end = source.firstRange(of: ByteView("*/"), from: position + 2) else {
            return stop("this comment has no end, expected */")
          }
          position = end + 2
        } else {
          return true
        }
      } else {
        return true
      }
    }
    return true
  }

  /// Reads one value and everything in it. False when the text is broken. Long because it is one
  /// loop over a stack of its own: nesting must not grow the thread's.
  mutating func parseValue(baseDepth: Int) -> Bool {
    stack.removeAll(keepingCapacity: true)
    var expected = Expected.value
    while true {
      guard skipSpace() else { return false }
      let c = source[position]
      switch expected {
      case .commaOrEnd:
        guard let top = stack.last else { return true }
        let isObject = document.node(top).kind == .object
        if c == 44, position < source.count {
          position += 1
          guard skipSpace() else { return false }
          let next = source[position]
          if next == (isObject ? 125 : 93) {
            if dialect == .strict {
              return stop("a comma may not stand before the end", at: position - 1)
            }
            guard close(isObject) else { return false }
          } else if isObject {
            guard parseName() else { return false }
            expected = .value
          } else {
            expected = .value
          }
        } else if c == (isObject ? 125 : 93) {
          guard close(isObject) else { return false }
        } else {
          return stop("expected , or \(isObject ? "}" : "]"), found \(found())")
        }
        if expected == .commaOrEnd, stack.isEmpty { return true }
      case .nameOrEnd:
        if c == 125 {
          guard close(true) else { return false }
          if stack.isEmpty { return true }
          expected = .commaOrEnd
        } else {
          guard parseName() else { return false }
          expected = .value
        }
      case .elementOrEnd, .value:
        if c == 93, expected == .elementOrEnd {
          guard close(false) else { return false }
          if stack.isEmpty { return true }
          expected = .commaOrEnd
        } else if c == 123 || c == 91 {
          guard baseDepth + stack.count < JSONDocument.maximumDepth else {
            return stop("nested deeper than \(JSONDocument.maximumDepth) levels")
          }
          unsafe stack.append(document.nodes.count)
          add(c == 123 ? .object : .array, at: position)
          position += 1
          expected = c == 123 ? .nameOrEnd : .elementOrEnd
        } else {
          guard parseScalar(c) else { return false }
          if stack.isEmpty { return true }
          count()
          expected = .commaOrEnd
        }
      }
    }
  }

  private mutating func add(
    _ kind: JSONKind, at offset: Int, place: ByteRange = .empty, flag: Bool = false
  ) {
    unsafe document.nodes.append(
      JSONDocument.Node(
        kind: kind, flag: flag, offset: UInt32(clamping: offset),
        end: UInt32(clamping: document.nodes.count + 1), place: place))
  }

  /// One more member or element in the innermost container.
  private func count() {
    if let top = stack.last, unsafe top < document.nodes.count {
      unsafe document.nodes[top].place.count &+= 1
    }
  }

  private mutating func close(_ isObject: Bool) -> Bool {
    position += 1
    guard let top = stack.popLast(), unsafe top < document.nodes.count else { return false }
    unsafe document.nodes[top].end = UInt32(clamping: document.nodes.count)
    if isObject { checkNames(top) }
    count()
    return true
  }

  /// Names may occur once: readers disagree on which of two counts.
  private mutating func checkNames(_ object: Int) {
    names.removeAll(keepingCapacity: true)
    let nodes = unsafe document.nodes
    var i = object + 1
    while i + 1 < nodes.count {
      names.append(i)
      i = max(i + 2, Int(nodes[i + 1].end))
    }
    guard names.count > 1 else { return }
    let text = document.text
    func name(_ i: Int) -> ByteView { text[nodes[i].place] }
    if names.count <= 8 {
      for i in 1..<names.count {
        let own = name(names[i])
        if (0..<i).contains(where: { name(names[$0]).equals(own) }) { tellDuplicate(names[i]) }
      }
      return
    }
    names.sort { a, b in
      let x = name(a)
      let y = name(b)
      if x.count != y.count { return x.count < y.count }
      if !x.equals(y) { return unsafe x.buffer.lexicographicallyPrecedes(y.buffer) }
      return a < b
    }
    for i in 1..<names.count where name(names[i]).equals(name(names[i - 1])) {
      tellDuplicate(names[i])
    }
  }

  private func tellDuplicate(_ node: Int) {
    let key = JSONValue(document: document, index: node)
    fault("the name \"\(JSONParser.shown(key.bytes))\" occurs twice in this object", at: key.offset)
  }

  /// A name as messages show it: short, without control characters.
  static func shown(_ name: ByteView) -> String {
    let s = name.prefix(60).string
    return String(
      String.UnicodeScalarView(s.unicodeScalars.filter { $0.value >= 32 && $0.value != 127 }))
  }

  private mutating func parseName() -> Bool {
    guard source[position] == 34 else {
      let hint = source[position] == 39 || ASCII.isLetter(source[position])
      return stop(
        "expected a name in double quotes or }, found \(found())"
          + (hint ? " (names are written \"name\")" : ""))
    }
    guard parseString() else { return false }
    guard skipSpace() else { return false }
    guard source[position] == 58 else { return stop("expected : after the name, found \(found())") }
    position += 1
    return true
  }

  private mutating func parseScalar(_ c: UInt8) -> Bool {
    switch c {
    case 34: return parseString()
    case 45, 48...57: return parseNumber()
    case 116: return word("true", .true)
    case 102: return word("false", .false)
    case 110: return word("null", .null)
    case 39: return stop("expected a value; strings are written with double quotes")
    case 47 where dialect == .strict:
      return stop("expected a value; comments may not stand in this file")
    default: return stop("expected a value, found \(found())")
    }
  }

  private mutating func word(_ text: StaticString, _ kind: JSONKind) -> Bool {
    let w = ByteView(text)
    guard source.from(position).hasPrefix(w),
      !ASCII.isAlphanumeric(source[position + w.count])
    else {
      return stop("expected a value: a string, a number, true, false, null, [ or {")
    }
    add(kind, at: position)
    position += w.count
    return true
  }

  private mutating func parseNumber() -> Bool {
    let start = position
    var isWhole = true
    if source[position] == 45 { position += 1 }
    guard ASCII.isDigit(source[position]) else {
      return stop("expected a digit, found \(found())")
    }
    if source[position] == 48, ASCII.isDigit(source[position + 1]) {
      return stop("a number may not begin with 0")
    }
    skipDigits()
    if source[position] == 46 {
      isWhole = false
      position += 1
      guard ASCII.isDigit(source[position]) else {
        return stop("expected a digit after the point, found \(found())")
      }
      skipDigits()
    }
    if source[position] | 0x20 == 101 {
      isWhole = false
      position += 1
      if source[position] == 43 || source[position] == 45 { position += 1 }
      guard ASCII.isDigit(source[position]) else {
        return stop("expected a digit in the exponent, found \(found())")
      }
      skipDigits()
    }
    let literal = source.slice(start, position)
    let text = document.text
    add(.number, at: start, place: text.place { text.append(literal) }, flag: isWhole)
    return true
  }

  private mutating func skipDigits() {
    while ASCII.isDigit(source[position]) { position += 1 }
  }

  private mutating func parseString() -> Bool {
    let start = position
    let text = document.text
    let textStart = text.count
    var hasNUL = false
    position += 1
    while true {
      let from = position
      while position < source.count {
        let c = unsafe source.base[position]
        if c == 34 || c == 92 || c < 0x20 { break }
        position += 1
      }
      appendChecked(from)
      guard position < source.count else {
        return stop("this string has no end, expected \"", at: start)
      }
      let c = source[position]
      if c == 34 {
        position += 1
        break
      }
      if c == 92 {
        guard parseEscape(&hasNUL) else { return false }
      } else if c == ASCII.lf || c == ASCII.cr {
        return stop("this string has no end on its line, expected \"", at: start)
      } else {
        fault("a control character must be written as an escape here", at: position)
        text.append(ASCII.space)
        position += 1
      }
    }
    add(
      .string, at: start, place: ByteRange(start: textStart, count: text.count - textStart),
      flag: hasNUL)
    return true
  }

  /// Takes over the source's bytes from `start` to here; what is not UTF-8 is reported and
  /// replaced.
  private func appendChecked(_ start: Int) {
    let v = source.slice(start, position)
    if v.isEmpty { return }
    guard let bad = UTF8Text.firstInvalid(v) else { return document.text.append(v) }
    fault("these bytes are no UTF-8: save the file as UTF-8", at: start + bad)
    document.text.append(string: v.string)
  }

  private mutating func parseEscape(_ hasNUL: inout Bool) -> Bool {
    let text = document.text
    let c = source[position + 1]
    switch c {
    case 34, 92, 47: text.append(c)
    case 98: text.append(8)
    case 102: text.append(12)
    case 110: text.append(10)
    case 114: text.append(13)
    case 116: text.append(9)
    case 117:
      guard let high = hex4(position + 2) else {
        return stop("expected four hexadecimal digits after \\u")
      }
      let at = position
      position += 6
      if high & 0xFC00 == 0xD800, source[position] == 92, source[position + 1] == 117,
        let low = hex4(position + 2), low & 0xFC00 == 0xDC00
      {
        position += 6
        text.append(scalar: 0x10000 + (high & 0x3FF) << 10 + low & 0x3FF)
      } else {
        if high & 0xF800 == 0xD800 {
          fault("half of a surrogate pair stands alone: it is no character", at: at)
        }
        if high == 0 { hasNUL = true }
        text.append(scalar: high)
      }
      return true
    default:
      return stop("expected one of \" \\ / b f n r t u after the backslash")
    }
    position += 2
    return true
  }

  private func hex4(_ at: Int) -> UInt32? {
    var n: UInt32 = 0
    for i in 0..<4 {
      guard let d = ASCII.hexValue(source[at + i]) else { return nil }
      n = n << 4 | UInt32(d)
    }
    return n
  }

  /// What stands here, for messages.
  private func found() -> String {
    guard position < source.count else { return "the end of the text" }
    let c = source[position]
    return c > 32 && c < 127 ? String(UnicodeScalar(c)) : "a character that cannot stand here"
  }
}
