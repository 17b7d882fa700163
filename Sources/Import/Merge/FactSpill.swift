import Bytes
import Records

/// Facts that wait until everything was read, in a file without a name. Several threads may add to
/// it at a time.
final class FactSpill: @unchecked Sendable {
  /// Whole facts, one after the other.
  struct Chunk {
    fileprivate var offset: Int
    fileprivate var length: Int
  }

  private let monitor = Monitor()
  private let file: OutputFile
  private var length = 0
  private var flushed = 0
  /// Bytes of facts at which a chunk is full.
  static let chunkBytes = 256 << 10

  /// A spill in a folder; without one where temporary files lie.
  init(folder: String?) throws {
    file = try OutputFile(temporaryIn: folder ?? Paths.temporaryFolder)
  }

  /// Adds a chunk.
  func append(_ facts: ByteView) throws -> Chunk {
    try monitor.locked {
      let chunk = Chunk(offset: length, length: facts.count)
      length += facts.count
      try file.write(facts)
      return chunk
    }
  }

  /// Reads a chunk in place of what `out` holds.
  func read(_ chunk: Chunk, into out: ByteBuffer) throws {
    try monitor.locked {
      if chunk.offset + chunk.length > flushed {
        try file.flush()
        flushed = length
      }
    }
    out.removeAll()
    while out.count < chunk.length {
      let n = try file.read(chunk.length - out.count, at: chunk.offset + out.count, into: out)
      // The file is ours: it ends early only when somebody cut it.
      if n == 0 { throw OutputError(path: file.path, call: "pread", code: 5) }
    }
  }
}
