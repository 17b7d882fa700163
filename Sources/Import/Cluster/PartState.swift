import Bytes
import Glibc
import JSONText
import Records
import Rules

/// What one part of a run over facts leaves for the end beside its records: the file run.json of
/// its folder.
struct PartState: FactFields {
  /// See ``FactHeader``.
  var config = ""
  var now: Int64?
  /// Decisions, by outcome and reason.
  var counts = DecisionCounts()
  /// Records written.
  var records = RunReport.Records()
  /// Everything said of the run's sources, and how many of their items the part has settled.
  var sources: [SourceFact] = []
  var settled: [Settled] = []
  var notes: [RunNote] = []
  /// Of calendars.
  var calendars = CalendarNotes()
  /// The UIDs of meetings that tasks were made of; see ``OutboundTasks/imported``.
  var imported: [Imported] = []
  /// Attachments that records name and the part does not hold.
  var missingAttachments = 0

  /// What lies in the part's folder beside this.
  var files: [FileNote] = []

  /// A file, or everything in a folder.
  struct FileNote: FactFields, Equatable {
    var name = ""
    /// How many files, and their bytes together.
    var count = 0
    var bytes = 0

    mutating func walk(_ c: inout some FactCoder) {
      c.text("name", &name)
      c.number("count", &count)
      c.number("bytes", &bytes)
    }
  }

  /// Items of one source.
  struct Settled: FactFields {
    var source = ""
    var items = 0

    mutating func walk(_ c: inout some FactCoder) {
      c.text("source", &source)
      c.number("items", &items)
    }
  }

  /// A meeting by what a task and it have in common.
  struct Imported: FactFields {
    var print = 0
    var uid = ""

    mutating func walk(_ c: inout some FactCoder) {
      c.number("print", &print)
      c.text("uid", &uid)
    }
  }

  mutating func walk(_ c: inout some FactCoder) {
    c.text("config", &config)
    c.number("now", &now)
    counts.walk(&c)
    c.number("activities", &records.activities)
    c.number("tasks", &records.tasks)
    c.number("blocks", &records.blocks)
    c.list("sources", &sources)
    c.list("settled", &settled)
    c.list("notes", &notes)
    c.fields("calendars", &calendars)
    c.list("imported", &imported)
    c.number("missingAttachments", &missingAttachments)
    c.list("files", &files)
  }

  /// What lies in a part's folder, but for run.json.
  static func files(in folder: String) -> [FileNote] {
    Paths.entries(of: folder).filter { $0 != "run.json" }.sorted().map { name in
      var note = FileNote()
      note.name = name
      note.add(Paths.join(folder, name))
      return note
    }.filter { $0.count > 0 }
  }

  /// Makes sure that a part's folder holds what it held when it was written.
  ///
  /// - Throws: ``RunError`` 65.
  func check(_ folder: String) throws {
    let found = Self.files(in: folder)
    if found == files { return }
    let wrong =
      files.first { !found.contains($0) }?.name ?? found.first { !files.contains($0) }?.name
    throw RunError(
      .badSource,
      "\(Plain.line(Paths.join(folder, wrong ?? ""))): is not what winnow reduce --part left there; reduce that part again"
    )
  }

  /// Writes it to a file.
  func write(to path: String) throws {
    var state = self
    let out = ByteBuffer(capacity: 4096)
    out.append("{\"winnow\":")
    JSONWriter.appendString(Version.text, to: out)
    out.append(",\"part\":{")
    var c = FactJSONWriter(out)
    state.walk(&c)
    out.append("}}\n")
    let file = try OutputFile(creating: path)
    try file.write(out.view)
    try file.close(sync: true)
  }

  /// Reads the file of a part's folder.
  ///
  /// - Throws: ``RunError`` 65 where it is no such file.
  static func read(_ path: String) throws -> PartState {
    let damaged = RunError(
      .badSource,
      "\(Plain.line(path)): is not what winnow reduce --part wrote; reduce that part again")
    guard let bytes = Paths.readSmallFile(path, limit: 1 << 30) else { throw damaged }
    return try bytes.withByteView { view in
      let document = JSONDocument.parse(view)
      guard let part = document.root?.member("part") else { throw damaged }
      var state = PartState()
      var reader = FactJSONReader(part, scratch: ByteBuffer())
      state.walk(&reader)
      if reader.isDamaged { throw damaged }
      return state
    }
  }
}

extension PartState.FileNote {
  // Nothing is followed; what is no file and no folder counts as nothing.
  fileprivate mutating func add(_ path: String) {
    var info = stat()
    guard lstat(path, &info) == 0 else { return }
    if info.st_mode & S_IFMT == S_IFDIR {
      for name in Paths.entries(of: path) { add(Paths.join(path, name)) }
    } else if info.st_mode & S_IFMT == S_IFREG {
      count += 1
      bytes += Int(info.st_size)
    }
  }
}
