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
    try execute(
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
    let decoder = FactDecoder(try FactHeader(setup, run))
    let reader = FactRounds(input, decoder, isGrouped: options.isGrouped)
    return try published {
      let first = try reader.readLeads()
      run.now = run.now ?? decoder.now.flatMap { TimePoint(TimePoint.rfc3339($0)) }
      if options.isFirstRoundOnly {
        return try writeFirstRound(first, setup, run, decoder, out)
      }
      if options.part != nil { return try publishPart(reader, first, setup, run, options) }
      return try publish(reader, first, setup, run, options.attachments, started)
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

  private static func publishPart(
    _ reader: FactRounds, _ first: FirstRound, _ setup: RunSetup, _ run: ImportOptions,
    _ options: ReduceOptions
  ) throws -> ExitStatus {
    guard let folder = run.out, let part = options.part else {
      throw RunError(.usage, "--part needs --out, the folder that --finish will read")
    }
    try Paths.makeDirectories(folder)
    let runID = RunName.make() + "-" + part
    let staging = try Staging(
      destination: Paths.join(folder, FinishRun.prefix + part), runID: runID)
    do {
      mkdir(staging.file("quarantine"), 0o777)
      let sources = try first.sources()
      let job = RunJob(
        options: run, setup: setup, sources: try sources.resolved(first.notes), staging: staging)
      let steps = try RunSteps(job)
      let reduce = ReduceJob(steps, sources, reader)
      try reduce.run(first, isPart: true)
      var header = try FactHeader(setup, run)
      header.now = reader.decoder.now
      var state = try steps.writePart(staging, header, first)
      state.settled = reduce.tally
      if let store = options.attachments {
        try steps.takeAttachments(from: store, into: staging)
      } else {
        state.missingAttachments = steps.merge.tally.attachments.count
      }
      try state.write(to: staging.file("run.json"))
      _ = try staging.publish()
      return .done
    } catch {
      staging.discard()
      throw error
    }
  }

  private static func publish(
    _ reader: FactRounds, _ first: FirstRound, _ setup: RunSetup, _ run: ImportOptions,
    _ attachments: String?, _ started: ContinuousClock.Instant
  ) throws -> ExitStatus {
    let runID = RunName.make()
    let destination = try Destination.of(run, setup.config, setup.folder, runID: runID)
    let staging = try Staging(destination: destination.path, runID: runID)
    do {
      mkdir(staging.file("quarantine"), 0o777)
      let sources = try first.sources()
      let job = RunJob(
        options: run, setup: setup, sources: try sources.resolved(first.notes), staging: staging)
      let steps = try RunSteps(job)
      let reduce = ReduceJob(steps, sources, reader)
      try reduce.run(first, isPart: false)
      var report = try steps.write(reduced: sources.facts)
      try steps.takeAttachments(from: attachments, into: staging, &report)
      return try ImportRun.finish(report, job, staging, destination, runID, started)
    } catch {
      staging.discard()
      throw error
    }
  }

  private static func writeFirstRound(
    _ first: FirstRound, _ setup: RunSetup, _ run: ImportOptions, _ decoder: FactDecoder,
    _ out: OutputFile
  ) throws -> ExitStatus {
    let sources = try first.sources()
    let job = RunJob(
      options: run, setup: setup, sources: try sources.resolved(first.notes), staging: nil)
    let steps = try RunSteps(job)
    var header = try FactHeader(setup, run)
    header.now = decoder.now
    try first.combine(steps, sources)
    try first.write(
      steps.merge.captured, sources, header, to: out)
    return .done
  }
}

/// Facts in their rounds, key by key.
final class FactRounds {
  private let input: FactInput
  let decoder: FactDecoder
  private let isGrouped: Bool
  private let group = FactGroup()
  private let last = ByteBuffer(capacity: 64)
  private var keys = DigestSet()
  private var isAtEnd = false

  init(_ input: FactInput, _ decoder: FactDecoder, isGrouped: Bool) {
    self.input = input
    self.decoder = decoder
    self.isGrouped = isGrouped
  }

  // The next line that was not looked at; it holds until the next call.
  private var pending: FactLine?

  private func peek() throws -> FactLine? {
    if pending == nil, !isAtEnd {
      pending = try input.next()
      isAtEnd = pending == nil
    }
    return pending
  }

  /// All lines of the next key in a round; nil where the round is over.
  func nextGroup(in round: FactRound) throws -> FactGroup? {
    guard let line = try peek(), line.round == round else {
      if let line = pending, line.round.rawValue < round.rawValue {
        throw RunError(
          .badSource,
          "\(FactInput.place(line.number)): a line of the round of leads behind items; rounds come in order: sort with LC_ALL=C sort"
        )
      }
      return nil
    }
    try check(line)
    group.begin(line)
    while let line = try peek(), group.rows.isEmpty || group.holds(line) {
      try group.add(line)
      pending = nil
    }
    return group
  }

  private func check(_ line: FactLine) throws {
    if isGrouped {
      guard let digest = Digest(hex: line.key) else { return }
      let word = digest.words.0 ^ UInt64(line.round.rawValue)
      if keys.contains(word) {
        throw RunError(
          .badSource,
          "\(FactInput.place(line.number)): lines of one key do not stand together, so that copies would not meet; group or sort them"
        )
      }
      return keys.insert(word)
    }
    let isBehind =
      last.isEmpty || last.view[0] < line.round.rawValue
      || last.view.from(1).buffer.lexicographicallyPrecedes(line.key.buffer)
    guard isBehind else {
      throw RunError(
        .badSource,
        "\(FactInput.place(line.number)): keys are out of order; sort with LC_ALL=C sort, or give --grouped where lines of a key stand together"
      )
    }
    last.removeAll()
    last.append(line.round.rawValue)
    last.append(line.key)
  }

  /// Calls `body` with each line of a group.
  func forEach(_ group: FactGroup, _ body: (FactDecoder.Fact) throws -> Void) throws {
    for row in group.rows { try body(decoder.read(group.json(row), line: row.line)) }
  }

  /// Reads the round of leads.
  func readLeads() throws -> FirstRound {
    let first = try FirstRound(self)
    while let group = try nextGroup(in: .leads) { try first.take(group) }
    return first
  }
}
