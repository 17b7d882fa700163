import Bytes

/// Count and check sum of the published records of each kind, whatever their order.
///
/// SQLite does not notice a bit that flipped inside a key; the sums do (``LedgerFile/check()``).
struct RecordSums: Equatable {
  private(set) var counts: [Int64] = Array(repeating: 0, count: RecordKind.allCases.count)
  private(set) var sums: [UInt64] = Array(repeating: 0, count: RecordKind.allCases.count)

  var total: Int64 { counts.reduce(0, &+) }

  init() {}

  init(counts: [Int64], sums: [UInt64]) {
    self.counts = counts
    self.sums = sums
  }

  mutating func add(_ key: RecordKey, _ kind: RecordKind, _ digest: ContentDigest?) {
    counts[Int(kind.rawValue)] &+= 1
    sums[Int(kind.rawValue)] &+= Self.mix(key, digest)
  }

  mutating func remove(_ key: RecordKey, _ kind: RecordKind, _ digest: ContentDigest?) {
    counts[Int(kind.rawValue)] &-= 1
    sums[Int(kind.rawValue)] &-= Self.mix(key, digest)
  }

  mutating func add(_ other: RecordSums) {
    for i in counts.indices {
      counts[i] &+= other.counts[i]
      sums[i] &+= other.sums[i]
    }
  }

  /// Three rounds of the finaliser of SplitMix64 over key and digest.
  private static func mix(_ key: RecordKey, _ digest: ContentDigest?) -> UInt64 {
    var x = UInt64(littleEndian: key.words.0)
    x = scramble(x) ^ UInt64(littleEndian: key.words.1)
    x = scramble(x) ^ (digest?.bits ?? 0x5EED)
    return scramble(x)
  }

  private static func scramble(_ v: UInt64) -> UInt64 {
    var x = v &+ 0x9E37_79B9_7F4A_7C15
    x = (x ^ x >> 30) &* 0xBF58_476D_1CE4_E5B9
    x = (x ^ x >> 27) &* 0x94D0_49BB_1331_11EB
    return x ^ x >> 31
  }
}
