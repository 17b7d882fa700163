import Glibc

extension ByteBuffer {
  /// Overwrites filled bytes from `offset` on; what would lie outside is left out.
  public func overwrite(at offset: Int, with v: ByteView) {
    guard offset >= 0, offset < count else { return }
    let n = min(v.count, count - offset)
    UnsafeMutablePointer(mutating: view.base + offset).update(from: v.base, count: n)
  }

  /// Removes the first `n` bytes and moves the rest to the front.
  public func discardPrefix(_ n: Int) {
    guard n > 0 else { return }
    let rest = max(0, count - n)
    if rest > 0 {
      UnsafeMutablePointer(mutating: view.base).update(
        from: view.base + (count - rest), count: rest)
    }
    truncate(to: rest)
  }
}
