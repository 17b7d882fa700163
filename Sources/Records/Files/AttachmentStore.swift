package import Bytes
import CPlatform
import Glibc

/// Stores attachments under their content's name: equal bytes once, and no name from a mail ever
/// becomes a path.
package enum AttachmentStore {
  /// The folder of attachments in a result.
  package static let folder = "attachments"

  /// `ab/<sha256>.<extension>`, relative to ``folder``.
  package static func path(of digest: Digest, fileExtension: ByteView) -> String {
    let hex = digest.hex()
    let ending = fileExtension.isEmpty ? "" : "." + fileExtension.string
    return "\(hex.prefix(2))/\(hex)\(ending)"
  }

  /// The same as ``store(_:at:)`` for bytes that `write` brings into a file at the path it is
  /// given: a whole file or none, also where other runs store the same one.
  ///
  /// - Parameter size: How many bytes it has; a file of another size is replaced.
  package static func store(
    at path: String, worker: Int, size: Int, write: (String) throws -> Void
  ) throws {
    var info = stat()
    if lstat(path, &info) == 0, info.st_mode & S_IFMT == S_IFREG, Int(info.st_size) == size {
      return
    }
    makeFolder(of: path)
    let temporary = path + ".\(getpid()).\(worker).part"
    // What a dead process of the same number left.
    unlink(temporary)
    do {
      try write(temporary)
      guard rename(temporary, path) == 0 else { throw OutputError(path: path, call: "rename") }
    } catch {
      unlink(temporary)
      throw error
    }
  }

  /// Writes the bytes unless they are there already.
  ///
  /// Only this run writes below the path, and its folder is published when all workers are done
  /// and none has failed: so who finds the file there may leave it, even while another worker is
  /// still writing it.
  package static func store(_ bytes: ByteView, at path: String) throws {
    var fd = create(path)
    if fd < 0, errno == ENOENT {
      makeFolder(of: path)
      fd = create(path)
    }
    if fd < 0 {
      if errno == EEXIST { return }
      throw OutputError(path: path, call: "open")
    }
    var done = 0
    while done < bytes.count {
      let n = Glibc.write(fd, bytes.base + done, bytes.count - done)
      if n < 0 {
        if errno == EINTR { continue }
        let error = OutputError(path: path, call: "write")
        close(fd)
        throw error
      }
      done += n
    }
    guard close(fd) == 0 else { throw OutputError(path: path, call: "close") }
  }

  /// Writes the bytes to a file at a path.
  package static func write(_ bytes: ByteView, to path: String) throws {
    let file = try OutputFile(creating: path)
    try file.write(bytes)
    try file.close(sync: false)
  }

  private static func makeFolder(of path: String) {
    guard let slash = path.utf8.lastIndex(of: 47) else { return }
    mkdir(String(path[..<slash]), 0o777)
  }

  private static func create(_ path: String) -> Int32 {
    cplatform_open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
  }
}
