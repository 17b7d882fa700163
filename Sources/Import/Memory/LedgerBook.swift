import Bytes
import Glibc
import Ledger
import Records
import Rules

/// A run's ledger: opened, what dead runs left settled, one session begun.
///
/// The order that makes each record published exactly once: what an interrupted run left is
/// finished or removed; everything is built beside its place and made durable; the ledger commits,
/// which is the one moment from which on the run has happened; the folder is moved to its place;
/// the ledger notes that.
package final class LedgerBook {
  /// The run's session.
  let session: RunSession
  /// What was published before, as it was when the run began.
  var reader: LedgerReader { session.reader }
  private let ledger: LedgerFile
  // nil in a rehearsal.
  private let lock: RunLock?
  /// What recovery found worth telling.
  let notes: [String]
  /// The run's name: its start and its number.
  let runName: String
  /// Where the run publishes.
  let destination: Destination
  /// What `winnow users` said of users who are not simply active.
  let userStates: [UserEntry]
  private let rescans: Bool
  private let leads: Leads

  /// How the CRM's list of leads compares with that of the last published run.
  enum Leads {
    /// No run was published: nothing waits for an address.
    case first
    /// The same.
    case same
    /// Another one.
    case changed
    /// Mail that the last run should have read again could not be: every lead is to be asked for,
    /// those of the list and those that runs captured.
    case unfinished
  }

  private init(
    session: RunSession, ledger: LedgerFile, lock: RunLock?, notes: [String], runName: String,
    destination: Destination, userStates: [UserEntry], rescans: Bool, leads: Leads
  ) {
    self.userStates = userStates
    self.session = session
    self.ledger = ledger
    self.lock = lock
    self.notes = notes
    self.runName = runName
    self.destination = destination
    self.rescans = rescans
    self.leads = leads
  }

  /// Adds to what has to be equal for a source to be read on: users that were found out only from
  /// the mail itself. Before any source is looked at.
  func note(guessedUsers: [[UInt8]]) {
    guard !guessedUsers.isEmpty else { return }
    let hash = SHA256()
    session.facts.users?.withByteView { hash.update($0) }
    for user in guessedUsers {
      user.withByteView { hash.update($0) }
      hash.update(ByteView("\0"))
    }
    session.facts.users = session.facts.users.map { _ in Digests.bytes(hash.finish()) }
  }

  /// True when a source was read with the configuration and users of this run, so that only what
  /// is new in it needs to be read. Asked source by source: a run may have read but some of them.
  func isCurrent(_ source: KnownSource) -> Bool {
    let facts = session.facts
    guard !rescans, let config = facts.config, let users = facts.users else { return false }
    return source.config == config && source.users == users
  }

  /// The CRM's list of leads and that of the last published run.
  var leadChange: Leads { leads }

  /// Notes that mail of a lead still waits to be read again: the next run asks for all leads.
  func leaveBackfillOpen() { session.facts.lists = nil }

  /// The ledger's path; nil for a stateless run.
  static func path(_ options: ImportOptions, _ config: Config, _ folder: String) -> String? {
    if let path = options.memory.ledger { return path }
    if options.memory.isStateless || options.out != nil { return nil }
    return defaultPath(config, folder)
  }

  /// Where the ledger is unless `--ledger` says otherwise.
  static func defaultPath(_ config: Config, _ folder: String) -> String {
    Paths.join(outputFolder(config, folder), "winnow.sqlite")
  }

  /// `output.directory`, relative to the configuration.
  static func outputFolder(_ config: Config, _ folder: String) -> String {
    Paths.join(folder == "." ? "" : folder, config.output.directory)
  }

  /// Takes the lock, opens the ledger, settles what dead runs left and begins a run.
  static func begin(
    _ path: String, _ options: ImportOptions, _ setup: RunSetup
  ) throws -> LedgerBook {
    try Paths.makeDirectories(Paths.parent(of: path))
    let lock = try RunLock.acquire(ledger: path, now: setup.started)
    do {
      let ledger = try LedgerFile.open(path, mode: .create)
      var notes: [String] = []
      for action in try ledger.recoveryActions() { try settle(action, ledger, &notes) }
      let last = try ledger.lastPublishedRun()
      let states = try ledger.users()
      let digests = Digests(setup, options, states)
      let out = outputFolder(setup.config, setup.folder)
      // Two ledgers with one output folder count alike, and cron starts both in one second.
      let suffix =
        options.memory.ledger == nil ? "" : "-" + Self.digest(of: Paths.real(path)).hex(bytes: 2)
      var runName = ""
      var destination = Destination(path: "")
      Interruption.shared.watch(draft: RunSession.draftPath(forLedger: path))
      let session = try Interruption.shared.undisturbed {
        try RunSession.begin(
          ledger, lock: lock,
          facts: RunRow(
            started: setup.started, program: Version.text, config: digests.config,
            users: digests.users, lists: digests.leads)
        ) { number in
          runName = "\(RunName.start(setup.started))-\(number)\(suffix)"
          destination = Destination(
            path: options.out ?? Paths.join(out, runName), hasLatestLink: options.out == nil)
          destination.path = Paths.absolute(destination.path)
          let places = Staging.places(destination: destination.path, runID: runName)
          return RunPlaces(
            staging: Array(places.staging.utf8), destination: Array(places.destination.utf8))
        }
      }
      return LedgerBook(
        session: session, ledger: ledger, lock: lock, notes: notes, runName: runName,
        destination: destination, userStates: states, rescans: options.memory.rescans,
        leads: last.map { leads($0.facts.lists, digests.leads) } ?? .first)
    } catch {
      lock.release()
      throw error
    }
  }

  /// Opens the ledger as the next run would find it and changes nothing: for everything that tells
  /// what that run will do. Takes no lock and waits for nobody.
  static func rehearse(
    _ path: String, _ options: ImportOptions, _ setup: RunSetup
  ) throws -> LedgerBook {
    let ledger = try LedgerOpening.forReading(path) ?? LedgerFile.empty(at: path)
    var notes: [String] = []
    var last = try ledger.lastPublishedRun()
    // What the next run settles before anything else.
    for case .finish(let run) in try ledger.recoveryActions() {
      last = run
      let folders = [run.places.staging, run.places.destination].map { $0.withByteView(\.string) }
      notes.append(
        folders.contains { access($0, F_OK) == 0 }
          ? "an interrupted run is committed; the next import moves its result to its place"
          : "the result of an interrupted run is gone (\(folders[1])); the next import reads its items again, which is not shown here"
      )
    }
    let states = try ledger.users()
    let digests = Digests(setup, options, states)
    let session = try RunSession.rehearse(
      ledger,
      facts: RunRow(
        started: setup.started, program: Version.text, config: digests.config,
        users: digests.users, lists: digests.leads))
    return LedgerBook(
      session: session, ledger: ledger, lock: nil, notes: notes, runName: "",
      destination: Destination(path: ""), userStates: states, rescans: options.memory.rescans,
      leads: last.map { leads($0.facts.lists, digests.leads) } ?? .first)
  }

  private static func leads(_ before: [UInt8]?, _ now: [UInt8]?) -> Leads {
    guard let before else { return .unfinished }
    return before == now ? .same : .changed
  }

  private static func digest(of text: String) -> Digest { text.withByteView { SHA256.digest($0) } }

  private static func settle(
    _ action: RecoveryAction, _ ledger: LedgerFile, _ notes: inout [String]
  ) throws {
    switch action {
    case .discard(let run):
      let staging = run.places.staging.withByteView(\.string)
      // Only what a run builds in is ever removed.
      if Paths.name(of: staging).hasPrefix(Staging.prefix) {
        Paths.removeTree(staging)
        Paths.removeTree(staging + Staging.removedSuffix)
      }
      try ledger.markDiscarded(run.id)
    case .finish(let run):
      let staging = run.places.staging.withByteView(\.string)
      let destination = run.places.destination.withByteView(\.string)
      if access(staging, F_OK) == 0 {
        guard rename(staging, destination) == 0 else {
          throw RunError(
            .ioError,
            "\(Plain.line(destination)): an interrupted run cannot be finished: \(String(cString: strerror(errno)))",
            details: ["its result lies in \(staging); make room for it at that place"])
        }
        try Staging.syncFolder(Paths.parent(of: destination))
        linkLatest(staging, destination)
        try ledger.markPublished(run.id)
        notes.append("an interrupted run was finished: \(destination)")
      } else if access(destination, F_OK) == 0 {
        linkLatest(staging, destination)
        try ledger.markPublished(run.id)
        notes.append("an interrupted run was finished: \(destination)")
      } else if access(Paths.parent(of: destination), F_OK) != 0 {
        // Perhaps a disk that is not mounted: to publish the same again would be worse than to
        // wait.
        throw RunError(
          .ioError,
          "\(Plain.line(Paths.parent(of: destination))): is not there, and holds the result of an interrupted run",
          details: [
            "mount its disk; or, if the result is gone, make the folder anew: its items are published again"
          ])
      } else {
        try ledger.forget(run.id)
        notes.append(
          "the result of an interrupted run is gone (\(destination)); its items are read again")
      }
    }
  }

  /// The folders of all published results, oldest first.
  func results() throws -> [String] {
    try ledger.allRuns().map { $0.places.destination.withByteView(\.string) }
  }

  /// The items that earlier runs could not read.
  func quarantined() throws -> Set<RecordKey> {
    Set(try ledger.quarantined().map(\.item.item))
  }

  // Only beside folders that winnow named itself; what lies beside --out is the user's.
  private static func linkLatest(_ staging: String, _ destination: String) {
    guard Paths.name(of: staging) == Staging.prefix + Paths.name(of: destination) else { return }
    Destination.linkLatest(destination, onlyWhereItIs: true)
  }

  /// The moment from which on the run has happened. To be called once everything is durable.
  func commit(_ counts: DecisionCounts, unread: Int) throws {
    try session.commit(
      counts: RunCounts(
        items: Int64(counts.total), kept: Int64(counts.items(.kept)),
        dropped: Int64(counts.items(.dropped)), quarantined: Int64(counts.items(.quarantined)),
        unread: Int64(unread)))
  }

  /// Notes that the result is in its place, and lets go of the ledger. Where that cannot be
  /// written down, the next start finds the result in its place and does it.
  func finish() {
    try? ledger.markPublished(session.run)
    ledger.close()
    lock?.release()
  }

  /// Gives the run up before its commit.
  func abandon() {
    try? session.abandon()
    ledger.close()
    lock?.release()
  }

  /// What has to be equal for a file to be read on from where the last run ended.
  private struct Digests {
    var config: [UInt8]
    /// nil when a list is not the one any more that was loaded, or cannot be read a second time:
    /// equal to nothing, so the next run takes it for changed.
    var users: [UInt8]?
    var leads: [UInt8]?

    static func bytes(_ d: Digest) -> [UInt8] { withUnsafeBytes(of: d.words) { Array($0) } }

    init(_ setup: RunSetup, _ options: ImportOptions, _ states: [UserEntry]) {
      let hash = SHA256()
      let text = ByteBuffer(capacity: 1024)
      // The program is part of the rules; a span that some run was narrowed to is, too.
      text.append(string: "\(Version.text)\n")
      text.append(string: setup.configDigest?.hex() ?? "")
      text.append(string: "\n\(options.from?.text ?? "")\n\(options.to?.text ?? "")\n")
      text.append(string: options.sources.joined(separator: "\0"))
      hash.update(text.view)
      config = Self.bytes(hash.finish())
      text.removeAll()
      let list = Self.digest(ofFiles: setup.userPaths, setup)
      text.append(string: list?.hex() ?? "")
      for u in states where u.state != .active {
        text.append(string: "\n\(u.id)\0\(u.state.rawValue)")
      }
      hash.update(text.view)
      let all = Self.bytes(hash.finish())
      users = list == nil ? nil : all
      leads = Self.digest(ofFiles: setup.leadPaths, setup).map(Self.bytes)
    }

    // Over what the files hold, not over when they were written.
    private static func digest(ofFiles paths: [String], _ setup: RunSetup) -> Digest? {
      let hash = SHA256()
      let buffer = ByteBuffer(capacity: 1 << 20)
      for path in paths {
        let fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard fd >= 0 else { return nil }
        defer { close(fd) }
        while true {
          buffer.removeAll()
          let n = read(fd, buffer.reserve(1 << 20), 1 << 20)
          if n < 0, errno == EINTR { continue }
          guard n >= 0 else { return nil }
          if n == 0 { break }
          buffer.advance(by: n)
          hash.update(buffer.view)
        }
        // A pipe gives its bytes once; a file may have been replaced since it was loaded.
        guard let loaded = setup.listStates[path], loaded == FileState(path: Array(path.utf8)),
          loaded.isRegular
        else { return nil }
        buffer.removeAll()
        buffer.append(string: "\0\(path)\0")
        hash.update(buffer.view)
      }
      return hash.finish()
    }
  }
}

extension Import.RunError {
  /// A ledger's failure in the words of the command line.
  init(_ e: LedgerError) {
    self.init(
      Import.ExitStatus(rawValue: e.exitStatus) ?? .inside, "\(e.path): \(e.what)",
      details: [e.mend])
  }
}
