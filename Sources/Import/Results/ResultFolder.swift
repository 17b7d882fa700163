import Bytes
import Glibc
import JSONText
import Rules

/// A folder that a run wrote, as its run.json tells it.
package struct ResultFolder {
  /// The folder's path.
  package let path: String
  /// When the run began, seconds since 1970.
  package let started: Int64
  /// The run's name: its start, and its number or process.
  let runID: String
  /// The program's version.
  package let program: String
  /// `output.csvFormulaGuard` of the run; nil where it does not tell, as older results do.
  let guardsFormulas: Bool?

  /// The longest run.json that is read.
  private static let longest = 64 << 20

  /// nil for everything that no run of winnow wrote; links are not followed.
  package init?(_ path: String) {
    guard Self.isFolder(path) else { return nil }
    let name = Paths.join(path, "run.json")
    guard Self.isFile(name), Self.isFile(Paths.join(path, "decisions.jsonl")),
      let bytes = Paths.readSmallFile(name, limit: Self.longest)
    else { return nil }
    let document = bytes.withByteView { JSONDocument.parse($0) }
    guard let root = document.root, let program = root.member("winnow")?.string,
      let timing = root.member("timing"), let text = timing.member("started")?.string,
      let started = ConfigTime(text)?.epochSeconds
    else { return nil }
    self.path = path
    self.started = started
    self.program = program
    guardsFormulas = root.member("config")?.member("csvFormulaGuard")?.bool
    runID = timing.member("runId")?.string ?? ""
  }

  /// The number that a ledger gave the run, or the process of one without.
  package var number: Int64? {
    runID.split(separator: "-").last.flatMap { Int64($0) }.flatMap { $0 > 0 ? $0 : nil }
  }

  /// A path inside.
  package func file(_ name: String) -> String { Paths.join(path, name) }

  /// True for a folder that is no link.
  package static func isFolder(_ path: String) -> Bool { kind(path) == S_IFDIR }

  /// True for a regular file that is no link.
  package static func isFile(_ path: String) -> Bool { kind(path) == S_IFREG }

  private static func kind(_ path: String) -> mode_t? {
    var info = stat()
    return lstat(path, &info) == 0 ? info.st_mode & S_IFMT : nil
  }

  /// The results directly in a folder, oldest first.
  package static func all(in folder: String) -> [ResultFolder] {
    Paths.entries(of: folder).filter { !$0.hasPrefix(Staging.prefix) }
      .compactMap { ResultFolder(Paths.join(folder, $0)) }.sorted { $0.isOlder(than: $1) }
  }

  /// By start, then by number.
  package func isOlder(than other: ResultFolder) -> Bool {
    if started != other.started { return started < other.started }
    return (number ?? 0, path) < (other.number ?? 0, other.path)
  }
}

/// Reads a file line by line, whatever their length.
package struct LineReader {
  private let descriptor: Int32
  private let path: String
  private let window = ByteBuffer(capacity: 1 << 20)
  private var start = 0
  private var searched = 0
  private var isAtEnd = false

  /// The longest line that is read: more than any record takes.
  static let longest = 512 << 20

  /// Takes over an open file.
  package init(descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  /// The next line without its LF, valid until the next call; nil at the end.
  ///
  /// - Throws: ``RunError`` 74 when the file cannot be read, or a line is longer than ``longest``.
  package mutating func next() throws -> ByteView? {
    while true {
      let view = window.view
      if let lf = view.firstIndex(of: ASCII.lf, from: searched) {
        let line = view.slice(start, lf)
        start = lf + 1
        searched = start
        return line
      }
      if isAtEnd {
        guard start < view.count else { return nil }
        let line = view.from(start)
        start = view.count
        searched = start
        return line
      }
      window.discardPrefix(start)
      start = 0
      searched = window.count
      guard window.count <= Self.longest else {
        throw RunError(
          .ioError, "\(Plain.line(path)): a line of it is longer than any that winnow writes")
      }
      let n = read(descriptor, window.reserve(1 << 20), 1 << 20)
      if n < 0 {
        if errno == EINTR { continue }
        throw RunError(
          .ioError, "\(Plain.line(path)): cannot be read: \(String(cString: strerror(errno)))")
      }
      if n == 0 { isAtEnd = true } else { window.advance(by: n) }
    }
  }
}
