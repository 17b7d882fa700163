/// Scalars on their way through canonical decomposition, ordering and composition (Unicode 3.11).
///
/// Every step is linear in the number of scalars, also for a flood of combining marks: runs above
/// `sortedInPlace` are ordered by counting.
struct ScalarRun {
  /// The scalars.
  private(set) var scalars: [UInt32] = []

  private static let sortedInPlace = 32

  /// An empty run.
  init() {}

  /// Forgets the scalars and keeps the memory, unless it is large.
  mutating func removeAll() { scalars.removeAll(keepingCapacity: scalars.capacity <= 1 << 16) }

  /// Adds a scalar as it is.
  mutating func append(_ c: UInt32) { scalars.append(c) }

  /// Adds the full canonical decomposition of a scalar.
  mutating func appendDecomposed(_ c: UInt32) {
    if c < 0xC0 { return scalars.append(c) }
    if let (lead, vowel, trail) = Composition.decomposeHangul(c) {
      scalars.append(lead)
      scalars.append(vowel)
      if trail != 0 { scalars.append(trail) }
    } else if let d = ScalarEntry(c).decomposed {
      for i in 0..<d.count { scalars.append(d[i]) }
    } else {
      scalars.append(c)
    }
  }

  /// Orders the marks and composes: what was added decomposed is NFC afterwards.
  mutating func compose() {
    let classes = order()
    var starter = -1
    var lastClass: UInt8 = 0
    var kept = 0
    scalars.withUnsafeMutableBufferPointer { s in
      for i in 0..<s.count {
        let c = s[i]
        let cls = classes[i]
        let isReachable = kept == starter &+ 1 || lastClass < cls
        if starter >= 0, isReachable, let composed = Composition.compose(s[starter], c) {
          s[starter] = composed
          continue
        }
        if cls == 0 { starter = kept }
        lastClass = cls
        s[kept] = c
        kept &+= 1
      }
    }
    scalars.removeLast(scalars.count - kept)
  }

  // Canonical ordering; returns the combining classes in the new order.
  private mutating func order() -> [UInt8] {
    var classes = scalars.map { $0 < 0x300 ? 0 : ScalarEntry($0).combiningClass }
    scalars.withUnsafeMutableBufferPointer { s in
      classes.withUnsafeMutableBufferPointer { cls in
        var i = 0
        while i < s.count {
          guard cls[i] != 0 else {
            i &+= 1
            continue
          }
          var end = i &+ 1
          while end < s.count, cls[end] != 0 { end &+= 1 }
          if end &- i > 1 {
            let marks = UnsafeMutableBufferPointer(rebasing: s[i..<end])
            let keys = UnsafeMutableBufferPointer(rebasing: cls[i..<end])
            if end &- i <= Self.sortedInPlace {
              Self.insertionSort(marks, keys)
            } else {
              Self.countingSort(marks, keys)
            }
          }
          i = end
        }
      }
    }
    return classes
  }

  private static func insertionSort(
    _ marks: UnsafeMutableBufferPointer<UInt32>, _ keys: UnsafeMutableBufferPointer<UInt8>
  ) {
    for i in 1..<marks.count {
      let mark = marks[i]
      let key = keys[i]
      var j = i
      while j > 0, keys[j &- 1] > key {
        marks[j] = marks[j &- 1]
        keys[j] = keys[j &- 1]
        j &-= 1
      }
      marks[j] = mark
      keys[j] = key
    }
  }

  private static func countingSort(
    _ marks: UnsafeMutableBufferPointer<UInt32>, _ keys: UnsafeMutableBufferPointer<UInt8>
  ) {
    var places = [Int](repeating: 0, count: 257)
    for key in keys { places[Int(key) + 1] += 1 }
    for k in 1...256 { places[k] += places[k - 1] }
    let old = Array(zip(marks, keys))
    for (mark, key) in old {
      let place = places[Int(key)]
      places[Int(key)] = place + 1
      marks[place] = mark
      keys[place] = key
    }
  }
}
