import Bytes
import Glibc
import Import
import JSONText
import Ledger
import Records
import Rules

/// Builds the published state of a ledger again from the output folders, oldest first.
///
/// What comes back: runs, keys, captured leads, tasks with their times, states of users where they
/// can still be read. What does not: the log, how far sources were read (the next run reads them
/// whole, and the keys keep it from publishing twice), mail kept for back-fill, quarantined items.
struct LedgerRebuilding {
  private let place: LedgerPlace
  private let extra: [String]
  private let lock: RunLock

  init(_ place: LedgerPlace, _ folders: [String], _ lock: RunLock) {
    self.place = place
    extra = folders
    self.lock = lock
  }

  /// What came of it.
  struct Outcome {
    /// Where the damaged ledger is now; nil when it was only added to.
    var aside: String?
    /// The folders that were read, oldest first.
    var folders: [String] = []
    /// Records by kind, as in ``ResultRecords/kinds``.
    var records: [Int64] = [0, 0, 0, 0]
    /// Tasks whose folder does not tell their digest: the next run may write them once more.
    var doubtfulTasks = 0
    /// Users whose state was carried over; nil when it could not be read any more.
    var users: Int? = 0

    func print(_ path: String) {
      if let aside { Console.out(Plain.line("The damaged ledger is now \(aside)")) }
      Console.out(Plain.line("\(path): built again from \(folders.count) results:"))
      for f in folders { Console.out(Plain.line("  \(f)")) }
      Console.out(LedgerCheck.records(records))
      Console.out("The next run reads everything and publishes nothing twice.")
      if doubtfulTasks > 0 {
        Console.out(
          "\(doubtfulTasks) tasks may be written once more as updated: their files do not tell all that they say."
        )
      }
      switch users {
      case 0: break
      case let n?: Console.out("\(n) users keep the state that they had.")
      case nil:
        Console.out("Who was paused or removed could not be read: see `winnow users list`.")
      }
      if aside != nil {
        Console.out("The log, quarantined items and mail kept for later leads are lost.")
      }
    }

    func write(to w: JSONWriter) {
      w.beginObject()
      w.member("setAside", orNull: aside)
      w.key("results")
      w.beginArray()
      for f in folders { w.string(f) }
      w.endArray()
      w.key("records")
      w.beginObject()
      for (count, kind) in zip(records, ResultRecords.kinds) {
        w.key(text: kind.name)
        w.number(Int(clamping: count))
      }
      w.endObject()
      w.member("doubtfulTasks", doubtfulTasks)
      w.member("users", orNull: users)
      w.endObject()
    }
  }

  /// Sets a damaged ledger aside, where it is, and builds; a sound one is only added to.
  func run(setsAside: Bool) throws -> Outcome {
    var outcome = Outcome()
    // What a damaged ledger still tells is a help, never more.
    let old = setsAside ? try? LedgerFile.open(place.path, mode: .readOnly) : nil
    let users = setsAside ? try? old?.users() : []
    let destinations = (try? old?.allRuns())?.map { $0.places.destination.withByteView(\.string) }
    old?.close()
    if setsAside { outcome.aside = try LedgerFile.setAside(place.path, lock: lock) }
    let results = results(destinations ?? [])
    let ledger = try LedgerFile.open(place.path, mode: .create)
    defer { ledger.close() }
    let known = try ledger.allRuns()
    let numbers = numbers(results, known)
    // Records that are there are left as they are: their digests are the ledger's own.
    let present = try present(results, ledger, isNew: known.isEmpty)
    let filling = LedgerFilling(
      isHidden: TaskRecord.table.field(\.uid)?.holding(
        Disclosure(Privacy(place.config.output.privacy))) != .kept,
      isGuarded: place.config.output.csvFormulaGuard,
      zone: place.config.organization.timeZone, present: present)
    do {
      try ledger.rebuild(lock: lock) { r throws(LedgerError) in
        for (result, number) in zip(results, numbers) { try filling.take(result, number, r) }
      }
    } catch {
      throw filling.failure ?? error
    }
    outcome.folders = results.map(\.path)
    outcome.records = filling.records
    outcome.doubtfulTasks = filling.doubtfulTasks
    let strict = users?.filter { $0.state != .active }
    for user in strict ?? [] {
      try ledger.setUser(user.id, user.state, at: user.since, provider: user.provider)
    }
    outcome.users = strict?.count
    return outcome
  }

  private func results(_ destinations: [String]) -> [ResultFolder] {
    var list = ResultFolder.all(in: place.outputFolder)
    var paths = Set(list.map { Paths.real($0.path) })
    for path in destinations + extra.map(Paths.real) where paths.insert(Paths.real(path)).inserted {
      if let result = ResultFolder(path) { list.append(result) }
    }
    return list.map { ResultFolder(Paths.absolute(Paths.real($0.path))) ?? $0 }
      .sorted { $0.isOlder(than: $1) }
  }

  // Each result keeps the number that its run had, unless another result has it.
  private func numbers(_ results: [ResultFolder], _ known: [RunInfo]) -> [Int64] {
    var byPath: [String: Int64] = [:]
    for run in known { byPath[Paths.real(run.places.destination.withByteView(\.string))] = run.id }
    var used = Set(known.map(\.id))
    var next = max(used.max() ?? 0, results.compactMap(\.number).max() ?? 0)
    return results.map { result in
      if let id = byPath[result.path] { return id }
      if let id = result.number, used.insert(id).inserted { return id }
      next += 1
      used.insert(next)
      return next
    }
  }

  private func present(
    _ results: [ResultFolder], _ ledger: LedgerFile, isNew: Bool
  ) throws -> Set<RecordKey> {
    if isNew { return [] }
    let reader = try ledger.reader()
    defer { reader.close() }
    var found: Set<RecordKey> = []
    for result in results {
      for (kind, _) in ResultRecords.kinds {
        try ResultRecords.forEach(kind, in: result) { record in
          if try reader.published(record.key) != nil { found.insert(record.key) }
        }
      }
    }
    return found
  }
}

/// Takes results into a ledger, record by record.
private final class LedgerFilling {
  private let isHidden: Bool
  private let isGuarded: Bool
  private let zone: String
  private let present: Set<RecordKey>
  /// Records by kind.
  private(set) var records: [Int64] = [0, 0, 0, 0]
  /// Tasks whose digest their file does not tell.
  private(set) var doubtfulTasks = 0
  /// Why a file could not be read.
  private(set) var failure: (any Error)?

  /// - Parameters:
  ///   - isHidden: True where UIDs in records are pseudonyms, which no calendar bears.
  ///   - isGuarded: True where CSV has the guard's apostrophes.
  ///   - zone: The organisation's time zone.
  ///   - present: Records that are left as they are.
  init(isHidden: Bool, isGuarded: Bool, zone: String, present: Set<RecordKey>) {
    self.isHidden = isHidden
    self.isGuarded = isGuarded
    self.zone = zone
    self.present = present
  }

  func take(_ result: ResultFolder, _ number: Int64, _ r: LedgerRebuild) throws(LedgerError) {
    let run = try r.run(
      RebuiltRun(
        id: number, started: result.started, program: result.program,
        destination: Array(result.path.utf8)))
    do {
      for (i, kind) in ResultRecords.kinds.map(\.kind).enumerated() {
        try ResultRecords.forEach(kind, in: result, guarded: isGuarded) { record in
          if !present.contains(record.key) { try take(record, kind, i, run, r) }
        }
      }
    } catch let error as LedgerError {
      throw error
    } catch {
      failure = error
      throw LedgerError(
        .inputOutput, result.path, "this result cannot be read",
        mend: "mend or move it, and rebuild again")
    }
  }

  private func take(
    _ record: ResultRecords.Record, _ kind: RecordKind, _ index: Int, _ run: Int64,
    _ r: LedgerRebuild
  ) throws(LedgerError) {
    let digest = ResultRecords.digest(record, kind)
    try r.record(record.key, kind, digest: digest, run: run)
    records[index] += 1
    if kind == .task, digest == nil || ResultRecords.status(record) == "updated" {
      doubtfulTasks += 1
    }
    if kind == .lead, let lead = try ResultRecords.lead(record, r) { try r.lead(lead, run: run) }
    if kind == .task, !isHidden, let (id, version) = try ResultRecords.event(record, zone: zone, r)
    {
      try r.event(id, version, run: run)
    }
  }
}
