import Bytes
import CPlatform
import Glibc
import Ledger

/// Compares mailboxes with what runs read of them, byte by byte: a run itself looks at samples
/// only, so a change between them goes unseen until somebody checks.
package struct SourceCheck {
  /// What was found.
  package struct Findings {
    /// Mailboxes that are as they were.
    package var same = 0
    /// Mailboxes that were looked at for the first time.
    package var remembered = 0
    /// Mailboxes that are read whole by the next run anyway, or are gone.
    package var others = 0
    /// What has changed without the next run seeing it.
    package var warnings: [String] = []
    /// What to remember.
    package var digests: [(source: SourceID, digest: [UInt8])] = []
  }

  private static let mailboxNote: UInt8 = 1
  private static let block = 1 << 20

  /// Reads every mailbox that the ledger knows up to where its last run ended.
  package static func compare(_ reader: LedgerReader) throws -> Findings {
    var found = Findings()
    var sources: [KnownSource] = []
    // Files of one message are compared by size and time in every run; they have no samples.
    try reader.forEachSource {
      if $0.state.note?.first == mailboxNote { sources.append($0) }
      return true
    }
    for source in sources {
      let path = source.state.path.withByteView(\.string)
      let isWhole = source.state.marks == nil
      let end = isWhole ? source.state.size : source.state.offset
      guard let now = FileState(path: source.state.path), now.inode == source.state.inode,
        now.device == source.state.device, now.size >= end, end >= 0
      else {
        found.others += 1
        continue
      }
      let old = source.state.digest.flatMap { Remembered(stored: $0) }.flatMap {
        $0.length <= end ? $0 : nil
      }
      guard let new = digests(path, upTo: end, and: old?.length) else {
        found.warnings.append("\(path): cannot be read, so it was not compared")
        continue
      }
      if let old, new.earlier != old.digest {
        found.warnings.append(
          "\(path): was changed before byte \(old.length), where no run looks again; read it anew with `winnow import --rescan`"
        )
        continue
      }
      if old == nil { found.remembered += 1 } else { found.same += 1 }
      if old?.length != end {
        found.digests.append((source.id, Remembered(length: end, digest: new.whole).stored))
      }
    }
    return found
  }

  /// A digest over the beginning of a file, as the ledger has it: the length in 8 bytes, little
  /// endian, then SHA-256.
  struct Remembered {
    var length: Int64
    var digest: [UInt8]

    init(length: Int64, digest: [UInt8]) {
      self.length = length
      self.digest = digest
    }

    init?(stored: [UInt8]) {
      guard stored.count == 40 else { return nil }
      var n: UInt64 = 0
      for i in 0..<8 { n |= UInt64(stored[i]) << UInt64(8 * i) }
      length = Int64(clamping: n)
      digest = Array(stored[8...])
    }

    var stored: [UInt8] {
      (0..<8).map { UInt8(truncatingIfNeeded: length >> Int64(8 * $0)) } + digest
    }
  }

  // Over the bytes before `end`, and over those before an earlier end.
  private static func digests(
    _ path: String, upTo end: Int64, and earlier: Int64?
  ) -> (whole: [UInt8], earlier: [UInt8]?)? {
    func bytes(_ d: Digest) -> [UInt8] { withUnsafeBytes(of: d.words) { Array($0) } }
    let fd = cplatform_open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0)
    guard fd >= 0 else { return nil }
    defer { close(fd) }
    let whole = SHA256()
    let part = SHA256()
    let buffer = ByteBuffer(capacity: block)
    var done: Int64 = 0
    while done < end {
      buffer.removeAll()
      let n = read(fd, buffer.reserve(block), Int(clamping: min(Int64(block), end - done)))
      if n < 0, errno == EINTR { continue }
      guard n > 0 else { return nil }
      buffer.advance(by: n)
      whole.update(buffer.view)
      if let earlier, done < earlier {
        part.update(buffer.view.prefix(Int(clamping: earlier - done)))
      }
      done += Int64(n)
    }
    return (bytes(whole.finish()), earlier == nil ? nil : bytes(part.finish()))
  }
}
