import Bytes
import JSONText
import Records
import Rules

/// run.json: what a run did, for programs.
extension RunReport {
  /// Writes the file; all of it but `timing` is the same in every run over the same input.
  func writeJSON(to path: String) throws {
    let out = ByteBuffer(capacity: 4096)
    let w = JSONWriter(out)
    w.beginObject()
    w.key("winnow")
    w.string(Version.text)
    w.key("version")
    w.string(Version.text)
    items(w)
    w.key("inputs")
    w.beginArray()
    for source in sources { input(w, source) }
    w.endArray()
    settings(w)
    history(w)
    list(w, "cutSeries", meetings.cutSeries)
    list(w, "newSources", newSources)
    list(w, "warnings", warnings)
    w.key("timing")
    w.beginObject()
    w.key("runId")
    w.string(place.runID)
    w.key("started")
    w.string(setup.startedText)
    w.key("duration")
    w.number((timing.duration * 1000).rounded() / 1000)
    w.key("bytesPerSecond")
    w.number(Progress.Text.rate(timing.bytes, timing.duration))
    w.endObject()
    w.endObject()
    out.append(ASCII.lf)
    let file = try OutputFile(creating: path)
    try file.write(out.view)
    try file.close(sync: true)
  }

  private func list(_ w: JSONWriter, _ key: StaticString, _ texts: [String]) {
    w.key(key)
    w.beginArray()
    for text in texts { w.string(text) }
    w.endArray()
  }

  private func items(_ w: JSONWriter) {
    w.key("items")
    outcomes(w, all: true)
    for (name, item) in [("mail", DecisionCounts.Item.mail), ("events", .event)] {
      w.key(text: name)
      outcomes(w, item)
    }
    w.key("reasons")
    w.beginObject()
    for r in counts.given {
      w.key(text: r.reason.rawValue)
      w.number(r.count)
    }
    w.endObject()
    w.key("records")
    w.beginObject()
    for (name, n) in records.named {
      w.key(text: name)
      w.number(n)
    }
    w.endObject()
  }

  private func settings(_ w: JSONWriter) {
    w.key("config")
    w.beginObject()
    w.key("path")
    w.string(orNull: setup.configPath)
    w.key("digest")
    w.string(orNull: setup.configDigest?.hex())
    w.key("profile")
    w.string(setup.config.profile.rawValue)
    // A program that reads the CSV back must know; most results have the guard.
    if !setup.config.output.csvFormulaGuard { w.member("csvFormulaGuard", false) }
    w.endObject()
    w.key("compliance")
    w.beginObject()
    w.key("region")
    w.string(orNull: setup.config.organization.region)
    w.key("retentionDays")
    w.number(orNull: setup.config.organization.retentionDays)
    w.endObject()
  }

  private func history(_ w: JSONWriter) {
    w.key("users")
    w.beginArray()
    for (owner, last) in meetings.lastEvents.sorted(by: { $0.key < $1.key }) {
      w.beginObject()
      w.key("id")
      w.string(owner)
      w.key("lastEventReceived")
      w.string(TimePoint.rfc3339(last))
      w.endObject()
    }
    w.endArray()
    w.key("backfill")
    w.beginObject()
    w.key("read")
    w.number(ledger.backfill.mails)
    w.key("unavailable")
    w.number(ledger.backfill.unavailable)
    w.endObject()
    w.key("missingMeetings")
    w.number(meetings.missing)
    w.key("ledger")
    w.bool(ledger.isThere)
  }

  private func outcomes(_ w: JSONWriter, _ item: DecisionCounts.Item = .mail, all: Bool = false) {
    w.beginObject()
    w.key("in")
    w.number(Outcome.allCases.reduce(0) { $0 + (all ? counts.items($1) : counts.items($1, item)) })
    for o in Outcome.allCases {
      w.key(o.name)
      w.number(all ? counts.items(o) : counts.items(o, item))
    }
    if all || item == .mail {
      w.key("unread")
      w.number(ledger.unread)
    }
    w.endObject()
  }

  private func input(_ w: JSONWriter, _ source: SourceFact) {
    w.beginObject()
    w.key("path")
    w.string(source.path)
    w.key("kind")
    w.string(source.kind)
    w.key("owner")
    w.string(setup.makePseudonyms()?.text(source.owner) ?? source.owner)
    w.key("size")
    w.number(source.size)
    w.key("modified")
    ActivityRendering.appendDate(source.look.modified, to: w.out)
    w.key("items")
    w.number(source.items)
    if let print = source.look.fingerprint {
      w.key("fingerprint")
      w.string(print.hex())
    }
    if let whole = source.look.sha256 {
      w.key("sha256")
      w.string(whole.hex())
    }
    w.endObject()
  }
}
