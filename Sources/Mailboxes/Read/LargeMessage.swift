public import Bytes
import Glibc
internal import Mail

/// A message above the limit of what is held in memory: read from its file in pieces, as often as
/// something of it is wanted.
public struct LargeMessage {
  /// The source that it stands in.
  public let source: FoundSource
  /// Its place in there.
  public let entry: MessageEntry
  /// The message's file in a Maildir.
  public let file: [UInt8]?

  private static let chunk = 1 << 20

  /// The message's structure and text; nil when the file cannot be read any more.
  func skeleton() -> MessageSkeleton? {
    let skeleton = MessageSkeleton()
    return (try? pass(through: skeleton)) == true ? skeleton : nil
  }

  /// Hands out the decoded bytes of the body with number `n`, piece by piece; false when the file
  /// cannot be read any more.
  public func extract(_ n: Int, _ body: @escaping (ByteView) throws -> Void) throws -> Bool {
    try pass(through: MessageSkeleton(extract: n, deliver: body))
  }

  private func pass(through skeleton: MessageSkeleton) throws -> Bool {
    guard case .success(let fd) = source.open(file: file) else { return false }
    defer { close(fd) }
    let buffer = ByteBuffer(capacity: Self.chunk)
    var position = entry.offset
    let end = entry.offset + entry.length
    while position < end {
      buffer.removeAll()
      let wanted = min(Self.chunk, end - position)
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
