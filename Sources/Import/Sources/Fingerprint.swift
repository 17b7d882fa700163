import Bytes
import CPlatform
import Glibc

/// What a source file looked like: enough to tell whether it is the same one tomorrow.
enum Fingerprint {
  /// Bytes of one sampled block.
  static let block = 64 << 10
  /// Sampled blocks between the first and the last.
  static let samples = 64

  /// SHA-256 over the size in decimal, LF, and the first, the last and 64 evenly spaced 64 KiB
  /// blocks, in file order; files of at most 66 blocks whole. With `whole`,
  /// also the digest of everything. nil when the file cannot be read.
  ///
  /// - Parameter end: Where the file is taken to end, in bytes; nil for where it does. nil comes
  ///   back for a file that ends before it.
  static func of(_ path: String, whole: Bool, upTo end: Int? = nil) -> (
    fingerprint: Digest, whole: Digest?
  )? {
    let fd = cplatform_open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0)
    guard fd >= 0 else { return nil }
    defer { close(fd) }
    var info = stat()
    guard fstat(fd, &info) == 0, info.st_mode & S_IFMT == S_IFREG else { return nil }
    let size = end ?? Int(info.st_size)
    guard size <= Int(info.st_size) else { return nil }
    let hash = SHA256()
    let buffer = ByteBuffer(capacity: block)
    buffer.append(decimal: size)
    buffer.append(ASCII.lf)
    hash.update(buffer.view)
    var offsets: [Int] = []
    if size <= block * (samples + 2) {
      offsets = Array(stride(from: 0, to: size, by: block))
    } else {
      offsets.append(0)
      for i in 1...samples { offsets.append((size - block) / (samples + 1) * i) }
      offsets.append(size - block)
    }
    for offset in offsets {
      guard read(fd, at: offset, into: buffer) else { return nil }
      hash.update(buffer.view.prefix(size - offset))
    }
    let sampled = hash.finish()
    guard whole else { return (sampled, nil) }
    var offset = 0
    while offset < size {
      guard read(fd, at: offset, into: buffer), !buffer.isEmpty else { return nil }
      hash.update(buffer.view)
      offset += buffer.count
    }
    return (sampled, hash.finish())
  }

  private static func read(_ fd: Int32, at offset: Int, into buffer: ByteBuffer) -> Bool {
    buffer.removeAll()
    while buffer.count < block {
      let n = pread(fd, buffer.reserve(block), block - buffer.count, offset + buffer.count)
      if n < 0, errno == EINTR { continue }
      if n < 0 { return false }
      if n == 0 { break }
      buffer.advance(by: n)
    }
    return true
  }
}
