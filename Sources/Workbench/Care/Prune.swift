import Bytes
import Glibc
import Import
import JSONText
import Ledger
import Records
import Rules

/// `winnow prune`: takes stored bodies and attachments out of results that are older than
/// `organization.retentionDays`, counted from import (ES-5.1-retention).
///
/// Keys, decisions and everything else in the records stay; so do the keys in the ledger, or the
/// next run would publish again. Subjects and leads' names go from the ledger's log.
public enum Prune {
  /// What `winnow prune` was asked for.
  public struct Options: Sendable {
    /// What all commands over the ledger take.
    public var common = LedgerOptions()
    /// A result folder, or nil for those that the ledger names.
    public var folder: String?
    /// `--dry-run`: looks and counts only.
    public var isDryRun = false

    /// The defaults.
    public init() {}
  }

  private static let day: Int64 = 86_400

  /// What was taken out.
  struct Tally {
    var bodies = 0
    var files = 0
    var bytes: Int64 = 0

    static func += (a: inout Tally, b: Tally) {
      a.bodies += b.bodies
      a.files += b.files
      a.bytes += b.bytes
    }
  }

  /// One result on its way.
  private struct Step {
    var run: RunInfo?
    var path: String
    var tally = Tally()
    var note: String?
  }

  /// Prunes and prints what was done.
  ///
  /// - Throws: ``RunError``: 65 for a folder that winnow did not write, 74 when a file cannot be
  ///   written, 75 while a run holds the ledger.
  public static func execute(_ options: Options) throws -> ExitStatus {
    try LedgerPlace.execute(options.common) { place in
      guard let days = place.config.organization.retentionDays else {
        report([], options, nil, "organization.retentionDays is not set: everything is kept")
        return .done
      }
      let limit = place.now - Int64(clamping: days) * day
      if let folder = options.folder { return try pruneFolder(folder, limit, place, options) }
      guard place.exists || options.common.ledger != nil else {
        report(
          [], options, limit,
          "\(place.path): there is no ledger, so no run is known; name a result folder to prune that"
        )
        return .done
      }
      return try pruneRuns(place, limit, options) { _ in true }
    }
  }

  private static func pruneFolder(
    _ name: String, _ limit: Int64, _ place: LedgerPlace, _ options: Options
  ) throws -> ExitStatus {
    let path = Paths.real(Paths.withoutTrailingSlash(name))
    guard let result = ResultFolder(path) else {
      throw RunError(
        .badSource,
        "\(Plain.line(name)): no result of winnow (it has no run.json that says so); name a folder that `winnow import` wrote"
      )
    }
    if place.exists {
      // A result that the ledger knows is noted there, too.
      let ledger = try LedgerFile.open(place.path, mode: .readOnly)
      let isKnown = try ledger.allRuns().contains { destination($0) == path }
      ledger.close()
      if isKnown { return try pruneRuns(place, limit, options) { destination($0) == path } }
    }
    guard result.started < limit else {
      report(
        [], options, limit, "\(name): was imported \(TimePoint.rfc3339(result.started)); it is kept"
      )
      return .done
    }
    let tally = try ResultPruning(result, isDryRun: options.isDryRun).prune()
    report([Step(path: path, tally: tally)], options, limit, nil)
    return .done
  }

  private static func destination(_ run: RunInfo) -> String {
    Paths.real(run.places.destination.withByteView(\.string))
  }

  private static func pruneRuns(
    _ place: LedgerPlace, _ limit: Int64, _ options: Options, where isWanted: (RunInfo) -> Bool
  ) throws -> ExitStatus {
    // A ledger that was named and is not there must not leave a lock file behind.
    if !place.exists { try LedgerFile.open(place.path, mode: .readOnly).close() }
    // While looking only, nobody is kept from writing.
    let lock = options.isDryRun ? nil : try RunLock.acquire(ledger: place.path, now: place.now)
    defer { lock?.release() }
    let ledger = try LedgerFile.open(place.path, mode: options.isDryRun ? .readOnly : .readWrite)
    defer { ledger.close() }
    var steps: [Step] = []
    for run in try ledger.runsToPrune(importedBefore: limit) where isWanted(run) {
      var step = Step(run: run, path: run.places.destination.withByteView(\.string))
      if let result = ResultFolder(step.path) {
        step.tally = try ResultPruning(result, isDryRun: options.isDryRun).prune()
      } else if access(step.path, F_OK) != 0 {
        step.note = "its folder is gone or was moved; where it is now, prune it with its path"
      } else {
        step.note = "what is there now was not written by winnow and was left alone"
      }
      // One by one: a prune that is stopped goes on where it was.
      if !options.isDryRun { try ledger.prune([run.id], at: place.now) }
      steps.append(step)
    }
    if options.isDryRun { try ledger.assertUnchanged() }
    report(steps, options, limit, steps.isEmpty ? "nothing is old enough" : nil)
    return .done
  }

  // MARK: What was done

  private static func report(
    _ steps: [Step], _ options: Options, _ limit: Int64?, _ note: String?
  ) {
    let sum = steps.reduce(into: Tally()) { $0 += $1.tally }
    if options.common.isJSON {
      Console.out(json(steps, options, limit, sum, note))
      return
    }
    if options.common.isQuiet { return }
    if let note { return Console.out(Plain.line(note)) }
    for step in steps {
      let name = step.run.map { "run \($0.id), \(TimePoint.rfc3339($0.facts.started))" } ?? "result"
      Console.out(Plain.line("\(name): \(step.note ?? words(step.tally)) (\(step.path))"))
    }
    let verb = options.isDryRun ? "would be taken out; nothing was changed" : "taken out"
    Console.out("\(words(sum)) \(verb); keys and decisions stay")
  }

  private static func words(_ t: Tally) -> String {
    "\(t.bodies) bodies, \(t.files) files, \(Progress.Text.bytes(Int(clamping: max(0, t.bytes))))"
  }

  private static func json(
    _ steps: [Step], _ options: Options, _ limit: Int64?, _ sum: Tally, _ note: String?
  ) -> String {
    let out = ByteBuffer()
    let w = JSONWriter(out)
    func numbers(_ t: Tally) {
      w.member("bodies", t.bodies)
      w.member("files", t.files)
      w.member("bytes", Int(clamping: t.bytes))
    }
    w.beginObject()
    w.member("importedBefore", orNull: limit.map(TimePoint.rfc3339))
    w.member("dryRun", options.isDryRun)
    numbers(sum)
    w.key("results")
    w.beginArray()
    for step in steps {
      w.beginObject()
      w.member("path", step.path)
      w.member("run", orNull: step.run.map { Int(clamping: $0.id) })
      numbers(step.tally)
      w.member("note", orNull: step.note)
      w.endObject()
    }
    w.endArray()
    w.member("note", orNull: note)
    w.endObject()
    return out.string
  }
}
