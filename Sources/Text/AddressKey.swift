public import Bytes

/// The comparison key of an e-mail address: trimmed, ASCII in lower case, the domain as A-labels
/// (RFC 5890). Keys are compared as bytes, nothing else.
///
/// Nothing outside ASCII ever turns into ASCII: KELVIN SIGN is no k, full-width letters are no
/// letters of a known domain.
public enum AddressKey {
  /// Appends the key of an address; false, and nothing appended, when there is no unquoted `@`
  /// or nothing on one of its sides. ASCII addresses do not allocate.
  public static func append(_ address: ByteView, to out: ByteBuffer) -> Bool {
    // Nearly every address: ASCII, nothing to trim, nothing quoted, no dot at the end.
    if let at = address.lastIndex(of: 64), at > 0, at < address.count - 1,
      address[address.count - 1] != 46, out.appendLowercasedWord(address)
    {
      return true
    }
    let v = trimmed(address)
    guard let at = separator(v), at > 0 else { return false }
    let domain = v.from(at + 1)
    guard domain.count > 0, !domain.equals(".") else { return false }
    out.appendLowercased(v.prefix(at + 1))
    appendLabels(domain, to: out)
    return true
  }

  /// Appends the key of a domain alone (`Example.COM.` gives `example.com`); false, and nothing
  /// appended, when it is empty.
  public static func appendDomain(_ domain: ByteView, to out: ByteBuffer) -> Bool {
    let v = trimmed(domain)
    guard v.count > 0, !v.equals(".") else { return false }
    appendLabels(v, to: out)
    return true
  }

  /// The domain of a key that ``append(_:to:)`` made; empty when there is no unquoted `@`.
  public static func domain(of key: ByteView) -> ByteView {
    guard let at = separator(key) else { return .empty }
    return key.from(at + 1)
  }

  // The last @ that is not in a quoted string. A quotation mark opens one only where RFC 5322
  // lets a word begin: at the start or after a dot.
  private static func separator(_ v: ByteView) -> Int? {
    guard v.firstIndex(of: 34) != nil else { return v.lastIndex(of: 64) }
    var at: Int?
    var quoted = false
    var i = 0
    while i < v.count {
      switch v.base[i] {
      case 92 where quoted: i &+= 1
      case 34 where quoted: quoted = false
      case 34 where i == 0 || v.base[i &- 1] == 46: quoted = true
      case 64 where !quoted: at = i
      default: break
      }
      i &+= 1
    }
    return quoted ? nil : at
  }

  // White space, and the no-break space and byte order mark that spreadsheets leave at the ends.
  private static func trimmed(_ address: ByteView) -> ByteView {
    var v = address.trimmed()
    while true {
      let before = v.count
      if v.hasPrefix("\u{A0}") { v = v.from(2).trimmed() }
      if v.hasPrefix("\u{FEFF}") { v = v.from(3).trimmed() }
      if v.hasSuffix(ByteView("\u{A0}")) { v = v.prefix(v.count - 2).trimmed() }
      if v.hasSuffix(ByteView("\u{FEFF}")) { v = v.prefix(v.count - 3).trimmed() }
      if v.count == before { return v }
    }
  }

  private static func appendLabels(_ domain: ByteView, to out: ByteBuffer) {
    let last = domain.count - 1
    let v = domain[last] == 46 && last > 0 ? domain.prefix(last) : domain
    if v.isASCII { return out.appendLowercased(v) }
    var start = 0
    while true {
      let end = v.firstIndex(of: 46, from: start) ?? v.count
      let label = v.slice(start, end)
      if label.isASCII || !appendALabel(label, to: out) { out.appendLowercased(label) }
      if end == v.count { return }
      out.append(46)
      start = end + 1
    }
  }

  // False when the label has no A-label: then its bytes stay what they are.
  private static func appendALabel(_ label: ByteView, to out: ByteBuffer) -> Bool {
    var run = ScalarRun()
    var i = 0
    var count = 0
    while i < label.count {
      let (c, length) = scalarUTF8(label.base, i, label.count)
      guard c != .max, count < Punycode.longestLabel, !becomesASCII(c) else { return false }
      run.appendDecomposed(c)
      i += length
      count += 1
    }
    run.compose()
    let composed = run.scalars
    run.removeAll()
    for c in composed { appendLower(c, to: &run) }
    run.compose()
    return Punycode.append(run.scalars, to: out)
  }

  // The scalars that canonical composition turns into ASCII: KELVIN SIGN, GREEK QUESTION MARK,
  // GREEK VARIA.
  private static func becomesASCII(_ c: UInt32) -> Bool {
    c == 0x212A || c == 0x37E || c == 0x1FEF
  }

  private static func isASCII(_ s: ScalarString) -> Bool {
    for i in 0..<s.count where s[i] >= 0x80 { return false }
    return true
  }

  // As in IDNA 2008 sharp s and final sigma stay letters of their own (RFC 5894 7.2), and so does
  // what would fold to ASCII alone, such as long s and the ligature fi.
  private static func appendLower(_ c: UInt32, to run: inout ScalarRun) {
    if c < 0x80 {
      run.append(UInt32(ASCII.lower(UInt8(truncatingIfNeeded: c))))
    } else if c == 0x1E9E {
      run.append(0xDF)
    } else if c != 0xDF, c != 0x3C2, let folded = ScalarEntry(c).folded, !isASCII(folded) {
      for k in 0..<folded.count { run.appendDecomposed(folded[k]) }
    } else {
      run.appendDecomposed(c)
    }
  }
}
