import Bytes

/// A few words that are looked for in short texts, without regard to ASCII case.
///
/// One pass over the text: the first two bytes at a place are looked up, and only where some word
/// begins so are the words compared. Made once for each list and never freed.
struct WordList: @unchecked Sendable {
  private let words: UnsafePointer<ByteView>
  private let count: Int
  // For each first byte the second bytes, modulo 64.
  private let pairs: UnsafePointer<UInt64>

  /// The words of literals, parted by `|`; those of fewer than two bytes do not count.
  init(_ lists: StaticString...) {
    var found: [ByteView] = []
    let pairs = UnsafeMutablePointer<UInt64>.allocate(capacity: 256)
    pairs.initialize(repeating: 0, count: 256)
    for list in lists { found += Self.words(of: ByteView(list)) }
    for word in found {
      for first in Self.cases(word[0]) {
        for second in Self.cases(word[1]) { pairs[Int(first)] |= 1 << UInt64(second & 63) }
      }
    }
    let words = UnsafeMutablePointer<ByteView>.allocate(capacity: max(found.count, 1))
    for (i, word) in found.enumerated() { (words + i).initialize(to: word) }
    self.words = UnsafePointer(words)
    self.pairs = UnsafePointer(pairs)
    count = found.count
  }

  private static func words(of list: ByteView) -> [ByteView] {
    var found: [ByteView] = []
    var start = 0
    while start < list.count {
      let end = list.firstIndex(of: 124, from: start) ?? list.count
      if end - start >= 2 { found.append(list.slice(start, end)) }
      start = end + 1
    }
    return found
  }

  private static func cases(_ c: UInt8) -> [UInt8] {
    ASCII.isLetter(c) ? [c | 0x20, c & ~0x20] : [c]
  }

  @inline(__always)
  private func mayBegin(_ v: ByteView, at i: Int) -> Bool {
    pairs[Int(v[i])] &>> UInt64(v[i &+ 1] & 63) & 1 != 0
  }

  private func begins(_ v: ByteView, at i: Int) -> Bool {
    let rest = v.from(i)
    let first = ASCII.lower(rest[0])
    for n in 0..<count
    where ASCII.lower(words[n][0]) == first && rest.hasPrefixIgnoringCase(words[n]) {
      return true
    }
    return false
  }

  /// True when the text begins with one of the words.
  func begins(_ v: ByteView) -> Bool { mayBegin(v, at: 0) && begins(v, at: 0) }

  /// True when one of the words stands anywhere in the text.
  func isIn(_ v: ByteView) -> Bool {
    var i = 0
    while i < v.count {
      if mayBegin(v, at: i), begins(v, at: i) { return true }
      i &+= 1
    }
    return false
  }
}
