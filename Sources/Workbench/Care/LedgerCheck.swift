import Bytes
import Glibc
import Import
import JSONText
import Ledger
import Records
import Rules

/// `winnow ledger check`: is the ledger whole, and does it say what the output folders say?
public enum LedgerCheck {
  /// What was asked for.
  public struct Options: Sendable {
    /// What all commands over the ledger take.
    public var common = LedgerOptions()
    /// `--deep`: every key in the output folders, every byte of the mailboxes.
    public var isDeep = false
    /// `--rebuild`: builds a damaged or lost ledger again from the output folders.
    public var rebuilds = false
    /// Result folders beside those below `output.directory`.
    public var folders: [String] = []

    /// The defaults.
    public init() {}
  }

  /// What a check found.
  struct Findings {
    /// What is wrong with the ledger.
    var problems: [String] = []
    /// What is worth knowing and no fault of the ledger.
    var warnings: [String] = []
    var report: CheckReport?
    /// Keys that were compared, with `--deep`.
    var comparedKeys = 0
    /// Keys in listed folders that the ledger does not have.
    var missingKeys = 0
    var sources: SourceCheck.Findings?
    /// True when the file itself is not to be trusted.
    var isDamaged = false

    var isSound: Bool { problems.isEmpty }
  }

  /// Checks, and rebuilds where that was asked for and is needed.
  ///
  /// - Returns: 0 for a sound (or rebuilt) ledger, 70 for a damaged one.
  public static func execute(_ options: Options) throws -> ExitStatus {
    try LedgerPlace.execute(options.common) { place in
      for folder in options.folders where ResultFolder(Paths.real(folder)) == nil {
        throw RunError(.badSource, "\(Plain.line(folder)): no result of winnow")
      }
      guard place.exists else { return try withoutLedger(place, options) }
      var lock: RunLock?
      if options.isDeep || options.rebuilds {
        lock = try RunLock.acquire(ledger: place.path, now: place.now)
      }
      defer { lock?.release() }
      let findings = try check(place, options)
      var rebuilt: LedgerRebuilding.Outcome?
      if options.rebuilds, let lock, findings.isDamaged || findings.missingKeys > 0 {
        rebuilt = try LedgerRebuilding(place, options.folders, lock).run(
          setsAside: findings.isDamaged)
      }
      report(findings, rebuilt, place, options)
      return findings.isSound || rebuilt != nil ? .done : .inside
    }
  }

  private static func withoutLedger(
    _ place: LedgerPlace, _ options: Options
  ) throws -> ExitStatus {
    let results = ResultFolder.all(in: place.outputFolder)
    if options.rebuilds, !results.isEmpty || !options.folders.isEmpty {
      try Paths.makeDirectories(Paths.parent(of: place.path))
      let lock = try RunLock.acquire(ledger: place.path, now: place.now)
      defer { lock.release() }
      let rebuilt = try LedgerRebuilding(place, options.folders, lock).run(setsAside: false)
      report(Findings(), rebuilt, place, options)
      return .done
    }
    var findings = Findings()
    if options.common.ledger != nil || !results.isEmpty {
      findings.problems.append(
        "there is no ledger"
          + (results.isEmpty
            ? "" : ", but \(place.outputFolder) holds \(results.count) results of runs"))
    } else {
      findings.warnings.append(
        "there is no ledger yet; the first `winnow import` without --out makes it")
    }
    report(findings, nil, place, options)
    return findings.isSound ? .done : .inside
  }

  // MARK: Checking

  static func check(_ place: LedgerPlace, _ options: Options) throws -> Findings {
    var findings = Findings()
    do {
      let isWriter = options.isDeep || options.rebuilds
      let opened =
        isWriter
        ? try LedgerFile.open(place.path, mode: .readWrite) : try place.openForReading()
      guard let ledger = opened else { return findings }
      defer { ledger.close() }
      let report = try ledger.check()
      findings.report = report
      findings.problems = report.problems
      findings.isDamaged = !report.isSound
      guard report.isSound else { return findings }
      if report.unsettled > 0, RunLock.holder(ledger: place.path)?.process ?? getpid() == getpid() {
        findings.warnings.append(
          "\(report.unsettled) runs were interrupted; the next import finishes or repeats them")
      }
      try checkFolders(ledger, place, options, &findings)
      if options.isDeep {
        let reader = try ledger.reader()
        let sources: SourceCheck.Findings
        do {
          defer { reader.close() }
          sources = try SourceCheck.compare(reader)
        }
        for d in sources.digests { try ledger.setDigest(d.digest, of: d.source) }
        findings.warnings += sources.warnings
        findings.sources = sources
      }
      if !isWriter { try ledger.assertUnchanged() }
    } catch let error as LedgerError where error.kind == .damaged || error.kind == .notALedger {
      findings.problems.append(error.what)
      findings.isDamaged = true
    }
    return findings
  }

  private static func checkFolders(
    _ ledger: LedgerFile, _ place: LedgerPlace, _ options: Options, _ findings: inout Findings
  ) throws {
    let looksInside = options.isDeep || options.rebuilds
    let counts = looksInside ? try ledger.recordsByRun() : [:]
    let reader = looksInside ? try ledger.reader() : nil
    defer { reader?.close() }
    var known: Set<String> = []
    for run in try ledger.allRuns() {
      let path = run.places.destination.withByteView(\.string)
      known.insert(Paths.real(path))
      guard run.state == .published else { continue }
      guard let result = ResultFolder(path) else {
        findings.warnings.append(
          access(path, F_OK) == 0
            ? "run \(run.id): \(path) is no result of winnow any more"
            : "run \(run.id): its folder is not there any more (\(path)); moved or deleted")
        continue
      }
      guard let reader else { continue }
      try compare(result, run.id, expected: counts[run.id] ?? 0, reader, &findings)
    }
    let others =
      ResultFolder.all(in: place.outputFolder)
      + options.folders.compactMap { ResultFolder(Paths.real($0)) }
    for result in others where !known.contains(Paths.real(result.path)) {
      var missing = 0
      if let reader { missing = try Self.missing(result, nil, reader, &findings).count }
      if options.rebuilds { findings.missingKeys += missing }
      findings.warnings.append(
        "\(result.path): the ledger does not know this result: of a run without it, or newer than the ledger"
          + (missing > 0 ? "; \(missing) of its keys are not in the ledger" : ""))
    }
  }

  private static func compare(
    _ result: ResultFolder, _ run: RunID, expected: Int64, _ reader: LedgerReader,
    _ findings: inout Findings
  ) throws {
    let found = try missing(result, run, reader, &findings)
    if let first = found.first {
      findings.missingKeys += found.count
      findings.problems.append(
        "run \(run): \(found.count) records of \(result.path) are not in the ledger (the first is \(first))"
      )
    }
    if found.own != expected {
      findings.problems.append(
        "run \(run): \(expected) records should lie in \(result.path), \(found.own) do")
    }
  }

  // Keys of a result that the ledger lacks, and how many it says that run wrote last.
  private static func missing(
    _ result: ResultFolder, _ run: RunID?, _ reader: LedgerReader,
    _ findings: inout Findings
  ) throws -> KeyComparison {
    let comparison = KeyComparison(reader, run)
    for (kind, _) in ResultRecords.kinds {
      try ResultRecords.forEach(kind, in: result) { try comparison.add($0.key, kind) }
      try comparison.flush(kind)
    }
    findings.comparedKeys += comparison.compared
    return comparison
  }

  // MARK: What was found

  private static func report(
    _ f: Findings, _ rebuilt: LedgerRebuilding.Outcome?, _ place: LedgerPlace, _ options: Options
  ) {
    for warning in f.warnings { place.tell(warning) }
    if options.common.isJSON {
      Console.out(json(f, rebuilt, place))
      return
    }
    if !f.isSound, rebuilt == nil {
      Console.error(
        Plain.line("winnow: \(place.path): the ledger is damaged, or does not fit the output"))
      for p in f.problems { Console.error("  " + Plain.line(p)) }
      Console.error(
        "  mend it with `winnow ledger check --rebuild`: it is set aside and built again from the output folders"
      )
      return
    }
    if options.common.isQuiet { return }
    if let rebuilt { return rebuilt.print(place.path) }
    guard let r = f.report else { return }
    Console.out(Plain.line("\(place.path): sound"))
    Console.out("\(Counted.of(Int(clamping: r.published), "run")); \(records(r.records))")
    if options.isDeep || options.rebuilds {
      Console.out("\(Counted.of(f.comparedKeys, "key")) in the output folders compared")
    }
    if let s = f.sources {
      Console.out(
        "\(s.same) mailboxes as they were read, \(s.remembered) looked at for the first time, \(s.others) gone or read whole next time"
      )
    }
    if options.rebuilds { Console.out("Nothing to rebuild.") }
  }

  static func records(_ counts: [Int64]) -> String {
    zip(counts, ResultRecords.kinds).map { "\($0.0) \($0.1.name)" }.joined(separator: ", ")
  }

  private static func json(
    _ f: Findings, _ rebuilt: LedgerRebuilding.Outcome?, _ place: LedgerPlace
  ) -> String {
    let out = ByteBuffer()
    let w = JSONWriter(out)
    w.beginObject()
    w.member("ledger", place.path)
    w.member("sound", f.isSound)
    for (name, list) in [("problems", f.problems), ("warnings", f.warnings)] {
      w.key(text: name)
      w.beginArray()
      for line in list { w.string(line) }
      w.endArray()
    }
    w.member("runs", orNull: f.report.map { Int(clamping: $0.published) })
    w.member("interrupted", orNull: f.report.map { Int(clamping: $0.unsettled) })
    w.key("records")
    w.beginObject()
    for (count, kind) in zip(f.report?.records ?? [], ResultRecords.kinds) {
      w.key(text: kind.name)
      w.number(Int(clamping: count))
    }
    w.endObject()
    w.member("comparedKeys", f.comparedKeys)
    w.key("mailboxes")
    if let s = f.sources {
      w.beginObject()
      for (name, n) in [("same", s.same), ("remembered", s.remembered), ("others", s.others)] {
        w.key(text: name)
        w.number(n)
      }
      w.endObject()
    } else {
      w.null()
    }
    w.key("rebuilt")
    if let rebuilt { rebuilt.write(to: w) } else { w.null() }
    w.endObject()
    return out.string
  }
}

/// Looks keys of a result up in the ledger, many at a time.
private final class KeyComparison {
  /// Keys that the ledger lacks, and the first of them.
  private(set) var count = 0
  private(set) var first: RecordKey?
  /// Keys that the ledger says the run wrote last.
  private(set) var own: Int64 = 0
  /// All keys.
  private(set) var compared = 0
  private let reader: LedgerReader
  private let run: RunID?
  private var batch: [RecordKey] = []

  init(_ reader: LedgerReader, _ run: RunID?) {
    self.reader = reader
    self.run = run
  }

  func add(_ key: RecordKey, _ kind: RecordKind) throws {
    batch.append(key)
    if batch.count >= 4096 { try flush(kind) }
  }

  func flush(_ kind: RecordKind) throws {
    for (key, record) in zip(batch, try reader.published(batch)) {
      compared += 1
      if record?.kind != kind {
        count += 1
        first = first ?? key
      } else if record?.run == run {
        own += 1
      }
    }
    batch.removeAll(keepingCapacity: true)
  }
}
