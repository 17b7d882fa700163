import Bytes
import Glibc
import Ledger
import Mailboxes
import Records
import Rules
import Text

/// Configuration and lists of a run, read and checked; with any error nothing else happens. Only
/// ``RunAssembly`` makes one.
package struct RunSetup {
  /// The configuration in force.
  package var config: Config
  /// The configuration's path, or nil when there is none.
  let configPath: String?
  /// SHA-256 over the configuration's bytes.
  let configDigest: Digest?
  private let secret: Digest?
  /// The folder that relative paths start from.
  let folder: String
  /// The CRM's users.
  package var users: UserIndex
  /// The files that the lists of users and leads were read from.
  let userPaths, leadPaths: [String]
  /// The files of all lists, those of tasks among them.
  var listPaths: [String] { userPaths + leadPaths + taskPaths }
  private let taskPaths: [String]
  /// What these looked like before they were read.
  let listStates: [String: FileState]
  /// The CRM's leads.
  package let leads: LeadIndex
  /// The CRM's tasks.
  package let tasks: [TaskRow]
  /// Findings that stop nothing.
  var warnings: [String]
  /// Everything found, errors included.
  package let diagnostics: [Diagnostic]
  /// When the run began, seconds since 1970.
  package let started: Int64
  /// The same as RFC 3339.
  var startedText: String { TimePoint.rfc3339(started) }

  private init(
    config: Config, path: String?, digest: Digest?, secret: Digest? = nil, folder: String,
    users: UserIndex, leads: LeadIndex, tasks: [TaskRow] = [], userPaths: [String] = [],
    leadPaths: [String] = [], taskPaths: [String] = [], listStates: [String: FileState] = [:],
    diagnostics: [Diagnostic]
  ) {
    self.listStates = listStates
    self.userPaths = userPaths
    self.leadPaths = leadPaths
    self.taskPaths = taskPaths
    self.config = config
    configPath = path
    configDigest = digest
    self.secret = secret
    self.folder = folder
    self.users = users
    self.leads = leads
    self.tasks = tasks
    self.diagnostics = diagnostics
    warnings = diagnostics.filter { $0.severity != .error }.map(\.text)
    started = Int64(time(nil))
  }

  /// The defaults, without any list.
  package static var defaults: RunSetup {
    let text = Array("{\"version\":1}".utf8)
    let file = text.withByteView { ConfigFile.read($0, file: "", isTimeZone: isTimeZone) }
    return RunSetup(
      config: file.config, path: nil, digest: nil, folder: ".",
      users: UserIndex([], organizationDomains: []), leads: LeadIndex(searchFields: []),
      diagnostics: [])
  }

  /// Which of the CRM's lists a command needs beside its users.
  package struct Lists: OptionSet {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    static let leads = Lists(rawValue: 1)
    static let tasks = Lists(rawValue: 2)
    static let all: Lists = [.leads, .tasks]
  }

  /// What to do where there is no configuration.
  package static let advice =
    "give the configuration with --config, or name the mail to read"

  /// Reads configuration and lists; throws ``RunError`` 78 with every fault at once.
  ///
  /// - Parameters:
  ///   - lists: The lists that are read beside the users.
  ///   - advice: What to do where there is no configuration, for the message.
  ///   - isEnough: True where that was named, so that the defaults hold without a configuration.
  package static func load(
    _ options: ImportOptions, lists: Lists = .all, advice: String = Self.advice,
    isEnough: Bool = false
  ) throws -> RunSetup {
    let setup = try read(options, lists: lists, advice: advice, isEnough: isEnough)
    let errors = setup.diagnostics.filter { $0.severity == .error }
    if let first = errors.first {
      throw RunError(
        .configuration,
        errors.count == 1
          ? first.text : "\(errors.count) faults in the configuration; nothing was read",
        details: errors.count == 1 ? [] : errors.map(\.text))
    }
    return setup
  }

  /// Reads configuration and lists and leaves the verdict to the caller.
  package static func read(
    _ options: ImportOptions, lists: Lists = .all, advice: String = Self.advice,
    isEnough: Bool = false
  ) throws -> RunSetup {
    let name = options.config ?? "winnow.json"
    var bytes: [UInt8]?
    let isEnough = isEnough || !options.sources.isEmpty
    if options.config != nil || access(name, F_OK) == 0 || !isEnough {
      bytes = Paths.readSmallFile(name, limit: RunLimits.configuration)
      if bytes == nil {
        throw RunError(
          .configuration,
          "\(Plain.line(name)): cannot be read: \(String(cString: strerror(errno))); \(advice)"
        )
      }
    }
    let folder = bytes == nil ? "." : Paths.parent(of: name)
    let text = bytes ?? Array("{\"version\":1}".utf8)
    let file = text.withByteView { ConfigFile.read($0, file: name, isTimeZone: isTimeZone) }
    if file.diagnostics.hasErrors {
      return RunSetup(
        config: file.config, path: name, digest: nil, folder: folder,
        users: UserIndex([], organizationDomains: []), leads: LeadIndex(searchFields: []),
        diagnostics: file.diagnostics)
    }
    var diagnostics = file.diagnostics
    let userPaths = paths(file.config.users.source.files, folder, "users", &diagnostics)
    let leadPaths =
      lists.contains(.leads)
      ? paths(file.config.leads.source.files, folder, "leads", &diagnostics) : []
    var states: [String: FileState] = [:]
    for file in userPaths + leadPaths { states[file.path] = FileState(path: Array(file.path.utf8)) }
    let (users, userReport) = ListLoader.users(file, paths: userPaths)
    diagnostics += userReport.diagnostics
    var leads = LeadIndex(searchFields: [])
    if lists.contains(.leads) {
      let (list, report) = ListLoader.leads(file, paths: leadPaths)
      leads = list
      diagnostics += report.diagnostics
    }
    var tasks: [TaskRow] = []
    var taskPaths: [ListPath] = []
    if lists.contains(.tasks) {
      taskPaths = paths(file.config.tasks.source.files, folder, "tasks", &diagnostics)
      let (list, report) = ListLoader.tasks(file, paths: taskPaths)
      tasks = list
      diagnostics += report.diagnostics
    }
    return RunSetup(
      config: file.config, path: bytes == nil ? nil : name,
      digest: bytes.map { $0.withByteView { SHA256.digest($0) } },
      secret: text.withByteView { Pseudonyms.secret(of: $0) }, folder: folder, users: users,
      leads: leads, tasks: tasks, userPaths: userPaths.map(\.path),
      leadPaths: leadPaths.map(\.path), taskPaths: taskPaths.map(\.path), listStates: states,
      diagnostics: diagnostics)
  }

  // Files of a list: paths and patterns relative to the configuration.
  static func paths(
    _ files: [String], _ folder: String, _ key: String, _ diagnostics: inout [Diagnostic]
  ) -> [ListPath] {
    var list: [ListPath] = []
    for file in files {
      let full = Paths.join(folder == "." ? "" : folder, file)
      let found = PathPattern.files(Array(full.utf8))
      if found.isEmpty {
        diagnostics.append(
          Diagnostic(
            .error, file: full, keyPath: key, message: "no such file; the list cannot be read"))
      }
      for path in found {
        let text = path.withByteView(\.string)
        list.append(ListPath(shown: text, path: text))
      }
    }
    return list
  }

  static func isTimeZone(_ name: String) -> Bool {
    if name == "UTC" { return true }
    let isName = name.utf8.allSatisfy {
      ASCII.isAlphanumeric($0) || $0 == 47 || $0 == 95 || $0 == 45 || $0 == 43
    }
    return isName && !name.hasPrefix("/") && access("/usr/share/zoneinfo/" + name, R_OK) == 0
  }

  /// Puts what the ledger says about users into force: of list and ledger the stricter wins.
  package mutating func apply(_ states: [UserEntry]) {
    if states.isEmpty { return }
    var records = users.users
    for s in states {
      guard let i = users.user(id: s.id) else { continue }
      switch (s.state, records[i].status) {
      case (.paused, .active): records[i].status = .paused
      case (.removed, _): records[i].status = .removed
      default: break
      }
    }
    users = UserIndex(records, organizationDomains: config.organization.domains)
  }

  /// The configured formats.
  var formats: RecordFiles.Formats {
    var set = RecordFiles.Formats(rawValue: 0)
    for f in config.output.formats {
      switch f {
      case .jsonl: set.insert(.jsonl)
      case .csv: set.insert(.csv)
      case .json: set.insert(.json)
      }
    }
    return set
  }

  /// What pseudonyms are made with; nil unless `output.privacy` asks for them.
  var pseudonymSecret: Digest? { config.output.privacy == .pseudonymous ? secret : nil }

  /// A maker of pseudonyms for one thread, or nil.
  package func makePseudonyms() -> Pseudonyms? { pseudonymSecret.map { Pseudonyms(secret: $0) } }

  /// True when a leads list is configured.
  var hasLeadsList: Bool { !config.leads.source.isEmpty }

  /// The users, or those guessed when there is no list.
  package func users(with guessed: [[UInt8]]) -> UserIndex {
    if !users.users.isEmpty { return users }
    let made = guessed.map { key in
      var user = UserRecord()
      user.id = key.withByteView(\.string)
      user.email = user.id
      return user
    }
    return UserIndex(made, organizationDomains: config.organization.domains)
  }

  /// Refuses an output that lies inside an input, or an input inside the output: the next run
  /// would read its own output, or this one replace what it reads.
  func refuseOverlap(_ destination: String, _ sources: [ResolvedSource]) throws {
    let out = Paths.real(destination)
    for source in sources {
      let input = Paths.real(source.found.path.withByteView(\.string))
      let root = Paths.real(source.found.root.withByteView(\.string))
      for (a, b) in [(out, root), (input, out)] where a == b || a.hasPrefix(b + "/") {
        throw RunError(
          .configuration,
          "\(Plain.line(destination)): overlaps the source \(Plain.line(source.display)); choose another folder for the output"
        )
      }
    }
  }
}
