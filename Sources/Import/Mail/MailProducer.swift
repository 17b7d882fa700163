import Bytes
import Mailboxes
import Records

/// One batch on its way to a worker, with the names of its messages' files.
package final class MailWork: @unchecked Sendable {
  package let batch: MessageBatch
  package let source: MailboxContext
  private let names = ByteBuffer(capacity: 256)
  private let places: [ByteRange]
  // The number of the batch's first file in its source.
  private let firstFile: Int
  /// Bytes of its messages.
  package let weight: Int

  init(batch: MessageBatch, source: MailboxContext, firstFile: Int = 0) {
    self.batch = batch
    self.firstFile = firstFile
    self.source = source
    weight = batch.bytes.count
    let names = names
    if batch.files.isEmpty {
      places = [names.place { source.path.withByteView { names.append($0) } }]
    } else {
      places = batch.files.map { file in
        names.place {
          source.rootPath.withByteView { names.append($0) }
          names.append(47)
          let start = names.count
          file.withByteView { names.append($0) }
          if let pseudonyms = source.pseudonyms {
            let shown = pseudonyms.text(names.view.from(start).string)
            names.truncate(to: start)
            names.append(string: shown)
            pseudonyms.forget()
          }
        }
      }
    }
  }

  /// Where an entry lies.
  package func place(of entry: MessageEntry) -> MailPlace {
    let i = batch.files.isEmpty ? 0 : max(0, min(Int(entry.file), places.count - 1))
    return MailPlace(
      path: names[places[i]], file: firstFile + i, index: entry.index, offset: entry.offset,
      length: entry.length)
  }
}

/// Reads the sources one after the other and gives out their batches. Used by one thread at a
/// time.
package final class MailProducer: @unchecked Sendable {
  private let sources: [(resolved: ResolvedSource, mail: MailboxContext)]
  // The first one's number among the run's sources.
  private let first: Int
  private let memory: SourceMemory?
  private let pool: BatchPool
  private var position = 0
  private var current: MessageSource?
  // Files of a Maildir so far.
  private var files = 0
  private var heldBack: MailboxError?
  /// What reading each source found, by position; complete when ``next()`` has returned nil.
  package private(set) var summaries: [MailboxSummary] = []

  /// - Parameters:
  ///   - first: The first source's number among the run's.
  ///   - memory: What earlier runs read, in a run with a ledger.
  package init(
    sources: [(resolved: ResolvedSource, mail: MailboxContext)], first: Int = 0,
    memory: SourceMemory? = nil, pool: BatchPool = BatchPool()
  ) {
    self.sources = sources
    self.first = first
    self.memory = memory
    self.pool = pool
  }

  /// The next batch, or nil at the end of the last source.
  package func next() -> MailWork? {
    while position < sources.count {
      let source = current ?? open()
      current = source
      if let batch = source?.next() {
        if let memory, let summary = source?.summary,
          memory.holdsBack(batch, summary, of: first + position)
        {
          batch.dropLast()
          let path = sources[position].resolved.found.path
          heldBack = summary.error ?? MailboxError(.changedWhileReading, path: path)
          if batch.entries.isEmpty { continue }
        }
        memory?.note(batch, of: first + position)
        defer { files += batch.files.count }
        return MailWork(batch: batch, source: sources[position].mail, firstFile: files)
      }
      var summary = source?.summary ?? MailboxSummary()
      if let heldBack {
        summary.messages -= 1
        summary.error = heldBack
      }
      summaries.append(summary)
      heldBack = nil
      current = nil
      files = 0
      position += 1
    }
    return nil
  }

  // nil where nothing is to be read.
  private func open() -> MessageSource? {
    let found = sources[position].resolved.found
    if let range = sources[position].resolved.range {
      return MessageSource(found, range: range, pool: pool)
    }
    guard let memory else { return MessageSource(found, pool: pool) }
    let number = first + position
    switch memory.start(number) {
    case .nothing: return nil
    case .from(let offset, let index, let dialect):
      return MessageSource(found, pool: pool, offset: offset, index: index, dialect: dialect)
    case .whole:
      guard found.kind == .maildir else { return MessageSource(found, pool: pool) }
      let folder = SourceMemory.key(found)
      return MessageSource(
        found, pool: pool,
        skips: { isNew, name, path in
          memory.skipsFile(number, folder: folder, isNew: isNew, name: name, full: path)
        })
    }
  }
}
