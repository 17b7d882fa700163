public import Bytes
import Text

/// The forms in which configurations and lists write addresses and domains, as comparison keys.
public enum AddressEntry {
  /// Appends the key of an address: trimmed, lower case. False, and nothing appended, when the
  /// text is no address: no or an empty local part, an empty domain, white space or control
  /// characters inside, or a `*` as a pattern has it.
  ///
  /// The one place where an address becomes a key in this part of the program.
  public static func appendAddress(_ written: ByteView, to out: ByteBuffer) -> Bool {
    let v = written.trimmed()
    guard v.count <= 1000, let at = v.lastIndex(of: 64), at > 0, at < v.count - 1 else {
      return false
    }
    let start = out.count
    let local = v.prefix(at)
    for i in 0..<local.count {
      let c = local[i]
      if c <= 32 || c == 127 || c == 42 || c == 44 || c == 59 || c == 60 || c == 62
        || (c == 64 && local[0] != 34)
      {
        return false
      }
    }
    if isDomain(v.from(at + 1)), AddressKey.append(v, to: out) { return true }
    out.truncate(to: start)
    return false
  }

  /// Appends the key of a domain name: lower case, without a final dot. False, and nothing
  /// appended, when it is not one.
  public static func appendDomain(_ written: ByteView, to out: ByteBuffer) -> Bool {
    isDomain(written) && AddressKey.appendDomain(written.trimmed(), to: out)
  }

  private static func isDomain(_ written: ByteView) -> Bool {
    var v = written.trimmed()
    if v[v.count - 1] == 46 { v = v.prefix(v.count - 1) }
    guard v.count > 0, v.count <= 253 else { return false }
    let isLiteral = v[0] == 91 && v[v.count - 1] == 93
    var label = 0
    for i in 0..<v.count {
      let c = v[i]
      if isLiteral {
        if c <= 32 || c >= 127 { return false }
      } else if c == 46 {
        if label == 0 { return false }
        label = 0
      } else if c >= 128 || ASCII.isAlphanumeric(c) || c == 45 || c == 95 {
        label += 1
      } else {
        return false
      }
    }
    return isLiteral || label > 0
  }

  /// Appends the key of a list entry (ES-8.2-admin): with a local part that address,
  /// without (or with a leading `@`) that domain exactly, `*.example.com` every domain below it.
  /// The keys are those of ``AddressSet``. False, and nothing appended, when it is not one of
  /// these.
  public static func appendEntry(_ written: ByteView, to out: ByteBuffer) -> Bool {
    let v = written.trimmed()
    if v[0] == 64 { return appendDomain(v.from(1), to: out) }
    if v[0] == 42, v[1] == 46 {
      let start = out.count
      out.append("*." as StaticString)
      if appendDomain(v.from(2), to: out) { return true }
      out.truncate(to: start)
      return false
    }
    return v.firstIndex(of: 64) == nil ? appendDomain(v, to: out) : appendAddress(v, to: out)
  }

  /// The set of the entries that are one of these forms; the others are left out (reading the
  /// configuration has told of them).
  public static func set(of entries: [String]) -> AddressSet {
    var set = AddressSet()
    let key = ByteBuffer(capacity: 256)
    for e in entries {
      key.removeAll()
      if e.withByteView({ appendEntry($0, to: key) }) { set.insert(key: key.view, entry: e) }
    }
    return set
  }

  /// An address as a key, or nil.
  public static func key(of address: String) -> [UInt8]? {
    let out = ByteBuffer(capacity: 128)
    return address.withByteView { appendAddress($0, to: out) } ? out.array : nil
  }
}
