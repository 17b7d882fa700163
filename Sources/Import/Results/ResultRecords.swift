import Bytes
import CSVText
import Glibc
import JSONText
import Ledger
import Records
import Rules

/// The records of a result, read back from its files.
package enum ResultRecords {
  /// The kinds with the names of their files.
  package static let kinds: [(kind: RecordKind, name: String)] = [
    (.activity, "activities"), (.lead, "leads"), (.task, "tasks"), (.block, "blocks"),
  ]

  /// One record as it stands in a file: its key, and what its table reads of it.
  package struct Record {
    package var key: RecordKey
    /// The whole of it; nil where only CSV was written.
    fileprivate var json: JSONValue?
    fileprivate var header: [String: Int] = [:]
    fileprivate var cells: [[UInt8]] = []

    /// True where the file says all of it, which CSV does not.
    var isWhole: Bool { json != nil }

    /// The record's values; nil where they are not as winnow writes them.
    ///
    /// - Parameter empty: One that says nothing, which what is missing is left at.
    func read<Value>(_ table: RecordTable<Value>, _ empty: Value) -> Value? {
      var value = empty
      if let json { return table.read(json, into: &value) ? value : nil }
      let scratch = ByteBuffer(capacity: 256)
      let places = table.columns.map { column in
        header["\(column)"].flatMap { $0 < cells.count ? cells[$0] : nil }.map { cell in
          scratch.place { cell.withByteView { scratch.append($0) } }
        }
      }
      table.read(places.map { $0.map { scratch[$0] } }, into: &value)
      return value
    }
  }

  /// Calls `body` with every record of one kind, from `.jsonl`, else `.json`, else `.csv`.
  ///
  /// - Parameter guarded: Whether `output.csvFormulaGuard` put apostrophes before texts, where the
  ///   result itself does not tell.
  /// - Throws: ``RunError`` 74 where a file cannot be read, or holds what winnow does not write.
  package static func forEach(
    _ kind: RecordKind, in result: ResultFolder, guarded: Bool = true,
    _ body: (Record) throws -> Void
  ) throws {
    let name = kinds.first { $0.kind == kind }?.name ?? ""
    for ending in ["jsonl", "json", "csv"] {
      let path = result.file("\(name).\(ending)")
      guard ResultFolder.isFile(path) else { continue }
      let fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
      guard fd >= 0 else { throw OutputError(path: path, call: "open") }
      defer { close(fd) }
      if ending == "csv" {
        try readCSV(ResultCSV.reader(fd), path, result.guardsFormulas ?? guarded, body)
      } else {
        var lines = LineReader(descriptor: fd, path: path)
        while let line = try lines.next() {
          // The brackets of an array stand alone on their lines.
          guard line[0] == 123 else { continue }
          let text = line[line.count - 1] == 44 ? line.prefix(line.count - 1) : line
          let root = JSONDocument.parse(text).root
          guard let root, let key = root.member("key").flatMap({ RecordKey(hex: $0.bytes) }) else {
            throw broken(path)
          }
          try body(Record(key: key, json: root))
        }
      }
      return
    }
  }

  private static func broken(_ path: String, _ reader: CSVReader? = nil) -> RunError {
    let line = reader.map { ":\($0.line)" } ?? ""
    return RunError(
      .ioError, "\(Plain.line(path))\(line): holds a line that winnow did not write")
  }

  private static func readCSV(
    _ reader: CSVReader, _ path: String, _ guarded: Bool, _ body: (Record) throws -> Void
  ) throws {
    var header: [String: Int] = [:]
    while reader.next() {
      if header.isEmpty {
        for i in 0..<reader.count { header[reader.cell(i).string] = i }
        continue
      }
      let cells = (0..<reader.count).map { i in
        guarded ? CSVWriter.withoutGuard(reader.cell(i)).array : reader.cell(i).array
      }
      let key = header["key"].map { reader.cell($0) } ?? .empty
      guard let key = RecordKey(hex: key) else { throw broken(path, reader) }
      try body(Record(key: key, header: header, cells: cells))
    }
    if let fault = reader.fault { throw RunError(.ioError, "\(Plain.line(path)):\(fault.text)") }
  }

  // MARK: What a ledger keeps of them

  /// The digest over what a task or a block says, as the run that wrote it took it; nil where the
  /// record does not tell all of it.
  package static func digest(_ record: Record, _ kind: RecordKind) -> ContentDigest? {
    guard record.isWhole else { return nil }
    let scratch = ByteBuffer(capacity: 1024)
    switch kind {
    case .block:
      return record.read(BlockRecord.table, BlockRecord()).map {
        ContentDigest($0.digest(SHA256(), scratch))
      }
    case .task:
      guard var task = task(record), task.subject != .withheld else { return nil }
      // The status from before it was written again is not kept; most meetings are confirmed.
      if task.status == "updated" { task.status = "confirmed" }
      return ContentDigest(task.digest(SHA256(), scratch))
    default: return nil
    }
  }

  /// What a record of `tasks` says; nil where only CSV was written.
  static func task(_ record: Record) -> TaskRecord? {
    guard record.isWhole, var task = record.read(TaskRecord.table, TaskRecord()),
      task.start != .written([]), task.end != .written([])
    else { return nil }
    // A file without texts has no member for them.
    if record.json?.member("subject") == nil { task.subject = .withheld }
    if record.json?.member("description") == nil { task.description = .withheld }
    if record.json?.member("location") == nil { task.location = .withheld }
    if record.json?.member("joinUrl") == nil { task.joinURL = MeetingLink(.withheld) }
    task.digestedLink = task.joinURL.value.text
    task.digestedCompany = task.company
    return task
  }

  /// The captured lead that a record of `leads` tells.
  package static func lead(
    _ record: Record, _ r: LedgerRebuild
  ) throws(LedgerError) -> CapturedLead? {
    guard let lead = record.read(LeadRecord.table, LeadRecord()), !lead.email.isEmpty else {
      return nil
    }
    return CapturedLead(
      address: lead.email, key: record.key, name: lead.fullName.isEmpty ? nil : lead.fullName,
      owner: lead.owner.isEmpty ? nil : try r.word(lead.owner),
      firstSeen: lead.firstSeen?.seconds,
      firstMessageID: lead.firstMessageID.isEmpty ? nil : lead.firstMessageID)
  }

  /// The version of an occurrence that a record of `tasks` tells; days begin in the zone `zone`.
  package static func event(
    _ record: Record, zone: String, _ r: LedgerRebuild
  ) throws(LedgerError) -> (EventID, EventVersion)? {
    guard let task = record.read(TaskRecord.table, TaskRecord()), !task.uid.isEmpty,
      !task.owner.isEmpty
    else { return nil }
    let recurrence = ByteBuffer(capacity: 32)
    task.recurrenceID?.append(to: recurrence)
    let id = EventID(
      uid: RecordKey(task.uid.withByteView { SHA256.digest($0) }), owner: try r.word(task.owner),
      recurrence: recurrence.array)
    func seconds(_ time: RecordTime) -> Int64? {
      let text = ByteBuffer(capacity: 32)
      time.append(to: text)
      return TimePoint(text.string)?.start(zone: zone)
    }
    let isOver = ["cancelled", "deleted"].contains(task.status)
    return (
      id,
      EventVersion(
        state: isOver ? .cancelled : .active, record: record.key,
        sequence: Int64(task.sequence), starts: seconds(task.start), ends: seconds(task.end))
    )
  }

  /// The status that a record of `tasks` tells.
  package static func status(_ record: Record) -> String {
    record.read(TaskRecord.table, TaskRecord())?.status ?? ""
  }
}
