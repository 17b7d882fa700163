public import Bytes
import CPlatform
import Glibc

/// Why a write failed: the call, the path and what the system said.
public struct OutputError: Error, Sendable {
  /// The path.
  public var path: String
  /// The system call that failed.
  public var call: String
  /// The error number.
  public var code: Int32

  /// An error from the calling thread's errno.
  public init(path: String, call: String, code: Int32 = errno) {
    self.path = path
    self.call = call
    self.code = code
  }

  /// What the system says of the code.
  public var explanation: String { String(cString: strerror(code)) }
}

/// A file that is written from front to back through one buffer, created anew and never over
/// something that exists.
public final class OutputFile {
  /// The path.
  public let path: String
  /// What is to be written next: append to it, then call ``flushIfFull()``.
  public let pending: ByteBuffer
  @exclusivity(unchecked) private var descriptor: Int32
  private var isOwn = true
  // Small enough to stay in a processor's second cache until the system has copied it.
  private static let chunk = 64 << 10
  private static let page = 4096

  /// Creates the file; throws ``OutputError`` when it exists or cannot be made.
  public init(creating path: String) throws {
    self.path = path
    pending = ByteBuffer(capacity: 4096)
    descriptor = cplatform_open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
    if descriptor < 0 { throw OutputError(path: path, call: "open") }
  }

  /// A file without a name in a folder, gone when it is closed.
  public init(temporaryIn folder: String) throws {
    path = folder
    pending = ByteBuffer(capacity: 4096)
    descriptor = cplatform_open_temporary(folder)
    if descriptor < 0 { throw OutputError(path: folder, call: "open") }
  }

  /// What is open under a number already, standard output say; it is not closed at the end.
  public init(writingTo descriptor: Int32, named name: String) {
    path = name
    pending = ByteBuffer(capacity: 4096)
    self.descriptor = descriptor
    isOwn = false
  }

  deinit { if isOwn, descriptor >= 0 { _ = Glibc.close(descriptor) } }

  /// Appends bytes.
  public func write(_ v: ByteView) throws {
    if v.count >= Self.chunk {
      try flush()
      return try writeAll(v)
    }
    pending.append(v)
    try flushIfFull()
  }

  /// Appends what another file holds.
  ///
  /// - Parameters:
  ///   - behindFirstLine: Leaves its first line out.
  ///   - but: How many bytes at its end are left out.
  public func append(
    contentsOf path: String, behindFirstLine: Bool = false, but end: Int = 0
  ) throws {
    let source = cplatform_open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW, 0)
    guard source >= 0 else { throw OutputError(path: path, call: "open") }
    defer { _ = Glibc.close(source) }
    let buffer = ByteBuffer(capacity: 1 << 20)
    var isBehind = !behindFirstLine
    while true {
      let n = Glibc.read(source, buffer.reserve(1 << 20), 1 << 20)
      if n < 0, errno == EINTR { continue }
      if n < 0 { throw OutputError(path: path, call: "read") }
      buffer.advance(by: n)
      if !isBehind, let line = buffer.view.firstIndex(of: ASCII.lf) {
        buffer.discardPrefix(line + 1)
        isBehind = true
      }
      // The end is only known when it was read.
      let ready = isBehind ? max(0, buffer.count - end) : 0
      try write(buffer.view.prefix(ready))
      buffer.discardPrefix(ready)
      if n == 0 { return }
    }
  }

  /// Appends a literal.
  public func write(_ s: StaticString) throws { try write(ByteView(s)) }

  /// Hands whole pages to the system once there are enough.
  @inlinable
  public func flushIfFull() throws {
    if isFull { try flushPages() }
  }

  @usableFromInline var isFull: Bool { pending.count >= Self.chunk }

  @usableFromInline
  func flushPages() throws {
    let whole = pending.count / Self.page * Self.page
    try writeAll(pending.view.prefix(whole))
    pending.discardPrefix(whole)
  }

  /// Hands everything to the system.
  public func flush() throws {
    try writeAll(pending.view)
    pending.removeAll()
  }

  private func writeAll(_ v: ByteView) throws {
    var done = 0
    while done < v.count {
      let n = Glibc.write(descriptor, v.base + done, v.count - done)
      if n < 0 {
        if errno == EINTR { continue }
        throw OutputError(path: path, call: "write")
      }
      done += n
    }
  }

  /// Writes everything out, makes it durable if asked, and closes.
  public func close(sync: Bool) throws {
    guard descriptor >= 0 else { return }
    try flush()
    if sync, fsync(descriptor) != 0 { throw OutputError(path: path, call: "fsync") }
    let status = Glibc.close(descriptor)
    descriptor = -1
    if status != 0 { throw OutputError(path: path, call: "close") }
  }

  /// Goes back to the beginning for reading, after ``flush()``.
  public func rewind() throws {
    try flush()
    if lseek(descriptor, 0, SEEK_SET) != 0 { throw OutputError(path: path, call: "lseek") }
  }

  /// Reads up to `count` bytes at an offset into the space that `out` reserves, wherever the file
  /// is written; 0 at the end. What is still pending is not there yet.
  public func read(_ count: Int, at offset: Int, into out: ByteBuffer) throws -> Int {
    while true {
      let n = pread(descriptor, out.reserve(count), count, offset)
      if n < 0 {
        if errno == EINTR { continue }
        throw OutputError(path: path, call: "pread")
      }
      out.advance(by: n)
      return n
    }
  }

  /// Reads up to `count` bytes into the space that `out` reserves; 0 at the end.
  public func read(_ count: Int, into out: ByteBuffer) throws -> Int {
    while true {
      let n = Glibc.read(descriptor, out.reserve(count), count)
      if n < 0 {
        if errno == EINTR { continue }
        throw OutputError(path: path, call: "read")
      }
      out.advance(by: n)
      return n
    }
  }
}
