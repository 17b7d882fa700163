/// Numbers of mails by something that files make up, such as a folder's name.
///
/// Bounds: a flood of made-up keys costs no memory without end. Up to 10,000 different keys the
/// order of mail does not show; keys beyond them are not counted.
struct BoundedCounts<Key: Hashable> {
  private(set) var counts: [Key: Int] = [:]
  private static var limit: Int { 10_000 }

  /// Counts one more mail.
  mutating func add(_ key: Key) {
    if counts.count < Self.limit || counts[key] != nil { counts[key, default: 0] += 1 }
  }
}
