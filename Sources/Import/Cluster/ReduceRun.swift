import Bytes
import Glibc
import Records
import Rules

/// What `winnow reduce` was asked for.
public struct ReduceOptions: Sendable {
  /// Configuration, times, user, `--out`; see ``ImportOptions``. Sources are not read.
  public var run = ImportOptions()
  /// `--grouped`: lines of one key stand together, and keys in any order.
  public var isGrouped = false
  /// `--round leads`: the first round alone, whose facts go to standard output.
  public var isFirstRoundOnly = false
  /// `--part`: the name of the part of the keys that is settled; nil for all.
  public var part: String?
  /// `--finish`: the folder whose parts become the result.
  public var finish: String?
  /// `--attachments`: the folder that map stored attachments in.
  public var attachments: String?

  /// The defaults.
  public init() {}
}

/// `winnow reduce`: facts on standard input, records, decisions and run.json in a folder.
public enum ReduceRun {
  /// Runs it.
  ///
  /// - Throws: ``RunError`` for everything that publishes nothing.
  public static func execute(_ options: ReduceOptions) throws -> ExitStatus {
    if options.finish == nil, isatty(0) == 1 {
      throw RunError(
        .usage,
        "facts come on standard input: winnow map … | LC_ALL=C sort | winnow reduce --out DIR")
    }
    return try execute(
      options, FactInput(descriptor: 0), to: OutputFile(writingTo: 1, named: "standard output"))
  }

  /// The same with facts from elsewhere; those of the first round alone go to `out`.
  static func execute(
    _ options: ReduceOptions, _ input: FactInput, to out: OutputFile
  ) throws -> ExitStatus {
    var run = options.run
    run.memory.isStateless = true
    let started = ContinuousClock().now
    Interruption.shared.start()
    let setup = try RunSetup.load(run, isEnough: true)
    if let folder = options.finish {
      return try published { try FinishRun.execute(folder, setup, run, started) }
    }
    let header = try FactHeader(setup, run)
    let decoder = FactDecoder(header)
    let rounds = FactRounds(input, decoder, isGrouped: options.isGrouped)
    return try published {
      let first = try rounds.readLeads()
      run.now = run.now ?? decoder.now.flatMap { TimePoint(TimePoint.rfc3339($0)) }
      let reduction = try Reduction(
        rounds, first, header, setup, run, attachments: options.attachments)
      if options.isFirstRoundOnly { return try reduction.writeLeads(to: out) }
      if let part = options.part { return try reduction.publish(part: part) }
      return try reduction.publish(started)
    }
  }

  private static func published(_ body: () throws -> ExitStatus) throws -> ExitStatus {
    do {
      return try body()
    } catch {
      Interruption.shared.giveWay()
      guard let error = error as? OutputError else { throw error }
      throw RunError(
        .ioError, "\(error.path): \(error.call) failed: \(error.explanation); nothing was published"
      )
    }
  }
}

/// A run over facts, once its first round was read.
private struct Reduction {
  private let rounds: FactRounds
  private let first: FirstRound
  private let read: FactHeader
  private let setup: RunSetup
  private let run: ImportOptions
  private let attachments: String?
  private let sources: FactSources
  private let resolved: SourceResolver.Result

  init(
    _ rounds: FactRounds, _ first: FirstRound, _ header: FactHeader, _ setup: RunSetup,
    _ run: ImportOptions, attachments: String?
  ) throws {
    read = header
    self.rounds = rounds
    self.first = first
    self.setup = setup
    self.run = run
    self.attachments = attachments
    sources = try first.sources()
    resolved = try sources.resolved(first.notes)
  }

  private func job(_ staging: Staging?) -> RunJob {
    RunJob(options: run, setup: setup, sources: resolved, staging: staging)
  }

  // That of the facts: `now` is theirs where nobody gave it.
  private var header: FactHeader {
    var header = read
    header.now = rounds.decoder.now
    return header
  }

  // Settles the items in a staging folder; `end` ends its files, and publishes it.
  private func settle(
    in staging: Staging, isPart: Bool, _ end: (RunSteps, ReduceJob) throws -> ExitStatus
  ) throws -> ExitStatus {
    do {
      mkdir(staging.file("quarantine"), 0o777)
      let steps = try RunSteps(job(staging))
      let reduce = ReduceJob(steps, sources, rounds)
      try reduce.run(first, isPart: isPart)
      return try end(steps, reduce)
    } catch {
      staging.discard()
      throw error
    }
  }

  /// Publishes the whole result.
  func publish(_ started: ContinuousClock.Instant) throws -> ExitStatus {
    let runID = RunName.make()
    let destination = try Destination.of(run, setup.config, setup.folder, runID: runID)
    let staging = try Staging(destination: destination.path, runID: runID)
    return try settle(in: staging, isPart: false) { steps, _ in
      var report = try steps.write(reduced: sources.facts)
      if let attachments {
        try steps.takeAttachments(from: attachments, into: staging)
      } else {
        let missing = steps.merge.tally.attachments.count
        if missing > 0 { report.sourceWarnings.append(StoredFiles.warning(missing)) }
      }
      return try ImportRun.finish(report, job(staging), staging, destination, runID, started)
    }
  }

  /// Publishes one part of the keys below `--out`.
  func publish(part: String) throws -> ExitStatus {
    guard let folder = run.out else {
      throw RunError(.usage, "--part needs --out, the folder that --finish will read")
    }
    try Paths.makeDirectories(folder)
    let strange = Paths.entries(of: folder).first {
      !$0.hasPrefix(FinishRun.prefix) && !$0.hasPrefix(Staging.prefix)
    }
    if let strange {
      throw RunError(
        .cannotCreate,
        "\(Plain.line(folder)): holds \(Plain.line(strange)), which is no part of a run; choose a folder for the parts alone"
      )
    }
    let staging = try Staging(
      destination: Paths.join(folder, FinishRun.prefix + part),
      runID: "\(RunName.make())-\(part)")
    return try settle(in: staging, isPart: true) { steps, reduce in
      var state = try steps.writePart(staging, header, first)
      state.settled = reduce.tally
      if let attachments {
        try steps.takeAttachments(from: attachments, into: staging)
      } else {
        state.missingAttachments = steps.merge.tally.attachments.count
      }
      state.files = PartState.files(in: staging.path)
      try state.write(to: staging.file("run.json"))
      _ = try staging.publish()
      return .done
    }
  }

  /// Writes the facts of the first round, put together.
  func writeLeads(to out: OutputFile) throws -> ExitStatus {
    let steps = try RunSteps(job(nil))
    try first.combine(steps, sources)
    try first.write(steps.merge.captured, sources, header, to: out)
    return .done
  }
}
