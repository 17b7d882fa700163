import Bytes

/// Links in running text, and what they are wrapped in.
struct LinkScanner {
  /// The parts of a link that decide.
  struct Link {
    /// The link as it may be opened.
    var url: ByteView
    /// The host without port.
    var host: ByteView
    /// Everything after host and port, at least `/` when there is anything.
    var path: ByteView
  }

  private let text: ByteView
  private var place = 0

  init(_ text: ByteView) { self.text = text }

  /// The next http or https link, its end cut where a sentence goes on.
  mutating func next() -> Link? {
    while let colon = text.firstRange(of: ByteView("://"), from: place) {
      place = colon + 3
      let start = colon - (text[colon - 1] | 0x20 == 115 ? 5 : 4)
      guard start >= 0, text.from(start).hasPrefixIgnoringCase("http"),
        start == 0 || !ASCII.isAlphanumeric(text[start - 1])
      else { continue }
      var e = colon + 3
      while e < text.count, isLinkByte(text[e]) { e += 1 }
      place = e
      e = Self.withoutPunctuation(text, from: start, to: e)
      if let link = Self.split(text.slice(start, e)) { return link }
    }
    return nil
  }

  private func isLinkByte(_ c: UInt8) -> Bool {
    switch c {
    case 0...32, 127, 34, 60, 62, 94, 96, 123, 124, 125: false
    // A backslash in a link is what escapes leave behind.
    case 92: false
    // Characters beyond ASCII stand in links, but not the ideographic and typographic ones that end
    // sentences; those begin with E2 80 and E3 80.
    default: true
    }
  }

  private static func withoutPunctuation(_ v: ByteView, from start: Int, to end: Int) -> Int {
    var e = end
    for (i, c) in v.slice(start, end).buffer.enumerated()
    where c >= 0xE2 && v[start + i + 1] == 0x80 && (c == 0xE2 || c == 0xE3) {
      e = start + i
      break
    }
    // No-break space.
    if let nbsp = v.slice(start, e).firstRange(of: ByteView("\u{A0}")) { e = start + nbsp }
    trim: while e > start {
      switch v[e - 1] {
      case 46, 44, 59, 58, 33, 63, 39, 42, 95, 93, 38: e -= 1
      case 41:
        // A closing bracket belongs to the link when its opening one does.
        let link = v.slice(start, e)
        var open = 0
        for c in link.buffer { open += c == 40 ? 1 : c == 41 ? -1 : 0 }
        guard open < 0 else { break trim }
        e -= 1
      default: break trim
      }
    }
    return e
  }

  /// The parts of an http or https link; nil for others and for those that name a user, which
  /// nobody's meeting does and which hide the host.
  static func split(_ url: ByteView) -> Link? {
    let start = url.hasPrefixIgnoringCase("https://") ? 8 : 7
    guard start == 8 || url.hasPrefixIgnoringCase("http://") else { return nil }
    var e = start
    while e < url.count, url[e] != 47, url[e] != 63, url[e] != 35, url[e] != 92 { e += 1 }
    var host = url.slice(start, e)
    guard host.firstIndex(of: 64) == nil, url[e] != 92 else { return nil }
    if let port = host.lastIndex(of: 58) {
      guard ASCII.decimal(host.from(port + 1)) != nil || port + 1 == host.count else { return nil }
      host = host.prefix(port)
    }
    if host[host.count - 1] == 46 { host = host.prefix(host.count - 1) }
    guard host.count > 3, host.count < 254, host.firstIndex(of: 46) != nil else { return nil }
    for c in host.buffer where !(ASCII.isAlphanumeric(c) || c == 45 || c == 46 || c >= 0x80) {
      return nil
    }
    return Link(url: url, host: host, path: url.from(e))
  }

  /// What is inside of a link that a mail filter or search engine has wrapped around another:
  /// appended to `out`; nil when it is not one of those.
  static func unwrap(_ link: Link, into out: ByteBuffer) -> Link? {
    let start = out.count
    if hasDomain(link.host, ".safelinks.protection.outlook.com")
      || hasDomain(link.host, ".safelinks.protection.office365.us")
    {
      guard appendQuery("url", of: link.path, to: out) else { return nil }
    } else if hasDomain(link.host, "www.google.com"), link.path.hasPrefix("/url?") {
      guard appendQuery("q", of: link.path, to: out) || appendQuery("url", of: link.path, to: out)
      else { return nil }
    } else if hasDomain(link.host, "urldefense.com"), link.path.hasPrefix("/v3/__"),
      let end = link.path.firstRange(of: ByteView("__;"), from: 6)
    {
      out.append(link.path.slice(6, end))
    } else {
      return nil
    }
    return split(out.view.from(start).trimmed())
  }

  private static func hasDomain(_ host: ByteView, _ domain: StaticString) -> Bool {
    let d = ByteView(domain)
    return d[0] == 46
      ? host.count > d.count && host.from(host.count - d.count).equalsIgnoringCase(d)
      : host.equalsIgnoringCase(d)
  }

  private static func appendQuery(
    _ name: StaticString, of path: ByteView, to out: ByteBuffer
  ) -> Bool {
    guard let query = path.firstIndex(of: 63) else { return false }
    var i = query + 1
    while i < path.count {
      let e = path.firstIndex(of: 38, from: i) ?? path.count
      var pair = path.slice(i, e)
      // "&amp;" where HTML was left as it was.
      if pair.hasPrefix("amp;") { pair = pair.from(4) }
      let n = name.utf8CodeUnitCount
      if pair.hasPrefixIgnoringCase(name), pair[n] == 61 {
        appendUnpercented(pair.from(n + 1), to: out)
        return true
      }
      i = e + 1
    }
    return false
  }

  private static func appendUnpercented(_ v: ByteView, to out: ByteBuffer) {
    var i = 0
    while i < v.count {
      if v[i] == 37, let h = ASCII.hexValue(v[i + 1]), let l = ASCII.hexValue(v[i + 2]) {
        let c = h << 4 | l
        // Control characters and spaces stay as they were.
        if c > 32, c < 127 {
          out.append(c)
        } else {
          out.append(v.slice(i, i + 3))
        }
        i += 3
      } else {
        out.append(v[i])
        i += 1
      }
    }
  }
}
