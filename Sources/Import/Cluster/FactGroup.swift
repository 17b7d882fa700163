import Bytes
import Records

/// The lines of one key, until all of them are there: in memory, and beyond some size in a file
/// without a name.
final class FactGroup {
  /// One line.
  struct Row {
    fileprivate var start: Int
    fileprivate var length: Int
    /// Its number.
    var line: Int
  }

  /// The lines.
  private(set) var rows: [Row] = []
  /// The key that they share.
  let key = ByteBuffer(capacity: 32)
  private(set) var round = FactRound.leads
  private let memory = ByteBuffer(capacity: 64 << 10)
  private let window = ByteBuffer(capacity: 4096)
  private var file: OutputFile?
  private var written = 0
  private static let limit = 32 << 20

  /// True when a line belongs to it.
  func holds(_ line: FactLine) -> Bool {
    !rows.isEmpty && line.round == round && line.key.equals(key.view)
  }

  /// Begins a group.
  func begin(_ line: FactLine) {
    rows.removeAll(keepingCapacity: true)
    memory.removeAll()
    file = nil
    written = 0
    key.removeAll()
    key.append(line.key)
    round = line.round
  }

  /// Adds a line.
  func add(_ line: FactLine) throws {
    rows.append(Row(start: written + memory.count, length: line.json.count, line: line.number))
    memory.append(line.json)
    guard memory.count > Self.limit else { return }
    let file = try self.file ?? OutputFile(temporaryIn: Paths.temporaryFolder)
    self.file = file
    written += memory.count
    try file.write(memory.view)
    try file.flush()
    memory.removeAll()
  }

  /// The JSON of a line; holds until the next call.
  func json(_ row: Row) throws -> ByteView {
    if row.start >= written {
      return memory.view.slice(row.start - written, row.start - written + row.length)
    }
    window.removeAll()
    while window.count < row.length {
      let n = try file?.read(row.length - window.count, at: row.start + window.count, into: window)
      guard let n, n > 0 else {
        throw OutputError(path: Paths.temporaryFolder, call: "pread", code: 5)
      }
    }
    return window.view
  }
}
