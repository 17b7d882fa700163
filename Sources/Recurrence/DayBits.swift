/// Days of one year as bits, bit 0 for 1 January; total at every index.
struct DayBits: Sendable {
  private var words = InlineArray<6, UInt64>(repeating: 0)

  static let wordCount = 6

  /// No day.
  init() {}

  /// The first `n` days.
  init(first n: Int) { insert(0, n) }

  /// The word `i`, or none.
  func word(_ i: Int) -> UInt64 { i >= 0 && i < Self.wordCount ? words[i] : 0 }

  /// Adds a day; indices outside the bits are passed over.
  mutating func insert(_ i: Int) {
    if i >= 0, i < 384 { words[i >> 6] |= 1 << UInt64(i & 63) }
  }

  /// Adds the days `from..<to`.
  mutating func insert(_ from: Int, _ to: Int) {
    var i = max(from, 0)
    let end = min(to, 384)
    while i < end {
      let next = min((i | 63) &+ 1, end)
      words[i >> 6] |= Self.low(next &- i) << UInt64(i & 63)
      i = next
    }
  }

  /// Adds up to 64 days given as bits, from day `i` on.
  mutating func insert(_ bits: UInt64, at i: Int) {
    guard i >= 0, i < 384 else { return }
    let shift = UInt64(i & 63)
    words[i >> 6] |= bits << shift
    if shift > 0, i >> 6 < 5 { words[i >> 6 &+ 1] |= bits >> (64 &- shift) }
  }

  /// Adds the weekdays of a pattern, `first` being the weekday of day 0.
  mutating func insert(weekdays: UInt8, first: Int) {
    for i in 0..<Self.wordCount {
      words[i] |= Self.pattern(weekdays, first: (first &+ i &* 64) % 7)
    }
  }

  /// Keeps the days that are in both.
  mutating func formIntersection(_ other: DayBits) {
    for i in 0..<Self.wordCount { words[i] &= other.words[i] }
  }

  func contains(_ i: Int) -> Bool { i >= 0 && i < 384 && words[i >> 6] >> UInt64(i & 63) & 1 == 1 }

  var isEmpty: Bool {
    words[0] | words[1] | words[2] | words[3] | words[4] | words[5] == 0
  }

  var count: Int {
    var n = 0
    for i in 0..<Self.wordCount { n &+= words[i].nonzeroBitCount }
    return n
  }

  /// The `n` lowest bits.
  static func low(_ n: Int) -> UInt64 { n >= 64 ? .max : n <= 0 ? 0 : 1 << UInt64(n) &- 1 }

  /// Bit i is set where the weekday i days after `first` is in the mask (bit 0 Monday).
  static func pattern(_ mask: UInt8, first: Int) -> UInt64 {
    let m = UInt64(mask & 0x7F)
    let s = UInt64((first % 7 &+ 7) % 7)
    let week = (m >> s | m << (7 &- s)) & 0x7F
    // The factor has every seventh bit: seven bits become 64 without a carry.
    return week &* 0x8102_0408_1020_4081
  }
}
