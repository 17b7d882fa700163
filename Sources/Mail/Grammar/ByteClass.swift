import Bytes

/// Classes of bytes by one look into a table, for runs that are too short for ``WideScan``.
enum ByteClass {
  /// Letters, digits and `-`.
  static let label: UInt8 = 1
  /// A word of a display name that needs no quotes, as the fast path takes it.
  static let word: UInt8 = 2
  /// The same in a quoted string.
  static let quotedWord: UInt8 = 4
  /// A parameter's value without quotes, as the fast path takes it.
  static let value: UInt8 = 8
  /// A quoted parameter value of printable ASCII without escapes.
  static let quotedValue: UInt8 = 16

  /// A subtype, such as `vnd.ms-excel` and `svg+xml`.
  static let subtype: UInt8 = 32

  /// The classes of each byte; 256 entries, never freed.
  nonisolated(unsafe) static let table: UnsafePointer<UInt8> = {
    let table = UnsafeMutablePointer<UInt8>.allocate(capacity: 256)
    table.initialize(repeating: 0, count: 256)
    for i in 0..<256 {
      let c = UInt8(truncatingIfNeeded: i)
      if c >= 32, c < 127, c != 34, c != 92 { table[i] |= quotedValue }
      if ASCII.isAlphanumeric(c) { table[i] |= label | word | quotedWord | value | subtype }
    }
    func add(_ s: StaticString, _ bits: UInt8) {
      let v = ByteView(s)
      for i in 0..<v.count { table[Int(v[i])] |= bits }
    }
    add("-", label)
    add("-.+_", subtype)
    add("-_.'&", word | quotedWord)
    add(",/+", quotedWord)
    add("-_.+:/='", value)
    return UnsafePointer(table)
  }()

  /// Offset of the first byte at or after `start` that has none of the classes, or the view's end.
  @inline(__always)
  static func end(
    of classes: UInt8, _ v: ByteView, from start: Int, _ table: UnsafePointer<UInt8>
  ) -> Int {
    var i = max(start, 0)
    while i < v.count, table[Int(v.base[i])] & classes != 0 { i &+= 1 }
    return i
  }
}
