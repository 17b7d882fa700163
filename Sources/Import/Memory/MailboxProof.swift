import Bytes
import CPlatform
import Glibc
import Ledger
import Mailboxes

/// Whether an mbox still holds what an earlier run read; see ``SourceMemory``.
enum MailboxProof {
  /// True when the file that is there now holds what was read then, and may be read on from there.
  static func isSame(_ found: FoundSource, _ now: FileState, _ then: SourceState) -> Bool {
    guard now.device == then.device, now.inode == then.inode, now.size >= then.offset,
      then.offset >= 0
    else { return false }
    let path = found.path.withByteView(\.string)
    // Offsets in a compressed file are of no use: it is the same as a whole, or read as a whole.
    if found.isGzip, now.size != then.size { return false }
    let end = found.isGzip ? Int(clamping: now.size) : Int(clamping: then.offset)
    guard let print = Fingerprint.of(path, whole: false, upTo: end)?.fingerprint,
      then.fingerprint == Self.bytes(print)
    else { return false }
    if found.isGzip { return true }
    guard let marks = then.marks.flatMap({ SeparatorMarks(stored: $0) }) else { return false }
    let fd = cplatform_open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0)
    guard fd >= 0 else { return false }
    defer { close(fd) }
    return marks.hold(in: fd) && Self.isBorder(fd, end)
  }

  // A message that the file cut off goes on where the last reading ended: then nothing but reading
  // it from its beginning gives the whole message.
  private static func isBorder(_ fd: Int32, _ offset: Int) -> Bool {
    let size = 4096
    let buffer = ByteBuffer(capacity: size)
    let n = pread(fd, buffer.reserve(size), size, offset)
    guard n >= 0 else { return false }
    buffer.advance(by: n)
    let view = buffer.view
    var at = 0
    while at < view.count, ASCII.isSpace(view[at]) { at += 1 }
    return at == view.count ? n < size : view.from(at).hasPrefix("From ")
  }

  /// A digest as the ledger has it.
  static func bytes(_ d: Digest) -> [UInt8] { withUnsafeBytes(of: d.words) { Array($0) } }
}
