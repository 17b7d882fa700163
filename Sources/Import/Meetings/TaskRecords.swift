import Bytes
import JSONText
import Records

/// The tasks and blocks of a run: `tasks.*` and `blocks.*`.
///
/// A task names what overlaps it, which is only known at the end: until then tasks wait in a file
/// without a name in the staging folder.
final class TaskRecords {
  private let tasks: RecordFiles?
  private let blocks: RecordFiles?
  private let spill: OutputFile?
  private var busy = BusyTimes()
  /// Tasks added.
  private(set) var taskCount = 0
  /// Blocks added.
  private(set) var blockCount = 0

  /// A record rendered but for `conflicts`.
  struct Rendered {
    /// The JSON object before and after `conflicts`.
    let head = ByteBuffer(capacity: 1024)
    let tail = ByteBuffer(capacity: 256)
    /// The CSV row before and after it.
    let rowHead = ByteBuffer(capacity: 1024)
    let rowTail = ByteBuffer(capacity: 256)

    /// Forgets the record before.
    func removeAll() {
      for b in [head, tail, rowHead, rowTail] { b.removeAll() }
    }
  }

  /// Creates the files; without a folder (`--dry-run`) it only counts.
  init(folder: String?, formats: RecordFiles.Formats) throws {
    tasks = try folder.map {
      try RecordFiles(
        folder: $0, name: "tasks", formats: formats, columns: TaskRecord.table.columns)
    }
    blocks = try folder.map {
      try RecordFiles(
        folder: $0, name: "blocks", formats: formats, columns: BlockRecord.table.columns)
    }
    spill = try folder.map { try OutputFile(temporaryIn: $0) }
  }

  /// Adds a task. `time` is nil for one that keeps nobody busy; its number is filled in here.
  func add(_ r: Rendered, busy time: BusyTimes.Row?) throws {
    if var time {
      time.task = Int32(clamping: taskCount)
      busy.add(time)
    }
    taskCount += 1
    guard let spill else { return }
    let w = FactWriter(out: spill.pending)
    for piece in [r.head, r.tail, r.rowHead, r.rowTail] { w.bytes(piece.view) }
    try spill.flushIfFull()
  }

  /// Adds a block.
  func addBlock(json: ByteView, csv: ByteView, busy time: BusyTimes.Row) throws {
    busy.add(time)
    blockCount += 1
    try blocks?.write(json: json, .empty, csv: csv, .empty)
  }

  // MARK: Parts of a run

  /// Keeps the tasks of a part of a run, and all busy times, until the whole run is known; closes
  /// the files.
  func save(to folder: String) throws {
    let tasks = try OutputFile(creating: Paths.join(folder, Self.taskPart))
    if let spill {
      try spill.rewind()
      let window = ByteBuffer(capacity: 1 << 20)
      while try spill.read(1 << 20, into: window) > 0 {
        try tasks.write(window.view)
        window.removeAll()
      }
    }
    try tasks.close(sync: true)
    let times = try OutputFile(creating: Paths.join(folder, Self.busyPart))
    try busy.forEach { row in
      row.write(to: FactWriter(out: times.pending))
      try times.flushIfFull()
    }
    try times.close(sync: true)
    try spill?.close(sync: false)
    try self.tasks?.close(sync: false)
    try blocks?.close(sync: true)
  }

  /// Takes over what ``save(to:)`` kept of another part of the run.
  func take(from folder: String, tasks: Int, blocks: Int) throws {
    try spill?.append(contentsOf: Paths.join(folder, Self.taskPart))
    let path = Paths.join(folder, Self.busyPart)
    guard let bytes = Paths.readSmallFile(path, limit: 1 << 40) else {
      throw OutputError(path: path, call: "read")
    }
    bytes.withByteView { view in
      var reader = FactReader(view)
      while !reader.isAtEnd {
        var row = BusyTimes.Row(from: &reader)
        if row.task >= 0 { row.task += Int32(clamping: taskCount) }
        busy.add(row)
      }
    }
    taskCount += tasks
    try self.blocks?.append(from: folder, name: "blocks", count: blocks)
    blockCount += blocks
  }

  private static let taskPart = "tasks.part"
  private static let busyPart = "busy.part"

  /// Writes the tasks with what overlaps them, and closes the files.
  func finish(sync: Bool) throws {
    if let spill, taskCount > 0 {
      let conflicts = busy.conflicts(tasks: taskCount)
      try spill.rewind()
      try writeTasks(from: spill, conflicts)
    }
    try spill?.close(sync: false)
    try tasks?.close(sync: sync)
    try blocks?.close(sync: sync)
  }

  private func writeTasks(
    from spill: OutputFile, _ conflicts: [Int: [(UInt64, UInt64)]]
  ) throws {
    let window = ByteBuffer(capacity: 1 << 20)
    var start = 0
    var number = 0
    let json = ByteBuffer(capacity: 4096)
    let csv = ByteBuffer(capacity: 4096)
    while number < taskCount {
      let view = window.view.from(start)
      guard let pieces = Self.pieces(view) else {
        window.discardPrefix(start)
        start = 0
        // The file is ours: it ends early only when it could not be read.
        if try spill.read(1 << 20, into: window) == 0 { return }
        continue
      }
      start += pieces.length
      json.removeAll()
      csv.removeAll()
      json.append(pieces.head)
      json.append(",\"conflicts\":[")
      csv.append(pieces.rowHead)
      csv.append(44)
      for (i, key) in (conflicts[number] ?? []).enumerated() {
        if i > 0 {
          json.append(44)
          csv.append(59)
        }
        json.append(34)
        Self.append(key, to: json)
        json.append(34)
        Self.append(key, to: csv)
      }
      json.append("],")
      csv.append(44)
      try tasks?.write(json: json.view, pieces.tail, csv: csv.view, pieces.rowTail)
      number += 1
    }
  }

  private typealias Pieces = (
    head: ByteView, tail: ByteView, rowHead: ByteView, rowTail: ByteView, length: Int
  )

  // nil while the view does not hold the whole record.
  private static func pieces(_ view: ByteView) -> Pieces? {
    var reader = FactReader(view)
    var found: [ByteView] = []
    for _ in 0..<4 {
      let before = reader.position
      guard before + 4 <= view.count else { return nil }
      let piece = reader.bytes()
      guard reader.position == before + 4 + piece.count else { return nil }
      found.append(piece)
    }
    return (found[0], found[1], found[2], found[3], reader.position)
  }

  private static func append(_ key: (UInt64, UInt64), to out: ByteBuffer) {
    Digest(words: (key.0, key.1, 0, 0)).appendHex(to: out, bytes: 16)
  }
}

extension BusyTimes.Row {
  fileprivate func write(to w: FactWriter) {
    w.i64(Int64(owner))
    w.i64(Int64(task))
    w.i64(start)
    w.i64(end)
    for word in [meeting, key.0, key.1] { w.u64(word) }
  }

  fileprivate init(from r: inout FactReader) {
    self.init(
      owner: Int32(clamping: r.i64()), task: Int32(clamping: r.i64()), start: r.i64(),
      end: r.i64(), meeting: r.u64(), key: (r.u64(), r.u64()))
  }
}
