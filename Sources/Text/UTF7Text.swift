import Bytes

/// UTF-7 (RFC 2152) and the modified form of IMAP mailbox names (RFC 3501 5.1.3).
///
/// What it decodes is text like any other; whoever writes markup escapes it afterwards, so the
/// hidden brackets of UTF-7 come to nothing.
struct UTF7Text {
  /// The byte that opens base64: `+`, or `&` in mailbox names.
  let shift: UInt8
  /// The byte for 63: `/`, or `,` in mailbox names.
  let last: UInt8

  private func value(_ c: UInt8) -> UInt32? {
    if c == last { return 63 }
    // Only one of slash and comma is in the alphabet.
    return c == 47 ? nil : Base64Decoder.value(of: c).map(UInt32.init)
  }

  /// Appends the text. A shift that nothing follows stays as it is, so that `1 + 1` is legible.
  func append(_ bytes: ByteView, to out: ByteBuffer) -> CharsetDefects {
    var sink = UTF16Sink(out: out)
    var clean = true
    var i = 0
    while i < bytes.count {
      let stop = endOfASCII(bytes, i, before: shift)
      out.append(bytes.slice(i, stop))
      guard stop < bytes.count else { break }
      i = stop &+ 1
      if bytes.base[stop] != shift {
        sink.putReplacement()
        continue
      }
      if bytes[i] == 45 {
        out.append(shift)
        i &+= 1
        continue
      }
      guard i < bytes.count, value(bytes.base[i]) != nil else {
        clean = false
        out.append(shift)
        continue
      }
      if !appendShifted(bytes, &i, &sink) { clean = false }
    }
    return clean && sink.clean ? [] : .invalidBytes
  }

  // The base64 run at `i`, with the hyphen that may close it; false when bits are left over.
  private func appendShifted(_ bytes: ByteView, _ i: inout Int, _ sink: inout UTF16Sink) -> Bool {
    var bits: UInt32 = 0
    var held: UInt32 = 0
    while i < bytes.count, let v = value(bytes.base[i]) {
      bits = bits << 6 | v
      held &+= 6
      if held >= 16 {
        held &-= 16
        sink.put(bits >> held & 0xFFFF)
        bits &= (1 << held) &- 1
      }
      i &+= 1
    }
    sink.end()
    // In mailbox names the hyphen may not be missing: `AT&T` is no shift.
    let isClosed = bytes[i] == 45
    if isClosed { i &+= 1 }
    return held < 6 && bits == 0 && (isClosed || shift == 43)
  }
}
