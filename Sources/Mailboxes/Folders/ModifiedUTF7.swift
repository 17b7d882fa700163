import Bytes

/// The encoding of mailbox names in IMAP (RFC 3501 section 5.1.3), which Maildir++ and
/// Thunderbird keep in file names.
enum ModifiedUTF7 {
  /// The name decoded; bytes that are no modified UTF-7 are read as UTF-8.
  static func decode(_ name: [UInt8]) -> String {
    guard name.contains(38) else { return String(decoding: name, as: UTF8.self) }
    let out = ByteBuffer()
    let isWhole = name.withByteView { decode($0, into: out) }
    return isWhole ? out.string : String(decoding: name, as: UTF8.self)
  }

  private static func decode(_ name: ByteView, into out: ByteBuffer) -> Bool {
    var at = 0
    while at < name.count {
      let c = name[at]
      guard c == 38 else {
        if c >= 0x80 { return false }
        out.append(c)
        at += 1
        continue
      }
      guard let end = name.firstIndex(of: 45, from: at) else { return false }
      if end == at + 1 {
        out.append(38)
      } else if !units(name.slice(at + 1, end), into: out) {
        return false
      }
      at = end + 1
    }
    return true
  }

  private static func units(_ base64: ByteView, into out: ByteBuffer) -> Bool {
    var bits: UInt32 = 0
    var held = 0
    var high: UInt32 = 0
    for i in 0..<base64.count {
      guard let v = value(base64[i]) else { return false }
      bits = (bits << 6 | v) & 0x3F_FFFF
      held += 6
      guard held >= 16 else { continue }
      held -= 16
      let unit = bits >> UInt32(held) & 0xFFFF
      if unit & 0xFC00 == 0xD800 {
        high = unit
      } else if unit & 0xFC00 == 0xDC00, high != 0 {
        out.append(scalar: 0x10000 + ((high & 0x3FF) << 10 | unit & 0x3FF))
        high = 0
      } else {
        out.append(scalar: unit)
      }
    }
    return true
  }

  private static func value(_ c: UInt8) -> UInt32? {
    switch c {
    case 65...90: return UInt32(c) - 65
    case 97...122: return UInt32(c) - 71
    case 48...57: return UInt32(c) + 4
    case 43: return 62
    case 44: return 63
    default: return nil
    }
  }
}
