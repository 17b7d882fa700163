import CTextTables

/// What Unicode says about one scalar; looked up in read-only C data (Unicode 14).
struct ScalarEntry {
  // Number of the row in the tables, negative for the many scalars that have none.
  private let row: Int

  /// The entry of a scalar value; anything is allowed.
  @inline(__always)
  init(_ scalar: UInt32) {
    let block = Self.block(scalar)
    let bits = ctext_block_bits() + 2 &* block
    let word = bits[scalar & 64 == 0 ? 0 : 1]
    let bit = UInt64(scalar & 63)
    guard word >> bit & 1 != 0 else {
      row = -1
      return
    }
    // Entries stand in order: the rank among the block's set bits is the place.
    let before = scalar & 64 == 0 ? 0 : bits[0].nonzeroBitCount
    let rank = before &+ (word & ((1 << bit) &- 1)).nonzeroBitCount
    row = Int(ctext_block_start()[block]) &+ rank
  }

  @inline(__always)
  private static func block(_ scalar: UInt32) -> Int {
    let page = Int(scalar >> 7)
    return page < Int(CTEXT_PAGE_COUNT) ? Int(ctext_pages()[page]) : 0
  }

  /// ``joins`` of a scalar, by its page alone for most scripts.
  @inline(__always)
  static func joins(_ scalar: UInt32) -> Bool {
    ctext_block_joins()[block(scalar)] != 0 && ScalarEntry(scalar).joins
  }

  /// True when the scalar is not NFC by itself, or may join or move before what precedes it.
  @inline(__always)
  var joins: Bool { row >= 0 && ctext_joins()[row] != 0 }

  /// Canonical combining class, 0 for starters.
  @inline(__always)
  var combiningClass: UInt8 { row < 0 ? 0 : ctext_ccc()[row] }

  /// NFC of the full case folding, or nil when the scalar folds to itself.
  @inline(__always)
  var folded: ScalarString? { string(ctext_fold()) }

  /// Full canonical decomposition (Hangul syllables excepted), or nil.
  @inline(__always)
  var decomposed: ScalarString? { string(ctext_decomposition()) }

  @inline(__always)
  private func string(_ places: UnsafePointer<UInt16>) -> ScalarString? {
    guard row >= 0, places[row] != 0 else { return nil }
    return ScalarString(start: ctext_strings() + Int(places[row]))
  }
}

/// A string of scalars in the read-only data.
struct ScalarString {
  fileprivate let start: UnsafePointer<UInt32>
  /// Number of scalars, 1 to 4.
  var count: Int { Int(start[0]) }
  /// The scalar at `i`, which is below `count`.
  subscript(_ i: Int) -> UInt32 { start[1 &+ i] }
}

/// Canonical composition of two scalars.
enum Composition {
  // Hangul (Unicode 3.12): L * V * T syllables are computed, not listed.
  private static let syllables: UInt32 = 0xAC00
  private static let leads: UInt32 = 0x1100
  private static let vowels: UInt32 = 0x1161
  private static let trails: UInt32 = 0x11A7

  /// The primary composite of `a` followed by `b`, or nil.
  static func compose(_ a: UInt32, _ b: UInt32) -> UInt32? {
    if b >= vowels, b < 0x11C3 { return composeHangul(a, b) }
    let first = ctext_pair_first()
    let second = ctext_pair_second()
    var low = 0
    let count = Int(CTEXT_PAIR_COUNT)
    var high = count
    while low < high {
      let middle = (low &+ high) >> 1
      if first[middle] < a || (first[middle] == a && second[middle] < b) {
        low = middle &+ 1
      } else {
        high = middle
      }
    }
    guard low < count, first[low] == a, second[low] == b else { return nil }
    return ctext_pair_composed()[low]
  }

  private static func composeHangul(_ a: UInt32, _ b: UInt32) -> UInt32? {
    if a >= leads, a < leads &+ 19, b < vowels &+ 21 {
      return syllables &+ ((a &- leads) &* 21 &+ (b &- vowels)) &* 28
    }
    let syllable = a &- syllables
    if a >= syllables, syllable < 11172, syllable % 28 == 0, b > trails, b < trails &+ 28 {
      return a &+ (b &- trails)
    }
    return nil
  }

  /// The two or three jamo of a Hangul syllable, the third 0 when there is none; or nil.
  @inline(__always)
  static func decomposeHangul(_ c: UInt32) -> (UInt32, UInt32, UInt32)? {
    let s = c &- syllables
    guard c >= syllables, s < 11172 else { return nil }
    let t = s % 28
    return (leads &+ s / 588, vowels &+ s % 588 / 28, t == 0 ? 0 : trails &+ t)
  }
}
