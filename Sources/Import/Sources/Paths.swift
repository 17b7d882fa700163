import Bytes
import CPlatform
import Glibc
import Records

/// Paths and small file work through POSIX calls; Foundation's traps on full disks and loses names
/// that are not UTF-8.
package enum Paths {
  /// `a/b`; `b` alone when it is absolute or `a` is empty.
  package static func join(_ a: String, _ b: String) -> String {
    if b.utf8.first == 47 || a.isEmpty { return b }
    return a.utf8.last == 47 ? a + b : a + "/" + b
  }

  /// The path without slashes at its end; `/` stays.
  package static func withoutTrailingSlash(_ path: String) -> String {
    var p = path
    while p.utf8.count > 1, p.utf8.last == 47 { p.removeLast() }
    return p.isEmpty ? "." : p
  }

  /// The folder that holds a path.
  package static func parent(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: 47) else { return "." }
    let head = String(path[..<slash])
    return head.isEmpty ? "/" : head
  }

  /// The last component.
  static func name(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: 47) else { return path }
    return String(path[path.utf8.index(after: slash)...])
  }

  /// The path from the root, symbolic links resolved as far as it exists.
  package static func real(_ path: String) -> String {
    if let p = realpath(path, nil) {
      defer { free(p) }
      return String(cString: p)
    }
    let up = parent(of: path)
    if up == path { return path }
    return join(real(up), name(of: path))
  }

  /// The path from the root, without asking whether anything is there.
  package static func absolute(_ path: String) -> String {
    if path.hasPrefix("/") { return path }
    guard let here = getcwd(nil, 0) else { return path }
    defer { free(here) }
    return join(String(cString: here), path == "." ? "" : path)
  }

  /// Makes a folder and those above it.
  package static func makeDirectories(_ path: String) throws {
    if path.isEmpty || path == "." || path == "/" { return }
    if mkdir(path, 0o777) == 0 || errno == EEXIST { return }
    guard errno == ENOENT else {
      throw RunError(
        .cannotCreate, "\(path): cannot be created: \(String(cString: strerror(errno)))")
    }
    try makeDirectories(parent(of: path))
    if mkdir(path, 0o777) != 0, errno != EEXIST {
      throw RunError(
        .cannotCreate, "\(path): cannot be created: \(String(cString: strerror(errno)))")
    }
  }

  /// Where temporary files go: `TMPDIR`, else `/tmp`.
  static var temporaryFolder: String {
    getenv("TMPDIR").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
  }

  /// Names in a folder, sorted by bytes, without `.` and `..`; empty when it cannot be read.
  package static func entries(of path: String) -> [String] {
    guard let handle = opendir(path) else { return [] }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
  }

  /// Removes a folder and everything in it, without following links. Errors are left alone: what
  /// stays is cleared by the next run.
  package static func removeTree(_ path: String) {
    cplatform_remove_tree(path)
  }

  /// A whole file of at most `limit` bytes, or nil.
  static func readSmallFile(_ path: String, limit: Int) -> [UInt8]? {
    let fd = cplatform_open(path, O_RDONLY | O_CLOEXEC, 0)
    guard fd >= 0 else { return nil }
    defer { close(fd) }
    let out = ByteBuffer(capacity: 4096)
    while out.count <= limit {
      let n = read(fd, out.reserve(64 << 10), 64 << 10)
      if n < 0, errno == EINTR { continue }
      if n < 0 { return nil }
      if n == 0 { return out.array }
      out.advance(by: n)
    }
    return nil
  }
}
