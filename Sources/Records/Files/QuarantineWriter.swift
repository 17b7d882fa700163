package import Bytes
internal import JSONText

/// Keeps the bytes of what could not be read, and why, so that they can be looked at and tried
/// again: `quarantine/<sha256>-<index>.eml` (or `.ics`) beside a `.json` that names the place.
package enum QuarantineWriter {
  /// Bytes kept of one item; the place tells where the rest is.
  package static let limit = 64 << 20

  /// Writes one item with the SHA-256 of all its bytes; `bytes` is nil where they are withheld. No
  /// two items have one name, because the place is part of it.
  package static func write(
    _ bytes: ByteView?, digest: Digest, error: String, path: ByteView, index: Int, offset: Int,
    length: Int, folder: String, ending: String
  ) throws {
    let scratch = ByteBuffer()
    scratch.append(path)
    scratch.append(0)
    scratch.append(decimal: index)
    let name = "\(SHA256.digest(scratch.view).hex(bytes: 8))-\(index)"
    if let bytes {
      let raw = try OutputFile(creating: "\(folder)/\(name).\(ending)")
      try raw.write(bytes.prefix(limit))
      try raw.close(sync: false)
    }
    let out = ByteBuffer()
    let w = JSONWriter(out)
    w.beginObject()
    w.member("path", path)
    w.member("index", index)
    w.member("offset", offset)
    w.member("length", length)
    w.member("sha256", digest.hex())
    w.member("error", error)
    w.endObject()
    out.append(ASCII.lf)
    let why = try OutputFile(creating: "\(folder)/\(name).json")
    try why.write(out.view)
    try why.close(sync: false)
  }
}
