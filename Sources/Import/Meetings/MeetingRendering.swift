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
  var recurrenceID: RecurrenceID?
  /// The same as an instant.
  var instance: Int64?

  /// RECURRENCE-ID as keys and records show it.
  enum RecurrenceID {
    case instant(Int64)
    case date(CivilDate)
    /// As a ledger has it.
    case written([UInt8])

    /// What a ledger has; nil for a single event.
    init?(written text: [UInt8]) {
      if text.isEmpty { return nil }
      self = .written(text)
    }

    /// Appends it.
    func append(to out: ByteBuffer) {
      switch self {
      case .instant(let s): CivilDate.append(utcSeconds: s, to: out)
      case .date(let d): d.append(to: out)
      case .written(let text): text.withByteView { out.append($0) }
      }
    }
  }

  /// Appends the start, or the end, as RFC 3339 or as a date.
  func append(isEnd: Bool, to out: ByteBuffer) {
    if let dates {
      (isEnd ? dates.end : dates.first).append(to: out)
    } else {
      CivilDate.append(utcSeconds: isEnd ? end : start, to: out)
    }
  }

  /// Appends the original start, nothing for a single event.
  func appendRecurrenceID(to out: ByteBuffer) {
    recurrenceID?.append(to: out)
  }
}

/// What the tasks of one component share.
struct TaskFields {
  /// A lead of the task.
  struct Lead {
    var id: String?
    var key: String
    var email: String
    var matchedBy: String
  }

  /// Somebody, or a room.
  struct Person {
    var name: String
    var email: String
    var role: String?
    var status: String?
    var kind: String?
  }

  var uid = ""
  var type = ""
  /// nil where `output.privacy` leaves it out; so for the other three.
  var subject: String?
  var description: String?
  var location: String?
  var joinURL: String?
  /// False leaves those four out of the record altogether.
  var showsContent = true
  var timeZone: String?
  var provider: String?
  var owner = ""
  var leads: [Lead] = []
  var company: String?
  var participants: [Person] = []
  var rooms: [Person] = []
  var organizer: Person?
  var status = ""
  var category = ""
  var sequence = 0
  var runAutomations = false
  var notify = ""
  var path = ""
  var index = 0
  var offset = 0
}

/// Renders tasks and blocks (contract section 5).
struct MeetingRendering {
  let hasJSON: Bool
  let hasCSV: Bool
  let guarded: Bool
  private let hash = SHA256()
  private let scratch = ByteBuffer(capacity: 1024)

  init(formats: RecordFiles.Formats, guarded: Bool) {
    hasJSON = formats.contains(.jsonl) || formats.contains(.json)
    hasCSV = formats.contains(.csv)
    self.guarded = guarded
  }

  // MARK: Keys

  /// `task`, UID, RECURRENCE-ID, owner; for a block the calendar's role behind them.
  func key(
    _ kind: StaticString, uid: String, _ time: MeetingTime, owner: String,
    role: Config.CalendarRole? = nil
  ) -> Digest {
    scratch.removeAll()
    scratch.append(kind)
    scratch.append(0)
    scratch.append(string: uid)
    scratch.append(0)
    time.appendRecurrenceID(to: scratch)
    scratch.append(0)
    scratch.append(string: owner)
    if let role {
      scratch.append(0)
      scratch.append(string: role.rawValue)
    }
    hash.update(scratch.view)
    return hash.finish()
  }

  /// The key of a lead.
  func leadKey(_ address: ByteView) -> Digest { RecordKeys.lead(address, hash) }

  // MARK: Content

  /// A digest over what a task says: all but where it was read, its version number and what
  /// overlaps it. Where it is the same, nothing is published again.
  func digest(of f: TaskFields, _ time: MeetingTime) -> Digest {
    scratch.removeAll()
    func add(_ text: String?) {
      scratch.append(string: text ?? "\u{1}")
      scratch.append(0)
    }
    for text in [
      f.uid, f.type, f.subject, f.description, f.location, f.joinURL, f.timeZone, f.provider,
      f.owner, f.company, f.status, f.category, f.notify, f.runAutomations ? "1" : "0",
      f.organizer?.email,
    ] { add(text) }
    for isEnd in [false, true] {
      time.append(isEnd: isEnd, to: scratch)
      scratch.append(0)
    }
    for lead in f.leads { add("\(lead.key) \(lead.email)") }
    for p in f.participants { add("\(p.email) \(p.name) \(p.role ?? "") \(p.status ?? "")") }
    for r in f.rooms { add("\(r.email) \(r.name)") }
    hash.update(scratch.view)
    return hash.finish()
  }

  /// A digest over when a block is.
  func digest(of time: MeetingTime) -> Digest {
    scratch.removeAll()
    time.append(isEnd: false, to: scratch)
    scratch.append(0)
    time.append(isEnd: true, to: scratch)
    hash.update(scratch.view)
    return hash.finish()
  }

  // MARK: Blocks

  /// Renders a block: time, owner and role, nothing else.
  func block(
    key: Digest, owner: String, _ time: MeetingTime, role: Config.CalendarRole, json: ByteBuffer,
    csv: ByteBuffer
  ) {
    json.removeAll()
    csv.removeAll()
    if hasJSON {
      json.append("{\"key\":\"")
      key.appendHex(to: json, bytes: 16)
      json.append("\",\"owner\":")
      JSONWriter.appendString(owner, to: json)
      appendTimes(time, to: json)
      json.append(",\"calendar\":\"")
      json.append(string: role.rawValue)
      json.append("\",\"display\":\"grey\"}")
    }
    if hasCSV {
      key.appendHex(to: csv, bytes: 16)
      cell(owner, csv)
      for isEnd in [false, true] {
        csv.append(44)
        time.append(isEnd: isEnd, to: csv)
      }
      cell(role.rawValue, csv)
      csv.append(",grey")
    }
  }

  private func appendTimes(_ time: MeetingTime, to json: ByteBuffer) {
    json.append(",\"start\":\"")
    time.append(isEnd: false, to: json)
    json.append("\",\"end\":\"")
    time.append(isEnd: true, to: json)
    json.append(34)
  }

  // MARK: Tasks

  /// Renders a task in two halves, around `conflicts`.
  func task(_ f: TaskFields, key: Digest, _ time: MeetingTime, into r: TaskRecords.Rendered) {
    r.removeAll()
    if hasJSON {
      jsonHead(f, key, time, r.head)
      jsonTail(f, r.tail)
    }
    if hasCSV {
      csvHead(f, key, time, r.rowHead)
      csvTail(f, r.rowTail)
    }
  }

  private func jsonHead(_ f: TaskFields, _ key: Digest, _ time: MeetingTime, _ out: ByteBuffer) {
    let w = JSONWriter(out)
    w.beginObject()
    w.key("key")
    w.string(key.hex(bytes: 16))
    w.key("uid")
    w.string(f.uid)
    w.key("recurrenceId")
    scratch.removeAll()
    time.appendRecurrenceID(to: scratch)
    if scratch.isEmpty { w.null() } else { w.string(scratch.view) }
    w.key("type")
    w.string(f.type)
    if f.showsContent {
      w.key("subject")
      w.string(f.subject ?? "")
      w.key("description")
      w.string(f.description ?? "")
    }
    appendTimes(time, to: out)
    w.key("timeZone")
    w.string(orNull: f.timeZone)
    w.key("allDay")
    w.bool(time.dates != nil)
    if f.showsContent {
      w.key("location")
      w.string(f.location ?? "")
      w.key("joinUrl")
      w.string(orNull: f.joinURL)
    }
    w.key("online")
    w.beginObject()
    w.key("isOnline")
    w.bool(f.joinURL != nil)
    w.key("provider")
    w.string(orNull: f.provider)
    w.key("linkNeeded")
    w.bool(false)
    w.endObject()
    w.key("owner")
    w.string(f.owner)
    w.key("leads")
    w.beginArray()
    for lead in f.leads {
      w.beginObject()
      if let id = lead.id {
        w.key("id")
        w.string(id)
      }
      w.key("key")
      w.string(lead.key)
      w.key("email")
      w.string(lead.email)
      w.key("matchedBy")
      w.string(lead.matchedBy)
      w.endObject()
    }
    w.endArray()
    w.key("company")
    w.string(orNull: f.company)
    people(f, w)
    w.key("status")
    w.string(f.status)
    w.key("category")
    w.string(f.category)
    w.key("sequence")
    w.number(f.sequence)
    w.key("runAutomations")
    w.bool(f.runAutomations)
    w.key("notify")
    w.string(f.notify)
  }

  private func people(_ f: TaskFields, _ w: JSONWriter) {
    w.key("participants")
    w.beginArray()
    for p in f.participants {
      w.beginObject()
      w.key("name")
      w.string(p.name)
      w.key("email")
      w.string(p.email)
      w.key("role")
      w.string(orNull: p.role)
      w.key("status")
      w.string(orNull: p.status)
      w.key("kind")
      w.string(orNull: p.kind)
      w.endObject()
    }
    w.endArray()
    w.key("rooms")
    w.beginArray()
    for r in f.rooms { named(r, w) }
    w.endArray()
    w.key("organizer")
    if let o = f.organizer { named(o, w) } else { w.null() }
  }

  private func named(_ p: TaskFields.Person, _ w: JSONWriter) {
    w.beginObject()
    w.key("name")
    w.string(p.name)
    w.key("email")
    w.string(p.email)
    w.endObject()
  }

  private func jsonTail(_ f: TaskFields, _ out: ByteBuffer) {
    f.path.withByteView {
      ActivityRendering.appendSource($0, f.index, max(0, f.offset), to: out)
    }
    out.append("}}")
  }

  private func csvHead(_ f: TaskFields, _ key: Digest, _ time: MeetingTime, _ out: ByteBuffer) {
    key.appendHex(to: out, bytes: 16)
    cell(f.uid, out)
    out.append(44)
    time.appendRecurrenceID(to: out)
    cell(f.type, out)
    cell(f.subject ?? "", out)
    cell(f.description ?? "", out)
    for isEnd in [false, true] {
      out.append(44)
      time.append(isEnd: isEnd, to: out)
    }
    cell(f.timeZone ?? "", out)
    out.append(time.dates == nil ? ",false" : ",true")
    cell(f.location ?? "", out)
    cell(f.joinURL ?? "", out)
    out.append(f.joinURL == nil ? ",false" : ",true")
    cell(f.provider ?? "", out)
    out.append(",false")
    cell(f.owner, out)
    joined(f.leads.map(\.email), out)
    cell(f.company ?? "", out)
    joined(f.participants.map(\.email), out)
    joined(f.rooms.map { $0.email.isEmpty ? $0.name : $0.email }, out)
    cell(f.organizer?.email ?? "", out)
    cell(f.status, out)
    cell(f.category, out)
    out.append(44)
    out.append(decimal: f.sequence)
    out.append(f.runAutomations ? ",true" : ",false")
    cell(f.notify, out)
  }

  private func csvTail(_ f: TaskFields, _ out: ByteBuffer) {
    cell(f.path, out)
    out.append(44)
    out.append(decimal: f.index)
    out.append(44)
    out.append(decimal: max(0, f.offset))
  }

  private func cell(_ s: String, _ out: ByteBuffer) {
    out.append(44)
    s.withByteView { CSVText.appendCell($0, to: out, guarded: guarded) }
  }

  private func joined(_ list: [String], _ out: ByteBuffer) {
    cell(list.joined(separator: ";"), out)
  }
}
