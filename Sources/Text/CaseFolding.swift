public import Bytes

/// Text made comparable: Unicode full case folding between two canonical compositions,
/// NFC(fold(NFC(text))) (features.md ES-8.1-case; Unicode 14, no locale).
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

  private struct Scalar {
    let value: UInt32
    let length: Int
    let entry: ScalarEntry

    @inline(__always)
    init(_ v: ByteView, _ i: Int) {
      let read = scalarUTF8(v.base, i, v.count)
      value = read.value == .max ? 0xFFFD : read.value
      length = read.length
      entry = ScalarEntry(value)
    }
  }

  // Below U+0300 nothing joins what precedes it: bytes up to 0xCB.
  @inline(__always)
  private static func joins(_ v: ByteView, _ i: Int) -> Bool {
    v[i] >= 0xCC && Scalar(v, i).entry.joins
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
        if last < ascii { segment(v, &i, folding: folding, &scratch, to: out) }
        continue
      }
      let scalar = Scalar(v, i)
      if scalar.entry.joins || joins(v, i &+ scalar.length) {
        segment(v, &i, folding: folding, &scratch, to: out)
        continue
      }
      i &+= scalar.length
      if folding, let folded = scalar.entry.folded {
        for k in 0..<folded.count { out.append(scalar: folded[k]) }
      } else {
        out.append(scalar: scalar.value)
      }
    }
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
