import Bytes
import CivilTime
import JSONText
import Records
import Rules

/// One occurrence on its way into records: when, and what it is called.
struct MeetingTime {
  /// When it begins and ends, UTC seconds since 1970.
  var start: Int64
  var end: Int64
  /// The days of an all-day meeting, the end exclusive; nil for one with times.
  var dates: (first: CivilDate, end: CivilDate)?
  /// The original start within its series; nil for a single event.
  var recurrenceID: RecordTime?
  /// The same as an instant.
  var instance: Int64?

  /// RECURRENCE-ID as keys and records show it.
  typealias RecurrenceID = RecordTime

  /// When it begins, as records show it.
  var shownStart: RecordTime { dates.map { .date($0.first) } ?? .instant(start) }
  /// When it ends.
  var shownEnd: RecordTime { dates.map { .date($0.end) } ?? .instant(end) }

  /// Appends the original start, nothing for a single event.
  func appendRecurrenceID(to out: ByteBuffer) { recurrenceID?.append(to: out) }
}

extension TaskRecord {
  /// Puts it at a time.
  mutating func set(_ time: MeetingTime) {
    recurrenceID = time.recurrenceID
    start = time.shownStart
    end = time.shownEnd
    allDay = time.dates != nil
  }
}

/// Renders tasks and blocks by their tables, and takes the digests over what they say.
struct MeetingRendering {
  let hasJSON: Bool
  let hasCSV: Bool
  let guarded: Bool
  /// The keys of tasks, blocks and leads.
  let keys = RecordKeys()
  private let hash = SHA256()
  private let scratch = ByteBuffer(capacity: 1024)

  init(formats: RecordFiles.Formats, guarded: Bool) {
    hasJSON = formats.contains(.jsonl) || formats.contains(.json)
    hasCSV = formats.contains(.csv)
    self.guarded = guarded
  }

  // MARK: Content

  /// A digest over what a task says at a time; see ``TaskRecord/digest(_:_:)``.
  func digest(of task: TaskRecord, _ time: MeetingTime) -> Digest {
    var task = task
    task.set(time)
    return digest(of: task)
  }

  /// A digest over what a task says.
  func digest(of task: TaskRecord) -> Digest { task.digest(hash, scratch) }

  /// A digest over when a block is.
  func digest(of time: MeetingTime) -> Digest {
    var block = BlockRecord()
    block.start = time.shownStart
    block.end = time.shownEnd
    return block.digest(hash, scratch)
  }

  // MARK: Records

  /// Renders a block: time, owner and role, nothing else.
  func block(
    key: Digest, owner: String, _ time: MeetingTime, role: Config.CalendarRole, json: ByteBuffer,
    csv: ByteBuffer
  ) {
    var block = BlockRecord()
    block.key = key
    block.owner = owner
    block.start = time.shownStart
    block.end = time.shownEnd
    block.calendar = role.rawValue
    json.removeAll()
    csv.removeAll()
    if hasJSON { BlockRecord.table.write(block, to: JSONWriter(json)) }
    if hasCSV { BlockRecord.table.appendCells(block, to: CSVRow(csv, guarded: guarded)) }
  }

  // What overlaps a task is only known at the end.
  private static let conflicts = TaskRecord.table.position(of: "conflicts")

  /// Renders a task in two halves, around `conflicts`.
  func task(
    _ task: TaskRecord, key: Digest, _ time: MeetingTime, into r: TaskRecords.Rendered
  ) {
    var task = task
    task.set(time)
    self.task(task, key: key, into: r)
  }

  /// Renders a task that has its time, in two halves.
  func task(_ task: TaskRecord, key: Digest, into r: TaskRecords.Rendered) {
    r.removeAll()
    var task = task
    task.key = key
    let table = TaskRecord.table
    let head = 0..<Self.conflicts
    let tail = min(Self.conflicts + 1, table.fields.count)..<table.fields.count
    if hasJSON {
      r.head.append(123)
      table.write(task, to: JSONWriter(r.head), head)
      table.write(task, to: JSONWriter(r.tail), tail)
      r.tail.append(125)
    }
    if hasCSV {
      table.appendCells(task, to: CSVRow(r.rowHead, guarded: guarded), head)
      table.appendCells(task, to: CSVRow(r.rowTail, guarded: guarded), tail)
    }
  }
}
