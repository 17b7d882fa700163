import Glibc

extension ByteBuffer {
  /// Overwrites filled bytes from `offset` on; what would lie outside is left out.
  public func overwrite(at offset: Int, with v: ByteView) {
    guard offset >= 0, offset < count else { return }
    let n = min(v.count, count - offset)
    UnsafeMutablePointer(mutating: view.base + offset).update(from: v.base, count: n)
  }

  /// Overwrites four bytes with a number, the lowest byte first; nothing where they are not there.
  @inlinable @inline(__always)
  public func overwrite(at offset: Int, littleEndian n: UInt32) {
    guard offset >= 0, offset <= count &- 4 else { return }
    UnsafeMutableRawPointer(storage + offset).storeBytes(of: n.littleEndian, as: UInt32.self)
  }

  /// Appends a number in four bytes, the lowest first.
  @inlinable @inline(__always)
  public func append(littleEndian n: UInt32) {
    UnsafeMutableRawPointer(reserve(4)).storeBytes(of: n.littleEndian, as: UInt32.self)
    filled &+= 4
  }

  /// Appends a number in eight bytes, the lowest first.
  @inlinable @inline(__always)
  public func append(littleEndian n: UInt64) {
    UnsafeMutableRawPointer(reserve(8)).storeBytes(of: n.littleEndian, as: UInt64.self)
    filled &+= 8
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
