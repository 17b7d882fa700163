import Bytes
import Glibc

/// What a line turned out to be.
enum LineShape {
  /// A property; it was appended.
  case property
  /// BEGIN or END; the name stands at ``ParsedLine/value``, nothing was appended.
  case begin, end
  /// It does not start like a content line.
  case noName
  /// A name, perhaps parameters, and no colon.
  case noColon
  /// A quote in the parameters is not closed.
  case unterminated
}

extension CalendarComponent {
  /// How a line's parameters are read; the strict way first, then what mends them.
  struct LineReading {
    /// Take a quote that is not closed as a character.
    var quotesAreOpen = false
    /// Colons outside quotes before this place belong to parameter values.
    var colon = 0
  }

  /// Reads the text from `start` to its end as one unfolded content line (RFC 5545 3.1) and appends
  /// the property. BEGIN and END leave their name in `structure`.
  func parseLine(
    from start: Int, node: UInt32, line: UInt32, structure: inout ByteRange,
    reading: LineReading = LineReading()
  ) -> LineShape {
    let b = UnsafePointer(bytes.base)
    let end = bytes.count
    var loose = false
    var i = start
    while i < end, ASCII.isBlank(b[i]) { i &+= 1 }
    let nameStart = i
    while i < end, NameBytes.isName(b[i], table) { i &+= 1 }
    let nameEnd = i
    guard nameEnd > nameStart else { return .noName }
    if i < end, ASCII.isBlank(b[i]) {
      loose = true
      while i < end, ASCII.isBlank(b[i]) { i &+= 1 }
    }
    guard i < end else { return .noColon }
    let firstParameter = params.count
    var marks: LineDefects = loose ? .looseSyntax : []
    if b[i] != 58 {
      guard b[i] == 59 else { return .noName }
      let found = parseParameters(from: i, to: end, marks: &marks, reading: reading)
      guard found >= 0 else {
        params.truncate(to: firstParameter)
        return found == -1 ? .noColon : .unterminated
      }
      i = found
    }
    let name = names.find(padded: ByteView(base: b + nameStart, count: nameEnd &- nameStart))
    let value = ByteRange(start: i &+ 1, count: end &- i &- 1)
    if name == .begin || name == .end {
      params.truncate(to: firstParameter)
      let trimmed = ByteView(base: b + Int(value.start), count: Int(value.count)).trimmed()
      structure = ByteRange(start: trimmed.base - b, count: trimmed.count)
      return name == .begin ? .begin : .end
    }
    if params.count > firstParameter, reading.colon == 0 {
      let colon = laterColon(after: i, to: end, name: name)
      if colon > i {
        params.truncate(to: firstParameter)
        var mended = reading
        mended.colon = colon
        return parseLine(
          from: start, node: node, line: line, structure: &structure, reading: mended)
      }
    }
    if reading.colon > 0 { marks.insert(.colonInParameter) }
    lines.append(
      ContentLine(
        name: name, defects: marks, node: node,
        nameRange: ByteRange(start: nameStart, count: nameEnd &- nameStart), value: value,
        firstParameter: UInt32(truncatingIfNeeded: firstParameter),
        parameterCount: UInt32(truncatingIfNeeded: params.count &- firstParameter), line: line))
    if !marks.isEmpty { note(marks.componentDefects, line: Int(line)) }
    return .property
  }

  /// Reads parameters from a `;` on and gives the place of the colon before the value; -1 without
  /// one, -2 when a quote is not closed.
  private func parseParameters(
    from start: Int, to end: Int, marks: inout LineDefects, reading: LineReading
  ) -> Int {
    let b = UnsafePointer(bytes.base)
    var i = start
    while true {
      // On a `;`.
      i &+= 1
      while i < end, ASCII.isBlank(b[i]) { i &+= 1 }
      let nameStart = i
      while i < end, !NameBytes.endsName(b[i], table) || (b[i] == 58 && i < reading.colon) {
        i &+= 1
      }
      let name = ByteRange(start: nameStart, count: blankless(b, nameStart, i) &- nameStart)
      guard i < end else { return -1 }
      if b[i] == 61 {
        i &+= 1
        let form: CalendarParameter.Form
        let valueStart = i
        let valueEnd: Int
        if i < end, b[i] == 34, let close = memchr(b + (i &+ 1), 34, end &- i &- 1),
          case let after = UnsafeRawPointer(close) - UnsafeRawPointer(b) &+ 1, after < end,
          b[after] == 59 || (b[after] == 58 && after >= reading.colon)
        {
          // One quoted string and nothing else, as nearly always where there are quotes.
          let inside = after &- i &- 2
          let caret = memchr(b + (i &+ 1), 94, inside) != nil
          form = caret ? [.quoted, .caret] : .quoted
          params.append(
            CalendarParameter(
              name: name, value: ByteRange(start: i &+ 1, count: inside), form: form))
          i = after
        } else {
          guard
            let read = parseValue(
              b, from: i, to: end, reading: reading, marks: &marks)
          else { return -2 }
          form = read.form
          i = read.end
          valueEnd = i
          params.append(
            CalendarParameter(
              name: name, value: ByteRange(start: valueStart, count: valueEnd &- valueStart),
              form: form))
        }
      } else if name.count > 0 {
        params.append(CalendarParameter(name: name, value: .empty, form: .bare))
      } else {
        marks.insert(.looseSyntax)
      }
      guard i < end else { return -1 }
      if b[i] == 58 { return i }
    }
  }

  private func blankless(_ b: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int {
    var e = end
    while e > start, ASCII.isBlank(b[e &- 1]) { e &-= 1 }
    return e
  }

  /// Reads a parameter's value up to the `;` or `:` after it; nil when a quote is not closed.
  private func parseValue(
    _ b: UnsafePointer<UInt8>, from start: Int, to end: Int, reading: LineReading,
    marks: inout LineDefects
  ) -> (form: CalendarParameter.Form, end: Int)? {
    var form: CalendarParameter.Form = []
    var i = start
    while i < end {
      if !NameBytes.isSpecial(b[i], table) {
        i &+= 1
        continue
      }
      switch b[i] {
      case 59: return (form, i)
      case 58: if i >= reading.colon { return (form, i) }
      case 44: form.insert(.list)
      case 94: form.insert(.caret)
      case 92:
        if i &+ 1 < end {
          switch b[i &+ 1] {
          case 44, 58, 59, 92:
            form.insert(.backslash)
            i &+= 1
          default: break
          }
        }
      case 34:
        form.insert(.innerQuotes)
        if let close = memchr(b + (i &+ 1), 34, end &- i &- 1) {
          let after = UnsafeRawPointer(close) - UnsafeRawPointer(b)
          if memchr(b + (i &+ 1), 94, after &- i &- 1) != nil { form.insert(.caret) }
          i = after
        } else {
          guard reading.quotesAreOpen else { return nil }
          marks.insert(.unterminatedQuote)
        }
      default: break
      }
      i &+= 1
    }
    return (form, i)
  }

  /// The colon that the value begins after, when it is not the first one outside quotes: dates hold
  /// none, so theirs is the last; addresses and links are known by their scheme.
  private func laterColon(after colon: Int, to end: Int, name: PropertyName) -> Int {
    let value = ByteView(base: bytes.base + (colon &+ 1), count: end &- colon &- 1)
    let needle: StaticString
    switch name.valueType {
    case .dateTime:
      // A year, be the rest right or not.
      if ASCII.decimal(value.prefix(4)) != nil { return -1 }
      return value.lastIndex(of: 58).map { colon &+ 1 &+ $0 } ?? -1
    case .calAddress:
      if value.hasPrefixIgnoringCase("mailto:") { return -1 }
      needle = ":mailto:"
    case .uri:
      if value.hasPrefixIgnoringCase("http") { return -1 }
      needle = ":http"
    default:
      guard name == .appleStructuredLocation else { return -1 }
      if value.trimmed().hasPrefixIgnoringCase("geo:") { return -1 }
      needle = ":geo:"
    }
    guard value.firstIndex(of: 58) != nil else { return -1 }
    return value.firstRangeIgnoringCase(of: ByteView(needle)).map { colon &+ 1 &+ $0 } ?? -1
  }

  /// Appends the text from `start` on, which is no content line, to the value of the last property,
  /// after an escaped line end, when that is a text. False when it is not.
  func joinToLast(from start: Int, node: UInt32, line: UInt32) -> Bool {
    guard lines.count > 0 else { return false }
    var last = lines[lines.count &- 1]
    guard last.node == node, last.value.end == start else { return false }
    // "X-NAME=value" is a property that lost its head and not the rest of a text.
    if text.from(start).hasPrefixIgnoringCase("X-") { return false }
    switch last.name {
    case .description, .comment, .summary, .location, .contact, .altDesc, .styledDescription,
      .wrCaldesc:
      break
    default: return false
    }
    let n = bytes.count &- start
    _ = bytes.reserve(18)
    memmove(bytes.base + (start &+ 2), bytes.base + start, n)
    bytes.base[start] = 92
    bytes.base[start &+ 1] = 110
    bytes.advance(by: 2)
    last.value.count &+= UInt32(truncatingIfNeeded: n &+ 2)
    last.defects.insert(.rawLineEnd)
    lines[lines.count &- 1] = last
    note(.joinedLine, line: Int(line))
    return true
  }

  /// True when the last property's value ends in a soft line break of quoted-printable
  /// (vCalendar 1.0): the next line belongs to it whatever it looks like.
  func endsInSoftBreak() -> Bool {
    guard lines.count > 0 else { return false }
    let last = lines[lines.count &- 1]
    let v = value(last)
    return v[v.count - 1] == 61 && TextValue.isQuotedPrintable(last, in: self)
  }
}

extension LineDefects {
  /// The same for the whole component.
  var componentDefects: CalendarDefects {
    var d: CalendarDefects = []
    if contains(.unterminatedQuote) { d.insert(.unterminatedQuote) }
    if contains(.colonInParameter) { d.insert(.colonInParameter) }
    if contains(.rawLineEnd) { d.insert(.joinedLine) }
    if contains(.looseSyntax) { d.insert(.looseSyntax) }
    return d
  }
}
