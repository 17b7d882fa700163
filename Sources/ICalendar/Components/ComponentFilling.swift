import Bytes
import Glibc
import JSONText
import Text

extension CalendarComponent {
  /// Appends bytes to the text. Sixteen bytes after it stay readable, for looks at whole words.
  @inline(__always)
  func append(_ p: UnsafePointer<UInt8>, _ n: Int) {
    memcpy(bytes.reserve(n &+ 16), p, n)
    bytes.advance(by: n)
  }

  /// Appends bytes and gives their place.
  func place(_ v: ByteView) -> ByteRange {
    let start = bytes.count
    append(v.base, v.count)
    return ByteRange(start: start, count: v.count)
  }

  /// Begins a component whose name stands in the text already, inside `parent` (itself for the
  /// outermost), and gives its number.
  @discardableResult
  func openNode(kind: ComponentKind, name: ByteRange, parent: UInt32) -> UInt32 {
    let n = UInt32(truncatingIfNeeded: nodeRow.count)
    nodeRow.append(ComponentNode(kind: kind, name: name, parent: parent, end: n &+ 1))
    return n
  }

  /// Ends a component: everything begun since is inside it.
  func closeNode(_ n: UInt32) {
    guard n < nodeRow.count else { return }
    nodeRow[Int(n)].end = UInt32(truncatingIfNeeded: nodeRow.count)
  }

  /// Begins anew as a component of that name.
  func begin(_ name: ByteView, kind: ComponentKind) {
    removeAll()
    openNode(kind: kind, name: place(name), parent: 0)
  }

  /// Closes what is open and makes the text valid UTF-8 without NUL.
  func finish(charset: Charset? = nil) {
    if nodeRow.count > 0 { closeNode(0) }
    let all = text
    let hasNUL = all.firstIndex(of: 0) != nil
    if !hasNUL, UTF8Text.isValid(all) { return }
    recode(hasNUL: hasNUL, charset: charset)
  }

  /// Writes the text anew, each piece in valid UTF-8, and moves all ranges.
  private func recode(hasNUL: Bool, charset: Charset?) {
    if hasNUL { note(.nul, line: 0) }
    let old = bytes
    let all = ByteView(base: UnsafePointer(old.base), count: old.count)
    let recoding = Recoding(mostlyUTF8: Recoding.isMostlyUTF8(all), charset: charset)
    let out = ByteBuffer(capacity: old.count &+ old.count / 8)
    func move(_ r: inout ByteRange, _ labelled: Charset? = nil) {
      r = recoding.append(all[r], labelled: labelled, to: out)
    }
    var i = 0
    while i < nodeRow.count {
      move(&nodeRow.base[i].name)
      i &+= 1
    }
    i = 0
    while i < lines.count {
      let l = lines[i]
      var labelled: Charset?
      for k in 0..<Int(l.parameterCount) {
        let p = params[Int(l.firstParameter) &+ k]
        if all[p.name].equalsIgnoringCase("CHARSET") { labelled = Charset.named(all[p.value]) }
      }
      for k in 0..<Int(l.parameterCount) {
        move(&params.base[Int(l.firstParameter) &+ k].name)
        move(&params.base[Int(l.firstParameter) &+ k].value)
      }
      move(&lines.base[i].nameRange)
      move(&lines.base[i].value, labelled)
      i &+= 1
    }
    if recoding.usedOther { note(.otherCharset, line: 0) }
    if recoding.replaced { note(.invalidText, line: 0) }
    bytes.truncate(to: 0)
    append(out.view.base, out.count)
  }
}

/// Makes pieces of a component's text valid UTF-8.
private final class Recoding {
  private let mostlyUTF8: Bool
  private let charset: Charset?
  private(set) var usedOther = false
  private(set) var replaced = false

  init(mostlyUTF8: Bool, charset: Charset?) {
    self.mostlyUTF8 = mostlyUTF8
    self.charset = charset
  }

  /// Text that has more good UTF-8 characters beyond ASCII than bad bytes is damaged UTF-8 and not
  /// text of another charset.
  static func isMostlyUTF8(_ v: ByteView) -> Bool {
    var good = 0
    var bad = 0
    var rest = v
    while let hit = UTF8Text.firstInvalid(rest) {
      good += characters(rest.prefix(hit))
      bad += 1
      rest = rest.from(hit + 1)
      // A sample says it; going on piece by piece would be slow on binary rubbish.
      if bad > 1000 { break }
    }
    return good + characters(rest.prefix(1 << 16)) > bad
  }

  private static func characters(_ v: ByteView) -> Int {
    var n = 0
    for i in 0..<v.count where v[i] >= 0xC2 { n += 1 }
    return n
  }

  func append(_ v: ByteView, labelled: Charset?, to out: ByteBuffer) -> ByteRange {
    let start = out.count
    let end = v.firstIndex(of: 0) == nil ? nil : 0
    if end == nil {
      decode(v, labelled, out)
    } else {
      var i = 0
      while i < v.count {
        let nul = v.firstIndex(of: 0, from: i) ?? v.count
        decode(v.slice(i, nul), labelled, out)
        if nul < v.count { out.append("\u{FFFD}" as StaticString) }
        i = nul + 1
      }
    }
    return ByteRange(start: start, count: out.count - start)
  }

  private func decode(_ v: ByteView, _ labelled: Charset?, _ out: ByteBuffer) {
    if UTF8Text.firstInvalid(v) == nil {
      out.append(v)
      return
    }
    let defects: CharsetDefects
    if mostlyUTF8, labelled == nil {
      defects = Charset.utf8.decode(v, into: out)
    } else {
      usedOther = true
      let other = labelled ?? charset
      defects = (other == nil || other == .utf8 ? .windows1252 : other ?? .windows1252)
        .decode(v, into: out)
    }
    if defects.contains(.invalidBytes) { replaced = true }
  }
}
