import Bytes

/// All keywords in one walk over the text: an Aho–Corasick automaton over bytes, with the
/// transitions written out so that a byte costs one look-up.
struct KeywordAutomaton: Sendable {
  // next[state * 256 + byte]; a state's row is filled from its failure state's row.
  private var next: [Int32]
  // The keyword that ends in a state (longest first through `suffix`), or -1.
  private var ending: [Int32]
  private var suffix: [Int32]
  private let lengths: [Int]

  init(_ keywords: [[UInt8]]) {
    lengths = keywords.map(\.count)
    next = [Int32](repeating: 0, count: 256)
    ending = [-1]
    suffix = [0]
    for (k, word) in keywords.enumerated() where !word.isEmpty {
      var state = 0
      for byte in word {
        let slot = state * 256 + Int(byte)
        if next[slot] == 0 {
          next[slot] = Int32(truncatingIfNeeded: ending.count)
          next.append(contentsOf: repeatElement(0, count: 256))
          ending.append(-1)
          suffix.append(0)
        }
        state = Int(next[slot])
      }
      if ending[state] < 0 { ending[state] = Int32(truncatingIfNeeded: k) }
    }
    var fail = [Int32](repeating: 0, count: ending.count)
    var queue: [Int] = []
    for byte in 0..<256 where next[byte] != 0 { queue.append(Int(next[byte])) }
    var head = 0
    while head < queue.count {
      let state = queue[head]
      head += 1
      let f = Int(fail[state])
      suffix[state] = ending[f] >= 0 ? Int32(truncatingIfNeeded: f) : suffix[f]
      for byte in 0..<256 {
        let slot = state * 256 + byte
        let child = Int(next[slot])
        if child != 0 {
          fail[child] = next[f * 256 + byte]
          queue.append(child)
        } else {
          next[slot] = next[f * 256 + byte]
        }
      }
    }
  }

  /// The first keyword to end in the text that `accept` lets through (start, length), longest
  /// first.
  func firstMatch(in text: ByteView, accept: (Int, Int) -> Bool) -> KeywordMatcher.Hit? {
    var state = 0
    for i in 0..<text.count {
      state = Int(next[state * 256 + Int(text[i])])
      if ending[state] < 0 && suffix[state] == 0 { continue }
      var s = state
      while s != 0 {
        let k = Int(ending[s])
        if k >= 0 {
          let start = i + 1 - lengths[k]
          if accept(start, lengths[k]) {
            return KeywordMatcher.Hit(
              keyword: k, range: ByteRange(start: start, count: lengths[k]))
          }
        }
        s = Int(suffix[s])
      }
    }
    return nil
  }
}
