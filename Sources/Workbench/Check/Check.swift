import Bytes
import Import
import JSONText
import Mailboxes
import Rules

/// `winnow check`: configuration, lists and sources; every problem at once.
public enum Check {
  /// Prints every finding, one a line, to standard error, and a verdict to standard output; with
  /// `isJSON` one object with all of it to standard output instead.
  ///
  /// - Parameter options: `config`, the ledger and what is said count.
  /// - Returns: 78 with errors in configuration or lists, 65 with errors in sources only, 2 with
  ///   warnings when `failsOnWarnings`, else 0.
  public static func execute(
    _ options: ImportOptions, effective: Bool, asUser: String?, failsOnWarnings: Bool
  ) throws -> ExitStatus {
    let (isQuiet, isJSON) = (options.talk.isQuiet, options.talk.isJSON)
    var options = options
    options.config = options.config ?? "winnow.json"
    var setup = try RunSetup.read(options)
    let errors = setup.diagnostics.filter { $0.severity == .error }
    let warnings = setup.diagnostics.filter { $0.severity == .warning }
    for d in setup.diagnostics where !isJSON && (!isQuiet || d.severity == .error) {
      Console.error(d.text)
    }
    if !errors.isEmpty {
      if isJSON {
        Console.out(json(setup, [], []))
      } else if !isQuiet {
        Console.out(faults(errors.count, warnings.count))
      }
      return .configuration
    }
    if effective {
      let out = ByteBuffer()
      setup.config.writeEffective(to: out)
      Console.out(out.string)
      return .done
    }
    if let asUser { return try mayChange(asUser, setup) }
    try setup.apply(RunAssembly.userStates(options, setup))
    let found = try look(setup, options)
    let (sources, sourceFaults) = (found.sources, found.faults)
    if !isQuiet, !isJSON {
      for w in found.warnings { Console.error("winnow: \(Plain.line(w))") }
      for s in sources { Console.out(Plain.line(s), newline: true) }
    }
    if isJSON {
      Console.out(json(setup, sources, sourceFaults))
    } else {
      for fault in sourceFaults { Console.error("winnow: \(Plain.line(fault))") }
    }
    if !isQuiet, !isJSON {
      let lists = [
        Counted.of(setup.users.users.count, "user"), Counted.of(setup.leads.count, "lead"),
      ]
      Console.out(
        lists.joined(separator: ", ") + "; "
          + faults(errors.count + sourceFaults.count, warnings.count))
    }
    if !sourceFaults.isEmpty { return .badSource }
    return failsOnWarnings && !warnings.isEmpty ? .failOn : .done
  }

  // What the sources are, in a line each, and what is wrong with them.
  private static func look(
    _ setup: RunSetup, _ options: ImportOptions
  ) throws -> (sources: [String], warnings: [String], faults: [String]) {
    // A configuration without sources is for runs that name theirs.
    if setup.config.sources.isEmpty { return ([], [], []) }
    do {
      var looked = options
      looked.reads = .files
      let found = try RunSources(setup: setup, options: looked).resolve()
      return (lines(found, setup, options), found.warnings, [])
    } catch let error as RunError where error.status == .badSource {
      // What an import can do about it is no fault.
      let faults = error.details.filter { $0 != RunSources.hint }
      return ([], [], faults.isEmpty ? [error.message] : faults)
    }
  }

  private static func faults(_ errors: Int, _ warnings: Int) -> String {
    Counted.of(errors, "error") + ", " + Counted.of(warnings, "warning")
  }

  private static func json(_ setup: RunSetup, _ sources: [String], _ faults: [String]) -> String {
    let out = ByteBuffer()
    let w = JSONWriter(out)
    w.beginObject()
    w.key("findings")
    w.beginArray()
    for d in setup.diagnostics {
      w.beginObject()
      for (name, text) in [
        ("severity", d.severity.rawValue), ("file", d.file), ("key", d.keyPath),
        ("message", d.message),
      ] {
        w.key(text: name)
        w.string(text)
      }
      for (name, number) in [("line", d.line), ("column", d.column)] {
        w.key(text: name)
        w.number(orNull: number > 0 ? number : nil)
      }
      w.key("allowed")
      w.beginArray()
      for a in d.allowed { w.string(a) }
      w.endArray()
      w.key("suggestion")
      w.string(orNull: d.suggestion)
      w.endObject()
    }
    w.endArray()
    for (name, list) in [("sources", sources), ("sourceFaults", faults)] {
      w.key(text: name)
      w.beginArray()
      for s in list { w.string(s) }
      w.endArray()
    }
    w.key("users")
    w.number(setup.users.users.count)
    w.key("leads")
    w.number(setup.leads.count)
    w.endObject()
    return out.string
  }

  // One line a source; an owner of whom nothing is synced is shown with the reason.
  private static func lines(
    _ found: SourceResolver.Result, _ setup: RunSetup, _ options: ImportOptions
  ) -> [String] {
    let job = RunJob(options: options, setup: setup, sources: found, staging: nil)
    let meetings = job.makeMeetingPlan()
    let mail = job.makePlan(meetings: meetings).mail
    return found.sources.map { s in
      var owner = s.ownerName.isEmpty ? "unknown" : s.ownerName
      if let note = s.ownerNote { owner += " (\(note))" }
      let standing =
        s.role != nil
        ? meetings.user(s.user).standing
        : mail.users.indices.contains(s.user) ? mail.users[s.user].standing : nil
      if let standing { owner += ", \(standing.rawValue)" }
      if let role = s.role {
        return "\(s.display): \(s.found.kind.rawValue), owner \(owner), \(role.rawValue)"
      }
      let folder =
        s.fixedFolder?.word ?? (s.found.folder.name.isEmpty ? "auto" : s.found.folder.role.word)
      return "\(s.display): \(s.found.kind.rawValue), owner \(owner), folder \(folder)"
    }
  }

  // ES-5.2: whether a user may make the changes of their own overrides.
  private static func mayChange(_ id: String, _ setup: RunSetup) throws -> ExitStatus {
    guard let i = setup.users.user(id: id) else {
      throw RunError(
        .configuration, "--as \(Plain.line(id)): no user with this id is in the users list")
    }
    let user = setup.users.users[i]
    let policy = AccessPolicy(setup.config)
    let settings = policy.mayChangeSettings(user)
    Console.out("\(id): \(settings ? "may" : "may not") change the settings (access.settings)")
    Console.out("\(id): \(policy.mayUseInbox(user) ? "may" : "may not") sync mail (access.inbox)")
    Console.out(
      "\(id): \(policy.mayUseCalendar(user) ? "may" : "may not") sync a calendar (access.calendar)")
    let own =
      user.overrides.isEmpty ? "has no overrides" : "has overrides for their own mail or calendar"
    Console.out("\(id): \(own)")
    return settings || user.overrides.isEmpty ? .done : .failOn
  }
}
