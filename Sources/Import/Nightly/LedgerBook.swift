import Bytes
import Glibc
import Ledger
import Records
import Rules

/// A run's ledger: opened, what dead runs left settled, one session begun (contract section 6).
///
/// The order that makes each record published exactly once: what an interrupted run left is
/// finished or removed; everything is built beside its place and made durable; the ledger commits,
/// which is the one moment from which on the run has happened; the folder is moved to its place;
/// the ledger notes that.
final class LedgerBook {
  /// The run's session.
  let session: RunSession
  /// What was published before, as it was when the run began.
  var reader: LedgerReader { session.reader }
  private let ledger: LedgerFile
  private let lock: RunLock
  /// What recovery found worth telling.
  let notes: [String]
  /// The run's name: its start and its number.
  let runName: String
  /// Where the run publishes.
  let destination: Destination
  /// True when configuration and users are those of the last published run: then only what is new
  /// needs to be read.
  let isSameSetup: Bool
  /// True when the CRM's list of leads is that of the last published run.
  let hasSameLeads: Bool

  private init(
    session: RunSession, ledger: LedgerFile, lock: RunLock, notes: [String], runName: String,
    destination: Destination, isSameSetup: Bool, hasSameLeads: Bool
  ) {
    self.session = session
    self.ledger = ledger
    self.lock = lock
    self.notes = notes
    self.runName = runName
    self.destination = destination
    self.isSameSetup = isSameSetup
    self.hasSameLeads = hasSameLeads
  }

  /// The ledger's path; nil for a stateless run.
  static func path(_ options: ImportOptions, _ config: Config, _ folder: String) -> String? {
    if let path = options.ledger { return path }
    if options.isStateless || options.out != nil { return nil }
    return Paths.join(outputFolder(config, folder), "winnow.sqlite")
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
      try setup.apply(ledger.users())
      let digests = try Digests(setup, options, ledger.users())
      let out = outputFolder(setup.config, setup.folder)
      var runName = ""
      var destination = Destination(path: "")
      let session = try RunSession.begin(
        ledger, lock: lock,
        facts: RunFacts(
          started: setup.started, program: Version.text, config: digests.config,
          users: digests.users, lists: digests.leads)
      ) { number in
        runName = "\(RunID.start(setup.started))-\(number)"
        destination = Destination(
          path: options.out ?? Paths.join(out, runName), hasLatestLink: options.out == nil)
        destination.path = Paths.absolute(destination.path)
        let places = Staging.places(destination: destination.path, runID: runName)
        return RunPlaces(
          staging: Array(places.staging.utf8), destination: Array(places.destination.utf8))
      }
      return LedgerBook(
        session: session, ledger: ledger, lock: lock, notes: notes, runName: runName,
        destination: destination,
        isSameSetup: last?.facts.config == digests.config && last?.facts.users == digests.users
          && last != nil && !options.rescans,
        hasSameLeads: last?.facts.lists == digests.leads)
    } catch {
      lock.release()
      throw error
    }
  }

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
        Destination.linkLatest(destination, onlyWhereItIs: true)
        try ledger.markPublished(run.id)
        notes.append("an interrupted run was finished: \(destination)")
      } else if access(destination, F_OK) == 0 {
        try ledger.markPublished(run.id)
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

  /// The moment from which on the run has happened. To be called once everything is durable.
  func commit(_ counts: Import.RunCounts, unread: Int) throws {
    try session.commit(
      counts: Ledger.RunCounts(
        items: Int64(counts.total), kept: Int64(counts.items(.kept)),
        dropped: Int64(counts.items(.dropped)), quarantined: Int64(counts.items(.quarantined)),
        unread: Int64(unread)))
  }

  /// Notes that the result is in its place, and lets go of the ledger.
  func finish() throws {
    try ledger.markPublished(session.run)
    ledger.close()
    lock.release()
  }

  /// Gives the run up before its commit.
  func abandon() {
    try? session.abandon()
    ledger.close()
    lock.release()
  }

  /// What has to be equal for a file to be read on from where the last run ended.
  private struct Digests {
    var config: [UInt8]
    var users: [UInt8]
    var leads: [UInt8]

    init(_ setup: RunSetup, _ options: ImportOptions, _ states: [UserEntry]) throws {
      func bytes(_ d: Digest) -> [UInt8] { withUnsafeBytes(of: d.words) { Array($0) } }
      let hash = SHA256()
      let text = ByteBuffer(capacity: 1024)
      // The program is part of the rules; a span that some run was narrowed to is, too.
      text.append(string: "\(Version.text)\n")
      text.append(string: setup.configDigest?.hex() ?? "")
      text.append(string: "\n\(options.from?.text ?? "")\n\(options.to?.text ?? "")\n")
      text.append(string: options.sources.joined(separator: "\0"))
      hash.update(text.view)
      config = bytes(hash.finish())
      text.removeAll()
      text.append(string: try Self.digest(ofFiles: setup.userPaths).hex())
      for u in states where u.state != .active {
        text.append(string: "\n\(u.id)\0\(u.state.rawValue)")
      }
      hash.update(text.view)
      users = bytes(hash.finish())
      leads = bytes(try Self.digest(ofFiles: setup.leadPaths))
    }

    // Over what the files hold, not over when they were written.
    private static func digest(ofFiles paths: [String]) throws -> Digest {
      let hash = SHA256()
      let buffer = ByteBuffer(capacity: 1 << 20)
      for path in paths {
        let fd = open(path, O_RDONLY | O_CLOEXEC)
        guard fd >= 0 else { throw OutputError(path: path, call: "open") }
        defer { close(fd) }
        while true {
          buffer.removeAll()
          let n = read(fd, buffer.reserve(1 << 20), 1 << 20)
          if n < 0, errno == EINTR { continue }
          guard n >= 0 else { throw OutputError(path: path, call: "read") }
          if n == 0 { break }
          buffer.advance(by: n)
          hash.update(buffer.view)
        }
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
