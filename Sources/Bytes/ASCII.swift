/// ASCII classification and case, on bytes, never locale dependent.
public enum ASCII {
  /// `LF`
  public static let lf: UInt8 = 10
  /// `CR`
  public static let cr: UInt8 = 13
  /// Space.
  public static let space: UInt8 = 32
  /// Horizontal tab.
  public static let tab: UInt8 = 9

  /// Lower-case form of an ASCII letter; every other byte unchanged.
  @inlinable
  public static func lower(_ c: UInt8) -> UInt8 { c &- 65 < 26 ? c | 0x20 : c }
  /// Space, TAB, CR or LF.
  @inlinable
  public static func isSpace(_ c: UInt8) -> Bool { c == 32 || c == 9 || c == 10 || c == 13 }
  /// Space or TAB (RFC 5322 WSP).
  @inlinable public static func isBlank(_ c: UInt8) -> Bool { c == 32 || c == 9 }
  /// `0`–`9`.
  @inlinable public static func isDigit(_ c: UInt8) -> Bool { c &- 48 < 10 }
  /// `A`–`Z`, `a`–`z`.
  @inlinable public static func isLetter(_ c: UInt8) -> Bool { (c | 0x20) &- 97 < 26 }
  /// Letter or digit.
  @inlinable public static func isAlphanumeric(_ c: UInt8) -> Bool { isLetter(c) || isDigit(c) }
  /// Value of a hexadecimal digit, or nil.
  @inlinable
  public static func hexValue(_ c: UInt8) -> UInt8? {
    if c &- 48 < 10 { return c &- 48 }
    let l = c | 0x20
    return l &- 97 < 6 ? l &- 87 : nil
  }

  /// A non-negative decimal number of up to 18 digits that fills the whole view, or nil.
  @inlinable
  public static func decimal(_ v: ByteView) -> Int? {
    guard v.count > 0, v.count <= 18 else { return nil }
    var n = 0
    for i in 0..<v.count {
      guard isDigit(v[i]) else { return nil }
      n = n &* 10 &+ Int(v[i] &- 48)
    }
    return n
  }

  /// True when every byte of the view is below 0x80.
  @inlinable
  public static func isAll(_ v: ByteView) -> Bool {
    let p = UnsafeRawPointer(v.base)
    var i = 0
    let wide = v.count & ~31
    while i < wide {
      let a =
        p.loadUnaligned(fromByteOffset: i, as: UInt64.self)
        | p.loadUnaligned(fromByteOffset: i &+ 8, as: UInt64.self)
        | p.loadUnaligned(fromByteOffset: i &+ 16, as: UInt64.self)
        | p.loadUnaligned(fromByteOffset: i &+ 24, as: UInt64.self)
      if a & 0x8080_8080_8080_8080 != 0 { return false }
      i &+= 32
    }
    while i < v.count {
      if v.base[i] >= 0x80 { return false }
      i &+= 1
    }
    return true
  }
}
