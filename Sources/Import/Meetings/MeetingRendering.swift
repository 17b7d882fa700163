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
final class MeetingRendering {
  let hasJSON: Bool
  let hasCSV: Bool
  let guarded: Bool
  /// The keys of tasks, blocks and leads.
  let keys = RecordKeys()
  private let hash = SHA256()
  private let scratch = ByteBuffer(capacity: 1024)
  // Made for the first task: tables cost a run that has none a tenth of its start.
  private lazy var tasks = RepeatedRecord(
    TaskRecord.table,
    differingIn: [\.key, \.recurrenceID, \.start, \.end, \.allDay, \.status, \.conflicts],
    guarded: guarded)

  init(formats: RecordFiles.Formats, guarded: Bool) {
    hasJSON = formats.contains(.jsonl) || formats.contains(.json)
    hasCSV = formats.contains(.csv)
    self.guarded = guarded
  }

  /// Begins a task that differs from the one before in more than its key, its time and its status;
  /// what follows until the next call does not.
  func beginTask() { tasks.begin() }

  // MARK: Content

  /// A digest over what a task says: all but where it was read, its version number and what
  /// overlaps it. Where it is the same, nothing is published again.
  func digest(of task: TaskRecord) -> Digest {
    scratch.removeAll()
    tasks.appendContent(task, to: scratch)
    return hash.digest(scratch.view)
  }

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
  private static let head = 0..<conflicts
  private static let tail = TaskRecord.table.fields.indices.suffix(from: conflicts).dropFirst()

  /// Renders a task in two halves, around `conflicts`.
  func task(_ task: TaskRecord, into r: TaskRecords.Rendered) {
    r.removeAll()
    if hasJSON {
      r.head.append(123)
      tasks.write(task, to: JSONWriter(r.head), Self.head)
      tasks.write(task, to: JSONWriter(r.tail), Self.tail)
      r.tail.append(125)
    }
    if hasCSV {
      tasks.appendCells(task, to: CSVRow(r.rowHead, guarded: guarded), Self.head)
      tasks.appendCells(task, to: CSVRow(r.rowTail, guarded: guarded), Self.tail)
    }
  }
}
