import Bytes

/// Cuts a value into its type and raw parameters. Total and linear.
struct ParameterScanner {
  private let v: ByteView
  private var i = 0
  private(set) var isMalformed = false

  init(_ value: ByteView) { v = value.trimmed() }

  private mutating func skipBlanks() {
    while i < v.count {
      if ASCII.isSpace(v.base[i]) {
        i += 1
      } else if v.base[i] == UInt8(ascii: "(") {
        skipComment()
      } else {
        return
      }
    }
  }

  private mutating func skipComment() {
    var depth = 0
    while i < v.count {
      switch v.base[i] {
      case UInt8(ascii: "("): depth += 1
      case UInt8(ascii: ")"): depth -= 1
      case UInt8(ascii: "\\"): i += 1
      default: break
      }
      i += 1
      if depth == 0 { return }
    }
  }

  private static func isToken(_ c: UInt8) -> Bool {
    if ASCII.isAlphanumeric(c) { return true }
    switch c {
    case UInt8(ascii: "!"), UInt8(ascii: "#")...UInt8(ascii: "'"), UInt8(ascii: "*"),
      UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "^"),
      UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "{")...UInt8(ascii: "~"):
      return true
    default: return false
    }
  }

  private mutating func token() -> ByteView {
    skipBlanks()
    let start = i
    while Self.isToken(v[i]) { i += 1 }
    return v.slice(start, i)
  }

  /// Reads type and subtype, or the disposition; the parameters follow, even when there is none.
  mutating func type(_ field: ParameterParser.Field) -> ((ByteView, ByteView), Bool) {
    let a = token()
    skipBlanks()
    var b = ByteView.empty
    var isWell = !a.isEmpty && v[i] != UInt8(ascii: "=")
    if !isWell {
      // `charset=utf-8` alone: a parameter; garbage: up to the next semicolon.
      if !a.isEmpty { i = 0 } else { skipToSemicolon() }
      return ((a, b), false)
    }
    if field == .contentType {
      isWell = v[i] == UInt8(ascii: "/")
      if isWell {
        i += 1
        b = token()
        isWell = !b.isEmpty
      }
      skipBlanks()
      // Either a parameter follows, or it is no type: `text/plain/x`.
      let next = v[i]
      if i < v.count, next != UInt8(ascii: ";"), !Self.isToken(next) {
        isMalformed = true
        if next != UInt8(ascii: ",") {
          isWell = false
          skipToSemicolon()
        }
      }
      if !isWell, v[i] != UInt8(ascii: ";") { skipToSemicolon() }
    }
    return ((a, b), isWell)
  }

  private mutating func skipToSemicolon() {
    i = v.firstIndex(of: UInt8(ascii: ";"), from: i) ?? v.count
  }

  /// The next parameter, or nil at the end.
  mutating func next() -> ParameterParser.Segment? {
    while true {
      skipBlanks()
      while v[i] == UInt8(ascii: ";") || v[i] == UInt8(ascii: ",") {
        i += 1
        skipBlanks()
      }
      guard i < v.count else { return nil }
      let name = token()
      skipBlanks()
      guard !name.isEmpty, v[i] == UInt8(ascii: "=") else {
        isMalformed = true
        if name.isEmpty || i >= v.count || v[i] == UInt8(ascii: ";") {
          skipToSemicolon()
        }
        continue
      }
      i += 1
      while ASCII.isSpace(v[i]) { i += 1 }
      var segment = Self.split(name)
      readContent(into: &segment)
      return segment
    }
  }

  // `name`, `name*`, `name*1`, `name*1*`. A number with a leading zero or too long is none that a
  // sender of sections writes: such a segment belongs to no parameter's sections but is one.
  private static func split(_ name: ByteView) -> ParameterParser.Segment {
    var base = name
    var section = -1
    let isExtended = base.count > 1 && base[base.count - 1] == UInt8(ascii: "*")
    if isExtended { base = base.prefix(base.count - 1) }
    if let star = base.lastIndex(of: UInt8(ascii: "*")), star > 0 {
      let digits = base.from(star + 1)
      if !digits.isEmpty, Self.isNumber(digits) {
        let isPlain = digits.count == 1 || digits[0] != UInt8(ascii: "0")
        section = isPlain && digits.count <= 6 ? ASCII.decimal(digits) ?? Int.max : Int.max
        base = base.prefix(star)
      }
    }
    return ParameterParser.Segment(
      name: base, section: section, isExtended: isExtended, content: .empty, isQuoted: false)
  }

  private static func isNumber(_ d: ByteView) -> Bool {
    for k in 0..<d.count where !ASCII.isDigit(d.base[k]) { return false }
    return true
  }

  private mutating func readContent(into s: inout ParameterParser.Segment) {
    if v[i] == UInt8(ascii: "\"") {
      i += 1
      let start = i
      while i < v.count, v.base[i] != UInt8(ascii: "\"") {
        i += v.base[i] == UInt8(ascii: "\\") ? 2 : 1
      }
      s.isQuoted = true
      if i < v.count {
        s.content = v.slice(start, i)
        i += 1
        return
      }
      // The quote does not end: up to the next parameter or line.
      isMalformed = true
      i = start
      while i < v.count, v[i] != UInt8(ascii: ";"), v[i] != ASCII.lf, v[i] != ASCII.cr { i += 1 }
      s.content = v.slice(start, i).trimmed()
      return
    }
    let keepsComments = s.name.equalsIgnoringCase("name") || s.name.equalsIgnoringCase("filename")
    let start = i
    var end = i
    while i < v.count, v.base[i] != UInt8(ascii: ";") {
      if ASCII.isSpace(v.base[i]) {
        while ASCII.isSpace(v[i]) { i += 1 }
        if beginsParameter() || (!keepsComments && v[i] == UInt8(ascii: "(")) { break }
        continue
      }
      i += 1
      end = i
    }
    s.content = v.slice(start, end)
    if beginsParameter() { isMalformed = true }
  }

  // A token of at most 40 bytes and `=` stand here.
  private func beginsParameter() -> Bool {
    var k = i
    while k < i + 40, Self.isToken(v[k]) { k += 1 }
    return k > i && v[k] == UInt8(ascii: "=")
  }
}
