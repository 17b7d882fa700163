public import Bytes

/// What a mail store itself says about a message.
public struct StoreFlags: OptionSet, Sendable, Hashable {
  /// The flags as bits.
  public let rawValue: UInt8
  /// Flags from bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// Read.
  public static let seen = StoreFlags(rawValue: 1)
  /// Answered.
  public static let replied = StoreFlags(rawValue: 2)
  /// Marked with a flag or star.
  public static let flagged = StoreFlags(rawValue: 4)
  /// Deleted and waiting for the store to be compacted (`deleted-in-mailbox`).
  public static let deleted = StoreFlags(rawValue: 8)
  /// A draft.
  public static let draft = StoreFlags(rawValue: 16)
  /// Forwarded, resent or bounced.
  public static let passed = StoreFlags(rawValue: 32)

  /// The value of an X-Mozilla-Status field: up to eight hexadecimal digits, anything else gives
  /// no flags. 1 read, 2 replied, 4 marked, 8 expunged, 0x1000 forwarded.
  public static func mozilla(_ value: ByteView) -> StoreFlags {
    let digits = value.trimmed()
    guard digits.count > 0, digits.count <= 8 else { return [] }
    var bits = 0
    for i in 0..<digits.count {
      guard let d = ASCII.hexValue(digits[i]) else { return [] }
      bits = bits << 4 | Int(d)
    }
    var flags = StoreFlags(rawValue: UInt8(truncatingIfNeeded: bits & 15))
    if bits & 0x1000 != 0 { flags.insert(.passed) }
    return flags
  }

  /// The flags in a Maildir file name, after its last `:2,` (or `;2,`, `!2,` where a colon cannot
  /// stand in names). Lower-case letters are keywords and mean nothing here.
  public static func maildir(name: ByteView) -> StoreFlags {
    var flags: StoreFlags = []
    var at = name.count - 3
    while at >= 0 {
      let c = name[at]
      if name[at + 1] == 50, name[at + 2] == 44, c == 58 || c == 59 || c == 33 { break }
      at -= 1
    }
    guard at >= 0 else { return [] }
    for i in (at + 3)..<max(at + 3, name.count) {
      switch name[i] {
      case 80: flags.insert(.passed)
      case 82: flags.insert(.replied)
      case 83: flags.insert(.seen)
      case 84: flags.insert(.deleted)
      case 68: flags.insert(.draft)
      case 70: flags.insert(.flagged)
      default: break
      }
    }
    return flags
  }

  /// The flags number of an emlx property list: bit 0 read, 1 deleted, 2 answered, 4 flagged,
  /// 6 draft, 8 forwarded, 9 redirected.
  public static func emlx(_ bits: Int) -> StoreFlags {
    var flags: StoreFlags = []
    if bits & 1 != 0 { flags.insert(.seen) }
    if bits & 2 != 0 { flags.insert(.deleted) }
    if bits & 4 != 0 { flags.insert(.replied) }
    if bits & 16 != 0 { flags.insert(.flagged) }
    if bits & 64 != 0 { flags.insert(.draft) }
    if bits & 0x300 != 0 { flags.insert(.passed) }
    return flags
  }
}
