import Bytes
import Mail
import Mailboxes
import Rules

/// One mail on its way through a worker: what reads it, and what was found out about it so far.
final class MailLane {
  let entries = EntryReader()
  let context: MailContext
  fileprivate let builder: MailFactsBuilder
  fileprivate let identity = MailIdentity()
  fileprivate var entry: MessageEntry?
  /// Why the entry is no message; nil for one that is.
  fileprivate var fault: StaticString?
  /// Nil for what is no message.
  fileprivate var state: MailState?
  fileprivate var finding: Finding?
  /// The mail's identity; nil for one that a rule dropped, and until it is hashed.
  fileprivate var id: Digest?

  fileprivate init(plan: MailPlan, labels: LabelCache) {
    builder = MailFactsBuilder(entries.reader, labels: labels)
    context = MailContext(plan: plan, facts: builder.facts)
  }

  // Fills the facts in and begins the mail: from here on rules may be asked.
  fileprivate func prepare(_ state: inout MailState, _ entry: MessageEntry, _ batch: MessageBatch) {
    builder.fill(entries.reader.message, &state, entry, batch)
    context.begin()
  }

  fileprivate func prepare(fault: StaticString, _ source: MailboxContext) {
    builder.fill(fault: fault, source)
    context.begin()
  }
}

/// Steps 1 to 9 and the look-up of step 11 of one mail after the other: the facts that come out
/// depend on the mail, the plan and the lists alone. One per worker thread.
///
/// Mails go through in groups: all of a group are read, then all are decided, then the facts of all
/// are written in their order. One mail's whole path does not fit into the processor's instruction
/// cache; the code of one step does.
package final class MailWorker {
  let run: RunPlan
  private var lanes: [MailLane]
  private let labels = LabelCache()
  private let writer: MailFactWriter
  private let book: MailRuleBook
  private var matches = LeadMatching.Result()
  private let hash = SHA256()
  /// How many mails are held side by side at most.
  private static let groupSize = 8
  /// How many bytes of mail: a larger mail is a group of its own, always in the first lane, so that
  /// no other lane ever keeps much memory.
  private static let groupBytes = 256 << 10
  private static let heavy = 8 << 20

  package init(run: RunPlan) {
    self.run = run
    lanes = [MailLane(plan: run.mail, labels: labels)]
    writer = MailFactWriter(run: run)
    book = MailRules.book.asked(under: run.mail)
  }

  private func lane(_ i: Int) -> MailLane {
    while lanes.count <= i { lanes.append(MailLane(plan: run.mail, labels: labels)) }
    return lanes[i]
  }

  /// Works through one batch, or through one entry of it; the facts are appended to a buffer of
  /// their own.
  func process(_ work: MailWork, only wanted: MessageEntry? = nil) -> BatchResult {
    let result = run.shared.results.take()
    var count = 0
    var bytes = 0
    for entry in work.batch.entries {
      if let wanted, entry.separatorOffset != wanted.separatorOffset { continue }
      if count == Self.groupSize || (count > 0 && entry.length > Self.groupBytes - bytes) {
        finish(count, work, into: result)
        count = 0
        bytes = 0
      }
      read(entry, work, lane(count))
      count += 1
      bytes += entry.length
      result.bytes += entry.length
    }
    finish(count, work, into: result)
    // Or each worker would keep the texts of the largest mail that it has seen.
    if work.weight > Self.heavy { for lane in lanes { lane.entries.forget() } }
    return result
  }

  // The steps after reading, for so many mails.
  private func finish(_ count: Int, _ work: MailWork, into result: BatchResult) {
    for i in 0..<count { decide(lanes[i], work) }
    identify(count)
    for i in 0..<count { settle(lanes[i], work, into: result) }
  }

  // Tells the writer where the mail can be read again.
  private func remember(_ entry: MessageEntry, _ work: MailWork) {
    let source = work.source
    var name: [UInt8] = []
    if let found = source.found, found.kind != .mbox {
      let file = Int(entry.file)
      if found.kind == .maildir, file >= 0, file < work.batch.files.count {
        let path = work.batch.files[file]
        let base = path.lastIndex(of: 47).map { Array(path[($0 + 1)...]) } ?? path
        name = SourceMemory.key(folder: source.memoryKey, name: base)
      } else {
        name = source.memoryKey
      }
    }
    let isFile = !name.isEmpty
    writer.remember(
      separator: isFile ? 0 : entry.separatorOffset, length: entry.length, file: name,
      path: isFile ? name : source.memoryKey)
  }

  // MARK: One mail alone, for `explain` and `inspect`

  /// Reads one entry of a batch and fills its facts in, so that rules may be asked about
  /// ``context``; gives nil for what is no message.
  package func prepare(_ entry: MessageEntry, _ work: MailWork) -> MailState? {
    let lane = lanes[0]
    if let fault = lane.entries.read(entry, work) {
      lane.prepare(fault: fault, work.source)
      return nil
    }
    var state = MailState(place: work.place(of: entry), source: work.source)
    lane.prepare(&state, entry, work.batch)
    return state
  }

  /// What holds the message last read by ``prepare(_:_:)``.
  package var reader: MessageReader { lanes[0].entries.reader }

  /// That message.
  package var message: Message { reader.message }

  /// What the rules see of it.
  package var context: MailContext { lanes[0].context }

  /// Gives `body` what step 11 finds of it.
  package func withMatches<T>(_ body: (borrowing LeadMatching.Result) throws -> T) rethrows -> T {
    match(lanes[0])
    return try body(matches)
  }

  // MARK: The steps

  private func read(_ entry: MessageEntry, _ work: MailWork, _ lane: MailLane) {
    lane.entry = entry
    lane.id = nil
    lane.fault = lane.entries.read(entry, work)
  }

  private func decide(_ lane: MailLane, _ work: MailWork) {
    guard let entry = lane.entry else { return }
    if let fault = lane.fault {
      lane.prepare(fault: fault, work.source)
    } else {
      var state = MailState(place: work.place(of: entry), source: work.source)
      lane.prepare(&state, entry, work.batch)
      lane.state = consume state
    }
    lane.finding = book.decide(lane.context)
  }

  // What the mail's addresses are in the CRM's list.
  private func match(_ lane: MailLane) {
    LeadMatching.find(
      lane.context, leads: run.leads, onMultiple: run.onMultiple,
      capturesAnywhere: run.findsPossibleLeads, into: &matches)
  }

  // Two identities are hashed in little more than the time of one.
  private func identify(_ count: Int) {
    var waiting: MailLane?
    for i in 0..<count where prepareIdentity(lanes[i]) {
      guard let other = waiting else {
        waiting = lanes[i]
        continue
      }
      let found = hash.digests(other.identity.text, lanes[i].identity.text)
      other.id = found.0
      lanes[i].id = found.1
      waiting = nil
    }
    if let waiting { waiting.id = hash.digest(waiting.identity.text) }
  }

  // Puts the identity of a mail that goes on together; true when its text is still to be hashed.
  private func prepareIdentity(_ lane: MailLane) -> Bool {
    if lane.finding?.reason != nil { return false }
    let reader = lane.entries.reader
    reader.decodeBodies()
    lane.id = lane.identity.prepare(reader.message, reader.bodies)
    return lane.id == nil
  }

  // Writes the fact of a mail that was decided.
  private func settle(_ lane: MailLane, _ work: MailWork, into result: BatchResult) {
    guard let entry = lane.entry, let finding = lane.finding.take() else { return }
    if run.remembers { remember(entry, work) }
    guard let state = lane.state.take() else {
      writer.quarantine(
        lane.entries.bytes, finding, at: work.place(of: entry), work.source, into: result)
      return
    }
    let reader = lane.entries.reader
    writer.begin(finding, state, reader, lane.context)
    guard finding.reason == nil, let id = lane.id else {
      writer.write(finding, into: result)
      return
    }
    match(lane)
    writer.write(
      id, matches, state, reader, lane.context,
      extract: lane.entries.extract(_:to:), into: result)
  }
}
