import Bytes
import Records
import Rules

/// The round of leads: what every part of a run must know before an item is settled.
///
/// What sources say comes into memory. The rest waits in a file without a name until all sources
/// are known, since only then the places of its items can be told.
final class FirstRound {
  private let rounds: FactRounds
  private let file: OutputFile
  /// What was said of sources, and of parts of them.
  private(set) var parts: [SourceFact] = []
  private(set) var notes: [RunNote] = []

  // How a group lies in the file: its lines, and 0 after the last.
  init(_ rounds: FactRounds) throws {
    self.rounds = rounds
    file = try OutputFile(temporaryIn: Paths.temporaryFolder)
  }

  /// Takes in the lines of one key.
  func take(_ group: FactGroup) throws {
    var waits = false
    try rounds.forEach(group) { fact in
      if fact.kind.equals("source") {
        let source = try fact.walk { c in
          var source = SourceFact()
          source.walk(&c)
          return source
        }
        // All lines of the key are of one source.
        if !parts.reversed().prefix(while: { $0.name == source.name }).contains(source) {
          parts.append(source)
        }
      } else if fact.kind.equals("run") {
        let note = try fact.walk { c in
          var note = RunNote()
          note.walk(&c)
          return note
        }
        if !notes.contains(note) { notes.append(note) }
      } else if ["lead", "list", "event"].contains(fact.kind.string) {
        waits = true
      } else {
        throw fact.misplaced
      }
    }
    guard waits else { return }
    for row in group.rows {
      let w = FactWriter(out: file.pending)
      w.u32(row.line)
      w.bytes(try group.json(row))
      try file.flushIfFull()
    }
    let w = FactWriter(out: file.pending)
    w.u32(0)
    w.u32(0)
  }

  /// The sources, put together.
  func sources() throws -> FactSources { try FactSources(parts) }

  /// Brings what waited into the lead set of a run.
  func combine(_ steps: RunSteps, _ sources: FactSources) throws {
    try file.rewind()
    let window = ByteBuffer(capacity: 1 << 20)
    var start = 0
    var meetings: [MeetingItem] = []
    while true {
      let view = window.view.from(start)
      var peek = FactReader(view.from(4))
      let length = view.count >= 8 ? peek.u32() + 8 : Int.max
      guard length <= view.count else {
        window.discardPrefix(start)
        start = 0
        if try file.read(1 << 20, into: window) == 0 { return }
        continue
      }
      var reader = FactReader(view.prefix(length))
      let line = reader.u32()
      if line == 0 {
        if !meetings.isEmpty { try steps.calendars.collect(group: meetings) }
        meetings.removeAll()
      } else {
        let fact = try rounds.decoder.read(reader.bytes(), line: line)
        if let item = try add(fact, line, steps, sources) { meetings.append(item) }
      }
      start += length
    }
  }

  // Gives back a meeting, which has to meet the others of its UID.
  private func add(
    _ fact: FactDecoder.Fact, _ line: Int, _ steps: RunSteps, _ sources: FactSources
  ) throws -> MeetingItem? {
    if fact.kind.equals("event") { return try steps.calendars.item(fact, sources) }
    if fact.kind.equals("list") {
      var key = ByteView.empty
      try fact.walk { $0.text("email", &key) }
      steps.merge.captured.addList(key)
      return nil
    }
    guard fact.kind.equals("lead") else { return nil }
    let lead = try fact.walk { c in
      var lead = LeadFact()
      lead.walk(&c)
      return lead
    }
    guard sources.position(lead.at) != nil,
      lead.name.isEmpty || sources.position(lead.nameAt) != nil
    else { throw FactSources.unknown(line) }
    lead.add(to: steps.merge.captured) {
      sources.position($0) ?? ItemPosition(file: 0, index: 0)
    }
    return nil
  }

  /// Writes the round's facts, put together, for those who settle parts of the items.
  func write(
    _ captured: CapturedLeads, _ sources: FactSources, _ header: FactHeader, to out: OutputFile
  ) throws {
    let lines = LeadLines(header, out)
    for part in parts { try lines.write(part) }
    for note in notes { try lines.write(note) }
    try lines.write(captured, place: sources.place)
    try out.flush()
  }
}

extension FactSources {
  /// The error about an item of which the source said nothing.
  static func unknown(_ line: Int) -> RunError {
    RunError(
      .badSource,
      "\(FactInput.place(line)): an item of a source, or of a part of one, whose own fact is missing; give reduce all facts of each map, those of keys with a: in every part"
    )
  }
}
