/// What bytes mean in a content line, by one look at a table.
enum NameBytes {
  private static let name: UInt8 = 1
  private static let endsName: UInt8 = 2
  private static let special: UInt8 = 4

  // For the program's life.
  nonisolated(unsafe) private static let table: UnsafePointer<UInt8> = {
    let t = UnsafeMutablePointer<UInt8>.allocate(capacity: 256)
    t.initialize(repeating: 0, count: 256)
    for c in UInt8(65)...90 { t[Int(c)] = name }
    for c in UInt8(97)...122 { t[Int(c)] = name }
    for c in UInt8(48)...57 { t[Int(c)] = name }
    for c: UInt8 in [45, 95] { t[Int(c)] = name }
    for c: UInt8 in [58, 59, 61] { t[Int(c)] |= endsName }
    for c: UInt8 in [34, 44, 58, 59, 92, 94] { t[Int(c)] |= special }
    return UnsafePointer(t)
  }()

  /// The table, to be held where many bytes are looked at.
  static var shared: UnsafePointer<UInt8> { table }

  /// Letters, digits, `-`, and `_`, which is no name character but is written.
  @inline(__always)
  static func isName(_ c: UInt8) -> Bool {
    (c | 0x20) &- 97 < 26 || c == 45 || c &- 48 < 10 || c == 95
  }
  @inline(__always)
  static func isName(_ c: UInt8, _ t: UnsafePointer<UInt8>) -> Bool { t[Int(c)] & name != 0 }
  /// `=`, `;`, `:` end a parameter's name.
  @inline(__always)
  static func endsName(_ c: UInt8, _ t: UnsafePointer<UInt8>) -> Bool { t[Int(c)] & endsName != 0 }
  /// What has a meaning in a parameter's value: `" , : ; \ ^`.
  @inline(__always)
  static func isSpecial(_ c: UInt8, _ t: UnsafePointer<UInt8>) -> Bool { t[Int(c)] & special != 0 }
}
