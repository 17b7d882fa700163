public import Bytes

/// Whether text that may be a calendar says of anything in it that it is private, told without
/// reading it: for text that is damaged, and for what is kept or shown as it came.
public enum PrivacyMark {
  /// True when bytes may be a calendar in one of the three formats.
  ///
  /// - Parameters:
  ///   - mediaType: What their carrier says of them, or empty.
  ///   - ending: Their file name's extension, or empty.
  public static func mayBeCalendar(
    _ bytes: ByteView, mediaType: ByteView, ending: ByteView
  ) -> Bool {
    for type in ["text/calendar", "application/ics", "text/x-vcalendar"] as [StaticString]
    where mediaType.equalsIgnoringCase(type) { return true }
    for type in ["calendar+json", "calendar+xml"] as [StaticString]
    where mediaType.firstRangeIgnoringCase(of: ByteView(type)) != nil { return true }
    for name in ["ics", "ical", "ifb", "vcs", "icalendar"] as [StaticString]
    where ending.equalsIgnoringCase(name) { return true }
    guard mayBegin(bytes) else { return false }
    // UTF-16 has a NUL beside each letter.
    let head = ByteBuffer(capacity: 1024)
    for c in bytes.prefix(1024).buffer where c != 0 { head.append(c) }
    return head.view.firstRangeIgnoringCase(of: ByteView("vcalendar")) != nil
  }

  // Most attachments are told by their first byte: B of BEGIN, a bracket of JSON or XML.
  private static func mayBegin(_ bytes: ByteView) -> Bool {
    for c in bytes.prefix(64).buffer {
      switch c {
      case 0, 9...13, 32, 0xEF, 0xBB, 0xBF, 0xFE, 0xFF: continue
      case 60, 66, 91, 98: return true
      default: return false
      }
    }
    return false
  }

  /// True when something in the bytes has a CLASS (RFC 5545 3.8.1.3) that is not PUBLIC, in
  /// iCalendar, xCal or jCal; in doubt, true. Linear.
  public static func mayBePrivate(_ bytes: ByteView) -> Bool {
    hasPrivateLine(plain(bytes, joinsLines: true))
      || hasPrivateMarkup(plain(bytes, joinsLines: false))
  }

  private static func hasPrivateLine(_ text: ByteBuffer) -> Bool {
    let v = text.view
    // As a part of something longer it may be a line that a damaged one swallowed.
    for mark in ["class:private", "class:confidential"] as [StaticString]
    where v.firstRange(of: ByteView(mark)) != nil { return true }
    var at = 0
    while let start = v.firstRange(of: ByteView("class"), from: at) {
      at = start + 5
      if isLine(v, start, at), !isPublicLine(v, at) { return true }
    }
    return false
  }

  private static func hasPrivateMarkup(_ text: ByteBuffer) -> Bool {
    let v = text.view
    var at = 0
    while let start = v.firstRange(of: ByteView("class"), from: at) {
      at = start + 5
      if isElement(v, start, at), !isPublicElement(v, at) { return true }
      if isArray(v, start, at), !isPublicArray(v, at + 1) { return true }
    }
    return false
  }

  // In lower case, line ends as LF, without NULs, and letters in JSON as themselves. `joinsLines`:
  // a line that begins with a blank goes on with the one before.
  private static func plain(_ bytes: ByteView, joinsLines: Bool) -> ByteBuffer {
    let out = ByteBuffer(capacity: bytes.count + 16)
    var isFold = false
    var i = 0
    while i < bytes.count {
      let c = bytes[i]
      i += 1
      switch c {
      case 0: continue
      case ASCII.cr:
        if isFold { out.append(ASCII.lf) }
        isFold = true
        if bytes[i] == 0, bytes[i + 1] == ASCII.lf { i += 1 }
        if bytes[i] == ASCII.lf { i += 1 }
        continue
      case ASCII.lf:
        if isFold { out.append(ASCII.lf) }
        isFold = true
        continue
      case 32 where isFold && joinsLines, 9 where isFold && joinsLines:
        isFold = false
        continue
      default: break
      }
      if isFold {
        out.append(ASCII.lf)
        isFold = false
      }
      if c == 92, bytes[i] == 117, let letter = escaped(bytes, i + 1) {
        out.append(ASCII.lower(letter))
        i += 5
      } else {
        out.append(ASCII.lower(c))
      }
    }
    return out
  }

  // The letter that JSON writes as \u00xx; nil for all that is no letter or digit.
  private static func escaped(_ v: ByteView, _ at: Int) -> UInt8? {
    guard v[at] == 48, v[at + 1] == 48, let a = ASCII.hexValue(v[at + 2]),
      let b = ASCII.hexValue(v[at + 3])
    else { return nil }
    let c = a << 4 | b
    return c < 0x80 && isNameByte(c) ? c : nil
  }

  private static func isNameByte(_ c: UInt8) -> Bool {
    ASCII.isDigit(c) || (c | 0x20) &- 97 < 26 || c == 45 || c == 95
  }

  private static func isPublic(_ value: ByteView) -> Bool {
    let v = value.trimmed()
    return v.isEmpty || v.equals("public")
  }

  // MARK: iCalendar

  private static func isLine(_ v: ByteView, _ start: Int, _ end: Int) -> Bool {
    (start == 0 || v[start - 1] == ASCII.lf) && (end >= v.count || !isNameByte(v[end]))
  }

  // Only a line of its own has a colon.
  private static func isPublicLine(_ v: ByteView, _ end: Int) -> Bool {
    let line = v.slice(end, v.firstIndex(of: ASCII.lf, from: end) ?? v.count)
    var isQuoted = false
    for i in 0..<line.count {
      if line[i] == 34 { isQuoted.toggle() }
      if line[i] == 58, !isQuoted { return isPublic(line.from(i + 1)) }
    }
    return false
  }

  // MARK: xCal

  private static func isElement(_ v: ByteView, _ start: Int, _ end: Int) -> Bool {
    guard end < v.count, v[end] == 62 || v[end] == 47 || ASCII.isSpace(v[end]) else { return false }
    var i = start - 1
    if i >= 0, v[i] == 58 {
      i -= 1
      while i >= 0, isNameByte(v[i]) || v[i] == 46 || v[i] >= 0x80 { i -= 1 }
    }
    return i >= 0 && v[i] == 60
  }

  private static func isPublicElement(_ v: ByteView, _ end: Int) -> Bool {
    guard let open = v.firstIndex(of: 62, from: end) else { return false }
    if v[open - 1] == 47 { return true }
    let words = ByteBuffer(capacity: 32)
    var i = open + 1
    while i < v.count, words.count < 64 {
      guard v[i] == 60 else {
        words.append(v[i])
        i += 1
        continue
      }
      // What is commented out or marked may be anything.
      guard v[i + 1] != 33, let close = v.firstIndex(of: 62, from: i) else { return false }
      let tag = v.slice(i + 1, close).trimmed()
      if tag[0] == 47, tag.equals("/class") || tag.hasSuffix(ByteView(":class")) {
        return isPublic(words.view)
      }
      i = close + 1
    }
    return false
  }

  // MARK: jCal

  private static func isArray(_ v: ByteView, _ start: Int, _ end: Int) -> Bool {
    guard start > 0, v[start - 1] == 34, v[end] == 34 else { return false }
    var i = start - 2
    while i >= 0, ASCII.isSpace(v[i]) || v[i] == ASCII.lf { i -= 1 }
    return i >= 0 && v[i] == 91
  }

  // The strings after the name in its array, but for those of its parameters: type and values.
  private static func isPublicArray(_ v: ByteView, _ end: Int) -> Bool {
    var depth = 0
    var strings = 0
    var i = end
    while i < v.count {
      switch v[i] {
      case 123, 91: depth += 1
      case 125: depth -= 1
      case 93:
        if depth == 0 { return strings > 1 }
        depth -= 1
      case 34:
        let start = i + 1
        i = start
        while i < v.count, v[i] != 34 { i += v[i] == 92 ? 2 : 1 }
        guard depth == 0 else { break }
        strings += 1
        if strings > 1, !isPublic(v.slice(start, i)) { return false }
      default: break
      }
      i += 1
    }
    return false
  }
}
