import Bytes

/// Names of zones that are not IANA's. The tables are generated; each line is a name in lower case,
/// a TAB, and one or two IANA names, and the lines are sorted by their bytes.
enum ZoneNames {
  /// What the table says about a name, in any case; nil where it is not there.
  static func find(_ name: ByteView, in table: StaticString) -> ByteView? {
    guard name.count > 0, name.count <= 128 else { return nil }
    let all = ByteView(table)
    let lf: UInt8 = 10
    // `low` and `high` are always at the beginning of a line.
    var low = 0
    var high = all.count
    while low < high {
      var start = (low &+ high) / 2
      while start > low, all[start &- 1] != lf { start &-= 1 }
      let end = all.firstIndex(of: lf, from: start) ?? all.count
      let line = all.slice(start, end)
      let tab = line.firstIndex(of: ASCII.tab) ?? line.count
      let order = compare(name, line.prefix(tab))
      if order == 0 { return line.from(tab &+ 1) }
      if order < 0 { high = start } else { low = min(end &+ 1, high) }
    }
    return nil
  }

  /// Negative where `a` in lower case comes before `b`.
  private static func compare(_ a: ByteView, _ b: ByteView) -> Int {
    var i = 0
    while i < a.count, i < b.count {
      let d = Int(ASCII.lower(a[i])) &- Int(b[i])
      if d != 0 { return d }
      i &+= 1
    }
    return a.count &- b.count
  }
}
