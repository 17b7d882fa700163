import Bytes
import CPlatform
import CZlib
import Glibc

/// A directory that is removed with its contents when it goes.
final class TemporaryTree {
  let path: String

  init() {
    var template = Array("/tmp/winnow-boxes-XXXXXX".utf8CString)
    path = mkdtemp(&template).map { String(cString: $0) } ?? "/nonexistent"
  }

  deinit { Self.remove(path) }

  private static func remove(_ path: String) {
    var s = stat()
    guard lstat(path, &s) == 0 else { return }
    if s.st_mode & S_IFMT == S_IFDIR {
      chmod(path, 0o700)
      if let dir = opendir(path) {
        var names: [[CChar]] = []
        while let e = readdir(dir) {
          names.append(withUnsafeBytes(of: &e.pointee.d_name) { $0.map(CChar.init(bitPattern:)) })
        }
        closedir(dir)
        for raw in names {
          let name = raw.prefix { $0 != 0 }
          if name == [46] || name == [46, 46] { continue }
          // Names that are not UTF-8 cannot go through String.
          let whole = Array(path.utf8CString.dropLast()) + [47] + name + [0]
          if unlink(whole) != 0 {
            remove(String(decoding: whole.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self))
          }
        }
      }
      rmdir(path)
    } else {
      unlink(path)
    }
  }

  /// Makes the directories above and writes a file; the name may hold any bytes.
  @discardableResult
  func write(_ relative: String, _ bytes: [UInt8]) -> String {
    write(Array(relative.utf8), bytes)
    return path + "/" + relative
  }

  @discardableResult
  func write(_ relative: String, _ text: String) -> String { write(relative, Array(text.utf8)) }

  func write(_ relative: [UInt8], _ bytes: [UInt8]) {
    var at = path
    let parts = relative.split(separator: 47)
    for part in parts.dropLast() {
      at += "/" + String(decoding: part, as: UTF8.self)
      mkdir(at, 0o755)
    }
    let full = Array(path.utf8) + [47] + relative + [0]
    let fd = full.map(CChar.init(bitPattern:)).withUnsafeBufferPointer {
      $0.baseAddress.map { cplatform_open($0, O_WRONLY | O_CREAT | O_TRUNC, 0o644) } ?? -1
    }
    var done = 0
    while done < bytes.count {
      let n = bytes[done...].withUnsafeBytes { Glibc.write(fd, $0.baseAddress, $0.count) }
      if n <= 0 { break }
      done += n
    }
    close(fd)
  }

  func makeDirectory(_ relative: String) {
    var at = path
    for part in relative.split(separator: "/") {
      at += "/" + part
      mkdir(at, 0o755)
    }
  }
}

/// One gzip member.
func gzip(_ bytes: [UInt8]) -> [UInt8] {
  var stream = z_stream()
  guard
    deflateInit2_(
      &stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size)) == Z_OK
  else { return [] }
  defer { deflateEnd(&stream) }
  var input = bytes
  var out = [UInt8](repeating: 0, count: bytes.count + 1024)
  let n = input.withUnsafeMutableBufferPointer { i in
    out.withUnsafeMutableBufferPointer { o in
      stream.next_in = i.baseAddress
      stream.avail_in = UInt32(i.count)
      stream.next_out = o.baseAddress
      stream.avail_out = UInt32(o.count)
      _ = deflate(&stream, Z_FINISH)
      return o.count - Int(stream.avail_out)
    }
  }
  return Array(out[..<n])
}
