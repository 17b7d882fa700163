import Bytes

/// Punycode (RFC 3492) of one domain label, the way A-labels are written (RFC 5890 2.3.2.1).
enum Punycode {
  // RFC 3492 5.
  private static let base = 36
  private static let tMin = 1
  private static let tMax = 26
  private static let skew = 38
  private static let damp = 700
  private static let initialBias = 72
  private static let initialN: UInt32 = 0x80
  /// A label of the DNS has at most 63 bytes (RFC 1035 2.3.4), so no longer input is worth a look.
  static let longestLabel = 63

  /// Appends `xn--` and the encoded scalars; false, and nothing appended, when the label would not
  /// fit into the DNS.
  static func append(_ scalars: [UInt32], to out: ByteBuffer) -> Bool {
    guard scalars.count <= longestLabel - 4 else { return false }
    let start = out.count
    out.append("xn--")
    var handled = 0
    for c in scalars where c < 0x80 {
      out.append(UInt8(truncatingIfNeeded: c))
      handled += 1
    }
    let basic = handled
    if basic > 0 { out.append(45) }
    var n = initialN
    var delta = 0
    var bias = initialBias
    // At most 59 scalars below 2^21, so delta stays far below the range of Int.
    while handled < scalars.count {
      var next = UInt32.max
      for c in scalars where c >= n && c < next { next = c }
      delta += Int(next - n) * (handled + 1)
      n = next
      for c in scalars {
        if c < n { delta += 1 }
        guard c == n else { continue }
        appendInteger(delta, bias: bias, to: out)
        bias = adapt(delta, handled + 1, first: handled == basic)
        delta = 0
        handled += 1
      }
      delta += 1
      n += 1
    }
    guard out.count - start <= longestLabel else {
      out.truncate(to: start)
      return false
    }
    return true
  }

  private static func appendInteger(_ value: Int, bias: Int, to out: ByteBuffer) {
    var q = value
    var k = base
    while true {
      let t = min(max(k - bias, tMin), tMax)
      if q < t { break }
      out.append(digit(t + (q - t) % (base - t)))
      q = (q - t) / (base - t)
      k += base
    }
    out.append(digit(q))
  }

  private static func digit(_ d: Int) -> UInt8 {
    UInt8(truncatingIfNeeded: d < 26 ? 97 + d : 22 + d)
  }

  private static func adapt(_ delta: Int, _ count: Int, first: Bool) -> Int {
    var d = first ? delta / damp : delta / 2
    d += d / count
    var k = 0
    while d > (base - tMin) * tMax / 2 {
      d /= base - tMin
      k += base
    }
    return k + (base - tMin + 1) * d / (d + skew)
  }
}
