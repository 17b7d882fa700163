import CPlatform
import Glibc

/// Keeps what comes through standard input and pipes, so that it can be read like a file: from any
/// place in it, as often as readers like.
///
/// It lies in files that have no name and are gone with the process, however that ends. A pipe is
/// read once: whoever names it again gets what came through it before.
public final class Spool: @unchecked Sendable {
  /// What came through one pipe.
  struct Kept {
    /// A path that opens it, in this process only.
    var path: [UInt8]
    var size: Int
  }

  /// The path that means standard input.
  public static let standardInput: [UInt8] = [45]

  private struct Pipe: Hashable {
    var device: UInt64
    var inode: UInt64
  }

  private static let chunk = 256 << 10
  private var kept: [Pipe: Kept] = [:]

  /// A spool that holds nothing yet.
  public init() {}

  /// What comes through a pipe; it is read to its end the first time.
  ///
  /// - Parameters:
  ///   - path: `-` for standard input, else what the pipe is called.
  ///   - folder: Where the bytes lie; nil for a pipe that must have been read before.
  func keep(_ path: [UInt8], in folder: String?) -> Result<Kept, MailboxError> {
    var info = stat()
    let isInput = path == Self.standardInput
    let status = isInput ? fstat(0, &info) : Directory.withCString(path) { stat($0, &info) } ?? -1
    guard status == 0 else { return .failure(MailboxError(.system, path: path, errno: errno)) }
    let pipe = Pipe(device: UInt64(info.st_dev), inode: UInt64(info.st_ino))
    if let known = kept[pipe] { return .success(known) }
    guard let folder else { return .failure(MailboxError(.unreadPipe, path: path)) }
    var source: Int32 = 0
    if !isInput {
      // Waits for whoever writes: a pipe that nobody has opened yet is no end.
      source = Directory.withCString(path) { cplatform_open($0, O_RDONLY | O_CLOEXEC, 0) } ?? -1
      if source < 0 { return .failure(MailboxError(.system, path: path, errno: errno)) }
    }
    defer { if !isInput { close(source) } }
    let target = cplatform_open_temporary(folder)
    if target < 0 { return .failure(MailboxError(.noRoom, path: path, errno: errno)) }
    do {
      // The file stays open as long as the process lives: its path leads through the descriptor.
      let size = try Self.copy(source, to: target, path)
      let known = Kept(path: Array("/proc/self/fd/\(target)".utf8), size: size)
      kept[pipe] = known
      return .success(known)
    } catch {
      close(target)
      return .failure(error)
    }
  }

  private static func copy(
    _ source: Int32, to target: Int32, _ path: [UInt8]
  ) throws(MailboxError) -> Int {
    let buffer = UnsafeMutableRawPointer.allocate(byteCount: chunk, alignment: 16)
    defer { buffer.deallocate() }
    var size = 0
    while true {
      let n = read(source, buffer, chunk)
      if n == 0 { return size }
      if n < 0 {
        if errno == EINTR { continue }
        throw MailboxError(.system, path: path, errno: errno)
      }
      var done = 0
      while done < n {
        let written = write(target, buffer + done, n - done)
        if written < 0 {
          if errno == EINTR { continue }
          throw MailboxError(.noRoom, path: path, errno: errno)
        }
        done += written
      }
      size += n
    }
  }
}
