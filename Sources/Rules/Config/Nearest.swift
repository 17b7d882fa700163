/// Finds what was probably meant by a name that does not exist.
public enum Nearest {
  /// The candidate with the smallest edit distance, when that is small enough to be a slip: at
  /// most a third of the longer word, at most 3. Case does not count. The first of equals wins.
  public static func name(to word: String, in candidates: [String]) -> String? {
    let w = Array(word.lowercased().utf8.prefix(64))
    guard !w.isEmpty else { return nil }
    var best: (String, Int)?
    for c in candidates {
      let k = Array(c.lowercased().utf8.prefix(64))
      let limit = min(3, max(1, max(w.count, k.count) / 3))
      guard abs(k.count - w.count) <= limit else { continue }
      let d = distance(w, k)
      if d <= limit, d < best?.1 ?? .max { best = (c, d) }
    }
    return best?.0
  }

  /// The nearest candidate however far it is, for lists of columns: one is always shown.
  public static func closest(to word: String, in candidates: [String]) -> String? {
    if let n = name(to: word, in: candidates) { return n }
    let w = Array(word.lowercased().utf8.prefix(64))
    return candidates.prefix(200).min {
      distance(w, Array($0.lowercased().utf8.prefix(64)))
        < distance(w, Array($1.lowercased().utf8.prefix(64)))
    }
  }

  /// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
  static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
    var before = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    var row = last
    for i in 1...a.count {
      row[0] = i
      for j in 1...b.count {
        let cost = a[i - 1] == b[j - 1] ? 0 : 1
        row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + cost)
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
          row[j] = min(row[j], before[j - 2] + 1)
        }
      }
      (before, last, row) = (last, row, before)
    }
    return last[b.count]
  }
}
