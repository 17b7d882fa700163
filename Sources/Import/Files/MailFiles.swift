import Bytes
import Records
import Rules

/// The records and decisions of a run's mail, in their files.
final class MailFiles {
  private let activities: RecordFiles?
  private let rendering: MailRendering
  private let quarantine: String?
  /// The decisions, those of other items among them.
  let decisions: DecisionLines

  /// Creates the files; without a folder (`--dry-run`) decisions are counted only.
  init(folder: String?, plan: RunPlan, counts: DecisionCounts) throws {
    activities = try folder.map {
      try RecordFiles(
        folder: $0, name: "activities", formats: plan.formats,
        columns: ActivityRecord.table.columns)
    }
    rendering = MailRendering(run: plan)
    quarantine = plan.quarantineFolder
    decisions = try DecisionLines(folder: folder, counts: counts)
  }

  /// Writes the records of these of a mail's addresses, by number.
  func write(_ hits: ReusedList<Int>, of fact: MailFact) throws {
    guard let activities, !hits.isEmpty else { return }
    let shared = rendering.shared(of: fact)
    for i in hits {
      let own = rendering.own(fact.variants[i], of: fact)
      try activities.write(json: own.json, shared.json, csv: own.csv, shared.csv)
    }
  }

  /// Writes what was decided of a mail; `hits` are the addresses whose records it names.
  func decide(
    _ fact: MailFact, _ reason: Reason, rule: ByteView, matched: ByteView,
    hits: ReusedList<Int>
  ) throws {
    let pieces = rendering.line(of: fact)
    let line = decisions.begin(
      reason.outcome, reason, item: .mail, head: pieces.head, rule: rule, matched: matched,
      tail: pieces.tail)
    var isFirst = true
    for i in hits {
      line.append(isFirst ? "\"" : ",\"")
      isFirst = false
      line.append(fact.variants[i].record)
      line.append(34)
    }
    try decisions.end()
    if let unread = fact.verdict.unread, let quarantine {
      try keep(unread, of: fact, in: quarantine)
    }
  }

  private func keep(_ unread: MailFact.Unread, of fact: MailFact, in folder: String) throws {
    let place = fact.place
    try QuarantineWriter.write(
      unread.bytes, digest: unread.digest, error: fact.verdict.matched.string, path: place.path,
      index: place.index, offset: place.offset, length: unread.length, folder: folder,
      ending: "eml")
  }

  /// Takes over the activities of another part of the run.
  func append(from folder: String, count: Int) throws {
    try activities?.append(from: folder, name: "activities", count: count)
  }

  /// Closes the files.
  func close(sync: Bool) throws {
    try activities?.close(sync: sync)
    try decisions.close(sync: sync)
  }
}
