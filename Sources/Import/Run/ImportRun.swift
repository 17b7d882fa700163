import Bytes
import CivilTime
import Glibc
import Ledger
import Mailboxes
import Records
import Rules

/// `winnow import`: exported mail in, records and a reason for every mail out.
///
/// N workers, the calling thread among them, take turns in reading and splitting, and parse and
/// decide; the calling thread merges in source order. The result does not depend on N.
public enum ImportRun {
  /// Runs the job; returns the exit status. Prints the summary to standard output.
  ///
  /// - Throws: ``RunError`` for everything that publishes nothing.
  public static func execute(_ options: ImportOptions) throws -> ExitStatus {
    if let run = options.memory.republish { return try Republishing.execute(run, options) }
    let started = ContinuousClock().now
    Interruption.shared.start()
    let assembly: RunAssembly
    do {
      assembly = try assemble(options)
    } catch {
      Interruption.shared.giveWay()
      throw error
    }
    if options.isDryRun {
      var report = try assembly.rehearse()
      report.timing.duration = ContinuousClock().now.seconds(since: started)
      report.print(options)
      report.tellFailure(failOn: options.failOn)
      return report.status(failOn: options.failOn)
    }
    do {
      return try publish(assembly, started)
    } catch {
      Interruption.shared.giveWay()
      assembly.book?.abandon()
      guard let error = error as? LedgerError else { throw error }
      throw RunError(error)
    }
  }

  private static func assemble(_ options: ImportOptions) throws -> RunAssembly {
    if options.reads == .nothing {
      return try RunAssembly.make(options, ledger: .users) { try $0.sendTasks() }
    }
    return try RunAssembly.make(options, ledger: options.isDryRun ? .rehearsal : .publishing)
  }

  private static func publish(
    _ assembly: RunAssembly, _ started: ContinuousClock.Instant
  ) throws -> ExitStatus {
    let (options, setup) = (assembly.options, assembly.setup)
    let runID = assembly.book?.runName ?? RunName.make()
    let destination =
      try assembly.book?.destination
      ?? Destination.of(options, setup.config, setup.folder, runID: runID)
    var staging: Staging?
    do {
      try setup.refuseOverlap(destination.path, assembly.sources.sources)
      let made = try Staging(
        destination: destination.path, runID: runID, isKeptByLedger: assembly.book != nil)
      staging = made
      for folder in ["attachments", "quarantine"] { mkdir(made.file(folder), 0o777) }
      let job = RunJob(
        options: options, setup: setup, sources: assembly.sources, staging: made,
        book: assembly.book)
      var report = try job.run()
      for (i, source) in job.sources.sources.enumerated() where i < report.sources.count {
        report.sources[i].look(at: source, whole: options.hashesInputs)
      }
      return try finish(report, job, made, destination, runID, started)
    } catch {
      Interruption.shared.giveWay()
      staging?.discard()
      guard let error = error as? OutputError else { throw error }
      throw RunError(
        .ioError, "\(error.path): \(error.call) failed: \(error.explanation); nothing was published"
      )
    }
  }

  /// Writes run.json, publishes the folder and tells what the run did.
  static func finish(
    _ report: RunReport, _ job: RunJob, _ staging: Staging, _ destination: Destination,
    _ runID: String, _ started: ContinuousClock.Instant
  ) throws -> ExitStatus {
    let clock = ContinuousClock()
    var report = report
    report.place.runID = runID
    report.place.destination = destination.path
    report.timing.duration = clock.now.seconds(since: started)
    try report.writeJSON(to: staging.file("run.json"))
    let before = clock.now
    if let book = job.book {
      try staging.sync()
      Interruption.shared.beginCommit()
      // Whatever becomes of the commit, from here on the folder is recovery's to judge.
      staging.isCommitted = true
      try book.commit(report.counts, unread: report.ledger.unread)
      do { try staging.move() } catch let error as OutputError {
        throw RunError(
          .ioError, "\(error.path): \(error.call) failed: \(error.explanation)",
          details: [
            "the result lies whole in \(staging.path); the next run with this ledger moves it to its place"
          ])
      }
      book.finish()
    } else {
      _ = try staging.publish()
    }
    report.timing.sync += clock.now.seconds(since: before)
    if destination.hasLatestLink { Destination.linkLatest(destination.path) }
    report.timing.duration = clock.now.seconds(since: started)
    report.print(job.options)
    report.tellFailure(failOn: job.options.failOn)
    return report.status(failOn: job.options.failOn)
  }
}

/// The machine's processors.
package enum Processors {
  /// How many may be used, at least 1.
  package static let count = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
}

/// The name of a run: its start and the process, so that two runs never share it.
enum RunName {
  static func make() -> String {
    "\(start(Int64(time(nil))))-\(getpid())"
  }

  /// The start alone, seconds since 1970 as `20260301T020000Z`.
  static func start(_ seconds: Int64) -> String {
    let out = ByteBuffer(capacity: 32)
    CivilDateTime(nominalSeconds: seconds).appendBasic(to: out)
    return out.string + "Z"
  }
}

/// Where a run publishes.
struct Destination {
  var path: String
  /// True below `output.directory`, where `latest` names the newest run.
  var hasLatestLink = false

  /// `--out`, else `output.directory/<run id>`.
  static func of(
    _ options: ImportOptions, _ config: Config, _ folder: String, runID: String
  ) throws -> Destination {
    if let out = options.out { return Destination(path: out) }
    // `latest` stays the newest import: what reads no source holds no activities to take over.
    let place = Paths.join(Paths.join(folder, config.output.directory), runID)
    // A process's number comes again, in a container in every run: an earlier result stays.
    var path = place
    var info = stat()
    var counter = 1
    while lstat(path, &info) == 0 {
      counter += 1
      path = "\(place)-\(counter)"
    }
    return Destination(path: path, hasLatestLink: options.reads == .all)
  }

  /// Points `latest` beside the run to it; a link is replaced, anything else left alone.
  ///
  /// - Parameter onlyWhereItIs: Makes no link where there was none.
  static func linkLatest(_ path: String, onlyWhereItIs: Bool = false) {
    let link = Paths.join(Paths.parent(of: path), "latest")
    let temporary = link + ".\(getpid())"
    var info = stat()
    if onlyWhereItIs, lstat(link, &info) != 0 { return }
    if lstat(link, &info) == 0, info.st_mode & S_IFMT != S_IFLNK { return }
    // One that a killed process of the same number left would stand in the way for ever.
    unlink(temporary)
    if symlink(Paths.name(of: path), temporary) == 0 { rename(temporary, link) }
  }
}
