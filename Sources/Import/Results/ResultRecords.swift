import Bytes
import CivilTime
import Glibc
import JSONText
import Ledger
import Records
import Rules

/// The records of a result, read back from its files.
enum ResultRecords {
  /// The kinds with the names of their files.
  static let kinds: [(kind: RecordKind, name: String)] = [
    (.activity, "activities"), (.lead, "leads"), (.task, "tasks"), (.block, "blocks"),
  ]

  /// One record: its key and its fields by name.
  struct Record {
    var key: RecordKey
    /// The whole of it; nil where only CSV was written.
    var json: JSONValue?
    fileprivate var cells: [String: String] = [:]

    /// A text, or a number as it is written; nil when it is missing, null or empty.
    func text(_ name: String) -> String? {
      guard let json else { return cells[name].flatMap { $0.isEmpty ? nil : $0 } }
      let value = json.members.first { $0.key.bytes.string == name }?.value
      switch value?.kind {
      case .string: return value?.string.flatMap { $0.isEmpty ? nil : $0 }
      case .number: return value?.literal.string
      default: return nil
      }
    }
  }

  /// Calls `body` with every record of one kind, from `.jsonl`, else `.json`, else `.csv`.
  ///
  /// - Throws: ``RunError`` 74 where a file cannot be read, or holds what winnow does not write.
  static func forEach(
    _ kind: RecordKind, in result: ResultFolder, _ body: (Record) throws -> Void
  ) throws {
    let name = kinds.first { $0.kind == kind }?.name ?? ""
    for ending in ["jsonl", "json", "csv"] {
      let path = result.file("\(name).\(ending)")
      guard ResultFolder.isFile(path) else { continue }
      let fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
      guard fd >= 0 else { throw OutputError(path: path, call: "open") }
      defer { close(fd) }
      var lines = LineReader(descriptor: fd, path: path)
      if ending == "csv" {
        try readCSV(&lines, path, body)
      } else {
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

  private static func broken(_ path: String) -> RunError {
    RunError(.ioError, "\(Plain.line(path)): holds a line that winnow did not write")
  }

  private static func readCSV(
    _ lines: inout LineReader, _ path: String, _ body: (Record) throws -> Void
  ) throws {
    var header: [String] = []
    let row = ByteBuffer(capacity: 4096)
    var isQuoted = false
    while let line = try lines.next() {
      row.append(line)
      guard row.count <= LineReader.longest else { throw broken(path) }
      // After an odd number of quotes a cell goes on in the next line.
      for byte in line.buffer where byte == 34 { isQuoted.toggle() }
      if isQuoted {
        row.append(ASCII.lf)
        continue
      }
      let cells = split(row.view)
      row.removeAll()
      if header.isEmpty {
        header = cells
        continue
      }
      var record: [String: String] = [:]
      for (name, cell) in zip(header, cells) { record[name] = cell }
      guard let key = (record["key"] ?? "").withByteView({ RecordKey(hex: $0) }) else {
        throw broken(path)
      }
      try body(Record(key: key, cells: record))
    }
  }

  // The cells of a row, quotes and the formula guard's apostrophe taken off.
  private static func split(_ row: ByteView) -> [String] {
    var cells: [String] = []
    let cell = ByteBuffer(capacity: 64)
    var isQuoted = false
    func end() {
      var view = cell.view
      if view[0] == 39 { view = view.from(1) }
      cells.append(view.string)
      cell.removeAll()
    }
    var i = 0
    let line = row[row.count - 1] == ASCII.cr ? row.prefix(row.count - 1) : row
    while i < line.count {
      let c = line[i]
      if c == 34 {
        if isQuoted, line[i + 1] == 34 {
          cell.append(c)
          i += 1
        } else {
          isQuoted.toggle()
        }
      } else if c == 44, !isQuoted {
        end()
      } else {
        cell.append(c)
      }
      i += 1
    }
    end()
    return cells
  }

  // MARK: What a ledger keeps of them

  /// The digest over what a task or a block says, as the run that wrote it took it; nil where the
  /// record does not tell all of it.
  static func digest(_ record: Record, _ kind: RecordKind) -> ContentDigest? {
    let rendering = MeetingRendering(formats: [], guarded: false)
    switch kind {
    case .block:
      return record.json == nil
        ? nil : time(record).map { ContentDigest(rendering.digest(of: $0)) }
    case .task:
      guard case (var f, let time)? = task(record), f.showsContent else { return nil }
      // What it was before it was written again is not there; most meetings are confirmed.
      if f.status == "updated" { f.status = "confirmed" }
      return ContentDigest(rendering.digest(of: f, time))
    default: return nil
    }
  }

  /// What a record of `tasks` says; nil where only CSV was written.
  static func task(_ record: Record) -> (TaskFields, MeetingTime)? {
    guard let v = record.json, var time = time(record) else { return nil }
    time.recurrenceID = record.text("recurrenceId").flatMap {
      MeetingTime.RecurrenceID(written: Array($0.utf8))
    }
    var f = TaskFields()
    // Texts that `output.privacy` leaves out stand nowhere.
    f.showsContent = v.member("subject") != nil
    f.uid = record.text("uid") ?? ""
    f.type = record.text("type") ?? ""
    f.subject = record.text("subject")
    f.description = record.text("description")
    f.location = record.text("location")
    f.joinURL = record.text("joinUrl")
    f.timeZone = record.text("timeZone")
    f.provider = v.member("online")?.member("provider")?.string
    f.owner = record.text("owner") ?? ""
    f.company = record.text("company")
    f.status = record.text("status") ?? ""
    f.sequence = v.member("sequence")?.int ?? 0
    if let source = v.member("source") {
      f.path = source.member("path")?.string ?? ""
      f.index = source.member("index")?.int ?? 0
      f.offset = source.member("offset")?.int ?? 0
    }
    f.category = record.text("category") ?? ""
    f.notify = record.text("notify") ?? ""
    f.runAutomations = v.member("runAutomations")?.bool ?? false
    f.organizer = v.member("organizer").flatMap { $0.kind == .object ? person($0) : nil }
    f.leads =
      (v.member("leads")?.elements).map { list in
        list.map {
          TaskFields.Lead(
            id: $0.member("id")?.string, key: $0.member("key")?.string ?? "",
            email: $0.member("email")?.string ?? "",
            matchedBy: $0.member("matchedBy")?.string ?? "")
        }
      } ?? []
    f.participants = (v.member("participants")?.elements).map { $0.map(person) } ?? []
    f.rooms = (v.member("rooms")?.elements).map { $0.map(person) } ?? []
    return (f, time)
  }

  private static func person(_ v: JSONValue) -> TaskFields.Person {
    TaskFields.Person(
      name: v.member("name")?.string ?? "", email: v.member("email")?.string ?? "",
      role: v.member("role")?.string, status: v.member("status")?.string,
      kind: v.member("kind")?.string)
  }

  private static func time(_ record: Record) -> MeetingTime? {
    guard let start = record.text("start").flatMap({ ConfigTime($0) }),
      let end = record.text("end").flatMap({ ConfigTime($0) })
    else { return nil }
    var time = MeetingTime(start: start.localSeconds, end: end.localSeconds)
    if start.second == nil {
      func date(_ t: ConfigTime) -> CivilDate {
        CivilDate(year: t.year, month: t.month, day: t.day)
      }
      time.dates = (date(start), date(end))
    }
    return time
  }

  /// The captured lead that a record of `leads` tells.
  static func lead(
    _ record: Record, _ r: LedgerRebuild
  ) throws(LedgerError) -> CapturedLead? {
    guard let email = record.text("email") else { return nil }
    var owner: WordID?
    if let id = record.text("owner") { owner = try r.word(id) }
    return CapturedLead(
      address: email, key: record.key, name: record.text("fullName"), owner: owner,
      firstSeen: record.text("firstSeen").flatMap { ConfigTime($0)?.epochSeconds },
      firstMessageID: record.text("firstMessageId"))
  }

  /// The version of an occurrence that a record of `tasks` tells; days begin in the zone `zone`.
  static func event(
    _ record: Record, zone: String, _ r: LedgerRebuild
  ) throws(LedgerError) -> (EventID, EventVersion)? {
    guard let uid = record.text("uid"), let owner = record.text("owner") else { return nil }
    let id = EventID(
      uid: RecordKey(uid.withByteView { SHA256.digest($0) }), owner: try r.word(owner),
      recurrence: Array((record.text("recurrenceId") ?? "").utf8))
    func seconds(_ name: String) -> Int64? {
      record.text(name).flatMap { TimePoint($0)?.start(zone: zone) }
    }
    let isOver = ["cancelled", "deleted"].contains(record.text("status") ?? "")
    return (
      id,
      EventVersion(
        state: isOver ? .cancelled : .active, record: record.key,
        sequence: record.text("sequence").flatMap { Int64($0) }, starts: seconds("start"),
        ends: seconds("end"))
    )
  }
}
