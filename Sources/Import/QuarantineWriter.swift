import Bytes
import CPlatform
import Glibc
import JSONText
import Records

/// Keeps the bytes of what could not be read, and why, so that they can be looked at and tried
/// again: `quarantine/<sha256>-<index>.eml` beside a `.json` that names the place.
enum QuarantineWriter {
  /// Bytes kept of one item; the place tells where the rest is.
  static let limit = 64 << 20

  /// Writes one item, without its bytes when `output.privacy` keeps them out; two workers never write the same name, because the place is part of it.
  static func write(
    _ bytes: ByteView, error: StaticString, path: ByteView, index: Int, offset: Int, length: Int,
    folder: String, keepsBytes: Bool
  ) throws {
    let digest = SHA256.digest(bytes)
    let scratch = ByteBuffer()
    scratch.append(path)
    scratch.append(0)
    scratch.append(decimal: index)
    let name = "\(SHA256.digest(scratch.view).hex(bytes: 8))-\(index)"
    if keepsBytes {
      let raw = try OutputFile(creating: Paths.join(folder, name + ".eml"))
      try raw.write(bytes.prefix(limit))
      try raw.close(sync: false)
    }
    let out = ByteBuffer()
    let w = JSONWriter(out)
    w.beginObject()
    w.key("path")
    w.string(path)
    w.key("index")
    w.number(index)
    w.key("offset")
    w.number(offset)
    w.key("length")
    w.number(length)
    w.key("sha256")
    w.string(digest.hex())
    w.key("error")
    w.string(error)
    w.endObject()
    out.append(ASCII.lf)
    let why = try OutputFile(creating: Paths.join(folder, name + ".json"))
    try why.write(out.view)
    try why.close(sync: false)
  }
}

/// Stores attachments under their content's name: equal bytes once, and no name from a mail ever
/// becomes a path.
enum AttachmentStore {
  /// `attachments/ab/<sha256>.<extension>`, relative to the run's folder.
  static func path(of digest: Digest, fileExtension: ByteView) -> String {
    let hex = digest.hex()
    let ending = fileExtension.isEmpty ? "" : "." + fileExtension.string
    return "attachments/\(hex.prefix(2))/\(hex)\(ending)"
  }

  /// The same for bytes that `write` brings into a file at the path it is given.
  static func store(at path: String, worker: Int, write: (String) throws -> Void) throws {
    if access(path, F_OK) == 0 { return }
    mkdir(Paths.parent(of: path), 0o777)
    let temporary = path + ".\(worker).part"
    try write(temporary)
    guard rename(temporary, path) == 0 else { throw OutputError(path: path, call: "rename") }
  }

  /// Writes the bytes unless they are there already. Several workers may store the same bytes at
  /// once: the file is made under a name of its own and linked into place.
  static func store(_ bytes: ByteView, at path: String, worker: Int) throws {
    if access(path, F_OK) == 0 { return }
    mkdir(Paths.parent(of: path), 0o777)
    let temporary = path + ".\(worker).part"
    let fd = cplatform_open(
      temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
    guard fd >= 0 else { throw OutputError(path: temporary, call: "open") }
    var done = 0
    while done < bytes.count {
      let n = Glibc.write(fd, bytes.base + done, bytes.count - done)
      if n < 0 {
        if errno == EINTR { continue }
        let error = OutputError(path: temporary, call: "write")
        close(fd)
        throw error
      }
      done += n
    }
    guard close(fd) == 0 else { throw OutputError(path: temporary, call: "close") }
    guard rename(temporary, path) == 0 else { throw OutputError(path: path, call: "rename") }
  }
}
