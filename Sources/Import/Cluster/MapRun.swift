import Bytes
import Glibc
import Mailboxes
import Records
import Rules

/// What `winnow map` was asked for.
public struct MapOptions: Sendable {
  /// Configuration, sources, times, user; see ``ImportOptions``.
  public var run = ImportOptions()
  /// `--range`: the part of the one mbox that is read, in bytes.
  public var range: Range<Int>?
  /// `--attachments`: the folder that attachments are stored in under their content's names.
  public var attachments: String?

  /// The defaults.
  public init() {}
}

/// `winnow map`: what each item of the sources says, as facts on standard output, for
/// ``ReduceRun``. Items are read and decided as an import does it; what needs the whole run is left
/// to reduce.
public enum MapRun {
  /// Runs it.
  ///
  /// - Throws: ``RunError``; what was written up to then is no whole set of facts, and reduce says
  ///   so.
  public static func execute(_ options: MapOptions) throws -> ExitStatus {
    try execute(options, to: OutputFile(writingTo: 1, named: "standard output"))
  }

  /// The same with facts going to a file that is open.
  static func execute(_ options: MapOptions, to out: OutputFile) throws -> ExitStatus {
    var run = options.run
    run.memory.isStateless = true
    var assembly = try RunAssembly.make(run, ledger: .users)
    if let range = options.range { try cut(&assembly.sources, to: range, user: run.user) }
    if run.now == nil { try refuseMeetings(assembly) }
    do {
      let job = try MapJob(assembly, attachments: options.attachments, out)
      try job.run()
      if !run.talk.isQuiet { job.warn() }
    } catch let error as OutputError {
      throw RunError(.ioError, "\(error.path): \(error.call) failed: \(error.explanation)")
    }
    return .done
  }

  // What meetings say depends on the present time.
  private static func refuseMeetings(_ assembly: RunAssembly) throws {
    let job = RunJob(
      options: assembly.options, setup: assembly.setup, sources: assembly.sources, staging: nil)
    let calendar = assembly.sources.sources.first { $0.role != nil }
    let isInMail = job.makeMeetingPlan().users.contains { $0.calendar.invitesInMail }
    guard calendar != nil || isInMail else { return }
    let place = calendar.map { Plain.line($0.display) } ?? "calendar.invitesInMail"
    throw RunError(
      .usage,
      "\(place): what meetings say depends on the present time, which must be the same for all facts of a run: give it with --now"
    )
  }

  private static func cut(
    _ sources: inout SourceResolver.Result, to range: Range<Int>, user: String?
  ) throws {
    // Of somebody else's mailbox nothing is read.
    if user != nil, sources.sources.isEmpty { return }
    guard sources.sources.count == 1, sources.sources[0].found.kind == .mbox,
      !sources.sources[0].found.isGzip
    else {
      let shown =
        sources.sources.count == 1
        ? "\(Plain.line(sources.sources[0].display)) is not" : "these are"
      throw RunError(
        .usage,
        "--range takes a part of one uncompressed mbox, and \(shown)\(sources.sources.count == 1 ? "" : " \(sources.sources.count) sources"); leave --range away"
      )
    }
    sources.sources[0].range = range
  }
}

/// One run of `winnow map`.
final class MapJob {
  private let assembly: RunAssembly
  private let leads: LeadLines
  private let mail: MailJob
  private let calendars: CalendarReading
  private let components: CalendarLines
  private let out: OutputFile
  private let captured = CapturedLeads()
  private var places: FactPlaces
  private let fact = MailFact()
  private let window = ByteBuffer(capacity: 64 << 10)
  // Of calendars, by the numbers of their sources.
  private var read: [Int: (components: Int, notes: [String])] = [:]
  private var warnings: [String]

  init(_ assembly: RunAssembly, attachments: String?, _ out: OutputFile) throws {
    self.out = out
    self.assembly = assembly
    let sources = assembly.sources.sources
    warnings = assembly.setup.warnings + assembly.sources.warnings
    let header = try FactHeader(assembly.setup, assembly.options)
    leads = LeadLines(header, out)
    var job = RunJob(
      options: assembly.options, setup: assembly.setup, sources: assembly.sources, staging: nil)
    job.factStore = attachments
    if let attachments { try Paths.makeDirectories(attachments) }
    let meetings = job.makeMeetingPlan()
    let plan = job.makePlan(meetings: meetings, isPart: true)
    let jobs = max(1, assembly.options.jobs ?? Processors.count)
    let others = (1..<jobs).map { _ in
      job.makePlan(meetings: meetings, isPart: true, shared: plan.shared)
    }
    calendars = CalendarReading(
      plan: meetings, localZone: TimePoint.zone(named: assembly.setup.config.organization.timeZone),
      spill: try FactSpill(folder: nil))
    components = CalendarLines(header, createsLeads: meetings.createsLeads)
    places = FactPlaces(sources)
    mail = MailJob(
      sources: sources, plans: WorkerPlans([plan] + others), shared: plan.shared, jobs: jobs,
      progress: Progress(
        mode: assembly.options.talk.progress, quiet: assembly.options.talk.isQuiet,
        total: sources.reduce(0) { $0 + $1.found.size }),
      header: header)
  }

  /// Reads everything and writes its facts.
  func run() throws {
    try mail.run(
      take: { try take($0) }, counts: nil, calendars: calendars,
      calendar: { try take($0) })
    try refuseFaults()
    try leads.write(captured, place: places.place)
    for (i, source) in assembly.sources.sources.enumerated() {
      var found = SourceFact(source, i < mail.summaries.count ? mail.summaries[i] : .init())
      found.files = places.files(of: i)
      if let read = read[i] {
        found.items = read.components
        found.notes += read.notes
      }
      found.look(at: source, whole: assembly.options.hashesInputs)
      try leads.write(found)
      warnings += found.warnings
    }
    var note = RunNote()
    note.guessed = assembly.sources.guessedUsers.map { $0.withByteView(\.string) }
    note.warnings = assembly.sources.warnings
    try leads.write(note)
    try out.flush()
  }

  /// Tells on standard error what is worth telling.
  func warn() {
    for warning in warnings { Console.error("winnow: \(Plain.line(warning))") }
  }

  private func refuseFaults() throws {
    for (source, summary) in zip(assembly.sources.sources, mail.summaries)
    where summary.error?.kind == .noRange {
      throw RunError(
        .usage, "--range: \(Plain.line(source.display)): \(MailboxError(.noRange, path: []).reason)"
      )
    }
    try RunSources.refuse(
      RunSources.faults(assembly.sources.sources, mail.summaries), assembly.options)
  }

  // MARK: Mail

  private func take(_ result: BatchResult) throws {
    try out.write(result.lines.view)
    var reader = FactReader(result.facts.view)
    while !reader.isAtEnd {
      fact.read(from: &reader)
      let position = places.position(fact.place)
      if !fact.listKey.isEmpty { captured.addList(fact.listKey) }
      guard fact.verdict.reason == nil else { continue }
      for v in fact.variants where v.mayCapture {
        captured.add(CapturedLeads.Sighting(v, of: fact, at: position))
      }
    }
  }

  // MARK: Calendars

  private func take(_ result: CalendarResult) throws {
    if let failure = result.failure { throw failure }
    let number = result.source.number
    var notes: [String] = []
    if let fault = result.fault {
      try RunSources.refuse(["\(result.source.name): \(fault)"], assembly.options)
      notes.append("left out from there on: \(result.source.name): \(fault)")
    }
    notes += result.warnings.map { "\(result.source.name): \($0)" }
    read[number] = (result.components, notes)
    let line = CalendarLine(source: places.name(number).string)
    for chunk in result.chunks {
      try calendars.spill.read(chunk, into: window)
      var reader = FactReader(window.view)
      while !reader.isAtEnd {
        components.append(try CalendarFact(from: &reader), line, to: out.pending)
        try out.flushIfFull()
      }
    }
  }
}

/// What a run over facts says as a whole.
struct RunNote: FactFields, Equatable {
  /// The users who were made of sources, where there is no list.
  var guessed: [String] = []
  /// What is worth telling of what lies under the paths.
  var warnings: [String] = []

  mutating func walk(_ c: inout some FactCoder) {
    c.list("guessed", &guessed)
    c.list("warnings", &warnings)
  }
}

/// The places of a map's items, as numbers that rise in reading order and as facts name them.
struct FactPlaces {
  private let names: [ByteBuffer]
  private let starts: [Int]
  // For each source, the number of its first file and how many were seen; in reading order.
  private var first: [Int]
  private var seen: [Int]
  private var source = 0

  init(_ sources: [ResolvedSource]) {
    names = sources.map { source in
      let text = ByteBuffer(capacity: 32)
      text.append(string: SourceName(rank: source.rank, path: source.display).text)
      return text
    }
    starts = sources.map { $0.range?.lowerBound ?? 0 }
    first = [Int](repeating: 0, count: sources.count)
    seen = [Int](repeating: 0, count: sources.count)
  }

  /// See ``SourceName``.
  func name(_ source: Int) -> ByteView {
    names.indices.contains(source) ? names[source].view : .empty
  }

  /// Files of a source that anything was read of, at least one.
  func files(of source: Int) -> Int { seen.indices.contains(source) ? max(1, seen[source]) : 1 }

  /// The place of a mail among those of this process.
  mutating func position(_ place: MailFact.Place) -> ItemPosition {
    guard names.indices.contains(place.source) else { return ItemPosition(file: 0, index: 0) }
    while source < place.source {
      first[source + 1] = first[source] + seen[source]
      source += 1
    }
    seen[place.source] = max(seen[place.source], place.file + 1)
    return ItemPosition(file: first[place.source] + place.file, index: place.index)
  }

  /// The same as facts name it.
  func place(_ position: ItemPosition) -> FactPlace {
    let file = Int(position.file)
    // The last of those read that begins at or before it and has files.
    var low = 0
    var high = source
    while low < high {
      let m = (low + high + 1) / 2
      if first[m] <= file { low = m } else { high = m - 1 }
    }
    guard names.indices.contains(low) else { return FactPlace() }
    return FactPlace(
      source: names[low].string, file: file - first[low], from: starts[low],
      index: Int(position.index))
  }
}
