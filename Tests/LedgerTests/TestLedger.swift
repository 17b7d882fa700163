import Bytes
import Glibc
import Ledger

/// A folder for one test, removed with everything in it at the end.
final class TestFolder {
  let path: String

  init(in parent: String = "/tmp") {
    var name = Array("\(parent)/winnow-ledger-XXXXXX".utf8CString)
    path = mkdtemp(&name).map { String(cString: $0) } ?? "/nonexistent"
  }

  deinit {
    for name in names { unlink("\(path)/\(name)") }
    rmdir(path)
  }

  var ledger: String { path + "/winnow.sqlite" }

  var names: [String] {
    var found: [String] = []
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { found.append(name) }
    }
    return found.sorted()
  }
}

/// A key that stands for `text`.
func key(_ text: String) -> RecordKey {
  text.withByteView { RecordKey(SHA256.digest($0)) }
}

func address(_ text: String) -> AddressHash { text.withByteView(AddressHash.init(address:)) }

func read(_ path: String) -> [UInt8] {
  let fd = open(path, O_RDONLY)
  guard fd >= 0 else { return [] }
  defer { close(fd) }
  var all: [UInt8] = []
  var block = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let n = block.withUnsafeMutableBytes { Glibc.read(fd, $0.baseAddress, $0.count) }
    if n <= 0 { return all }
    all.append(contentsOf: block[0..<n])
  }
}

@discardableResult
func write(_ bytes: [UInt8], to path: String) -> Bool {
  let fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
  guard fd >= 0 else { return false }
  defer { close(fd) }
  return bytes.withUnsafeBytes { Glibc.write(fd, $0.baseAddress, $0.count) } == bytes.count
}

/// A ledger, its lock, and short forms of a run's steps.
final class TestLedger {
  let folder: TestFolder
  let lock: RunLock
  let file: LedgerFile
  var clock: UnixTime = 1_790_000_000

  init(_ folder: TestFolder = TestFolder()) throws {
    self.folder = folder
    lock = try RunLock.acquire(ledger: folder.ledger, now: clock)
    file = try LedgerFile.open(folder.ledger, mode: .create)
  }

  func begin(_ facts: RunRow? = nil) throws -> RunSession {
    try RunSession.begin(
      file, lock: lock, facts: facts ?? RunRow(started: clock, program: "test")
    ) { run in
      RunPlaces(
        staging: Array("out/.winnow-\(run)".utf8), destination: Array("out/\(run)".utf8))
    }
  }

  /// A whole run: begin, `body`, commit, mark.
  @discardableResult
  func run(_ facts: RunRow? = nil, _ body: (RunSession) throws -> Void) throws -> RunID {
    let session = try begin(facts)
    try body(session)
    try session.commit(counts: RunCounts())
    try file.markPublished(session.run)
    return session.run
  }

  func reading<T>(_ body: (LedgerReader) throws -> T) throws -> T {
    let reader = try file.reader()
    defer { reader.close() }
    return try body(reader)
  }
}

/// The kind of the ledger error that `body` throws; nil when it throws none.
func failure(_ body: () throws -> Void) -> LedgerError.Kind? {
  do {
    try body()
    return nil
  } catch {
    return (error as? LedgerError)?.kind
  }
}
