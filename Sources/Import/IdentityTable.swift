import Bytes

/// Which mail was kept first under each identity: 24 bytes an entry, open addressing, at most two
/// thirds full, so about 48 bytes a kept mail at worst.
struct IdentityTable {
  private struct Entry {
    var a: UInt64 = 0
    var b: UInt64 = 0
    var file: UInt32 = .max
    var index: UInt32 = 0
  }

  private var entries = [Entry](repeating: Entry(), count: 1024)
  private(set) var count = 0

  /// Where the first mail with this identity lay, or nil.
  func find(_ id: (UInt64, UInt64)) -> (file: Int, index: Int)? {
    let mask = entries.count - 1
    var i = Int(truncatingIfNeeded: id.0) & mask
    while entries[i].file != .max {
      if entries[i].a == id.0, entries[i].b == id.1 {
        return (Int(entries[i].file), Int(entries[i].index))
      }
      i = (i + 1) & mask
    }
    return nil
  }

  /// Declares a kept mail.
  mutating func insert(_ id: (UInt64, UInt64), file: Int, index: Int) {
    if (count + 1) * 3 > entries.count * 2 { grow() }
    place(
      Entry(
        a: id.0, b: id.1, file: UInt32(clamping: min(file, Int(UInt32.max) - 1)),
        index: UInt32(clamping: index)))
    count += 1
  }

  private mutating func place(_ e: Entry) {
    let mask = entries.count - 1
    var i = Int(truncatingIfNeeded: e.a) & mask
    while entries[i].file != .max { i = (i + 1) & mask }
    entries[i] = e
  }

  private mutating func grow() {
    let old = entries
    entries = [Entry](repeating: Entry(), count: old.count * 2)
    for e in old where e.file != .max { place(e) }
  }
}

/// Message-IDs that were kept, by hash, with the identity's first word: tells two different mails
/// with one Message-ID. 16 bytes an entry.
struct MessageIDTable {
  private var entries = [(hash: UInt64, identity: UInt64)](repeating: (0, 0), count: 1024)
  private var count = 0

  /// Declares a kept mail; returns true when another mail with this Message-ID differs from it.
  mutating func insert(_ hash: UInt64, identity: UInt64) -> Bool {
    guard hash != 0 else { return false }
    if (count + 1) * 3 > entries.count * 2 { grow() }
    let mask = entries.count - 1
    var i = Int(truncatingIfNeeded: hash) & mask
    while entries[i].hash != 0 {
      if entries[i].hash == hash { return entries[i].identity != identity }
      i = (i + 1) & mask
    }
    entries[i] = (hash, identity)
    count += 1
    return false
  }

  private mutating func grow() {
    let old = entries
    entries = Array(repeating: (0, 0), count: old.count * 2)
    let mask = entries.count - 1
    for e in old where e.hash != 0 {
      var i = Int(truncatingIfNeeded: e.hash) & mask
      while entries[i].hash != 0 { i = (i + 1) & mask }
      entries[i] = e
    }
  }
}
