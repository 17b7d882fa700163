public import Bytes

/// Text made comparable: Unicode full case folding between two canonical compositions,
/// NFC(fold(NFC(text))) (ES-8.1-case; Unicode 14, no locale).
///
/// Equal text without regard to case and to the way accents are written gives equal bytes; accents
/// themselves stay significant. Because each side is folded alone, a phrase can be searched for by
/// plain byte comparison.
public enum CaseFolding {
  /// Appends the folded form of UTF-8 text; what is not well formed is folded as U+FFFD.
  /// Linear in the bytes. ASCII does not allocate, nor does composed text in any script; only
  /// combining marks and their like do.
  public static func foldAppend(_ utf8: ByteView, to out: ByteBuffer) {
    transform(utf8, folding: true, to: out)
  }

  /// Appends the canonical composition (NFC) of UTF-8 text without folding its case.
  public static func composeAppend(_ utf8: ByteView, to out: ByteBuffer) {
    transform(utf8, folding: false, to: out)
  }

  // No folding is longer in UTF-8; the generator of the tables checks it.
  private static let room = 12
  private static let chunk = 512

  // Below U+0300 nothing joins what precedes it: bytes up to 0xCB.
  @inline(__always)
  private static func joins(_ v: ByteView, _ i: Int) -> Bool {
    guard v[i] >= 0xCC else { return false }
    let read = scalarUTF8(v.base, i, v.count)
    return read.value != .max && ScalarEntry.joins(read.value)
  }

  // Text is cut where a scalar neither changes under NFC nor touches its neighbours; there folding
  // is one look-up. The rest, a scalar with the marks that follow it, goes through `segment`.
  private static func transform(_ v: ByteView, folding: Bool, to out: ByteBuffer) {
    let n = v.count
    var scratch = ScalarRun()
    var i = 0
    while i < n {
      let ascii = endOfASCII(v.base, i, n)
      if ascii > i {
        let last = joins(v, ascii) ? ascii &- 1 : ascii
        let run = v.slice(i, last)
        if folding { out.appendLowercased(run) } else { out.append(run) }
        i = last
      } else {
        i = simpleRun(v, i, folding: folding, to: out)
      }
      if i < n, startsSegment(v, i) {
        segment(v, &i, folding: folding, &scratch, to: out)
      }
    }
  }

  private static func startsSegment(_ v: ByteView, _ i: Int) -> Bool {
    let (value, length) = scalarUTF8(v.base, i, v.count)
    return (value != .max && ScalarEntry.joins(value)) || joins(v, i &+ length)
  }

  // Scalars from `start` on that stand for themselves, up to a longer run of ASCII, a segment or
  // the chunk's end.
  private static func simpleRun(
    _ v: ByteView, _ start: Int, folding: Bool, to out: ByteBuffer
  ) -> Int {
    let end = min(v.count, start &+ chunk)
    let target = out.reserve(chunk &* room)
    var q = target
    var i = start
    var plain = 0
    var (value, length) = scalarUTF8(v.base, i, v.count)
    if value == .max { value = 0xFFFD }
    if ScalarEntry.joins(value) { return i }
    while true {
      // One look ahead: a mark takes this scalar with it.
      let after = i &+ length
      var next: (value: UInt32, length: Int) = (0, 1)
      if after < v.count {
        next = scalarUTF8(v.base, after, v.count)
        if next.value == .max { next.value = 0xFFFD }
        if next.value >= 0x300, ScalarEntry.joins(next.value) { break }
      }
      if value < 0x80 {
        let c = UInt8(truncatingIfNeeded: value)
        q[0] = folding ? ASCII.lower(c) : c
        q += 1
        plain &+= 1
      } else if folding, let folded = ScalarEntry(value).folded {
        for k in 0..<folded.count { q = write(folded[k], q) }
        plain = 0
      } else {
        plain = 0
        q = write(value, q)
      }
      i = after
      if i >= end || plain > 12 { break }
      (value, length) = next
    }
    out.advance(by: q - target)
    return i
  }

  // UTF-8 of a scalar value at `q`; where the next one goes.
  @inline(__always)
  private static func write(
    _ c: UInt32, _ q: UnsafeMutablePointer<UInt8>
  ) -> UnsafeMutablePointer<UInt8> {
    func tail(_ shift: UInt32) -> UInt8 { UInt8(truncatingIfNeeded: 0x80 | c >> shift & 63) }
    if c < 0x80 {
      q[0] = UInt8(truncatingIfNeeded: c)
      return q + 1
    }
    if c < 0x800 {
      q[0] = UInt8(truncatingIfNeeded: 0xC0 | c >> 6)
      q[1] = tail(0)
      return q + 2
    }
    if c < 0x10000 {
      q[0] = UInt8(truncatingIfNeeded: 0xE0 | c >> 12)
      q[1] = tail(6)
      q[2] = tail(0)
      return q + 3
    }
    q[0] = UInt8(truncatingIfNeeded: 0xF0 | c >> 18)
    q[1] = tail(12)
    q[2] = tail(6)
    q[3] = tail(0)
    return q + 4
  }

  // The scalar at `i` and all that joins it.
  private static func segment(
    _ v: ByteView, _ i: inout Int, folding: Bool, _ run: inout ScalarRun, to out: ByteBuffer
  ) {
    run.removeAll()
    repeat {
      let read = scalarUTF8(v.base, i, v.count)
      run.appendDecomposed(read.value == .max ? 0xFFFD : read.value)
      i &+= read.length
    } while i < v.count && joins(v, i)
    run.compose()
    if folding {
      let composed = run.scalars
      run.removeAll()
      for c in composed { appendFolded(c, to: &run) }
      run.compose()
    }
    for c in run.scalars { out.append(scalar: c) }
  }

  private static func appendFolded(_ c: UInt32, to run: inout ScalarRun) {
    if c < 0x80 {
      run.append(UInt32(ASCII.lower(UInt8(truncatingIfNeeded: c))))
    } else if let folded = ScalarEntry(c).folded {
      for k in 0..<folded.count { run.appendDecomposed(folded[k]) }
    } else {
      run.appendDecomposed(c)
    }
  }
}
