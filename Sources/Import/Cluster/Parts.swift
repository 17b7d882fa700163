import Bytes
import Glibc
import JSONText
import Records
import Rules

extension RunSteps {
  /// Ends one part of a run: its files lie in the staging folder, with what the end of the whole
  /// needs.
  func writePart(_ staging: Staging, _ header: FactHeader, _ first: FirstRound) throws -> PartState
  {
    var state = PartState()
    state.config = header.config
    state.now = header.now
    state.counts = counts
    state.records.activities = merge.tally.activities
    state.records.tasks = records.taskCount
    state.records.blocks = records.blockCount
    state.sources = first.parts
    state.notes = first.notes
    state.calendars = settler.notes
    state.imported = settler.tasks.imported.sorted { $0.key < $1.key }.map {
      PartState.Imported(print: Int(bitPattern: UInt(truncatingIfNeeded: $0.key)), uid: $0.value)
    }
    try records.save(to: staging.path)
    try merge.close(sync: true)
    try merge.captured.save(to: staging.file(CapturedLeads.part))
    return state
  }

  /// Takes over one part of the run.
  func take(_ state: PartState, from folder: String) throws {
    try merge.append(from: folder, activities: state.records.activities)
    try merge.files.decisions.append(
      contentsOf: Paths.join(folder, "decisions.jsonl"), state.counts)
    try records.take(
      from: folder, tasks: state.records.tasks, blocks: state.records.blocks)
    try merge.captured.take(from: Paths.join(folder, CapturedLeads.part))
    settler.add(state.calendars)
    settler.tasks.add(
      imported: Dictionary(
        state.imported.map { (UInt64(UInt(bitPattern: $0.print)), $0.uid) }, uniquingKeysWith: min))
  }
}

extension CapturedLeads {
  /// The leads that a part's records name, a line each.
  fileprivate static let part = "leads.part"

  // Positions are the run's: what every part knows of the sources is the same.
  fileprivate func save(to path: String) throws {
    let file = try OutputFile(creating: path)
    try forEachSum(written: true) { sum in
      var lead = LeadFact(sum) { FactPlace(file: Int($0.file), index: Int($0.index)) }
      file.pending.append(123)
      var c = FactJSONWriter(file.pending)
      lead.walk(&c)
      file.pending.append("}\n")
      try file.flushIfFull()
    }
    try file.close(sync: true)
  }

  fileprivate func take(from path: String) throws {
    guard let bytes = Paths.readSmallFile(path, limit: 1 << 40) else {
      throw OutputError(path: path, call: "read")
    }
    try bytes.withByteView { view in
      let document = JSONDocument()
      let scratch = ByteBuffer()
      var at = 0
      while let end = view.firstIndex(of: ASCII.lf, from: at) {
        document.read(view.slice(at, end))
        at = end + 1
        guard let root = document.root else {
          throw OutputError(path: path, call: "read", code: EBADMSG)
        }
        var lead = LeadFact()
        var reader = FactJSONReader(root, scratch: scratch)
        lead.walk(&reader)
        lead.add(to: self) { ItemPosition(file: $0.file, index: $0.index) }
        lead.email.withByteView { key in
          if let i = find(key) { markWritten(i) }
        }
      }
    }
  }
}

/// `winnow reduce --finish`: the parts of a run in one folder become its result in another.
enum FinishRun {
  /// What the folders of parts are called, with the part's name after it.
  static let prefix = "part-"

  /// Runs it.
  static func execute(
    _ folder: String, _ setup: RunSetup, _ options: ImportOptions,
    _ started: ContinuousClock.Instant
  ) throws -> ExitStatus {
    var run = options
    let parts = try read(folder)
    var header = try FactHeader(setup, run)
    try check(parts, &header)
    run.now = run.now ?? header.now.flatMap { TimePoint(TimePoint.rfc3339($0)) }
    let sources = try FactSources(parts.flatMap(\.state.sources))
    try check(parts, sources)
    let runID = RunName.make()
    let destination = try Destination.of(run, setup.config, setup.folder, runID: runID)
    let (parent, place) = (Paths.real(folder), Paths.real(destination.path))
    if place == parent || place.hasPrefix(parent + "/") {
      throw RunError(
        .cannotCreate,
        "\(Plain.line(destination.path)): lies among the parts; choose another --out")
    }
    let staging = try Staging(destination: destination.path, runID: runID)
    do {
      let job = RunJob(
        options: run, setup: setup, sources: try sources.resolved(parts.flatMap(\.state.notes)),
        staging: staging)
      let steps = try RunSteps(job)
      for part in parts { try steps.take(part.state, from: part.folder) }
      var report = try steps.write(reduced: sources.facts)
      for part in parts {
        for name in ["quarantine", AttachmentStore.folder] {
          try StoredFiles.takeTree(
            Paths.join(part.folder, name), to: staging.file(name))
        }
      }
      let missing = parts.reduce(0) { $0 + $1.state.missingAttachments }
      if missing > 0 { report.sourceWarnings.append(StoredFiles.warning(missing)) }
      return try ImportRun.finish(report, job, staging, destination, runID, started)
    } catch {
      staging.discard()
      throw error
    }
  }

  private typealias Part = (folder: String, state: PartState)

  private static func read(_ folder: String) throws -> [Part] {
    let names = Paths.entries(of: folder).filter { $0.hasPrefix(prefix) }.sorted()
    if names.isEmpty {
      throw RunError(
        .badSource,
        "\(Plain.line(folder)): holds no part of a run (part-…); write them with winnow reduce --part N --out \(Plain.line(folder))"
      )
    }
    return try names.map { name in
      let part = Paths.join(folder, name)
      let state = try PartState.read(Paths.join(part, "run.json"))
      try state.check(part)
      return (part, state)
    }
  }

  private static func check(_ parts: [Part], _ header: inout FactHeader) throws {
    for part in parts {
      if part.state.config != header.config {
        throw RunError(
          .configuration,
          "\(Plain.line(part.folder)): was made with another configuration, other lists or other options; reduce it again, or give --finish the same"
        )
      }
      guard let now = part.state.now else { continue }
      if let known = header.now, known != now {
        throw RunError(
          .configuration,
          "\(Plain.line(part.folder)): was made for \(TimePoint.rfc3339(now)), others for \(TimePoint.rfc3339(known)); give all parts and --finish the same --now"
        )
      }
      header.now = now
    }
  }

  // In is kept, dropped and quarantined; each item once.
  private static func check(_ parts: [Part], _ sources: FactSources) throws {
    var settled = [Int](repeating: 0, count: sources.facts.count)
    for one in parts.flatMap(\.state.settled) {
      if let i = sources.number(one.source) { settled[i] += one.items }
    }
    try sources.check(settled: settled)
  }
}
