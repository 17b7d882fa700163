import Glibc

/// The bytes of a file; none when it cannot be read.
public func bytes(ofFile path: String) -> [UInt8] {
  guard let f = fopen(path, "r") else { return [] }
  defer { fclose(f) }
  var out: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while case let n = fread(&chunk, 1, chunk.count, f), n > 0 { out += chunk[0..<n] }
  return out
}

/// All files below a folder whose names end so, sorted.
public func files(below folder: String, ending: String) -> [String] {
  var out: [String] = []
  var folders = [folder]
  while let f = folders.popLast() {
    guard let d = opendir(f) else { continue }
    defer { closedir(d) }
    while let e = readdir(d) {
      let name = withUnsafeBytes(of: e.pointee.d_name) { raw in
        String(decoding: raw.prefix(while: { $0 != 0 }), as: UTF8.self)
      }
      if name == "." || name == ".." { continue }
      var s = stat()
      let path = f + "/" + name
      guard stat(path, &s) == 0 else { continue }
      if s.st_mode & S_IFMT == S_IFDIR {
        folders.append(path)
      } else if name.hasSuffix(ending) {
        out.append(path)
      }
    }
  }
  return out.sorted()
}
