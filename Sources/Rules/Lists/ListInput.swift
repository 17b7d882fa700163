import Bytes
import Glibc

/// A list file: the name that messages show and the path that is opened.
public struct ListPath: Hashable, Sendable {
  /// As the user wrote it, or relative to the configuration.
  public var shown: String
  /// The path to open.
  public var path: String

  /// A list file.
  public init(shown: String, path: String) {
    self.shown = shown
    self.path = path
  }
}

/// An open regular file that is read in chunks.
final class ListInput {
  private let descriptor: Int32
  /// Its size in bytes when it was opened.
  let size: Int

  /// Opens a file, or tells in words why not.
  static func open(_ path: String) -> Result<ListInput, ListFault> {
    if path.utf8.contains(0) { return .failure(ListFault("the path holds U+0000")) }
    // Non-blocking, so that a FIFO cannot hang the program.
    let fd = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    if fd < 0 {
      return .failure(ListFault("cannot be opened: \(String(cString: strerror(errno)))"))
    }
    var info = stat()
    guard fstat(fd, &info) == 0, info.st_mode & S_IFMT == S_IFREG else {
      close(fd)
      return .failure(ListFault("is no file"))
    }
    return .success(ListInput(descriptor: fd, size: Int(info.st_size)))
  }

  private init(descriptor: Int32, size: Int) {
    self.descriptor = descriptor
    self.size = size
  }

  deinit { close(descriptor) }

  /// Reads up to `count` bytes; 0 at the end, -1 when the disk fails.
  func read(_ target: UnsafeMutablePointer<UInt8>, _ count: Int) -> Int {
    while true {
      let n = Glibc.read(descriptor, target, count)
      if n >= 0 || errno != EINTR { return n }
    }
  }

  /// The whole file, or nil when it is above `limit` bytes or the disk fails.
  func readAll(limit: Int) -> ByteBuffer? {
    let out = ByteBuffer(capacity: min(limit, size) + 1)
    while out.count <= limit {
      let n = read(out.reserve(64 << 10), 64 << 10)
      if n == 0 { return out }
      if n < 0 { return nil }
      out.advance(by: n)
    }
    return nil
  }
}

/// Why a list cannot be used, in words.
struct ListFault: Error, Sendable {
  var message: String
  init(_ message: String) { self.message = message }
}
