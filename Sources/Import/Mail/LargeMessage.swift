import Bytes
import CPlatform
import Glibc
import Mail
import Mailboxes
import Records

/// A message above 64 MiB: read from its file in pieces, never held.
struct LargeMessage {
  let found: FoundSource
  let entry: MessageEntry
  /// The message's file in a Maildir.
  let file: [UInt8]?

  /// The message's structure and text; nil when the file cannot be read any more.
  func skeleton() -> MessageSkeleton? {
    let skeleton = MessageSkeleton()
    return (try? pass(through: skeleton)) == true ? skeleton : nil
  }

  /// Writes the decoded bytes of the body with number `n` to a new file.
  func extract(_ n: Int, to path: String) throws {
    let out = try OutputFile(creating: path)
    let skeleton = MessageSkeleton(extract: n) { try out.write($0) }
    guard try pass(through: skeleton) else {
      throw OutputError(path: found.path.withByteView(\.string), call: "read")
    }
    try out.close(sync: false)
  }

  private func pass(through skeleton: MessageSkeleton) throws -> Bool {
    guard case .success(let fd) = found.open(file: file) else { return false }
    defer { close(fd) }
    let buffer = ByteBuffer(capacity: 1 << 20)
    var position = entry.offset
    let end = entry.offset + entry.length
    while position < end {
      buffer.removeAll()
      let wanted = min(1 << 20, end - position)
      let n = pread(fd, buffer.reserve(wanted), wanted, position)
      if n < 0, errno == EINTR { continue }
      guard n > 0 else { return false }
      buffer.advance(by: n)
      position += n
      try skeleton.feed(buffer.view)
    }
    try skeleton.finish()
    return true
  }
}
