import Bytes
import Ledger
import Mailboxes
import Rules

/// Mail of earlier runs whose counterpart has become a lead since ("back-fill"): read again from
/// its place, without reading the rest of its source.
struct Backfill {
  let book: LedgerBook
  let sources: SourceMemory
  let resolved: [ResolvedSource]
  let run: RunPlan

  /// What came of it.
  struct Result {
    /// Mails read again.
    var mails = 0
    /// Mails that cannot be read again, because their source is gone or was changed.
    var unavailable = 0
    /// Why, one line a source.
    var warnings: [String] = []
    /// True when mail waits in sources that this run does not look at.
    var isOpen = false
  }

  /// One mail to be read.
  private struct Wanted {
    var known: KnownSource
    var place: StoredPlace
  }

  /// Which mail it is.
  private struct Spot: Hashable {
    var source: SourceID
    var offset: Int64
  }

  /// Reads the earlier mail of these addresses and gives its facts to `take`.
  func read(_ addresses: [AddressHash], take: (ByteView) throws -> Void) throws -> Result {
    var result = Result()
    var list: [Wanted] = []
    var known: [SourceID: KnownSource?] = [:]
    var seen: Set<Spot> = []
    for address in try book.reader.backfillable(addresses) {
      var waiting: [StoredPlace] = []
      for place in try book.reader.backfill(address) {
        let source = try known[place.source] ?? book.reader.source(place.source)
        known[place.source] = .some(source)
        // Read from its beginning in this run, or dropped by an earlier one: nothing is missing.
        guard let source, !sources.isReadAgain(source) else { continue }
        guard sources.again(source, resolved) != nil else {
          if sources.isGone(source) {
            try forget(source, &result)
          } else {
            waiting.append(place)
          }
          continue
        }
        // A mail to several new leads is read once.
        if seen.insert(Spot(source: place.source, offset: place.offset)).inserted {
          list.append(Wanted(known: source, place: place))
        }
      }
      try book.session.backfilled(address)
      for place in waiting { try book.session.keepForBackfill(address, place) }
      if !waiting.isEmpty { result.isOpen = true }
    }
    try read(list, &result, take)
    return result
  }

  // Should it come back, it is read from its beginning.
  private func forget(_ source: KnownSource, _ result: inout Result) throws {
    try book.session.dropSource(source.id)
    // A message that left its Maildir was moved elsewhere or deleted, as messages are.
    if SourceMemory.isFile(source) { return }
    result.unavailable += 1
    let text = source.state.path.withByteView(\.string)
    let warning = "\(text): is gone; earlier mail in it of an address that is a lead now stays out"
    if !result.warnings.contains(warning) { result.warnings.append(warning) }
  }

  private func read(
    _ list: [Wanted], _ result: inout Result, _ take: (ByteView) throws -> Void
  ) throws {
    let worker = MailWorker(run: run)
    var bySource: [[UInt8]: [Wanted]] = [:]
    for w in list { bySource[w.known.state.path, default: []].append(w) }
    let ordered = bySource.values.compactMap { group -> (SourceMemory.Again, [Wanted])? in
      guard let first = group.first, let again = sources.again(first.known, resolved) else {
        return nil
      }
      return (again, group.sorted { $0.place.offset < $1.place.offset })
    }.sorted {
      ($0.0.source, $0.1[0].known.state.path.withByteView(\.string))
        < ($1.0.source, $1.1[0].known.state.path.withByteView(\.string))
    }
    for (again, group) in ordered {
      let source = resolved[again.source]
      let mail = MailboxContext(source, number: again.source, remembers: true)
      try read(group, again, mail, worker, &result, take)
    }
  }

  // Offsets ascend: one batch may hold several.
  private func read(
    _ group: [Wanted], _ again: SourceMemory.Again, _ mail: MailboxContext, _ worker: MailWorker,
    _ result: inout Result, _ take: (ByteView) throws -> Void
  ) throws {
    var i = 0
    while i < group.count {
      let place = group[i].place
      let isFile = again.found.kind != .mbox
      let reader =
        isFile
        ? MessageSource(again.found)
        : MessageSource(
          again.found, offset: Int(clamping: place.offset), index: Int(clamping: place.item),
          dialect: again.dialect)
      guard let batch = reader.next() else {
        sources.distrust(group[i].known)
        result.unavailable += 1
        i += 1
        continue
      }
      let work = MailWork(batch: batch, source: mail)
      let before = i
      while i < group.count {
        let wanted = Int(clamping: group[i].place.offset)
        guard
          let entry = batch.entries.first(where: { isFile || $0.separatorOffset == wanted })
        else { break }
        let facts = worker.process(work, only: entry)
        if let failure = facts.failure { throw failure }
        try take(facts.facts.view)
        run.shared.results.put(facts)
        result.mails += 1
        i += 1
      }
      // A mail that is no longer where it was means that this is not the file that was read.
      if i == before {
        sources.distrust(group[i].known)
        result.unavailable += 1
        i += 1
      }
      batch.recycle()
    }
  }
}
