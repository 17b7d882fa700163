import Glibc

extension ByteBuffer {
  /// Turns CR LF into LF in everything from `start` on, in place, line by line by memmove.
  public func dropCRBeforeLF(from start: Int) {
    let begin = start < 0 ? 0 : start
    guard begin < count else { return }
    let base = view.base
    let p = UnsafeMutablePointer(mutating: base)
    guard var read = view.firstIndex(of: ASCII.cr, from: begin) else { return }
    var write = read
    let end = count
    while read < end {
      // `read` stands on a CR.
      if read &+ 1 < end, base[read &+ 1] == ASCII.lf {
        read &+= 1
      } else {
        p[write] = ASCII.cr
        write &+= 1
        read &+= 1
      }
      let next = view.firstIndex(of: ASCII.cr, from: read) ?? end
      memmove(p + write, base + read, next &- read)
      write &+= next &- read
      read = next
    }
    truncate(to: write)
  }
}
