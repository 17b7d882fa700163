import Bytes
import JSONText
import Ledger
import Records
import Rules

/// What a run makes of its mail together: the lead set, then duplicates and lead match in source
/// order.
///
/// Facts come in source order. When no mail of the run may capture a lead, each is settled as it
/// comes. Otherwise the lead set is only known at the end: until then the facts wait in a file in
/// the staging folder.
final class MailMerge {
  /// Records and decisions.
  let files: MailFiles
  private let paths: PathTable
  private let leads: LeadRecords
  private var waiting: WaitingFacts
  /// What was written so far.
  private(set) var tally = Tally()

  /// The leads that the run brings in.
  let captured = CapturedLeads()
  private var kept = Kept()
  // The ledger has the addresses of what is read again already.
  private var isReadAgain = false
  private let fact = MailFact()
  // Of the mail at hand: the variants that become records.
  private let hits = ReusedList<Int>()
  // Of the mail at hand: what the rules of steps 10 and 11 look at.
  private let settling: Settling
  /// Told of every decision.
  private let observer: (any DecisionObserver)?
  /// What earlier runs published, in a run with a ledger.
  private let memory: MailMemory?
  /// Takes in the calendars that came with mail, where they are read.
  private let invites: InviteStore?

  /// A merge that writes into a staging folder; without one (`--dry-run`) it only counts.
  ///
  init(
    folder: String?, plan: RunPlan, counts: DecisionCounts, paths: PathTable,
    leads: LeadRecords, memory: MailMemory? = nil, invites: InviteStore? = nil,
    observer: (any DecisionObserver)? = nil
  ) throws {
    self.memory = memory
    settling = Settling(hasLedger: memory != nil)
    self.invites = invites
    self.observer = observer
    files = try MailFiles(folder: folder, plan: plan, counts: counts)
    if folder == nil { tally.domains = [:] }
    waiting = try WaitingFacts(
      folder: folder ?? Paths.temporaryFolder, waits: !plan.rendersAhead, collects: plan.collects)
    self.paths = paths
    self.leads = leads
  }

  /// Settles mail of earlier runs that was read again, since an address of it is a lead now.
  func takeAgain(_ facts: ByteView) throws {
    isReadAgain = true
    defer { isReadAgain = false }
    var reader = FactReader(facts)
    while !reader.isAtEnd {
      read(from: &reader)
      try settleMail()
    }
  }

  // The next fact, and where its mail stands among all.
  private func read(from reader: inout FactReader, messageIDHash: UInt64? = nil) {
    fact.read(from: &reader)
    fact.standing = MailFact.Standing(
      position: ItemPosition(
        file: paths.number(source: fact.place.source, path: fact.place.path),
        index: fact.place.index),
      messageIDHash: messageIDHash ?? IdentityTable.hash(messageID: fact.messageID))
  }

  /// Settles all copies of one mail, which no other mail has to meet.
  ///
  /// - Parameter read: Fills in the copy with a number; they are asked for in the order of their
  ///   places.
  func settleCopies(_ count: Int, _ read: (Int, MailFact) throws -> Void) throws {
    kept.copies = ""
    defer { kept.copies = nil }
    for i in 0..<count {
      try read(i, fact)
      try settleMail()
    }
  }

  // What was kept, to know copies by.
  private struct Kept {
    var table = IdentityTable()
    // Where all copies of one mail come together: the place of the one that was kept, or "".
    var copies: String?
    // Hashes of the Message-IDs of the batch at hand.
    let hashes = ReusedList<UInt64>()
  }

  // The place of an earlier copy that was kept.
  private func earlierCopy() -> String? {
    if let place = kept.copies { return place.isEmpty ? nil : place }
    return kept.table.find(fact.identity).map {
      paths.name(of: Int($0.file), index: Int($0.index))
    }
  }

  // Declares the mail kept; true when one with the same Message-ID was, as far as that is known.
  private func keep() -> Bool {
    if kept.copies != nil {
      kept.copies = "\(fact.place.path.string)#\(fact.place.index)"
      return false
    }
    return kept.table.insert(
      fact.identity, messageID: fact.standing.messageIDHash, fact.standing.position)
  }

  /// Takes in the facts of one batch.
  func take(_ facts: ByteView) throws {
    let hashes = kept.hashes
    kept.table.expect(facts, hashes)
    var reader = FactReader(facts)
    var i = 0
    while !reader.isAtEnd {
      read(from: &reader, messageIDHash: i < hashes.count ? hashes[i] : nil)
      i += 1
      if !fact.invitation.isEmpty { try invites?.add(fact) }
      if !waiting.isOpen {
        try settleMail()
      } else if waiting.collects {
        try collect()
      }
    }
    try waiting.add(facts)
  }

  /// Takes in a calendar: true when it can be settled at once, false when its turn comes later
  /// (``settleWaiting(_:)``).
  func passes(calendar number: Int) throws -> Bool { try !waiting.add(calendar: number) }

  // What a mail adds to the lead set, whatever becomes of its copy.
  private func collect() throws {
    if !fact.listKey.isEmpty {
      captured.addList(fact.listKey)
      try memory?.keepList(fact.listKey)
    }
    guard fact.verdict.reason == nil else { return }
    for v in fact.variants where v.mayCapture {
      // A lead of an earlier run is written once, and that was then.
      if let memory, try memory.isLead(v.key) || memory.isList(v.key) { continue }
      captured.add(CapturedLeads.Sighting(v, of: fact, at: fact.standing.position))
    }
  }

  private func isLead(_ key: ByteView) throws -> Bool {
    if captured.find(key) != nil { return true }
    guard let memory else { return false }
    return try memory.isLead(key)
  }

  // The rules of steps 10 and 11, now that the leads of the run are known.
  private func settleMail() throws {
    hits.removeAll()
    if !fact.verdict.sentAs.isEmpty { tally.sentAs.add(fact.verdict.sentAs, by: fact.user) }
    if let reason = fact.verdict.reason {
      if reason == .folderNotSynced { tally.leftOut.add(fact.verdict.matched.array) }
      tell(
        Finding(
          reason: reason, rule: fact.verdict.rule.string, matched: fact.verdict.matched.string), nil
      )
      try decide(reason, rule: fact.verdict.rule, matched: fact.verdict.matched)
      return
    }
    let settlement = settling.settlement
    settlement.reset()
    if let earlier = earlierCopy() {
      settlement.earlierCopy = earlier
    } else {
      try lookUp()
    }
    let finding = settling.rules.decide(settlement)
    guard let reason = finding.reason else { return }
    if settlement.isOriginal {
      let isReused = keep()
      if isReused, reason.outcome == .kept { tally.reusedMessageIDs += 1 }
    }
    if reason.outcome == .kept { try publish() } else { hits.removeAll() }
    tell(finding, settlement)
    let rule = settling.rule(of: finding)
    if finding.matched.isEmpty {
      try decide(reason, rule: rule, matched: settlement.named)
    } else {
      try finding.matched.withByteView { try decide(reason, rule: rule, matched: $0) }
    }
  }

  // What an observer is told; most runs have none.
  private func tell(_ finding: @autoclosure () -> Finding, _ settlement: MailSettlement?) {
    guard let observer else { return }
    var finding = finding()
    if let settlement, finding.matched.isEmpty { finding.matched = settlement.named.string }
    observer.decided(
      MailDecision(
        place: "\(fact.place.path.string)#\(fact.place.index)", finding: finding,
        settlement: settlement))
  }

  // Which addresses are leads, and which of their records an earlier run published.
  private func lookUp() throws {
    let settlement = settling.settlement
    for i in fact.variants.indices {
      if fact.variants[i].isKnown {
        settlement.listedHits += 1
      } else if try isLead(fact.variants[i].key) {
        settlement.capturedHits += 1
      } else {
        continue
      }
      hits.append(i)
    }
    settlement.isAmbiguous = fact.verdict.isAmbiguous
    settlement.lookedUp = fact.verdict.matched
    if let memory {
      if !isReadAgain {
        try memory.keep(
          fact,
          for: fact.variants.indices.filter { !hits.contains($0) }.map { fact.variants[$0].key })
      }
      // These stay in question, however often they are read again.
      if fact.verdict.isAmbiguous {
        try memory.keep(fact, for: fact.memory?.ambiguousAddresses ?? [])
      }
      try leaveOutPublished(memory)
    }
    if let first = hits.first { settlement.firstHit = fact.variants[first].key }
  }

  // Of the hits only those stay that no earlier run published, if there are any.
  private func leaveOutPublished(_ memory: MailMemory) throws {
    let settlement = settling.settlement
    if hits.isEmpty { return }
    let known = try memory.arePublished(hits.map { fact.variants[$0].record })
    settlement.publishedHits = known.count { $0 }
    if settlement.publishedHits == 0 || settlement.isPublished { return }
    let all = Array(hits)
    hits.removeAll()
    for (hit, isKnown) in zip(all, known) where !isKnown { hits.append(hit) }
  }

  // Writes the records of the hits.
  private func publish() throws {
    try files.write(hits, of: fact)
    for i in hits {
      let v = fact.variants[i]
      tally.activities += 1
      try memory?.publish(v.record, .activity)
      if !v.isKnown, let lead = captured.find(v.key) { captured.markWritten(lead) }
    }
    noteAttachments()
    noteDomains()
  }

  private func noteAttachments() {
    var r = FactReader(fact.stored)
    while !r.isAtEnd {
      tally.attachments.insert(r.u64().byteSwapped)
      for _ in 0..<3 { _ = r.u64() }
    }
  }

  private func noteDomains() {
    guard tally.domains != nil else { return }
    for i in hits {
      let key = fact.variants[i].key
      tally.domains?[key.from((key.lastIndex(of: 64) ?? -1) + 1).array, default: 0] += 1
    }
  }

  // The decision's line; a kept mail names the records of its hits.
  private func decide(_ reason: Reason, rule: ByteView, matched: ByteView) throws {
    try memory?.decide(fact, reason, hits: hits)
    try files.decide(fact, reason, rule: rule, matched: matched, hits: hits)
  }

  /// Settles what waits, in source order; `calendars` settles those among it.
  func settleWaiting(_ calendars: CalendarJob) throws {
    guard let file = try waiting.take() else { return }
    try WaitingFacts.forEach(in: file) { item in
      switch item {
      case .calendar(let number): try calendars.settle(number)
      case .mail(let bytes):
        var reader = FactReader(bytes)
        read(from: &reader)
        try settleMail()
      }
    }
    try file.close(sync: false)
  }

  /// Takes over what another part of the run wrote of its mail.
  func append(from folder: String, activities: Int) throws {
    try files.append(from: folder, count: activities)
    tally.activities += activities
  }

  /// Writes the captured leads that a record names; gives their number.
  func writeLeads() throws -> Int {
    try leads.write(captured) { lead, key, owner in
      try memory?.capture(lead, key: key, owner: owner)
    }
  }

  /// Closes the files.
  func close(sync: Bool) throws {
    try leads.close(sync: sync)
    try files.close(sync: sync)
  }

  /// What a merge wrote so far.
  struct Tally {
    /// Activities.
    var activities = 0
    /// How many kept mails name an address of each domain, when asked for.
    var domains: [[UInt8]: Int]?
    /// Attachments that a kept mail names: the others are taken out of the folder at the end.
    var attachments = DigestSet()
    /// Pairs of different mails with one Message-ID.
    var reusedMessageIDs = 0
    /// Mails in folders of the users' own that are not read, by the folder's name.
    var leftOut = BoundedCounts<[UInt8]>()
    /// What users sent under addresses that nobody lists.
    var sentAs = SentAsTally()
  }

  // Of the mail at hand: what the rules of steps 10 and 11 look at, and they themselves.
  private final class Settling {
    let settlement: MailSettlement
    let rules: MailSettleRuleBook
    // What was found last, and its setting as bytes: it is mostly the same one.
    private var last = Finding.pass
    private let lastBytes = ByteBuffer(capacity: 64)

    init(hasLedger: Bool) {
      settlement = MailSettlement(plan: .init(hasLedger: hasLedger))
      rules = MailRules.settling.asked(under: settlement.plan)
    }

    /// The setting that decided, as bytes; they hold until the next call.
    func rule(of finding: Finding) -> ByteView {
      if !finding.hasTexts(of: last) {
        last = finding
        lastBytes.removeAll()
        lastBytes.append(string: finding.rule)
      }
      return lastBytes.view
    }
  }
}
