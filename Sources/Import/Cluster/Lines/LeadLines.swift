import Bytes
import Records

/// Writes the facts of the round of leads: those of a map, and those that a reduce put together.
struct LeadLines {
  private let lines: FactLines
  private let out: OutputFile

  /// Lines of a run, to a file.
  init(_ header: FactHeader, _ out: OutputFile) {
    lines = FactLines(header)
    self.out = out
  }

  private func write(
    _ key: Digest, _ kind: StaticString, _ body: (inout FactJSONWriter) -> Void
  ) throws {
    lines.append(.leads, key, kind, to: out.pending, body)
    try out.flushIfFull()
  }

  /// What was read of a source.
  func write(_ source: SourceFact) throws {
    var source = source
    let key = source.name.text.withByteView { lines.key(ByteView("source"), $0) }
    try write(key, "source") { source.walk(&$0) }
  }

  /// What the run says as a whole.
  func write(_ note: RunNote) throws {
    var note = note
    try write(lines.key(ByteView("run")), "run") { note.walk(&$0) }
  }

  /// The leads, and the lists' own addresses.
  func write(_ captured: CapturedLeads, place: (ItemPosition) -> FactPlace) throws {
    try captured.forEachSum { sum in
      var lead = LeadFact(sum, place: place)
      try write(lines.key(ByteView("lead"), sum.first.key), "lead") { lead.walk(&$0) }
    }
    try captured.forEachList { list in
      var list = list
      try write(lines.key(ByteView("lead"), list), "list") { $0.text("email", &list) }
    }
  }
}
