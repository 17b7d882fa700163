import Bytes
import JSONText
import Records
import Rules

/// Passes (b) and (c) of a run: the lead set, then duplicates and lead match in source order.
///
/// Facts come in source order. When no mail of the run may capture a lead, each is settled as it
/// comes. Otherwise the lead set is only known at the end: until then the facts, rendered records
/// included, wait in a spill file in the staging folder.
final class MailMerge {
  private let activities: RecordFiles?
  private let decisions: OutputFile?
  private let counts: RunCounts
  private let paths: PathTable
  private let leads: LeadRecords
  @exclusivity(unchecked) private var spill: OutputFile?
  @exclusivity(unchecked) private var activityCount = 0
  /// How many kept mails name an address of each domain, when asked for.
  @exclusivity(unchecked) private(set) var domains: [[UInt8]: Int]?

  private let captured = CapturedLeads()
  @exclusivity(unchecked) private var kept = IdentityTable()
  @exclusivity(unchecked) private var position = 0
  @exclusivity(unchecked) private var fact = MailFact()
  private let name = ByteBuffer(capacity: 256)
  // Of the mail at hand: the variants that become records.
  @exclusivity(unchecked) private var hits: [Int] = []
  // Takes the decisions of a run that writes nothing.
  private let discarded = ByteBuffer(capacity: 4096)
  /// Attachments that a kept mail names: the others are taken out of the folder at the end.
  @exclusivity(unchecked) private(set) var namedAttachments = DigestSet()
  /// Told of every decision: the mail, what became of it, why, by which rule, on what match.
  typealias Observer = (MailFact, Outcome, Reason, ByteView, ByteView) -> Void
  /// See ``Observer``.
  @exclusivity(unchecked) var observer: Observer?
  /// Pairs of different mails with one Message-ID.
  @exclusivity(unchecked) private(set) var reusedMessageIDs = 0

  /// A merge that writes into a staging folder; without one (`--dry-run`) it only counts.
  ///
  /// - Parameter waits: True when leads may be captured in this run.
  init(
    folder: String?, formats: RecordFiles.Formats, waits: Bool, counts: RunCounts,
    paths: PathTable, leads: LeadRecords
  ) throws {
    if let folder {
      activities = try RecordFiles(
        folder: folder, name: "activities", formats: formats, columns: ActivityColumns.all)
      decisions = try OutputFile(creating: Paths.join(folder, "decisions.jsonl"))
    } else {
      activities = nil
      decisions = nil
      domains = [:]
    }
    spill = waits ? try OutputFile(temporaryIn: folder ?? Paths.temporaryFolder) : nil
    self.counts = counts
    self.paths = paths
    self.leads = leads
  }

  /// Takes in the facts of one batch.
  func take(_ facts: ByteView) throws {
    kept.expect(facts)
    var reader = FactReader(facts)
    while !reader.isAtEnd {
      fact.read(from: &reader)
      if spill == nil {
        try settle(position)
      } else {
        collect(position)
      }
      position += 1
    }
    try spill?.write(facts)
  }

  // Pass (b): what a mail adds to the lead set, whatever becomes of its copy.
  private func collect(_ position: Int) {
    if !fact.listKey.isEmpty { captured.addList(fact.listKey) }
    guard fact.reason == nil else { return }
    for v in fact.variants where v.mayCapture { captured.add(v, of: fact, position: position) }
  }

  // Pass (c): an earlier kept copy, else no lead, else kept.
  private func settle(_ position: Int) throws {
    hits.removeAll(keepingCapacity: true)
    if let reason = fact.reason {
      let outcome: Outcome = reason == .quarantined ? .quarantined : .dropped
      try decide(outcome, reason, rule: fact.rule, matched: fact.matched)
      return
    }
    if let first = kept.find(fact.identity) {
      name.removeAll()
      name.append(string: paths.name(of: first.file, index: first.index))
      try decide(.dropped, .duplicate, rule: ByteView("duplicates"), matched: name.view)
      return
    }
    var isKnown = false
    for i in fact.variants.indices {
      if fact.variants[i].isKnown {
        isKnown = true
        hits.append(i)
      } else if captured.find(fact.variants[i].key) != nil {
        hits.append(i)
      }
    }
    if hits.isEmpty {
      let reason: Reason = fact.isAmbiguous ? .ambiguousLead : .noLead
      let rule: StaticString = fact.isAmbiguous ? "leads.onMultiple" : "leads"
      try decide(.dropped, reason, rule: ByteView(rule), matched: fact.matched)
      return
    }
    let isReused = kept.insert(
      fact.identity, messageID: fact.messageIDHash, file: fact.file, index: fact.index)
    if isReused { reusedMessageIDs += 1 }
    for i in hits {
      let v = fact.variants[i]
      activityCount += 1
      try activities?.write(json: v.json, fact.json, csv: v.csv, fact.csv)
      if !v.isKnown, let lead = captured.find(v.key) { captured.markWritten(lead) }
    }
    noteAttachments()
    noteDomains()
    let reason: Reason = isKnown ? .matched : .captured
    let firstHit = fact.variants[hits[0]].key
    try decide(
      .kept, reason, rule: ByteView(isKnown ? "leads.searchBy" : "captureLeads"),
      matched: firstHit)
  }

  private func noteAttachments() {
    var r = FactReader(fact.stored)
    while !r.isAtEnd {
      namedAttachments.insert(r.u64().byteSwapped)
      for _ in 0..<3 { _ = r.u64() }
    }
  }

  private func noteDomains() {
    guard domains != nil else { return }
    for i in hits {
      let key = fact.variants[i].key
      domains?[key.from((key.lastIndex(of: 64) ?? -1) + 1).array, default: 0] += 1
    }
  }

  // The decision's line; a kept mail names the records of its hits.
  private func decide(
    _ outcome: Outcome, _ reason: Reason, rule: ByteView, matched: ByteView
  ) throws {
    counts.count(outcome, reason, item: .mail)
    observer?(fact, outcome, reason, rule, matched)
    let line = decisions?.pending ?? discarded
    line.append(fact.head)
    line.append(",\"outcome\":\"")
    line.append(outcome.name)
    line.append("\",\"reason\":\"")
    line.append(string: reason.rawValue)
    line.append("\",\"rule\":")
    JSONWriter.appendString(rule, to: line)
    if !matched.isEmpty {
      line.append(",\"matched\":")
      JSONWriter.appendString(matched, to: line)
    }
    line.append(fact.tail)
    line.append(",\"records\":[")
    var isFirst = true
    for i in hits {
      line.append(isFirst ? "\"" : ",\"")
      isFirst = false
      line.append(fact.variants[i].record)
      line.append(34)
    }
    line.append("]}\n")
    discarded.removeAll()
    try decisions?.flushIfFull()
  }

  /// Settles everything that waits, writes the captured leads and closes the files.
  ///
  /// - Returns: Numbers of activities and leads written.
  func finish(sync: Bool) throws -> (activities: Int, leads: Int) {
    if let spill {
      self.spill = nil
      try spill.rewind()
      try settleSpilled(spill)
      try spill.close(sync: false)
    }
    let count = try leads.write(captured)
    try leads.close(sync: sync)
    try activities?.close(sync: sync)
    try decisions?.close(sync: sync)
    return (activityCount, count)
  }

  private func settleSpilled(_ spill: OutputFile) throws {
    let window = ByteBuffer(capacity: 4 << 20)
    var start = 0
    var position = 0
    while true {
      // Everything from `start` on is unread; facts begin with their length.
      let view = window.view.from(start)
      var peek = FactReader(view)
      let length = view.count >= 4 ? peek.u32() + 4 : Int.max
      if length <= view.count {
        var reader = FactReader(view.prefix(length))
        fact.read(from: &reader)
        try settle(position)
        position += 1
        start += length
        continue
      }
      window.discardPrefix(start)
      start = 0
      if try spill.read(1 << 20, into: window) == 0 { return }
    }
  }
}

/// What became of an item.
enum Outcome: UInt8, CaseIterable {
  case kept, dropped, quarantined

  /// The name in files.
  var name: StaticString {
    switch self {
    case .kept: "kept"
    case .dropped: "dropped"
    case .quarantined: "quarantined"
    }
  }
}
